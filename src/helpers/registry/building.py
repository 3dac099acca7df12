"""The clean registry of a city: sources read and mapped, cells cleaned, rows held together, nothing lost."""

from dataclasses import replace
from graphlib import TopologicalSorter
from pathlib import Path

import geopandas as gpd
import pandas as pd

from helpers.config import City, Dictionary, Source, Table
from helpers.files import MonitorError
from helpers.language import Texts
from helpers.registry.accounts import Ledger
from helpers.registry.cleaning import CHANGES, clean_frame
from helpers.registry.consistency import contradictions
from helpers.registry.corrections import FILE as CORRECTIONS_FILE
from helpers.registry.corrections import Corrections, apply, flags, read_corrections
from helpers.registry.duplicates import COMPARED, find_duplicates
from helpers.registry.folding import fold_series, map_distinct
from helpers.registry.geography import AREA_TOLERANCE, areas_km2, shapes_of, territory_names
from helpers.registry.integrity import broken_references, merge_duplicates, missing_required
from helpers.registry.letters import message
from helpers.registry.placing import place_rows
from helpers.registry.problems import gather, issue_frame, severity_of
from helpers.registry.reading import Intake, context_of, read_city
from helpers.registry.reshaping import COUNTED
from helpers.registry.schema import empty_table, validate
from helpers.registry.storage import Registry


def clean(city: City, dictionary: Dictionary, root: Path) -> Registry:
    """The clean tables of a city with problems, changes and accounts.

    Raises MonitorError where a file cannot be read or mapped. Rows that cannot stand are set aside and listed; where
    their source does not say ``quarantine: accept``, ``Registry.blocked`` holds the first as an error, and ``save``
    raises it.
    """
    corrections = read_corrections(root, city.id, dictionary)
    work = _Work(city, dictionary, read_city(city, dictionary, root), corrections)
    for name in table_order(dictionary):
        work.clean_table(dictionary.tables[name])
    shapes = shapes_of(work.tables["territories"])
    work.compare_areas(areas_km2(shapes, city.projection))
    work.locate(shapes)
    work.list_contradictions()
    work.normalise_names()
    tables = {name: finished(work.tables[name], dictionary.tables[name]) for name in dictionary.tables}
    validate(tables, dictionary)
    issues = [*work.intake.issues, *work.issues, *work.missing_expected()]
    problems = gather(issues)
    changes = pd.concat([frame for frame in work.changes if len(frame)] or [pd.DataFrame(columns=CHANGES)])
    return Registry(
        tables,
        problems,
        changes.reset_index(drop=True)[CHANGES],
        work.ledger.accounts(),
        shapes,
        blocked=_first_block(problems, city, root),
    )


def table_order(dictionary: Dictionary) -> list[str]:
    """Tables in an order in which what a required field refers to comes first; territories before all but sources."""
    graph = {
        table.name: {
            field.reference.partition(".")[0]
            for field in table.fields.values()
            if field.reference and field.requirement == "required"
        }
        - {table.name}
        for table in dictionary.tables.values()
    }
    optional = {name: {"territories", "instances"} - {name} for name in graph if name not in ("sources", "territories")}
    for name, needs in optional.items():
        graph[name] = graph[name] | ({"territories"} if name == "instances" else needs & graph.keys())
    return [name for name in TopologicalSorter(graph).static_order()]


class _Work:
    """The tables cleaned so far; each is held against those before it."""

    def __init__(self, city: City, dictionary: Dictionary, intake: Intake, corrections: Corrections):
        self.city, self.dictionary, self.intake, self.corrections = city, dictionary, intake, corrections
        self.aliases = corrections.aliases(dictionary)
        self.place = f"data/raw/{city.id}/{CORRECTIONS_FILE}"
        self.ledger: Ledger = intake.ledger
        self.tables: dict[str, pd.DataFrame] = {}
        self.issues: list[pd.DataFrame] = []
        self.changes: list[pd.DataFrame] = []
        self.names: dict[str, str | None] | None = None
        self.publishers = {source.id: source.publisher or source.title for source in city.sources}

    def clean_table(self, table: Table) -> None:
        """Parse, complete, hold together and store one table."""
        frame = self._parsed(table)
        gaps = missing_required(frame, table)
        frame = self._without_blocked(frame, table, [*self._found, *self._new(gaps, table)])
        frame = self._merged(frame, table)
        frame, broken = broken_references(frame, table, self.dictionary, self.tables)
        frame = self._without_blocked(frame, table, self._new(broken, table))
        kept, merged, contrary = merge_duplicates(frame, table)
        lost = frame.index.difference(kept.index).difference(merged.index)
        self._note(self._new(contrary, table), frame)
        self._record(merged, table, "merged")
        self._record(frame.loc[lost], table, "quarantined")
        self._record(kept, table, "kept")
        self.tables[table.name] = kept.reset_index(drop=True)
        if table.name == "territories":
            self.names = territory_names(kept)

    def _parsed(self, table: Table) -> pd.DataFrame:
        """The typed rows of all sources, in order of precedence."""
        parts, self._found = [], []
        for source, text in self._corrected(table):
            context = replace(context_of(self.city, source, self.dictionary), territories=self.names)
            cleaned = clean_frame(text, table, source, context)
            parts.append(cleaned.frame.assign(_source=source.id, origin=_origin(text)))
            self._found.append(cleaned.issues)
            self.changes.append(cleaned.changes)
        parts = [part for part in parts if len(part)]
        if parts:
            return pd.concat(parts)
        nowhere = ("_file", "_sheet", "_row", "_id", "_source")
        return empty_table(table).assign(**{name: pd.Series(dtype="object") for name in nowhere})

    def _corrected(self, table: Table) -> list[tuple[Source, pd.DataFrame]]:
        """The text rows of all sources under labels of their own, corrections put in, dropped rows taken out."""
        frames, start = [], 0
        for source, text in self.intake.frames.get(table.name, []):
            frames.append((source, text.set_axis(pd.RangeIndex(start, start + len(text)))))
            start += len(text)
        mended = self.corrections.of(table.name, "override", "scale")
        told = self.corrections.of(table.name, "drop", "flag")
        if not frames or not (mended or told):
            return frames
        whole = pd.concat([text.assign(_source=source.id) for source, text in frames])
        for one, issues in zip(told, flags(whole, told, self.place), strict=True):
            severity = "warn" if one.action == "flag" else "note"
            self._note([issues.assign(table=table.name, severity=severity)], whole)
            if one.action == "drop":
                gone = whole.loc[issues["_at"]]
                self._record(gone, table, "quarantined")
                frames = [(source, text.drop(gone.index, errors="ignore")) for source, text in frames]
        whole, log = apply(whole, mended, self.place)
        self.changes.append(_correction_log(whole, log, table))
        fields = {one.field for one in mended}
        return [
            (source, text.assign(**{name: whole.loc[text.index, name] for name in fields}) if len(text) else text)
            for source, text in frames
        ]

    def _merged(self, frame: pd.DataFrame, table: Table) -> pd.DataFrame:
        """Ids that stand for the same thing made one, here and where they are referred to."""
        if table.name in COMPARED and len(frame):
            pairs = find_duplicates(frame, table.name, self.corrections.apart(table.name))
            self._list_duplicates(pairs[~pairs["sure"].astype(bool)], frame, table)
            key = table.key[0]
            for left, right in pairs.loc[pairs["sure"].astype(bool), ["left", "right"]].itertuples(index=False):
                self.aliases.setdefault(table.name, {})[frame.at[right, key]] = frame.at[left, key]
        aliases = self.aliases.get(table.name, {})
        if aliases:
            key = table.key[0]
            frame = frame.assign(_aliased=frame[key].isin(aliases), **{key: frame[key].replace(aliases)})
        for field in table.fields.values():
            target = (field.reference or "").partition(".")[0]
            if target in self.aliases and field.name in frame.columns:
                frame = frame.assign(**{field.name: _replaced(frame[field.name], self.aliases[target])})
        return frame

    def _list_duplicates(self, pairs: pd.DataFrame, frame: pd.DataFrame, table: Table) -> None:
        """Pairs for a person to decide."""
        if len(pairs):
            key = table.key[0]
            left, right = frame.loc[pairs["left"]], frame.loc[pairs["right"]]
            value = [f"{one} / {other}" for one, other in zip(left[key], right[key], strict=True)]
            issues = issue_frame(right, key, "possible_duplicate", value)
            self._note([issues.assign(table=table.name, severity="warn")], frame)

    def _new(self, issues: list[pd.DataFrame], table: Table) -> list[pd.DataFrame]:
        """Issues between rows, with their severity; a required field already found unreadable is not missing too."""
        known = pd.concat([frame for frame in self._found if len(frame)] or [pd.DataFrame(columns=["_at", "field"])])
        pairs = pd.MultiIndex.from_frame(known[["_at", "field"]])
        labelled = []
        for frame in issues:
            code = frame["code"].iloc[0]
            if code == "missing_required":
                frame = frame[~pd.MultiIndex.from_frame(frame[["_at", "field"]]).isin(pairs)]
            labelled.append(frame.assign(table=table.name, severity=severity_of(code, False)))
        return [frame for frame in labelled if len(frame)]

    def _without_blocked(self, frame: pd.DataFrame, table: Table, issues: list[pd.DataFrame]) -> pd.DataFrame:
        """The rows that can stand; the others are recorded as quarantined."""
        self._note(issues, frame)
        blocked = [part.loc[part["severity"] == "block", "_at"] for part in issues if len(part)]
        at = pd.concat(blocked).unique() if blocked else []
        self._record(frame.loc[frame.index.isin(at)], table, "quarantined")
        return frame[~frame.index.isin(at)]

    def _note(self, issues: list[pd.DataFrame], frame: pd.DataFrame) -> None:
        for part in issues:
            if len(part):
                sources = frame["_source"].reindex(part["_at"]).to_numpy()
                units = self._units(frame).reindex(part["_at"]).to_numpy()
                self.issues.append(part.assign(source_id=sources, unit=units))

    def _units(self, frame: pd.DataFrame) -> pd.Series:
        """The unit responsible for each row: of its instance, else the publisher of its source."""
        publisher = frame["_source"].map(self.publishers).astype("str")
        if "responsible_unit" in frame.columns:
            return frame["responsible_unit"].fillna(publisher)
        if "instance_id" in frame.columns and "instances" in self.tables:
            instances = self.tables["instances"]
            units = instances.drop_duplicates("instance_id").set_index("instance_id")["responsible_unit"]
            return frame["instance_id"].map(units).astype("str").fillna(publisher)
        return publisher

    def _record(self, rows: pd.DataFrame, table: Table, outcome: str) -> None:
        ids = rows.loc[rows["_id"] != COUNTED, "_id"]
        if len(ids):
            self.ledger.record(ids, table.name, outcome)

    def compare_areas(self, computed: pd.Series) -> None:
        """Fill areas that nobody states; list those that differ from the shape's."""
        frame = self.tables["territories"]
        area = frame["territory_id"].map(computed).astype("Float64")
        stated = frame["area_km2"]
        wrong = ((stated - area).abs() > AREA_TOLERANCE * area).fillna(False).astype(bool)
        if wrong.any():
            value = stated[wrong].map("{:g}".format) + " ≠ " + area[wrong].map("{:g}".format)
            issues = issue_frame(frame[wrong], "area_km2", "stated_differs", value)
            self._note([issues.assign(table="territories", severity="warn")], frame)
        self.tables["territories"] = frame.assign(area_km2=stated.fillna(area))

    def locate(self, shapes: gpd.GeoDataFrame) -> None:
        """Put rows with coordinates or venues into territories."""
        placing = place_rows(self.tables, shapes)
        for name, found in placing.issues.items():
            self._note(
                [part.assign(table=name, severity=severity_of(part["code"].iloc[0], False)) for part in found],
                self.tables[name],
            )
        self.tables = placing.tables

    def normalise_names(self) -> None:
        """Fill the names by which actors are matched."""
        actors = self.tables["actors"]
        normalised = actors["name_normalised"].fillna(fold_series(actors["name"]))
        self.tables["actors"] = actors.assign(name_normalised=normalised)

    def list_contradictions(self) -> None:
        """Note what the clean tables contradict in themselves."""
        for name, found in contradictions(self.tables).items():
            for severity, issues in found:
                self._note([issues.assign(table=name, severity=severity)], self.tables[name])

    def missing_expected(self) -> list[pd.DataFrame]:
        """Per table, field and unit, how many rows lack what is expected of them."""
        issues = []
        for table in self.dictionary.tables.values():
            frame = self.tables[table.name]
            expected = [field.name for field in table.published_fields if field.requirement == "expected"]
            units = self._units(frame) if len(frame) else None
            for name in expected if len(frame) else []:
                gap = frame[name].isna() & ~_is_not_applicable(frame, name)
                rows = frame.loc[gap, ["_file", "_source"]].assign(unit=units[gap])
                grouped = rows.groupby(["_source", "unit"], sort=False, dropna=False)["_file"]
                counts = grouped.agg(count="size", files="nunique", _file="first").reset_index()
                counts["_file"] = counts["_file"].where(counts.pop("files") == 1, "")
                label = {"table": table.name, "field": name, "code": "missing_expected", "severity": "note"}
                counts = counts.rename(columns={"_source": "source_id"})
                issues.append(counts.assign(**label, _sheet="", value=pd.NA, _row=pd.NA))
        return issues


def _replaced(cells: pd.Series, aliases: dict[str, str]) -> pd.Series:
    """Ids, alone or in lists, by the ids that they were merged into."""
    return map_distinct(
        cells, lambda text: ";".join(dict.fromkeys(aliases.get(item, item) for item in text.split(";")))
    )


def _correction_log(text: pd.DataFrame, log: list[dict], table: Table) -> pd.DataFrame:
    """The corrections made, as rows of the changes."""
    rows = [
        {
            "source_id": text.at[entry["at"], "_source"],
            "file": text.at[entry["at"], "_file"],
            "sheet": text.at[entry["at"], "_sheet"],
            "table": table.name,
            "field": entry["field"],
            "raw": entry["raw"],
            "clean": entry["clean"],
            "rule": f"correction {entry['id']}",
            "rows": 1,
            "first_row": text.at[entry["at"], "_row"],
        }
        for entry in log
    ]
    return pd.DataFrame(rows, columns=CHANGES)


def _is_not_applicable(frame: pd.DataFrame, name: str) -> pd.Series:
    listed = ";" + frame["not_applicable"].fillna("") + ";"
    return listed.str.contains(f";{name};", regex=False)


def _origin(text: pd.DataFrame) -> pd.Series:
    """``file#sheet:row``, or ``file:row`` where the format has no sheets; a span of rows where many were counted."""
    sheet = ("#" + text["_sheet"].astype("str")).where(text["_sheet"] != "", "")
    row = text["_row"].astype("str")
    if "_last" in text.columns:
        row = row.where(text["_row"] == text["_last"], row + "-" + text["_last"].astype("str"))
    return text["_file"].astype("str") + sheet + ":" + row


def finished(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """The columns that leave the room, typed."""
    return frame[table.columns].astype({name: dtype for name, dtype in empty_table(table).dtypes.items()})


def _first_block(problems: pd.DataFrame, city: City, root: Path) -> MonitorError | None:
    """The first row that cannot stand and that its source does not let be set aside."""
    strict = [source.id for source in city.sources if source.options.get("quarantine") != "accept"]
    blocking = problems[(problems["severity"] == "block") & problems["source_id"].isin(strict)]
    if blocking.empty:
        return None
    # A row that fell out breaks the references to it: the cause is said before its consequences.
    causes_first = blocking.sort_values("code", key=lambda codes: codes == "broken_reference", kind="stable")
    first, others = causes_first.iloc[0], len(blocking) - 1
    what, where, remedy = message(first, Texts(root, "en"))
    more = f" ({others} more: `monitor validate {city.id}`)" if others else ""
    return MonitorError(what, where=f"data/raw/{city.id}/{where}", remedy=remedy + more)


__all__ = ["Source", "clean", "finished", "table_order"]
