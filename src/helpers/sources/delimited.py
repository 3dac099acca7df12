"""Delimited text: the separator, the header and the rows are found; a row that does not fit is an error."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.files import MonitorError
from helpers.files.reading import read_bytes
from helpers.sources.encoding import utf8_of
from helpers.sources.frame import column_names
from helpers.sources.layout import HEAD_ROWS, header_position, mark_tail, with_titles, without_blank_rows
from helpers.sources.quick import quick_cells

SEPARATORS = ",;\t|"

SAMPLE = 200_000
"""Bytes from the start of a file that show how it is made."""

csv.field_size_limit(10_000_000)


def read_delimited(
    path: Path, separator: str | None, encoding: str | None, header_row: int | None, totals: str
) -> pd.DataFrame:
    """The table of a text file."""
    try:
        content = utf8_of(read_bytes(path), path, encoding)
    except (LookupError, UnicodeDecodeError) as error:
        raise MonitorError(f"the file cannot be read as {encoding}", where=path, remedy="correct `encoding`") from error
    return _read(content, path, separator, header_row, totals)


def read_content(content: bytes, path: Path, totals: str) -> pd.DataFrame:
    """The table of the bytes of a text file that lies in an archive."""
    return _read(utf8_of(content, path), path, None, None, totals)


def _read(content: bytes, path: Path, separator: str | None, header_row: int | None, totals: str) -> pd.DataFrame:
    if not content[:SAMPLE].decode(errors="ignore").strip() and not content.decode().strip():
        raise MonitorError("the file is empty", where=path, remedy="export it again")
    separator = separator or find_separator(content[:SAMPLE].decode(errors="ignore"))
    head, starts = _head(content, separator, path)
    start = header_row - 1 if header_row else header_position(head)
    if start >= len(head):
        raise MonitorError(f"there is no row {start + 1}", where=path, remedy="correct `header_row` in city.yml")
    body = content[starts[start] :] if start else content
    frame = parse_records(body, separator, path, first_row=start + 1)
    frame = mark_tail(frame) if totals == "aside" else without_blank_rows(frame)
    return with_titles(frame, head[:start], path.name, "")


def find_separator(sample: str) -> str:
    """The separator that cuts the first records into the most regular table."""
    return max(SEPARATORS, key=lambda mark: _regularity(sample, mark))


def _regularity(sample: str, separator: str) -> tuple[float, int]:
    """Share of records of the commonest width above one, and that width."""
    try:
        widths = [len(row) for row in islice(csv.reader(io.StringIO(sample), delimiter=separator), 50) if row]
    except csv.Error:
        return 0.0, 0
    common = Counter(width for width in widths if width > 1).most_common(1)
    if not common:
        return 0.0, 0
    width, count = common[0]
    first = next((number for number in widths if number > 1), 0)
    return count / len(widths) * (1 if first == width else 0.5), width


def _head(content: bytes, separator: str, path: Path) -> tuple[list[list[str]], list[int]]:
    """The first records, and for each the place in the file where it starts."""
    places = [0]
    reader = csv.reader(_lines(content, places), delimiter=separator)
    records, starts, before = [], [], 0
    try:
        for record in islice(reader, HEAD_ROWS):
            records.append(record)
            starts.append(before)
            before = places[-1]
    except csv.Error as error:
        raise _broken(path, len(records) + 1, str(error)) from error
    return records, starts


def _lines(content: bytes, places: list[int]) -> Iterator[str]:
    """The lines one by one; ``places`` gets the place at which each ends."""
    while places[-1] < len(content):
        places.append(content.find(b"\n", places[-1]) + 1 or len(content))
        yield content[places[-2] : places[-1]].decode()


def parse_records(content: bytes, separator: str, path: Path, first_row: int) -> pd.DataFrame:
    """Frame of text whose header is the first record of ``content`` (UTF-8), in row ``first_row`` of the file."""
    raw = quick_cells(content, separator)
    if raw is None:
        raw = careful_cells(content.decode(), separator, path, first_row)
    names = column_names([cell if isinstance(cell, str) else "" for cell in raw.iloc[0]])
    frame = raw.iloc[1:].set_axis(names, axis=1).reset_index(drop=True)
    rows = np.arange(first_row + 1, first_row + 1 + len(frame))
    return frame.assign(_file=path.name, _sheet="", _row=rows)


def careful_cells(text: str, separator: str, path: Path, first_row: int) -> pd.DataFrame:
    """All records as text, whatever their shape; a row that does not fit the first one is an error."""
    try:
        return pd.read_csv(
            io.StringIO(text),
            sep=separator,
            header=None,
            dtype="str",
            keep_default_na=False,
            na_values=[""],
            skip_blank_lines=False,
            low_memory=False,
        )
    except pd.errors.ParserError as error:
        return _parse_ragged(text, separator, path, first_row, error)


def _parse_ragged(text: str, separator: str, path: Path, first_row: int, error: Exception) -> pd.DataFrame:
    """Records of which some are longer than the header, which is no harm if the extra cells are empty."""
    if "EOF inside string" in str(error):
        row = int(re.search(r"row (\d+)", str(error))[1]) + first_row
        raise _broken(path, row, "a quotation mark is opened and never closed")
    records = list(csv.reader(io.StringIO(text), delimiter=separator))
    width = len(records[0])
    for number, record in enumerate(records):
        if any(record[width:]):
            reason = f"the row has {len(record)} cells and the header {width}"
            raise _broken(path, first_row + number, reason)
    rows = [(record + [""] * width)[:width] for record in records]
    frame = pd.DataFrame(rows, dtype="str")
    return frame.mask(frame == "")


def _broken(path: Path, row: int, reason: str) -> MonitorError:
    remedy = "put text that holds the separator or a quotation mark between quotation marks, or export the file again"
    return MonitorError(reason, where=f"{path}, row {row}", remedy=remedy)
