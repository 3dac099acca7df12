"""The record of what a city published and on which day, from which the reports draw their table of revisions."""

from datetime import date
from pathlib import Path

import pandas as pd

from helpers.config import load_city, publications_file
from helpers.files import write_csv
from helpers.index import load_findings, published_on, read_publications


def record_publication(root: Path, city: str, period: str | None, day: date) -> tuple[Path, int]:
    """Write down what a computed period (the newest if none is given) says as published on a day.

    Returns the file and how many values of the period went in. Written down again on the same day, the later stand.
    """
    described = load_city(root, city)
    chosen = described.period(period) if period else described.newest_period
    rows = published_on(load_findings(root, city, str(chosen)), day)
    every = pd.concat([read_publications(root, city), rows], ignore_index=True)
    every = every.drop_duplicates(["published_on", "period", "node"], keep="last")
    path = publications_file(root, city)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_csv(path, every.sort_values(["published_on", "period"], kind="stable"))
    return path, len(rows)
