"""What the prose of a report may say: plain facts of one city and period, drawn from the computed tables.

Texts name these facts and never hold a number themselves. Labels come in the language of ``texts``.
"""

from typing import Any

import pandas as pd

from helpers.config import Method
from helpers.index.findings import Findings
from helpers.index.scoring import INDEX, USABLE
from helpers.language import Texts
from helpers.registry import Registry
from helpers.registry.accounts import COUNTS

CORRECTION = "correction"
"""What the ledger calls a rewriting that people declared, not a rule."""


def brief(findings: Findings, texts: Texts) -> dict[str, Any]:
    """Facts for the pages of a report on the findings."""
    method = findings.method
    nodes = _city_nodes(findings.scores, method, texts)
    dimensions = [node for name, node in nodes.items() if name != INDEX]
    return {
        "city": texts.pick(findings.city.name),
        "period": texts.period(findings.period),
        "previous": texts.period(findings.periods[-2]) if len(findings.periods) > 1 else "",
        "simulated": findings.city.simulated,
        "schematic": findings.schematic,
        "method_version": method.version,
        "data_status": data_status(findings, texts),
        "minimum_weight": method.aggregation.min_dimension_weight,
        "minimum_coverage": method.thresholds.min_coverage,
        "k": method.thresholds.k,
        "dimensions": dimensions,
        "measured": [node["name"] for node in dimensions if node["value"] is not None],
        "missing_dimensions": [node["name"] for node in dimensions if node["value"] is None],
        **_headline(nodes[INDEX], dimensions, method, texts),
        **_coverage(findings.values, method),
        **_history(findings.scores_so_far),
        **_registry(findings),
        "districts_measured": _measured_districts(findings.scores),
        "methodology_page": "methodology.html",
        "quality_page": "data-quality.html",
        "map_page": "map.html",
    }


def imprint(findings: Findings, texts: Texts) -> dict[str, Any]:
    """What stands below every figure: city, period, source, and what a reader must know first."""
    return {
        "city": texts.pick(findings.city.name),
        "period": findings.period,
        "source": texts("index.imprint_source", method=findings.method.version, status=data_status(findings, texts)),
        "simulated": findings.city.simulated,
        "schematic": findings.schematic,
    }


def data_status(findings: Findings, texts: Texts) -> str:
    """How settled the data of the period are: provisional, revised or final, in words."""
    return texts(f"index.data_{findings.values['data_status'].iloc[0]}")


def _city_nodes(scores: pd.DataFrame, method: Method, texts: Texts) -> dict[str, dict]:
    names = {key: texts.pick(one.labels) for key, one in method.dimensions.items()} | {INDEX: texts("index.index")}
    rows = scores[scores["level"] == "city"].set_index("node")
    return {node: {"name": name, **_interval(rows, node)} for node, name in names.items()}


def _interval(rows: pd.DataFrame, node: str) -> dict[str, float | None]:
    if node not in rows.index or pd.isna(rows.at[node, "value"]):
        return {"value": None, "low": None, "high": None}
    return {
        "value": float(rows.at[node, "value"]),
        "low": float(rows.at[node, "ci_low"]),
        "high": float(rows.at[node, "ci_high"]),
    }


def _headline(index: dict, dimensions: list[dict], method: Method, texts: Texts) -> dict[str, Any]:
    ranked = sorted((one for one in dimensions if one["value"] is not None), key=lambda one: one["value"])
    return {
        "index": index if index["value"] is not None else None,
        "band": _band(index, method, texts),
        "strongest": ranked[-1]["name"] if ranked else None,
        "weakest": ranked[0]["name"] if ranked else None,
    }


def _band(index: dict, method: Method, texts: Texts) -> str | None:
    """The word for the index; None where its interval crosses the edge of a band (M6)."""
    if index["value"] is None:
        return None
    last = method.bands[-1]
    for band in method.bands:
        closed = band is last and index["high"] == band.hi
        if band.lo <= index["low"] and (index["high"] < band.hi or closed):
            return texts.pick(band.labels)
    return None


def _coverage(values: pd.DataFrame, method: Method) -> dict[str, int]:
    scored = [one.id for one in method.indicators.values() if one.enabled and one.dimension]
    city = values[(values["level"] == "city") & values["indicator"].isin(scored)]
    usable = city[city["status"].isin(USABLE) & city["score"].notna()]["indicator"].nunique()
    return {"indicators": len(scored), "missing": len(scored) - int(usable)}


def _history(history: pd.DataFrame) -> dict[str, int]:
    measured = history[(history["level"] == "city") & history["value"].notna()]
    return {"periods_measured": int(measured["period"].nunique())}


def _registry(findings: Findings) -> dict[str, int]:
    books, context = findings.registry, findings.context
    by_type = (context["context"] == "X1") & (context["part"] == "instances") & (context["level"] == "city")
    active, instances = context.loc[by_type, "value"], books.accounts["table"] == "instances"
    return {
        **row_fates(books),
        "instances": len(books.tables["instances"]),
        "active": int(active.sum()) if active.notna().any() else None,
        "instances_in": int(books.accounts.loc[instances, "rows_in"].sum()),
        "instances_aside": instances_aside(books),
        "declared": int((books.tables["instances"]["verification_status"] == "declared").sum()),
        "problems": len(books.problems),
    }


def instances_aside(books: Registry) -> int:
    """How many rows of instances were set aside: where there are any, none on record is not none at work."""
    accounts = books.accounts
    return int(accounts.loc[accounts["table"] == "instances", "quarantined"].sum())


def row_fates(books: Registry) -> dict[str, int]:
    """What became of the rows received, and of their cells; the same numbers on every page.

    quarantined rows are ``failed`` (something essential is missing or impossible) or ``unused`` (titles, totals, notes
    and sheets that no table takes). Cells are ``rewritten`` by a rule or ``corrected`` by a decision of people.
    """
    accounts, changes = books.accounts, books.changes
    totals = {name: int(accounts[name].sum()) for name in COUNTS}
    unused = int(accounts.loc[accounts["table"].fillna("") == "", "quarantined"].sum())
    decided = changes["rule"].str.startswith(CORRECTION)
    return {
        **totals,
        "unused": unused,
        "failed": totals["quarantined"] - unused,
        "rewritten": int(changes.loc[~decided, "rows"].sum()),
        "corrected": int(changes.loc[decided, "rows"].sum()),
    }


def _measured_districts(scores: pd.DataFrame) -> int:
    districts = scores[(scores["level"] == "territory") & scores["value"].notna()]
    return int(districts["unit_id"].nunique())
