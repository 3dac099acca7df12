"""Known errors of sources, mended openly: ``data/raw/<city>/corrections.yml``.

    - id: pp-2019-cost
      table: proposals
      action: override           # drop, override, scale, flag, merge, keep_apart
      where: {proposal_id: p-17} # rows, by the text of their fields as the mapping gives it (before it is parsed),
                                 # or by where they stand: {file: p.csv, row: 17}, with sheet where there are sheets
      field: cost                # override, scale: the field
      value: "120000"            # override: the text that takes the cell's place
      factor: 1000               # scale: what the number is multiplied by
      into: ros-pp               # merge: the id that the row's id becomes, here and wherever it is referred to
      expect: {cost: "12"}       # what the source says as long as it is wrong; then the run stops
      rows: 1                    # how many rows are meant (default 1)
      reason: a zero too few, see the minutes
      who: Secretaría de Modernización
      when: 2022-05-03

``keep_apart`` answers a possible duplicate: the ids listed in ``where`` are two things. Every correction is logged
in the changes with its id. The letters of ``monitor validate`` hold such lines, ready to be pasted.
"""

import datetime
from pathlib import Path
from typing import Any, Literal

import pandas as pd
from pydantic import Field as Setting
from pydantic import field_validator, model_validator

from helpers.config import Dictionary, nearest, raw_folder, read_model
from helpers.files import MonitorError
from helpers.registry.mapping import OPEN, Strict, plain_text
from helpers.registry.parse.numbers import parse_number
from helpers.registry.problems import issue_frame

FILE = "corrections.yml"

PLACE = {"file": "_file", "sheet": "_sheet", "row": "_row"}
"""Names in ``where`` that say where a row stands."""


class Correction(Strict):
    """One known error and what is done about it."""

    id: str
    table: str
    action: Literal["drop", "override", "scale", "flag", "merge", "keep_apart"]
    where: dict[str, list[str]] = Setting(min_length=1)
    field: str | None = None
    value: str | None = None
    factor: float | None = None
    into: str | None = None
    expect: dict[str, str | None] = {}
    rows: int = 1
    reason: str = Setting(pattern=r"\w")
    who: str = Setting(pattern=r"\w")
    when: datetime.date

    @field_validator("reason", "who", "when", "value", mode="before")
    @classmethod
    def _answered(cls, value: Any) -> Any:
        if value == OPEN:
            raise ValueError("the question mark waits for an answer")
        return value

    @field_validator("where", mode="before")
    @classmethod
    def _lists(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {
            name: [plain_text(item) for item in (given if isinstance(given, list) else [given])]
            for name, given in value.items()
        }

    @field_validator("expect", mode="before")
    @classmethod
    def _texts(cls, value: Any) -> Any:
        return {name: plain_text(text) for name, text in value.items()} if isinstance(value, dict) else value

    @field_validator("value", "into", mode="before")
    @classmethod
    def _text(cls, value: Any) -> Any:
        return plain_text(value)

    @model_validator(mode="after")
    def _complete(self) -> "Correction":
        needed = {"override": ("field", "value", "expect"), "scale": ("field", "factor", "expect"), "merge": ("into",)}
        for name in needed.get(self.action, ()):
            if getattr(self, name) in (None, {}):
                raise ValueError(f"{self.id}: `{self.action}` needs `{name}`")
        return self


class Corrections(Strict):
    """All corrections of a city."""

    corrections: list[Correction] = []

    def of(self, table: str, *actions: str) -> list[Correction]:
        """Those of a table and of these actions."""
        return [one for one in self.corrections if one.table == table and one.action in actions]

    def aliases(self, dictionary: Dictionary) -> dict[str, dict[str, str]]:
        """Per table, the ids that were merged into others."""
        found: dict[str, dict[str, str]] = {}
        for one in self.corrections:
            if one.action == "merge":
                key = dictionary.tables[one.table].key[0]
                found.setdefault(one.table, {}).update(dict.fromkeys(one.where.get(key, []), one.into))
        return found

    def settled(self, table: str) -> set[frozenset[str]]:
        """Pairs of ids that a person has said to be two things, or one."""
        apart = {frozenset(ids) for one in self.of(table, "keep_apart") for ids in one.where.values()}
        merges = [(ids, one.into) for one in self.of(table, "merge") for ids in one.where.values()]
        return apart | {frozenset((name, into)) for ids, into in merges for name in ids}


def read_corrections(root: Path, city: str, dictionary: Dictionary) -> Corrections:
    """The checked corrections of a city; none where it has no such file."""
    path = raw_folder(root, city) / FILE
    if not path.is_file():
        return Corrections()
    corrections = read_model(path, Corrections)
    for one in corrections.corrections:
        fields = {*dictionary.table(one.table).fields, *PLACE}
        for name in filter(None, (one.field, *one.where, *one.expect)):
            if name not in fields:
                close = nearest(name, fields)
                remedy = f"did you mean {close!r}" if close else "correct it"
                raise MonitorError(f"{one.table} has no field {name!r}", where=f"{path}, {one.id}", remedy=remedy)
    return corrections


def apply(text: pd.DataFrame, corrections: list[Correction], place: str) -> tuple[pd.DataFrame, list[dict]]:
    """A table's text rows with overrides and scales put in; returns them and the log (one entry per row changed)."""
    log = []
    for one in corrections:
        rows = selected(text, one, place)
        if one.action in ("override", "scale"):
            before = text.loc[rows, one.field]
            after = [one.value if one.action == "override" else _scaled(cell, one, place) for cell in before]
            text = text.assign(**{one.field: text[one.field].astype("str")})
            text.loc[rows, one.field] = after
            log += [
                {"at": at, "field": one.field, "raw": raw, "clean": clean, "id": one.id}
                for at, raw, clean in zip(before.index, before, after, strict=True)
            ]
    return text, log


def selected(text: pd.DataFrame, one: Correction, place: str) -> pd.Index:
    """The rows that a correction means; stops where the source no longer says what it expects."""
    chosen = pd.Series(True, text.index)
    for name, values in one.where.items():
        column = PLACE.get(name, name)
        cells = text[column].astype("str") if column in text.columns else pd.Series(None, text.index, "str")
        chosen &= cells.str.strip().isin(values)
    rows = text.index[chosen]
    if len(rows) != one.rows:
        raise _stale(f"it means {one.rows} row and finds {len(rows)}", one, place)
    for name, expected in one.expect.items():
        found = text.loc[rows, name] if name in text.columns else pd.Series(None, rows, "str")
        wrong = found.fillna("").str.strip() != (expected or "")
        if wrong.any():
            raise _stale(f"it expects {expected!r} in {name} and finds {found[wrong].iloc[0]!r}", one, place)
    return rows


def _scaled(cell: str, one: Correction, place: str) -> str:
    number = parse_number(cell) if isinstance(cell, str) else None
    if number is None:
        raise _stale(f"{cell!r} in {one.field} is no number", one, place)
    return f"{number.value * one.factor:.15g}"


def _stale(what: str, one: Correction, place: str) -> MonitorError:
    return MonitorError(
        f"the correction {one.id} ({one.action}) no longer fits its source: {what}",
        where=place,
        remedy="the source may have mended its error: check it and remove or renew the correction",
    )


def flags(text: pd.DataFrame, corrections: list[Correction], place: str) -> list[pd.DataFrame]:
    """Issues for rows that were flagged or dropped, with the reason."""
    issues = []
    for one in corrections:
        rows = selected(text, one, place)
        code = "dropped" if one.action == "drop" else "flagged"
        issues.append(issue_frame(text.loc[rows], one.field or "", code, f"{one.reason} ({one.who}, {one.when})"))
    return issues
