"""Bringing indicators to one scale (OECD/JRC Handbook, step 5).

`goalposts` is the monitor's own way: it does not depend on the data. The methods of `normalise` rescale by the
data and serve the lab and other indices. Direction -1 multiplies an indicator by -1 before, and negates its target
and posts, so that more is better afterwards.
"""

import numpy as np

from .errors import CompositeError, as_values, first_position, label
from .rank import rank


def goalposts(values, lo, hi, direction=1, names=None) -> np.ndarray:
    """Score 0 to 100 between two fixed posts: 100 * clip((x - lo) / (hi - lo), 0, 1).

    values: (..., indicators), NaN kept. lo, hi: scalars, one per indicator, or with leading axes that
    broadcast with values. direction: 1 or -1 (or one per indicator); -1 mirrors the score, so that lo is the
    best value. Errors: equal or infinite posts, an infinite value, a direction other than 1 and -1, and swapped
    posts together with direction -1, which would reverse twice.
    """
    values = as_values(values, names)
    lo, hi, direction = np.broadcast_arrays(*(np.asarray(a, dtype=float) for a in (lo, hi, direction)))
    check_posts(lo, hi, names)
    check_direction(direction, names)
    twice = (lo > hi) & (direction < 0)
    if twice.any():
        raise CompositeError(
            f"{label(names, first_position(twice))} has its lower goalpost above the upper one and direction "
            "-1, which reverses it twice: give the smaller post first, or direction 1"
        )
    share = np.clip((values - lo) / (hi - lo), 0.0, 1.0)
    return 100.0 * np.where(direction < 0, 1.0 - share, share)


def check_posts(lo: np.ndarray, hi: np.ndarray, names=None) -> None:
    """Error naming the first indicator whose posts are missing, infinite or equal."""
    bad = ~np.isfinite(lo) | ~np.isfinite(hi) | (lo == hi)
    if bad.any():
        at = np.argwhere(np.atleast_1d(bad))[0]
        low, high = np.atleast_1d(lo)[tuple(at)], np.atleast_1d(hi)[tuple(at)]
        raise CompositeError(
            f"{label(names, int(at[-1]))} has the goalposts {low:g} and {high:g}: give two different finite values"
        )


def check_direction(direction: np.ndarray, names=None) -> None:
    """Error naming the first indicator whose direction is not 1 or -1."""
    bad = ~np.isin(direction, (1.0, -1.0))
    if bad.any():
        position = first_position(bad)
        found = np.atleast_1d(direction)[..., position].flat[0]
        raise CompositeError(
            f"{label(names, position)} has the direction {found:g}: use 1 (more is better) or -1 (less is better)"
        )


def normalise(
    values, method="minmax", direction=1, each=None, pooled=False, base=None, names=None, **parameters
) -> np.ndarray:
    """Rescale by one of `METHODS`; values (units, indicators) or (periods, units, indicators), NaN kept.

    direction: 1 or -1, for all or per indicator. each: {position: {"method": ..., parameters}} for indicators with
    a rule of their own. With periods, minima, means and the like are taken period by period; `pooled`: over all
    periods together; base: over the period at that position (the base year).

    Parameters (a number, or one per indicator), by method:
    minmax: lower=0, upper=100. zscore: mean=0, sd=1 (n - 1). scaled: lo, hi, scale=100. goalposts: lo, hi,
    scale=100, truncate=True. rank, percentile_rank ((rank - 1) / (n - 1)), borda (rank - 1): ties="average".
    max_distance: 1 - (max - x) / (max - min). target: target, cap=False: (x - min) / (target - min).
    reference: unit, cap=False: 1 - (x_ref - x) / (x_ref - min). max_fraction: x / max.

    A constant indicator is an error wherever its spread would be divided by; a reference unit without a value
    leaves its indicator missing.
    """
    values = as_values(values, names)
    if method not in METHODS:
        raise CompositeError(f"no normalisation is called {method!r}: use one of {', '.join(METHODS)}")
    direction = np.broadcast_to(np.asarray(direction, dtype=float), values.shape[-1:])
    check_direction(direction, names)
    turned = values if (direction == 1).all() else values * direction
    result = _by_sample(METHODS[method], turned, direction, pooled, base, names, parameters)
    for position, rule in (each or {}).items():
        chosen = {name: _at(value, position) for name, value in {**parameters, **rule}.items() if name != "method"}
        own_name = None if names is None else [names[position]]
        own = METHODS[rule.get("method", method)]
        column, sense = turned[..., [position]], direction[[position]]
        result[..., [position]] = _by_sample(own, column, sense, pooled, base, own_name, chosen)
    return result


def _at(value, position):
    """A parameter of one indicator: the entry of an array with one per indicator, or the value for all."""
    return value[position] if isinstance(value, (list, tuple, np.ndarray)) else value


def _by_sample(function, values, direction, pooled, base, names, parameters) -> np.ndarray:
    """Apply a method with its statistics taken by period, over all periods, or over the base period."""
    try:
        if values.ndim == 2 or not (pooled or base is not None):
            return function(values, values, direction, names, **parameters)
        if pooled:
            flat = values.reshape(-1, values.shape[-1])
            return function(flat, flat, direction, names, **parameters).reshape(values.shape)
        if function in (_rank, _percentile_rank, _borda):
            raise CompositeError("ranks have no base period: rank by period or pooled")
        return function(values, values[base], direction, names, **parameters)
    except TypeError as error:
        raise CompositeError(f"the normalisation does not take these parameters: {error}") from None


def _low(sample):
    return np.fmin.reduce(sample, axis=-2)[..., None, :]


def _high(sample):
    return np.fmax.reduce(sample, axis=-2)[..., None, :]


def _divided(numerator, spread, why: str, names) -> np.ndarray:
    """numerator / spread; an error naming the first indicator whose spread is zero."""
    zero = spread == 0
    if zero.any():
        where = label(names, first_position(zero))
        raise CompositeError(f"{where} {why}: leave it out, or normalise it between goalposts")
    return numerator / spread


def _minmax(x, sample, direction, names, lower=0.0, upper=100.0):
    low, high = _low(sample), _high(sample)
    lower, upper = np.asarray(lower, dtype=float), np.asarray(upper, dtype=float)
    return _divided(x - low, high - low, "is constant", names) * (upper - lower) + lower


def _zscore(x, sample, direction, names, mean=0.0, sd=1.0):
    present = ~np.isnan(sample)
    n = present.sum(axis=-2, keepdims=True)
    few = (n < 2) & (n > 0)
    if few.any():
        raise CompositeError(f"{label(names, first_position(few))} has one value only: a z-score needs two")
    with np.errstate(invalid="ignore", divide="ignore"):
        centre = np.where(present, sample, 0).sum(axis=-2, keepdims=True) / n
        square = np.where(present, sample - centre, 0.0) ** 2
        spread = np.sqrt(square.sum(axis=-2, keepdims=True) / (n - 1))
    spread = np.where(_low(sample) == _high(sample), 0.0, spread)
    return _divided(x - centre, spread, "is constant", names) * np.asarray(sd) + np.asarray(mean)


def _scaled(x, sample, direction, names, lo=None, hi=None, scale=100.0):
    low, high = _posts(lo, hi, direction, names)
    return (x - low) / (high - low) * np.asarray(scale)


def _goalposts(x, sample, direction, names, lo=None, hi=None, scale=100.0, truncate=True):
    low, high = _posts(lo, hi, direction, names)
    share = (x - low) / (high - low)
    return np.where(truncate, np.clip(share, 0.0, 1.0), share) * np.asarray(scale)


def _posts(lo, hi, direction, names):
    if lo is None or hi is None:
        raise CompositeError("goalposts and scaled need `lo` and `hi`, a number or one per indicator")
    lo, hi = (np.broadcast_to(np.asarray(post, dtype=float), direction.shape) for post in (lo, hi))
    check_posts(lo, hi, names)
    # Turned values -x run from -hi to -lo.
    return np.where(direction < 0, -hi, lo), np.where(direction < 0, -lo, hi)


def _rank(x, sample, direction, names, ties="average"):
    return rank(x, axis=-2, ties=ties, best_first=False)


def _borda(x, sample, direction, names, ties="average"):
    return rank(x, axis=-2, ties=ties, best_first=False) - 1


def _percentile_rank(x, sample, direction, names, ties="average"):
    n = (~np.isnan(x)).sum(axis=-2, keepdims=True)
    return _divided(_borda(x, sample, direction, names, ties), n - 1.0, "has one value only", names)


def _max_distance(x, sample, direction, names):
    low, high = _low(sample), _high(sample)
    return 1 - _divided(high - x, high - low, "is constant", names)


def _target(x, sample, direction, names, target=None, cap=False):
    if target is None:
        raise CompositeError("the distance to a target needs `target`, a number or one per indicator")
    low, aim = _low(sample), np.asarray(target, dtype=float) * direction
    return _capped(_divided(x - low, aim - low, "has its target at its worst value", names), cap)


def _reference(x, sample, direction, names, unit=None, cap=False):
    if unit is None or not 0 <= unit < sample.shape[-2]:
        raise CompositeError(
            f"the reference unit {unit!r} is not among the {sample.shape[-2]} units: give its position"
        )
    low, anchor = _low(sample), sample[..., [unit], :]
    return _capped(1 - _divided(anchor - x, anchor - low, "has its reference at its worst value", names), cap)


def _capped(score, cap):
    return np.where(cap, np.minimum(score, 1.0), score)


def _max_fraction(x, sample, direction, names):
    return _divided(x, _high(sample), "has a maximum of zero", names)


METHODS = {
    "minmax": _minmax,
    "zscore": _zscore,
    "scaled": _scaled,
    "goalposts": _goalposts,
    "rank": _rank,
    "percentile_rank": _percentile_rank,
    "borda": _borda,
    "max_distance": _max_distance,
    "target": _target,
    "reference": _reference,
    "max_fraction": _max_fraction,
}
