"""A city's sources read and mapped: for each registry table, the text frames that fill it, in order of precedence."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

import pandas as pd

from helpers.config import City, Dictionary, Source, Table
from helpers.files import MonitorError, data_files, locate
from helpers.registry.accounts import Ledger, places_of
from helpers.registry.applying import column_headings, map_columns, taken_rows
from helpers.registry.folding import fold
from helpers.registry.mapping import REGISTRY_OPTIONS, Entry, read_entries
from helpers.registry.parse import Context
from helpers.registry.reshaping import COUNTED, count_persons, unpivot
from helpers.sources import CHECKS, read
from helpers.sources.frame import ASIDE


@dataclass
class Intake:
    """What reading and mapping produced."""

    ledger: Ledger = field(default_factory=Ledger)
    frames: dict[str, list[tuple[Source, pd.DataFrame]]] = field(default_factory=dict)
    issues: list[pd.DataFrame] = field(default_factory=list)
    headings: dict[tuple[str, str, str, str, str], str] = field(default_factory=dict)
    """As ``problems.Headings``."""

    def add(self, table: str, source: Source, frame: pd.DataFrame) -> None:
        """Text rows for a table."""
        self.frames.setdefault(table, []).append((source, frame))

    def name_columns(self, frame: pd.DataFrame, source: Source, table: str, headings: dict[str, str]) -> None:
        """Remember from which columns of its files the fields of a table come; a form has questions, not columns."""
        if source.format != "form":
            places = places_of(frame)[1].astype("str").fillna("").itertuples(index=False, name=None)
            for (file, sheet), (name, heading) in product(places, headings.items()):
                self.headings[source.id, file, sheet, table, name] = heading

    def note(self, frame: pd.DataFrame, source: Source, table: str = "", severity: str = "note") -> None:
        """Issues of rows that reached no table."""
        if len(frame):
            unit = source.publisher or source.title
            self.issues.append(frame.assign(severity=severity, unit=unit, source_id=source.id, table=table))


def read_city(city: City, dictionary: Dictionary, root: Path) -> Intake:
    """Every source of a city, read by its adapter and mapped by its entries."""
    intake = Intake()
    intake.add("sources", city.sources[0], own_sources(city))
    for source in city.sources:
        place = f"data/raw/{city.id}/city.yml"
        entries = read_entries(source, dictionary, place)
        parts = _read_source(city, source, root, intake)
        for group in _groups(parts, entries or named_entries(parts, dictionary)):
            _map(group, source, dictionary, context_of(city, source, dictionary), intake)
        _list_unmapped(source, intake)
    return intake


def context_of(city: City, source: Source, dictionary: Dictionary) -> Context:
    """How the cells of a source are to be read."""
    options = source.options
    return Context(
        dictionary,
        language=source.language or city.languages[0],
        decimal=options.get("decimal"),
        month_first=options.get("date_order", "day_first") == "month_first",
        time_zone=options.get("time_zone", city.time_zone),
    )


def own_sources(city: City) -> pd.DataFrame:
    """A row of the table ``sources`` for every source of city.yml."""
    names = ("title", "publisher", "url", "licence", "retrieved_at", "published_at", "language", "reliability")
    rows = [{"source_id": one.id, **{name: getattr(one, name) for name in names}} for one in city.sources]
    frame = pd.DataFrame(rows, columns=["source_id", *names], dtype="str")
    return frame.assign(_file="city.yml", _sheet="sources", _row=range(1, len(frame) + 1), _id=COUNTED)


@dataclass(frozen=True)
class Part:
    """One table of one file."""

    table: str
    file: str
    frame: pd.DataFrame


def named_entries(parts: list[Part], dictionary: Dictionary) -> list[Entry]:
    """Entries of a source that names none: sheets, or files, called as a table or its label fill that table."""
    names = {
        fold(name): table.name for table in dictionary.tables.values() for name in (table.name, *table.labels.values())
    }
    entries = []
    for part in parts:
        table = names.get(fold(Path(part.file).stem if part.table == "table" else part.table))
        if table:
            entries.append(Entry(table=table, source_tables=part.table, files=part.file))
    return entries


def _read_source(city: City, source: Source, root: Path, intake: Intake) -> list[Part]:
    """Numbered frames of the source's files; titles, totals rows and notes are noted and left out."""
    options = {name: value for name, value in source.options.items() if name not in REGISTRY_OPTIONS}
    parts = []
    for file in dict.fromkeys(name for pattern in source.files for name in data_files(root, city.id, pattern)):
        try:
            path = locate(root, city.id, file)
        except MonitorError:
            if not source.optional:
                raise
            intake.note(_absence(file, city), source)
            continue
        for name, frame in read(source.format, path, options).items():
            if name == CHECKS:
                _compare(frame.assign(_file=file), source, intake)
            else:
                numbered = intake.ledger.number(frame.assign(_file=file), source.id)
                parts.append(Part(name, file, _without_asides(numbered, source, intake)))
    return parts


def _absence(file: str, city: City) -> pd.DataFrame:
    issue = {"_file": file, "_sheet": "", "_row": pd.NA, "field": "", "code": "source_absent", "value": city.id}
    return pd.DataFrame([issue])


def _compare(checks: pd.DataFrame, source: Source, intake: Intake) -> None:
    """Totals that a file states and its rows contradict, and what else the adapter found amiss."""
    code = checks["code"] if "code" in checks.columns else pd.Series(None, checks.index, "str")
    wrong = code.notna() | (checks["stated"].notna() & (checks["stated"] != checks["computed"]))
    value = (checks["key"].fillna("") + " " + checks["stated"] + " ≠ " + checks["computed"]).str.strip()
    issues = checks[["_file", "_sheet", "_row"]].assign(
        field=checks["what"], code=code.fillna("stated_differs"), value=value
    )
    intake.note(issues[wrong], source, severity="warn")


def _without_asides(frame: pd.DataFrame, source: Source, intake: Intake) -> pd.DataFrame:
    if ASIDE not in frame.columns:
        return frame
    aside = frame[ASIDE].notna()
    issues = frame.loc[aside, ["_file", "_sheet", "_row"]].assign(field="", value=pd.NA, code=frame.loc[aside, ASIDE])
    intake.note(issues, source)
    intake.ledger.set_aside(frame.loc[aside, "_id"])
    return frame[~aside].drop(columns=ASIDE)


@dataclass(frozen=True)
class Group:
    """The frames that an entry takes and that have the same columns, as one."""

    entry: Entry
    frame: pd.DataFrame
    place: str


def _groups(parts: list[Part], entries: list[Entry]) -> Iterator[Group]:
    for entry in entries:
        taken = [part for part in parts if entry.takes(part.table, part.file)]
        if parts and not taken:
            names = sorted({part.table for part in parts})
            raise MonitorError(
                f"no table fits `from: {entry.source_tables or entry.ignore}` and `files: {entry.files or '*'}`",
                where=f"city.yml, files {', '.join(sorted({part.file for part in parts})[:3])}",
                remedy=f"the tables are {', '.join(names)}",
            )
        shapes: dict[tuple, list[Part]] = {}
        for part in taken:
            shapes.setdefault(tuple(part.frame.columns), []).append(part)
        for same in shapes.values():
            files = f"{same[0].file}" + (f" and {len(same) - 1} more" if len(same) > 1 else "")
            place = files if same[0].table == "table" else f"{files}, {same[0].table}"
            frames = [part.frame for part in same]
            whole = pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0].reset_index(drop=True)
            yield Group(entry, whole, place)


def _map(group: Group, source: Source, dictionary: Dictionary, context: Context, intake: Intake) -> None:
    entry = group.entry
    if entry.table is None:
        intake.ledger.set_aside(group.frame["_id"])
        return
    table = dictionary.table(entry.table)
    frame = taken_rows(group.frame, entry, group.place)
    intake.ledger.take(frame["_id"], table.name)
    if entry.count:
        rows, outcomes, issues = count_persons(frame, entry, table, dictionary, group.place)
        intake.ledger.record(outcomes["_id"], table.name, outcomes["outcome"])
        for code, part in issues.groupby("code"):
            intake.note(part, source, table.name, "block" if code == "missing_person" else "note")
    elif entry.unpivot:
        rows = unpivot(frame, entry, table, context, group.place)
    else:
        rows = map_columns(frame, entry, table, dictionary, group.place)
    intake.name_columns(frame, source, table.name, column_headings(frame, entry, table, group.place))
    intake.add(table.name, source, _with_source(rows, table, source))


def _with_source(rows: pd.DataFrame, table: Table, source: Source) -> pd.DataFrame:
    if "source_id" not in table.fields or table.name == "sources":
        return rows
    given = rows["source_id"] if "source_id" in rows.columns else pd.Series(None, rows.index, "str")
    return rows.assign(source_id=given.fillna(source.id))


def _list_unmapped(source: Source, intake: Intake) -> None:
    """Rows of the source that no entry takes, per file and sheet."""
    counts = intake.ledger.unmapped(source.id)
    intake.note(counts.assign(_row=pd.NA, field="", value=pd.NA, code="row_not_mapped"), source)
