"""Tables: delimited text (CSV, TSV; encoding and separator found), workbooks (XLSX, XLSM, XLS, ODS), JSON records."""

import json
from pathlib import Path

import pandas as pd

from helpers.files import MonitorError
from helpers.sources.delimited import read_delimited
from helpers.sources.encoding import text_of
from helpers.sources.frame import column_names, text_frame
from helpers.sources.workbook import read_workbook

WORKBOOKS = {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}


def read_table(
    path: Path,
    separator: str | None = None,
    encoding: str | None = None,
    header_row: int | None = None,
    sheets: list[str] | None = None,
    totals: str = "aside",
) -> dict[str, pd.DataFrame]:
    """The tables of a file: one called ``table`` for delimited text, one per sheet for a workbook.

    Parameters
    ----------
    separator, encoding: only for text, where what is found by itself is not right.
    header_row: 1-based row of the header, where it is not the first full row.
    sheets: names of the sheets to read; all of them by default.
    totals: "keep" where rows called total at the end are data.
    """
    if path.suffix.lower() in WORKBOOKS:
        return read_workbook(path, header_row, sheets, totals)
    if path.suffix.lower() == ".json":
        return {"table": _from_json(path, encoding)}
    return {"table": read_delimited(path, separator, encoding, header_row, totals)}


def _from_json(path: Path, encoding: str | None) -> pd.DataFrame:
    """A list of records, bare or as the only list of an object; what is nested stays JSON."""
    try:
        content = json.loads(text_of(path, encoding))
        lists = [one for one in content.values() if isinstance(one, list)] if isinstance(content, dict) else [content]
        records = lists[0] if len(lists) == 1 else None
        if not records or not all(isinstance(record, dict) for record in records):
            raise ValueError("it is not one list of records")
    except (ValueError, RecursionError) as error:
        reason = f"the file is no table of records ({str(error).splitlines()[0]})"
        raise MonitorError(reason, where=path, remedy="export it as CSV or XLSX") from error
    names = list(dict.fromkeys(name for record in records for name in record))
    columns = {
        header: [_cell_text(record.get(name)) for record in records]
        for header, name in zip(column_names(names), names, strict=True)
    }
    return text_frame(columns, path, "", range(1, len(records) + 1))


def _cell_text(value: object) -> str:
    if value is None:
        return ""
    return value.strip() if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
