"""What is out of date, by the content of files and never by their times.

The record of a stage holds the SHA-256 of everything it read and of everything it made. A stage is fresh while
both are as recorded: touching a file changes nothing, deleting or editing an output makes it run again.
"""

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from helpers.files import sha256, write_json

ABSENT = "absent"
_PASSED_OVER = {"__pycache__", ".ipynb_checkpoints"}
_SETTLED = 2_000_000_000  # nanoseconds after which a file's times are sure to change with its content
_known: dict[tuple, str] = {}


def fingerprint(paths: Iterable[Path], root: Path, *, without: str | None = None) -> dict[str, str]:
    """SHA-256 by path, shown from the root, of files and of all files in folders; hidden ones are passed over.

    A path that does not exist is part of it as ``absent``, so that its coming is noticed.

    Parameters
    ----------
    without: a file name to leave out wherever it is, as ``run.json``, which holds times.
    """
    return {
        _shown(file, root): hash_file(file) if file.is_file() else ABSENT
        for path in paths
        for file in _files(path)
        if file.name != without
    }


def hash_file(path: Path) -> str:
    """SHA-256 of a file; taken from memory only while nothing on disk can have changed since."""
    status = path.stat()
    key = (str(path), status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    if key not in _known:
        digest = sha256(path)
        # A change within the same tick of the clock leaves the times as they are: recent files are read again.
        if time.time_ns() - max(status.st_mtime_ns, status.st_ctime_ns) < _SETTLED:
            return digest
        _known[key] = digest
    return _known[key]


def reasons(record: Mapping[str, Any] | None, now: Mapping[str, Any]) -> list[str]:
    """Why a stage must run, for the operator; empty when it is fresh.

    Parameters
    ----------
    record: what was noted when it last succeeded: ``inputs``, ``parameters``, ``outputs``; None if it never did.
    now: the same as it stands, with the present content of the recorded outputs.
    """
    if record is None:
        return ["never run"]
    return [
        f"{part[:-1]} {name} {change}"
        for part in ("inputs", "parameters", "outputs")
        for name, change in _changes(record.get(part, {}), now[part])
    ]


def read_record(path: Path) -> dict[str, Any] | None:
    """The record at the path; None where there is none or it cannot be read, which only costs a run."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return record if isinstance(record, dict) else None


def write_record(path: Path, inputs: Mapping, parameters: Mapping, outputs: Mapping) -> None:
    """Note what a stage read and made."""
    write_json(path, {"inputs": dict(inputs), "parameters": dict(parameters), "outputs": dict(outputs)})


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for entry in sorted(path.iterdir()):
        if entry.name.startswith(".") or entry.name in _PASSED_OVER:
            continue
        yield from _files(entry)


def _shown(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()


def _changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in sorted({*before, *now}):
        if name not in now or (now[name] == ABSENT and before.get(name) != ABSENT):
            yield name, "is gone"
        elif name not in before or before[name] == ABSENT != now[name]:
            yield name, "is new"
        elif before[name] != now[name]:
            yield name, "changed"
