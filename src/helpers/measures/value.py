"""One indicator in one unit: value, bounds, score, counts, and what may be said of it."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.config.indicator import Goalposts, Indicator, Part
from helpers.config.period import MONTHS
from helpers.measures.derive import Prepared
from helpers.measures.facts import eligible_instances
from helpers.measures.geography import near_blocks
from helpers.measures.levels import row_weights
from helpers.measures.reference import (
    expected_shares,
    number_of_categories,
    random_draw_balance,
    random_draw_overlap,
)
from helpers.measures.statistics import (
    ADDITIVE,
    COMPOSITION,
    STATISTICS,
    Setting,
    bounds,
    expected_of,
)


class Unit(NamedTuple):
    """A unit of a level."""

    level: str
    id: str


def score_of(value: np.ndarray | float, goalposts: Goalposts, direction: int = 1) -> np.ndarray | float:
    """Score from 0 to 100 between the goalposts; with direction -1 the lower post is the best value."""
    share = np.clip((np.asarray(value, dtype=float) - goalposts.lo) / (goalposts.hi - goalposts.lo), 0, 1)
    return 100 * (share if direction > 0 else 1 - share)


def setting_of(part: Part, facts: pd.DataFrame, prepared: Prepared, unit: Unit) -> Setting | None:
    """What the statistic of a part needs in a unit; None where the reference population is not known."""
    rows = part.rows[0]
    if part.measure in COMPOSITION or part.measure == "distinct":
        size = number_of_categories(rows, prepared)
        if part.measure not in ("overlap", "balance"):
            return Setting(rows, size)
        expected = _expected(part, facts, prepared, unit)
        return None if expected is None else Setting(rows, size, expected)
    if part.measure == "coverage":
        near, population = near_blocks(facts, rows, prepared, unit)
        if population is None:
            return None
        least = np.ceil(rows.min_events * MONTHS[prepared.period.kind] / MONTHS["year"])
        return Setting(rows, near=near, population=population, least=least)
    return Setting(rows)


def _expected(part: Part, facts: pd.DataFrame, prepared: Prepared, unit: Unit) -> np.ndarray | None:
    instance, names = pd.factorize(facts["instance_id"])
    place = unit.id if unit.level == "territory" else prepared.places.city
    if unit.level == "instance" and len(facts):
        own = facts["units"].iloc[0].split(";")
        place = own[0] if len(own) == 1 and own[0] else place
    shares = expected_shares(part.rows[0], prepared, place, list(names))
    return None if shares is None else shares[instance]


def known_rows(measure: str, facts: pd.DataFrame) -> pd.DataFrame:
    """Rows that the value is made of."""
    if measure in COMPOSITION or measure == "distinct":
        return facts[facts["category"] >= 0]
    return facts[facts["x"].notna()]


def part_value(part: Part, facts: pd.DataFrame, form: str, prepared: Prepared, unit: Unit) -> float:
    """Value of a part in a unit, in percent, points or days; NaN where nothing is known."""
    rows = known_rows(part.measure, facts)
    if rows.empty:
        return np.nan
    if form == "instance_mean" and part.measure not in ADDITIVE:
        return _mean_of_instances(part, rows, prepared, unit)
    setting = setting_of(part, rows, prepared, unit)
    if setting is None:
        return np.nan
    rows = rows.assign(own=row_weights(rows, form, prepared))
    return float(STATISTICS[part.measure](rows["count"].to_numpy()[None, :], rows, setting)[0])


def _mean_of_instances(part: Part, rows: pd.DataFrame, prepared: Prepared, unit: Unit) -> float:
    """Mean over families of the mean over their instances."""
    values = {
        (family, instance): part_value(part, group, "pooled", prepared, unit)
        for (family, instance), group in rows.groupby(["family", "instance_id"], sort=True)
    }
    by_family = pd.Series(values, dtype=float).groupby(level=0).mean()
    return float(by_family.mean()) if len(by_family) else np.nan


def part_bounds(part: Part, facts: pd.DataFrame, form: str, prepared: Prepared, unit: Unit) -> tuple[float, float]:
    """Value at worst and at best over what is not known."""
    if facts.empty:
        return np.nan, np.nan
    setting = setting_of(part, facts, prepared, unit)
    if setting is None:
        return np.nan, np.nan
    return bounds(part.measure, facts.assign(own_all=_weights_of_all(facts, form, prepared)), setting)


def _weights_of_all(facts: pd.DataFrame, form: str, prepared: Prepared) -> np.ndarray:
    return row_weights(facts, form, prepared)


class Figures(NamedTuple):
    """Numbers of an indicator in a unit; value in its unit, the others as scores or counts."""

    value: float
    score: float
    lower: float
    upper: float
    numerator: float
    denominator: float
    n: float
    coverage: float
    stated: float
    instances: int
    reference: float


def figures_of(indicator: Indicator, facts: pd.DataFrame, form: str, prepared: Prepared, unit: Unit) -> Figures:
    """Everything that can be counted of an indicator in a unit without drawing."""
    if not indicator.parts:
        part = indicator.legs[0][1]
        ends = part_bounds(part, facts, form, prepared, unit)
        return _single(indicator, part_value(part, facts, form, prepared, unit), ends, facts, prepared, unit)
    scores, low, high = [], [], []
    for name, part in indicator.legs:
        rows = facts[facts["part"] == name]
        value = part_value(part, rows, form, prepared, unit)
        scores.append(float(score_of(value, part.goalposts)))
        ends = score_of(np.array(part_bounds(part, rows, form, prepared, unit)), part.goalposts)
        low.append(ends[0] if not np.isnan(ends[0]) else scores[-1])
        high.append(ends[1] if not np.isnan(ends[1]) else scores[-1])
    return _single(indicator, _mean(scores), (_mean(low), _mean(high)), facts, prepared, unit)


def _mean(values: list[float]) -> float:
    known = [value for value in values if not np.isnan(value)]
    return float(np.mean(known)) if known else np.nan


def _single(
    indicator: Indicator, value: float, ends: tuple, facts: pd.DataFrame, prepared: Prepared, unit: Unit
) -> Figures:
    score = float(score_of(value, indicator.goalposts, indicator.direction))
    span = score_of(np.array(ends), indicator.goalposts, indicator.direction)
    # What is published lies inside its own bounds even where the rows left out differ from those kept.
    lower, upper = np.fmin(span.min(), score), np.fmax(span.max(), score)
    first = facts[facts["part"] == indicator.legs[0][0]]
    known = known_rows(indicator.legs[0][1].measure, first)
    n = count_of(indicator, known)
    denominator = float((known["count"] * known["weight"]).sum())
    stated = known["count"].sum() / first["count"].sum() if len(first) and first["count"].sum() else np.nan
    return Figures(
        value=value,
        score=score,
        lower=float(lower),
        upper=float(upper),
        numerator=_numerator(indicator, known, value, denominator),
        denominator=denominator,
        n=n,
        coverage=coverage_of(indicator, facts, known, prepared, unit),
        stated=float(stated),
        instances=int(known["instance_id"].nunique()),
        reference=_reference(indicator, known, prepared, unit, n),
    )


def _numerator(indicator: Indicator, known: pd.DataFrame, value: float, denominator: float) -> float:
    measure = indicator.legs[0][1].measure
    if measure in ADDITIVE:
        return float((known["count"] * known["weight"] * known["x"]).sum())
    return value / 100 * denominator if measure in COMPOSITION else np.nan


def count_of(indicator: Indicator, known: pd.DataFrame) -> float:
    """n in the units that the indicator counts."""
    if indicator.units == "instances":
        return float(known["instance_id"].nunique())
    return float(known["count"].sum() if indicator.units == "persons" else len(known))


def coverage_of(
    indicator: Indicator, facts: pd.DataFrame, known: pd.DataFrame, prepared: Prepared, unit: Unit
) -> float:
    """Share of what was asked that is known; for counts of persons, share of the instances that have them."""
    if indicator.legs[0][1].measure not in COMPOSITION:
        asked = facts["asked"].sum()
        return float(facts["known"].sum() / asked) if asked else np.nan
    eligible = eligible_instances(indicator, prepared)
    if unit.level == "territory":
        eligible = eligible[(";" + eligible["units"] + ";").str.contains(f";{unit.id};", regex=False)]
    if unit.level == "instance":
        eligible = eligible[eligible["instance_id"] == unit.id]
    return float(eligible["instance_id"].isin(known["instance_id"]).mean()) if len(eligible) else np.nan


def _reference(indicator: Indicator, known: pd.DataFrame, prepared: Prepared, unit: Unit, n: float) -> float:
    """Score of a random draw of the same size (C.6), for the measures that grow with n."""
    part = indicator.legs[0][1]
    if part.measure not in ("overlap", "balance") or known.empty:
        return np.nan
    setting = setting_of(part, known, prepared, unit)
    if setting is None:
        return np.nan
    expected = expected_of(known["count"].to_numpy()[None, :], known, setting)[0]
    drawn = random_draw_overlap if part.measure == "overlap" else random_draw_balance
    return 100 * drawn(expected, n)
