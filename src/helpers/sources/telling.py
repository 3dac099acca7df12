"""Which adapter a file never seen calls for, by its name or the first thing in it."""

import gzip
import re
import zipfile
import zlib
from pathlib import Path

from helpers.sources.archive import GZIP
from helpers.sources.decidim import KIND

SUFFIXES = {
    ".geojson": "geo",
    ".gml": "geo",
    ".gpkg": "geo",
    ".shp": "geo",
    ".pb": "pabulib",
}
"""Formats that the end of a name tells."""

MARKS = {
    "decidim": re.compile(rb"\A[^\n]*\b(?:title|description|name|body)/[a-z]{2}\b"),
    "pabulib": re.compile(rb"\A(?:\xef\xbb\xbf)?\s*META\s*;?\s*\n"),
    "geo": re.compile(rb'\A\s*\{.{0,2000}?"type"\s*:\s*"(?:FeatureCollection|Feature)"', re.DOTALL),
    "consul": re.compile(rb"\A[^\n]*\b(?:cached_votes_up|confidence_score|author_id[^\n]*comments_count)\b"),
    "ogp": re.compile(
        rb"(?i)fillable form for action plan|end.of.commitment report|^commitment id\b|action plan commitments"
        rb"|plan de acci\xc3\xb3n\b.{0,80}\b20\d\d|^action plan\b.{0,80}\b20\d\d",
        re.MULTILINE,
    ),
    "osservatorio": re.compile(rb"(?m)^\s*Stato di avanzamento\s*$"),
}
"""What the beginning of a file of each format shows."""


def format_of(path: Path) -> str:
    """The adapter that a file's name, or the first thing in it, suggests."""
    if zipfile.is_zipfile(path) and path.suffix.lower() == ".zip":
        return _format_of_zip(path)
    suffixes = [suffix.lower() for suffix in path.suffixes]
    start = _start(path)
    for format, mark in MARKS.items():
        if mark.search(start):
            return format
    return next((SUFFIXES[suffix] for suffix in reversed(suffixes) if suffix in SUFFIXES), "table")


def _start(path: Path) -> bytes:
    """The first bytes of a file, unpacked where it is gzipped; a broken one has none."""
    try:
        with path.open("rb") as file:
            start = file.read(100_000)
        if not start.startswith(GZIP):
            return start
        with gzip.open(path) as file:
            return file.read(100_000)
    except (OSError, EOFError, zlib.error):
        return b""


def _format_of_zip(path: Path) -> str:
    """A Decidim site's zip, geography, or tables."""
    with zipfile.ZipFile(path) as archive:
        names = [name.lower() for name in archive.namelist()]
    if any(KIND.search(name) for name in names):
        return "decidim"
    inside = {SUFFIXES.get(Path(name).suffix, "table") for name in names}
    return next((format for format in ("geo", "pabulib") if format in inside), "table")
