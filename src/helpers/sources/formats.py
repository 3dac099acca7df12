"""Which adapter reads which format."""

import inspect
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from helpers.config import nearest
from helpers.files import MonitorError
from helpers.sources.consul import read_consul
from helpers.sources.decidim import read_decidim
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
}
"""Adapter of each format; its keyword arguments are the options that city.yml may give."""


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
    return adapter(path, **(options or {}))


def _unknown(what: str, name: str, known: set[str]) -> MonitorError:
    close = nearest(name, known)
    remedy = f"did you mean {close!r}" if close else f"choose one of {', '.join(sorted(known)) or 'none'}"
    return MonitorError(f"unknown {what} {name!r}", where="city.yml", remedy=remedy)
