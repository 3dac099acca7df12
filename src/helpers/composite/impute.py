"""Filling gaps, for the lab and other indices: the monitor's own method never imputes."""

from typing import NamedTuple

import numpy as np

from .em import em_normal
from .errors import CompositeError, as_values

METHODS = ("mean", "median", "row_mean", "row_median", "em")


class Imputed(NamedTuple):
    """Values with gaps filled where the method could, and the flags of the cells it filled."""

    values: np.ndarray
    flags: np.ndarray


class Carried(NamedTuple):
    """Values over periods with gaps filled, flags, and the position of the period each value is from (-1: gap)."""

    values: np.ndarray
    flags: np.ndarray
    source: np.ndarray


def impute(values, method="mean", groups=None, within=None, direction=1, names=None) -> Imputed:
    """Fill the gaps of (units, indicators); of (periods, units, indicators) period by period.

    mean, median: of the indicator, or of the unit's group where `groups` (a label per unit) is given; a group
    without any value stays a gap. row_mean, row_median: of the unit's other indicators `within` the same dimension
    (a label per indicator; None: all), on a common scale: indicators are brought to 0-1 by their minimum and
    maximum (`direction` turned), averaged, and brought back. em: conditional mean of a multivariate normal, within
    each label of `within`.
    """
    values = as_values(values, names)
    if method not in METHODS:
        raise CompositeError(f"no imputation is called {method!r}: use one of {', '.join(METHODS)}")
    if values.ndim > 2:
        parts = [impute(part, method, groups, within, direction, names).values for part in values]
        filled = np.stack(parts)
    elif method in ("mean", "median"):
        filled = _by_column(values, method, groups)
    elif method == "em":
        filled = _by_em(values, within, names)
    else:
        filled = _by_row(values, method, within, direction)
    return Imputed(filled, np.isnan(values) & ~np.isnan(filled))


def _centre(values: np.ndarray, method: str, axis: int) -> np.ndarray:
    """Mean or median over an axis (kept), NaN where there is no value."""
    present = ~np.isnan(values)
    n = present.sum(axis=axis, keepdims=True)
    if method.endswith("mean"):
        with np.errstate(invalid="ignore"):
            return np.where(present, values, 0.0).sum(axis=axis, keepdims=True) / n
    ordered = np.sort(values, axis=axis)  # NaN last
    low, high = np.maximum((n - 1) // 2, 0), n // 2
    high = np.minimum(high, values.shape[axis] - 1)
    pair = np.take_along_axis(ordered, low, axis) + np.take_along_axis(ordered, high, axis)
    return np.where(n == 0, np.nan, pair / 2)


def _labels(labels, size: int, what: str) -> list[np.ndarray]:
    labels = np.zeros(size) if labels is None else np.asarray(labels)
    if len(labels) != size:
        raise CompositeError(f"{len(labels)} labels for {size} {what}: give one for each")
    return [np.flatnonzero(labels == one) for one in dict.fromkeys(labels.tolist())]


def _by_column(values, method, groups) -> np.ndarray:
    filled = values.copy()
    for members in _labels(groups, len(values), "units"):
        part = values[members]
        filled[members] = np.where(np.isnan(part), _centre(part, method, axis=0), part)
    return filled


def _by_row(values, method, within, direction) -> np.ndarray:
    turned = values * np.broadcast_to(np.asarray(direction, dtype=float), values.shape[1:])
    low, high = np.fmin.reduce(turned, axis=0), np.fmax.reduce(turned, axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        scaled = np.where(high > low, (turned - low) / (high - low), np.where(np.isnan(turned), np.nan, 0.5))
    filled = values.copy()
    for chosen in _labels(within, values.shape[1], "indicators"):
        centre = _centre(scaled[:, chosen], method, axis=1)
        restored = (centre * (high - low)[chosen] + low[chosen]) * np.sign(np.ones(values.shape[1]) * direction)[chosen]
        filled[:, chosen] = np.where(np.isnan(values[:, chosen]), restored, values[:, chosen])
    return filled


def _by_em(values, within, names) -> np.ndarray:
    filled = values.copy()
    for chosen in _labels(within, values.shape[1], "indicators"):
        own = None if names is None else [names[c] for c in chosen]
        if np.isnan(values[:, chosen]).any():
            filled[:, chosen] = em_normal(values[:, chosen], names=own).values
    return filled


def carry_forward(values, times=None, limit: float | None = None) -> Carried:
    """Last observation carried forward along the periods, never backwards.

    values: (periods, ...), in the order of time. times: of the periods, increasing (default 0, 1, ...).
    limit: longest time from observation to filled period.
    """
    values, times = _panel(values, times)
    present = ~np.isnan(values)
    places = np.arange(len(values), dtype=np.int16).reshape(-1, *[1] * (values.ndim - 1))
    source = np.where(present, places, np.int16(-1))
    np.maximum.accumulate(source, axis=0, out=source)
    if limit is not None:
        age = times.reshape(places.shape) - times[source]
        source[age > limit] = -1
    filled = np.take_along_axis(values, np.maximum(source, 0).astype(np.intp), axis=0)
    filled[source < 0] = np.nan
    return Carried(filled, (source >= 0) & ~present, source)


def interpolate(values, times=None, limit: float | None = None) -> Imputed:
    """Linear in time between observations, flat before the first and after the last.

    limit: longest time from a filled period to its nearest observation. One observation gives a flat line.
    """
    values, times = _panel(values, times)
    present = ~np.isnan(values)
    shape = (-1, *[1] * (values.ndim - 1))
    places = np.arange(len(values)).reshape(shape)
    before = np.maximum.accumulate(np.where(present, places, -1), axis=0)
    after = np.minimum.accumulate(np.where(present, places, len(values))[::-1], axis=0)[::-1]
    first, last = np.where(before < 0, after, before), np.where(after >= len(values), before, after)
    empty = (before < 0) & (after >= len(values))
    first, last = np.where(empty, 0, first), np.where(empty, 0, last)
    now = times.reshape(shape)
    t0, t1 = times[first], times[last]
    y0, y1 = np.take_along_axis(values, first, axis=0), np.take_along_axis(values, last, axis=0)
    share = np.where(t1 > t0, (now - t0) / np.where(t1 > t0, t1 - t0, 1.0), 0.0)
    filled = np.where(present, values, y0 + share * (y1 - y0))
    if limit is not None:
        nearest = np.minimum(np.abs(now - t0), np.abs(t1 - now))
        filled = np.where(~present & (nearest > limit), np.nan, filled)
    return Imputed(filled, ~present & ~np.isnan(filled))


def _panel(values, times) -> tuple[np.ndarray, np.ndarray]:
    values = as_values(values)
    times = np.arange(len(values), dtype=float) if times is None else np.asarray(times, dtype=float)
    if times.shape != (len(values),) or not (np.diff(times) > 0).all():
        raise CompositeError(f"the times must be {len(values)} increasing numbers, one per period: sort the periods")
    return values, times
