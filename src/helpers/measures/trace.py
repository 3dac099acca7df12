"""Which rows of the registry a value was counted from."""

import numpy as np
import pandas as pd

from helpers.measures.case import Case
from helpers.measures.statistics import CATEGORIES
from helpers.registry.privacy import RESTRICTED

COLUMNS = ["indicator", "level", "unit_id", "table", "row_id", "role"]


def trace_of(case: Case, level: str, units: dict[str, np.ndarray]) -> pd.DataFrame:
    """Rows counted in every unit of a level, each once.

    role: `numerator` counts in numerator and denominator, `denominator` in the denominator alone, `unknown` is due
    but not known and counts in the bounds only.
    """
    filled = {name: rows for name, rows in units.items() if len(rows)}
    if case.facts is None or not filled:
        return no_trace()
    facts = case.facts
    row_id = facts["row_id"].copy()
    # Rows that are persons: the trace names the instance, never the row.
    restricted = np.isin(facts["table"].astype(str), RESTRICTED)
    row_id[restricted] = np.append(facts.instances, "")[facts["instance"][restricted]]
    rows = np.concatenate(list(filled.values()))
    columns = {
        "indicator": case.indicator.id,
        "level": level,
        "unit_id": np.repeat(list(filled), [len(one) for one in filled.values()]),
        "table": facts["table"][rows],
        "row_id": row_id[rows],
        "role": _roles(case)[rows],
    }
    return pd.DataFrame(columns).astype("str").drop_duplicates(ignore_index=True)


def no_trace() -> pd.DataFrame:
    """A trace without rows."""
    return pd.DataFrame(columns=COLUMNS, dtype="str")


def _roles(case: Case) -> np.ndarray:
    facts, known = case.facts, np.zeros(len(case.facts), dtype=bool)
    for place, (_, part) in enumerate(case.indicator.legs):
        there = facts["category"] >= 0 if part.measure in CATEGORIES else ~np.isnan(facts["x"])
        known |= (facts["part"] == place) & there
    return np.where(~known, "unknown", np.where(facts["done"], "numerator", "denominator"))
