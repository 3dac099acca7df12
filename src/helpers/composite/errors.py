"""The one error of the engine, and the checks that every step shares."""

import numpy as np

SLACK = 1e-12  # a share of 0.6 summed from decimals may come out as 0.5999999999999999


class CompositeError(ValueError):
    """Input that has no meaningful composite; the message names the indicator and the remedy."""


def label(names, position: int) -> str:
    """How an indicator is called in a message: its name, or its place in the array."""
    if names is not None and position < len(names):
        return f"indicator {names[position]!r}"
    return f"indicator {position} (counted from 0)"


def first_position(bad: np.ndarray) -> int:
    """Place on the last axis of the first true cell."""
    return int(np.argwhere(np.atleast_1d(bad))[0][-1])


def as_values(values, names=None) -> np.ndarray:
    """Values as floats, NaN = missing; an infinity is an error: it would flatten its indicator silently."""
    array = np.asarray(values, dtype=float)
    # One pass without a temporary: the sum is finite unless a cell is infinite or missing.
    if not np.isfinite(array.sum()):
        infinite = np.isinf(array)
        if infinite.any():
            where = label(names, first_position(infinite))
            raise CompositeError(f"{where} holds an infinite value: correct it or mark it missing (NaN)")
    return array


def as_weights(weights, names=None) -> np.ndarray:
    """Weights as floats: finite, none negative, not all zero along the last axis."""
    array = np.asarray(weights, dtype=float)
    bad = ~np.isfinite(array) | (array < 0)
    if bad.any():
        position = first_position(bad)
        value = array[tuple(np.argwhere(np.atleast_1d(bad))[0])] if array.ndim else float(array)
        raise CompositeError(
            f"{label(names, position)} has the weight {value:g}: weights must be finite and not negative; "
            "use 0 to leave an indicator out, and direction -1 to reverse it"
        )
    if array.size == 0 or (array.sum(axis=-1) <= 0).any():
        listed = f" ({', '.join(map(str, names))})" if names is not None else ""
        raise CompositeError(f"all weights are zero{listed}: give at least one a positive weight")
    return array
