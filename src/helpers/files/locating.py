"""Where a city's raw files are: in the repository, downloaded, or in a mirror folder, always checked.

``data/raw/<city>/checksums.csv`` lists the files that do not come with the repository, one per row:
``path`` (as city.yml names it), ``sha256``, ``bytes``, ``url`` (empty where it cannot be fetched),
``mirror`` (its path inside the folder named by MONITOR_MIRROR), ``origin``, ``licence``, ``note`` and, where the
mirror holds a derived file (gzipped, say), ``origin_sha256`` of the file at its address.
"""

import os
import urllib.request
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pandas as pd

from helpers.config import MonitorError, raw_folder
from helpers.files.reading import read_csv
from helpers.files.writing import sha256, write_bytes

RECEIVED = "received"
"""Folder (git-ignored) of a city for what `make data` fetched."""

TIMEOUT_SECONDS = 60


def checksums(root: Path, city: str) -> pd.DataFrame:
    """The register of files that come by download or mirror; an empty frame where the city has none."""
    path = raw_folder(root, city) / "checksums.csv"
    columns = ["path", "sha256", "bytes", "url", "mirror", "origin", "licence", "note"]
    if not path.exists():
        return pd.DataFrame(columns=columns, dtype="str")
    frame = read_csv(path)
    missing = [name for name in columns[:5] if name not in frame.columns]
    if missing:
        raise MonitorError(
            f"the column {missing[0]} is missing", where=path, remedy=f"add it; needed are {columns[:5]}"
        )
    return frame.fillna("")


def locate(root: Path, city: str, path: str) -> Path:
    """The checked file that city.yml calls ``path``.

    Looked for in the city's folder, in what was downloaded, and in the mirror, in this order. A file that is in
    the register must have the registered checksum. Raises MonitorError where it is nowhere or was altered.
    """
    folder = raw_folder(root, city)
    register = checksums(root, city)
    entry = next((row for row in register.to_dict("records") if row["path"] == path), None)
    found = next((place for place in _places(folder, path, entry) if place.is_file()), None)
    if found is None:
        raise _absent(folder / path, city, entry)
    if entry and sha256(found) not in _known_hashes(entry):
        raise MonitorError(
            "the file is not the one that was registered (its checksum differs)",
            where=found,
            remedy=f"fetch it again with `make data CITY={city}`, or register the new version in checksums.csv",
        )
    return found


def data_files(root: Path, city: str, pattern: str) -> list[str]:
    """Paths (relative to the city's folder) that a pattern of city.yml stands for, in a stable order."""
    folder = raw_folder(root, city)
    registered = checksums(root, city)["path"]
    names = {name for name in registered if fnmatch(name, pattern)}
    names |= {found.relative_to(folder).as_posix() for found in folder.glob(pattern) if found.is_file()}
    return sorted(names) or [pattern]


def registered_files(root: Path, city: str) -> list[Path]:
    """The registered files that are at hand, wherever they are."""
    folder = raw_folder(root, city)
    places = (list(_places(folder, entry["path"], entry)) for entry in checksums(root, city).to_dict("records"))
    return [found for found in (next((one for one in few if one.is_file()), None) for few in places) if found]


def download(root: Path, city: str) -> Iterator[tuple[str, str]]:
    """Fetch every registered file that is not there yet; yields (path, what happened) per file.

    What happened is one of present, fetched, no_address. A wrong checksum raises and nothing is kept.
    """
    folder = raw_folder(root, city)
    for entry in checksums(root, city).to_dict("records"):
        places = list(_places(folder, entry["path"], entry))
        if any(place.is_file() and sha256(place) in _known_hashes(entry) for place in places):
            yield entry["path"], "present"
        elif not entry["url"]:
            yield entry["path"], "no_address"
        else:
            _fetch(entry, folder / RECEIVED / entry["path"])
            yield entry["path"], "fetched"


def _known_hashes(entry: dict) -> set[str]:
    """Checksums that a registered file may have: as derived in a mirror, and as it is at its address."""
    return {entry["sha256"], entry.get("origin_sha256") or entry["sha256"]}


def _places(folder: Path, path: str, entry: dict | None) -> Iterator[Path]:
    yield folder / path
    yield folder / RECEIVED / path
    mirror = os.environ.get("MONITOR_MIRROR")
    if mirror and entry and entry["mirror"]:
        yield Path(mirror) / entry["mirror"]


def _absent(path: Path, city: str, entry: dict | None) -> MonitorError:
    if entry is None:
        return MonitorError(
            "the file is not there", where=path, remedy="put it in place or correct its name in city.yml"
        )
    return MonitorError(
        "the file comes by download and is not there yet",
        where=path,
        remedy=f"run `make data CITY={city}`, or name a folder that holds it in MONITOR_MIRROR",
    )


def _fetch(entry: dict, target: Path) -> None:
    if not entry["url"].startswith("https://"):
        raise MonitorError(f"the address {entry['url']!r} is not https", where="checksums.csv", remedy="correct it")
    try:
        with urllib.request.urlopen(entry["url"], timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 (https only)
            content = answer.read()
    except OSError as error:
        raise MonitorError(
            f"could not be downloaded ({error})",
            where=entry["url"],
            remedy="check the connection and try again",
        ) from error
    if sha256(content) not in _known_hashes(entry):
        raise MonitorError(
            "what was downloaded is not the registered file (its checksum differs)",
            where=entry["url"],
            remedy="tell the maintainers; the file there has changed",
        )
    write_bytes(target, content)
