"""Workbooks for people: letters to send back and blank tables with lists to choose from. Same input, same bytes."""

import datetime
import io
from collections.abc import Iterable

import pandas as pd
import xlsxwriter

from helpers.config import Dictionary, Field, Table
from helpers.files import MonitorError

CREATED = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
"""A workbook names the day it was made; ours name this one, so that their bytes do not change."""

NEEDED = "#FFE699"
"""Behind the heading of what cannot be left out."""

LISTS = "lists"
MAX_ROWS = 5_000
"""Rows of a blank table in which cells offer their list."""

MAX_INPUT_TITLE, MAX_INPUT_TEXT = 32, 255


def template_workbook(dictionary: Dictionary, names: list[str], language: str) -> bytes:
    """A blank workbook with a sheet per table: headings in the language, help on each, lists of allowed values.

    Fields of several values have no list, as a cell offers only one.
    """
    if language not in dictionary.languages:
        raise MonitorError(f"there are no labels in {language!r}", remedy=f"use {', '.join(dictionary.languages)}")
    buffer = io.BytesIO()
    with open_workbook(buffer) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        needed = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": NEEDED})
        tables = [dictionary.table(name) for name in names or dictionary.tables]
        sheets = {table.name: book.add_worksheet(table.name[:31]) for table in tables}
        fields = [field for table in tables for field in table.published_fields]
        ranges = write_lists(book, dictionary, fields, language)
        for table in tables:
            _write_table(sheets[table.name], table, language, ranges, {True: needed, False: bold})
    return buffer.getvalue()


def write_lists(
    book: xlsxwriter.Workbook, dictionary: Dictionary, fields: Iterable[Field], language: str
) -> dict[str, str]:
    """A sheet that nobody sees with a column per closed list; returns the range of each."""
    used = sorted({field.vocabulary for field in fields if field.vocabulary})
    sheet = book.add_worksheet(LISTS)
    sheet.very_hidden()  # no reader takes it for data, ours included
    ranges = {}
    for column, name in enumerate(used):
        labels = list(dict.fromkeys(labels[language] for labels in dictionary.vocabularies[name].values()))
        sheet.write_column(0, column, labels)
        letter = xlsxwriter.utility.xl_col_to_name(column)
        ranges[name] = f"={LISTS}!${letter}$1:${letter}${len(labels)}"
    return ranges


def _write_table(sheet: object, table: Table, language: str, ranges: dict[str, str], formats: dict) -> None:
    labels = [field.labels[language] for field in table.published_fields]
    for column, field in enumerate(table.published_fields):
        label = field.name if labels.count(field.labels[language]) > 1 else field.labels[language]
        sheet.write_string(0, column, label, formats[field.requirement == "required"])
        sheet.set_column(column, column, max(12, min(40, len(label) + 2)))
        hint = {"input_title": label[:MAX_INPUT_TITLE], "input_message": field.help[language][:MAX_INPUT_TEXT]}
        sheet.data_validation(1, column, MAX_ROWS, column, hint | choices(field, ranges))
    sheet.freeze_panes(1, 0)


def choices(field: Field, ranges: dict[str, str]) -> dict[str, str]:
    """What a cell of the field accepts: a value of its list, or anything."""
    is_listed = field.vocabulary and field.type == "category"
    return {"validate": "list", "source": ranges[field.vocabulary]} if is_listed else {"validate": "any"}


def table_workbook(frame: pd.DataFrame, sheet: str) -> bytes:
    """A table of texts as a workbook; a cell that looks like a formula stays text."""
    buffer = io.BytesIO()
    with open_workbook(buffer) as book:
        page = book.add_worksheet(sheet[:31])
        bold = book.add_format({"bold": True})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        page.write_row(0, 0, list(frame.columns), bold)
        for row, cells in enumerate(frame.fillna("").astype("str").itertuples(index=False, name=None), start=1):
            for column, cell in enumerate(cells):
                page.write_string(row, column, cell, wrap)
        page.set_column(0, len(frame.columns) - 1, 28)
        page.freeze_panes(1, 0)
    return buffer.getvalue()


def open_workbook(buffer: io.BytesIO) -> xlsxwriter.Workbook:
    """A workbook whose bytes depend on its content alone, and in which no text becomes a formula or a link."""
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": CREATED})
    return book
