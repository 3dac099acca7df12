"""Which persons stand behind every figure: what has to be known before any of them may be published."""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from helpers.config import Period
from helpers.config.indicator import ContextFigure, Indicator, Quantity
from helpers.config.method import Method
from helpers.measures.case import Case
from helpers.measures.columns import Facts
from helpers.measures.context import rows_of, units_at, within
from helpers.measures.derive import CitySettings, Prepared, as_array, prepare
from helpers.measures.levels import units_of
from helpers.measures.statistics import CATEGORIES
from helpers.registry.privacy import RESTRICTED

FIGURE = ["table", "figure", "part", "category", "level", "unit_id"]
COLUMNS = [*FIGURE, "group", "item", "count", "of"]

PERSON_UNITS = ("unique_persons", "attendances", "voters", "registrations")
"""Units of count behind which stand persons."""
PERSON_FIELDS = ("participants", "new_participants", "online_participants", "completed")
"""Fields of the registry that count persons, or questionnaires, which is the same."""
PERSON_ROWS = ("service_requests",)
"""Tables of which a row is what one person did: a lonely complaint of a district points to whoever made it."""


def counted(registry: Mapping[str, pd.DataFrame], method: Method, period: Period, city: CitySettings) -> pd.DataFrame:
    """The persons behind every figure of a period that rests on persons: true counts, never to be written.

    One row per figure (FIGURE names the row of `measure` or `context`), `group` that the figure tells apart (women
    and men, satisfied and not, "" where it tells none), and `item`: the smallest thing counted, a row of the
    registry or a part of one, with its `count`. The same item behind two figures is the same persons, in other
    periods too. `of` names the item that an item is a part of, "" where it stands for itself: the parts of an item
    make it up.
    """
    prepared = prepare(registry, method, city, period)
    rows = [row for one in method.indicators.values() if counts_persons(one) for row in _of_indicator(one, prepared)]
    rows += [row for figure in method.context.values() for row in _of_context(figure, prepared)]
    return pd.concat(rows, ignore_index=True)[COLUMNS] if rows else pd.DataFrame(columns=COLUMNS)


def counts_persons(indicator: Indicator) -> bool:
    """Whether what an indicator counts are persons: by its own unit, or as answers or requests of one each."""
    of_persons = any(rows.table in PERSON_ROWS for _, part in indicator.legs for rows in part.rows)
    return indicator.units == "persons" or of_persons or asks_persons(indicator)


def asks_persons(indicator: Indicator) -> bool:
    """Whether an indicator is a mean of what single persons answered."""
    return any(rows.table in RESTRICTED for _, part in indicator.legs for rows in part.rows)


def _of_indicator(indicator: Indicator, prepared: Prepared) -> Iterator[pd.DataFrame]:
    case = Case(indicator, prepared)
    if case.facts is None:
        return
    composed = indicator.main.measure in CATEGORIES
    for level in indicator.levels:
        units = {name: rows for name, rows in units_of(level, case).items() if len(rows)}
        if not units:
            continue
        known = [case.facts.take(rows).that_can_speak().known_to(composed) for rows in units.values()]
        frame = pd.DataFrame(
            {
                "item": np.concatenate([_items(facts, indicator) for facts in known]),
                "count": np.concatenate([facts["count"] for facts in known]),
                "group": np.concatenate([_groups(facts, indicator, prepared.method) for facts in known]),
                "of": np.concatenate([_wholes(facts, indicator, prepared) for facts in known]),
                "unit_id": np.repeat(list(units), [len(facts) for facts in known]),
            }
        )
        yield frame.assign(table="indicators", figure=indicator.id, part="", category="", level=level)


def _wholes(facts: Facts, indicator: Indicator, prepared: Prepared) -> np.ndarray:
    """The participants that the persons of a composition are some of: those of their instance in their period."""
    if not indicator.main.rows[0].total:
        return np.full(len(facts), "", dtype=object)
    counts, totals = prepared.tables["participation_counts"], prepared.tables.get("instance_periods", pd.DataFrame())
    if totals.empty:
        return np.full(len(facts), "", dtype=object)
    key = ["instance_id", "period", "count_unit"]
    whole = totals[totals["participants"].notna()].drop_duplicates(key, keep=False).set_index(key)["row_id"]
    found = whole.reindex(pd.MultiIndex.from_frame(counts[key])).set_axis(counts["row_id"])
    names = found[found.notna()] + ":participants"
    return pd.Series(facts["row_id"]).map(names).fillna("").to_numpy(dtype=object)


def _items(facts: Facts, indicator: Indicator) -> np.ndarray:
    """Who answered one question is not known from another, so that answers are told apart by question."""
    return facts["table"] + ":" + facts["row_id"] + f":{indicator.main.rows[0].field or ''}"


def _groups(facts: Facts, indicator: Indicator, method: Method) -> np.ndarray:
    """What a figure tells apart so that each group can be computed from it: the two sides of a share or balance."""
    first = indicator.main.rows[0]
    if indicator.main.measure == "balance":
        return np.asarray(first.categories, dtype=object)[facts["category"]]
    if indicator.main.measure == "share" or (first.points and set(method.points(first.points).values()) <= {0, 100}):
        return np.where(facts["x"] > 0, "yes", "no").astype(object)
    return np.full(len(facts), "", dtype=object)


def _of_context(figure: ContextFigure, prepared: Prepared) -> Iterator[pd.DataFrame]:
    for name, quantity in figure.figures.items():
        fields = [quantity.field, quantity.over.field if quantity.over else None]
        if not set(fields) & set(PERSON_FIELDS) and quantity.table not in PERSON_ROWS:
            continue
        everywhere, _ = rows_of(quantity, "city", prepared.city.id, prepared)
        if everywhere.empty:
            continue
        everywhere = everywhere[[one for one in ("row_id", "units", quantity.by, *fields) if one in everywhere]]
        for level in figure.levels:
            for unit in units_at(level, prepared):
                named = {"table": "context", "figure": figure.id, "part": name, "level": level, "unit_id": unit}
                rows = everywhere if level == "city" else within(everywhere, unit)
                for category, chosen in _by_category(rows, quantity):
                    yield from (items.assign(**named, category=category) for items in _of_rows(chosen, quantity))


def _by_category(rows: pd.DataFrame, quantity: Quantity) -> Iterator[tuple[str, pd.DataFrame]]:
    """The rows of each category that counts persons."""
    if quantity.field in rows:
        rows = rows[rows[quantity.field].notna()]
    by = rows[quantity.by] if quantity.by in rows else pd.Series(pd.NA, rows.index, dtype="str")
    by = by.fillna("not_stated" if quantity.by else "")
    for category in sorted(by.unique()):
        if quantity.by != "count_unit" or category in PERSON_UNITS:
            yield category, rows[by == category]


def _of_rows(rows: pd.DataFrame, quantity: Quantity) -> Iterator[pd.DataFrame]:
    """Items of a sum or of both sides of a ratio; a part of the persons of a row stands beside the rest of them."""
    below = quantity.over.field if quantity.over else None
    if quantity.field in PERSON_FIELDS and below in PERSON_FIELDS:
        whole, part = (as_array(rows[name]) for name in (below, quantity.field))
        of = rows["row_id"] + ":" + below
        for side, count in ((quantity.field, part), (f"not {quantity.field}", whole - part)):
            yield pd.DataFrame({"item": rows["row_id"] + ":" + side, "count": count, "of": of, "group": side})
        return
    if quantity.table in PERSON_ROWS:
        yield pd.DataFrame({"item": f"{quantity.table}:" + rows["row_id"] + ":", "count": 1.0, "of": "", "group": ""})
        return
    field = quantity.field if quantity.field in PERSON_FIELDS else below
    if field in rows:
        items = rows["row_id"] + ":" + field
        yield pd.DataFrame({"item": items, "count": as_array(rows[field]), "of": "", "group": ""})
