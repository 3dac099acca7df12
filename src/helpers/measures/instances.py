"""The instances of a period: what is known of each, which may count, and which family it belongs to."""

from collections.abc import Callable, Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from helpers.config import Period
from helpers.config.method import Method, Presence, Thresholds
from helpers.measures.links import found_dead
from helpers.measures.periods import latest_of_period, rows_of_period
from helpers.measures.places import Places

WIDE_SCOPES = ("city", "metropolitan")
"""Scopes that enter districts only through events and counts with a place of their own."""


Known = dict[Hashable, Any]
"""What was prepared for a city and period before, by its name and by all that it takes from the method."""


def once(known: Known, key: Hashable, make: Callable[[], Any]) -> Any:
    """What is known under the key, else what ``make`` gives, which is known from then on."""
    if key not in known:
        known[key] = make()
    return known[key]


def instance_frame(
    raw: Mapping[str, pd.DataFrame], method: Method, period: Period, places: Places, known: Known
) -> pd.DataFrame:
    """One row per instance with what is dated to the period, derived fields and the flags that decide what counts.

    Columns: the fields of `instances`, overridden by those of `instance_periods` in the period (what is scored is
    dated: a field that the period's table knows is never taken from today's text); `family`, `units`, `starts_on`
    (start of the period for a permanent body), `final_document_due`, `final_document_dead`, `persons`; for each check
    `check_<item>`, `check_<item>_in_time` and `check_<item>_fresh`; `present_<group>`; `documented`, `active`, `leaf`;
    `activity_recorded`: somebody said whether the instance was active.
    """
    table = raw.get("instances")
    if table is None or table.empty:
        blank = {name: pd.Series(dtype="str") for name in ("instance_id", "family", "units", "row_id", "data_status")}
        return pd.DataFrame(blank).assign(documented=False, active=False, leaf=False, activity_recorded=False)
    dated = once(known, "instances", lambda: _dated(table, raw, period, places))
    months = method.deadlines.accessibility_test_months
    frame = once(known, ("checks", months), lambda: _with_checks(dated, raw.get("checks"), period, months))
    limits = method.thresholds
    shown = (
        limits.k,
        limits.k_sensitive,
        *((name, tuple(map(repr, rules))) for name, rules in method.presence.items()),
    )
    present = once(
        known, ("presence", shown), lambda: _presence(dated, raw.get("participation_counts"), method, period)
    )
    days = method.deadlines.final_document_days
    address = frame.get("final_document_url", pd.Series(pd.NA, index=frame.index, dtype="str"))
    published = {
        "final_document_due": dated["ends_on"] + pd.Timedelta(days=days),
        "final_document_dead": found_dead(address, raw.get("evidence"), period, days),
    }
    return _with_flags(frame.assign(**present, **published), method)


def _dated(table: pd.DataFrame, raw: Mapping[str, pd.DataFrame], period: Period, places: Places) -> pd.DataFrame:
    """What is known of each instance in the period under any method."""
    frame = table.drop_duplicates("instance_id", keep="last").reset_index(drop=True)
    frame = _with_period(frame, raw.get("instance_periods"), period)
    frame = frame.assign(row_id=frame["instance_id"], family=_families(frame), units=_units(frame, places))
    return _with_terms(frame, period)


def _with_period(frame: pd.DataFrame, periods: pd.DataFrame | None, period: Period) -> pd.DataFrame:
    if periods is None or periods.empty:
        blank = {"active": "boolean", "data_status": "str", "persons": "Float64"}
        return frame.assign(**{name: pd.Series(pd.NA, index=frame.index, dtype=dtype) for name, dtype in blank.items()})
    periods = periods[periods["preferred"].fillna(True).astype(bool)] if "preferred" in periods else periods
    rows = latest_of_period(periods, period, "instance_id").set_index("instance_id")
    dated = {}
    for name in rows.columns.drop([one for one in _UNDATED if one in rows]):
        dated[name] = frame["instance_id"].map(rows[name]).astype(rows[name].dtype)
        if name in _STANDS_UNTIL_DATED and name in frame:
            dated[name] = dated[name].fillna(frame[name])
    if "not_applicable" in frame and "not_applicable" in dated:
        dated["not_applicable"] = frame["not_applicable"].fillna("") + ";" + dated["not_applicable"].fillna("")
    return frame.assign(**dated, persons=frame["instance_id"].map(_persons(periods, period)).astype("Float64"))


_UNDATED = ("period", "origin", "source_id", "preferred", "preferred_reason")
_STANDS_UNTIL_DATED = ("verification_status", "min_age", "max_age")
"""Facts about the instance, not scored themselves, that hold where the period says nothing else."""
PERSON_UNITS = ("unique_persons", "voters")
"""Units of count that are persons, each once (M5)."""


def _persons(periods: pd.DataFrame, period: Period) -> pd.Series:
    """Persons of each instance in the period, where they were counted as persons."""
    rows = rows_of_period(periods, period, ["instance_id"])
    if not {"participants", "count_unit"} <= set(rows):
        return pd.Series(dtype="Float64")
    rows = rows[rows["count_unit"].isin(PERSON_UNITS) & rows["participants"].notna()]
    return rows.groupby("instance_id")["participants"].sum()


def _families(frame: pd.DataFrame) -> pd.Series:
    """Root ancestor of each instance; a cycle ends where it began."""
    if "parent_id" not in frame:
        return frame["instance_id"]
    parent = frame.set_index("instance_id")["parent_id"].dropna().to_dict()
    return frame["instance_id"].map(lambda key: _root(key, parent)).astype("str")


def _root(key: str, parent: Mapping[str, str]) -> str:
    seen = {key}
    while key in parent and parent[key] not in seen:
        key = parent[key]
        seen.add(key)
    return key


def _units(frame: pd.DataFrame, places: Places) -> pd.Series:
    if "territory_ids" not in frame:
        return pd.Series("", index=frame.index, dtype="str")
    units = places.units_of(frame["territory_ids"])
    wide = frame["territory_scope"].isin(WIDE_SCOPES) if "territory_scope" in frame else False
    return units.mask(wide, "")


def _with_terms(frame: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Start against which rules must have been public, and the end from which the final document's term runs."""
    start, end = _dates(frame, "start_date"), _dates(frame, "end_date")
    permanent = _equals(frame, "recurrence", "permanent") | _equals(frame, "method_oecd", "permanent_body")
    first = pd.Series(pd.Timestamp(period.start), index=frame.index).astype("datetime64[s]")
    return frame.assign(
        permanent=pd.array(permanent, dtype="boolean"),
        starts_on=start.mask(permanent | start.isna(), first),
        ends_on=end,
    )


def _dates(frame: pd.DataFrame, name: str) -> pd.Series:
    if name not in frame:
        return pd.Series(pd.NaT, index=frame.index, dtype="datetime64[s]")
    return frame[name].astype("datetime64[s]")


def _equals(frame: pd.DataFrame, name: str, value: str) -> pd.Series:
    return (frame[name] == value).fillna(False).astype(bool) if name in frame else pd.Series(False, index=frame.index)


NOT_APPLICABLE = "not_applicable"
_CAUTION = {"no": 0, "partly": 1, "yes": 2, NOT_APPLICABLE: 3}
"""Where two coders differ the lower answer stands: a doubt does not pay."""
_SUFFIX = {"answer": "", "in_time": "_in_time", "fresh": "_fresh"}
"""What is derived from a check: the answer, whether it was so before the start, whether the check is recent."""


def _with_checks(frame: pd.DataFrame, checks: pd.DataFrame | None, period: Period, months: int) -> pd.DataFrame:
    """Columns of every item that was checked in the period; of several checks the latest, of two coders the lower."""
    if checks is None or checks.empty:
        return frame
    rows = rows_of_period(checks, period, ["instance_id", "item"])
    refused = rows["answer"].isna() & rows["not_applicable"].fillna("").str.contains("answer", regex=False)
    rows = rows.assign(answer=rows["answer"].mask(refused, NOT_APPLICABLE))
    rows = rows[rows["answer"].isin(_CAUTION)]
    if rows.empty:
        return frame
    starts = {label: pd.Timestamp(Period.parse(label).start) for label in rows["period"].unique()}
    rows = rows.assign(_order=rows["answer"].map(_CAUTION), _start=rows["period"].map(starts))
    latest = rows[rows["_start"] == rows.groupby(["instance_id", "item"])["_start"].transform("max")]
    stands = latest.sort_values("_order", kind="stable").drop_duplicates(["instance_id", "item"])
    oldest = pd.Timestamp(period.end) - pd.DateOffset(months=months)
    fresh = (_dates(stands, "checked_on") >= oldest) | (stands["answer"] == NOT_APPLICABLE)
    stands = stands.assign(in_time=_in_time(stands, frame), fresh=stands["answer"].where(fresh, "no"))
    return _spread_items(frame, stands)


def _spread_items(frame: pd.DataFrame, stands: pd.DataFrame) -> pd.DataFrame:
    wide = stands.pivot(index="instance_id", columns="item", values=list(_SUFFIX))
    columns, refused = {}, frame.get("not_applicable", pd.Series("", index=frame.index)).fillna("").astype("str")
    for (kind, item), values in wide.items():
        name = f"check_{item}{_SUFFIX[kind]}"
        answer = frame["instance_id"].map(values)
        blank = (answer == NOT_APPLICABLE).to_numpy()
        columns[name] = answer.mask(blank).astype("str")
        if blank.any():
            refused = refused.where(~blank, refused + f";{name}")
    return frame.assign(**columns, not_applicable=refused)


def _in_time(rows: pd.DataFrame, frame: pd.DataFrame) -> pd.Series:
    """The answer where the item was public before the start, "no" where it came later or nobody knows when.

    A check made before the start shows by itself that the item was public then.
    """
    start = rows["instance_id"].map(frame.set_index("instance_id")["starts_on"])
    since, seen = _dates(rows, "public_since"), _dates(rows, "checked_on")
    early = (since.fillna(seen) < start) | (rows["answer"] == NOT_APPLICABLE)
    return rows["answer"].where(early, "no")


def _presence(frame: pd.DataFrame, counts: pd.DataFrame | None, method: Method, period: Period) -> dict[str, pd.Series]:
    """`present_<group>`: yes or no where a dimension that shows it was recorded in the period, else missing."""
    blank = pd.Series(pd.NA, index=frame.index, dtype="boolean")
    if counts is None or counts.empty or not method.presence:
        return {f"present_{name}": blank for name in method.presence}
    rows = rows_of_period(counts, period, ["instance_id", "dimension"])
    rows = rows[rows["count"].notna()]
    found = {}
    for name, rules in method.presence.items():
        seen = [_present(frame, rows, rule, method.thresholds) for rule in rules]
        found[f"present_{name}"] = pd.concat(seen, axis=1).max(axis=1).astype("boolean")
    return found


def _present(frame: pd.DataFrame, counts: pd.DataFrame, rule: Presence, limits: Thresholds) -> pd.Series:
    recorded = counts[counts["dimension"] == rule.dimension]
    least = rule.at_least if isinstance(rule.at_least, int) else getattr(limits, rule.at_least)
    persons = recorded["count"].where(recorded["category"].isin(rule.categories), 0)
    total = frame["instance_id"].map(persons.groupby(recorded["instance_id"]).sum()).astype("Float64")
    return (total >= least).astype("Float64")


def _with_flags(frame: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Documented enough to count; active in the period; a leaf: no child of it counts in the period."""
    documented = frame["verification_status"].isin(method.verification).astype(bool)
    active = frame["active"].astype("boolean").fillna(False).astype(bool)
    leaf = np.ones(len(frame), dtype=bool)
    if "parent_id" in frame:
        parents = frame.loc[documented & active, "parent_id"].dropna()
        leaf = ~frame["instance_id"].isin(parents).to_numpy()
    recorded = frame["active"].notna().astype(bool)
    return frame.assign(documented=documented, active=active, leaf=leaf, activity_recorded=recorded)
