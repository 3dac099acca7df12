"""Territories whose outline changed: a row that names one means the version that held on its day."""

from collections.abc import Mapping

import pandas as pd

from helpers.config import Period, Table
from helpers.registry.folding import fold_series, map_distinct
from helpers.registry.geography import valid_on
from helpers.registry.problems import issue_frame

DATED = {
    "instances": "start_date",
    "proposals": "submitted_at",
    "events": "starts_at",
    "outputs": "agreed_at",
    "service_requests": "received_at",
    "campaigns": "starts_on",
    "survey_responses": "responded_at",
    "participation_counts": "period",
}
"""Field whose day decides which version of an outline a row means; a period means those of its last day.

Reference populations are not among them: each is the population of the outline for which it was published.
"""


def field_of(table: str) -> str:
    """The field that says where the rows of a table are."""
    return "territory_ids" if table == "instances" else "territory_id"


def days_of(frame: pd.DataFrame, table: str) -> pd.Series:
    """The day of each row, without its hour; none in a table that has no day."""
    if table not in DATED:
        return pd.Series(pd.NaT, frame.index, dtype="datetime64[s]")
    days = frame[DATED[table]]
    if table == "participation_counts":
        days = pd.to_datetime(map_distinct(days, lambda period: str(Period.parse(period).end)))
    days = days.dt.tz_localize(None) if isinstance(days.dtype, pd.DatetimeTZDtype) else days
    return days.dt.normalize().astype("datetime64[s]")


def versions_of(territories: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """territory_id -> all territories of its level and name, for those that share both."""
    known = territories.assign(_name=fold_series(territories["name"]))
    again = known[known.duplicated(["level", "_name"], keep=False) & known["name"].notna()]
    return {name: group for _, group in again.groupby(["level", "_name"]) for name in group["territory_id"]}


def on_their_day(
    frame: pd.DataFrame, table: Table, versions: Mapping[str, pd.DataFrame]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows with the version of each stated territory that held on their day, and an issue for each that moved.

    A territory stays where the row has no day, where none or several of its versions held on it, and where another row
    has the place already.
    """
    field = field_of(table.name)
    days = days_of(frame, table.name)
    stated = frame[field]
    asked = days.notna() & stated.notna()
    asked &= stated.str.split(";").map(lambda names: not versions.keys().isdisjoint(names), na_action="ignore").eq(True)
    pairs = zip(stated[asked], days[asked], strict=True)
    moved = stated.copy()
    moved[asked] = [
        ";".join(dict.fromkeys(_held(name, day, versions) for name in text.split(";"))) for text, day in pairs
    ]
    taken = frame.assign(**{field: moved}).duplicated(table.key, keep=False)
    moved = moved.mask(taken, stated)
    changed = asked & (moved != stated)
    rows = frame[changed]
    issues = issue_frame(rows, field, "territory_of_the_day", stated[changed] + " → " + moved[changed])
    return frame.assign(**{field: moved}), issues


def _held(name: str, day: pd.Timestamp, versions: Mapping[str, pd.DataFrame]) -> str:
    """The version that held on a day, if it is one and only one."""
    if name not in versions:
        return name
    held = versions[name].loc[valid_on(versions[name], day), "territory_id"]
    return held.iloc[0] if len(held) == 1 else name
