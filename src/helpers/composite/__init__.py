"""Composite indicators on numpy arrays: (..., units, indicators), NaN = missing, draws on the leading axis.

Usable from a notebook without the rest of the monitor:

    from helpers import composite as c
    structure = c.structure_table(table)            # code, parent, direction, weight, type, lo, hi
    scores = c.goalposts(values, structure.lo, structure.hi, structure.direction)
    nodes = c.aggregate(scores, structure, {"kind": "geometric", "floor": 1})

or, with the method as plain data, so that its uncertain choices can be varied:

    spec = c.default_spec(structure, normalise={"method": "goalposts"}, aggregate={"kind": "geometric", "floor": 1})
    result = c.run(spec, c.Data(values), structure)
    choices = [{"address": "aggregate.kind", "alternatives": ["arithmetic", "geometric"]}]
    spread = c.monte_carlo(c.Recipe(c.Data(values), structure), spec, choices, draws=1000, seed=1)

Bad input raises `CompositeError`, which names the indicator and the remedy.
"""

from .aggregate import aggregate, weighted_mean
from .choices import value_at, with_value
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
from .evaluate import Recipe
from .impute import carry_forward, impute, interpolate
from .moments import moments, statistic_flags, statistics
from .normalise import goalposts, normalise
from .optimise import optimise_weights
from .rank import rank, rank_within
from .recipe import Data, default_spec, run
from .results import compare, growth, results_table, strengths_weaknesses, trend
from .robustness import Robustness, monte_carlo, rank_intervals
from .screen import availability, availability_by_node, screen
from .sensitivity import Indices, Sensitivity, mean_shift, replay, saltelli_sample, sobol, sobol_indices
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
    "Data",
    "Indices",
    "Recipe",
    "Robustness",
    "Sensitivity",
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
    "default_spec",
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
    "mean_shift",
    "moments",
    "monte_carlo",
    "multiple_imputation",
    "noisy_weights",
    "normalise",
    "optimise_weights",
    "outranking",
    "pca_weights",
    "pool",
    "principal_components",
    "rank",
    "rank_intervals",
    "rank_within",
    "remove_elements",
    "replay",
    "results_table",
    "run",
    "saltelli_sample",
    "screen",
    "skew_kurtosis_test",
    "sobol",
    "sobol_indices",
    "statistic_flags",
    "statistics",
    "strengths_weaknesses",
    "structure_table",
    "too_few_units",
    "treat",
    "trend",
    "value_at",
    "weighted_mean",
    "winsorise",
    "with_value",
]
