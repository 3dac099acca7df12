"""A method held against the field dictionary before anything is computed."""

from collections.abc import Iterator

from helpers.config import Dictionary, MonitorError, nearest
from helpers.config.indicator import Rows
from helpers.config.method import Method
from helpers.measures.derive import DERIVED_FIELDS
from helpers.measures.filters import FieldInfo, check

_ANSWERS = frozenset({"yes", "partly", "no"})


def check_method(method: Method, dictionary: Dictionary) -> None:
    """Check every table, field, value and filter that the method names.

    Raises MonitorError that names the place in the method, the mistake and what was probably meant.
    """
    tables = {name: _fields(name, method, dictionary) for name in dictionary.tables}
    tables["city"] = {"budget": FieldInfo("decimal")}
    for name, population in method.populations.items():
        _filter(population, tables["instances"], "instances", f"populations.{name}")
    for indicator in method.indicators.values():
        for _, part in indicator.legs:
            for rows in part.rows:
                _check_rows(rows, tables, f"indicators.{indicator.id}")
    for figure in method.context.values():
        for quantity in figure.figures.values():
            for one in (quantity, quantity.over):
                if one is not None:
                    _check_named(one.table, [one.field, one.by], [one.where], tables, f"context.{figure.id}")


def _check_rows(rows: Rows, tables: dict[str, dict[str, FieldInfo]], where: str) -> None:
    filters = [rows.where, rows.done, rows.indicative, rows.cap.unless if rows.cap else None]
    names = [rows.field, rows.weight, rows.count, *rows.groups]
    for item in rows.items.values():
        filters += [item.done, item.applies]
        names += [item.field, *item.fields]
    _check_named(rows.table, names, filters, tables, where)
    if rows.total:
        _known(rows.total, tables["instances"], f"{where}: instances have no field")


def _check_named(table: str, names: list, filters: list, tables: dict, where: str) -> None:
    _known(table, tables, f"{where}: there is no table")
    fields = tables[table]
    if table != "instances":
        fields = {**fields, **{f"instance.{name}": info for name, info in tables["instances"].items()}}
    for name in names:
        if name:
            _known(name, fields, f"{where}: {table} has no field")
    for text in filters:
        if text:
            _filter(text, fields, table, where)


def _filter(text: str, fields: dict[str, FieldInfo], table: str, where: str) -> None:
    try:
        check(text, fields, table)
    except MonitorError as error:
        raise type(error)(error.what, where=f"{where}, {error.where}", remedy=error.remedy) from None


def _known(name: str, known: dict, what: str) -> None:
    if name not in known:
        close = nearest(name, list(known))
        raise MonitorError(f"{what} {name!r}", remedy=f"did you mean {close!r}" if close else "correct the name")


def _fields(table: str, method: Method, dictionary: Dictionary) -> dict[str, FieldInfo]:
    """Fields of a table as filters see them: those of the dictionary, those of the period, those derived."""
    fields = dict(_of_dictionary(table, dictionary))
    if table == "instances":
        fields |= dict(_of_dictionary("instance_periods", dictionary))
        fields |= dict(_of_checks(dictionary))
        fields |= {f"present_{name}": FieldInfo("boolean") for name in method.presence}
    fields |= {name: FieldInfo(kind) for name, kind in DERIVED_FIELDS.get(table, {}).items()}
    return fields


def _of_dictionary(table: str, dictionary: Dictionary) -> Iterator[tuple[str, FieldInfo]]:
    for field in dictionary.tables[table].published_fields:
        values = frozenset(dictionary.vocabularies[field.vocabulary]) if field.vocabulary else frozenset()
        yield field.name, FieldInfo(field.type, values)


def _of_checks(dictionary: Dictionary) -> Iterator[tuple[str, FieldInfo]]:
    for item in dictionary.vocabularies["check_item"]:
        for suffix in ("", "_in_time", "_fresh"):
            yield f"check_{item}{suffix}", FieldInfo("category", _ANSWERS)
