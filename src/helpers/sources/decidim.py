"""Decidim open data: the zip of a site or single CSV files of it, old and new layouts, any languages.

Names of authors and of users are left behind; of text in several languages the wanted one is also given without its
language; times are marked as UTC, which is what Decidim writes.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from helpers.files import MonitorError
from helpers.sources.delimited import read_content, read_delimited
from helpers.sources.frame import ORIGIN

KINDS = (
    "participatory_processes|assemblies|proposals|proposal_comments|meetings|meeting_comments|results|projects|debates"
    "|debate_comments|users|taxonomies|initiatives|surveys|posts"
)

KIND = re.compile(rf"(?:^|[/\-])(?:open-data-(?P<kind>\w+)|(?P<loose>{KINDS}))\.csv$")
"""Name of a file in the zip, and of one that was renamed after it was unpacked."""

LEFT_OUT = re.compile(r"^(users|.*comments)$")
"""Kinds whose rows are citizens' names and what they wrote."""

PERSONAL = re.compile(r"^(author|authors|user|creator|organizer)(/|$|s?_name|_email)|(^|[/_])(nickname|e?mail|phone)$")

LANGUAGE = re.compile(r"^(?P<base>.+)/(?P<language>(?!id$)[a-z]{2}(?:-[A-Z]{2})?)$")
"""``title/ca`` has a language; ``category/id`` has none."""

RENAMED = {
    "proposal_votes_count": "supports",
    "proposal_votes": "supports",
    "votes_count": "supports",
    "category/name": "category",
    "scope/name": "scope",
    "taxonomies/name": "category",
    "endorsements/total_count": "endorsements",
    "budget": "budget_amount",
}
"""Columns of other versions by the name that they have here."""

MAX_FILES, MAX_UNPACKED = 500, 1_000_000_000


def read_decidim(
    path: Path, languages: list[str] | None = None, kinds: list[str] | None = None
) -> dict[str, pd.DataFrame]:
    """One table per kind (proposals, meetings, results, projects ...).

    Parameters
    ----------
    languages: of texts, the wanted ones in order; others follow.
    kinds: the kinds to read; by default all but users and comments.
    """
    frames = {kind: frame for kind, frame in _frames(path, kinds) if frame is not None}
    if not frames:
        raise MonitorError(
            "the file holds no table of a Decidim site (names end in open-data-<kind>.csv)",
            where=path,
            remedy="download it again from <site>/open-data/download, or choose other `kinds`",
        )
    return {kind: _cleared(frame, languages or []) for kind, frame in frames.items()}


def _frames(path: Path, kinds: list[str] | None) -> Iterator[tuple[str, pd.DataFrame]]:
    if not zipfile.is_zipfile(path):
        yield _kind(path.name) or "table", read_delimited(path, None, None, None, "keep")
        return
    with zipfile.ZipFile(path) as archive:
        _check_size(archive, path)
        for entry in sorted(archive.infolist(), key=lambda one: one.filename):
            kind = _kind(entry.filename)
            if kind and (kind in kinds if kinds else not LEFT_OUT.match(kind)):
                yield kind, _from_zip(archive, entry, path)


def _kind(name: str) -> str | None:
    found = KIND.search(name)
    return (found["kind"] or found["loose"]) if found else None


def _check_size(archive: zipfile.ZipFile, path: Path) -> None:
    entries = archive.infolist()
    if len(entries) > MAX_FILES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise MonitorError(
            "the zip holds more than 500 files or unpacks to more than 1 GB", where=path, remedy="unpack it"
        )


def _from_zip(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path) -> pd.DataFrame | None:
    """The table of one file in the zip; nothing is written to disk, so its name can lead nowhere."""
    try:
        content = archive.read(entry)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, OSError, EOFError) as error:
        raise MonitorError(
            f"{Path(entry.filename).name} in the zip cannot be read", where=path, remedy="download it again"
        ) from error
    if not content.strip():
        return None
    name = Path(entry.filename).name
    return read_content(content, path / name, totals="keep").assign(_file=path.name, _sheet=name)


def _cleared(frame: pd.DataFrame, languages: list[str]) -> pd.DataFrame:
    frame = frame[[name for name in frame.columns if name in ORIGIN or not PERSONAL.search(name)]]
    frame = _with_chosen_language(frame, languages)
    frame = frame.rename(columns={old: new for old, new in RENAMED.items() if new not in frame.columns})
    texts = [name for name in frame.columns if name not in ORIGIN]
    return frame.assign(**{name: _plain(frame[name]) for name in texts})


def _with_chosen_language(frame: pd.DataFrame, languages: list[str]) -> pd.DataFrame:
    """The frame with, for ``title/ca`` and ``title/es``, a column ``title``."""
    bases: dict[str, list[tuple[int, str]]] = {}
    for name in frame.columns:
        found = LANGUAGE.match(name)
        if found:
            rank = languages.index(found["language"]) if found["language"] in languages else len(languages)
            bases.setdefault(found["base"], []).append((rank, name))
    chosen = {}
    for base, ranked in bases.items():
        names = [name for _, name in sorted(ranked, key=lambda pair: pair[0])]
        if base not in frame.columns:
            chosen[base] = frame[names].bfill(axis=1).iloc[:, 0].astype("str")
    return frame.assign(**chosen)


def _plain(cells: pd.Series) -> pd.Series:
    """Text without HTML; times without a zone are UTC."""
    if not cells.notna().any():
        return cells
    text = cells.str.replace(r"</?[a-zA-Z][^>]*>", " ", regex=True).str.replace("&nbsp;", " ", regex=False)
    text = text.str.replace(r"^(\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d)$", r"\1 UTC", regex=True)
    return text.str.replace(r"\s+", " ", regex=True).str.strip()
