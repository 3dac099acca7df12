"""A folder in which a stage builds, and the step that puts the outputs in their place: all of each or nothing."""

import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from helpers.files import MonitorError
from helpers.pipeline.canonical import BUILDING

RUN_FILE = "run.json"
_LEFT_BEHIND = 24 * 3600  # seconds after which a building folder has no builder any more


def is_folder(output: Path) -> bool:
    """Whether a declared output is a folder: it has no suffix."""
    return not output.suffix


def open_building(outputs: Sequence[Path]) -> Path:
    """A new folder beside the outputs, with an empty folder for each output that is one.

    Each output is built under its own name, so all of one stage stand in the same folder.
    """
    (parent,) = {output.parent for output in outputs}
    parent.mkdir(parents=True, exist_ok=True)
    _clear_left_behind(parent)
    building = Path(tempfile.mkdtemp(prefix=BUILDING, dir=parent))
    for output in filter(is_folder, outputs):
        (building / output.name).mkdir()
    return building


def require_made(building: Path, outputs: Sequence[Path], label: str) -> None:
    """Raise MonitorError where the stage did not make an output, or left its folder empty."""
    for output in outputs:
        if not _made(building / output.name):
            raise MonitorError(
                f"{output.name} was not made", where=label, remedy="see why the stage wrote nothing there"
            )


def move_in(building: Path, outputs: Sequence[Path]) -> None:
    """Replace each output by what was built for it.

    Raises
    ------
    MonitorError where another program holds the old one.
    """
    for output in outputs:
        try:
            _replace(building / output.name, output, building / f"{output.name}.before")
        except OSError as error:
            raise MonitorError(
                f"could not be replaced, {error.strerror}", where=output, remedy="close the programs that use it"
            ) from error


def _made(path: Path) -> bool:
    return path.is_file() or (path.is_dir() and any(path.iterdir()))


def _replace(new: Path, place: Path, aside: Path) -> None:
    if not place.is_dir():
        new.replace(place)
        return
    place.rename(aside)  # a folder that holds files cannot be replaced in one step
    try:
        new.rename(place)
    except OSError:
        aside.rename(place)
        raise


def _clear_left_behind(parent: Path) -> None:
    """Remove building folders of runs that were killed."""
    for folder in parent.glob(f"{BUILDING}*"):
        if time.time() - folder.stat().st_mtime > _LEFT_BEHIND:
            shutil.rmtree(folder, ignore_errors=True)
