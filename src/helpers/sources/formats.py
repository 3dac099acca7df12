"""Which adapter reads which format."""

import inspect
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from helpers.config import nearest
from helpers.files import MonitorError
from helpers.sources.archive import unpacked
from helpers.sources.consul import read_consul
from helpers.sources.decidim import read_decidim
from helpers.sources.form import read_form
from helpers.sources.geo import read_geo
from helpers.sources.ogp import read_ogp
from helpers.sources.osservatorio import read_osservatorio
from helpers.sources.pabulib import read_pabulib
from helpers.sources.survey import read_survey
from helpers.sources.table import read_table

Adapter = Callable[..., dict[str, pd.DataFrame]]

FORMATS: dict[str, Adapter] = {
    "table": read_table,
    "geo": read_geo,
    "pabulib": read_pabulib,
    "decidim": read_decidim,
    "consul": read_consul,
    "ogp": read_ogp,
    "osservatorio": read_osservatorio,
    "survey": read_survey,
    "form": read_form,
}
"""Adapter of each format; its keyword arguments are the options that city.yml may give."""

UNPACKING = ("decidim",)
"""Formats whose adapter reads inside a zip by itself."""


def read(format: str, path: Path, options: dict | None = None) -> dict[str, pd.DataFrame]:
    """The tables of a file as frames of text, by name.

    Raises MonitorError for an unknown format or option, and where the file is not what the format promises.
    """
    if format not in FORMATS:
        raise _unknown("format", format, set(FORMATS))
    adapter = FORMATS[format]
    known = set(inspect.signature(adapter).parameters) - {"path"}
    for option in options or {}:
        if option not in known:
            raise _unknown(f"option of the format {format!r}:", option, known)
    if format in UNPACKING:
        return adapter(path, **(options or {}))
    with unpacked(path) as parts:
        return _joined({part: _read_part(adapter, part, path, options or {}) for part in parts}, path)


def _read_part(adapter: Adapter, part: Path, path: Path, options: dict) -> dict[str, pd.DataFrame]:
    """The tables of an unpacked file under the name of the one that was received."""
    try:
        frames = adapter(part, **options)
    except MonitorError as error:
        where = str(error.where).replace(str(part), str(path)) if error.where else path
        raise MonitorError(error.what, where=where, remedy=error.remedy) from error
    return frames if part == path else {name: frame.assign(_file=path.name) for name, frame in frames.items()}


def _joined(parts: dict[Path, dict[str, pd.DataFrame]], path: Path) -> dict[str, pd.DataFrame]:
    """All tables; those of several files in one zip carry the file's name, as table and as sheet."""
    if len(parts) == 1:
        return next(iter(parts.values()))
    joined = {}
    for part, frames in parts.items():
        for name, frame in frames.items():
            sheet = part.name + ("" if name in ("table", "features") else f" {name}")
            joined[part.stem if name in ("table", "features") else f"{part.stem} {name}"] = frame.assign(_sheet=sheet)
    return joined


def _unknown(what: str, name: str, known: set[str]) -> MonitorError:
    close = nearest(name, known)
    remedy = f"did you mean {close!r}" if close else f"choose one of {', '.join(sorted(known)) or 'none'}"
    return MonitorError(f"unknown {what} {name!r}", where="city.yml", remedy=remedy)
