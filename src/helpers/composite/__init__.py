"""Composite indicators on numpy arrays: (..., units, indicators), NaN = missing, draws on the leading axis.

Usable from a notebook without the rest of the monitor:

    from helpers import composite as c
    structure = c.structure_table(table)            # code, parent, direction, weight, type, lo, hi
    scores = c.goalposts(values, structure.lo, structure.hi, structure.direction)
    nodes = c.aggregate(scores, structure, {"kind": "geometric", "floor": 1})

Bad input raises `CompositeError`, which names the indicator and the remedy.
"""

from .aggregate import aggregate, weighted_mean
from .coherence import (
    bartlett,
    cronbach_alpha,
    kmo,
    pca_weights,
    principal_components,
    remove_elements,
    too_few_units,
)
from .contribute import contributions_to_change, contributions_to_level
from .copeland import copeland, outranking
from .correlate import correlation_flags, correlations
from .denominate import denominate
from .em import em_normal, multiple_imputation, pool
from .errors import CompositeError
from .impute import carry_forward, impute, interpolate
from .moments import moments, statistic_flags, statistics
from .normalise import goalposts, normalise
from .optimise import optimise_weights
from .rank import rank, rank_within
from .results import compare, growth, results_table, strengths_weaknesses, trend
from .screen import availability, availability_by_node, screen
from .structure import Structure, effective_weights, structure_table
from .treat import skew_kurtosis_test, treat, winsorise
from .weight import (
    AhpWeights,
    ahp_weights,
    budget_allocation,
    budget_spread,
    dirichlet_weights,
    equal_weights,
    noisy_weights,
)

__all__ = [
    "AhpWeights",
    "CompositeError",
    "Structure",
    "aggregate",
    "ahp_weights",
    "availability",
    "availability_by_node",
    "bartlett",
    "budget_allocation",
    "budget_spread",
    "carry_forward",
    "compare",
    "contributions_to_change",
    "contributions_to_level",
    "copeland",
    "correlation_flags",
    "correlations",
    "cronbach_alpha",
    "denominate",
    "dirichlet_weights",
    "effective_weights",
    "em_normal",
    "equal_weights",
    "goalposts",
    "growth",
    "impute",
    "interpolate",
    "kmo",
    "moments",
    "multiple_imputation",
    "noisy_weights",
    "normalise",
    "optimise_weights",
    "outranking",
    "pca_weights",
    "pool",
    "principal_components",
    "rank",
    "rank_within",
    "remove_elements",
    "results_table",
    "screen",
    "skew_kurtosis_test",
    "statistic_flags",
    "statistics",
    "strengths_weaknesses",
    "structure_table",
    "too_few_units",
    "treat",
    "trend",
    "weighted_mean",
    "winsorise",
]
