"""Problems: what is wrong with which cell, how grave it is, and whose task it is; the words come from the texts."""

import json
from collections.abc import Mapping
from heapq import nsmallest

import pandas as pd

from helpers.registry.privacy import redact

COLUMNS = [
    "severity", "unit", "source_id", "file", "sheet", "row", "table", "field", "value", "code", "values",
]  # fmt: skip

SEVERITY_ORDER = {"block": 0, "warn": 1, "note": 2}

BLOCKING = {
    "impossible_date",
    "below_minimum",
    "above_maximum",
    "unknown_territory",
    "missing_required",
    "duplicate_key",
    "broken_reference",
    "missing_person",
}
"""Codes with which a row cannot stand."""

NOTES = {
    "missing_expected",
    "implausible_age",
    "row_not_mapped",
    "title_row",
    "totals_row",
    "note",
    "sources_differ",
    "source_absent",
    "dropped",
    "texts_differ",
    "trial_row",
    "territory_of_the_day",
    "point_swapped",
    "point_elsewhere",
}
"""Codes that tell and ask for nothing at once."""

ROWS_SHOWN = 50
"""Row numbers listed with a problem that many rows share."""

ROWS_NAMED = 10
"""Of these, how many are told in words, each with the name of what stands there."""

Headings = Mapping[tuple[str, str, str, str, str], str]
"""(source_id, file, sheet, table, field) -> heading of the column of the file from which the field comes."""


def severity_of(code: str, is_needed: bool) -> str:
    """How grave a problem is; in a field that a row cannot stand without, an unreadable cell is as grave as none."""
    if code in NOTES:
        return "note"
    return "block" if code in BLOCKING or is_needed else "warn"


def issue_frame(rows: pd.DataFrame, field: str, code: object, value: object) -> pd.DataFrame:
    """One issue per row of a frame with identity columns; ``_at`` is the row's label in that frame."""
    issues = rows[["_file", "_sheet", "_row"]].assign(field=field, _at=rows.index)
    return issues.assign(code=code, value=pd.Series(value, issues.index, dtype="str"))


def gather(issues: list[pd.DataFrame], headings: Headings) -> pd.DataFrame:
    """The problems table: equal problems of a file joined into one line that lists their rows, gravest first.

    Each frame of issues has severity, unit, source_id, table, field, code, value, _file, _sheet, _row and, where an
    issue stands for several rows that are not named, count; name is that of what stands in the row, cause the
    [file, sheet, row] of a row that was set aside and is referred to.
    """
    issues = [frame for frame in issues if len(frame)]
    if not issues:
        return pd.DataFrame({name: pd.Series(dtype="str") for name in COLUMNS})
    frame = pd.concat(issues, ignore_index=True)
    frame = frame.reindex(columns=[*frame.columns, *{"count", "name", "cause"}.difference(frame.columns)])
    frame["_named"] = list(zip(frame["_row"], redact(frame["name"]), strict=True))
    frame["cause"] = frame["cause"].astype("object")
    frame = frame.rename(columns={"_file": "file", "_sheet": "sheet"})
    frame["value"] = redact(frame["value"])
    keys = ["severity", "unit", "source_id", "file", "sheet", "table", "field", "code", "value"]
    frame[keys] = frame[keys].astype("str").fillna("")
    grouped = frame.groupby(keys, sort=False)
    merged = grouped.agg(
        row=("_row", "min"),
        rows=("_row", _row_list),
        more=("_row", _rows_beyond),
        size=("_row", "size"),
        count=("count", "sum"),
        names=("_named", _names_by_row),
        cause=("cause", "first"),
    ).reset_index()
    places = merged[["source_id", "file", "sheet", "table", "field"]].itertuples(index=False, name=None)
    return _ordered(merged.assign(heading=[headings.get(place, "") for place in places]))


def _row_list(rows: pd.Series) -> list[int]:
    return sorted({int(row) for row in rows.dropna()})[:ROWS_SHOWN]


def _rows_beyond(rows: pd.Series) -> int:
    """How many rows the list leaves out."""
    return max(0, rows.nunique() - ROWS_SHOWN)


def _names_by_row(named: pd.Series) -> dict[str, str]:
    known = {(int(row), name) for row, name in named if pd.notna(row) and pd.notna(name)}
    return {str(row): name for row, name in nsmallest(ROWS_NAMED, known)}


def _ordered(merged: pd.DataFrame) -> pd.DataFrame:
    merged["count"] = merged["count"].where(merged["count"] > 0, merged["size"]).astype(int)
    said = merged[["count", "rows", "more", "heading", "names", "cause"]].to_dict("records")
    merged["values"] = [_compact(one) for one in said]
    merged["row"] = merged["row"].astype("Int64").astype("str")
    merged["_order"] = merged["severity"].map(SEVERITY_ORDER)
    merged["_row"] = pd.to_numeric(merged["row"], errors="coerce")
    order = ["_order", "source_id", "file", "sheet", "_row", "table", "field", "code", "value"]
    ordered = merged.sort_values(order, kind="stable", ignore_index=True)[COLUMNS].astype("str")
    return ordered.mask(ordered == "")


def _compact(said: dict[str, object]) -> str:
    """Count and rows, and what else is known, as JSON."""
    kept = {name: value for name, value in said.items() if name in ("count", "rows") or _says(value)}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def _says(value: object) -> bool:
    return isinstance(value, str | dict | list | int) and bool(value)
