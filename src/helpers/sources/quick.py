"""Delimited text read by Arrow in one pass, where its rules and those of the careful reader cannot differ."""

import csv

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import csv as arrow_csv

BLOCK = 8 << 20
"""Bytes that a thread reads at once; a record that is longer goes to the careful reader."""


def quick_cells(content: bytes, separator: str) -> pd.DataFrame | None:
    """All records as text (an empty cell missing), or None where only the careful reader knows what is meant.

    ``content`` is UTF-8 with line ends LF. Records of unequal length
    and quotation marks inside a cell that is not quoted are left to the careful reader.
    """
    first = next(csv.reader([content[: content.find(b"\n") + 1 or None].decode()], delimiter=separator), [])
    quoted = b'"' in content
    if not first or b"\0" in content or (quoted and not _quoted_by_the_book(content, separator)):
        return None
    names = [f"f{position}" for position in range(len(first))]
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(content),
            arrow_csv.ReadOptions(autogenerate_column_names=True, block_size=BLOCK),
            arrow_csv.ParseOptions(delimiter=separator, ignore_empty_lines=False, newlines_in_values=quoted),
            arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.large_string()), null_values=[""], strings_can_be_null=True
            ),
        )
    except pa.ArrowInvalid:
        return None
    if table.column_names != names:  # a quoted cell of the first record holds a line end
        return None
    return pd.DataFrame({i: pd.array(column.combine_chunks(), dtype="str") for i, column in enumerate(table.columns)})


def _quoted_by_the_book(content: bytes, separator: str) -> bool:
    """Whether every quotation mark opens a cell, closes one, or stands doubled inside a quoted one (RFC 4180)."""
    text = np.frombuffer(content, dtype=np.uint8)
    marks = np.flatnonzero(text == ord('"'))
    before = np.where(marks > 0, text[marks - 1], ord("\n"))
    after = np.where(marks < len(text) - 1, text[np.minimum(marks + 1, len(text) - 1)], ord("\n"))
    edges = (ord(separator), ord("\n"), ord('"'))
    return len(marks) % 2 == 0 and bool(np.isin(before[::2], edges).all() and np.isin(after[1::2], edges).all())
