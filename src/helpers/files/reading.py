"""Reading text and CSV whose author we do not know."""

from pathlib import Path

import pandas as pd
from charset_normalizer import from_bytes

from helpers.config import MonitorError

MAX_BYTES = 500_000_000
"""No registry of a city is larger; a file that is was chosen by mistake."""


def read_bytes(path: Path) -> bytes:
    """The content of a regular file that exists and is of a sane size."""
    if not path.is_file():
        raise MonitorError("the file is not there", where=path, remedy="put it in place or correct its name")
    if path.stat().st_size > MAX_BYTES:
        raise MonitorError("the file is larger than 500 MB", where=path, remedy="export fewer columns or split it")
    return path.read_bytes()


def decode(content: bytes, where: object) -> str:
    """Text of bytes in UTF-8 (with or without mark), UTF-16 with mark, or the likeliest single-byte encoding."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    if b"\x00" in content[:4096]:
        raise MonitorError("this is not a text file", where=where, remedy="export it as CSV or XLSX")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        best = from_bytes(content[:200_000], cp_isolation=["cp1252", "cp1250", "cp1256", "cp1251"]).best()
        return content.decode(best.encoding if best else "cp1252", errors="replace")


def read_text(path: Path) -> str:
    """Text of a file, whatever its encoding, with line ends made LF."""
    return decode(read_bytes(path), path).replace("\r\n", "\n").replace("\r", "\n")


def read_csv(path: Path) -> pd.DataFrame:
    """A CSV that this product wrote: UTF-8, comma, every cell text, an empty cell missing."""
    return pd.read_csv(path, dtype="str", keep_default_na=False, na_values=[""])
