"""A text frame with field names to a typed frame: every cell a value, not collected or not applicable."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa

from helpers.config import Field, Source, Table
from helpers.registry.accounts import places_of
from helpers.registry.applying import IDENTITY
from helpers.registry.folding import map_distinct
from helpers.registry.parse import Context, Parsed, parse_column
from helpers.registry.parse.column import digits, dtype_of
from helpers.registry.privacy import redact, redact_contact
from helpers.registry.problems import issue_frame, severity_of

BOUNDS = ("exact", "lower", "upper", "approx")

PUBLIC_CONTACTS = ("contact_public",)
"""Fields that hold the address of an institution."""

PRECISION_ORDER = {"day": 0, "month": 1, "year": 2}

PLAIN_TYPES = ("text", "id", "list")
"""Types whose changes are blanks and bullets: logged only where more than outer blanks went."""

CHANGES = ["source_id", "file", "sheet", "table", "field", "raw", "clean", "rule", "rows", "first_row"]


Places = tuple[np.ndarray, pd.DataFrame]
"""The place of each row among the distinct pairs of file and sheet, and these pairs."""


@dataclass(frozen=True)
class Cleaned:
    """A typed frame (fields, ``not_applicable``, ``origin``, identity), its issues and its changes."""

    frame: pd.DataFrame
    issues: pd.DataFrame
    changes: pd.DataFrame


def clean_frame(text: pd.DataFrame, table: Table, source: Source, context: Context) -> Cleaned:
    """The typed rows of one entry; fields that the entry does not give are not collected."""
    columns, issues, changes = {}, [], []
    absent: dict[str, np.ndarray] = {}
    precisions: list[pd.Series] = []
    places = places_of(text)
    for field in table.published_fields:
        if field.name not in text.columns:
            columns |= _empty(field, text.index)
            continue
        parsed = _without_personal(parse_column(text[field.name], field, context), field)
        absent[field.name] = parsed.not_applicable
        columns[field.name] = parsed.column("value", text.index)
        if field.bound:
            columns[f"{field.name}_bound"] = _bounds(parsed, text, field)
        if field.type == "date" and "date_precision" in table.fields:
            precisions.append(parsed.spread(parsed.readings["precision"].map(PRECISION_ORDER), text.index))
        issues += _issues(parsed, text, field)
        changes.append(_changes(parsed, text, places, field))
    frame = pd.DataFrame(columns, index=text.index)
    if "date_precision" in table.fields:
        frame["date_precision"] = _precision(frame["date_precision"], precisions)
    frame = _with_identity(frame, text, absent, places, table)
    return Cleaned(frame, _labelled(issues, table, source), _logged(changes, table, source))


def _without_personal(parsed: Parsed, field: Field) -> Parsed:
    """Free text without e-mail addresses, phone and document numbers; an institution's own contact may stay."""
    if field.type not in ("text", "list") or field.vocabulary or field.pattern:
        return parsed
    values = parsed.readings["value"]
    kept = map_distinct(values, redact_contact) if field.name in PUBLIC_CONTACTS else redact(values)
    masked = (kept != values) & values.notna()
    if not masked.any():
        return parsed
    note = parsed.readings["note"].mask(masked, "personal_data")
    readings = parsed.readings.assign(value=kept, clean=kept, note=note)
    return replace(parsed, readings=readings.assign(raw=readings["raw"].mask(masked, kept)))


def _empty(field: Field, index: pd.Index) -> dict[str, pd.Series]:
    columns = {field.name: _nothing(index, dtype_of(field))}
    if field.bound:
        columns[f"{field.name}_bound"] = _nothing(index, "str")
    return columns


def _nothing(index: pd.Index, dtype: str) -> pd.Series:
    """A column without a value; text is not built cell by cell."""
    if dtype == "str":
        return pd.Series(pd.array(pa.nulls(len(index), pa.large_string()), dtype="str"), index)
    return pd.Series(None, index, dtype=dtype)


def _bounds(parsed: Parsed, text: pd.DataFrame, field: Field) -> pd.Series:
    """What the words around the number said, unless a column of its own says it."""
    readings = parsed.readings
    said = parsed.spread(readings["bound"].fillna("exact").where(readings["value"].notna()), text.index)
    name = f"{field.name}_bound"
    if name in text.columns:
        stated = text[name].str.strip().str.lower()
        said = stated.where(stated.isin(BOUNDS) & said.notna(), said)
    return said.astype("str")


def _precision(stated: pd.Series, found: list[pd.Series]) -> pd.Series:
    """The coarsest of what is stated and what the row's dates show."""
    worst = pd.concat([stated.map(PRECISION_ORDER), *found], axis=1).max(axis=1)
    return worst.map({rank: name for name, rank in PRECISION_ORDER.items()}).astype("str")


def _with_identity(
    frame: pd.DataFrame, text: pd.DataFrame, absent: dict[str, np.ndarray], places: Places, table: Table
) -> pd.DataFrame:
    """The frame with not_applicable, origin and the columns that say where each row stood."""
    names = _nothing(text.index, "str")
    for name in table.fields:
        if name in absent and absent[name].any():
            names = names.mask(absent[name], (names + ";").fillna("") + name)
    kept = [name for name in (*IDENTITY, "_last", "_geometry") if name in text.columns]
    columns = {name: text[name] for name in kept}
    return frame.assign(not_applicable=names, origin=_origin(text, places), **columns)


def _origin(text: pd.DataFrame, places: Places) -> pd.Series:
    """``file#sheet:row``, or ``file:row`` where the format has no sheets; a span of rows where many were counted."""
    codes, pairs = places
    place = (pairs["_file"] + ("#" + pairs["_sheet"]).where(pairs["_sheet"] != "", "") + ":").take(codes)
    row = digits(text["_row"])
    if "_last" in text.columns:
        row = row.where(text["_row"] == text["_last"], row + "-" + digits(text["_last"]))
    return place.set_axis(text.index) + row


def _issues(parsed: Parsed, text: pd.DataFrame, field: Field) -> list[pd.DataFrame]:
    found = []
    for column in ("problem", "note"):
        if parsed.readings[column].notna().any():
            codes = parsed.column(column, text.index)
            rows = codes.notna()
            raw = parsed.column("raw", text.index)[rows]
            found.append(issue_frame(text[rows], field.name, codes[rows], raw))
    if not field.bound and parsed.readings["bound"].isin(BOUNDS[1:]).any():
        rows = parsed.column("bound", text.index).isin(BOUNDS[1:])
        found.append(issue_frame(text[rows], field.name, "bound_not_kept", parsed.column("raw", text.index)[rows]))
    return found


def _changes(parsed: Parsed, text: pd.DataFrame, places: Places, field: Field) -> pd.DataFrame:
    """Distinct texts whose clean form reads differently, with how many rows had them."""
    readings = parsed.readings
    plain = field.type in PLAIN_TYPES
    before = readings["raw"].str.strip() if plain else readings["raw"]
    changed = readings[readings["value"].notna() & (readings["clean"] != before)]
    columns = ["_file", "_sheet", "raw", "clean", "rule", "rows", "first_row", "field"]
    if changed.empty:
        return pd.DataFrame(columns=columns)
    is_changed = np.append(np.isin(np.arange(len(readings)), changed.index), False)  # the last place is that of -1
    rows = is_changed[parsed.codes]
    codes, pairs = places
    key = parsed.codes[rows] * len(pairs) + codes[rows]
    grouped = text["_row"][rows].groupby(key, sort=False).agg(["size", "min"])
    reading, place = np.divmod(grouped.index.to_numpy(), len(pairs))
    texts = changed.loc[reading, ["raw", "clean"]].reset_index(drop=True)
    where = pairs.take(place).reset_index(drop=True)
    counts = {"rows": grouped["size"].to_numpy(), "first_row": grouped["min"].to_numpy()}
    return where.join(texts).assign(**counts, rule=field.type, field=field.name)[columns]


def _labelled(issues: list[pd.DataFrame], table: Table, source: Source) -> pd.DataFrame:
    if not issues:
        return pd.DataFrame()
    frame = pd.concat(issues, ignore_index=True)
    needed = {name for name, field in table.fields.items() if field.requirement == "required"}
    pairs = frame[["code", "field"]].drop_duplicates().itertuples(index=False)
    severity = {(code, field): severity_of(code, field in needed and not _is_note(code)) for code, field in pairs}
    codes = zip(frame["code"], frame["field"], strict=True)
    return frame.assign(table=table.name, source_id=source.id, severity=[severity[pair] for pair in codes])


def _is_note(code: str) -> bool:
    """Codes of cells that were read after all."""
    return code in ("ambiguous_number", "bound_not_kept", "personal_data")


def _logged(changes: list[pd.DataFrame], table: Table, source: Source) -> pd.DataFrame:
    filled = [frame for frame in changes if len(frame)]
    if not filled:
        return pd.DataFrame(columns=CHANGES)
    frame = pd.concat(filled, ignore_index=True).rename(columns={"_file": "file", "_sheet": "sheet"})
    free = frame["rule"].isin(PLAIN_TYPES)  # texts of the other types are numbers, dates and labels
    for name in ("raw", "clean"):
        frame.loc[free, name] = redact(frame.loc[free, name])
    return frame.assign(table=table.name, source_id=source.id)[CHANGES]
