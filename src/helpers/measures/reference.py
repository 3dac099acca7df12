"""The population that participants are compared with, and the categories in which they are counted.

Ages are brought to single years first: a group such as "15-19" is spread evenly over its years, so that it can be
cut at any band and at the ages that an instance admits.
"""

import re
from collections.abc import Iterable

import numpy as np
import pandas as pd

from helpers.config.indicator import Rows
from helpers.measures.derive import Prepared, as_array

LAST_AGE = 100
"""Single years go from 0 to this one, which stands for itself and everything above."""
NOT_STATED = "not_stated"
_AGES = re.compile(r"^(?P<first>\d{1,3})(?:\s*[-–]\s*(?P<last>\d{1,3})|(?P<open>\s*\+))?$")


def ages_of(label: str) -> np.ndarray | None:
    """Share of each single year in an age group ("16-29", "75+", "8"); None for a label that is no age."""
    match = _AGES.match(str(label).strip())
    if not match:
        return None
    first = min(int(match["first"]), LAST_AGE)
    last = LAST_AGE if match["open"] else min(int(match["last"] or first), LAST_AGE)
    years = np.zeros(LAST_AGE + 1)
    years[first : last + 1] = 1 / (last - first + 1)
    return years


def bands_matrix(edges: Iterable[int]) -> np.ndarray:
    """Which single year lies in which band: (years, bands); bands are half-open, the last goes on."""
    edges = list(edges)
    band = np.searchsorted(edges, np.arange(LAST_AGE + 1), side="right") - 1
    return (band[:, None] == np.arange(len(edges))).astype(float)


def categories_of(rows: Rows, prepared: Prepared) -> pd.DataFrame:
    """Columns label, category, share: how a counted label spreads over the categories; -1 is not stated."""
    if rows.bands:
        labels = prepared.tables[rows.table][rows.field].dropna().unique()
        return _spread(rows, labels)
    names = _names(rows, prepared)
    entries = [(name, position, 1.0) for position, name in enumerate(names)]
    return pd.DataFrame([*entries, (NOT_STATED, -1, 1.0)], columns=["label", "category", "share"])


def _names(rows: Rows, prepared: Prepared) -> list[str]:
    return list(prepared.places.districts) if rows.reference == "territory" else list(rows.categories)


def number_of_categories(rows: Rows, prepared: Prepared) -> int:
    """How many categories the measure compares."""
    return len(rows.bands) or len(_names(rows, prepared))


def _spread(rows: Rows, labels: Iterable[str]) -> pd.DataFrame:
    """Age labels over bands; a label that is not an age, such as not_stated, is not known."""
    matrix = bands_matrix(rows.bands)
    entries = []
    for label in labels:
        years = ages_of(label)
        shares = None if years is None else years @ matrix
        if shares is None:
            entries.append((label, -1, 1.0))
            continue
        entries += [(label, band, share) for band, share in enumerate(shares) if share > 0]
    return pd.DataFrame(entries, columns=["label", "category", "share"])


def expected_shares(rows: Rows, prepared: Prepared, unit: str, instances: list[str]) -> np.ndarray | None:
    """Shares of the categories among those whom each instance admits: (instances, categories).

    None where the reference population of the unit (a territory) is not known.
    """
    table = prepared.raw.get("reference_population")
    if table is None or table.empty:
        return None
    if rows.reference == "territory":
        shares = _by_district(table, prepared)
        return None if shares is None else np.tile(shares, (len(instances), 1))
    people = _people_of(table[table["dimension"] == rows.reference], unit, prepared)
    if people.empty:
        return None
    if not rows.bands:
        counts = people.set_index("category")["population"].groupby(level=0).sum()
        values = as_array(counts.reindex(rows.categories).astype("Float64"))
        usable = not np.isnan(values).any() and values.sum() > 0
        return np.tile(values / values.sum(), (len(instances), 1)) if usable else None
    return _admitted(people, rows, prepared, instances)


def _people_of(table: pd.DataFrame, unit: str, prepared: Prepared) -> pd.DataFrame:
    """People of a territory by category; a city that gives none for itself is the sum of its districts."""
    own = _latest(table[table["territory_id"] == unit], prepared)
    if len(own) or unit != prepared.places.city:
        return own
    parts = _latest(table[table["territory_id"].isin(prepared.places.districts)], prepared)
    complete = set(parts["territory_id"]) == set(prepared.places.districts)
    return parts if complete else parts.iloc[:0]


def _by_district(table: pd.DataFrame, prepared: Prepared) -> np.ndarray | None:
    people = people_by_district(table, prepared)
    return None if people is None else people / people.sum()


def people_by_district(table: pd.DataFrame, prepared: Prepared) -> np.ndarray | None:
    """Inhabitants of every district, in their order; None where those of any are not known."""
    total = _latest(table[table["dimension"] == "total"], prepared).groupby("territory_id")["population"].sum()
    people = as_array(total.reindex(prepared.places.districts).astype("Float64"))
    usable = len(people) > 0 and not np.isnan(people).any() and people.sum() > 0
    return people if usable else None


def _latest(people: pd.DataFrame, prepared: Prepared) -> pd.DataFrame:
    """The newest census that is not younger than the period."""
    if people.empty or "census_year" not in people:
        return people
    past = people[(people["census_year"] <= prepared.period.end.year).fillna(False)]
    return past[past["census_year"] == past["census_year"].max()]


def _admitted(people: pd.DataFrame, rows: Rows, prepared: Prepared, instances: list[str]) -> np.ndarray | None:
    """Bands among the ages from `min_age` to `max_age` of each instance."""
    years = np.zeros(LAST_AGE + 1)
    for label, population in zip(people["category"], as_array(people["population"]), strict=True):
        ages = ages_of(label)
        if ages is not None and not np.isnan(population):
            years += population * ages
    if years.sum() == 0:
        return None
    table = prepared.instances
    first = _limits(table, "min_age", instances, 0)
    last = _limits(table, "max_age", instances, LAST_AGE)
    ages = np.arange(LAST_AGE + 1)
    admitted = years * ((ages >= first[:, None]) & (ages <= last[:, None]))
    in_bands = admitted @ bands_matrix(rows.bands)
    return in_bands / np.maximum(in_bands.sum(axis=1, keepdims=True), 1e-12)


def _limits(table: pd.DataFrame, name: str, instances: list[str], default: int) -> np.ndarray:
    if name not in table:
        return np.full(len(instances), default, dtype=float)
    return as_array(table[name].reindex(instances).astype("Float64").fillna(default))


def random_draw_overlap(shares: np.ndarray, n: float) -> float:
    """What a perfectly random draw of n persons would score on the overlap, E0(n) of C.6, from 0 to 1."""
    if not n:
        return np.nan
    return float(1 - 0.5 * np.sqrt(2 * shares * (1 - shares) / (np.pi * n)).sum())


def random_draw_balance(shares: np.ndarray, n: float) -> float:
    """The same for the balance of two groups: half of the mean deviation counts against each."""
    if not n:
        return np.nan
    q = shares[0]
    deviation = np.sqrt(2 * q * (1 - q) / (np.pi * n))
    return float(1 - deviation / (2 * q * (1 - q)))
