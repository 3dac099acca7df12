"""What each indicator adds to the level of an aggregate, and to its change between two periods.

A mean M of children x with shares w is linear on the scale f of its kind (x, log x, 1/x, x^p): f(M) = sum w f(x).
Therefore M1 - M0 = g * sum w (f(x1) - f(x0)) holds exactly with g = (M1 - M0) / (f(M1) - f(M0)), or 1 / f'(M) where
nothing changed; for logarithms g is the logarithmic mean, and the split is the log-mean Divisia one (Ang 2004).
Going down the structure multiplies these factors. The level is the change from a common reference score.
"""

from typing import NamedTuple

import numpy as np

from .aggregate import aggregate, mean_exponent, node_rules, to_power_scale
from .errors import CompositeError, as_values
from .structure import Structure


class Contributions(NamedTuple):
    """parts (units, indicators) and composition (units,), which add up to total (units,).

    composition: the part of a change that is due to children present in one of the two periods only.
    """

    parts: np.ndarray
    composition: np.ndarray
    total: np.ndarray


def contributions_to_level(scores, structure: Structure, reference=None, top=None, **rules) -> Contributions:
    """Points of the top score above `reference` that each indicator brings; a missing indicator brings none.

    scores: (units, indicators) normalised. reference: score of a unit that has it everywhere; default 0, or 1 where
    a node is not an arithmetic mean. rules: of `aggregate` (Copeland has no contributions).
    """
    scores = as_values(scores, structure.indicators)
    kinds = {rule["kind"] for rule in node_rules(structure, **rules).values()}
    reference = (0.0 if kinds == {"arithmetic"} else 1.0) if reference is None else reference
    base = np.where(np.isnan(scores), np.nan, float(reference))
    return contributions_to_change(base, scores, structure, top, **rules)


def contributions_to_change(before, after, structure: Structure, top=None, **rules) -> Contributions:
    """Split of the change of the top score over the indicators; before and after are (units, indicators)."""
    old, new = as_values(before, structure.indicators), as_values(after, structure.indicators)
    by_node = node_rules(structure, **rules)
    full0 = np.concatenate([old, aggregate(old, structure, **rules)], axis=-1)
    full1 = np.concatenate([new, aggregate(new, structure, **rules)], axis=-1)
    lead = structure.column(top or structure.roots[0])
    factor = np.zeros(full0.shape)
    factor[:, lead] = 1.0
    composition = np.zeros(len(full0))
    for position in range(len(structure.nodes) - 1, -1, -1):
        column = len(structure.indicators) + position
        weights = structure.weights[structure.node_edges[position]]
        children = structure.children[position]
        slopes, rest = _split(full0[:, children], full1[:, children], weights, by_node[structure.nodes[position]])
        factor[:, children] += factor[:, [column]] * slopes
        composition += np.where(factor[:, column] == 0, 0.0, factor[:, column] * rest)
    k = len(structure.indicators)
    change = np.where(np.isnan(new - old), 0.0, new - old)
    total = full1[:, lead] - full0[:, lead]
    unknown = np.isnan(total)
    parts = np.where(unknown[:, None], np.nan, factor[:, :k] * change)
    return Contributions(parts, np.where(unknown, np.nan, composition), total)


def _split(x0, x1, weights, rule) -> tuple[np.ndarray, np.ndarray]:
    """Per child the change of the node per unit of its own change, and what is left to a changed composition."""
    if rule["kind"] == "copeland":
        raise CompositeError("Copeland scores have no contributions: they depend on the other units; use a mean")
    exponent = mean_exponent(rule["kind"], rule["power"])
    y0, y1 = (x if rule["floor"] is None else np.maximum(x, rule["floor"]) for x in (x0, x1))
    w0, w1 = _shares(y0, weights), _shares(y1, weights)
    f0, f1 = to_power_scale(y0, exponent), to_power_scale(y1, exponent)
    t0, t1 = (np.where(w > 0, w * f, 0.0).sum(axis=-1) for w, f in ((w0, f0), (w1, f1)))
    m0, m1 = _back(t0, exponent), _back(t1, exponent)
    step = _ratio(m1 - m0, t1 - t0, 1 / _derivative(m1, exponent))
    both = (w0 > 0) & (w1 > 0)
    slope = _ratio(f1 - f0, x1 - x0, np.where(y1 == x1, _derivative(y1, exponent), 0.0))
    slopes = np.where(both, (w0 + w1) / 2 * slope * step[:, None], 0.0)
    explained = np.where(both, slopes * (x1 - x0), 0.0).sum(axis=-1)
    return slopes, np.where(np.abs(m1 - m0 - explained) < 1e-12, 0.0, m1 - m0 - explained)


def _shares(values, weights) -> np.ndarray:
    available = np.where(np.isnan(values), 0.0, weights)
    total = available.sum(axis=-1, keepdims=True)
    return np.where(total > 0, available / np.where(total > 0, total, 1.0), 0.0)


def _back(transformed, exponent):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.exp(transformed) if exponent == 0 else transformed ** (1 / exponent)


def _derivative(x, exponent):
    with np.errstate(divide="ignore", invalid="ignore"):
        return 1 / x if exponent == 0 else exponent * x ** (exponent - 1)


def _ratio(numerator, denominator, limit):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.abs(denominator) > 1e-13, numerator / denominator, limit)
