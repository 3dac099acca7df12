"""From the rows of a definition to facts: what each row contributes, and what it could contribute if known."""

import numpy as np
import pandas as pd

from helpers.config.indicator import Indicator, Item, Rows
from helpers.measures.columns import Facts
from helpers.measures.derive import Prepared, as_array
from helpers.measures.filters import Truth, evaluate, fields_of, not_applicable, parse
from helpers.measures.reference import categories_of


def facts_of(indicator: Indicator, prepared: Prepared, eligible: pd.DataFrame) -> Facts | None:
    """Facts of all parts of an indicator; None where a table that it needs has no rows at all.

    eligible: the instances whose rows may count.
    """
    frames = []
    for place, (_, part) in enumerate(indicator.legs):
        for rows in part.rows:
            chosen = chosen_rows(rows, eligible, prepared)
            if chosen is not None:
                frames.append(_BUILD[part.measure](chosen, rows, indicator, prepared).assign(part=place))
    if not frames:
        return None
    frame = pd.concat(frames, ignore_index=True)
    kept = _without_small_instances(frame, indicator)
    return Facts.of(kept, thinned=len(kept) < len(frame))


def chosen_rows(rows: Rows, eligible: pd.DataFrame, prepared: Prepared) -> pd.DataFrame | None:
    """Rows whose instance may count and for which the filter holds or cannot be decided (`_due` False)."""
    frame = prepared.tables.get(rows.table)
    if frame is None or frame.empty:
        return None
    frame = frame[[name for name in frame if name in (*_ALWAYS, *names_in(rows))]]
    of_the_city = frame["instance_id"].isna() & (rows.table in OF_THE_CITY)
    frame = frame[frame["instance_id"].isin(eligible["instance_id"]) | of_the_city]
    frame = with_instance(frame, rows, prepared)
    truth = holds(rows.where, frame, prepared)
    chosen = frame[~truth.false].assign(_due=truth.true[~truth.false])
    family = chosen["instance_id"].map(prepared.instances["family"]).astype("str").fillna("")
    if rows.place == "instance":
        chosen["units"] = chosen["instance_id"].map(prepared.instances["units"]).astype("str").fillna("")
    return chosen.assign(family=family)


_ALWAYS = ("row_id", "instance_id", "units", "source_id", "not_applicable", "latitude", "longitude", "finite_factor")
"""Columns that every row keeps besides those that its definition reads."""
OF_THE_CITY = ("survey_responses", "service_requests")
"""Tables whose rows may belong to no instance."""


def eligible_instances(indicator: Indicator, prepared: Prepared) -> pd.DataFrame:
    """Instances whose rows may count: documented, of the population, and active leaves where that is asked."""
    frame = prepared.tables["instances"]
    rule = prepared.method.populations[indicator.population] if indicator.population else None
    names = fields_of(parse(rule)) if rule else []
    frame = frame[["instance_id", "units", "documented", "active", "leaf", *(one for one in names if one in frame)]]
    chosen = frame["documented"].to_numpy(dtype=bool)
    if indicator.needs_activity:
        chosen = chosen & frame["active"].to_numpy(dtype=bool) & frame["leaf"].to_numpy(dtype=bool)
    frame = frame[chosen]
    if rule is None or frame.empty:
        return frame
    return frame[evaluate(parse(rule), with_fields(frame, names), prepared.period).true]


def with_instance(frame: pd.DataFrame, rows: Rows, prepared: Prepared) -> pd.DataFrame:
    """The frame with every field that the definition names."""
    return with_parents(frame, names_in(rows), prepared)


def with_fields(frame: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """The frame with a blank column for every named field that its table was delivered without."""
    absent = {name: pd.Series(pd.NA, index=frame.index, dtype="str") for name in names if name not in frame}
    return frame.assign(**absent) if absent else frame


def names_in(rows: Rows) -> list[str]:
    """Fields that a definition reads."""
    filters = [rows.where, rows.done, rows.indicative, rows.cap.unless if rows.cap else None]
    filters += [text for item in rows.items.values() for text in (item.done, item.applies)]
    names = [name for text in filters if text for name in fields_of(parse(text))]
    names += [name for name in (rows.field, rows.weight, rows.count, *rows.groups) if name]
    for item in rows.items.values():
        names += [item.field] if item.field else list(item.fields)
    return list(dict.fromkeys(name for name in names if not name.startswith("period.")))


def holds(text: str | None, frame: pd.DataFrame, prepared: Prepared) -> Truth:
    """Where a filter holds; everywhere without one."""
    if text is None:
        return Truth(np.ones(len(frame), dtype=bool), np.zeros(len(frame), dtype=bool))
    return evaluate(parse(text), frame, prepared.period)


def with_parents(frame: pd.DataFrame, names: list[str], prepared: Prepared) -> pd.DataFrame:
    """The frame with every named field; `instance.<field>` is looked up, others may be blank."""
    known, blank = prepared.instances, pd.Series(dtype="str")
    looked_up = {}
    for name in names:
        if name.startswith("instance.") and name not in frame:
            field = name.removeprefix("instance.")
            looked_up[name] = frame["instance_id"].map(known.get(field, blank))
    return with_fields(frame.assign(**looked_up) if looked_up else frame, names)


def _facts(frame: pd.DataFrame, rows: Rows, x, lo, hi, **more) -> pd.DataFrame:
    """Facts of rows; where the denominator cannot be decided the contribution is not known."""
    due = frame["_due"].to_numpy(dtype=bool)
    x = np.where(due, x, np.nan)
    known = ~np.isnan(x)
    columns = {
        "table": rows.table,
        "row_id": frame["row_id"].to_numpy(),
        "instance_id": frame["instance_id"].to_numpy(),
        "family": frame["family"].to_numpy(),
        "units": frame["units"].to_numpy(),
        "x": x,
        "lo": np.where(known, x, lo),
        "hi": np.where(known, x, hi),
        "weight": as_array(frame[rows.weight]) if rows.weight else 1.0,
        "count": 1.0,
        "category": 0,
        "known": known.astype(float),
        "asked": 1.0,
        "done": np.nan_to_num(x) > 0,
        "indicative": False,
        "fpc": _finite(frame),
    }
    return pd.DataFrame({**columns, **more}, index=range(len(frame)))


def _finite(frame: pd.DataFrame) -> np.ndarray | float:
    """Factor of the finite population for answers of a survey with a known response rate, else 1."""
    if "finite_factor" not in frame:
        return 1.0
    return as_array(frame["finite_factor"])


def _share(frame: pd.DataFrame, rows: Rows, indicator: Indicator, prepared: Prepared) -> pd.DataFrame:
    """1 where done, 0 where not. A blank is not done where the rule says so, unless the source cannot know."""
    truth = holds(rows.done, frame, prepared)
    names = [name for name in fields_of(parse(rows.done)) if not name.startswith("period.")]
    refused = truth.unknown & np.any([not_applicable(frame, name) for name in names], axis=0)
    frame, truth = frame[~refused], Truth(truth.true[~refused], truth.false[~refused])
    x = np.where(truth.true, 1.0, np.where(truth.false, 0.0, np.nan))
    if indicator.unknown == "not_done":
        blind = cannot_know(frame, rows.table, names, prepared)
        x = np.where(np.isnan(x) & ~blind, 0.0, x)
    undecided_hi = np.where(truth.false & ~frame["_due"].to_numpy(dtype=bool), np.nan, 1.0)
    return _facts(frame, rows, x, lo=0.0, hi=undecided_hi, **_indicative(frame, rows, prepared))


def cannot_know(frame: pd.DataFrame, table: str, names: list[str], prepared: Prepared) -> np.ndarray:
    """Rows from a source whose mapping brings none of a field that the rule reads (declared in city.yml)."""
    blind = {source.id for source in prepared.city.sources if not _maps(source, table, names)}
    if not blind or "source_id" not in frame:
        return np.zeros(len(frame), dtype=bool)
    return frame["source_id"].isin(blind).to_numpy(dtype=bool)


def _maps(source: object, table: str, names: list[str]) -> bool:
    """Whether a source brings all those fields; one that lists no columns for the table is taken to bring all."""
    entries = [
        entry
        for entry in source.tables
        if entry.get("table") == table and entry.get("columns") and not entry.get("auto")
    ]
    if not entries:
        return True
    behind = [_BEHIND.get(name, (name,)) for name in names if not name.startswith("instance.")]
    return all(any(field in entry["columns"] for field in fields for entry in entries) for fields in behind)


_BEHIND = {
    "answered_on": ("answer_at",),
    "days_to_answer": ("answer_at",),
    "answer_due": ("phase_closes_on", "submitted_at"),
    "delivered_on": ("delivered_at",),
    "due_on": ("first_due_date", "due_date"),
    "reasons_given": ("reasons_given", "answer_type"),
    "final_document_dead": ("final_document_published_at",),
    "minutes_dead": ("minutes_published_at",),
}
"""Registry fields that a derived field comes from; any one of them is enough."""


def _scale(frame: pd.DataFrame, rows: Rows, indicator: Indicator, prepared: Prepared) -> pd.DataFrame:
    """Points of the answer as a share of 100, capped where the claim lacks what would bear it out."""
    frame = frame[~not_applicable(frame, rows.field)]
    points = prepared.method.points(rows.points)
    x = points_of(frame[rows.field], points) / 100
    if rows.cap:
        borne_out = holds(rows.cap.unless, frame, prepared).true
        x = np.where(borne_out | np.isnan(x), x, np.minimum(x, rows.cap.at / 100))
    ends = min(points.values()) / 100, max(points.values()) / 100
    groups = {f"group_{name}": frame[name].to_numpy() for name in rows.groups}
    return _facts(frame, rows, x, *ends, **groups, **_indicative(frame, rows, prepared))


def points_of(answers: pd.Series, points: dict[str, float]) -> np.ndarray:
    """Points per answer, NaN for a missing answer and for one that the scale does not know."""
    if isinstance(answers.dtype, pd.BooleanDtype):
        answers = answers.map({True: "yes", False: "no"})
    elif pd.api.types.is_numeric_dtype(answers.dtype):
        points = {float(key): value for key, value in points.items()}
        return as_array(answers.astype("Float64").map(points).astype("Float64"))
    return as_array(answers.map(points).astype("Float64"))


def _checklist(frame: pd.DataFrame, rows: Rows, indicator: Indicator, prepared: Prepared) -> pd.DataFrame:
    """Mean of the known items of each row; the bounds put the worst and the best answer into the gaps."""
    columns = [_item(frame, item, prepared) for item in rows.items.values()]
    points = np.column_stack([points for points, _ in columns])
    refused = np.column_stack([refused for _, refused in columns])
    gap = np.isnan(points) & ~refused
    if indicator.unknown == "not_done_if_any_known":
        checked = (~np.isnan(points)).any(axis=1, keepdims=True)
        points, gap = np.where(gap & checked, 0.0, points), gap & ~checked
    asked = (~refused).sum(axis=1)
    known = (asked - gap.sum(axis=1)).astype(float)
    total = np.nansum(points, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        x = np.where(known >= rows.min_items, total / known, np.nan)
        lo, hi = total / asked, (total + gap.sum(axis=1)) / asked
    facts = _facts(frame, rows, x, lo=0.0, hi=1.0, **_indicative(frame, rows, prepared))
    # A gap inside a row that counts widens the bounds too; a row that does not count could be anything.
    scored = facts["x"].notna().to_numpy()
    lo, hi = np.where(scored, lo, 0.0), np.where(scored, hi, 1.0)
    facts = facts.assign(lo=lo, hi=hi, known=known, asked=asked.astype(float))
    return facts[asked >= min(rows.min_items, len(rows.items))]


def _item(frame: pd.DataFrame, item: Item, prepared: Prepared) -> tuple[np.ndarray, np.ndarray]:
    """Points of an item from 0 to 1 with NaN for not known, and where it does not apply."""
    beside = holds(item.applies, frame, prepared).false
    if item.done is not None:
        truth = holds(item.done, frame, prepared)
        points = np.where(truth.true, 1.0, np.where(truth.false, 0.0, np.nan))
        return np.where(beside, np.nan, points), beside
    names = [item.field] if item.field else item.fields
    points = prepared.method.points(item.points)
    each = np.column_stack([points_of(frame[name], points) for name in names])
    refused = np.all([not_applicable(frame, name) for name in names], axis=0)
    beside |= refused & np.isnan(each).all(axis=1)
    return np.where(beside, np.nan, each.mean(axis=1)), beside


def _composition(frame: pd.DataFrame, rows: Rows, indicator: Indicator, prepared: Prepared) -> pd.DataFrame:
    """Persons per category; those who did not state it, or are missing from the counts, are category -1."""
    shares = categories_of(rows, prepared)
    frame = frame[frame[rows.count].notna() & frame["_due"].astype(bool)]
    facts = _facts(frame, rows, x=1.0, lo=np.nan, hi=np.nan)
    facts["count"] = as_array(frame[rows.count])
    label = frame[rows.field].map(rows.recode).fillna(frame[rows.field]) if rows.recode else frame[rows.field]
    facts["label"] = label.to_numpy()
    spread = facts.drop(columns="category").merge(shares, on="label", how="inner")
    spread = spread.assign(count=spread["count"] * spread["share"]).drop(columns=["share"])
    missing = _not_counted(facts, rows, prepared) if rows.total else spread.iloc[:0]
    return pd.concat([spread, missing], ignore_index=True).drop(columns="label")


def _not_counted(facts: pd.DataFrame, rows: Rows, prepared: Prepared) -> pd.DataFrame:
    """Persons in the total of an instance whom its counts leave out, as not stated."""
    totals = prepared.instances
    if rows.total not in totals or facts.empty:
        return facts.iloc[:0]
    counted = facts.groupby("instance_id")["count"].sum()
    total = counted.index.map(totals[rows.total].astype("Float64"))
    left = pd.Series(as_array(pd.Series(total)), index=counted.index) - counted
    first = facts.drop_duplicates("instance_id").set_index("instance_id")
    first = first.loc[left.index[left > 0]].reset_index()
    return first.assign(count=left[left > 0].to_numpy(), category=-1, row_id=first["instance_id"], table="instances")


def _median(frame: pd.DataFrame, rows: Rows, indicator: Indicator, prepared: Prepared) -> pd.DataFrame:
    """The number of each row, not below the floor; at worst the goalpost 0, at best the goalpost 100."""
    frame = frame[~not_applicable(frame, rows.field)]
    x = as_array(frame[rows.field])
    x = x if rows.floor is None else np.maximum(x, rows.floor)
    ends = (indicator.goalposts.lo, indicator.goalposts.hi)[:: indicator.direction]
    return _facts(frame, rows, x, *ends, **_indicative(frame, rows, prepared))


def _distinct(frame: pd.DataFrame, rows: Rows, indicator: Indicator, prepared: Prepared) -> pd.DataFrame:
    """The category of each row, -1 where it is not known."""
    place = {name: position for position, name in enumerate(rows.categories)}
    label = frame[rows.field].map(rows.recode).fillna(frame[rows.field]) if rows.recode else frame[rows.field]
    code = as_array(label.map(place).astype("Float64"))
    facts = _facts(frame, rows, np.where(np.isnan(code), np.nan, 1.0), lo=np.nan, hi=np.nan)
    return facts.assign(category=np.nan_to_num(code, nan=-1).astype(int))


def _coverage(frame: pd.DataFrame, rows: Rows, indicator: Indicator, prepared: Prepared) -> pd.DataFrame:
    """Events with their place; one without a place could be anywhere."""
    placed = frame["latitude"].notna() & frame["longitude"].notna() if "latitude" in frame else frame["_due"] & False
    x = np.where(placed, 1.0, np.nan)
    place = {name: as_array(frame[name]) if name in frame else np.nan for name in ("latitude", "longitude")}
    return _facts(frame, rows, x, lo=np.nan, hi=1.0, **place)


def _indicative(frame: pd.DataFrame, rows: Rows, prepared: Prepared) -> dict[str, np.ndarray]:
    return {"indicative": holds(rows.indicative, frame, prepared).true} if rows.indicative else {}


def _without_small_instances(facts: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    if not indicator.min_rows_per_instance or facts.empty:
        return facts
    answered = facts["known"].groupby(facts["instance_id"].fillna("")).transform("sum")
    return facts[answered >= indicator.min_rows_per_instance].reset_index(drop=True)


_BUILD = {
    "share": _share,
    "scale": _scale,
    "checklist": _checklist,
    "overlap": _composition,
    "balance": _composition,
    "evenness": _composition,
    "distinct": _distinct,
    "median": _median,
    "gap": _scale,
    "coverage": _coverage,
}
