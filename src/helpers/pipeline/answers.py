"""Answers to "what would change?": another method on the clean registry of a period, in well under a minute."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.config import City, Method, MonitorError, Period, load_city, load_dictionary, load_method, registry_folder
from helpers.config.method import method_with
from helpers.files import write_csv
from helpers.index import compare_methods, moved_most, rounded, spreads, workshop_weights
from helpers.registry import load
from helpers.sources import own_rows, read, table_columns

KEY = ["level", "unit_id", "node"]


def what_if_answer(
    root: Path, city: str, period: str, changes: Mapping[str, Any], weights: Path | None, output: Path | None
) -> Iterator[str]:
    """Lines that say what would change in a city and period with other values at some addresses of its method.

    weights: a workshop file, whose weights are changes too. output: where the whole comparison goes as CSV.
    """
    this_city, this_period = load_city(root, city), Period.parse(period)
    method = load_method(root, this_city.method_of(this_period), city)
    changes = dict(changes)
    if weights:
        found = workshop_weights(rows_of_workshop(weights), method)
        changes |= found.changes
        yield from (*_lines(found.table.round(4)), *(f"Note: {doubt}." for doubt in found.doubts), "")
    if not changes:
        raise MonitorError("nothing is changed", remedy="give --set ADDRESS=VALUE or --weights FILE")
    tables = load(registry_folder(root, city), load_dictionary(root)).tables
    changed = method_with(method, changes)
    moved = compare_methods(tables, method, changed, this_city, this_period)
    yield f"{city} {this_period}, method {method.version}, with:"
    yield from (f"  {address}: {_said(value)}" for address, value in changes.items())
    yield from _comparison(moved, _bands(tables, (method, changed), this_city, this_period))
    if output:
        write_csv(output, rounded(moved))
        yield f"\nThe whole comparison: {output}"


def rows_of_workshop(path: Path) -> pd.DataFrame:
    """The first table of a workshop's file (CSV, XLSX, ODS), cells as text."""
    frame = own_rows(next(iter(read("table", path).values())))
    return frame[table_columns(frame)]


def _said(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _bands(tables: Mapping[str, pd.DataFrame], methods: tuple[Method, ...], city: City, period: Period) -> pd.DataFrame:
    """5 and 95 % quantiles of every node over the uncertain choices, by both methods."""
    names = ("old", "new")
    found = [one.set_index(KEY)[["p05", "p95"]] for one in spreads(tables, methods, city, period)]
    return pd.concat([one.add_prefix(f"{name}_") for name, one in zip(names, found, strict=True)], axis=1).reset_index()


def _comparison(moved: pd.DataFrame, bands: pd.DataFrame) -> Iterator[str]:
    nodes = moved.merge(bands, on=KEY, how="left")
    city = nodes[nodes["level"] == "city"]
    yield "\nThe city, with the 5 and 95 % quantiles over the uncertain choices of each method:"
    yield from _lines(city[city["node"].isin(bands["node"])][["node", "old", "new", "difference", *_ENDS]])
    parts = {
        "Indicators of the city that move": city[~city["node"].isin(bands["node"])][
            ["node", "old", "new", "difference"]
        ],
        "Districts": nodes[(nodes["level"] == "territory") & nodes["node"].isin(bands["node"])][
            ["unit_id", "node", "old", "new", "difference"]
        ],
        "Instances that move most, and through which indicator": moved_most(moved)[
            ["unit_id", "node", "old", "new", "difference"]
        ],
    }
    for title, frame in parts.items():
        changed = frame[~(frame["difference"].abs() < 0.05)].dropna(subset=["old", "new"], how="all")
        yield f"\n{title}:" if len(changed) else f"\n{title}: none"
        yield from _lines(changed)


_ENDS = ["old_p05", "old_p95", "new_p05", "new_p95"]


def _lines(frame: pd.DataFrame) -> list[str]:
    """A frame as aligned text, numbers with one decimal unless they are shares."""
    if frame.empty:
        return []
    digits = 3 if "weight" in frame else 1
    return frame.to_string(index=False, na_rep="-", float_format=lambda value: f"{value:.{digits}f}").splitlines()
