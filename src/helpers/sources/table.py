"""Tables: delimited text (CSV, TSV; encoding and separator found) and workbooks (XLSX, XLSM, XLS, ODS)."""

from pathlib import Path

import pandas as pd

from helpers.sources.delimited import read_delimited
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
    return {"table": read_delimited(path, separator, encoding, header_row, totals)}
