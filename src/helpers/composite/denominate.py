"""Making sizes comparable: dividing indicators by population, area and the like (OECD/JRC Handbook, step 2)."""

import numpy as np

from .errors import CompositeError, as_values, label


def denominate(values, denominators, scale=1.0, names=None) -> np.ndarray:
    """values / denominators * scale.

    values: (..., units, indicators). denominators: the same shape or one that broadcasts to it; NaN where the
    indicator is to stay as it is for every unit, so that a column of NaN leaves it alone; a NaN among numbers
    gives a gap, as an unknown denominator must. A zero or infinite denominator is an error.
    """
    values = as_values(values, names)
    denominators = np.broadcast_to(as_values(denominators, names), values.shape)
    zero = denominators == 0
    if zero.any():
        at = np.argwhere(zero)[0]
        raise CompositeError(
            f"{label(names, int(at[-1]))} has a zero denominator for unit {int(at[-2])} (counted from 0): "
            "correct it or mark it missing"
        )
    untouched = np.isnan(denominators).all(axis=tuple(range(values.ndim - 1)))
    with np.errstate(invalid="ignore"):
        return np.where(untouched, values, values / denominators * scale)
