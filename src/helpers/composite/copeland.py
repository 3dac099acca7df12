"""Aggregation by pairwise comparison, which lets no indicator make up for another (OECD/JRC Handbook, step 7)."""

from typing import NamedTuple

import numpy as np

from .errors import CompositeError, as_values, as_weights

_BLOCK = 64  # rows compared at a time, so that the block stays in the processor's cache


class Copeland(NamedTuple):
    """Scores (units,) = wins less losses, and the outranking matrix (units, units)."""

    scores: np.ndarray
    outrank: np.ndarray


def outranking(values, weights=None, names=None) -> np.ndarray:
    """Share of the weight on which unit i beats unit j, ties counting half: (units, units), zero diagonal.

    values: (units, indicators), more is better. With gaps, the weights are scaled over the indicators that both
    units have, pair by pair, so that entry i, j and entry j, i sum to one and no order of rows enters; a pair
    without a common indicator is NaN.
    """
    values = as_values(values, names)
    weights = as_weights(np.ones(values.shape[1]) if weights is None else weights, names)
    if weights.shape != values.shape[1:]:
        raise CompositeError(f"{weights.size} weights for {values.shape[1]} indicators: give one for each")
    margin = _margin(values, weights / weights.sum())
    present = ~np.isnan(values)
    if not present.all():
        shared = (present * (weights / weights.sum())) @ present.T.astype(float)
        with np.errstate(invalid="ignore", divide="ignore"):
            margin = np.where(shared > 0, margin / shared, np.nan)
    result = (1 + margin) / 2
    np.fill_diagonal(result, 0.0)
    return result


def _margin(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Weight won less weight lost of i against j; comparisons with a gap count nothing."""
    units = len(values)
    margin = np.zeros((units, units))
    # Ranks in 16 bits compare faster than doubles and keep order, ties and gaps.
    levels = np.stack([_dense(column) for column in values.T])
    missing = levels == -1
    alike = np.unique(weights)
    for start in range(0, units, _BLOCK):
        rows = slice(start, min(start + _BLOCK, units))
        for weight in alike[alike > 0]:
            won = np.zeros((rows.stop - start, units), dtype=np.int16)
            for k in np.flatnonzero(weights == weight):
                own, other = levels[k, rows, None], levels[k]
                difference = (own > other).view(np.int8) - (own < other).view(np.int8)
                if missing[k].any():
                    difference *= (~missing[k])[rows, None] & ~missing[k]
                won += difference
            margin[rows] += weight * won
    return margin


def _dense(column: np.ndarray) -> np.ndarray:
    found, places = np.unique(column, return_inverse=True)
    kind = np.int16 if len(found) < 2**15 else np.int32
    return np.where(np.isnan(column), -1, places).astype(kind)


def copeland(values, weights=None, names=None) -> Copeland:
    """Units beaten less units that win: unit i beats j where it has more than half of the weight they share.

    A share within 1e-12 of one half is a draw: it differs from one half by the rounding of the weights only.
    """
    shares = outranking(values, weights, names)
    lead = shares - 0.5
    np.fill_diagonal(lead, 0.0)
    lead[~(np.abs(lead) > 1e-12)] = 0.0
    return Copeland(np.sign(lead).sum(axis=1), shares)
