"""From children to parents: weighted means with gaps, coverage rules and draws, and whole structures.

Formulas: OECD/JRC Handbook on Constructing Composite Indicators (2008), step 7. Missing children are left out
and the weights of the others are scaled to sum to one (available-case mean).
"""

import numpy as np

from .copeland import copeland
from .errors import SLACK, CompositeError, as_values, as_weights, first_position, label
from .structure import Structure

KINDS = ("arithmetic", "geometric", "harmonic", "power")


def weighted_mean(
    values,
    weights=None,
    kind: str = "arithmetic",
    power: float | None = None,
    min_weight: float = 0.0,
    min_share: float = 0.0,
    floor: float | None = None,
    require_all: bool = False,
    axis: int = -1,
    names=None,
) -> np.ndarray:
    """Mean over `axis` of the available children.

    values: (..., units, children), or (children,), NaN = missing.
    weights: (children,); (draws, children) gives results with a leading axis of draws; more axes broadcast
        with values as numpy does. Their scale does not matter. Default: equal.
    kind: arithmetic, geometric, harmonic, or power with the exponent `power` (0 is the geometric mean).
    min_weight: share of the weight that must be available, else NaN; min_share: the same for the count of
        children; require_all: any missing child gives NaN. A share equal to the limit passes.
    floor: children below it are raised to it first (the geometric mean of dimensions clipped to [1, 100]).

    A zero makes geometric and harmonic means zero (their limit). Errors: infinite values, and negative ones for
    any mean but the arithmetic.
    """
    values = np.moveaxis(as_values(values, names), axis, -1)
    weights = as_weights(np.ones(values.shape[-1]) if weights is None else weights, names)
    if weights.shape[-1] != values.shape[-1]:
        raise CompositeError(f"{weights.shape[-1]} weights for {values.shape[-1]} children: give one weight for each")
    exponent = mean_exponent(kind, power)
    if floor is not None:
        values = np.maximum(values, floor)
    if exponent != 1:
        check_positive(values, kind, names)
    limits = (1.0 if require_all else min_weight, 1.0 if require_all else min_share)
    return mean_of_available(values, weights, exponent, *limits)


def mean_exponent(kind: str, power: float | None = None) -> float:
    """The exponent p of the power mean that `kind` stands for: 1, 0, -1 or `power`."""
    if kind not in KINDS:
        raise CompositeError(f"no mean is called {kind!r}: use one of {', '.join(KINDS)}")
    if kind == "power" and (power is None or not np.isfinite(power)):
        raise CompositeError("the power mean needs a finite `power` (1 arithmetic, 0 geometric, -1 harmonic)")
    return {"arithmetic": 1.0, "geometric": 0.0, "harmonic": -1.0}.get(kind, power)


def check_positive(values: np.ndarray, kind: str, names=None) -> None:
    """Error naming the first child with a negative value, for means that are undefined there."""
    negative = values < 0
    if negative.any():
        raise CompositeError(
            f"{label(names, first_position(negative))} has a negative value, of which there is no {kind} "
            "mean: normalise to a positive range (such as 1 to 100), set a floor, or use the arithmetic mean"
        )


def mean_of_available(values, weights, exponent=1.0, min_weight=0.0, min_share=0.0) -> np.ndarray:
    """`weighted_mean` without the checks: values (..., units, children), weights with a row per draw."""
    available = ~np.isnan(values)
    complete = bool(available.all())
    transformed = to_power_scale(values, exponent)
    if not complete:
        transformed = np.where(available, transformed, 0.0)
    total = _weighted_sum(transformed, weights)
    whole = _whole(weights, values.ndim)
    share = whole if complete else _weighted_sum(available.astype(float), weights)
    with np.errstate(divide="ignore", invalid="ignore"):
        result = from_power_scale(total / share, exponent)
        if not complete:
            counted = available.mean(axis=-1)
            short = (share / whole < min_weight - SLACK) | (counted < min_share - SLACK) | (share == 0)
            result = np.where(short, np.nan, result)
    return result


def to_power_scale(values: np.ndarray, exponent: float) -> np.ndarray:
    """x^p, or log x for p = 0: the scale on which the power mean is arithmetic."""
    if exponent == 1:
        return values
    with np.errstate(divide="ignore"):
        if exponent == 0:
            return np.log(values)
        return 1 / values if exponent == -1 else values**exponent


def from_power_scale(values: np.ndarray, exponent: float) -> np.ndarray:
    """The inverse of `to_power_scale`."""
    if exponent == 1:
        return values
    if exponent == 0:
        return np.exp(values)
    return 1 / values if exponent == -1 else values ** (1 / exponent)


def _whole(weights: np.ndarray, values_ndim: int) -> np.ndarray:
    whole = weights.sum(axis=-1)
    return whole[:, None] if weights.ndim == 2 and values_ndim > 1 else whole


def _weighted_sum(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Sum over the children; a row of weights per draw meets (units, children) or (draws, units, children)."""
    finite = np.isfinite(values).all()
    if not finite:  # a logarithm of zero: 0 * inf must count as 0 where the weight is 0
        spread = weights[:, None, :] if weights.ndim == 2 and values.ndim > 1 else weights
        with np.errstate(invalid="ignore"):
            return np.where(spread == 0, 0.0, values * spread).sum(axis=-1)
    if weights.ndim == 1:
        return values @ weights
    if weights.ndim > 2 or values.ndim > 3:
        return (values * weights).sum(axis=-1)
    if values.ndim < 3:
        return weights @ values.T
    return np.matmul(values, weights[:, :, None])[..., 0]


RULE = {
    "kind": "arithmetic",
    "power": None,
    "min_weight": 0.0,
    "min_share": 0.0,
    "floor": None,
    "require_all": False,
}


def aggregate(scores, structure: Structure, rule=None, levels=None, nodes=None, weights=None) -> np.ndarray:
    """Scores of every aggregate, from the bottom of the structure to its top: (..., units, nodes).

    scores: (..., units, indicators), columns as `structure.indicators`. rule: keywords of `weighted_mean` (kind may
    also be "copeland") for every node; levels: {level: keywords} and nodes: {code: keywords} change it for some.
    weights: (edges,) or (draws, edges), default those of the structure; draws make a leading axis of the result.
    """
    scores = as_values(scores, structure.indicators)
    if scores.shape[-1] != len(structure.indicators):
        raise CompositeError(
            f"{scores.shape[-1]} columns for {len(structure.indicators)} indicators: give one for each"
        )
    weights = structure.weights if weights is None else np.asarray(weights, dtype=float)
    rules = node_rules(structure, rule, levels, nodes)
    columns: dict[int, np.ndarray] = {}
    for position, node in enumerate(structure.nodes):
        children = structure.children[position]
        own = weights[..., structure.node_edges[position]]
        values = _children(scores, columns, children)
        named = [structure.codes[c] for c in children]
        columns[len(structure.indicators) + position] = _node(values, own, rules[node], node, named)
    return np.stack(np.broadcast_arrays(*columns.values()), axis=-1)


def node_rules(structure: Structure, rule=None, levels=None, nodes=None) -> dict[str, dict]:
    """The complete rule of every node; an unknown keyword, level or code is an error."""
    levels, nodes = levels or {}, nodes or {}
    stray = [str(code) for code in nodes if code not in structure.nodes]
    stray += [f"level {level}" for level in levels if level not in structure.levels.values()]
    if stray:
        raise CompositeError(f"an aggregation rule is given for {stray[0]!r}, which is no aggregate: correct it")
    rules = {}
    for node in structure.nodes:
        own = {**RULE, **(rule or {}), **levels.get(structure.levels[node], {}), **nodes.get(node, {})}
        unknown = set(own) - set(RULE)
        if unknown:
            raise CompositeError(
                f"the rule of {node!r} has the unknown keyword {min(unknown)!r}: use {', '.join(RULE)}"
            )
        rules[node] = own
    return rules


def _children(scores: np.ndarray, columns: dict, children: np.ndarray) -> np.ndarray:
    if all(c < scores.shape[-1] for c in children):
        return scores[..., children]
    parts = [scores[..., c] if c < scores.shape[-1] else columns[c] for c in children]
    return np.stack(np.broadcast_arrays(*parts), axis=-1)


def _node(values: np.ndarray, weights: np.ndarray, rule: dict, node: str, names: list[str]) -> np.ndarray:
    try:
        if rule["kind"] == "copeland":
            return _copeland_draws(values, weights, names)
        return weighted_mean(values, weights, names=names, **rule)
    except CompositeError as error:
        raise CompositeError(f"aggregate {node!r}: {error}") from None


def _copeland_draws(values: np.ndarray, weights: np.ndarray, names) -> np.ndarray:
    if values.ndim == 2 and weights.ndim == 1:
        return copeland(values, weights, names).scores
    lead = np.broadcast_shapes(values.shape[:-2], weights.shape[:-1])
    spread = np.broadcast_to(values, (*lead, *values.shape[-2:])).reshape(-1, *values.shape[-2:])
    rows = np.broadcast_to(weights, (*lead, weights.shape[-1])).reshape(-1, weights.shape[-1])
    scores = [copeland(v, w, names).scores for v, w in zip(spread, rows, strict=True)]
    return np.stack(scores).reshape(*lead, -1)
