"""What holds between rows: required fields, unique keys, references; rows that cannot stand are set aside."""

from collections.abc import Mapping

import pandas as pd

from helpers.config import Dictionary, Table
from helpers.registry.folding import fold_series
from helpers.registry.problems import issue_frame

PERMANENT = {"instances": ("start_date", "date_precision")}
"""Required fields that a permanent body may lack (methodology, section 0, R1)."""

_SEPARATOR = " + "


def missing_required(frame: pd.DataFrame, table: Table) -> list[pd.DataFrame]:
    """One issue per row and required field without a value."""
    issues = []
    for field in table.published_fields:
        if field.requirement == "required":
            gap = frame[field.name].isna()
            if field.name in PERMANENT.get(table.name, ()):
                gap &= ~(frame["recurrence"] == "permanent").fillna(False).astype(bool)
            if gap.any():
                issues.append(issue_frame(frame[gap], field.name, "missing_required", None))
    return issues


def broken_references(
    frame: pd.DataFrame, table: Table, dictionary: Dictionary, tables: Mapping[str, pd.DataFrame]
) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """The frame with references that lead nowhere emptied, and an issue for each.

    A table's own rows count as targets; a table that no source fills is no target and breaks nothing.
    """
    issues = []
    for field in table.published_fields:
        if not field.reference or field.reference == "territories.territory_id" and field.name != "parent_id":
            continue
        target, _, column = field.reference.partition(".")
        known = frame[column] if target == table.name else tables[target][column] if target in tables else None
        if known is None or (target != table.name and len(known) == 0 and field.requirement != "required"):
            continue
        broken = _leads_nowhere(frame[field.name], set(known.dropna()), field.type == "list")
        if broken.any():
            code = "broken_reference" if field.requirement == "required" else "unknown_reference"
            issues.append(issue_frame(frame[broken], field.name, code, frame.loc[broken, field.name]))
            frame = frame.assign(**{field.name: frame[field.name].mask(broken)})
    return frame, issues


def _leads_nowhere(cells: pd.Series, known: set[str], is_list: bool) -> pd.Series:
    if not is_list:
        return cells.notna() & ~cells.isin(known)
    codes, distinct = pd.factorize(cells)
    good = pd.Series([all(item in known for item in text.split(";")) for text in distinct], dtype="boolean")
    return ~good.reindex(codes).set_axis(cells.index).fillna(True).astype(bool)


def merge_duplicates(frame: pd.DataFrame, table: Table) -> tuple[pd.DataFrame, pd.DataFrame, list[pd.DataFrame]]:
    """Rows of the same key made one: (kept rows, rows merged into them, issues).

    Rows come in order of precedence. Equal rows of one source, and rows of different sources, merge: the first
    gives the values, later ones fill what it does not say, all origins stay. A later row of the same source that says
    something else is set aside as ``duplicate_key``; where sources differ, both values are listed.
    """
    key = table.key
    again = frame.duplicated(key, keep=False)
    if not again.any():
        return frame, frame.iloc[:0], []
    group = frame[again]
    fields = [name for name in table.columns if name not in ("origin", "source_id")]
    first_source = group.groupby(key, dropna=False, sort=False)["_source"].transform("first")
    leader = ~group.duplicated(key, keep="first")
    same_source = (group["_source"] == first_source) & ~leader
    if "_aliased" in group.columns:  # a person or the search for duplicates said that they are one
        same_source &= ~group["_aliased"].astype(bool)
    contrary = same_source & group.duplicated([*key, "_source"]) & ~group.duplicated(fields)
    issues = [_contrary(group[contrary], key)] if contrary.any() else []
    joining = group[~contrary]
    kept = _joined(joining, key, fields)
    issues += _differences(joining, kept, key, fields)
    rest = frame[~again]
    result = pd.concat([rest, kept]).sort_index()
    merged = joining[joining.duplicated(key, keep="first")]
    return result, merged, issues


def _contrary(rows: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    value = rows[key].astype("str").fillna("").agg(" / ".join, axis=1)
    return issue_frame(rows, ", ".join(key), "duplicate_key", value)


def _joined(rows: pd.DataFrame, key: list[str], fields: list[str]) -> pd.DataFrame:
    """One row per key: first value of each field, all origins; a value beats not applicable, as it is there."""
    grouped = rows.groupby(key, dropna=False, sort=False)
    first = rows[~rows.duplicated(key, keep="first")]
    filled = {}
    for name in (*fields, *(name for name in ("_geometry",) if name in rows.columns)):
        if name not in key and rows[name].isna().any():
            filled[name] = grouped[name].transform("first").loc[first.index]
    origin = grouped["origin"].transform(lambda cells: _SEPARATOR.join(dict.fromkeys(cells))).loc[first.index]
    return first.assign(**filled, origin=origin)


def _differences(joining: pd.DataFrame, kept: pd.DataFrame, key: list[str], fields: list[str]) -> list[pd.DataFrame]:
    """An issue per later row and field whose value is not the one kept."""
    later = joining[joining.duplicated(key, keep="first")]
    if later.empty:
        return []
    right = later[key].merge(kept, on=key, how="left").set_index(later.index)
    issues = []
    for name in fields:
        if name not in key and name != "not_applicable" and not name.endswith("_bound"):
            differ = later[name].notna() & ~_same(later[name], right[name])
            if differ.any():
                issues.append(issue_frame(later[differ], name, "sources_differ", later.loc[differ, name].astype("str")))
    return issues


def _same(left: pd.Series, right: pd.Series) -> pd.Series:
    """Equal values; texts also where they differ only in case, accents and punctuation."""
    if left.dtype == "str":
        left, right = fold_series(left), fold_series(right)
    return (left == right).fillna(False).astype(bool)
