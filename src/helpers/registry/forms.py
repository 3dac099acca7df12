"""The form with which an organisation declares an instance: a workbook of one page."""

import io

import pandas as pd
import xlsxwriter

from helpers.config import Dictionary, Field
from helpers.language import Texts
from helpers.registry.workbooks import NEEDED, choices, open_workbook, write_lists

COLUMNS = ("question", "answer", "help")

HEAD = 2
"""0-based row of the headings; what the form is for stands above them."""

WIDTHS = (30, 48, 56)
"""In characters, so that the columns fill a page of paper."""

A4 = 9


def asked_fields(dictionary: Dictionary) -> list[Field]:
    """The fields that the form asks for, in its order."""
    form = dictionary.declaration
    return [dictionary.table(form.table).fields[name] for name in form.fields]


def _form_table(dictionary: Dictionary, texts: Texts) -> pd.DataFrame:
    """A row per question: the question, its empty answer, help, and the field's name, by which it is read back."""
    rows = [
        (texts.pick(field.labels), "", _help(field, dictionary, texts), field.name)
        for field in asked_fields(dictionary)
    ]
    return pd.DataFrame(rows, columns=[*(texts(f"registry.form_{name}") for name in COLUMNS), "field"], dtype="str")


def _help(field: Field, dictionary: Dictionary, texts: Texts) -> str:
    """What to answer, and from which list."""
    said = texts.pick(field.help)
    if not field.vocabulary:
        return said
    labels = [texts.pick(labels) for labels in dictionary.vocabularies[field.vocabulary].values()]
    offered = "; ".join(dict.fromkeys(labels))
    return f"{said} " + texts("registry.form_several" if field.type == "list" else "registry.form_one", offered=offered)


def form_workbook(dictionary: Dictionary, texts: Texts) -> bytes:
    """The form as a workbook of one page, needed questions in colour, answers with lists to choose from."""
    fields = asked_fields(dictionary)
    buffer = io.BytesIO()
    with open_workbook(buffer) as book:
        sheet = book.add_worksheet(texts("registry.form_sheet"))
        ranges = write_lists(book, dictionary, fields, texts.language)
        _lay_out(sheet, book, texts.pick(dictionary.declaration.help))
        cell = {"text_wrap": True, "valign": "top", "border": 1}
        plain, bold = book.add_format(cell), book.add_format(cell | {"bold": True})
        needed = book.add_format(cell | {"bold": True, "bg_color": NEEDED})
        table = _form_table(dictionary, texts)
        sheet.write_row(HEAD, 0, list(table.columns), bold)
        for row, (field, texts_of_row) in enumerate(zip(fields, table.to_numpy(), strict=True), start=HEAD + 1):
            sheet.write_row(row, 0, texts_of_row, plain)
            sheet.write_string(row, 0, texts_of_row[0], needed if field.requirement == "required" else bold)
            sheet.data_validation(row, 1, row, 1, choices(field, ranges))
    return buffer.getvalue()


def _lay_out(sheet: xlsxwriter.workbook.Worksheet, book: xlsxwriter.Workbook, purpose: str) -> None:
    """One page of paper; the names of the fields are for programs."""
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.set_column(len(WIDTHS), len(WIDTHS), 8, None, {"hidden": True})
    sheet.merge_range(0, 0, 0, len(WIDTHS) - 1, purpose, book.add_format({"text_wrap": True, "valign": "top"}))
    sheet.set_row(0, 48)
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 1)
