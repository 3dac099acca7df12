"""One indicator in one unit: value, bounds, score, counts."""

from typing import NamedTuple

import numpy as np

from helpers.config.indicator import Goalposts, Indicator, Part
from helpers.measures.case import Case, Unit
from helpers.measures.columns import Facts
from helpers.measures.levels import row_weights
from helpers.measures.reference import random_draw_balance, random_draw_overlap
from helpers.measures.statistics import (
    ADDITIVE,
    CATEGORIES,
    COMPOSITION,
    OF_THE_WHOLE,
    STATISTICS,
    bounds,
    expected_of,
)


def score_of(value: np.ndarray | float, goalposts: Goalposts, direction: int = 1) -> np.ndarray:
    """Score from 0 to 100 between the goalposts; with direction -1 the lower post is the best value."""
    share = np.clip((np.asarray(value, dtype=float) - goalposts.lo) / (goalposts.hi - goalposts.lo), 0, 1)
    return 100 * (share if direction > 0 else 1 - share)


def part_value(part: Part, facts: Facts, form: str, case: Case, unit: Unit) -> float:
    """Value of a part in a unit, in percent, points or days; NaN where nothing is known."""
    rows = facts.known_to(part.measure in CATEGORIES)
    if not len(rows):
        return np.nan
    if form == "instance_mean" and part.measure not in (*ADDITIVE, *OF_THE_WHOLE):
        return _mean_of_instances(part, rows, case, unit)
    setting = case.setting(part, rows, unit)
    if setting is None:
        return np.nan
    own = row_weights(rows, form, case.prepared.method)
    return float(STATISTICS[part.measure](rows["count"][None, :], rows, setting._replace(own=own))[0])


def _mean_of_instances(part: Part, rows: Facts, case: Case, unit: Unit) -> float:
    """Mean over families of the mean over their instances."""
    by_family: dict[int, list[float]] = {}
    for code in np.unique(rows["instance"]):
        one = rows.take(rows["instance"] == code)
        by_family.setdefault(int(one["family"][0]), []).append(part_value(part, one, "pooled", case, unit))
    return float(np.mean([np.mean(values) for values in by_family.values()])) if by_family else np.nan


def part_bounds(part: Part, facts: Facts, form: str, case: Case, unit: Unit) -> tuple[float, float]:
    """Value at worst and at best over what is not known."""
    setting = case.setting(part, facts, unit) if len(facts) else None
    if setting is None:
        return np.nan, np.nan
    own = row_weights(facts, form, case.prepared.method)
    return bounds(part.measure, facts, setting._replace(own=own))


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


def figures_of(facts: Facts, form: str, case: Case, unit: Unit) -> Figures:
    """Everything that can be counted of an indicator in a unit without drawing."""
    indicator = case.indicator
    value, ends = _value_and_ends(facts, form, case, unit)
    score = float(score_of(value, indicator.goalposts, indicator.direction))
    span = score_of(np.array(ends), indicator.goalposts, indicator.direction)
    composed = indicator.main.measure in CATEGORIES
    first = facts.take(facts["part"] == 0) if indicator.parts else facts
    known = first.known_to(composed)
    denominator = float((known["count"] * known["weight"]).sum())
    n = count_of(indicator, known)
    return Figures(
        value=value,
        score=score,
        # What is published lies inside its own bounds even where the rows left out differ from those kept.
        lower=float(np.fmin(span.min(), score)),
        upper=float(np.fmax(span.max(), score)),
        numerator=_numerator(indicator, known, value, denominator),
        denominator=denominator,
        n=n,
        coverage=coverage_of(facts, known, case, unit),
        stated=float(known["count"].sum() / first["count"].sum()) if first["count"].sum() else np.nan,
        instances=len(np.unique(known["instance"])),
        reference=_reference(known, case, unit, n),
    )


def _value_and_ends(facts: Facts, form: str, case: Case, unit: Unit) -> tuple[float, tuple[float, float]]:
    """Value and its ends; a mean of parts needs all of them, since leaving one blank must not pay."""
    indicator = case.indicator
    if not indicator.parts:
        part = indicator.main
        return part_value(part, facts, form, case, unit), part_bounds(part, facts, form, case, unit)
    scores, low, high = [], [], []
    for place, (_, part) in enumerate(indicator.legs):
        rows = facts.take(facts["part"] == place)
        score = float(score_of(part_value(part, rows, form, case, unit), part.goalposts))
        ends = score_of(np.array(part_bounds(part, rows, form, case, unit)), part.goalposts)
        scores.append(score)
        low.append(np.fmin(ends[0], score))
        high.append(np.fmax(ends[1], score))
    return float(np.mean(scores)), (float(np.mean(low)), float(np.mean(high)))


def _numerator(indicator: Indicator, known: Facts, value: float, denominator: float) -> float:
    measure = indicator.main.measure
    if measure in ADDITIVE:
        return float((known["count"] * known["weight"] * known["x"]).sum())
    return value / 100 * denominator if measure in COMPOSITION else np.nan


def count_of(indicator: Indicator, known: Facts) -> float:
    """n in the units that the indicator counts."""
    if indicator.units == "instances":
        return float(len(np.unique(known["instance"])))
    return float(known["count"].sum() if indicator.units == "persons" else len(known))


def coverage_of(facts: Facts, known: Facts, case: Case, unit: Unit) -> float:
    """Share of what was asked that is known; for counts of persons, share of the instances that have them."""
    if case.indicator.main.measure not in COMPOSITION:
        asked = facts["asked"].sum()
        return float(facts["known"].sum() / asked) if asked else np.nan
    eligible = case.instances_of(unit)
    with_data = set(facts.instances[np.unique(known["instance"])])
    return float(np.mean([name in with_data for name in eligible])) if len(eligible) else np.nan


def _reference(known: Facts, case: Case, unit: Unit, n: float) -> float:
    """Score of a random draw of the same size (C.6), for the measures that grow with n."""
    part = case.indicator.main
    if part.measure not in ("overlap", "balance") or not len(known):
        return np.nan
    setting = case.setting(part, known, unit)
    if setting is None:
        return np.nan
    expected = expected_of(known["count"][None, :], known, setting)[0]
    drawn = random_draw_overlap if part.measure == "overlap" else random_draw_balance
    return 100 * drawn(expected, n)
