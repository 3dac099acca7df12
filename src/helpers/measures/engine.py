"""From registry and method to the values of a period, at the level of instances, districts and the city."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.config import Period
from helpers.config.method import Method
from helpers.measures.case import Case, Unit
from helpers.measures.derive import CitySettings, Prepared, prepare
from helpers.measures.intervals import drawn_scores
from helpers.measures.levels import units_of
from helpers.measures.resample import percentile_interval
from helpers.measures.respondents import Respondents
from helpers.measures.status import data_status, standing
from helpers.measures.trace import no_trace, trace_of
from helpers.measures.value import Figures, figures_of

FORMS = ("pooled", "instance_mean")
COLUMNS = [
    "city", "period", "method_version", "level", "unit_id", "indicator", "form", "value", "score", "numerator",
    "denominator", "n", "instances", "coverage", "lower", "upper", "ci_low", "ci_high", "process_low",
    "process_high", "reference", "status", "reason", "data_status",
]  # fmt: skip


class Measurement(NamedTuple):
    """What was measured in a period.

    values: one row per level, unit, indicator and form (COLUMNS; true counts, before any suppression);
    rows: the rows counted, with their role (numerator, denominator, unknown);
    draws: (rows of `values`, draws) scores of redrawn rows for the scored form at city and district level, NaN where
    there is no interval. A draw of one survey item redraws the same respondents as that of another; draws of other
    indicators are independent.
    """

    values: pd.DataFrame
    rows: pd.DataFrame
    draws: np.ndarray


def measure(
    registry: Mapping[str, pd.DataFrame],
    method: Method,
    period: Period,
    city: CitySettings,
    rng: np.random.Generator,
) -> Measurement:
    """All indicators of the method, also the disabled ones, for a period of a city.

    registry: clean tables by name; a missing or empty one makes its indicators not collected, never 0.
    """
    prepared = prepare(registry, method, city, period)
    respondents = Respondents(prepared, rng)
    records, traces, draws = [], [no_trace()], []
    for indicator in method.indicators.values():
        case = Case(indicator, prepared)
        for level in indicator.levels:
            units = units_of(level, case)
            for form in (indicator.form,) if level == "instance" else FORMS:
                found = _form(case, units, level, form, respondents)
                records += found.records
                draws += found.draws
            traces.append(trace_of(case, level, units))
    return Measurement(
        _framed(records, prepared), pd.concat(traces, ignore_index=True), _stacked(draws, method.thresholds.draws)
    )


class _Form(NamedTuple):
    records: list[dict]
    draws: list[np.ndarray | None]


def _form(case: Case, units: dict[str, np.ndarray], level: str, form: str, respondents: Respondents) -> _Form:
    """Values of all units of a level in one form; only the scored form has an interval."""
    to_draw = case.facts is not None and form == case.indicator.form
    drawn = drawn_scores(case, units, level, respondents) if to_draw else {}
    interval = _intervals(drawn, case.prepared.method.thresholds.confidence)
    records = [_record(case, rows, form, Unit(level, name), interval.get(name)) for name, rows in units.items()]
    return _Form(records, [drawn.get(name) if level != "instance" else None for name in units])


def _intervals(drawn: dict[str, np.ndarray], confidence: float) -> dict[str, tuple[float, float]]:
    if not drawn:
        return {}
    low, high = percentile_interval(np.column_stack(list(drawn.values())), confidence)
    return {name: (low[place], high[place]) for place, name in enumerate(drawn)}


def _record(case: Case, rows: np.ndarray, form: str, unit: Unit, interval: tuple[float, float] | None) -> dict:
    """One row of the values."""
    facts = None if case.facts is None else case.facts.take(rows).that_can_speak()
    figures = figures_of(facts, form, case, unit) if facts is not None and len(facts) else _NOTHING
    stands = standing(facts, figures, case, unit)
    names = ("ci_low", "ci_high") if case.indicator.interval == "sampling" else ("process_low", "process_high")
    return {
        "level": unit.level,
        "unit_id": unit.id,
        "indicator": case.indicator.id,
        "form": form,
        **figures._asdict(),
        "score": figures.score if stands.scored else np.nan,
        "status": stands.status,
        "reason": stands.reason,
        **dict(zip(names, interval or (np.nan, np.nan), strict=True)),
    }


_NOTHING = Figures(*[np.nan] * 6, 0.0, np.nan, np.nan, 0, np.nan)


def _framed(records: list[dict], prepared: Prepared) -> pd.DataFrame:
    frame = pd.DataFrame(records).assign(
        city=prepared.city.id,
        period=str(prepared.period),
        method_version=prepared.method.version,
        data_status=data_status(prepared),
    )
    return frame.reindex(columns=COLUMNS)


def _stacked(draws: list[np.ndarray | None], number: int) -> np.ndarray:
    stacked = np.full((len(draws), number), np.nan, dtype=np.float32)
    for row, drawn in enumerate(draws):
        if drawn is not None:
            stacked[row] = drawn
    return stacked
