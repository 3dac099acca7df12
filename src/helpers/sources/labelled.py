"""Documents of labels and values: a line that is a known label opens a field, those up to the next are its value."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from helpers.files import MonitorError
from helpers.sources.encoding import text_of
from helpers.sources.frame import text_frame


@dataclass
class Value:
    """The lines of a field, and the rows of its label and of each line."""

    row: int
    lines: list[str] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)

    def add(self, line: str, row: int) -> None:
        """A further line and where it stands."""
        self.lines.append(line)
        self.rows.append(row)

    @property
    def text(self) -> str:
        """All lines as one text."""
        return " ".join(self.lines).strip()


def plain(text: str) -> str:
    """A label without case, accents, punctuation and repeated blanks."""
    bare = "".join(mark for mark in unicodedata.normalize("NFKD", text) if not unicodedata.combining(mark))
    return re.sub(r"[^a-z0-9]+", " ", bare.casefold()).strip()


def document_lines(path: Path) -> list[str]:
    """Lines of a document without formatting marks; an empty document is an error."""
    text = text_of(path)
    if not text.strip():
        raise MonitorError("the document is empty", where=path, remedy="save it again")
    return [re.sub(r"</?[a-zA-Z]{1,6}>|\*\*|\u200b", "", line).rstrip(" \r") for line in text.split("\n")]


def read_values(lines: list[str], labels: Mapping[str, str], start: int = 0) -> dict[str, Value]:
    """Value of each labelled field by the key that ``labels`` (plain label -> key) gives it.

    A label that comes again continues nothing: the first one that has a value counts. Keys that start with an
    underscore are headings: they end a field and hold none.
    """
    values: dict[str, Value] = {}
    current: Value | None = None
    for number, line in enumerate(lines[start:], start=start + 1):
        key = labels.get(plain(line)) if line.strip() else None
        if key is None:
            if current is not None and line.strip():
                current.add(line.strip(), number)
            continue
        current = None
        if not key.startswith("_") and not (key in values and values[key].lines):
            current = values[key] = Value(number)
    return values


def record_frame(values: Mapping[str, str], path: Path, sheet: str, row: int = 1) -> pd.DataFrame:
    """A frame of one row."""
    return text_frame({key: [text] for key, text in values.items()}, path, sheet, [row])


def without_addresses(text: str) -> str:
    """Text without e-mail addresses, blanks inside them included."""
    return re.sub(r"[\w.+\-]+\s?@\s?[\w\-]+(?:\s?\.\s?[A-Za-z]{2,})+", "", text).strip()
