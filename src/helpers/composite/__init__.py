"""Composite indicators on numpy arrays: (..., units, indicators), NaN = missing, draws on the leading axis.

Usable from a notebook without the rest of the monitor:

    scores = goalposts(values, lo=0, hi=[100, 50, 1])
    index = weighted_mean(scores, weights=[1, 1, 2], kind="geometric", floor=1)

Bad input raises `CompositeError`, which names the indicator and the remedy.
"""

from .aggregate import weighted_mean
from .errors import CompositeError
from .normalise import goalposts
from .weight import AhpWeights, ahp_weights, budget_allocation, budget_spread, dirichlet_weights

__all__ = [
    "AhpWeights",
    "CompositeError",
    "ahp_weights",
    "budget_allocation",
    "budget_spread",
    "dirichlet_weights",
    "goalposts",
    "weighted_mean",
]
