"""The field dictionary as pandera schemas, typed empty tables and blank files for data entry."""

import pandas as pd
import pandera.pandas as pa

from helpers.config import Dictionary, Field, Table
from helpers.files import MonitorError
from helpers.registry.cleaning import BOUNDS
from helpers.registry.integrity import PERMANENT
from helpers.registry.parse.column import dtype_of


def schema(dictionary: Dictionary, name: str) -> pa.DataFrameSchema:
    """The pandera schema of a clean table: order, types, closed lists, limits, patterns, required fields, key."""
    table = dictionary.table(name)
    columns = {}
    for field in table.published_fields:
        columns[field.name] = _column(field, table, dictionary)
        if field.bound:
            columns[f"{field.name}_bound"] = pa.Column("str", pa.Check.isin(BOUNDS), nullable=True)
    columns["not_applicable"] = pa.Column("str", nullable=True)
    columns["origin"] = pa.Column("str", nullable=False)
    return pa.DataFrameSchema(columns, strict=True, ordered=True, unique=table.key, name=name)


def _column(field: Field, table: Table, dictionary: Dictionary) -> pa.Column:
    checks = []
    if field.vocabulary:
        values = set(dictionary.vocabularies[field.vocabulary])
        checks.append(_items_in(values) if field.type == "list" else pa.Check.isin(sorted(values)))
    if field.minimum is not None:
        checks.append(pa.Check.ge(field.minimum))
    if field.maximum is not None:
        checks.append(pa.Check.le(field.maximum))
    if field.pattern and field.type != "list":
        checks.append(pa.Check.str_matches(f"^(?:{field.pattern})$"))
    may_miss = field.requirement != "required" or field.name in PERMANENT.get(table.name, ())
    return pa.Column(dtype_of(field), checks, nullable=may_miss, title=field.labels.get("en"))


def _items_in(values: set[str]) -> pa.Check:
    return pa.Check(
        lambda cells: cells.str.split(";").explode().isin(values).groupby(level=0).all(), name="items in the list"
    )


def validate(tables: dict[str, pd.DataFrame], dictionary: Dictionary) -> None:
    """Hold every clean table to its schema; a breach is an internal error, since cleaning promises none."""
    for name, frame in tables.items():
        if len(frame):
            schema(dictionary, name).validate(frame)


def dtypes(table: Table) -> dict[str, str]:
    """The type of each column of a clean table."""
    types = {field.name: dtype_of(field) for field in table.fields.values()}
    return {name: types.get(name, "str") for name in table.columns}


def empty_table(table: Table) -> pd.DataFrame:
    """A clean table without rows."""
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in dtypes(table).items()})


def template(dictionary: Dictionary, name: str, language: str) -> bytes:
    """A blank CSV of a table with its headings in a language, readable as it is by ``clean``; UTF-8 with mark.

    The mark is for spreadsheet programs, which otherwise break accents.
    """
    table = dictionary.table(name)
    if language not in dictionary.languages:
        raise MonitorError(f"there are no labels in {language!r}", remedy=f"use {', '.join(dictionary.languages)}")
    labels = [field.labels[language] for field in table.published_fields]
    headers = [
        field.name if labels.count(label) > 1 else label
        for field, label in zip(table.published_fields, labels, strict=True)
    ]
    quoted = ['"' + header.replace('"', '""') + '"' if "," in header or '"' in header else header for header in headers]
    return ("\ufeff" + ",".join(quoted) + "\n").encode("utf-8")
