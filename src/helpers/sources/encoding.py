"""Text of files that are not UTF-8: which of the single-byte encodings of Europe they were saved in.

Guessing libraries take short Spanish for Central European and Polish for Western, as both read without error; letters
that only one of the two has inside words settle it.
"""

import re
from pathlib import Path

import numpy as np
import pyarrow as pa

from helpers.files import read_text
from helpers.files.reading import decode, read_bytes

CENTRAL = re.compile(rb"[A-Za-z][\xb3\xb9\x9c\x9f\xbf][a-z]|[\xa3\xaf\x8c][a-z\xf3\xb9]")
"""Bytes that are letters in cp1250 (ł ą ś ź ż in or before a word) and signs in cp1252, which never stand there."""


def text_of(path: Path, encoding: str | None = None) -> str:
    """Text of a file with line ends made LF; ``encoding`` where city.yml names one."""
    return unified(decode_text(read_bytes(path), path, encoding)) if path.is_file() else read_text(path)


def decode_text(content: bytes, where: object, encoding: str | None = None) -> str:
    """Text of bytes in UTF-8, UTF-16 with mark, cp1250 or cp1252."""
    if encoding:
        return content.decode(encoding)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in content[:4096]:
        return decode(content, where)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1250" if CENTRAL.search(content) else "cp1252", errors="replace")


def utf8_of(content: bytes, where: object, encoding: str | None = None) -> bytes:
    """The text of bytes as UTF-8 without mark, line ends made LF; what is UTF-8 already is not decoded."""
    other = encoding or content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in content[:4096]
    if other or not is_utf8(content):
        return unified(decode_text(content, where, encoding)).encode("utf-8", errors="replace")
    content = content.removeprefix(b"\xef\xbb\xbf")
    return content.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in content else content


def is_utf8(content: bytes) -> bool:
    """Whether bytes are UTF-8, looked at once and without a copy."""
    ends = pa.py_buffer(np.array([0, len(content)], dtype=np.int64))
    try:
        pa.Array.from_buffers(pa.large_string(), 1, [None, ends, pa.py_buffer(content)]).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def unified(text: str) -> str:
    """Text with line ends made LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
