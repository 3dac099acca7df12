"""What every frame that leaves an adapter looks like."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

ORIGIN = ("_file", "_sheet", "_row")
"""Columns that say where a row stood."""

ASIDE = "_aside"
"""Column with the reason why a row is not part of the table (a title above it, a totals row, a note below)."""

RESERVED = {*ORIGIN, ASIDE, "_id", "_last", "_source", "_geometry"}
"""Names that columns of a file may not take; ``_id`` becomes ``_id (file)``."""

CHECKS = "_checks"
"""Name of the frame with totals that the file states about itself: what, key, stated, computed."""


def text_frame(columns: dict[str, Sequence] | pd.DataFrame, path: Path, sheet: str, rows: Sequence) -> pd.DataFrame:
    """A frame of text (empty cells missing) with its origin."""
    frame = pd.DataFrame(columns).astype("str")
    frame = frame.mask(frame == "") if len(frame) else frame
    return frame.assign(_file=path.name, _sheet=sheet, _row=pd.array(rows, dtype="int64"))


def table_columns(frame: pd.DataFrame) -> list[str]:
    """The columns that come from the file itself."""
    return [name for name in frame.columns if name not in (*ORIGIN, ASIDE)]


def own_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of the table itself, without those that were set aside."""
    return frame[frame[ASIDE].isna()].drop(columns=ASIDE) if ASIDE in frame.columns else frame


def column_names(cells: Sequence) -> list[str]:
    """Header cells as unique names: blanks collapsed, nameless ones by position, repeated ones numbered."""
    names: list[str] = []
    for position, cell in enumerate(cells):
        name = " ".join(str(cell).replace("&nbsp;", " ").replace("&nbsp", " ").split()) if cell is not None else ""
        name = name or f"column {letters(position)}"
        name = f"{name} (file)" if name in RESERVED else name
        count = sum(1 for known in names if known == name or known.rpartition(" (")[0] == name)
        names.append(f"{name} ({count + 1})" if count else name)
    return names


def letters(position: int) -> str:
    """The letters by which a spreadsheet calls the column at a 0-based position."""
    name = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
