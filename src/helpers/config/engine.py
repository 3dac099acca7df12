"""Which engine makes the reports: Quarto where there is one, else pandoc."""

import shutil
import sys
from pathlib import Path

from helpers.config.errors import MonitorError


def quarto_program() -> str | None:
    """Path of the quarto program, where there is one: on the PATH, or in this environment without being activated."""
    return shutil.which("quarto") or shutil.which("quarto", path=str(Path(sys.executable).parent))


def choose_engine(wanted: str = "auto") -> str:
    """``quarto`` or ``pandoc`` for a wish of ``auto``, ``quarto`` or ``pandoc``.

    Raises
    ------
    MonitorError: the wish is unknown, or Quarto is wanted and not there.
    """
    if wanted not in ("auto", "quarto", "pandoc"):
        raise MonitorError(f"there is no engine {wanted!r}", where="ENGINE", remedy="write auto, quarto or pandoc")
    if wanted == "quarto" and quarto_program() is None:
        raise MonitorError("quarto is not on this machine", where="ENGINE", remedy="write ENGINE=pandoc, or install it")
    if wanted == "auto":
        return "quarto" if quarto_program() else "pandoc"
    return wanted
