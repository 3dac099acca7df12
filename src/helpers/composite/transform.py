"""Monotone transformations of skewed indicators; each takes (units, columns) and keeps the order of the units."""

import numpy as np

from .errors import CompositeError, label
from .moments import moments


def _range(values, names) -> tuple[np.ndarray, np.ndarray]:
    low, high = np.fmin.reduce(values, axis=0), np.fmax.reduce(values, axis=0)
    constant = np.flatnonzero(np.atleast_1d(low == high))
    if constant.size:
        raise CompositeError(f"{label(names, int(constant[0]))} is constant: it cannot be transformed; leave it out")
    return low, high


def log_ct(values, names=None) -> np.ndarray:
    """log(x - min + 0.01 (max - min)): for positive skewness."""
    low, high = _range(values, names)
    return np.log(values - low + 0.01 * (high - low))


def log_ct_plus(values, names=None) -> np.ndarray:
    """`log_ct`, mirrored where the skewness is negative: -log(max - x + 0.01 (max - min))."""
    low, high = _range(values, names)
    positive = ~(moments(values)[0] < 0)
    distance = np.where(positive, values - low, high - values)
    return np.where(positive, 1.0, -1.0) * np.log(distance + 0.01 * (high - low))


def log_shift(values, names=None) -> np.ndarray:
    """log(x - min + 1)."""
    return np.log(values - np.fmin.reduce(values, axis=0) + 1)


def log_gii(values, names=None, factor: float = 1.0) -> np.ndarray:
    """log((factor max - 1) (x - min) / (max - min) + 1), as in the Global Innovation Index; mirrored, with its
    sign turned so that the order of the units stays, where the skewness is negative.
    """
    low, high = _range(values, names)
    top = factor * high - 1
    low_top = np.flatnonzero(np.atleast_1d(top <= 0))
    if low_top.size:
        where = label(names, int(low_top[0]))
        raise CompositeError(f"{where} has a maximum of at most 1 / factor: raise the factor, or use log_ct")
    positive = ~(moments(values)[0] < 0)
    share = np.where(positive, values - low, high - values) / (high - low)
    return np.where(positive, 1.0, -1.0) * np.log(top * share + 1)


def box_cox(values, names=None, exponent: float = 0.0, shift: bool = True) -> np.ndarray:
    """(x^exponent - 1) / exponent, log x for 0; shift: x is first moved so that its minimum is 1."""
    if shift:
        values = values - np.fmin.reduce(values, axis=0) + 1
    bad = np.flatnonzero((values <= 0).any(axis=0))
    if bad.size:
        raise CompositeError(f"{label(names, int(bad[0]))} is not positive: Box-Cox needs it to be; set shift")
    return np.log(values) if exponent == 0 else (values**exponent - 1) / exponent


TRANSFORMS = {
    "log_ct": log_ct,
    "log_ct_plus": log_ct_plus,
    "log_shift": log_shift,
    "log_gii": log_gii,
    "box_cox": box_cox,
}
