"""Writing files whole or not at all, with the same bytes each time."""

import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.config import MonitorError

_FORMULA_START = r"^\s*[=+\-@\t\r]"
_PLAIN_NUMBER = r"^[+\-]?[\d.,\s]*\d[\d.,]*(?:[eE][+\-]?\d+)?\s*%?$"


def sha256(content: Path | bytes) -> str:
    """Hexadecimal SHA-256 of a file or of bytes."""
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest()
    with content.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_bytes(path: Path, content: bytes) -> Path:
    """Put the bytes at the path in one step: readers see the old file or the new one, never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        Path(temporary).unlink(missing_ok=True)
        raise MonitorError(
            f"could not be written, {error.strerror}", where=path, remedy="check free space and permissions"
        ) from error
    return path


def write_text(path: Path, text: str) -> Path:
    """UTF-8 text with LF line ends and one line end at its end."""
    return write_bytes(path, (text.replace("\r\n", "\n").rstrip("\n") + "\n").encode("utf-8"))


def write_json(path: Path, value: Any) -> Path:
    """JSON with sorted keys, indented, so that two versions can be compared line by line."""
    return write_text(path, json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False))


def neutralise_formulas(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with an apostrophe before every text cell that a spreadsheet would take for a formula.

    Numbers with a sign (``-3,5``) stay as they are: spreadsheets do not run them.
    """
    text = frame.select_dtypes(include=["str", "object", "category"]).columns
    return frame.assign(**{column: _neutralise(frame[column]) for column in text})


def _neutralise(column: pd.Series) -> pd.Series:
    text = column.astype("str")
    risky = text.str.match(_FORMULA_START, na=False)
    if risky.any():  # few columns have such a cell: the dearer look is for these
        risky &= ~text.str.match(_PLAIN_NUMBER, na=False)
    return text.mask(risky, "'" + text) if risky.any() else column


def write_csv(path: Path, frame: pd.DataFrame) -> Path:
    """A UTF-8 CSV with LF line ends: ISO dates, yes/no for booleans, missing cells empty, formulas neutralised."""
    plain = neutralise_formulas(frame)
    plain = plain.assign(**{name: _as_text(plain[name]) for name in plain.columns})
    return write_bytes(path, plain.to_csv(index=False, lineterminator="\n").encode("utf-8"))


def _as_text(column: pd.Series) -> pd.Series:
    """ISO text for dates, times and yes/no; every other column as it is."""
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        return column.dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    if pd.api.types.is_datetime64_dtype(column.dtype):
        return column.dt.strftime("%Y-%m-%d")
    if pd.api.types.is_bool_dtype(column.dtype):
        return column.map({True: "yes", False: "no"}).astype("str")
    return column
