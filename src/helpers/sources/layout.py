"""The table inside a sheet made by hand: which row is the header, which rows above and below are no rows of it."""

import re
import statistics
from collections.abc import Sequence

import pandas as pd

from helpers.sources.frame import ASIDE, table_columns

HEAD_ROWS = 40
"""How far down the header is looked for."""

TAIL_ROWS = 30
"""How far up from the end totals and notes are looked for."""

_TOTAL = re.compile(r"^\s*(sub)?(total(e|es|i|en)?|suma|somma|sum|gesamt|razem)\b", re.IGNORECASE)


def header_position(rows: Sequence[Sequence[str]]) -> int:
    """0-based position of the header among the first rows: the first one about as full as what follows it."""
    filled = [sum(1 for cell in row if str(cell or "").strip()) for row in rows[:HEAD_ROWS]]
    if not any(filled):
        return 0
    for position, count in enumerate(filled):
        below = [number for number in filled[position + 1 :] if number]
        typical = statistics.median(below) if below else count
        if count and (count >= min(2, typical) and count >= typical / 2):
            return position
    return 0


def with_titles(frame: pd.DataFrame, above: Sequence[Sequence[str]], file: str, sheet: str) -> pd.DataFrame:
    """The frame after the rows that stand above its header, set aside; the words of each are in the first column."""
    said = [" ".join(dict.fromkeys(text for cell in row if (text := str(cell or "").strip()))) for row in above]
    rows = [position for position, text in enumerate(said, start=1) if text]
    if not rows:
        return frame
    words = {table_columns(frame)[0]: [text for text in said if text]}
    titles = pd.DataFrame({**words, "_file": file, "_sheet": sheet, "_row": rows, ASIDE: "title_row"})
    body = frame if ASIDE in frame.columns else frame.assign(**{ASIDE: pd.Series(None, frame.index, "str")})
    return pd.concat([titles.reindex(columns=body.columns).astype(body.dtypes), body], ignore_index=True)


def without_blank_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows in which at least one cell says something."""
    filled = frame[table_columns(frame)].notna().any(axis=1)
    return frame if filled.all() else frame[filled].reset_index(drop=True)


def mark_tail(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame, blank rows dropped, with totals rows and notes at its end marked in ``_aside``."""
    columns = table_columns(frame)
    reasons = {}
    below_table = False
    first = max(0, len(frame) - TAIL_ROWS)
    for position, row in enumerate(frame[columns].iloc[first:].to_numpy(dtype=object), start=first):
        cells = [text for text in row if isinstance(text, str) and text.strip()]
        if not cells:
            below_table = True
        elif _TOTAL.match(cells[0]):
            reasons[position], below_table = "totals_row", True
        elif below_table and len(cells) == 1 and len(columns) > 2:
            reasons[position] = "note"
        elif below_table:
            reasons = {}
            below_table = False
    if not reasons:
        return without_blank_rows(frame)
    return without_blank_rows(frame.assign(**{ASIDE: pd.Series(reasons, dtype="str").reindex(frame.index)}))
