"""Redrawn weights: families, then the rows inside them; or respondents within their instances."""

import numpy as np

LARGEST_BLOCK = 20_000_000
"""Numbers held at once while drawing; more draws are made in blocks."""


def redrawn(
    counts: np.ndarray,
    stratum: np.ndarray,
    cluster: np.ndarray,
    unit: np.ndarray,
    draws: int,
    rng: np.random.Generator,
) -> np.ndarray:
    """How often each row counts in each draw: (draws, rows).

    counts, stratum, cluster, unit: (rows,). As many clusters are drawn, with replacement, as the unit has; then rows
    are redrawn with replacement inside their stratum, twice where its cluster was drawn twice: a two-stage bootstrap
    (Davison and Hinkley 1997, 3.8).
    """
    sizes = np.rint(counts).astype(np.int64)
    layout = _Layout(sizes, stratum)
    _, cluster = np.unique(cluster, return_inverse=True)
    group = cluster[layout.first]
    block = max(1, min(draws, LARGEST_BLOCK // max(layout.strata * layout.width, 1)))
    result = np.empty((draws, len(counts)))
    for start in range(0, draws, block):
        stop = min(start + block, draws)
        times = _clusters_drawn(cluster, unit, stop - start, rng)
        n = np.broadcast_to(layout.size * times[:, group], (stop - start, layout.strata))
        drawn = rng.multinomial(n, layout.shares)
        result[start:stop] = drawn[:, layout.code, layout.place]
    return result


class _Layout:
    """Strata as rows of a padded table of shares."""

    def __init__(self, sizes: np.ndarray, stratum: np.ndarray):
        _, self.first, self.code = np.unique(stratum, return_index=True, return_inverse=True)
        self.strata = len(self.first)
        order = np.argsort(self.code, kind="stable")
        starts = np.searchsorted(self.code[order], np.arange(self.strata))
        self.place = np.empty(len(sizes), dtype=np.int64)
        self.place[order] = np.arange(len(sizes)) - starts[self.code[order]]
        self.width = int(self.place.max()) + 1 if len(sizes) else 1
        self.size = np.bincount(self.code, weights=sizes, minlength=self.strata).astype(np.int64)
        self.shares = np.zeros((self.strata, self.width))
        self.shares[self.code, self.place] = sizes / np.maximum(self.size[self.code], 1)


def _clusters_drawn(cluster: np.ndarray, unit: np.ndarray, draws: int, rng: np.random.Generator) -> np.ndarray:
    """How often each cluster is drawn: (draws, clusters); clusters belong to one unit each."""
    codes, first = np.unique(cluster, return_index=True)
    _, owner = np.unique(unit[first], return_inverse=True)
    width = np.bincount(owner)
    order = np.argsort(owner, kind="stable")
    place = np.empty(len(codes), dtype=np.int64)
    place[order] = np.arange(len(codes)) - np.concatenate([[0], np.cumsum(width)[:-1]])[owner[order]]
    shares = (np.arange(width.max()) < width[:, None]) / width[:, None]
    drawn = rng.multinomial(np.broadcast_to(width, (draws, len(width))), shares)
    return drawn[:, owner, place]


def redrawn_within(stratum: np.ndarray, draws: int, rng: np.random.Generator) -> np.ndarray:
    """How often each row counts in each draw, rows redrawn with replacement inside their stratum: (draws, rows)."""
    result = np.empty((draws, len(stratum)), dtype=np.uint16)
    for code in np.unique(stratum):
        here = np.flatnonzero(stratum == code)
        taken = rng.integers(len(here), size=(draws, len(here))) + len(here) * np.arange(draws)[:, None]
        result[:, here] = np.bincount(taken.ravel(), minlength=taken.size).reshape(taken.shape)
    return result


def at_full_size(drawn: np.ndarray, stratum: np.ndarray) -> np.ndarray:
    """Draws (draws, rows) in which every stratum keeps the number of its rows.

    Where rows were redrawn together with others that are not among these, a draw may hold more or fewer of them.
    """
    _, code, size = np.unique(stratum, return_inverse=True, return_counts=True)
    order, starts = np.argsort(code, kind="stable"), np.cumsum(size) - size
    found = np.add.reduceat(drawn[:, order], starts, axis=1, dtype=float)
    return drawn * (size / np.maximum(found, 1))[:, code]


def percentile_interval(draws: np.ndarray, confidence: float) -> tuple[np.ndarray, np.ndarray]:
    """Percentile interval over the first axis; NaN draws (an empty resample) are left out."""
    tail = 50 * (1 - confidence)
    if not np.isnan(draws).any():
        low, high = np.percentile(draws, [tail, 100 - tail], axis=0)
        return low, high
    usable = (~np.isnan(draws)).sum(axis=0) > 0
    filled = np.where(usable, draws, 0.0)
    low, high = np.nanpercentile(filled, [tail, 100 - tail], axis=0)
    return np.where(usable, low, np.nan), np.where(usable, high, np.nan)
