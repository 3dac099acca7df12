"""Age bands: ages in years to bands, and population by other age ranges summed into the bands."""

import re

import numpy as np
import pandas as pd

FINE_BANDS = ("0-12", "13-15", "16-17", "18-29", "30-44", "45-59", "60-74", "75+")
"""Bands of people counted: 13 and 16 are ages of eligibility."""

REFERENCE_BANDS = ("0-15", "16-29", "30-44", "45-59", "60-74", "75+")
"""Bands in which composition is compared with the population."""

OLDEST = 130
"""An open range ("95 o más") is taken to end here; it never straddles a band."""


def band_starts(bands: tuple[str, ...]) -> np.ndarray:
    """First age of each band."""
    return np.array([int(re.match(r"\d+", band)[0]) for band in bands])


def band_of_ages(ages: pd.Series, bands: tuple[str, ...] = FINE_BANDS) -> pd.Series:
    """The band of each age in whole years; missing where the age is missing or below 0."""
    position = np.searchsorted(band_starts(bands), ages.fillna(-1), side="right") - 1
    names = pd.Series([*bands, None], dtype="str")
    return names.reindex(position).set_axis(ages.index).where((ages >= 0).fillna(False).astype(bool))


def age_range(label: str) -> tuple[int, int] | None:
    """First and last age that a header such as ``15-19``, ``95 o más`` or ``Under 5`` names."""
    numbers = [int(text) for text in re.findall(r"\d+", label)]
    if len(numbers) >= 2 and numbers[0] <= numbers[1] <= OLDEST:
        return numbers[0], numbers[1]
    if len(numbers) != 1 or numbers[0] > OLDEST:
        return None
    if re.search(r"\+|m[aá]s|older|over|oltre|pi[uù]|m[eé]s|above", label, re.IGNORECASE):
        return numbers[0], OLDEST
    if re.search(r"under|menos|menor|below|meno|fins", label, re.IGNORECASE):
        return 0, numbers[0] - 1
    return numbers[0], numbers[0]


def band_shares(label: str, bands: tuple[str, ...] = REFERENCE_BANDS) -> dict[str, float]:
    """The share of an age range that falls in each band, every year of age weighing the same; empty for no range."""
    limits = age_range(label)
    if limits is None:
        return {}
    starts = band_starts(bands)
    if limits[1] == OLDEST:
        limits = (limits[0], max(limits[0], int(starts[-1])))
    years = np.arange(limits[0], limits[1] + 1)
    positions, counts = np.unique(np.searchsorted(starts, years, side="right") - 1, return_counts=True)
    return {bands[position]: float(count / len(years)) for position, count in zip(positions, counts, strict=True)}
