"""Skewness, kurtosis and the univariate statistics of indicators."""

import numpy as np

from .errors import as_values


def moments(values) -> tuple[np.ndarray, np.ndarray]:
    """Bias-corrected skewness G1 and excess kurtosis G2 of each column (Joanes & Gill 1998, "type 2").

    values: (units, columns), NaN left out. NaN where fewer than 3 (G1) or 4 (G2) values, or all values are equal.
    """
    values = np.asarray(values, dtype=float)
    present = ~np.isnan(values)
    n = present.sum(axis=0).astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        filled = values if present.all() else np.where(present, values, 0.0)
        deviation = filled - filled.sum(axis=0) / n
        if filled is not values:
            deviation *= present
        # A second pass takes out the rounding error of the mean, which matters when it is large beside the spread.
        deviation -= deviation.sum(axis=0) / n
        if filled is not values:
            deviation *= present
        square = deviation * deviation
        m2 = square.sum(axis=0) / n
        m3 = np.einsum("ij,ij->j", square, deviation) / n
        m4 = np.einsum("ij,ij->j", square, square) / n
        constant = np.fmax.reduce(values, axis=0) == np.fmin.reduce(values, axis=0)
        skew = m3 / m2**1.5 * np.sqrt(n * (n - 1)) / (n - 2)
        kurt = ((n + 1) * (m4 / m2**2 - 3) + 6) * (n - 1) / ((n - 2) * (n - 3))
    undefined = constant | (m2 == 0)
    return np.where(undefined | (n < 3), np.nan, skew), np.where(undefined | (n < 4), np.nan, kurt)


def statistics(values, names=None) -> dict[str, np.ndarray]:
    """Minimum to kurtosis, availability, zeros and repeated values of each column; values (units, columns).

    std with n - 1. n_unique counts different values, n_same how often the commonest stands. share_available is of
    all units, the other shares are of the available.
    """
    values = as_values(values, names)
    units = len(values)
    skew, kurt = moments(values)
    available = (~np.isnan(values)).sum(axis=0)
    nonzero = ((values != 0) & ~np.isnan(values)).sum(axis=0)
    unique, same = np.array([_repetition(column) for column in values.T]).reshape(-1, 2).T
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt(np.nansum((values - np.nanmean(values, axis=0)) ** 2, axis=0) / (available - 1))
        return {
            "min": np.fmin.reduce(values, axis=0),
            "max": np.fmax.reduce(values, axis=0),
            "mean": np.nanmean(values, axis=0),
            "median": np.nanmedian(values, axis=0),
            "std": spread,
            "skewness": skew,
            "kurtosis": kurt,
            "n_available": available,
            "n_nonzero": nonzero,
            "n_unique": unique,
            "n_same": same,
            "share_available": available / units,
            "share_nonzero": nonzero / available,
            "share_unique": unique / available,
            "share_same": same / available,
        }


def _repetition(column: np.ndarray) -> tuple[int, int]:
    _, counts = np.unique(column[~np.isnan(column)], return_counts=True)
    return len(counts), int(counts.max(initial=0))


def statistic_flags(found: dict[str, np.ndarray], available=0.65, nonzero=0.5, unique=0.5, skewness=2.0, kurtosis=3.5):
    """Which columns have few data, many zeros, few different values, outliers; `found` is from `statistics`."""
    return {
        "available": found["share_available"] < available,
        "nonzero": found["share_nonzero"] < nonzero,
        "unique": found["share_unique"] < unique,
        "outliers": (np.abs(found["skewness"]) > skewness) & (found["kurtosis"] > kurtosis),
    }
