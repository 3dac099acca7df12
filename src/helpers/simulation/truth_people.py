"""The truth of who takes part and what they think: diversity and satisfaction."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from helpers.simulation import opinions
from helpers.simulation.latent import CITY_ID, K_SENSITIVE, PREFIX, K
from helpers.simulation.people import GROUPS, SECTORS
from helpers.simulation.scene import Facts, Scene, entry, families, levels, of_instances, of_rows
from helpers.simulation.truth_practice import checklist, items

LEAST_ANSWERS = 10
"""Answers from which on an instance enters the mean."""

THEMES = 13
SENSITIVE = ("persons_with_disability", "migrants")
AGE_GROUP = {"0-12": 0, "13-15": 0, "16-17": 1, "18-29": 1, "30-44": 2, "45-59": 3, "60-74": 4, "75+": 5}
"""The six bands of D2 that the bands of the registry make up."""


def sectors(scene: Scene) -> Facts:
    forums = scene.decided[scene.decided["instance_type"].isin(["space", "table"])]
    present = scene.now.loc[forums["instance_id"], "sectors_present"]
    return of_instances(scene.active, 100 * present.str.split(";").str.len() / len(SECTORS))


def groups(scene: Scene) -> Facts:
    """Half for an effort, half for the presence of at least K persons (K_SENSITIVE), over the six groups."""
    counts = scene.world["counts"]
    counts = counts[counts["period"].isin(scene.halves) & (counts["dimension"] == "target_group")]
    persons = counts.groupby(["instance_id", "category"])["count"].sum()
    checks = items(scene, tuple(f"effort_{group}" for group in GROUPS))
    group = checks["item"].str.removeprefix("effort_")
    found = persons.reindex(pd.MultiIndex.from_arrays([checks["instance_id"], group])).to_numpy()
    least = np.where(group.isin(SENSITIVE), K_SENSITIVE, K)
    return checklist(scene, scene.decided, checks.assign(x=(checks["x"] + (found >= least)) / 2))


def _areas(scene: Scene) -> list[tuple[str, str, pd.DataFrame]]:
    """City and districts with the instances whose participants they compare."""
    who = scene.decided
    return [
        ("city", CITY_ID, who),
        *[("territory", key, who[who["_district"] == key]) for key in scene.districts.index],
    ]


def _counts(scene: Scene, dimension: str, who: pd.DataFrame) -> pd.DataFrame:
    counts = scene.world["counts"]
    chosen = (counts["dimension"] == dimension) & counts["period"].isin(scene.halves)
    return counts[chosen & counts["instance_id"].isin(who["instance_id"])]


def _population(scene: Scene, dimension: str, level: str, key: str) -> pd.Series:
    people = scene.world["reference_population"]
    people = people[
        (people["dimension"] == dimension) & (people["territory_id"] == (PREFIX if level == "city" else key))
    ]
    return people.set_index("category")["population"]


def gender(scene: Scene) -> list[dict]:
    """100 min(p / q, (1 - p) / (1 - q)) of the women among women and men."""
    rows = []
    for level, key, who in _areas(scene):
        counts = _counts(scene, "gender", who).groupby("category")["count"].sum()
        women, men = counts.get("woman", 0), counts.get("man", 0)
        if women + men:
            people = _population(scene, "gender", level, key)
            p, q = women / (women + men), people["woman"] / (people["woman"] + people["man"])
            score = 100 * min(p / q, (1 - p) / (1 - q))
            rows.append(entry(level, key, score, score, women + men))
    return rows


def age(scene: Scene) -> list[dict]:
    """Overlap with the population of the ages that each instance admits."""
    rows = []
    for level, key, who in _areas(scene):
        counts = _counts(scene, "age_band", who)
        counts = counts[counts["category"].isin(AGE_GROUP)]
        by_instance = counts.groupby("instance_id")["count"].sum()
        if by_instance.sum() == 0:
            continue
        people = _population(scene, "age_band", level, key)
        expected = sum(n * _admitted(people, scene.now.loc[one]) for one, n in by_instance.items())
        found = counts.groupby(counts["category"].map(AGE_GROUP))["count"].sum().reindex(range(6), fill_value=0)
        score = overlap(found.to_numpy(dtype=float), expected)
        rows.append(entry(level, key, score, score, by_instance.sum()))
    return rows


def _admitted(people: pd.Series, now: pd.Series) -> np.ndarray:
    """Shares of the six bands among the ages admitted."""
    first = 0 if pd.isna(now["min_age"]) else now["min_age"]
    last = 200 if pd.isna(now["max_age"]) else now["max_age"]
    bands = np.zeros(6)
    for band, count in people.items():
        if first <= int(band.rstrip("+").split("-")[0]) <= last:
            bands[AGE_GROUP[band]] += count
    return bands / bands.sum()


def overlap(found: np.ndarray, expected: np.ndarray) -> float:
    """100 (1 - half the sum of the differences) of two compositions."""
    return float(100 * (1 - 0.5 * np.abs(found / found.sum() - expected / expected.sum()).sum()))


def residence(scene: Scene) -> list[dict]:
    counts = _counts(scene, "residence", scene.decided)
    found = counts[counts["category"] == "within_city"].groupby("territory_id")["count"].sum()
    found = found.reindex(scene.districts.index, fill_value=0).to_numpy(dtype=float)
    if not found.sum():
        return []
    score = overlap(found, scene.districts.to_numpy(dtype=float))
    return [entry("city", CITY_ID, score, score, found.sum())]


def plurality(scene: Scene) -> list[dict]:
    """Mean of the share of themes covered and of the families not of the state alone, half of them being full."""
    offer = scene.active[scene.active["instance_type"] != "tool"]
    if offer.empty:
        return []
    themes = 100 * offer["theme_primary"].nunique() / THEMES
    others = offer.assign(x=(offer["promoter_type"] != "state").astype(float)).groupby("_family")["x"].mean().mean()
    score = 0.5 * themes + 0.5 * 100 * min(others / 0.5, 1)
    return [entry("city", CITY_ID, score, score, len(offer))]


def satisfaction(item: str, top_two: bool = False) -> Callable[[Scene], list[dict]]:
    """A survey item: families' mean of the means of instances with ten answers or more."""

    def compute(scene: Scene) -> list[dict]:
        frame = scene.rows("responses", decided=True)
        frame = frame[scene.within(frame["responded_at"]) & (frame["respondent_kind"] == "participant")]
        frame = frame[frame.groupby("instance_id")["instance_id"].transform("size") >= LEAST_ANSWERS]
        frame = frame.assign(_district=frame["instance_id"].map(scene.sure["_district"]))
        points = 100.0 * (frame[item] >= 4) if top_two else 25.0 * (frame[item] - 1)
        expected = {mean: _expected(mean, top_two) for mean in frame[f"_mean_{item}"].unique()}
        facts = of_rows(frame, points).assign(parameter=frame[f"_mean_{item}"].map(expected).to_numpy())
        rows = levels(facts, families, scene)
        by_parameter = levels(facts.assign(x=facts["parameter"]), families, scene)
        return [{**row, "parameter": other["value"]} for row, other in zip(rows, by_parameter, strict=True)]

    return compute


def _expected(mean: float, top_two: bool) -> float:
    shares = opinions.answer_shares(mean)
    return float(100 * shares[3:].sum()) if top_two else float(25 * (shares @ np.arange(5)))
