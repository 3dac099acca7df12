"""A mapping entry applied: frames of an adapter in, one text frame with the registry's field names out."""

import re
from pathlib import PurePosixPath

import numpy as np
import pandas as pd

from helpers.config import Dictionary, Period, Table, nearest
from helpers.files import MonitorError
from helpers.registry.bands import FINE_BANDS, band_of_ages
from helpers.registry.folding import fold, fold_series, map_distinct, slug
from helpers.registry.geography import mark_schematic
from helpers.registry.mapping import TEMPLATE_PART, Column, Condition, Entry
from helpers.registry.parse.categories import split_items
from helpers.registry.parse.dates import Day, parse_date
from helpers.registry.parse.numbers import parse_number
from helpers.registry.states import read_states
from helpers.sources import table_columns

IDENTITY = ("_file", "_sheet", "_row", "_id")
"""Columns that tie a mapped row to its row in the file; ``_id`` numbers the rows read from a source."""

_KINDS = {"year": 1, "half": 6, "quarter": 3, "month": 1}
FILTERS = {
    "slug": slug,
    "lower": str.lower,
    "year": lambda text: text[:4],
    "pad2": lambda text: text.strip().zfill(2),
    "stem": lambda text: PurePosixPath(text).stem,
    "tail": lambda text: text.partition("?")[0].rstrip("/").rpartition("/")[2],
}
"""What a template may do to a column; ``tail`` is the last part of an address, ``stem`` a file's name without its
ending, ``pad2`` writes 1 as 01."""


def file_columns(frame: pd.DataFrame) -> list[str]:
    """The columns that come from the file itself."""
    return [name for name in table_columns(frame) if name != "_id"]


def taken_rows(frame: pd.DataFrame, entry: Entry, place: str) -> pd.DataFrame:
    """The rows that fulfil every condition of the entry."""
    chosen = pd.Series(True, frame.index)
    for name, condition in entry.where.items():
        chosen &= _fulfils(_source_column(frame, name, place), condition)
    return frame if chosen.all() else frame[chosen]


def _fulfils(cells: pd.Series, condition: Condition) -> pd.Series:
    folded = fold_series(cells)
    result = pd.Series(True, cells.index)
    if condition.values:
        result &= folded.isin([fold(value) for value in condition.values])
    if condition.without:
        result &= ~folded.isin([fold(value) for value in condition.without])
    if condition.missing is not None:
        result &= read_states(cells)[0].isna() == condition.missing
    if condition.pattern:
        result &= cells.str.contains(condition.pattern, regex=True, na=False)
    return result


def map_columns(frame: pd.DataFrame, entry: Entry, table: Table, dictionary: Dictionary, place: str) -> pd.DataFrame:
    """One text column per field that the entry gives, with the rows' identity."""
    columns = {field: read_column(frame, spec, f"{place}, field {field}") for field, spec in entry.columns.items()}
    if entry.is_automatic:
        used = {name for spec in entry.columns.values() for name in spec.names}
        for field, name in _automatic(frame, entry, table, used, place).items():
            columns.setdefault(field, frame[name])
    if entry.geometry or (table.name == "territories" and "geometry" in frame.columns):
        shapes = _source_column(frame, entry.geometry or "geometry", place)
        columns["_geometry"] = mark_schematic(shapes) if entry.schematic else shapes
    return pd.DataFrame({**columns, **{name: frame[name] for name in IDENTITY}}, index=frame.index)


def column_headings(frame: pd.DataFrame, entry: Entry, table: Table, place: str) -> dict[str, str]:
    """Field -> heading of the one column of the file that it comes from."""
    found = {field: [_find(frame, name) for name in spec.names] for field, spec in entry.columns.items()}
    given = {field: next(filter(None, names)) for field, names in found.items() if len(set(names) - {None}) == 1}
    if not entry.is_automatic or entry.count or entry.unpivot:
        return given
    used = {name for spec in entry.columns.values() for name in spec.names}
    return _automatic(frame, entry, table, used, place) | given


def _automatic(frame: pd.DataFrame, entry: Entry, table: Table, used: set[str], place: str) -> dict[str, str]:
    """Field -> column, for columns whose header is the name or a label of a field."""
    known = field_headers(table)
    chosen, unknown = {}, []
    for name in file_columns(frame):
        field = known.get(fold(name))
        if field is not None:
            chosen.setdefault(field, name)
        elif name not in used and not _is_left_out(name, entry, frame):
            unknown.append(name)
    if unknown:
        close = nearest(unknown[0], {*known, *table.fields})
        hint = f"did you mean {close!r}" if close else "map it under `columns`"
        raise MonitorError(
            f"the column {unknown[0]!r} is not a field of {table.name}",
            where=place,
            remedy=f"{hint}, or list it under `ignore` in city.yml",
        )
    return chosen


def _is_left_out(name: str, entry: Entry, frame: pd.DataFrame) -> bool:
    """Ignored on purpose, part of the geometry or of an unpivot, or a nameless column with nothing in it."""
    ignored = name in entry.ignored_columns or name in ("geometry", entry.geometry)
    return ignored or bool(frame[name].isna().all()) or (entry.unpivot is not None)


def field_headers(table: Table) -> dict[str, str]:
    """Folded header -> field, by the field's name and its label in each language; an ambiguous label is left out."""
    headers: dict[str, str | None] = {}
    for field in table.fields.values():
        for label in {fold(text) for text in field.labels.values()}:
            headers[label] = field.name if label not in headers else None
    for field in table.fields.values():
        headers[fold(field.name)] = field.name
        if field.bound:
            headers[fold(f"{field.name}_bound")] = f"{field.name}_bound"
    return {header: name for header, name in headers.items() if name}


def read_column(frame: pd.DataFrame, spec: Column, place: str) -> pd.Series:
    """The text of one field as its spec says."""
    cells = _origin(frame, spec, place)
    if spec.missing:
        cells = cells.mask(cells.str.strip().isin([text.strip() for text in spec.missing]))
    if spec.split:
        cells = map_distinct(cells, lambda text: _taken(text, spec))
    if spec.map:
        cells = _mapped(cells, spec)
    if spec.period:
        cells = map_distinct(cells, lambda text: period_of(text, spec.period))
    if spec.bands:
        cells = band_of_ages(ages_of(cells, spec.maximum), FINE_BANDS)
    return cells.fillna(spec.default) if spec.default is not None else cells


def _origin(frame: pd.DataFrame, spec: Column, place: str) -> pd.Series:
    if spec.value is not None:
        return pd.Series(spec.value, frame.index, dtype="str")
    if spec.template:
        return _filled(frame, spec.template, place)
    present = [name for name in spec.names if _find(frame, name)] or spec.names[:1]
    cells = _source_column(frame, present[0], place)
    for name in present[1:]:
        cells = cells.fillna(_source_column(frame, name, place))
    return cells


def _find(frame: pd.DataFrame, name: str) -> str | None:
    """The column of that name, in any spelling."""
    if name in frame.columns:
        return name
    return {fold(column): column for column in file_columns(frame)}.get(fold(name))


def _source_column(frame: pd.DataFrame, name: str, place: str) -> pd.Series:
    column = _find(frame, name)
    if column is not None:
        return frame[column]
    known = file_columns(frame)
    close = nearest(name, set(known))
    remedy = f"did you mean {close!r}" if close else f"the columns are {', '.join(known[:12])}"
    raise MonitorError(f"there is no column {name!r}", where=place, remedy=f"{remedy}; correct city.yml")


def _filled(frame: pd.DataFrame, template: str, place: str) -> pd.Series:
    """The template with columns put in; missing where one of them is."""
    pieces = TEMPLATE_PART.split(template)
    result = pd.Series(pieces[0], frame.index, dtype="str")
    for name, change, text in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
        cells = _source_column(frame, name, place)
        if change:
            if change not in FILTERS:
                raise MonitorError(f"unknown change {change!r}", where=place, remedy=f"use {', '.join(FILTERS)}")
            cells = map_distinct(cells, FILTERS[change])
        result = result + cells.str.strip() + text
    return result


def _taken(text: str, spec: Column) -> str:
    items = [part.strip() for part in text.split(spec.split)] if spec.split != ";" else split_items(text)
    items = [item for item in items if item]
    if spec.take == "all":
        return ";".join(items)
    return "" if not items else items[0 if spec.take == "first" else -1]


def _mapped(cells: pd.Series, spec: Column) -> pd.Series:
    """Texts replaced as the map says, each item of a list by itself."""
    table = {fold(raw): clean for raw, clean in spec.map.items()} | {raw: clean for raw, clean in spec.map.items()}

    def one(text: str) -> str:
        found = table.get(text.strip(), table.get(fold(text)))
        fallback = text if spec.otherwise is None else "" if spec.otherwise == "missing" else spec.otherwise
        return fallback if found is None else found

    whole = spec.take != "all"
    return map_distinct(cells, lambda text: one(text) if whole else ";".join(map(one, text.split(";"))))


def period_of(text: str, kind: str) -> str | None:
    """Label of the period of a kind that holds the day of a text; the text itself where it is no date."""
    day = parse_date(text)
    if not isinstance(day, Day):
        return text
    year, month = day.date.year, day.date.month
    labels = {"year": "", "half": f"-S{(month + 5) // 6}", "quarter": f"-Q{(month + 2) // 3}", "month": f"-{month:02d}"}
    return str(Period.parse(f"{year}{labels[kind]}"))


def ages_of(cells: pd.Series, maximum: float | None) -> pd.Series:
    """Ages in whole years; missing where unreadable or implausible."""
    codes, distinct = pd.factorize(cells)
    numbers = [parse_number(text) for text in distinct]
    ages = pd.Series([one.value if one else np.nan for one in numbers], dtype="Float64").reindex(codes)
    ages = ages.set_axis(cells.index)
    return ages.where((ages >= 0) & (ages <= (maximum or np.inf))).round()


def unpivot_columns(frame: pd.DataFrame, entry: Entry, place: str) -> dict[str, str]:
    """Source column -> text for the field that tells the columns apart."""
    asked = entry.unpivot.columns
    if isinstance(asked, dict):
        chosen = {str(name): str(text) for name, text in asked.items()}
    elif isinstance(asked, list):
        chosen = {name: name for name in asked}
    else:
        chosen = {name: name for name in file_columns(frame) if re.search(asked, name)}
    for name in chosen:
        _source_column(frame, name, place)
    if not chosen:
        raise MonitorError(f"no column fits {asked!r}", where=place, remedy="correct `unpivot` in city.yml")
    return chosen
