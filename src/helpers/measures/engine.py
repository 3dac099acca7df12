"""From registry and method to the values of a period, at the level of instances, districts and the city."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.config import Period
from helpers.config.indicator import Indicator
from helpers.config.method import Method
from helpers.measures.derive import CitySettings, Prepared, prepare
from helpers.measures.facts import facts_of
from helpers.measures.intervals import drawn_scores
from helpers.measures.levels import units_of
from helpers.measures.resample import percentile_interval
from helpers.measures.status import Standing, data_status, standing
from helpers.measures.trace import trace_of
from helpers.measures.value import Figures, Unit, figures_of

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
    there is no interval. Draws of different indicators are independent.
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
    records, traces, draws = [], [], []
    for indicator in method.indicators.values():
        facts = facts_of(indicator, prepared)
        for level in indicator.levels:
            found = _level(indicator, facts, level, prepared, rng)
            records += found.records
            draws += found.draws
            if facts is not None:
                traces.append(trace_of(indicator, facts, level, found.units))
    values = _framed(records, prepared)
    rows = pd.concat(traces, ignore_index=True) if traces else trace_of(None, None, "", {})
    return Measurement(values, rows, _stacked(draws, method.thresholds.draws))


class _Level(NamedTuple):
    records: list[dict]
    draws: list[np.ndarray | None]
    units: dict[str, np.ndarray]


def _level(
    indicator: Indicator, facts: pd.DataFrame | None, level: str, prepared: Prepared, rng: np.random.Generator
) -> _Level:
    """Values of all units of a level in the forms that make sense there."""
    empty = pd.DataFrame({"instance_id": pd.Series(dtype="str"), "units": pd.Series(dtype="str")})
    units = units_of(level, indicator, prepared, empty if facts is None else facts)
    records, draws = [], []
    for form in (indicator.form,) if level == "instance" else FORMS:
        drawn = {} if facts is None else drawn_scores(indicator, facts, units, level, form, prepared, rng)
        interval = _intervals(drawn, prepared.method.thresholds.confidence)
        for name, positions in units.items():
            rows = None if facts is None else facts.iloc[positions]
            records.append(_record(indicator, rows, form, prepared, Unit(level, name), interval.get(name)))
            draws.append(drawn.get(name) if form == indicator.form and level != "instance" else None)
    return _Level(records, draws, units)


def _intervals(drawn: dict[str, np.ndarray], confidence: float) -> dict[str, tuple[float, float]]:
    if not drawn:
        return {}
    low, high = percentile_interval(np.column_stack(list(drawn.values())), confidence)
    return {name: (low[place], high[place]) for place, name in enumerate(drawn)}


def _record(
    indicator: Indicator,
    facts: pd.DataFrame | None,
    form: str,
    prepared: Prepared,
    unit: Unit,
    interval: tuple[float, float] | None,
) -> dict:
    """One row of the values."""
    figures, stands = _figures(indicator, facts, form, prepared, unit)
    record = {
        "level": unit.level,
        "unit_id": unit.id,
        "indicator": indicator.id,
        "form": form,
        **figures._asdict(),
        "status": stands.status,
        "reason": stands.reason,
    }
    record["score"] = figures.score if stands.scored else np.nan
    low, high = interval or (np.nan, np.nan)
    names = ("ci_low", "ci_high") if indicator.interval == "sampling" else ("process_low", "process_high")
    return {**record, **dict(zip(names, (low, high), strict=True))}


_NOTHING = Figures(*[np.nan] * 6, 0.0, np.nan, np.nan, 0, np.nan)


def _figures(
    indicator: Indicator, facts: pd.DataFrame | None, form: str, prepared: Prepared, unit: Unit
) -> tuple[Figures, Standing]:
    shown = facts
    if facts is not None and facts["indicative"].any() if facts is not None else False:
        # Rows that can only indicate are left out where others can speak.
        shown = facts if facts["indicative"].all() else facts[~facts["indicative"].astype(bool)]
    if shown is None or shown.empty:
        return _NOTHING, standing(indicator, shown, _NOTHING, prepared, unit)
    figures = figures_of(indicator, shown, form, prepared, unit)
    return figures, standing(indicator, shown, figures, prepared, unit)


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
