"""Bringing indicators to one scale. Goalposts are the monitor's own way; the others serve the lab."""

import numpy as np

from .errors import CompositeError, as_values, first_position, label


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
            f"{label(names, int(at[-1]))} has the goalposts {low:g} and {high:g}: "
            "give two different finite values"
        )


def check_direction(direction: np.ndarray, names=None) -> None:
    """Error naming the first indicator whose direction is not 1 or -1."""
    bad = ~np.isin(direction, (1.0, -1.0))
    if bad.any():
        position = first_position(bad)
        found = np.atleast_1d(direction)[..., position].flat[0]
        raise CompositeError(
            f"{label(names, position)} has the direction {found:g}: "
            "use 1 (more is better) or -1 (less is better)"
        )
