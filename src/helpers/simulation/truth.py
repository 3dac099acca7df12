"""The truth: what each indicator is in the latent city, computed from its complete tables and parameters.

An implementation of its own, written from the methodology, so that the measures have something to be held to.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from helpers.simulation import opinions
from helpers.simulation.activity import FINAL_DOCUMENT_DAYS, MINUTES_DAYS
from helpers.simulation.latent import PREFIX, K, World, half_dates
from helpers.simulation.people import DIGITAL, GROUPS, GUARANTEES, LANGUAGE, RULES, SECTORS

COLUMNS = ["period", "indicator", "level", "unit_id", "value", "score", "parameter", "n"]
SURE = ("documented", "verified")
INFLUENCE = {"inform": 0, "consult": 25, "involve": 50, "collaborate": 75, "empower": 100}
CAP = 50
POINTS = {"yes": 1.0, "partly": 0.5, "no": 0.0}
FULL_NOTICE_DAYS = 15
NEAR_METRES = 1_000
LEAST_ANSWERS = 10
THEMES = 13
AGE_GROUP = {"0-12": 0, "13-15": 0, "16-17": 1, "18-29": 1, "30-44": 2, "45-59": 3, "60-74": 4, "75+": 5}
"""The six bands of D2 that the bands of the registry make up."""

Facts = pd.DataFrame
"""Columns instance_id, family, district, x, and parameter where rows were drawn with one."""


def build_truth(world: World) -> pd.DataFrame:
    """True value and score of every indicator for each half-year and year, by city, district and instance.

    Columns: period, indicator, level (city, territory, instance), unit_id, value (in the indicator's unit), score (0
    to 100), parameter (expectation under the generator's parameters, where there is one), n (rows or persons).
    """
    rows: list[dict] = []
    for period in [*world.halves, *map(str, world.size.years)]:
        scene = _Scene(world, period)
        for name, (facts, combine) in _FACTS.items():
            rows += [{"period": period, "indicator": name, **row} for row in _levels(facts(scene), combine, scene)]
        for name, compute in _WHOLES.items():
            rows += [{"period": period, "indicator": name, **row} for row in compute(scene)]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    order = {"city": 0, "territory": 1, "instance": 2}
    key = [frame["period"], frame["indicator"], frame["level"].map(order), frame["unit_id"]]
    frame = frame.iloc[np.lexsort([column.to_numpy() for column in reversed(key)])].reset_index(drop=True)
    return frame.round({"value": 6, "score": 6, "parameter": 6})


class _Scene:
    """The latent tables as one period sees them."""

    def __init__(self, world: World, period: str):
        self.world, self.period = world, period
        self.first, self.last = half_dates(period)
        self.halves = [half for half in world.halves if half.startswith(period)]
        instances = world["instances"]
        sure = instances[instances["verification_status"].isin(SURE) & instances["_leaf"]]
        now = world["periods"][world["periods"]["period"].isin(self.halves)]
        now = now.drop_duplicates("instance_id", keep="last").set_index("instance_id")
        self.sure = sure.set_index("instance_id", drop=False)
        self.active = self.sure[self.sure["instance_id"].isin(now.index)]
        self.now = now.loc[self.active["instance_id"]]
        self.decided = self.active[self.active["_decision"] & (self.active["instance_type"] != "tool")]
        checks = world["checks"][world["checks"]["period"].isin(self.halves)]
        self.checks = checks.drop_duplicates(["instance_id", "item"], keep="last")
        self.districts = world["territories"].query("level == 'district'").set_index("territory_id")["_population"]

    def within(self, days: pd.Series) -> pd.Series:
        """Which days lie in the period."""
        return days.between(self.first, self.last + pd.Timedelta(hours=23, minutes=59))

    def rows(self, table: str, decided: bool) -> pd.DataFrame:
        """Rows of a table that may count, whatever the state of their instance, with its family."""
        who = self.sure
        if decided:
            who = who[who["_decision"] & (who["instance_type"] != "tool")]
        frame = self.world[table]
        frame = frame[frame["instance_id"].isin(who["instance_id"])]
        return frame.assign(family=frame["instance_id"].map(who["_family"]))


def _of_instances(instances: pd.DataFrame, values: pd.Series) -> Facts:
    """One fact per instance."""
    who = instances.loc[values.index]
    columns = {"instance_id": who.index, "family": who["_family"].to_numpy(), "district": who["_district"].to_numpy()}
    return pd.DataFrame({**columns, "x": values.to_numpy(dtype=float)})


def _of_rows(frame: pd.DataFrame, x: pd.Series | np.ndarray, parameter: str | None = None) -> Facts:
    """One fact per row of a table."""
    columns = {name: frame[name].to_numpy() for name in ("instance_id", "family")}
    facts = pd.DataFrame({**columns, "district": frame["_district"].to_numpy(), "x": np.asarray(x, dtype=float)})
    return facts.assign(parameter=100 * frame[parameter].to_numpy()) if parameter else facts


def _influence(scene: _Scene) -> Facts:
    asked = scene.decided[scene.decided["method_oecd"] != "information"]
    now = scene.now.loc[asked["instance_id"]]
    points = now["influence_level"].map(INFLUENCE)
    return _of_instances(scene.active, points.where(now["influence_evidence_id"].notna(), points.clip(upper=CAP)))


def _reasoned(scene: _Scene) -> Facts:
    frame = scene.rows("proposals", decided=True)
    frame = frame[scene.within(frame["_answer_due"]) & ~frame["answer_type"].isin(["withdrawn", "merged"])]
    return _of_rows(frame, 100 * frame["_reasoned"].astype(float), "_parameter")


def _fulfilled(scene: _Scene) -> Facts:
    frame = scene.rows("outputs", decided=True)
    frame = frame[scene.within(frame["first_due_date"])]
    done = (frame["delivered_at"] <= scene.last) & frame["evidence_id"].notna()
    return _of_rows(frame, 100 * done, "_parameter")


def _rules(scene: _Scene) -> Facts:
    starts = scene.active["start_date"].mask(scene.active["recurrence"] == "permanent", scene.first)
    checks = scene.checks[scene.checks["item"].isin(RULES)]
    early = (checks["answer"] == "yes") & (checks["public_since"] < checks["instance_id"].map(starts))
    return _checklist(scene, scene.decided, checks.assign(x=early.astype(float)))


def _checklist(scene: _Scene, who: pd.DataFrame, checks: pd.DataFrame) -> Facts:
    """Mean of the items of each instance, in percent."""
    checks = checks[checks["instance_id"].isin(who["instance_id"]) & checks["x"].notna()]
    return _of_instances(scene.active, 100 * checks.groupby("instance_id")["x"].mean())


def _items(scene: _Scene, items: tuple[str, ...]) -> pd.DataFrame:
    checks = scene.checks[scene.checks["item"].isin(items)]
    return checks.assign(x=checks["answer"].map(POINTS))


def _published(scene: _Scene) -> Facts:
    """Final documents of what ended and minutes of permanent bodies whose term runs out in the period; by instance."""
    ended = scene.rows("instances", decided=True)
    ended = ended[
        scene.within(ended["end_date"] + pd.Timedelta(days=FINAL_DOCUMENT_DAYS)) & (ended["status"] != "cancelled")
    ]
    days = (ended["final_document_published_at"] - ended["end_date"]).dt.days
    documents = _of_rows(ended, 100 * (days <= FINAL_DOCUMENT_DAYS))
    events = scene.rows("events", decided=True)
    permanent = events["instance_id"].map(scene.sure["recurrence"]) == "permanent"
    held = events["ends_at"].dt.normalize()
    events = events[permanent & scene.within(held + pd.Timedelta(days=MINUTES_DAYS))]
    days = (events["minutes_published_at"] - events["ends_at"].dt.normalize()).dt.days
    minutes = _of_rows(events, 100 * (days <= MINUTES_DAYS))
    minutes["district"] = minutes["instance_id"].map(scene.sure["_district"])
    return pd.concat([documents, minutes], ignore_index=True)


def _guarantees(scene: _Scene) -> Facts:
    return _checklist(scene, scene.decided, _items(scene, GUARANTEES))


def _sectors(scene: _Scene) -> Facts:
    forums = scene.decided[scene.decided["instance_type"].isin(["space", "table"])]
    present = scene.now.loc[forums["instance_id"], "sectors_present"]
    return _of_instances(scene.active, 100 * present.str.split(";").str.len() / len(SECTORS))


def _groups(scene: _Scene) -> Facts:
    """Half for an effort, half for the presence of at least K persons, over the six groups."""
    counts = scene.world["counts"]
    counts = counts[counts["period"].isin(scene.halves) & (counts["dimension"] == "target_group")]
    persons = counts.groupby(["instance_id", "category"])["count"].sum()
    checks = _items(scene, tuple(f"effort_{group}" for group in GROUPS))
    group = checks["item"].str.removeprefix("effort_")
    found = persons.reindex(pd.MultiIndex.from_arrays([checks["instance_id"], group])).to_numpy()
    return _checklist(scene, scene.decided, checks.assign(x=(checks["x"] + (found >= K)) / 2))


def _channels(scene: _Scene) -> Facts:
    asked = scene.active[scene.active["instance_type"] != "tool"]
    number = scene.now.loc[asked["instance_id"], "channels_complete"].str.split(";").str.len()
    return _of_instances(scene.active, 100 * (number >= 2))


def _events(scene: _Scene) -> pd.DataFrame:
    frame = scene.rows("events", decided=False)
    return frame[scene.within(frame["starts_at"]) & frame["public"].astype(bool)]


def _step_free(scene: _Scene) -> Facts:
    frame = _events(scene)
    frame = frame[frame["mode"].isin(["in_person", "hybrid"])]
    venues = scene.world["venues"].set_index("venue_id")
    open_to_all = (venues["step_free"] & venues["accessible_toilet"]).astype(float)
    return _of_rows(frame, 100 * frame["venue_id"].map(open_to_all))


def _times(scene: _Scene) -> Facts:
    frame = _events(scene)
    cared = frame["childcare"].astype(bool) | frame["instance_id"].map(scene.now["worklife_conciliation"]).fillna(
        False
    ).astype(bool)
    fits = frame["_outside_hours"].astype(bool) | (frame["mode"] == "async")
    return _of_rows(frame, 50 * cared.astype(float) + 50 * fits.astype(float))


def _plain(scene: _Scene) -> Facts:
    return _checklist(scene, scene.active, _items(scene, (*DIGITAL, *LANGUAGE)))


def _notice(scene: _Scene) -> Facts:
    frame = _events(scene)
    frame = frame[frame["mode"] != "async"]
    return _of_rows(frame, (frame["starts_at"].dt.normalize() - frame["announced_at"]).dt.days.clip(lower=0))


def _families(facts: Facts) -> float:
    """Mean over families of the mean over their instances of the mean over their rows."""
    by_instance = facts.groupby(["family", "instance_id"])["x"].mean()
    return float(by_instance.groupby("family").mean().mean())


def _pooled(facts: Facts) -> float:
    return float(facts["x"].mean())


def _median(facts: Facts) -> float:
    return float(facts["x"].median())


_FACTS: dict[str, tuple[Callable[[_Scene], Facts], Callable[[Facts], float]]] = {
    "Q1": (_influence, _families),
    "Q2": (_reasoned, _pooled),
    "Q3": (_fulfilled, _pooled),
    "Q4": (_rules, _families),
    "Q5": (_published, _families),
    "Q6": (_guarantees, _families),
    "D4": (_sectors, _families),
    "D5": (_groups, _families),
    "A1": (_channels, _families),
    "A2": (_step_free, _pooled),
    "A3": (_times, _pooled),
    "A4": (_plain, _families),
    "A5": (_notice, _median),
}


def _levels(facts: Facts, combine: Callable[[Facts], float], scene: _Scene) -> list[dict]:
    """City, districts and instances; what belongs to no district enters the city only."""
    is_days = combine is _median
    units = [("city", PREFIX, facts)]
    units += [("territory", key, facts[facts["district"] == key]) for key in scene.districts.index]
    rows = [
        _row(level, key, combine(part), len(part), _parameter(part), is_days) for level, key, part in units if len(part)
    ]
    alone = facts.assign(parameter=facts.get("parameter", np.nan)).groupby("instance_id")
    single = alone.agg(x=("x", "median" if is_days else "mean"), n=("x", "size"), parameter=("parameter", "mean"))
    return rows + [_row("instance", key, *row, is_days) for key, *row in single.itertuples()]


def _parameter(part: Facts) -> float:
    return float(part["parameter"].mean()) if "parameter" in part else np.nan


def _row(level: str, key: str, value: float, n: int, parameter: float, is_days: bool) -> dict:
    score = 100 * min(max(value / FULL_NOTICE_DAYS, 0), 1) if is_days else value
    return _entry(level, key, value, score, n, parameter)


def _entry(level: str, key: str, value: float, score: float, n: int, parameter: float = np.nan) -> dict:
    return {"level": level, "unit_id": key, "value": value, "score": score, "parameter": parameter, "n": int(n)}


def _areas(scene: _Scene) -> list[tuple[str, str, pd.DataFrame]]:
    """City and districts with the instances whose participants they compare."""
    who = scene.decided
    return [("city", PREFIX, who), *[("territory", key, who[who["_district"] == key]) for key in scene.districts.index]]


def _counts(scene: _Scene, dimension: str, who: pd.DataFrame) -> pd.DataFrame:
    counts = scene.world["counts"]
    chosen = (counts["dimension"] == dimension) & counts["period"].isin(scene.halves)
    return counts[chosen & counts["instance_id"].isin(who["instance_id"])]


def _population(scene: _Scene, dimension: str, unit: str) -> pd.Series:
    people = scene.world["reference_population"]
    people = people[(people["dimension"] == dimension) & (people["territory_id"] == unit)]
    return people.set_index("category")["population"]


def _gender(scene: _Scene) -> list[dict]:
    """100 min(p / q, (1 - p) / (1 - q)) of the women among women and men."""
    rows = []
    for level, key, who in _areas(scene):
        counts = _counts(scene, "gender", who).groupby("category")["count"].sum()
        women, men = counts.get("woman", 0), counts.get("man", 0)
        if women + men:
            people = _population(scene, "gender", key)
            p, q = women / (women + men), people["woman"] / (people["woman"] + people["man"])
            score = 100 * min(p / q, (1 - p) / (1 - q))
            rows.append(_entry(level, key, score, score, women + men))
    return rows


def _age(scene: _Scene) -> list[dict]:
    """Overlap with the population of the ages that each instance admits."""
    rows = []
    for level, key, who in _areas(scene):
        counts = _counts(scene, "age_band", who)
        counts = counts[counts["category"].isin(AGE_GROUP)]
        by_instance = counts.groupby("instance_id")["count"].sum()
        if by_instance.sum() == 0:
            continue
        people = _population(scene, "age_band", key)
        expected = sum(n * _admitted(people, scene.now.loc[one]) for one, n in by_instance.items())
        found = counts.groupby(counts["category"].map(AGE_GROUP))["count"].sum().reindex(range(6), fill_value=0)
        score = overlap(found.to_numpy(dtype=float), expected)
        rows.append(_entry(level, key, score, score, by_instance.sum()))
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


def _residence(scene: _Scene) -> list[dict]:
    counts = _counts(scene, "residence", scene.decided)
    found = counts[counts["category"] == "within_city"].groupby("territory_id")["count"].sum()
    found = found.reindex(scene.districts.index, fill_value=0).to_numpy(dtype=float)
    if not found.sum():
        return []
    score = overlap(found, scene.districts.to_numpy(dtype=float))
    return [_entry("city", PREFIX, score, score, found.sum())]


def _plurality(scene: _Scene) -> list[dict]:
    """Mean of the share of themes covered and of the families not of the state alone, half of them being full."""
    offer = scene.active[scene.active["instance_type"] != "tool"]
    if offer.empty:
        return []
    themes = 100 * offer["theme_primary"].nunique() / THEMES
    others = offer.assign(x=(offer["promoter_type"] != "state").astype(float)).groupby("_family")["x"].mean().mean()
    score = 0.5 * themes + 0.5 * 100 * min(others / 0.5, 1)
    return [_entry("city", PREFIX, score, score, len(offer))]


def _proximity(scene: _Scene) -> list[dict]:
    """People within 1,000 metres of at least two public meetings that ten or more attended."""
    events = _events(scene)
    events = events[events["mode"].isin(["in_person", "hybrid"]) & (events["attendance"] >= 10)]
    blocks = scene.world["territories"].query("level == 'block'")
    east = blocks["_x"].to_numpy()[:, None] - events["_x"].to_numpy()
    north = blocks["_y"].to_numpy()[:, None] - events["_y"].to_numpy()
    near = (np.hypot(east, north) <= NEAR_METRES).sum(axis=1) >= 2
    people = blocks["_population"].to_numpy(dtype=float)
    rows = []
    for level, key in [("city", PREFIX), *[("territory", key) for key in scene.districts.index]]:
        here = np.ones(len(blocks), dtype=bool) if level == "city" else (blocks["_district"] == key).to_numpy()
        score = float(100 * (people * near)[here].sum() / people[here].sum())
        rows.append(_entry(level, key, score, score, len(events)))
    return rows


def _satisfaction(item: str, top_two: bool = False) -> Callable[[_Scene], list[dict]]:
    """A survey item: families' mean of the means of instances with ten answers or more."""

    def compute(scene: _Scene) -> list[dict]:
        frame = scene.rows("responses", decided=True)
        frame = frame[scene.within(frame["responded_at"]) & (frame["respondent_kind"] == "participant")]
        frame = frame[frame.groupby("instance_id")["instance_id"].transform("size") >= LEAST_ANSWERS]
        frame = frame.assign(_district=frame["instance_id"].map(scene.sure["_district"]))
        points = 100.0 * (frame[item] >= 4) if top_two else 25.0 * (frame[item] - 1)
        expected = {mean: _expected(mean, top_two) for mean in frame[f"_mean_{item}"].unique()}
        facts = _of_rows(frame, points).assign(parameter=frame[f"_mean_{item}"].map(expected).to_numpy())
        rows = _levels(facts, _families, scene)
        by_parameter = _levels(facts.assign(x=facts["parameter"]), _families, scene)
        return [{**row, "parameter": other["value"]} for row, other in zip(rows, by_parameter, strict=True)]

    return compute


def _expected(mean: float, top_two: bool) -> float:
    shares = opinions.answer_shares(mean)
    return float(100 * shares[3:].sum()) if top_two else float(25 * (shares @ np.arange(5)))


_WHOLES: dict[str, Callable[[_Scene], list[dict]]] = {
    "D1": _gender,
    "D2": _age,
    "D3": _residence,
    "D6": _plurality,
    "A6": _proximity,
    "S1": _satisfaction("s_overall"),
    "S2": _satisfaction("s_influence"),
    "S3": _satisfaction("s_respect"),
    "S4": _satisfaction("s_information"),
    "S5": _satisfaction("s_return", top_two=True),
}
