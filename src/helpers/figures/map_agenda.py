"""The agenda of the participation map: what was held in the period, and what was coming when it ended."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from helpers.config import Period
from helpers.figures.map_cards import Words

LIMIT = 300
"""Activities listed at most in each part, so that the page stays light."""


def agenda(
    tables: Mapping[str, pd.DataFrame], words: Words, time_zone: str, period: Period
) -> dict[str, list[dict[str, Any]]]:
    """Activities by local time: ``coming``, after the last day of the period, and ``held``, in the period.

    Today plays no part: a page says the same whenever it is opened.

    Parameters
    ----------
    tables : instances, events (``starts_at`` in UTC) and venues of the registry.
    time_zone : of the city.
    """
    events, named = tables["events"], tables["instances"].set_index("instance_id")["name"]
    rows = events[events["instance_id"].isin(named.index)].sort_values(["starts_at", "event_id"], kind="stable")
    rows = rows.assign(local=rows["starts_at"].dt.tz_convert(time_zone))
    day, first, last = rows["local"].dt.tz_localize(None).dt.normalize(), *map(pd.Timestamp, (period.start, period.end))
    parts = {"coming": rows[day > last], "held": rows[(day >= first) & (day <= last)]}
    places = tables["venues"].set_index("venue_id")["name"]
    return {part: [_told(row, named, places, words) for row in of.to_dict("records")] for part, of in parts.items()}


def _told(row: Mapping, named: pd.Series, places: pd.Series, words: Words) -> dict[str, Any]:
    return {
        "title": row["title"] if isinstance(row["title"], str) else named[row["instance_id"]],
        "instance": row["instance_id"],
        "instance_name": named[row["instance_id"]],
        "when": words.texts.time(row["local"].to_pydatetime()),
        "mode": words.value("mode", row["mode"], "events") if isinstance(row["mode"], str) else None,
        "place": places.get(row.get("venue_id")) if isinstance(row.get("venue_id"), str) else None,
    }
