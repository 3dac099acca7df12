"""CONSUL Democracy exports: tables with dates in two forms, authors' names, and rows that robots made to try it."""

import re
from pathlib import Path

import pandas as pd

from helpers.sources.delimited import read_delimited
from helpers.sources.frame import ASIDE

PERSONAL = re.compile(r"^(author|user|responsible)(_|$)|(^|_)(username|e?mail|phone|document)", re.IGNORECASE)

TRIAL = re.compile(
    r"^\W*(tests?|pruebas?|probando|asdf\w*|qwerty\w*|lorem ipsum.*|foo|bar|xxx+)[\W\d]*$", re.IGNORECASE | re.DOTALL
)
"""Titles of rows made to try the platform out."""


def read_consul(path: Path, title: str = "title") -> dict[str, pd.DataFrame]:
    """The table ``table`` of an export; trial rows (by their ``title``) are marked, authors are left behind."""
    frame = read_delimited(path, None, None, None, "keep")
    frame = frame[[name for name in frame.columns if not PERSONAL.search(name)]]
    if title in frame.columns:
        trial = frame[title].str.match(TRIAL).fillna(False).astype(bool)
        if trial.any():
            aside = frame.get(ASIDE, default=pd.Series(None, frame.index, "str"))
            frame = frame.assign(**{ASIDE: aside.mask(trial, "trial_row")})
    return {"table": frame}
