"""Delimited text: the separator, the header and the rows are found; a row that does not fit is an error."""

import csv
import io
import re
from collections import Counter
from itertools import islice
from pathlib import Path

import pandas as pd

from helpers.files import MonitorError
from helpers.sources.encoding import decode_text, text_of, unified
from helpers.sources.frame import column_names
from helpers.sources.layout import HEAD_ROWS, header_position, mark_tail, without_blank_rows

SEPARATORS = ",;\t|"

csv.field_size_limit(10_000_000)


def read_delimited(
    path: Path, separator: str | None, encoding: str | None, header_row: int | None, totals: str
) -> pd.DataFrame:
    """The table of a text file."""
    return _read(_decoded(path, encoding), path, separator, header_row, totals)


def read_content(content: bytes, path: Path, totals: str) -> pd.DataFrame:
    """The table of the bytes of a text file that lies in an archive."""
    return _read(unified(decode_text(content, path)), path, None, None, totals)


def _read(text: str, path: Path, separator: str | None, header_row: int | None, totals: str) -> pd.DataFrame:
    if not text.strip():
        raise MonitorError("the file is empty", where=path, remedy="export it again")
    separator = separator or find_separator(text)
    head, lines = _head(text, separator, path)
    start = header_row - 1 if header_row else header_position(head)
    if start >= len(head):
        raise MonitorError(f"there is no row {start + 1}", where=path, remedy="correct `header_row` in city.yml")
    body = text.split("\n", lines[start])[-1] if lines[start] else text
    frame = parse_records(body, separator, path, first_row=start + 1)
    return mark_tail(frame) if totals == "aside" else without_blank_rows(frame)


def find_separator(text: str) -> str:
    """The separator that cuts the first records into the most regular table."""
    sample = text[:200_000]
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


def _head(text: str, separator: str, path: Path) -> tuple[list[list[str]], list[int]]:
    """The first records, and for each the number of lines before it."""
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    records, lines, before = [], [], 0
    try:
        for record in islice(reader, HEAD_ROWS):
            records.append(record)
            lines.append(before)
            before = reader.line_num
    except csv.Error as error:
        raise _broken(path, len(records) + 1, str(error)) from error
    return records, lines


def parse_records(text: str, separator: str, path: Path, first_row: int) -> pd.DataFrame:
    """Frame of text whose header is the first record of ``text``, which stands in row ``first_row`` of the file."""
    try:
        raw = pd.read_csv(
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
        raw = _parse_ragged(text, separator, path, first_row, error)
    names = column_names([cell if isinstance(cell, str) else "" for cell in raw.iloc[0]])
    frame = raw.iloc[1:].set_axis(names, axis=1).reset_index(drop=True)
    rows = range(first_row + 1, first_row + 1 + len(frame))
    return frame.assign(_file=path.name, _sheet="", _row=pd.array(rows, dtype="int64"))


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


def _decoded(path: Path, encoding: str | None) -> str:
    try:
        return text_of(path, encoding)
    except (LookupError, UnicodeDecodeError) as error:
        raise MonitorError(f"the file cannot be read as {encoding}", where=path, remedy="correct `encoding`") from error
