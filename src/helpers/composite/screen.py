"""How much data there is, and which units have enough of it."""

from typing import NamedTuple

import numpy as np

from .errors import SLACK, CompositeError, as_values
from .structure import Structure


class Availability(NamedTuple):
    """Per unit: counts of missing and zero cells, share available, share of the available that is not zero."""

    n_missing: np.ndarray
    n_zero: np.ndarray
    n_missing_or_zero: np.ndarray
    available: np.ndarray
    nonzero: np.ndarray


class Screened(NamedTuple):
    """Per unit: whether data are too few, zeros too many, and whether the unit stays."""

    availability: Availability
    low_data: np.ndarray
    low_nonzero: np.ndarray
    included: np.ndarray


def availability(values) -> Availability:
    """Counts and shares along the last axis; values (..., units, indicators)."""
    values = as_values(values)
    missing = np.isnan(values).sum(axis=-1)
    zero = (values == 0).sum(axis=-1)
    size = values.shape[-1]
    with np.errstate(invalid="ignore"):
        nonzero = 1 - zero / (size - missing)
    return Availability(missing, zero, missing + zero, 1 - missing / size, nonzero)


def screen(values, min_available=2 / 3, min_nonzero=None, keep=(), drop=()) -> Screened:
    """Units with a share of available (and, if asked, of non-zero) cells of at least the limits.

    values: (units, indicators). min_nonzero: None to look at gaps only. keep, drop: positions of units that are
    kept or dropped whatever their data.
    """
    values = as_values(values)
    counted = availability(values)
    low_data = counted.available < min_available - SLACK
    limit = 2 / 3 if min_nonzero is None else min_nonzero
    low_nonzero = ~(counted.nonzero >= limit - SLACK)
    included = ~low_data if min_nonzero is None else ~(low_data | low_nonzero)
    if set(keep) & set(drop):
        raise CompositeError(f"unit {min(set(keep) & set(drop))} is both kept and dropped: name it in one list only")
    included[list(keep)], included[list(drop)] = True, False
    return Screened(counted, low_data, low_nonzero, included)


def availability_by_node(values, structure: Structure) -> np.ndarray:
    """Share of the indicators below each aggregate that is available: (..., units, nodes)."""
    present = ~np.isnan(as_values(values, structure.indicators))
    columns = [[structure.indicators.index(i) for i in structure.leaves(node)] for node in structure.nodes]
    return np.stack([present[..., chosen].mean(axis=-1) for chosen in columns], axis=-1)
