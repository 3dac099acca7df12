"""From scores to what is told: tables of ranks, strengths and weaknesses, comparisons, growth and trend."""

from typing import NamedTuple

import numpy as np

from .errors import CompositeError, as_values
from .rank import rank, rank_within
from .structure import Structure


class Standing(NamedTuple):
    """Positions of a unit's best and worst indicators, and its rank on each indicator."""

    strengths: np.ndarray
    weaknesses: np.ndarray
    ranks: np.ndarray


class Comparison(NamedTuple):
    """Two versions side by side: first, second, first - second, and its size."""

    first: np.ndarray
    second: np.ndarray
    difference: np.ndarray
    size: np.ndarray


class Growth(NamedTuple):
    """Per cell: the rate, and the times of the first and last observation used (NaN where fewer than two)."""

    rate: np.ndarray
    first: np.ndarray
    last: np.ndarray


def result_order(structure: Structure) -> list[str]:
    """Codes from the top down, level by level, as a table of results shows them."""
    levels = structure.levels
    return sorted(structure.nodes, key=lambda code: -levels[code]) + list(structure.indicators)


def results_table(full, structure: Structure, units, groups=None, as_ranks=False, top=None) -> list[dict]:
    """Rows {unit, group?, rank?, code: value, ...} in the order of the top score, best first.

    full: (units, codes), columns as `structure.codes`, indicators as normalised scores. as_ranks: ranks instead of
    scores, inside `groups` if these are given (a label per unit).
    """
    full = as_values(full, structure.codes)
    lead = structure.column(top or structure.roots[0])
    ranks = rank(full, axis=0) if groups is None else rank_within(full, groups)
    shown = ranks if as_ranks else full
    names = [] if groups is None else list(dict.fromkeys(sorted(map(str, groups))))
    block = np.zeros(len(full)) if groups is None else np.array([names.index(str(g)) for g in groups])
    order = np.lexsort((np.arange(len(full)), np.nan_to_num(-full[:, lead], nan=np.inf), block))
    rows = []
    for u in order:
        row = {"unit": units[u], **({} if groups is None else {"group": groups[u]})}
        if not as_ranks:
            row["rank"] = ranks[u, lead]
        rows.append(row | {code: shown[u, structure.column(code)] for code in result_order(structure)})
    return rows


def strengths_weaknesses(
    values, unit: int, count=5, direction=1, groups=None, min_unique=0.0, discard_worst=False
) -> Standing:
    """The indicators on which a unit stands best and worst, by its rank on each.

    values: (units, indicators). groups: rank among the units of its own group. min_unique: leave out indicators
    whose share of different values is not above this. An indicator on which the unit has the lowest rank that any
    unit has (in its group) is never a strength, and with `discard_worst`, as in COINr, no weakness either: it often
    is a tie of many zeros. Equal ranks keep the order of the columns.
    """
    values = as_values(values) * np.asarray(direction, dtype=float)
    ranks = rank_within(values, np.zeros(len(values)) if groups is None else groups)
    own, lowest = ranks[unit], np.fmax.reduce(ranks, axis=0)
    different = np.array([len(np.unique(column[~np.isnan(column)])) for column in values.T]) / len(values)
    usable = ~np.isnan(own) & (different > min_unique)
    not_last = usable & (own != lowest)
    order = np.argsort(own, kind="stable")
    strong, weak = order[not_last[order]], order[(not_last if discard_worst else usable)[order]]
    return Standing(strong[:count], weak[-count:], own)


def compare(first, second, as_ranks: bool = False) -> Comparison:
    """Two versions of a score (units,), as scores or as ranks."""
    first, second = as_values(first), as_values(second)
    if as_ranks:
        first, second = rank(first, axis=0), rank(second, axis=0)
    difference = first - second
    return Comparison(first, second, difference, np.abs(difference))


def growth(values, times, since=None, until=None) -> Growth:
    """Compound growth per unit of time between first and last observation: (last / first)^(1 / span) - 1.

    values: (periods, ...); times: of the periods, in any order. since, until: use only observations whose time lies
    between them (by time, not by position of the row). Without change of value it is 0; from zero it is infinite
    with the sign of the last value; across a change of sign it does not exist (NaN).
    """
    values, times = _in_time(values, times, since, until)
    first, last, start, end = _ends(values, times)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = last / first
        rate = np.where(ratio >= 0, np.abs(ratio) ** (1 / (end - start)) - 1, np.nan)
    rate = np.where((first == 0) & (last != 0), np.copysign(np.inf, last), rate)
    rate = np.where((first == last) & (end > start), 0.0, rate)
    return Growth(np.where(end > start, rate, np.nan), start, end)


def trend(values, times, since=None, until=None) -> Growth:
    """Percentage change per unit of time by least squares: 100 * slope / fitted value at the first observation.

    values: (periods, ...), two observations give the line through them. NaN where the fitted start is zero.
    """
    values, times = _in_time(values, times, since, until)
    _, _, start, end = _ends(values, times)
    shape = (-1, *[1] * (values.ndim - 1))
    present = ~np.isnan(values)
    with np.errstate(divide="ignore", invalid="ignore"):
        n = present.sum(axis=0)
        t = np.where(present, times.reshape(shape), 0.0)
        mean_t = t.sum(axis=0) / n
        mean_y = np.where(present, values, 0.0).sum(axis=0) / n
        dt = np.where(present, times.reshape(shape) - mean_t, 0.0)
        dy = np.where(present, values - mean_y, 0.0)
        slope = (dt * dy).sum(axis=0) / (dt**2).sum(axis=0)
        fitted = mean_y + slope * (start - mean_t)
        rate = np.where(slope == 0, 0.0, 100 * slope / fitted)
    return Growth(np.where((end > start) & np.isfinite(rate), rate, np.nan), start, end)


def _in_time(values, times, since, until) -> tuple[np.ndarray, np.ndarray]:
    values, times = as_values(values), np.asarray(times, dtype=float)
    if times.shape != (len(values),) or len(np.unique(times)) != len(times):
        raise CompositeError(f"growth needs {len(values)} different times, one per period")
    chosen = np.argsort(times)
    chosen = chosen[(times[chosen] >= (-np.inf if since is None else since))]
    chosen = chosen[(times[chosen] <= (np.inf if until is None else until))]
    if not chosen.size:
        raise CompositeError(f"no period lies between {since} and {until}: widen the span")
    return values[chosen], times[chosen]


def _ends(values, times):
    """First and last observation of each cell and their times."""
    present = ~np.isnan(values)
    first, last = present.argmax(axis=0), len(values) - 1 - present[::-1].argmax(axis=0)
    any_ = present.any(axis=0)
    take = [np.take_along_axis(values, at[None], axis=0)[0] for at in (first, last)]
    return (*take, np.where(any_, times[first], np.nan), np.where(any_, times[last], np.nan))
