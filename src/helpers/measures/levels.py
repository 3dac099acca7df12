"""The units of a level and the rows that belong to each: the city, its districts, its instances."""

import numpy as np

from helpers.config.method import Method
from helpers.measures.case import Case
from helpers.measures.columns import Facts


def units_of(level: str, case: Case) -> dict[str, np.ndarray]:
    """Positions of the facts of every unit of a level; a unit without any keeps an empty array."""
    prepared, facts = case.prepared, case.facts
    everything = np.arange(0 if facts is None else len(facts))
    if level == "city":
        return {prepared.city.id: everything}
    if level == "territory":
        if facts is None or case.indicator.measure == "coverage":
            return {district: everything for district in prepared.places.districts}
        return _by_district(facts["units"], prepared.places.districts)
    return _by_instance(case)


def _by_district(units: np.ndarray, districts: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Rows of every district; a row of two districts belongs to both."""
    texts, code = np.unique(units.astype(str), return_inverse=True)
    members = {district: [district in text.split(";") for text in texts] for district in districts}
    return {district: np.flatnonzero(np.asarray(member, dtype=bool)[code]) for district, member in members.items()}


def _by_instance(case: Case) -> dict[str, np.ndarray]:
    """Rows of every instance that counts in the period, and of those that have facts in it all the same."""
    found: dict[str, np.ndarray] = {name: np.empty(0, dtype=np.int64) for name in case.active["instance_id"]}
    if case.facts is not None and len(case.facts):
        code = case.facts["instance"]
        order = np.argsort(code, kind="stable")
        codes, starts = np.unique(code[order], return_index=True)
        for number, rows in zip(codes, np.split(order, starts[1:]), strict=True):
            if number >= 0:
                found[case.facts.instances[number]] = rows
    return dict(sorted(found.items()))


def row_weights(facts: Facts, form: str, method: Method) -> np.ndarray:
    """Weight of each row in a form: its own when pooled; else such that every family of instances counts the same.

    Inside a family its instances count the same (or by the root of their rows, capped at four times the smallest,
    where the method says so), and inside an instance its rows by their own weight.
    """
    own = facts["weight"]
    if form == "pooled" or not len(facts):
        return own
    instance = np.unique(facts["instance"], return_inverse=True)[1]
    total = np.bincount(instance, weights=own * facts["count"])
    importance = np.ones(len(total))
    if method.instance_weight == "sqrt_capped":
        root = np.sqrt(np.bincount(instance, weights=facts["count"]))
        importance = np.minimum(root, 4 * root.min())
    if method.family_weight == "equal":
        first = np.unique(instance, return_index=True)[1]
        family = np.unique(facts["family"][first], return_inverse=True)[1]
        importance = importance / np.bincount(family, weights=importance)[family]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(total[instance] > 0, own / total[instance] * importance[instance], 0.0)
