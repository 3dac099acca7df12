"""Scores of the city and its districts under another definition, by the code that measures the index.

Only what a definition changes is measured again: tables are prepared once for the rules that reach them, and an
indicator whose definition, tables and weights stay as they were is looked up.
"""

import copy
import json
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from helpers.config import City, Method, Period
from helpers.config.indicator import Indicator
from helpers.index.scoring import USABLE
from helpers.measures.case import Case
from helpers.measures.derive import Prepared, prepare
from helpers.measures.engine import FORMS, _form
from helpers.measures.instances import Known
from helpers.measures.levels import units_of

BOUNDS = ("score", "lower")
"""What is kept of a value: its score, and its score with every missing cell at its worst."""

LEVELS = ("city", "territory")

_NEVER_MEASURED = {
    "version", "extends", "why", "periods", "aggregation", "dimensions", "bands", "context", "references",
    "assumptions", "standards", "evaluation", "examples", "history", "robustness", "indicators", "scales",
    "populations",
}  # fmt: skip
"""Keys of a method that no table is prepared by; scales, populations and indicators are looked at one by one."""
_NAMED_WHERE_READ = ("check_", "present_", "final_document_d")
"""How columns of instances begin that follow from the method and that only a definition which names them reads."""
_AFTER_PREPARING = {"instance_weight", "family_weight"}
_IN_TABLES_ONLY = {"deadlines", "verification"}


class Remeasuring:
    """The registry of a city in one period, ready to be measured by several methods.

    ``units`` are pairs (level, id): the city, then its districts.
    """

    def __init__(self, tables: Mapping[str, pd.DataFrame], method: Method, city: City, period: Period):
        self.raw, self.city, self.period = tables, city, period
        self._shared: Known = {}
        self._tables: dict[str, list[pd.DataFrame | pd.Series]] = {}
        self._prepared: dict[str, tuple[Prepared, dict[str, int]]] = {}
        self._cases: dict[str, Case] = {}
        self._known: dict[str, np.ndarray] = {}
        places = self._prepare(_without_intervals(method))[0].places
        self.units = [("city", city.id), *(("territory", name) for name in sorted(places.districts))]

    def cells(self, method: Method, indicators: Sequence[str]) -> np.ndarray:
        """Scores by form and bound: (forms x bounds, units, indicators), NaN where a value may not be used.

        The first axis holds pooled score, pooled lower, instance-mean score, instance-mean lower.
        """
        method = _without_intervals(method)
        return np.stack([self._one(method.indicators[name], method) for name in indicators], axis=-1)

    def scores(self, method: Method, indicators: Sequence[Indicator]) -> np.ndarray:
        """(units, indicators) in the form that the method scores each in, NaN where a value may not be used."""
        cells = self.cells(method, [one.id for one in indicators])
        return np.where([one.form == "pooled" for one in indicators], cells[0], cells[2])

    def _one(self, indicator: Indicator, method: Method) -> np.ndarray:
        """(forms x bounds, units) of an indicator."""
        prepared, versions = self._prepare(method)
        definition = _definition(indicator, method, versions)
        key = definition + _key(method, _NEVER_MEASURED | _IN_TABLES_ONLY)
        if key not in self._known:
            if definition not in self._cases:
                self._cases[definition] = Case(indicator, prepared._replace(method=method))
            case = copy.copy(self._cases[definition])
            case.prepared = case.prepared._replace(method=method)
            self._known[key] = self._values(case)
        return self._known[key]

    def _values(self, case: Case) -> np.ndarray:
        place = {unit: i for i, unit in enumerate(self.units)}
        found = np.full((len(FORMS), len(BOUNDS), len(self.units)), np.nan)
        for level in [level for level in LEVELS if level in case.indicator.levels]:
            units = units_of(level, case)
            for number, form in enumerate(FORMS):
                for record in _form(case, units, level, form, None).records:
                    if record["status"] in USABLE:
                        found[number, :, place[level, record["unit_id"]]] = record["score"], record["lower"]
        found[:, 1] = np.where(np.isnan(found[:, 1]), found[:, 0], found[:, 1])
        found[:, 1] = np.where(np.isnan(found[:, 0]), np.nan, found[:, 1])
        return found.reshape(-1, len(self.units))

    def _prepare(self, method: Method) -> tuple[Prepared, dict[str, int]]:
        """Prepared tables, and for each table which of its versions it is: equal tables share a number."""
        key = _key(method, _NEVER_MEASURED | _AFTER_PREPARING)
        if key not in self._prepared:
            prepared = prepare(self.raw, method, self.city, self.period, self._shared)
            named = [name for name in prepared.instances if name.startswith(_NAMED_WHERE_READ)]
            parts = {
                **prepared.tables,
                "instances": prepared.instances.drop(columns=named),
                **prepared.instances[named],
            }
            self._prepared[key] = prepared, {name: self._version(name, part) for name, part in parts.items()}
        return self._prepared[key]

    def _version(self, name: str, table: pd.DataFrame | pd.Series) -> int:
        versions = self._tables.setdefault(name, [])
        for number, known in enumerate(versions):
            if known is table or known.equals(table):
                return number
        versions.append(table)
        return len(versions) - 1


def _without_intervals(method: Method) -> Method:
    return method.model_copy(update={"thresholds": method.thresholds.model_copy(update={"draws": 0})})


def _key(method: Method, without: set[str]) -> str:
    return method.model_dump_json(exclude=without)


def _definition(indicator: Indicator, method: Method, versions: Mapping[str, int]) -> str:
    """All that the facts of an indicator rest on, as text."""
    rows = [one for _, part in indicator.legs for one in part.rows]
    points = [entry for one in rows for entry in (one.points, *(item.points for item in one.items.values()))]
    parts = {
        "indicator": indicator.model_dump(
            exclude={"labels", "help", "words", "gaming", "sources", "decided", "weight"}
        ),
        "scales": {name: method.scales[name] for name in points if isinstance(name, str)},
        "population": method.populations.get(indicator.population or ""),
        "tables": {name: versions.get(name) for name in {"instances", *(one.table for one in rows)}},
    }
    text = json.dumps(parts, sort_keys=True, default=str)
    read = {name: versions[name] for name in versions if name.startswith(_NAMED_WHERE_READ) and name in text}
    return text + json.dumps(read, sort_keys=True)
