"""The tables that a report shows: published figures and registry rows, joined and labelled for reading.

Each function takes the findings and the texts and returns a frame whose columns the report names; figures are not
computed here, only picked, joined and labelled.
"""

import math
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from helpers.config import Period
from helpers.index.findings import Findings
from helpers.index.scoring import INDEX, USABLE
from helpers.index.suppression import SUPPRESSED
from helpers.language import Texts

SCORE_EDGES = (0.0, 40.0, 60.0, 80.0, 100.0)
"""Edges of the bands of scores (M6)."""


def node_labels(findings: Findings, texts: Texts) -> dict[str, str]:
    """Label of the index and of each dimension, the index first."""
    dimensions = {key: texts.pick(one.labels) for key, one in findings.method.dimensions.items()}
    return {INDEX: texts("index.index"), **dimensions}


def vocabulary(findings: Findings, name: str, texts: Texts) -> dict[str, str]:
    """Label of each value of a controlled vocabulary."""
    return {value: texts.pick(labels) for value, labels in findings.dictionary.vocabularies[name].items()}


def dimensions(findings: Findings, texts: Texts) -> pd.DataFrame:
    """Index and dimensions of the city: name, value, interval, bounds (as text), available (%), reason."""
    labels = node_labels(findings, texts)
    rows = findings.scores[findings.scores["level"] == "city"].set_index("node").reindex(list(labels))
    reasons = [texts(key) if isinstance(key, str) and key else texts.missing for key in rows["reason"]]
    return rows.assign(
        name=list(labels.values()),
        interval=_spans(rows, "ci_low", "ci_high", texts),
        bounds=_spans(rows, "lower", "upper", texts),
        available=(rows["weight_available"] * 100).round().astype("Int64"),
        reason=reasons,
    ).reset_index()


def _spans(rows: pd.DataFrame, low: str, high: str, texts: Texts) -> list[str]:
    """Each interval as text with one decimal; a dash where there is none."""
    return [
        texts.missing if pd.isna(first) else texts("index.span", low=texts.number(first, 1), high=texts.number(last, 1))
        for first, last in zip(rows[low], rows[high], strict=True)
    ]


def missing(findings: Findings, texts: Texts) -> pd.DataFrame:
    """Indicators of the method without a score for the city: id, indicator, dimension, why."""
    method, labels = findings.method, node_labels(findings, texts)
    city = findings.values[findings.values["level"] == "city"].set_index(["indicator", "form"])
    rows = []
    for one in method.indicators.values():
        row = city.loc[(one.id, one.form)] if (one.id, one.form) in city.index else None
        scored = row is not None and row["status"] in USABLE and pd.notna(row["score"])
        if one.enabled and one.dimension and not scored:
            status = "not_collected" if row is None else row["status"]
            rows.append([one.id, texts.pick(one.labels), labels[one.dimension], _why(row, status, texts)])
    return pd.DataFrame(rows, columns=["id", "indicator", "dimension", "why"])


def indicators(findings: Findings, texts: Texts) -> pd.DataFrame:
    """Every indicator with its result for the city: id, name, dimension, value, score, n, coverage (%), status."""
    labels = node_labels(findings, texts)
    city = findings.values[findings.values["level"] == "city"].set_index(["indicator", "form"])
    keys = [(one.id, one.form) for one in findings.method.indicators.values() if one.dimension]
    rows = city.reindex(keys).reset_index()
    known = [findings.method.indicators[name] for name in rows["indicator"]]
    rows["status"] = rows["status"].fillna("not_collected")
    return rows.assign(
        id=rows["indicator"],
        name=[texts.pick(one.labels) for one in known],
        dimension=[labels[one.dimension] for one in known],
        unit=[texts(f"index.unit_name_{one.unit}") for one in known],
        coverage=rows["coverage"] * 100,
        status_name=[texts(f"index.status_{status}") for status in rows["status"]],
    )


def context(findings: Findings, texts: Texts, level: str = "city", unit: str | None = None) -> pd.DataFrame:
    """Context figures of a level, or of one of its units, that have a value; a distribution of nothing is left out.

    Columns figure, amount (text with its bound), unit_name, n.
    """
    rows = findings.context
    rows = rows[(rows["level"] == level) & rows["value"].notna()]
    rows = rows if unit is None else rows[rows["unit_id"] == unit]
    rows = rows[np.array([not _of_nothing(row, findings) for row in rows.to_dict("records")], dtype=bool)]
    return rows.assign(
        figure=[_context_name(row, findings, texts) for row in rows.to_dict("records")],
        unit_name=[
            context_unit(unit, findings, texts, value) for unit, value in zip(rows["unit"], rows["value"], strict=True)
        ],
        amount=[_amount(value, bound, texts) for value, bound in zip(rows["value"], rows["bound"], strict=True)],
    )


def _of_nothing(row: dict, findings: Findings) -> bool:
    """Whether a row is a further split of an entry of which there is nothing: its first figure says so already."""
    figures = findings.method.context[row["context"]].figures
    further = row["part"] != next(iter(figures)) and figures[row["part"]].by is not None
    return bool(further and row["value"] == 0 and not isinstance(row["category"], str))


def _amount(value: float, bound: str | None, texts: Texts) -> str:
    """A figure as text, whole where it is whole, with the word for a bound or an approximation."""
    number = texts.number(value, 0 if float(value).is_integer() or abs(value) >= 1000 else 1)
    return texts(f"index.bound_{bound}", number=number) if bound in ("lower", "upper", "approx") else number


def _context_name(row: dict, findings: Findings, texts: Texts) -> str:
    """Label of a context figure, with the category it is split by where the unit does not already say it."""
    figure = findings.method.context[row["context"]]
    quantity = figure.figures[row["part"]]
    name = texts.pick(quantity.labels or figure.labels)
    if not isinstance(row["category"], str) or row["category"] == row["unit"]:
        return name
    field = findings.dictionary.table(quantity.table).fields.get(quantity.by)
    labels = findings.dictionary.vocabularies.get(field.vocabulary, {}) if field and field.vocabulary else {}
    key = f"index.category_{row['category']}"
    unlisted = texts(key) if texts.has(key) else row["category"]
    category = texts.pick(labels[row["category"]]) if row["category"] in labels else unlisted
    return texts("index.context_split", name=name, category=category)


def context_unit(unit: str, findings: Findings, texts: Texts, count: float = 2) -> str:
    """The unit of a context figure in words, as it goes with a count; in the plural by itself."""
    key = f"index.context_unit_{unit}"
    if texts.has(key):
        return texts(key, currency=findings.city.currency, count=count)
    return _units(findings, texts).get(unit, unit)


def votes(findings: Findings, texts: Texts) -> pd.DataFrame:
    """How many took part, per mechanism, date and source, up to the period: one row per reported total.

    The parts of one edition (its districts) are added where they are in the same unit and from the same source.
    Columns label, date, date_precision, day (as text), value, bound, amount (text with its bound), unit, unit_name,
    quality, used (text), source, newest first. Where two sources differ both rows stand.
    """
    rows = _reported_totals(findings)
    keys = ["family", "date", "date_precision", "unit", "source_id", "preferred"]
    editions = rows.groupby(keys, sort=False, dropna=False, as_index=False).agg(
        parts=("value", "size"),
        value=("value", whole_sum),
        bound=("bound", lambda cells: cells.iloc[0] if cells.eq(cells.iloc[0]).all() else "approx"),
        own_name=("name", "first"),
        family_name=("family_name", "first"),
        quality=("quality", "first"),
    )
    editions = editions[editions["value"].notna()]
    sources = findings.registry.tables["sources"].set_index("source_id")["title"]
    editions = editions.sort_values(["date", "own_name", "source_id"], ascending=[False, True, True], ignore_index=True)
    return editions.assign(
        label=editions["own_name"].where(editions["parts"] == 1, editions["family_name"]),
        day=[texts.date(*pair) for pair in zip(editions["date"], editions["date_precision"], strict=True)],
        amount=[_amount(*pair, texts) for pair in zip(editions["value"], editions["bound"], strict=True)],
        unit_name=editions["unit"].map(_units(findings, texts)),
        quality=editions["quality"].map(vocabulary(findings, "count_quality", texts)),
        used=editions["preferred"].map({True: texts("index.used"), False: texts("index.not_used")}),
        source=editions["source_id"].map(sources),
    )


def whole_sum(counts: pd.Series) -> float:
    """A sum that is missing where one of its parts is: without it, it would be another number."""
    return counts.sum(skipna=False)


def _reported_totals(findings: Findings) -> pd.DataFrame:
    """Totals of the registry dated up to the end of the period: family, name, date, value, bound, unit, source_id."""
    tables = findings.registry.tables
    counts = tables["participation_counts"]
    totals = counts[(counts["dimension"] == "total") & (counts["count"].notna() | counts["suppressed"].notna())]
    instances = tables["instances"].set_index("instance_id")
    known = instances.reindex(totals["instance_id"]).set_axis(totals.index)
    family = known["parent_id"].fillna(totals["instance_id"])
    rows = pd.DataFrame(
        {
            "family": family,
            "name": known["name"],
            "family_name": instances["name"].reindex(family).to_numpy(),
            **_dates_of_vote(totals["period"], known),
            "value": totals["count"],
            "bound": totals["count_bound"].fillna("exact"),
            "unit": totals["count_unit"],
            "quality": totals["count_quality"],
            "preferred": totals["preferred"].fillna(True).astype(bool),
            "source_id": totals["source_id"],
        }
    )
    return rows[rows["date"] <= pd.Timestamp(findings.period.end)]


def _dates_of_vote(periods: pd.Series, instances: pd.DataFrame) -> dict[str, pd.Series]:
    """Last day of a count and its precision: the instance's own last day if it lies in the row's period, which is
    so for an edition; else the period, since a standing mechanism did not end on the day it is counted."""
    spans = periods.map(Period.parse)
    last = instances["end_date"].fillna(instances["start_date"])
    inside = [pd.notna(day) and span.start <= day.date() <= span.end for day, span in zip(last, spans, strict=True)]
    ends = pd.to_datetime(spans.map(lambda span: span.end))
    whole = spans.map(lambda span: "year" if span.kind == "year" else "month")
    precision = instances["date_precision"]
    inside = pd.Series(inside, index=periods.index, dtype=bool)
    return {"date": last.where(inside, ends), "date_precision": precision.where(inside, whole)}


def places(findings: Findings) -> pd.DataFrame:
    """Where people took part in the period, by district: unit_id, measure (unit of count), value, status."""
    counts = findings.registry.tables["participation_counts"]
    rows = counts[
        (counts["dimension"] == "place")
        & (counts["period"] == str(findings.period))
        & counts["territory_id"].isin(findings.districts()["territory_id"])
    ]
    rows = rows[rows["count"].notna() | rows["suppressed"].notna()]
    grouped = rows.groupby(["territory_id", "count_unit"], sort=True)
    totals = grouped["count"].agg(whole_sum).rename("value").reset_index()
    totals["status"] = totals["value"].isna().map({True: SUPPRESSED, False: "ok"})
    return totals.rename(columns={"territory_id": "unit_id", "count_unit": "measure"}).astype({"value": "Float64"})


def places_table(findings: Findings, texts: Texts) -> pd.DataFrame:
    """The figures of ``places`` for reading: district, amount (text), unit_name, with the sum of each unit last."""
    rows = places(findings)
    names = findings.districts().set_index("territory_id")["name"]
    sums = rows.groupby("measure", as_index=False)["value"].agg(whole_sum)
    shown = pd.concat(
        [rows.assign(district=rows["unit_id"].map(names)), sums.assign(district=texts("index.sum"))], ignore_index=True
    )
    return shown.assign(
        amount=[texts("index.status_suppressed") if pd.isna(one) else texts.number(one) for one in shown["value"]],
        unit_name=shown["measure"].map(_units(findings, texts)),
    )


def mechanisms(findings: Findings) -> pd.DataFrame:
    """Instances without a parent that had begun by the end of the period: the mechanisms of the city."""
    instances = findings.registry.tables["instances"]
    begun = instances["start_date"].isna() | (instances["start_date"] <= pd.Timestamp(findings.period.end))
    return instances[instances["parent_id"].isna() & begun].reset_index(drop=True)


def sources(findings: Findings) -> pd.DataFrame:
    """Sources that rows of the registry name: source_id, title, publisher, licence, url, reliability."""
    tables = findings.registry.tables
    used = set().union(*(set(table["source_id"].dropna()) for table in tables.values() if "source_id" in table))
    every = tables["sources"]
    return every[every["source_id"].isin(used)].sort_values("source_id").reset_index(drop=True)


@dataclass(frozen=True)
class Mapped:
    """What a static map shows: shapes, one value per district, a title with its unit, and fixed classes."""

    territories: gpd.GeoDataFrame
    values: pd.DataFrame
    title: str
    edges: tuple[float, ...]
    digits: int


def mapped(findings: Findings, texts: Texts) -> Mapped | None:
    """The dimension with the most districts computed; without one, where people took part; else None."""
    districts = findings.scores[(findings.scores["level"] == "territory") & findings.scores["value"].notna()]
    period = texts.period(findings.period)
    if len(districts):
        node = districts["node"].value_counts(sort=False).sort_index().idxmax()
        title = texts("monitor.map_scores", name=node_labels(findings, texts)[node], period=period)
        shown = findings.scores[(findings.scores["level"] == "territory") & (findings.scores["node"] == node)]
        return Mapped(findings.geometry, shown, title, SCORE_EDGES, 1)
    counts = places(findings)
    if len(counts):
        unit = counts.groupby("measure")["value"].sum().idxmax()
        title = texts("monitor.map_places", unit=_units(findings, texts)[unit], period=period)
        shown = counts[counts["measure"] == unit]
        return Mapped(findings.geometry, shown, title, _count_edges(findings, unit), 0)
    return None


def _count_edges(findings: Findings, unit: str) -> tuple[float, ...]:
    """Four classes of equal width over every period of the city, so that a colour means the same in each of them."""
    counts = findings.registry.tables["participation_counts"]
    rows = counts[(counts["dimension"] == "place") & (counts["count_unit"] == unit)]
    top = float(rows.groupby(["period", "territory_id"])["count"].sum().max())
    step = 10 ** math.floor(math.log10(max(top / 4, 1)))
    width = math.ceil(top / 4 / step) * step
    return tuple(float(width * place) for place in range(5))


def assumptions(findings: Findings, texts: Texts) -> pd.DataFrame:
    """Uncertain choices of the method: choice, why, rating, alternatives."""
    rows = [
        (
            texts.pick(one.labels),
            texts.pick(one.why),
            texts(f"methodology.rating_{one.rating}"),
            texts.list(texts.pick(other.labels) for other in one.alternatives),
        )
        for one in findings.method.assumptions.values()
    ]
    return pd.DataFrame(rows, columns=["choice", "why", "rating", "alternatives"])


def references(findings: Findings) -> pd.DataFrame:
    """Sources that the method quotes: id, title, url."""
    entries = findings.method.references.items()
    return pd.DataFrame([(key, one.title, one.url) for key, one in entries], columns=["id", "title", "url"])


def _units(findings: Findings, texts: Texts) -> dict[str, str]:
    return vocabulary(findings, "count_unit", texts)


def _why(row: pd.Series | None, status: str, texts: Texts) -> str:
    reason = row["reason"] if row is not None else None
    return texts(reason) if isinstance(reason, str) and texts.has(reason) else texts(f"index.status_{status}")
