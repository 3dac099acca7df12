"""Files that arrive packed: gzip by its first bytes, and zips of data files; unpacked to a folder that goes away."""

import gzip
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from helpers.files import MonitorError

GZIP = b"\x1f\x8b"
"""How a gzipped file starts, whatever its name."""

MAX_FILES, MAX_UNPACKED = 500, 1_000_000_000

SHAPES = (".shp", ".gpkg", ".gml", ".geojson", ".kml")
"""Files of a zip of geography that can be opened, the likeliest first; the others lie beside them."""

TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".json", ".pb")

PACKED_DOCUMENTS = {".xlsx", ".xlsm", ".xlsb", ".ods"}
"""Workbooks are zips of their own."""


@contextmanager
def unpacked(path: Path) -> Iterator[list[Path]]:
    """The files to read instead of ``path``: itself, or what it holds.

    Raises MonitorError where a packed file is broken, locked, packed twice, or larger than 1 GB when unpacked.
    """
    is_gzip, is_zip = _wrapping(path)
    if not (is_gzip or is_zip):
        yield [path]
        return
    with tempfile.TemporaryDirectory() as folder:
        yield _from_zip(path, Path(folder)) if is_zip else [_from_gzip(path, Path(folder))]


def _wrapping(path: Path) -> tuple[bool, bool]:
    if not path.is_file() or path.suffix.lower() in PACKED_DOCUMENTS:
        return False, False
    with path.open("rb") as file:
        start = file.read(4)
    return start.startswith(GZIP), start.startswith(b"PK") and zipfile.is_zipfile(path)


def _from_gzip(path: Path, folder: Path) -> Path:
    """The file that is gzipped; what is gzipped twice is refused."""
    target = folder / (path.stem if path.suffix.lower() == ".gz" else path.name)
    size = 0
    try:
        with gzip.open(path) as source, target.open("wb") as sink:
            while block := source.read(1_000_000):
                size += len(block)
                if size > MAX_UNPACKED:
                    raise _too_large(path)
                sink.write(block)
    except (OSError, EOFError, zlib.error) as error:
        raise MonitorError("the file is not whole gzip", where=path, remedy="fetch it again") from error
    if any(_wrapping(target)):
        raise _nested(path)
    return target


def _from_zip(path: Path, folder: Path) -> list[Path]:
    """The data files of a zip, written by their last names only, so that no name leads out of the folder."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if _is_data(entry)]
            if len(archive.infolist()) > MAX_FILES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
                raise _too_large(path)
            targets = [_extracted(archive, entry, folder) for entry in entries]
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, OSError, EOFError) as error:
        remedy = "pack it again, without a password"
        raise MonitorError("the zip is damaged or locked", where=path, remedy=remedy) from error
    if any(target.suffix.lower() in (".zip", ".gz") for target in targets):
        raise _nested(path)
    for wanted in (SHAPES, TABLES):
        found = sorted(target for target in targets if target.suffix.lower() in wanted)
        if found:
            return found
    raise MonitorError("the zip holds no data file", where=path, remedy="pack the exported files themselves")


def _is_data(entry: zipfile.ZipInfo) -> bool:
    """Neither a folder nor what computers and people lay beside the data."""
    name = PurePosixPath(entry.filename.replace("\\", "/"))
    hidden = name.name.startswith(".") or "__MACOSX" in name.parts
    return not (entry.is_dir() or hidden or name.stem.casefold() in ("readme", "license", "licence", "leeme"))


def _extracted(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path) -> Path:
    name = PurePosixPath(entry.filename.replace("\\", "/")).name.replace("\x00", "") or "file"
    target = folder / name
    if target.exists():
        reason = f"two files in the zip are called {name!r}"
        raise MonitorError(reason, where=archive.filename, remedy="rename one of them")
    with archive.open(entry) as source, target.open("wb") as sink:
        shutil.copyfileobj(source, sink)
    return target


def _too_large(path: Path) -> MonitorError:
    reason = "the file holds more than 500 files or unpacks to more than 1 GB"
    return MonitorError(reason, where=path, remedy="check where it comes from, or split it")


def _nested(path: Path) -> MonitorError:
    return MonitorError("the file is packed twice", where=path, remedy="unpack it once and name what is inside")
