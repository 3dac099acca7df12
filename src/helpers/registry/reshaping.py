"""Wide tables made long, and microdata made counts."""

import pandas as pd

from helpers.config import Dictionary, Table
from helpers.registry.applying import IDENTITY, map_columns, read_column, unpivot_columns
from helpers.registry.bands import REFERENCE_BANDS, band_shares
from helpers.registry.mapping import By, Entry
from helpers.registry.parse import Context
from helpers.registry.parse.column import parse_column
from helpers.registry.states import read_states

COUNTED = -1
"""``_id`` of a row that stands for many: what became of those is recorded when they are counted."""


def unpivot(frame: pd.DataFrame, entry: Entry, table: Table, context: Context, place: str) -> pd.DataFrame:
    """One row per row of the frame and column (or age band) of the entry's ``unpivot``."""
    base = map_columns(frame, entry, table, context.dictionary, place)
    labels = unpivot_columns(frame, entry, place)
    wide = frame[list(labels)]
    if not entry.unpivot.bands:
        return _long(base, {label: wide[name] for name, label in labels.items()}, entry)
    numbers = wide.apply(lambda cells: _numbers(cells, table, entry, context))
    cells, estimated = _into_bands(numbers, labels)
    long = _long(base, cells, entry)
    if "is_estimate" in table.fields and "is_estimate" not in long.columns:
        long["is_estimate"] = long[entry.unpivot.to].map(lambda band: "yes" if band in estimated else "no")
    return long


def _long(base: pd.DataFrame, cells: dict[str, pd.Series], entry: Entry) -> pd.DataFrame:
    parts = [
        base.assign(**{entry.unpivot.to: label, entry.unpivot.values: column.astype("str")})
        for label, column in cells.items()
    ]
    long = pd.concat(parts, ignore_index=True)
    return long.sort_values("_id", kind="stable", ignore_index=True)


def _numbers(cells: pd.Series, table: Table, entry: Entry, context: Context) -> pd.Series:
    """The cells as numbers of the field that gets them; a cell that is none is missing."""
    field = table.fields[entry.unpivot.values]
    decimal = field.model_copy(update={"type": "decimal", "minimum": None})
    return parse_column(cells, decimal, context).column("value", cells.index).astype("Float64")


def _into_bands(numbers: pd.DataFrame, labels: dict[str, str]) -> tuple[dict[str, pd.Series], set[str]]:
    """Sum of each band (missing where one of its cells is), and the bands in which a range was split.

    A range across two bands is split evenly by years of age (methodology, section 0, D2).
    """
    shares = {name: band_shares(label) for name, label in labels.items()}
    bands = [band for band in REFERENCE_BANDS if any(band in parts for parts in shares.values())]
    cells = {
        band: sum((numbers[name] * parts[band] for name, parts in shares.items() if band in parts)) for band in bands
    }
    split = {band for parts in shares.values() if len(parts) > 1 for band in parts}
    return {band: column.map("{:.10g}".format, na_action="ignore") for band, column in cells.items()}, split


def count_persons(
    frame: pd.DataFrame, entry: Entry, table: Table, dictionary: Dictionary, place: str
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Counts of distinct persons, what became of each row, and what deserves a look.

    Returns (rows of the table as text, outcomes with _id and outcome, issues with field, value, code, count).
    A person found twice in a group counts once (merged); a row that names nobody is quarantined.
    """
    base = map_columns(frame, entry.model_copy(update={"count": None}), table, dictionary, place)
    groups = [name for name in base.columns if name not in IDENTITY]
    person = read_states(read_column(frame, By(dimension="", column=entry.count.of), place))[0]
    within = {name: frame[name] for name in entry.count.within} or {"_file": frame["_file"]}
    identity = pd.DataFrame({**within, "_person": person, **base[groups]}, index=frame.index)
    nobody = person.isna()
    again = identity.duplicated(keep="first") & ~nobody
    counted = base[~nobody & ~again]
    outcome = pd.Series("kept", frame.index).mask(again, "merged").mask(nobody, "quarantined")
    outcomes = pd.DataFrame({"_id": frame["_id"], "outcome": outcome})
    source = frame.loc[counted.index]
    parts, issues = [], [_nobody(frame[nobody], entry.count.of)]
    for by in entry.count.by:
        parts.append(_counts(counted, source, by, groups, entry.count.into, place))
        issues.append(_implausible(source, by, place))
    return pd.concat(parts, ignore_index=True), outcomes, pd.concat(issues, ignore_index=True)


def _counts(
    counted: pd.DataFrame, source: pd.DataFrame, by: By, groups: list[str], into: str, place: str
) -> pd.DataFrame:
    """One row per group and category, in order of first appearance; where it came from is the group's row span."""
    category = _category(source, by, place)
    keyed = counted.assign(dimension=by.dimension, category=category)
    keyed = keyed[keyed["category"].notna()]
    grouped = keyed.groupby([*groups, "dimension", "category"], sort=False, dropna=False)
    rows = grouped.agg(
        _file=("_file", "first"),
        _sheet=("_sheet", "first"),
        _row=("_row", "min"),
        _last=("_row", "max"),
        _size=("_id", "size"),
    ).reset_index()
    return rows.assign(**{into: rows.pop("_size").astype("str"), "_id": COUNTED})


def _category(source: pd.DataFrame, by: By, place: str) -> pd.Series:
    if by.category:
        return pd.Series(by.category, source.index, dtype="str")
    return read_states(read_column(source, by, place))[0].fillna(by.missing_as)


def _nobody(rows: pd.DataFrame, field: str) -> pd.DataFrame:
    return _per_file(rows, field, "missing_person")


def _implausible(source: pd.DataFrame, by: By, place: str) -> pd.DataFrame:
    """Per file, how many ages are above the plausible maximum: flagged, counted as not stated."""
    if not by.bands or by.maximum is None:
        return _per_file(source.iloc[:0], by.column or "", "implausible_age")
    plain = By(dimension=by.dimension, column=by.column)
    text = read_states(read_column(source, plain, place))[0]
    without = _category(source, by.model_copy(update={"missing_as": None}), place).isna()
    return _per_file(source[without & text.notna()], by.column, "implausible_age")


def _per_file(rows: pd.DataFrame, field: str, code: str) -> pd.DataFrame:
    """Issues without rows and values: ballots are restricted, their number is not."""
    counts = rows.groupby(["_file", "_sheet"], sort=False).size().rename("count").reset_index()
    return counts.assign(field=field, code=code, value=pd.Series(None, counts.index, "str"), _row=pd.NA)
