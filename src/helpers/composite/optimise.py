"""Weights chosen so that correlations of the children with their parent come out as wanted."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy import optimize

from .aggregate import mean_of_available
from .correlate import correlations
from .errors import CompositeError, as_values, as_weights


class Optimised(NamedTuple):
    """Weights (sum 1, none negative), the correlations they give, the objective there, and whether it converged."""

    weights: np.ndarray
    correlations: np.ndarray
    objective: float
    converged: bool


def optimise_weights(
    scores,
    kind: str = "balance",
    target=None,
    index: Callable[[np.ndarray], np.ndarray] | None = None,
    method: str = "pearson",
    names=None,
) -> Optimised:
    """Non-negative weights of the columns of `scores` (units, children) that optimise correlations with the index.

    kind: balance, correlations proportional to `target` (default equal), objective log mean squared difference of
    the correlations and targets, each scaled to sum one; infomax, largest sum of correlations, objective minus that
    sum. index: from weights (children,) to the index (units,), default their weighted arithmetic mean. Found by
    Nelder-Mead on square roots of weights, which keeps them from being negative, from several starts.
    """
    scores = as_values(scores, names)
    k = scores.shape[1]
    if kind not in ("balance", "infomax"):
        raise CompositeError(f"weights cannot be optimised for {kind!r}: use balance or infomax")
    target = as_weights(np.ones(k) if target is None else target, names)
    index = index or (lambda weights: mean_of_available(scores, weights))

    def obtained(weights):
        return correlations(scores, index(weights)[:, None], method).r[:, 0]

    def objective(roots):
        weights = roots**2
        if not weights.sum() > 0:
            return np.inf
        return _loss(obtained(weights / weights.sum()), target / target.sum(), kind)

    best = _search(objective, k)
    weights = best.x**2 / (best.x**2).sum()
    return Optimised(weights, obtained(weights), float(best.fun), bool(best.success))


def _loss(found, target, kind) -> float:
    if kind == "infomax":
        return -float(found.sum())
    if not found.sum() > 0:
        return np.inf
    difference = float(np.mean((found / found.sum() - target) ** 2))
    return float(np.log(max(difference, 1e-300)))


def _search(objective, k: int):
    """The best of Nelder-Mead runs from equal weights and from each child at half of the weight."""
    tilted = np.full((k, k), 0.5 / max(k - 1, 1)) + np.eye(k) * (0.5 - 0.5 / max(k - 1, 1))
    starts = [np.full(k, 1 / k), *tilted] if k > 1 else [np.ones(1)]
    options = {"xatol": 1e-9, "fatol": 1e-9, "maxiter": 400 * k, "maxfev": 600 * k}
    runs = [optimize.minimize(objective, np.sqrt(s), method="Nelder-Mead", options=options) for s in starts]
    return min(runs, key=lambda run: run.fun)
