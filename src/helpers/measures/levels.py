"""The units of a level and the rows that belong to each: the city, its districts, its instances."""

import numpy as np
import pandas as pd

from helpers.config.indicator import Indicator
from helpers.measures.derive import Prepared
from helpers.measures.facts import eligible_instances


def units_of(level: str, indicator: Indicator, prepared: Prepared, facts: pd.DataFrame) -> dict[str, np.ndarray]:
    """Positions of the facts of every unit of a level; a unit without any keeps an empty array."""
    everything = np.arange(len(facts))
    if level == "city":
        return {prepared.city.id: everything}
    if level == "territory":
        if indicator.measure == "coverage":
            return {district: everything for district in prepared.places.districts}
        return _by_district(facts["units"], prepared.places.districts)
    return _by_instance(facts["instance_id"], indicator, prepared)


def _by_district(units: pd.Series, districts: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Rows of every district; a row of two districts belongs to both."""
    parts = units.str.split(";").explode()
    positions = pd.Series(np.arange(len(units)), index=units.index).loc[parts.index].to_numpy()
    names = parts.to_numpy()
    return {district: positions[names == district] for district in districts}


def _by_instance(instances: pd.Series, indicator: Indicator, prepared: Prepared) -> dict[str, np.ndarray]:
    """Rows of every instance that counts in the period, and of those that have facts in it all the same."""
    eligible = eligible_instances(indicator, prepared)
    active = eligible.loc[eligible["active"].astype(bool) & eligible["leaf"].astype(bool), "instance_id"]
    grouped = instances.reset_index(drop=True).groupby(instances.to_numpy(), sort=False).indices
    names = sorted({*active, *(name for name in grouped if isinstance(name, str) and name)})
    return {name: np.asarray(grouped.get(name, []), dtype=np.int64) for name in names}


def row_weights(facts: pd.DataFrame, form: str, prepared: Prepared) -> np.ndarray:
    """Weight of each row in a form: its own when pooled; else such that every family of instances counts the same.

    Inside a family its instances count the same (or by the root of their rows, capped at four times the smallest,
    where the method says so), and inside an instance its rows by their own weight.
    """
    own = facts["weight"].to_numpy(dtype=float)
    if form == "pooled" or facts.empty:
        return own
    amount = own * facts["count"].to_numpy(dtype=float)
    instance = pd.factorize(facts["instance_id"].fillna(""))[0]
    total = np.bincount(instance, weights=amount)
    importance = np.ones(len(total))
    if prepared.method.instance_weight == "sqrt_capped":
        root = np.sqrt(np.bincount(instance, weights=facts["count"].to_numpy(dtype=float)))
        importance = np.minimum(root, 4 * root.min())
    if prepared.method.family_weight == "equal":
        first = np.unique(instance, return_index=True)[1]
        family = pd.factorize(facts["family"].fillna(""))[0][first]
        importance = importance / np.bincount(family, weights=importance)[family]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(total[instance] > 0, own / total[instance] * importance[instance], 0.0)
