"""Maximum likelihood for a multivariate normal with gaps, and multiple imputation from it."""

from typing import NamedTuple

import numpy as np

from .errors import CompositeError, as_values, first_position, label


class NormalFit(NamedTuple):
    """Mean (k,), covariance (k, k) with divisor n, values with gaps at their conditional mean, and iterations."""

    mean: np.ndarray
    covariance: np.ndarray
    values: np.ndarray
    iterations: int
    converged: bool


class Pooled(NamedTuple):
    """Rubin's pooled estimate, its total variance, and the part of the variance that is due to the gaps."""

    estimate: np.ndarray
    variance: np.ndarray
    missing_part: np.ndarray


def em_normal(values, tolerance: float = 1e-12, max_iterations: int = 5000, names=None) -> NormalFit:
    """EM for a multivariate normal (Dempster, Laird & Rubin 1977; Little & Rubin 2019, section 11.2).

    values: (rows, k), NaN missing at random. Iterates until no standardised parameter moves by more than
    `tolerance`. Errors: an indicator without two different values, or fewer rows than indicators + 2.
    """
    values = as_values(values, names)
    _check_enough(values, names)
    centre, scale = np.nanmean(values, axis=0), np.nanstd(values, axis=0)
    standard = (values - centre) / scale  # keeps the convergence figure and the solves free of units
    patterns = _patterns(standard)
    mean, covariance = np.zeros(len(centre)), np.diag(np.ones(len(centre)))
    iteration, moved = 0, np.inf
    while moved > tolerance and iteration < max_iterations:
        iteration += 1
        filled, scatter = _expect(standard, patterns, mean, covariance)
        new_mean = filled.mean(axis=0)
        deviation = filled - new_mean
        new_covariance = (deviation.T @ deviation + scatter) / len(standard)
        moved = max(np.abs(new_mean - mean).max(), np.abs(new_covariance - covariance).max())
        mean, covariance = new_mean, new_covariance
    filled, _ = _expect(standard, patterns, mean, covariance)
    restored = np.where(np.isnan(values), filled * scale + centre, values)
    return NormalFit(
        mean * scale + centre,
        covariance * np.outer(scale, scale),
        restored,
        iteration,
        bool(moved <= tolerance),
    )


def _check_enough(values: np.ndarray, names) -> None:
    rows, k = values.shape
    flat = ~(np.fmax.reduce(values, axis=0) > np.fmin.reduce(values, axis=0))
    if flat.any():
        where = label(names, first_position(flat))
        raise CompositeError(f"{where} is constant or empty: EM has nothing to estimate; leave it out")
    if rows < k + 2:
        raise CompositeError(
            f"EM over {k} indicators needs at least {k + 2} units, not {rows}: impute in smaller groups"
        )


def _patterns(values: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """(rows, missing columns) for each pattern of gaps."""
    patterns, which = np.unique(np.isnan(values), axis=0, return_inverse=True)
    return [(np.flatnonzero(which.ravel() == p), pattern) for p, pattern in enumerate(patterns)]


def _regression(missing, mean, covariance):
    """Coefficients of missing on observed columns and the residual covariance."""
    seen = ~missing
    if not seen.any():
        return np.zeros((missing.sum(), 0)), covariance
    among, across = covariance[np.ix_(seen, seen)], covariance[np.ix_(missing, seen)]
    coefficients = np.linalg.lstsq(among, across.T, rcond=None)[0].T
    return coefficients, covariance[np.ix_(missing, missing)] - coefficients @ across.T


def _expect(values, patterns, mean, covariance):
    """E step: gaps at their conditional mean, and the summed conditional covariance of the gaps."""
    filled, scatter = values.copy(), np.zeros_like(covariance)
    for rows, missing in patterns:
        if not missing.any():
            continue
        coefficients, residual = _regression(missing, mean, covariance)
        seen = ~missing
        filled[np.ix_(rows, missing)] = mean[missing] + (values[np.ix_(rows, seen)] - mean[seen]) @ coefficients.T
        scatter[np.ix_(missing, missing)] += len(rows) * residual
    return filled, scatter


def multiple_imputation(values, draws: int, rng: np.random.Generator, names=None) -> np.ndarray:
    """Completed copies of the data: (draws, rows, k), observed cells unchanged.

    Each draw fits EM to a bootstrap sample of the rows, so that the uncertainty of mean and covariance enters,
    and draws the gaps from their conditional normal (Honaker & King 2010). Pool estimates with `pool`.
    """
    values = as_values(values, names)
    _check_enough(values, names)
    patterns = _patterns(values)
    copies = np.repeat(values[None], draws, axis=0)
    for copy in copies:
        fit = em_normal(_bootstrap(values, rng, names), tolerance=1e-6, names=names)
        for rows, missing in patterns:
            if missing.any():
                coefficients, residual = _regression(missing, fit.mean, fit.covariance)
                expected = fit.mean[missing] + (values[np.ix_(rows, ~missing)] - fit.mean[~missing]) @ coefficients.T
                noise = rng.standard_normal(expected.shape) @ _root(residual).T
                copy[np.ix_(rows, missing)] = expected + noise
    return copies


def _bootstrap(values, rng, names, tries: int = 100) -> np.ndarray:
    for _ in range(tries):
        sample = values[rng.integers(0, len(values), len(values))]
        if (np.fmax.reduce(sample, axis=0) > np.fmin.reduce(sample, axis=0)).all():
            return sample
    raise CompositeError("resampled rows leave an indicator constant or empty: it has too few values for EM")


def _root(covariance: np.ndarray) -> np.ndarray:
    eigenvalues, vectors = np.linalg.eigh((covariance + covariance.T) / 2)
    return vectors * np.sqrt(np.clip(eigenvalues, 0, None))


def pool(estimates, variances) -> Pooled:
    """Rubin's rules over the leading axis: mean, within + (1 + 1/m) between, and the share of the latter."""
    estimates, variances = np.asarray(estimates, dtype=float), np.asarray(variances, dtype=float)
    if len(estimates) < 2:
        raise CompositeError("pooling needs at least two imputations: draw more")
    between = (1 + 1 / len(estimates)) * estimates.var(axis=0, ddof=1)
    total = variances.mean(axis=0) + between
    with np.errstate(invalid="ignore"):
        return Pooled(estimates.mean(axis=0), total, np.where(total > 0, between / total, 0.0))
