"""Where the house stands."""

import os
from pathlib import Path

from helpers.config.errors import MonitorError


def find_root(start: Path | None = None) -> Path:
    """The folder of the monitor: MONITOR_ROOT, or the first folder from ``start`` upwards that holds methodology/."""
    named = os.environ.get("MONITOR_ROOT")
    if named:
        return Path(named).resolve()
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "methodology" / "registry.yml").is_file():
            return folder
    raise MonitorError(
        "this folder is not inside the monitor",
        where=here,
        remedy="go to the folder that holds methodology/, or name it in MONITOR_ROOT",
    )
