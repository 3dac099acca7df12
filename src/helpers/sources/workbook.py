"""Workbooks: every sheet as a table, merged cells filled, numbers and dates as the text a person would type."""

import datetime
import zipfile
from pathlib import Path

import pandas as pd
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from helpers.config import nearest
from helpers.files import MonitorError
from helpers.sources.frame import column_names, text_frame
from helpers.sources.layout import header_position, mark_tail, with_titles, without_blank_rows

MAX_UNPACKED = 1_000_000_000
"""Bytes that a workbook may unpack to; a larger one is a trap or a mistake."""


def read_workbook(path: Path, header_row: int | None, sheets: list[str] | None, totals: str) -> dict[str, pd.DataFrame]:
    """The sheets of a workbook that hold anything, by name."""
    workbook = _open(path)
    for name in sheets or []:
        if name not in workbook.sheet_names:
            close = nearest(name, set(workbook.sheet_names)) or ", ".join(workbook.sheet_names)
            raise MonitorError(f"there is no sheet {name!r}", where=path, remedy=f"did you mean {close}")
    frames = {}
    for name in sheets or _own_sheets(workbook):
        cells = _cells(workbook.get_sheet_by_name(name))
        if any(any(row) for row in cells):
            start = _header(cells, header_row, path, name)
            frame = _frame(cells[start:], start + 1, path, name)
            frame = mark_tail(frame) if totals == "aside" else without_blank_rows(frame)
            frames[name] = with_titles(frame, cells[:start], path.name, name)
    if not frames:
        raise MonitorError("no sheet of the file holds anything", where=path, remedy="export it again")
    return frames


def _open(path: Path) -> CalamineWorkbook:
    if not path.is_file():
        raise MonitorError("the file is not there", where=path, remedy="put it in place or correct its name")
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
                raise MonitorError("the file unpacks to more than 1 GB", where=path, remedy="split it")
    try:
        return CalamineWorkbook.from_path(path)
    except (CalamineError, OSError, ValueError, zipfile.BadZipFile) as error:
        raise MonitorError(
            "the file cannot be opened as a workbook",
            where=path,
            remedy="open it in a spreadsheet program, without password, and save it again as XLSX",
        ) from error


def _own_sheets(workbook: CalamineWorkbook) -> list[str]:
    """Names of the sheets that a person can see or unhide; those that only a program can show are a program's."""
    hidden = SheetVisibleEnum.VeryHidden
    return [sheet.name for sheet in workbook.sheets_metadata if sheet.visible != hidden]


def _cells(sheet: CalamineSheet) -> list[list[str]]:
    rows = [[as_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        _fill(rows, top, left, bottom, right)
    return rows


def _fill(rows: list[list[str]], top: int, left: int, bottom: int, right: int) -> None:
    """A label over several rows holds for each of them; a title over several columns stays one cell."""
    if bottom == top or top >= len(rows) or left >= len(rows[top]):
        return
    for row in rows[top : bottom + 1]:
        row[left : right + 1] = [rows[top][left]] * len(row[left : right + 1])


def as_text(cell: object) -> str:
    """A cell as a person would type it: whole numbers without point, ISO dates, a time only where there is one."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime.datetime):
        return cell.isoformat(sep=" ") if cell.time() != datetime.time() else cell.date().isoformat()
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    return "" if cell is None else str(cell).strip()


def _header(cells: list[list[str]], header_row: int | None, path: Path, sheet: str) -> int:
    """0-based position of the header, as city.yml says or as it looks."""
    start = header_row - 1 if header_row else header_position(cells)
    if start >= len(cells):
        raise MonitorError(
            f"there is no row {start + 1}", where=f"{path}, sheet {sheet}", remedy="correct `header_row` in city.yml"
        )
    return start


def _frame(cells: list[list[str]], first_row: int, path: Path, sheet: str) -> pd.DataFrame:
    """Frame of text whose header is the first of the cells, in row ``first_row`` of the sheet."""
    header, *body = cells
    width = max((position + 1 for row in cells for position, cell in enumerate(row) if cell), default=1)
    columns = {name: [row[position] for row in body] for position, name in enumerate(column_names(header[:width]))}
    return text_frame(columns, path, sheet, range(first_row + 1, first_row + 1 + len(body)))
