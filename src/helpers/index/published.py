"""The form in which figures leave the room: rounded to declared digits, restricted rows left out."""

import pandas as pd

from helpers.index.suppression import SUPPRESSED
from helpers.registry import RESTRICTED

DIGITS = dict.fromkeys(
    [
        "value",
        "score",
        "numerator",
        "denominator",
        "coverage",
        "weight_available",
        "lower",
        "upper",
        "ci_low",
        "ci_high",
        "process_low",
        "process_high",
        "median",
        "p05",
        "p95",
        "change",
        "same_sign",
        "first",
        "first_low",
        "first_high",
        "total",
        "before",
        "after",
        "difference",
        "low",
        "high",
        "same_instances",
        "composition",
    ],
    4,
)
"""Decimals of each published column: fewer than floating-point sums differ in from machine to machine."""


def rounded(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with its figures rounded to the declared digits, as they are written."""
    digits = {name: count for name, count in DIGITS.items() if name in frame.columns}
    numbers = frame[list(digits)].astype("Float64").round(digits)
    return frame.assign(**{name: numbers[name] + 0.0 for name in digits})  # adding zero turns -0.0 into 0.0


def published_rows(rows: pd.DataFrame, values: pd.DataFrame) -> pd.DataFrame:
    """Ids of the rows behind each value: without microdata, and without those behind a hidden value."""
    key = ["indicator", "level", "unit_id"]
    hidden = values.loc[values["status"] == SUPPRESSED, key].drop_duplicates()
    open_rows = rows[~rows["table"].isin(RESTRICTED)]
    marked = open_rows.merge(hidden, on=key, how="left", indicator="side")
    kept = marked[marked["side"] == "left_only"].drop(columns="side")
    return kept.sort_values([*key, "table", "row_id", "role"], ignore_index=True)
