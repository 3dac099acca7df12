"""The environment of a run: the same for everyone, whatever the caller has set."""

import importlib.util
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

# What a process needs to live on its system; every other variable of the caller stays outside.
KEPT = {
    "PATH",
    "HOME",
    "USERPROFILE",
    "TMPDIR",
    "TEMP",
    "TMP",
    "SYSTEMROOT",
    "SYSTEMDRIVE",
    "WINDIR",
    "COMSPEC",
    "PATHEXT",
    "APPDATA",
    "LOCALAPPDATA",
    "PROGRAMDATA",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "PYTHONPATH",
    "VIRTUAL_ENV",
}
OURS = "MONITOR_"
FOLDERS = {"MONITOR_ROOT", "MONITOR_MIRROR"}
FIXED = {
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "MPLBACKEND": "agg",
    # One thread each: sums of floats in one order, and children do not fight over the cores.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
}


def run_environment(epoch: int, scratch: Path) -> dict[str, str]:
    """The variables of a run.

    Parameters
    ----------
    epoch: seconds since 1970 that stand for "now" in files (SOURCE_DATE_EPOCH): the end of the period.
    scratch: folder for the settings of IPython and Jupyter, so that the caller's own are not read.
    """
    own = {name: str(scratch) for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR")}
    return {**_kept(), **FIXED, **own, **_style(), "SOURCE_DATE_EPOCH": str(epoch)}


@contextmanager
def applied(environment: Mapping[str, str]) -> Iterator[None]:
    """These variables and no others in this process while the block runs."""
    before = dict(os.environ)
    _replace(environment)
    try:
        yield
    finally:
        _replace(before)


def _replace(environment: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)


def _kept() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name.upper() in KEPT or name.startswith(OURS)}
    # A notebook works in its own folder, so a folder named from here must be named in full.
    return {name: str(Path(value).resolve()) if value and name in FOLDERS else value for name, value in kept.items()}


def _style() -> dict[str, str]:
    """Matplotlib's own defaults instead of the caller's matplotlibrc."""
    found = importlib.util.find_spec("matplotlib")
    return {"MATPLOTLIBRC": str(Path(found.origin).parent / "mpl-data" / "matplotlibrc")} if found else {}
