"""Correlations between indicators or aggregates, pairwise complete, with p-values, counts and flags."""

from typing import NamedTuple

import numpy as np
from scipy import stats

from .errors import CompositeError, as_values
from .rank import rank

METHODS = ("pearson", "spearman", "kendall")


class Correlations(NamedTuple):
    """(columns of x, columns of y): coefficients, two-sided p-values and number of units with both values."""

    r: np.ndarray
    p: np.ndarray
    n: np.ndarray


def correlations(x, y=None, method: str = "pearson") -> Correlations:
    """Correlation of every column of x with every column of y (default x); (units, columns), NaN left out by pair.

    spearman ranks each pair over the units that both have; kendall is tau-b. p-values: t distribution with n - 2
    degrees of freedom (pearson, spearman), scipy's exact or normal one (kendall). NaN where a pair has fewer than
    two units in common or one of the two does not vary.
    """
    if method not in METHODS:
        raise CompositeError(f"no correlation is called {method!r}: use one of {', '.join(METHODS)}")
    x = as_values(x)
    y = x if y is None else as_values(y)
    if len(x) != len(y):
        raise CompositeError(f"the two tables have {len(x)} and {len(y)} units: give the same units in the same order")
    n = (~np.isnan(x)).astype(float).T @ (~np.isnan(y)).astype(float)
    if method == "kendall":
        return Correlations(*_kendall(x, y), n)
    if method == "pearson":
        r = _pearson(x, y)
    elif np.isnan(x).any() or np.isnan(y).any():
        r = _spearman_with_gaps(x, y)
    else:
        r = _pearson(rank(x, axis=0, ties="average"), rank(y, axis=0, ties="average"))
    return Correlations(r, _t_test(r, n), n)


def _centred(values: np.ndarray, present: np.ndarray) -> np.ndarray:
    """Columns about their mean and of unit spread, gaps 0: keeps the sums of products free of cancellation."""
    n = np.maximum(present.sum(axis=0), 1)
    centred = np.where(present, values, 0.0)
    centred = np.where(present, centred - centred.sum(axis=0) / n, 0.0)
    spread = np.sqrt((centred**2).sum(axis=0) / n)
    return centred / np.where(spread > 0, spread, 1.0)


def _pearson(x, y) -> np.ndarray:
    has_x, has_y = ~np.isnan(x), ~np.isnan(y)
    a, b = _centred(x, has_x), _centred(y, has_y)
    ones_x, ones_y = has_x.astype(float), has_y.astype(float)
    n = ones_x.T @ ones_y
    with np.errstate(invalid="ignore", divide="ignore"):
        mean_a, mean_b = a.T @ ones_y / n, ones_x.T @ b / n
        covariance = a.T @ b / n - mean_a * mean_b
        var_a = (a**2).T @ ones_y / n - mean_a**2
        var_b = ones_x.T @ b**2 / n - mean_b**2
        flat = (var_a < 1e-14) | (var_b < 1e-14) | (n < 2)
        r = covariance / np.sqrt(var_a * var_b)
    return np.where(flat, np.nan, np.clip(r, -1.0, 1.0))


def _spearman_with_gaps(x, y) -> np.ndarray:
    result = np.empty((x.shape[1], y.shape[1]))
    for j in range(y.shape[1]):
        shared = ~np.isnan(x) & ~np.isnan(y[:, [j]])
        own = rank(np.where(shared, x, np.nan), axis=0, ties="average")
        other = rank(np.where(shared, y[:, [j]], np.nan), axis=0, ties="average")
        result[:, j] = _paired(own, other)
    return result


def _paired(a, b) -> np.ndarray:
    """Correlation of column k of a with column k of b, gaps in the same places."""
    with np.errstate(invalid="ignore", divide="ignore"):
        n = (~np.isnan(a)).sum(axis=0)
        da, db = a - np.nansum(a, axis=0) / n, b - np.nansum(b, axis=0) / n
        spread = np.sqrt(np.nansum(da**2, axis=0) * np.nansum(db**2, axis=0))
        return np.where((n < 2) | (spread == 0), np.nan, np.nansum(da * db, axis=0) / spread)


def _kendall(x, y):
    r, p = np.full((2, x.shape[1], y.shape[1]), np.nan)
    for i, own in enumerate(x.T):
        for j, other in enumerate(y.T):
            shared = ~np.isnan(own) & ~np.isnan(other)
            if shared.sum() > 1:
                found = stats.kendalltau(own[shared], other[shared])
                r[i, j], p[i, j] = found.statistic, found.pvalue
    return r, p


def _t_test(r, n) -> np.ndarray:
    with np.errstate(invalid="ignore", divide="ignore"):
        t = np.abs(r) * np.sqrt((n - 2) / np.maximum(1 - r**2, 1e-300))
        return np.where(n > 2, 2 * stats.t.sf(t, np.maximum(n - 2, 1)), np.nan)


def correlation_flags(found: Correlations, high=0.9, weak=0.3, negative=-0.4, level=0.05) -> np.ndarray:
    """A word per pair: high (redundant), negative (discuss), weak, ok; unclear where p is above `level` or unknown.

    The limits are conventions, as in COINr; a pair of a column with itself reads high.
    """
    words = np.full(found.r.shape, "ok", dtype="<U8")
    words[found.r < weak] = "weak"
    words[~(found.p < level)] = "unclear"
    words[(found.r < negative) & (found.p < level)] = "negative"
    words[found.r > high] = "high"
    return words
