"""Frames and figures in the notation of the reports (Pandoc's Markdown)."""

import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.figures.drawing import Drawing, save
from helpers.figures.words import WITHHELD, bounded, status_word
from helpers.language import Texts

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|#$@^~])")
MAX_DASHES = 40
"""Widest share of a column in a long table, in characters of its longest cell."""


def escape(text: object) -> str:
    """Plain text in one line that Pandoc reads back as the same plain text."""
    return _SPECIAL.sub(r"\\\1", " ".join(str(text).split()))


def figure(caption: str, path: str, ref: str, alt: str) -> str:
    """A figure: ``![caption](path){#fig-ref fig-alt="alt"}``. The caption is plain text."""
    return f'![{escape(caption)}]({path}){{#fig-{ref} fig-alt="{_quoted(alt)}"}}'


def place(drawing: Drawing, folder: Path, name: str, caption: str) -> str:
    """Save a chart in ``folder/fig`` and give the Markdown that shows it, with reference ``fig-<name>``."""
    save(drawing, folder / "fig", name)
    return figure(caption, f"fig/{name}.png", name, drawing.alt)


def vignette(drawing: Drawing, folder: Path, name: str) -> str:
    """Save a small picture in ``folder/fig`` and give the Markdown that shows it, without caption or number."""
    save(drawing, folder / "fig", name)
    return f'![](fig/{name}.png){{fig-alt="{_quoted(drawing.alt)}"}}'


def _quoted(alt: str) -> str:
    return " ".join(alt.split()).replace("\\", "\\\\").replace('"', '\\"')


def table(
    frame: pd.DataFrame,
    headers: Mapping[str, str],
    texts: Texts,
    caption: str,
    ref: str,
    *,
    digits: int | Mapping[str, int] = 1,
    vocabularies: Mapping[str, Mapping[str, str]] | None = None,
) -> str:
    """A frame as a pipe table with a caption and a reference.

    Parameters
    ----------
    frame : rows to show. A missing cell is never left empty: it says suppressed, not applicable or not collected,
        after the columns ``status`` (of the row's numbers) and ``not_applicable`` (names of fields, ";"-joined).
        A column ``<name>_bound`` puts its sign before the count.
    headers : column -> header, in the order of showing; other columns are not shown.
    digits : decimals of the columns of fractions, for all or by column; whole numbers have none.
    vocabularies : column -> value -> label, for columns of closed values.

    Returns
    -------
    Markdown that ends with ``: caption {#tbl-ref}``; numbers are right-aligned and written in the language.
    """
    rows = frame.to_dict("records")
    numeric = {name: pd.api.types.is_numeric_dtype(frame[name]) and not pd.api.types.is_bool_dtype(frame[name])
               for name in headers}
    precision = {name: digits if isinstance(digits, int) else digits.get(name, 1) for name in headers}
    precision |= {name: 0 for name in headers if pd.api.types.is_integer_dtype(frame[name])}
    labels = vocabularies or {}
    body = [[_cell(row, name, numeric[name], precision[name], labels.get(name), texts) for name in headers]
            for row in rows]
    head = [escape(header) for header in headers.values()]
    return "\n".join([*_lines(head, body, list(numeric.values())), "", f": {escape(caption)} {{#tbl-{ref}}}"])


def example_table(title: str, frame: pd.DataFrame) -> str:
    """A small table of words below its title, without caption or number."""
    body = [[escape(cell) for cell in row] for row in frame.itertuples(index=False, name=None)]
    lines = _lines([escape(name) for name in frame], body, [False] * frame.shape[1])
    return "\n".join([f"{escape(title)}:", "", *lines])


def _lines(head: list[str], body: list[list[str]], right: list[bool]) -> list[str]:
    """The lines of a pipe table; dashes in proportion to the cells, since Pandoc takes widths from them."""
    widths = [max(3, *(len(line[place]) for line in [head, *body])) for place in range(len(head))]
    dashes = ["-" * (min(width, MAX_DASHES) - 1) + ("-:" if last else "--") for width, last in
              zip(widths, right, strict=True)]
    return [f"| {' | '.join(line)} |" for line in (head, dashes, *body)]


def _cell(
    row: Mapping[Any, Any], name: str, numeric: bool, digits: int, labels: Mapping[str, str] | None, texts: Texts
) -> str:
    value = row[name]
    if _absent(value):
        return escape(status_word(_state(row, name, numeric), texts))
    if isinstance(value, bool):
        return texts("figures.yes" if value else "figures.no")
    if numeric:
        bound = row.get(f"{name}_bound")
        return escape(bounded(value, bound, texts, digits))
    if isinstance(value, pd.Timestamp):
        return texts.date(value)
    if labels is not None:
        return escape(texts.list(labels.get(part, part) for part in str(value).split(";")))
    return escape(value)


def _absent(value: Any) -> bool:
    if isinstance(value, float) and not math.isfinite(value):
        return True
    return value is None or value is pd.NA or value is pd.NaT or value == ""


def _state(row: Mapping[Any, Any], name: str, numeric: bool) -> str:
    """Why a cell is empty; the status of a row speaks for its numbers only."""
    fields = row.get("not_applicable")
    if isinstance(fields, str) and name in fields.split(";"):
        return "not_applicable"
    status = row.get("status")
    return status if numeric and status in WITHHELD else "not_collected"
