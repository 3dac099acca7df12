"""The measures as statistics of weighted rows, and their bounds over what is not known.

Every statistic takes the facts of one unit and one part, and weights (draws, rows): how often each row counts. The
counts themselves give the value, redrawn counts its interval. Results are in the unit of the measure: percent,
points or days.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from helpers.config.indicator import Rows
from helpers.measures.columns import Facts


class Setting(NamedTuple):
    """What a statistic needs besides its rows.

    rows: the definition; own: weight of each row in the form that is computed; size: number of categories; expected:
    (rows, categories) shares among those whom the row's instance admits; near: (rows, blocks), population (blocks,)
    and least (events that make a block served) for coverage.
    """

    rows: Rows
    size: int = 0
    own: np.ndarray | None = None
    expected: np.ndarray | None = None
    near: np.ndarray | None = None
    population: np.ndarray | None = None
    least: float = 1


Statistic = Callable[[np.ndarray, Facts, Setting], np.ndarray]


def mean_share(weights: np.ndarray, facts: Facts, setting: Setting) -> np.ndarray:
    """100 * sum(w x) / sum(w): shares, points and checklists."""
    own = setting.own
    with np.errstate(invalid="ignore", divide="ignore"):
        return 100 * (weights @ (own * facts["x"])) / (weights @ own)


def median(weights: np.ndarray, facts: Facts, setting: Setting) -> np.ndarray:
    """Weighted median; the mean of the two middle values where the weight splits evenly."""
    order = np.argsort(facts["x"], kind="stable")
    x = facts["x"][order]
    cumulated = np.cumsum(weights[:, order], axis=1)
    half = cumulated[:, -1:] / 2
    low = np.argmax(cumulated >= half - 1e-9, axis=1)
    high = np.argmax(cumulated > half + 1e-9, axis=1)
    return np.where(half[:, 0] > 0, (x[low] + x[high]) / 2, np.nan)


def shares_of(weights: np.ndarray, facts: Facts, size: int) -> np.ndarray:
    """Share of each category among those stated: (draws, categories)."""
    category = facts["category"]
    counts = weights @ (category[:, None] == np.arange(size)).astype(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        return counts / counts.sum(axis=1, keepdims=True)


def expected_of(weights: np.ndarray, facts: Facts, setting: Setting) -> np.ndarray:
    """Expected shares, each instance weighing as much as its stated persons: (draws, categories)."""
    stated = weights * (facts["category"] >= 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return stated @ setting.expected / stated.sum(axis=1, keepdims=True)


def overlap(weights: np.ndarray, facts: Facts, setting: Setting) -> np.ndarray:
    """100 (1 - half the sum of |p - q|), which is 100 times the sum of min(p, q)."""
    found, wanted = shares_of(weights, facts, setting.size), expected_of(weights, facts, setting)
    return 100 * np.minimum(found, wanted).sum(axis=1) + 0 * found.sum(axis=1)


def balance(weights: np.ndarray, facts: Facts, setting: Setting) -> np.ndarray:
    """100 min(p/q, (1-p)/(1-q)) for the first of two categories."""
    found, wanted = shares_of(weights, facts, setting.size), expected_of(weights, facts, setting)
    return balance_of(found[:, 0], wanted[:, 0])


def balance_of(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """The balance of a share p where q is expected, 0 to 100."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return 100 * np.minimum(p / q, (1 - p) / (1 - q))


def evenness(weights: np.ndarray, facts: Facts, setting: Setting) -> np.ndarray:
    """100 H / ln K with K fixed, H the Shannon entropy."""
    return evenness_of(shares_of(weights, facts, setting.size))


def evenness_of(shares: np.ndarray) -> np.ndarray:
    """Evenness of shares (draws, K), 0 to 100."""
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(shares > 0, shares * np.log(shares), np.where(np.isnan(shares), np.nan, 0.0))
    return -100 * terms.sum(axis=1) / np.log(shares.shape[1])


def distinct(weights: np.ndarray, facts: Facts, setting: Setting) -> np.ndarray:
    """100 times the categories met, of all there are."""
    counts = weights @ (facts["category"][:, None] == np.arange(setting.size)).astype(float)
    return np.where(weights.sum(axis=1) > 0, 100 * (counts > 0).mean(axis=1), np.nan)


def coverage(weights: np.ndarray, facts: Facts, setting: Setting) -> np.ndarray:
    """Percent of the population that lives near enough events."""
    enough = weights @ setting.near >= setting.least
    return 100 * (enough @ setting.population) / setting.population.sum()


def gap(weights: np.ndarray, facts: Facts, setting: Setting) -> np.ndarray:
    """Largest standard deviation between the groups of one trait, less its sampling part, in points."""
    found = [_between(weights, facts, f"group_{name}", setting.rows.min_group) for name in setting.rows.groups]
    return np.fmax.reduce(found)


def _between(weights: np.ndarray, facts: Facts, name: str, least: int) -> np.ndarray:
    codes = facts[name]
    one_hot = (codes[:, None] == np.arange(codes.max() + 1)).astype(float)
    x = 100 * facts["x"][:, None]
    n, total, squares = weights @ one_hot, weights @ (one_hot * x), weights @ (one_hot * x**2)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(n >= least, total / n, np.nan)
        sampling = np.where(n >= least, (squares / n - mean**2) / (n - 1), np.nan)
    groups = (~np.isnan(mean)).sum(axis=1)
    filled = np.where(np.isnan(mean), 0.0, mean)
    centre = filled.sum(axis=1, keepdims=True) / np.maximum(groups, 1)[:, None]
    between = np.where(np.isnan(mean), 0.0, (mean - centre) ** 2).sum(axis=1) / np.maximum(groups - 1, 1)
    noise = np.nansum(sampling, axis=1) / np.maximum(groups, 1)
    return np.where(groups >= 2, np.sqrt(np.maximum(between - noise, 0)), np.nan)


STATISTICS: dict[str, Statistic] = {
    "share": mean_share,
    "scale": mean_share,
    "checklist": mean_share,
    "median": median,
    "overlap": overlap,
    "balance": balance,
    "evenness": evenness,
    "distinct": distinct,
    "coverage": coverage,
    "gap": gap,
}
ADDITIVE = ("share", "scale", "checklist")
"""Measures whose instance means can be had by weighing the rows."""
OF_THE_WHOLE = ("distinct", "coverage", "gap")
"""Measures of a unit as a whole: a mean over its instances would say something else, so both forms are the same."""
COMPOSITION = ("overlap", "balance", "evenness")
"""Measures of persons by category."""
CATEGORIES = (*COMPOSITION, "distinct")
"""Measures whose rows are known by their category."""


def bounds(measure: str, facts: Facts, setting: Setting) -> tuple[float, float]:
    """Value at worst and at best over everything that is not known, in the unit of the measure."""
    if measure in COMPOSITION:
        return _composition_bounds(measure, facts, setting)
    if measure in ADDITIVE or measure == "median":
        return _at(measure, facts, setting, "lo"), _at(measure, facts, setting, "hi")
    if measure == "distinct":
        return _distinct_bounds(facts, setting)
    if measure == "coverage":
        return _coverage_bounds(facts, setting)
    return np.nan, np.nan


def _at(measure: str, facts: Facts, setting: Setting, end: str) -> float:
    possible = ~np.isnan(facts[end])
    rows = facts.take(possible)
    rows = Facts({**rows.columns, "x": rows[end]}, rows.instances)
    return _single(STATISTICS[measure], rows, setting._replace(own=setting.own[possible]))


def _single(statistic: Statistic, rows: Facts, setting: Setting) -> float:
    return float(statistic(rows["count"][None, :], rows, setting)[0]) if len(rows) else np.nan


def _distinct_bounds(facts: Facts, setting: Setting) -> tuple[float, float]:
    category = facts["category"]
    met, unknown = len(set(category[category >= 0])), int((category < 0).sum())
    return 100 * met / setting.size, 100 * min(met + unknown, setting.size) / setting.size


def _coverage_bounds(facts: Facts, setting: Setting) -> tuple[float, float]:
    low = _single(coverage, facts, setting)
    return (low, 100.0) if np.isnan(facts["x"]).any() else (low, low)


def _composition_bounds(measure: str, facts: Facts, setting: Setting) -> tuple[float, float]:
    """The unknown share put where it harms most, and where it helps most.

    The measures are concave in the shares, so that the worst case puts all of it into one category.
    """
    category, count = facts["category"], facts["count"]
    stated, unknown = count[category >= 0].sum(), count[category < 0].sum()
    if stated == 0:
        return (0.0, 100.0) if unknown else (np.nan, np.nan)
    u = unknown / (stated + unknown)
    shares = shares_of(count[None, :], facts, setting.size) * (1 - u)
    corners = shares + u * np.eye(setting.size)
    if measure == "evenness":
        return float(evenness_of(corners).min()), float(evenness_of(_levelled(shares, u))[0])
    expected = expected_of(count[None, :], facts, setting)
    if measure == "overlap":
        at_best = np.minimum(shares, expected).sum() + u
        return 100 * float(np.minimum(corners, expected).sum(axis=1).min()), 100 * float(min(at_best, 1.0))
    q, first = expected[0, 0], shares[0, 0]
    nearest = np.clip(q, first, first + u)
    ends = balance_of(np.array([first, first + u]), np.array([q, q]))
    return float(ends.min()), float(balance_of(nearest, q))


def _levelled(shares: np.ndarray, u: float) -> np.ndarray:
    """Shares after pouring u into the lowest of them."""
    p = np.sort(shares[0])
    for size in range(1, len(p) + 1):
        level = (p[:size].sum() + u) / size
        if size == len(p) or level <= p[size]:
            return np.concatenate([np.full(size, level), p[size:]])[None, :]
    return shares
