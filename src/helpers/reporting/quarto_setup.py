"""One attempt to install Quarto beside the pinned packages; the reports do without it where that fails.

Its package on the index downloads the program while it installs, so it is outside the lock, has a time limit, and
is tried once per version: `make` keeps a stamp. Run as ``python -m helpers.reporting.quarto_setup``.
"""

import subprocess
import sys
from pathlib import Path

from helpers.config import quarto_program

VERSION = "1.9.38"
"""The version that releases are tried with."""

TIME_LIMIT = 180


def install(log: Path) -> bool:
    """Try to install; what pip said goes to ``log``. True where the program is there afterwards."""
    pip = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", f"quarto-cli=={VERSION}"]
    try:
        done = subprocess.run(
            pip, capture_output=True, text=True, encoding="utf-8", errors="replace", timeout=TIME_LIMIT
        )
        said = done.stdout + done.stderr
    except subprocess.TimeoutExpired:
        said = f"No answer within {TIME_LIMIT} seconds.\n"
    log.write_text(said, encoding="utf-8")
    return quarto_program() is not None


def main() -> None:
    """Try once and say in one line how the reports will be made."""
    if quarto_program():
        print(f"Quarto is at {quarto_program()}; reports are made by it (ENGINE=pandoc for the other engine).")
        return
    log = Path(sys.prefix) / "quarto.log"
    if install(log):
        print(f"Quarto {VERSION} is installed; reports are made by it (ENGINE=pandoc for the other engine).")
    else:
        print(f"Quarto could not be installed (see {log}); reports are made by pandoc and typst.")


if __name__ == "__main__":
    main()
