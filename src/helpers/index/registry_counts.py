"""Counts of persons that the registry itself publishes: totals of instances, attendances, reported votes."""

from collections.abc import Iterator, Mapping

import pandas as pd

from helpers.measures.counted import COLUMNS, PERSON_UNITS
from helpers.registry.consistency import FIGURES

REGISTRY = "registry"
"""Stands for the period of a count that is published with every period alike."""

PUBLISHED = {
    "instances": "participants_total",
    "events": "attendance",
    "instance_periods": "participants",
    "participation_counts": "count",
}
"""Tables with counts of persons that are published row by row, all of them or where sources differ."""
KEYS = {"instances": "instance_id", "events": "event_id"}
REPORTED = ("total", "place")
"""Dimensions of participation counts that pages show as they were reported."""
EDITION = ["instance_id", "period", "count_unit", "source_id"]


def registry_counts(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Persons behind the counts that the registry itself publishes, in the form of ``measures.counted``.

    A total that is the sum of its periods, of its parts or of the instances below it is made of their items: whoever
    has all but one of them has that one too.
    """
    named = {name: table for name, table in tables.items() if len(table)}
    yearly = pd.DataFrame(columns=["instance_id", "period", "item", "count"])
    if "instance_periods" in named:
        yearly = _rows("instance_periods", named["instance_periods"], "participants", ["instance_id", "period"])
    parts = [pd.DataFrame(columns=COLUMNS)]
    if len(yearly):
        rows = yearly[differing("instance_periods", named["instance_periods"])[yearly.index]]
        names = rows["item"].str.removesuffix(":participants")
        parts.append(rows.assign(table="instance_periods", figure="participants", unit_id=names, of=""))
    if "instances" in named:
        parts += _of_instances(named["instances"], yearly)
    if "events" in named:
        parts.append(_of_events(named["events"]))
    if "participation_counts" in named:
        parts.append(_of_reports(named["participation_counts"], yearly))
    frame = pd.concat([one for one in parts if len(one)] or parts, ignore_index=True)
    return frame.assign(part="", category="", level="instance", group="", period=REGISTRY)[["period", *COLUMNS]]


def row_ids(table: str, frame: pd.DataFrame) -> pd.Series:
    """What the rows of a table are called: by their key, else by their place in the clean table."""
    if table in KEYS:
        return frame[KEYS[table]]
    return pd.Series([f"{table}-{place + 1}" for place in range(len(frame))], index=frame.index, dtype="str")


def differing(table: str, frame: pd.DataFrame) -> pd.Series:
    """Rows whose figure another row gives otherwise, or that somebody chose among: pages show them side by side."""
    figure, keys = FIGURES[table]
    several = frame[figure].groupby([frame[key] for key in keys], dropna=False, sort=False).transform("nunique") > 1
    return several | frame["preferred"].notna() if "preferred" in frame else several


def _persons(frame: pd.DataFrame, field: str) -> pd.Series:
    """The counts of persons in a column, without rows that count something else or nothing."""
    unit = frame["count_unit"].fillna(PERSON_UNITS[0]) if "count_unit" in frame else PERSON_UNITS[0]
    counts = frame[field].astype("Float64")
    return counts[counts.notna() & pd.Series(unit, index=frame.index).isin(PERSON_UNITS)]


def _rows(table: str, frame: pd.DataFrame, field: str, names: list[str]) -> pd.DataFrame:
    """The rows that count persons as items, with some of their fields."""
    counts = _persons(frame, field)
    items = row_ids(table, frame)[counts.index] + f":{field}"
    return frame.loc[counts.index, names].assign(item=items, count=counts)


def _of_instances(instances: pd.DataFrame, yearly: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Totals of instances: those without children first, since the total of a parent may be that of its children."""
    named = instances.set_index("instance_id")
    totals = _persons(named, "participants_total")
    children = named.groupby("parent_id").groups
    found = {name: rows[["item", "count"]] for name, rows in yearly.groupby("instance_id")}
    for name in sorted(totals.index, key=lambda one: (one in children, one)):
        below = [found[one] for one in (name, *children.get(name, ())) if one in found]
        if below and sum(rows["count"].sum() for rows in below) == totals[name]:
            items = pd.concat(below, ignore_index=True)
        else:
            items = pd.DataFrame({"item": [f"{name}:participants_total"], "count": [totals[name]]})
        found[name] = items
        yield items.assign(table="instances", figure="participants_total", unit_id=name, of="")


def _of_events(events: pd.DataFrame) -> pd.DataFrame:
    counts, name = _persons(events, "attendance"), events["event_id"]
    items = pd.DataFrame({"item": name[counts.index] + ":attendance", "count": counts, "unit_id": name[counts.index]})
    return items.assign(table="events", figure="attendance", of="")


def _of_reports(counts: pd.DataFrame, yearly: pd.DataFrame) -> pd.DataFrame:
    """Reported totals, each the item of its instance and period where it says the same, and their split by place."""
    rows = _rows("participation_counts", counts, "count", [*EDITION, "dimension"])
    shown = rows["dimension"].isin(REPORTED) | differing("participation_counts", counts)[rows.index]
    rows = rows[shown]
    rows = rows.assign(unit_id=rows["item"].str.removesuffix(":count"))
    same = yearly.rename(columns={"item": "whole"}).drop_duplicates(["instance_id", "period", "count"])
    rows = rows.merge(same, on=["instance_id", "period", "count"], how="left")
    total = rows["dimension"] == "total"
    rows["item"] = rows["item"].mask(total, rows["whole"].fillna(rows["item"]))
    edition, place = pd.MultiIndex.from_frame(rows[EDITION]), rows["dimension"] == "place"
    whole = rows[total].drop_duplicates(EDITION).set_index(EDITION)[["item", "count"]].reindex(edition)
    parts = rows["count"].where(place).groupby([rows[name] for name in EDITION], dropna=False).transform("sum")
    complete = place & (parts == pd.Series(whole["count"].to_numpy(), index=rows.index)).fillna(False)
    of = pd.Series(whole["item"].to_numpy(), index=rows.index).where(complete).fillna("")
    return rows.assign(of=of, table="participation_counts", figure=rows["dimension"])
