"""Which rows of a table with a `period` column speak for a period."""

import pandas as pd

from helpers.config import MonitorError, Period


def rows_of_period(frame: pd.DataFrame, period: Period, by: list[str]) -> pd.DataFrame:
    """Rows labelled with the period; where a group has none, those of the shorter periods inside it.

    Of these the longest kind is taken (two halves, not their four quarters beside them), so that nothing counts
    twice. Rows of longer or later periods never speak for an earlier one.
    """
    if frame.empty or "period" not in frame:
        return frame
    kinds = frame["period"].map(_kinds(frame["period"], period))
    inside = frame[kinds.notna()]
    kinds = kinds[kinds.notna()].astype(int)
    longest = kinds.groupby([inside[name] for name in by]).transform("max")
    return inside[kinds == longest]


def latest_of_period(frame: pd.DataFrame, period: Period, key: str) -> pd.DataFrame:
    """One row per `key`: that of the period itself, else the latest inside it."""
    rows = rows_of_period(frame, period, [key])
    if rows.empty:
        return rows
    order = rows["period"].map({label: Period.parse(label).start for label in rows["period"].unique()})
    return rows.loc[order.sort_values(kind="stable").index].drop_duplicates(key, keep="last").sort_index()


_LENGTH = {"month": 1, "quarter": 3, "half": 6, "year": 12}


def _kinds(labels: pd.Series, period: Period) -> dict[str, int | None]:
    """Months covered by each label that lies inside the period, None for the others."""
    found: dict[str, int | None] = {}
    for label in labels.dropna().unique():
        try:
            other = Period.parse(label)
        except MonitorError:
            found[label] = None
            continue
        found[label] = _LENGTH[other.kind] if period.includes(other) else None
    return found
