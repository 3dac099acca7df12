"""Do the indicators of a dimension belong together? Reliability, principal components, adequacy, removal."""

from typing import NamedTuple

import numpy as np
from scipy import stats

from .aggregate import aggregate
from .errors import CompositeError, as_values, first_position, label
from .rank import rank
from .structure import Structure


class Components(NamedTuple):
    """PCA: eigenvalues, shares of variance, loadings (indicators, components) of length one, units used."""

    eigenvalues: np.ndarray
    shares: np.ndarray
    loadings: np.ndarray
    n: int


class Sphericity(NamedTuple):
    """Bartlett's test that the correlation matrix is the identity."""

    statistic: float
    degrees: int
    p: float


class Adequacy(NamedTuple):
    """Kaiser-Meyer-Olkin measure: overall and per indicator."""

    overall: float
    each: np.ndarray


class Removal(NamedTuple):
    """Top scores and ranks (units, 1 + removed), the first column nominal, and the mean absolute shift of ranks."""

    removed: tuple[str, ...]
    scores: np.ndarray
    ranks: np.ndarray
    mean_shift: np.ndarray


def pairwise_covariance(values) -> np.ndarray:
    """Covariances (n - 1) over the units that each pair shares."""
    values = as_values(values)
    present = ~np.isnan(values)
    ones = present.astype(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        centre = np.where(present, values, 0.0).sum(axis=0) / present.sum(axis=0)
        centred = np.where(present, values - centre, 0.0)
        n = ones.T @ ones
        sums = centred.T @ ones
        return (centred.T @ centred - sums * sums.T / n) / (n - 1)


def cronbach_alpha(values, standardise: bool = False) -> float:
    """Cronbach's alpha, k^2 mean off-diagonal covariance / sum of the covariance matrix, pairwise complete."""
    covariance = pairwise_covariance(values)
    k = len(covariance)
    if k < 2:
        raise CompositeError("alpha needs at least two indicators: leave the dimension out of the table")
    if standardise:
        spread = np.sqrt(np.diag(covariance))
        covariance = covariance / np.outer(spread, spread)
    between = (covariance.sum() - np.trace(covariance)) / (k * (k - 1))
    return float(k**2 * between / covariance.sum())


def _complete(values, names) -> np.ndarray:
    values = as_values(values, names)
    complete = values[~np.isnan(values).any(axis=1)]
    if len(complete) < 2:
        raise CompositeError(
            f"{len(complete)} of {len(values)} units have every indicator: fewer indicators, or impute"
        )
    flat = complete.min(axis=0) == complete.max(axis=0)
    if flat.any():
        where = label(names, first_position(flat))
        raise CompositeError(f"{where} is constant over the {len(complete)} complete units: leave it out")
    return complete


def principal_components(values, scale: bool = True, names=None) -> Components:
    """PCA of the units that have every indicator, standardised unless `scale` is False.

    The sign of a component is fixed: its loadings sum to a positive number (if they sum to zero, the largest in
    size is positive), so that two runs, and two machines, tell the same story.
    """
    complete = _complete(values, names)
    centred = complete - complete.mean(axis=0)
    if scale:
        centred = centred / complete.std(axis=0, ddof=1)
    _, singular, rows = np.linalg.svd(centred, full_matrices=False)
    eigenvalues, loadings = singular**2 / (len(complete) - 1), rows.T
    total = loadings.sum(axis=0)
    largest = loadings[np.abs(loadings).argmax(axis=0), np.arange(loadings.shape[1])]
    sign = np.where(np.abs(total) > 1e-9, np.sign(total), np.sign(largest))
    return Components(eigenvalues, eigenvalues / eigenvalues.sum(), loadings * sign, len(complete))


def pca_weights(values, squared: bool = False, names=None) -> np.ndarray:
    """Weights (sum 1) from the first principal component: its loadings, or their squares (OECD/JRC Handbook).

    A negative loading is an error: as a weight it would reward a bad score.
    """
    loadings = principal_components(values, names=names).loadings[:, 0]
    negative = loadings < 0
    if negative.any() and not squared:
        where = label(names, first_position(negative))
        raise CompositeError(f"{where} loads negatively on the first component: check its direction or leave it out")
    weights = loadings**2 if squared else loadings
    return weights / weights.sum()


def _correlation(values, names) -> tuple[np.ndarray, int]:
    complete = _complete(values, names)
    matrix = np.corrcoef(complete, rowvar=False)
    if len(complete) <= matrix.shape[0] or np.linalg.matrix_rank(matrix) < len(matrix):
        raise CompositeError(
            f"the correlations of {len(matrix)} indicators over {len(complete)} complete units are singular: "
            "take more units or fewer indicators"
        )
    return matrix, len(complete)


def kmo(values, names=None) -> Adequacy:
    """Kaiser-Meyer-Olkin: squared correlations against squared correlations plus squared partial correlations."""
    matrix, _ = _correlation(values, names)
    inverse = np.linalg.inv(matrix)
    spread = np.sqrt(np.diag(inverse))
    partial = -inverse / np.outer(spread, spread)
    off = ~np.eye(len(matrix), dtype=bool)
    r2, p2 = np.where(off, matrix**2, 0.0), np.where(off, partial**2, 0.0)
    return Adequacy(float(r2.sum() / (r2 + p2).sum()), r2.sum(axis=0) / (r2 + p2).sum(axis=0))


def bartlett(values, names=None) -> Sphericity:
    """Bartlett (1951): -(n - 1 - (2k + 5) / 6) log |R| against chi square with k (k - 1) / 2 degrees of freedom."""
    matrix, n = _correlation(values, names)
    k = len(matrix)
    statistic = -(n - 1 - (2 * k + 5) / 6) * np.linalg.slogdet(matrix)[1]
    degrees = k * (k - 1) // 2
    return Sphericity(float(statistic), degrees, float(stats.chi2.sf(statistic, degrees)))


# Fewest units, and units per indicator, below which a figure is noise. Our conventions: with 10 units a correlation
# must reach 0.63 to be told from 0 at the 5 % level; rules of thumb for components ask 3 to 10 units per indicator.
NEEDED = {"correlation": (10, 0), "alpha": (10, 2), "components": (30, 3), "kmo": (30, 5), "bartlett": (30, 5)}


def too_few_units(values) -> dict[str, str]:
    """For each figure that has too few complete units to mean something, the reason in a sentence."""
    values = as_values(values)
    complete, k = int((~np.isnan(values)).all(axis=1).sum()), values.shape[1]
    reasons = {}
    for figure, (least, per_indicator) in NEEDED.items():
        needed = max(least, per_indicator * k)
        if complete < needed:
            reasons[figure] = f"{complete} complete units for {k} indicators; at least {needed} are needed"
    return reasons


def remove_elements(scores, structure: Structure, removed, top: str | None = None, **rules) -> Removal:
    """The top score without each element in turn (its weight set to zero): what the result owes to it.

    scores: (units, indicators) normalised. removed: codes of indicators or aggregates. rules: of `aggregate`.
    """
    removed = tuple(removed)
    column = structure.nodes.index(top or structure.roots[0])
    weights = np.repeat(structure.weights[None], len(removed) + 1, axis=0)
    for row, code in enumerate(removed, start=1):
        weights[row] = structure.weight_vector({code: 0.0})
        _check_left(structure, weights[row], code)
    result = aggregate(scores, structure, weights=weights, **rules)[..., column].T
    ranks = rank(result, axis=0)
    return Removal(removed, result, ranks, np.nanmean(np.abs(ranks - ranks[:, :1]), axis=0))


def _check_left(structure: Structure, weights: np.ndarray, code: str) -> None:
    for node, chosen in zip(structure.nodes, structure.node_edges, strict=True):
        if not weights[chosen].any():
            raise CompositeError(f"without {code!r} the aggregate {node!r} is empty: remove the aggregate instead")
