"""Ranks with ties and gaps, without rounding anything first."""

import numpy as np

from .errors import CompositeError

TIES = ("min", "max", "average")


def rank(values, axis: int = -1, ties: str = "min", best_first: bool = True) -> np.ndarray:
    """Ranks along `axis`; NaN keeps NaN and takes no rank.

    best_first: rank 1 is the largest value. ties: equal values share the smallest, largest or average of their
    ranks. Values are compared as they are: round for print after ranking, never before.
    """
    if ties not in TIES:
        raise CompositeError(f"ties cannot be {ties!r}: use one of {', '.join(TIES)}")
    values = np.moveaxis(np.asarray(values, dtype=float), axis, -1)
    keys = -values if best_first else values
    order = np.argsort(keys, axis=-1, kind="stable")
    ordered = np.take_along_axis(keys, order, axis=-1)
    shared = np.empty_like(ordered)
    if ties == "average":
        shared = (_block_edge(ordered, first=True) + _block_edge(ordered, first=False)) / 2
    else:
        shared = _block_edge(ordered, first=ties == "min").astype(float)
    ranks = np.empty_like(ordered)
    np.put_along_axis(ranks, order, shared, axis=-1)
    ranks[np.isnan(values)] = np.nan
    return np.moveaxis(ranks, -1, axis)


def _block_edge(ordered: np.ndarray, first: bool) -> np.ndarray:
    """Position, counted from 1, of the first (or last) member of the block of equal values at each place."""
    size = ordered.shape[-1]
    places = np.arange(size)
    change = ordered[..., 1:] != ordered[..., :-1]
    edge = np.ones(ordered.shape, dtype=bool)
    if first:
        edge[..., 1:] = change
        return np.maximum.accumulate(np.where(edge, places, 0), axis=-1) + 1
    edge[..., :-1] = change
    backwards = np.where(edge, places, size - 1)[..., ::-1]
    return np.minimum.accumulate(backwards, axis=-1)[..., ::-1] + 1


def rank_within(values, groups, ties: str = "min", best_first: bool = True) -> np.ndarray:
    """Ranks of the units inside their groups; values (units, ...), groups (units,)."""
    values, groups = np.asarray(values, dtype=float), np.asarray(groups)
    if len(groups) != len(values):
        raise CompositeError(f"{len(groups)} group labels for {len(values)} units: give one for each")
    ranks = np.full(values.shape, np.nan)
    for group in dict.fromkeys(groups.tolist()):
        members = groups == group
        ranks[members] = rank(values[members], axis=0, ties=ties, best_first=best_first)
    return ranks
