"""The tables of a city, cleaned one after the other: parsed, corrected, made whole, held against those before."""

from dataclasses import replace

import pandas as pd

from helpers.config import City, Dictionary, Source, Table
from helpers.registry.accounts import Ledger
from helpers.registry.cleaning import CHANGES, clean_frame
from helpers.registry.corrections import FILE as CORRECTIONS_FILE
from helpers.registry.corrections import Corrections, apply, flags
from helpers.registry.duplicates import COMPARED, find_duplicates
from helpers.registry.folding import map_distinct
from helpers.registry.geography import territory_names
from helpers.registry.integrity import broken_references, merge_duplicates, missing_required
from helpers.registry.problems import issue_frame, severity_of
from helpers.registry.reading import Intake, context_of
from helpers.registry.reshaping import COUNTED
from helpers.registry.schema import empty_table


class CleanTables:
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
        self.aside: dict[str, list[pd.DataFrame]] = {}
        self.publishers = {source.id: source.publisher or source.title for source in city.sources}

    def clean_table(self, table: Table) -> None:
        """Parse, hold together and store one table."""
        frame = self._parsed(table)
        self.tables[table.name] = frame if frame.empty else self._held_together(frame, table)
        if table.name == "territories":
            self.names = territory_names(self.tables["territories"])

    def _held_together(self, frame: pd.DataFrame, table: Table) -> pd.DataFrame:
        """The rows that can stand by themselves, beside each other and beside the tables before."""
        gaps = missing_required(frame, table)
        frame = self._without_blocked(frame, table, [*self._found, *self._new(gaps, table)])
        frame = self._merged(frame, table)
        frame, broken = broken_references(frame, table, self.dictionary, self.tables)
        frame = self._without_blocked(frame, table, self._with_causes(self._new(broken, table), table))
        kept, merged, contrary = merge_duplicates(frame, table)
        lost = frame.index.difference(kept.index.append(merged.index), sort=False)
        self.note(self._new(contrary, table), frame)
        self._record(merged, table, "merged")
        self._record(frame.loc[lost], table, "quarantined")
        self._record(kept, table, "kept")
        return kept.reset_index(drop=True)

    def _parsed(self, table: Table) -> pd.DataFrame:
        """The typed rows of all sources, in order of precedence."""
        parts, self._found = [], []
        for source, text in self._corrected(table):
            context = replace(context_of(self.city, source, self.dictionary), territories=self.names)
            cleaned = clean_frame(text, table, source, context)
            parts.append(cleaned.frame.assign(_source=source.id))
            self._found.append(cleaned.issues)
            self.changes.append(cleaned.changes)
        parts = [part for part in parts if len(part)]
        if parts:
            return pd.concat(parts) if len(parts) > 1 else parts[0]
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
            self.note([issues.assign(table=table.name, severity=severity)], whole)
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
            pairs = find_duplicates(frame, table.name, self.corrections.settled(table.name))
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
            self.note([issues.assign(table=table.name, severity="warn")], frame)

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
        self.note(issues, frame)
        blocked = [part.loc[part["severity"] == "block", "_at"] for part in issues if len(part)]
        at = pd.concat(blocked).unique() if blocked else []
        if not len(at):
            return frame
        gone = frame.index.isin(at)
        self._record(frame[gone], table, "quarantined")
        self.aside.setdefault(table.name, []).append(frame[gone])
        return frame[~gone]

    def _with_causes(self, issues: list[pd.DataFrame], table: Table) -> list[pd.DataFrame]:
        """References that lead nowhere, with the place of the row that they name where that row was set aside."""
        told = []
        for part in issues:
            target, _, key = table.fields[part["field"].iloc[0]].reference.partition(".")
            places = {}
            for gone in (part.dropna(subset="_row") for part in self.aside.get(target, [])):
                stood = zip(gone["_file"], gone["_sheet"].fillna(""), gone["_row"].astype(int), strict=True)
                places |= dict(zip(gone[key], map(list, stood), strict=True))
            told.append(part.assign(cause=[places.get(value) for value in part["value"]]))
        return told

    def note(self, issues: list[pd.DataFrame], frame: pd.DataFrame) -> None:
        """Keep issues of rows of a frame, with their source, the unit responsible and the name of what stands there."""
        for part in issues:
            if len(part):
                sources = frame["_source"].reindex(part["_at"]).to_numpy()
                units = self.units(frame).reindex(part["_at"]).to_numpy()
                names = self._names(frame).reindex(part["_at"]).to_numpy()
                self.issues.append(part.assign(source_id=sources, unit=units, name=names))

    def units(self, frame: pd.DataFrame) -> pd.Series:
        """The unit responsible for each row: of its instance, else the publisher of its source."""
        publisher = map_distinct(frame["_source"], self.publishers.get)
        if "responsible_unit" in frame.columns:
            return frame["responsible_unit"].fillna(publisher)
        if "instance_id" in frame.columns and "instances" in self.tables:
            return self._of_instance(frame, "responsible_unit").fillna(publisher)
        return publisher

    def _names(self, frame: pd.DataFrame) -> pd.Series:
        """Name or title of each row, else the name of its instance."""
        own = [name for name in ("name", "title") if name in frame.columns]
        if own:
            return frame[own[0]]
        if "instance_id" in frame.columns and "instances" in self.tables:
            return self._of_instance(frame, "name")
        return pd.Series(None, frame.index, "str")

    def _of_instance(self, frame: pd.DataFrame, field: str) -> pd.Series:
        """What is said of the instance of each row, be it one that was set aside."""
        parts = [self.tables["instances"], *self.aside.get("instances", [])]
        instances = pd.concat([part[["instance_id", field]] for part in parts])
        values = instances.drop_duplicates("instance_id").set_index("instance_id")[field].dropna().to_dict()
        return map_distinct(frame["instance_id"], values.get)

    def _record(self, rows: pd.DataFrame, table: Table, outcome: str) -> None:
        ids = rows.loc[rows["_id"] != COUNTED, "_id"]
        if len(ids):
            self.ledger.record(ids, table.name, outcome)


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
