"""Context figures X1 to X11: printed beside the index, never inside it."""

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from helpers.config import Period
from helpers.config.indicator import ContextFigure, Quantity
from helpers.config.method import Method
from helpers.measures.derive import CitySettings, Prepared, as_array, prepare
from helpers.measures.facts import with_parents
from helpers.measures.filters import evaluate, fields_of, parse
from helpers.measures.reference import people_by_district
from helpers.measures.status import data_status

COLUMNS = [
    "city", "period", "level", "unit_id", "context", "part", "category", "unit", "value", "n", "bound", "status",
    "source_ids", "data_status",
]  # fmt: skip


def context(registry: Mapping[str, pd.DataFrame], method: Method, period: Period, city: CitySettings) -> pd.DataFrame:
    """Context figures of a period, one row per level, unit, figure, part and category (COLUMNS).

    `unit` is what is counted: where figures are split by unit of count, that unit, since persons, votes and
    attendances are never added (M5). `bound` says lower, upper or approx where a number that went in says so.
    status: ok, not_collected (nobody recorded it) or not_applicable (recorded, and there was none).
    """
    prepared = prepare(registry, method, city, period)
    records = [
        {**record, "context": figure.id, "part": name, "level": level, "unit_id": unit}
        for figure in method.context.values()
        for level in figure.levels
        for unit in units_at(level, prepared)
        for name, quantity in figure.figures.items()
        for record in _figure(quantity, figure, level, unit, prepared)
    ]
    known = {"city": prepared.city.id, "period": str(period), "data_status": data_status(prepared)}
    frame = pd.DataFrame(records).assign(**known)
    return frame.reindex(columns=COLUMNS)


def units_at(level: str, prepared: Prepared) -> tuple[str, ...]:
    """The units of a level that have context figures."""
    return (prepared.city.id,) if level == "city" else prepared.places.districts


def _figure(quantity: Quantity, figure: ContextFigure, level: str, unit: str, prepared: Prepared) -> list[dict]:
    rows, decided = rows_of(quantity, level, unit, prepared)
    if quantity.measure == "coverage":
        return [_coverage(quantity, rows, decided, prepared)] if level == "city" else []
    if rows.empty:
        # None is a count only where every row could be decided: a table without the date says nothing.
        zero = quantity.measure == "count" and decided
        return [_record(quantity, 0 if zero else np.nan, 0, rows, "ok" if zero else "not_collected")]
    if not quantity.by:
        return [_value(quantity, rows, "", level, unit, prepared)]
    groups = rows[quantity.by].fillna("not_stated") if quantity.by in rows else pd.Series("not_stated", rows.index)
    found = [_value(quantity, rows[groups == name], name, level, unit, prepared) for name in sorted(groups.unique())]
    return [record for record in found if record["n"] or len(found) == 1]


def rows_of(quantity: Quantity, level: str, unit: str, prepared: Prepared) -> tuple[pd.DataFrame, bool]:
    """Documented rows of the unit for which the filter holds, and whether it could be decided for all of them."""
    frame = prepared.tables.get(quantity.table)
    if frame is None or frame.empty:
        return pd.DataFrame(), False
    if "instance_id" in frame:
        who = prepared.tables["instances"]
        who = who[who["documented"].astype(bool)]
        if quantity.table in OF_LEAVES:
            who = who[who["leaf"].astype(bool)]
        frame = frame[frame["instance_id"].isin(who["instance_id"]) | frame["instance_id"].isna()]
    if level == "territory" and "units" in frame:
        frame = within(frame, unit)
    if not quantity.where:
        return frame, True
    tree = parse(quantity.where)
    asked = fields_of(tree)
    truth = evaluate(tree, with_parents(frame, asked, prepared), prepared.period)
    return frame[truth.true], not truth.unknown.any() and _recorded(frame, quantity.by, asked)


def _recorded(frame: pd.DataFrame, by: str | None, asked: Collection[str]) -> bool:
    """Whether no row fails the filter only because nobody recorded its activity or the field that splits the figure."""
    activity = "active" not in asked or "activity_recorded" not in frame or frame["activity_recorded"].all()
    split = by not in asked or (by in frame and frame[by].notna().all())
    return bool(activity and split)


def within(frame: pd.DataFrame, district: str) -> pd.DataFrame:
    """The rows that belong to a district, to others too or not."""
    return frame[(";" + frame["units"] + ";").str.contains(f";{district};", regex=False)]


def _coverage(quantity: Quantity, rows: pd.DataFrame, decided: bool, prepared: Prepared) -> dict:
    """Percent of the inhabitants whose district has a row for every ``per`` of them or more (A6, district form)."""
    table = prepared.raw.get("reference_population", pd.DataFrame())
    people = None if table.empty else people_by_district(table, prepared)
    if people is None or not (decided or len(rows)):
        return _record(quantity, np.nan, 0, rows, "not_collected")
    found = np.array([len(within(rows, one)) if len(rows) else 0 for one in prepared.places.districts])
    value = 100 * people[found * quantity.per >= people].sum() / people.sum()
    return _record(quantity, float(value), len(rows), rows, "ok") | ({} if decided else {"bound": "lower"})


OF_LEAVES = ("instances", "instance_periods", "participation_counts")
"""Tables in which a parent would be counted beside its children."""


def _value(quantity: Quantity, rows: pd.DataFrame, category: str, level: str, unit: str, prepared: Prepared) -> dict:
    if quantity.measure == "count":
        return _record(quantity, len(rows), len(rows), rows, "ok", category)
    known = rows[rows[quantity.field].notna()] if quantity.field in rows else rows.iloc[:0]
    if known.empty:
        return _record(quantity, np.nan, 0, known, "not_collected", category)
    numbers = as_array(known[quantity.field])
    if quantity.measure == "median":
        return _record(quantity, float(np.median(numbers)), len(known), known, "ok", category)
    value = numbers.sum()
    if quantity.measure == "ratio":
        below = _below(quantity, known, category, level, unit, prepared)
        if np.isnan(below):
            return _record(quantity, np.nan, 0, known, "not_collected", category)
        value = quantity.per * value / below if below else np.nan
    status = "ok" if not np.isnan(value) else "not_applicable"
    return _record(quantity, float(value), len(known), known, status, category)


def _below(quantity: Quantity, known: pd.DataFrame, category: str, level: str, unit: str, prepared: Prepared) -> float:
    over = quantity.over
    if over.table == "city":
        return float((prepared.city.budgets or {}).get(prepared.period.start.year, np.nan))
    rows, _ = rows_of(over, level, unit, prepared)
    if over.field not in rows:
        return np.nan
    if quantity.by and category:
        rows = rows[rows[quantity.by].fillna("not_stated") == category]
    return float(np.nansum(as_array(rows[over.field])))


def _record(quantity: Quantity, value: float, n: int, rows: pd.DataFrame, status: str, category: str = "") -> dict:
    sources = sorted(rows["source_id"].dropna().unique()) if "source_id" in rows else []
    return {
        "category": category,
        "unit": (category or "not_stated") if quantity.unit == "count_unit" else quantity.unit,
        "value": value,
        "n": n,
        "bound": _bound(quantity, rows),
        "status": status,
        "source_ids": ";".join(sources),
    }


def _bound(quantity: Quantity, rows: pd.DataFrame) -> str:
    """The bound that a sum inherits from its parts: mixed ones make it approximate."""
    name = f"{quantity.field}_bound"
    if name not in rows:
        return "exact"
    found = sorted(set(rows[name].dropna()) - {"exact"})
    return "exact" if not found else found[0] if len(found) == 1 else "approx"
