"""Outliers: winsorising by points and transformations, decided by skewness and kurtosis.

An indicator passes when |skewness| < 2 or excess kurtosis < 3.5 (customary JRC limits; both adjustable). One that
fails is winsorised point by point; if it still fails at the limit of points, the winsorisation is undone and a
transformation is applied to the original data (or to the winsorised data, with `combine`).
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from .errors import CompositeError, as_values
from .moments import moments
from .transform import TRANSFORMS

HIGH, LOW, TRANSFORMED = 1, 2, 4  # marks of a treated cell; they add up


class Treated(NamedTuple):
    """Treated values with what was done.

    marks: per cell 0, or the sum of 1 (winsorised from above), 2 (from below), 4 (transformed). The rest is per
    column, shape values.shape without units: points winsorised, whether transformed, skewness and excess kurtosis
    before and after, and whether the result passes.
    """

    values: np.ndarray
    marks: np.ndarray
    points: np.ndarray
    transformed: np.ndarray
    before: np.ndarray
    after: np.ndarray
    passed: np.ndarray


def skew_kurtosis_test(values, skewness=2.0, kurtosis=3.5) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(passes, skewness, excess kurtosis) of each column; values (units, columns).

    Too few values, or all equal, leave the measures undefined (NaN); the column then passes, as nothing can be said.
    """
    skew, kurt = moments(values)
    return ~((np.abs(skew) >= skewness) & (kurt >= kurtosis)), skew, kurt


def winsorise(values, winmax=5, skewness=2.0, kurtosis=3.5, force=False, names=None):
    """Winsorise failing columns step by step; values (units, columns). Returns (values, marks).

    Each step sets every cell at the maximum (skewness >= 0) or minimum (< 0) to the next value inwards, until the
    column passes or `winmax` cells are treated (None: no limit). A step treats tied extremes together, so the
    last one may exceed winmax. force: treat up to winmax cells whether the column passes or not.
    """
    values = as_values(values, names).copy()
    if winmax is not None and winmax < 0:
        raise CompositeError(f"winmax is {winmax}: the number of points to winsorise cannot be negative")
    limit = len(values) if winmax is None else winmax
    marks = np.zeros(values.shape, dtype=np.int8)
    open_columns = np.arange(values.shape[1])
    while open_columns.size:
        work = values[:, open_columns]
        passes, skew, _ = skew_kurtosis_test(work, skewness, kurtosis)
        treated = (marks[:, open_columns] > 0).sum(axis=0)
        spread = np.nanmax(work, axis=0, initial=-np.inf) > np.nanmin(work, axis=0, initial=np.inf)
        go = ~(passes & (not force)) & (treated < limit) & spread & ~np.isnan(skew)
        open_columns, work, skew = open_columns[go], work[:, go], skew[go]
        if open_columns.size:
            stepped, hit = _step(work, skew >= 0)
            values[:, open_columns] = stepped
            marks[:, open_columns] |= np.where(hit, np.where(skew >= 0, HIGH, LOW), 0).astype(np.int8)
    return values, marks


def _step(work: np.ndarray, from_above: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    sign = np.where(from_above, 1.0, -1.0)
    turned = work * sign
    extreme = np.fmax.reduce(turned, axis=0)
    hit = turned == extreme
    inner = np.fmax.reduce(np.where(hit, -np.inf, turned), axis=0)
    return np.where(hit, inner * sign, work), hit


def treat(
    values,
    winmax: int | None = 5,
    skewness: float = 2.0,
    kurtosis: float = 3.5,
    transform: str | Callable | None = "log_ct",
    combine: bool = False,
    pooled: bool = False,
    names=None,
) -> Treated:
    """Test, winsorise, test, transform, test: see the module's docstring.

    values: (units, indicators), or (periods, units, indicators), then period by period unless `pooled`, which
    treats all periods as one sample. winmax 0 skips winsorising; transform: a name in `TRANSFORMS`, a function of
    (units, columns), or None.
    """
    values = as_values(values, names)
    if values.ndim > 2 and pooled:
        flat = _treat_sample(
            values.reshape(-1, values.shape[-1]), winmax, skewness, kurtosis, transform, combine, names
        )
        return flat._replace(values=flat.values.reshape(values.shape), marks=flat.marks.reshape(values.shape))
    if values.ndim > 2:
        parts = [treat(part, winmax, skewness, kurtosis, transform, combine, names=names) for part in values]
        return Treated(*(np.stack(field) for field in zip(*parts, strict=True)))
    return _treat_sample(values, winmax, skewness, kurtosis, transform, combine, names)


def _treat_sample(values, winmax, skewness, kurtosis, transform, combine, names) -> Treated:
    passes, skew, kurt = skew_kurtosis_test(values, skewness, kurtosis)
    before = np.stack([skew, kurt])
    result, marks, after = values.copy(), np.zeros(values.shape, dtype=np.int8), before.copy()
    failing = np.flatnonzero(~passes)
    if failing.size:
        result[:, failing], marks[:, failing] = winsorise(values[:, failing], winmax, skewness, kurtosis)
        passes[failing], *measured = skew_kurtosis_test(result[:, failing], skewness, kurtosis)
        after[:, failing] = measured
    points = (marks > 0).sum(axis=0)
    second = np.flatnonzero(~passes) if transform is not None else np.array([], dtype=int)
    if second.size:
        source = result if combine else values
        local = [int(c) if names is None else names[c] for c in second]
        result[:, second] = _transform(source[:, second], transform, local)
        marks[:, second] |= np.where(np.isnan(values[:, second]), 0, TRANSFORMED).astype(np.int8)
        passes[second], *measured = skew_kurtosis_test(result[:, second], skewness, kurtosis)
        after[:, second] = measured
    transformed = np.isin(np.arange(values.shape[1]), second)
    return Treated(result, marks, points, transformed, before, after, passes)


def _transform(values, transform, names):
    if callable(transform):
        return transform(values)
    if transform not in TRANSFORMS:
        raise CompositeError(f"no transformation is called {transform!r}: use one of {', '.join(TRANSFORMS)}")
    return TRANSFORMS[transform](values, names=names)
