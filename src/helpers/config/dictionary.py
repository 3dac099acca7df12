"""The field dictionary: every table and field of the registry once, from ``methodology/registry.yml``."""

from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic import Field as Setting

from helpers.config.errors import MonitorError
from helpers.config.reading import nearest, read_model

Requirement = Literal["required", "expected", "optional"]
"""Without a required field a row cannot stand; an expected one may be missing, is listed and lowers coverage."""

FieldType = Literal[
    "id", "text", "category", "list", "integer", "decimal", "boolean", "date", "datetime", "url", "year"
]
Labels = dict[str, str]
"""Text per language."""


class Strict(BaseModel):
    """A frozen model that refuses keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Field(Strict):
    """One field of a table."""

    name: str = ""
    type: FieldType
    requirement: Requirement = "optional"
    vocabulary: str | None = None
    reference: str | None = None
    bound: bool = False
    """A number that may be a bound ("more than 50"): the clean table has ``<name>_bound`` beside it."""
    unit: Labels | None = None
    minimum: float | None = None
    maximum: float | None = None
    pattern: str | None = None
    labels: Labels
    help: Labels
    origin: list[str] = []
    personal: bool = False
    """May hold data of a private person: it never reaches the clean tables."""


class Table(Strict):
    """One table of the registry; its fields in the order in which they are written."""

    name: str = ""
    key: list[str]
    labels: Labels
    help: Labels
    fields: dict[str, Field]

    @property
    def published_fields(self) -> list[Field]:
        """The fields that reach the clean table."""
        return [field for field in self.fields.values() if not field.personal]

    @property
    def columns(self) -> list[str]:
        """Columns of the clean table: fields, each bounded number with its bound, then states and origin."""
        names = []
        for field in self.published_fields:
            names += [field.name, f"{field.name}_bound"] if field.bound else [field.name]
        return [*names, "not_applicable", "origin"]


class Form(Strict):
    """A one-page form that an organisation fills in: fields of one table, asked one below the other."""

    table: str
    labels: Labels
    help: Labels
    fields: list[str] = Setting(min_length=1)
    given: dict[str, str] = {}
    """Values that nobody is asked for, the same on every form."""


class Dictionary(Strict):
    """All tables and controlled vocabularies, and the form of a declaration."""

    version: str
    vocabularies: dict[str, dict[str, Labels]]
    tables: dict[str, Table] = Setting(min_length=1)
    declaration: Form | None = None
    """What an organisation of civil society answers to declare an instance."""

    @model_validator(mode="before")
    @classmethod
    def _names_from_keys(cls, value: dict) -> dict:
        """A table and a field are named once, by their key."""
        tables = {
            name: {
                **table,
                "name": name,
                "fields": {key: {**field, "name": key} for key, field in (table.get("fields") or {}).items()},
            }
            for name, table in (value.get("tables") or {}).items()
        }
        return {**value, "tables": tables}

    @model_validator(mode="after")
    def _names_exist(self) -> "Dictionary":
        for table in self.tables.values():
            for key in table.key:
                _need(key, table.fields, f"key of {table.name}")
            for field in table.fields.values():
                where = f"{table.name}.{field.name}"
                if field.vocabulary:
                    _need(field.vocabulary, self.vocabularies, f"vocabulary of {where}")
                if field.reference:
                    target, _, column = field.reference.partition(".")
                    _need(target, self.tables, f"reference of {where}")
                    _need(column, self.tables[target].fields, f"reference of {where}")
        self._check_form()
        return self

    def _check_form(self) -> None:
        if form := self.declaration:
            _need(form.table, self.tables, "table of the declaration")
            for name in (*form.fields, *form.given):
                _need(name, self.tables[form.table].fields, "field of the declaration")

    def table(self, name: str) -> Table:
        """The table of that name; an unknown one is an error with the nearest name."""
        if name not in self.tables:
            close = nearest(name, set(self.tables))
            remedy = f"did you mean {close!r}" if close else f"the tables are {', '.join(sorted(self.tables))}"
            raise MonitorError(f"there is no table {name!r} in the field dictionary", remedy=remedy)
        return self.tables[name]

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """Languages in which every label is given."""
        first = next(iter(self.tables.values()))
        return tuple(first.labels)


def load_dictionary(root: Path) -> Dictionary:
    """The checked field dictionary of the monitor at ``root``."""
    return read_model(root / "methodology" / "registry.yml", Dictionary)


def _need(name: str, known: object, what: str) -> None:
    if name not in known:
        close = nearest(name, set(known))
        raise ValueError(f"{what}: {name!r} does not exist" + (f", did you mean {close!r}" if close else ""))
