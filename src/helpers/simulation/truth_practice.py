"""The truth of what is done: quality and accessibility."""

import numpy as np
import pandas as pd

from helpers.simulation.activity import FINAL_DOCUMENT_DAYS, MINUTES_DAYS
from helpers.simulation.latent import CITY_ID
from helpers.simulation.people import DIGITAL, GUARANTEES, LANGUAGE, RULES
from helpers.simulation.scene import Facts, Scene, entry, of_instances, of_rows

INFLUENCE = {"inform": 0, "consult": 25, "involve": 50, "collaborate": 75, "empower": 100}
CAP = 50
"""Points of a level of influence, and how many it may have without evidence."""

POINTS = {"yes": 1.0, "partly": 0.5, "no": 0.0}
NEAR_METRES = 1_000


def influence(scene: Scene) -> Facts:
    asked = scene.decided[scene.decided["method_oecd"] != "information"]
    now = scene.now.loc[asked["instance_id"]]
    points = now["influence_level"].map(INFLUENCE)
    return of_instances(scene.active, points.where(now["influence_evidence_id"].notna(), points.clip(upper=CAP)))


def reasoned(scene: Scene) -> Facts:
    frame = scene.rows("proposals", decided=True)
    frame = frame[scene.within(frame["_answer_due"]) & ~frame["answer_type"].isin(["withdrawn", "merged"])]
    return of_rows(frame, 100 * frame["_reasoned"].astype(float), "_parameter")


def fulfilled(scene: Scene) -> Facts:
    frame = scene.rows("outputs", decided=True)
    frame = frame[scene.within(frame["first_due_date"])]
    done = (frame["delivered_at"] <= scene.last) & frame["evidence_id"].notna()
    return of_rows(frame, 100 * done, "_parameter")


def rules(scene: Scene) -> Facts:
    starts = scene.active["start_date"].mask(scene.active["recurrence"] == "permanent", scene.first)
    checks = scene.checks[scene.checks["item"].isin(RULES)]
    early = (checks["answer"] == "yes") & (checks["public_since"] < checks["instance_id"].map(starts))
    return checklist(scene, scene.decided, checks.assign(x=early.astype(float)))


def checklist(scene: Scene, who: pd.DataFrame, checks: pd.DataFrame) -> Facts:
    """Mean of the items of each instance, in percent."""
    checks = checks[checks["instance_id"].isin(who["instance_id"]) & checks["x"].notna()]
    return of_instances(scene.active, 100 * checks.groupby("instance_id")["x"].mean())


def items(scene: Scene, items: tuple[str, ...]) -> pd.DataFrame:
    checks = scene.checks[scene.checks["item"].isin(items)]
    return checks.assign(x=checks["answer"].map(POINTS))


def published(scene: Scene) -> Facts:
    """Final documents of what ended and minutes of permanent bodies whose term runs out in the period; by instance."""
    ended = scene.rows("instances", decided=True)
    ended = ended[scene.within(ended["end_date"] + pd.Timedelta(days=FINAL_DOCUMENT_DAYS))]
    days = (ended["final_document_published_at"] - ended["end_date"]).dt.days
    documents = of_rows(ended, 100 * (days <= FINAL_DOCUMENT_DAYS))
    events = scene.rows("events", decided=True)
    permanent = events["instance_id"].map(scene.sure["recurrence"]) == "permanent"
    held = events["ends_at"].dt.normalize()
    events = events[permanent & scene.within(held + pd.Timedelta(days=MINUTES_DAYS))]
    days = (events["minutes_published_at"] - events["ends_at"].dt.normalize()).dt.days
    minutes = of_rows(events, 100 * (days <= MINUTES_DAYS))
    minutes["district"] = minutes["instance_id"].map(scene.sure["_district"])
    return pd.concat([documents, minutes], ignore_index=True)


def guarantees(scene: Scene) -> Facts:
    return checklist(scene, scene.decided, items(scene, GUARANTEES))


def channels(scene: Scene) -> Facts:
    asked = scene.active[scene.active["instance_type"] != "tool"]
    number = scene.now.loc[asked["instance_id"], "channels_complete"].str.split(";").str.len()
    return of_instances(scene.active, 100 * (number >= 2))


def _events(scene: Scene) -> pd.DataFrame:
    frame = scene.rows("events", decided=False)
    return frame[scene.within(frame["starts_at"]) & frame["public"].astype(bool)]


def step_free(scene: Scene) -> Facts:
    frame = _events(scene)
    frame = frame[frame["mode"].isin(["in_person", "hybrid"])]
    venues = scene.world["venues"].set_index("venue_id")
    open_to_all = (venues["step_free"] & venues["accessible_toilet"]).astype(float)
    return of_rows(frame, 100 * frame["venue_id"].map(open_to_all))


def times(scene: Scene) -> Facts:
    frame = _events(scene)
    arranged = frame["instance_id"].map(scene.now["worklife_conciliation"].to_dict())
    cared = frame["childcare"].astype(bool) | arranged.isin([True])
    fits = frame["_outside_hours"].astype(bool) | (frame["mode"] == "async")
    return of_rows(frame, 50 * cared.astype(float) + 50 * fits.astype(float))


def plain(scene: Scene) -> Facts:
    return checklist(scene, scene.active, items(scene, (*DIGITAL, *LANGUAGE)))


def notice(scene: Scene) -> Facts:
    frame = _events(scene)
    frame = frame[frame["mode"] != "async"]
    return of_rows(frame, (frame["starts_at"].dt.normalize() - frame["announced_at"]).dt.days.clip(lower=0))


def proximity(scene: Scene) -> list[dict]:
    """People within 1,000 metres of two public meetings a year (one in a half-year) that ten or more attended."""
    events = _events(scene)
    events = events[events["mode"].isin(["in_person", "hybrid"]) & (events["attendance"] >= 10)]
    blocks = scene.world.territories("block")
    east = blocks["_x"].to_numpy()[:, None] - events["_x"].to_numpy()
    north = blocks["_y"].to_numpy()[:, None] - events["_y"].to_numpy()
    near = (np.hypot(east, north) <= NEAR_METRES).sum(axis=1) >= len(scene.halves)
    people = blocks["_population"].to_numpy(dtype=float)
    rows = []
    for level, key in [("city", CITY_ID), *[("territory", key) for key in scene.districts.index]]:
        here = np.ones(len(blocks), dtype=bool) if level == "city" else (blocks["_district"] == key).to_numpy()
        score = float(100 * (people * near)[here].sum() / people[here].sum())
        rows.append(entry(level, key, score, score, len(events)))
    return rows
