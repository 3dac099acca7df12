"""Where weights come from: panels, pairwise judgements, random draws around a base."""

from typing import NamedTuple

import numpy as np

from .errors import CompositeError, as_weights, label

# Saaty (1980), mean consistency index of random reciprocal matrices of size 1 to 15.
_RANDOM_INDEX = (0, 0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59)


class AhpWeights(NamedTuple):
    """Weights (sum 1) and the consistency ratio of the judgements; up to 0.10 is customarily accepted."""

    weights: np.ndarray
    consistency_ratio: float


def dirichlet_weights(base, concentration: float, draws: int, rng: np.random.Generator, names=None) -> np.ndarray:
    """Random weights around `base`: (draws, indicators), each row summing to one.

    Dirichlet with parameters concentration * base / sum(base): the mean is the base and the variance of a
    weight b is b (1 - b) / (concentration + 1). A base weight of zero stays zero.
    """
    base = as_weights(base, names)
    if not (np.isfinite(concentration) and concentration > 0):
        raise CompositeError(f"the concentration is {concentration}: it must be positive (larger = closer)")
    drawn = np.zeros((draws, base.size))
    used = base > 0
    drawn[:, used] = rng.dirichlet(concentration * base[used] / base.sum(), size=draws)
    return drawn


def equal_weights(count: int) -> np.ndarray:
    """The same weight for each (sum 1)."""
    if count < 1:
        raise CompositeError("no indicator to weight: give at least one")
    return np.full(count, 1 / count)


def noisy_weights(base, factor: float, draws: int, rng: np.random.Generator, names=None) -> np.ndarray:
    """Weights multiplied by independent uniform numbers in [1 - factor, 1 + factor]: (draws, indicators).

    The scale of `base` is kept; an edge of weight zero stays zero.
    """
    base = as_weights(base, names)
    if not 0 <= factor <= 1:
        raise CompositeError(f"the noise factor is {factor}: above 1 it would make weights negative; use 0 to 1")
    return base * (1 + factor * rng.uniform(-1.0, 1.0, size=(draws, base.size)))


def budget_allocation(points, names=None) -> np.ndarray:
    """Weights (sum 1) from a panel in which every member spreads points over the indicators.

    points: (members, indicators). Each member counts the same, whatever the total they gave out; see
    `budget_spread` for the agreement among them.
    """
    return _budget_shares(points, names).mean(axis=0)


def budget_spread(points, names=None) -> np.ndarray:
    """First and third quartile of the members' shares, per indicator: (2, indicators)."""
    return np.quantile(_budget_shares(points, names), [0.25, 0.75], axis=0)


def _budget_shares(points, names=None) -> np.ndarray:
    points = np.atleast_2d(np.asarray(points, dtype=float))
    for member, row in enumerate(points):
        try:
            as_weights(row, names)
        except CompositeError as error:
            raise CompositeError(f"panel member {member} (counted from 0): {error}") from None
    return points / points.sum(axis=1, keepdims=True)


def ahp_weights(pairwise, names=None) -> AhpWeights:
    """Analytic hierarchy process (Saaty 1980): principal eigenvector of a matrix of pairwise judgements.

    pairwise: (indicators, indicators), or (members, indicators, indicators), which are first joined by
    geometric mean. Entry i, j says how many times i is more important than j, so j, i must be its reciprocal.
    """
    matrix = _joined_judgements(pairwise, names)
    size = len(matrix)
    eigenvalues, vectors = np.linalg.eig(matrix)
    largest = int(np.argmax(eigenvalues.real))
    weights = np.abs(vectors[:, largest].real)
    if size < 3:
        return AhpWeights(weights / weights.sum(), 0.0)
    index = (eigenvalues[largest].real - size) / (size - 1)
    ratio = index / _RANDOM_INDEX[min(size, len(_RANDOM_INDEX)) - 1]
    return AhpWeights(weights / weights.sum(), float(max(ratio, 0.0)))


def _joined_judgements(pairwise, names) -> np.ndarray:
    matrices = np.asarray(pairwise, dtype=float)
    if matrices.ndim == 2:
        matrices = matrices[None]
    if matrices.ndim != 3 or matrices.shape[1] != matrices.shape[2]:
        raise CompositeError(f"pairwise judgements of shape {matrices.shape}: give a square matrix per member")
    bad = ~(np.isfinite(matrices) & (matrices > 0))
    if bad.any():
        where = label(names, int(np.argwhere(bad)[0][1]))
        raise CompositeError(f"{where} has a judgement that is not positive: use 1/9 to 9")
    unequal = ~np.isclose(matrices * np.swapaxes(matrices, 1, 2), 1.0, rtol=1e-2)
    if unequal.any():
        _, row, column = np.argwhere(unequal)[0]
        raise CompositeError(
            f"the judgements of {label(names, int(row))} and {label(names, int(column))} are not reciprocal: "
            "entry i, j must be 1 over entry j, i"
        )
    return np.exp(np.log(matrices).mean(axis=0))
