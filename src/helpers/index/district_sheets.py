"""The sheets of the districts: what is known of each on one page, beside the city, and never as a ranking."""

from typing import Any

import pandas as pd

from helpers.index import exhibits
from helpers.index.briefing import instances_aside
from helpers.index.findings import Findings
from helpers.index.good_practice import instances_of_period
from helpers.language import Texts
from helpers.measures.derive import Prepared, prepare

PAGE = "districts"
LISTED = 8
"""Instances named on a sheet, so that it stays on one page; the rest are counted."""

SHOWN = ("X3", "X4", "X7", "X8")
"""Context figures on a sheet: participants, first-timers, proposals, cost; the instances are named above them."""

COMING = 3
"""Coming activities named on a sheet."""


def sheet_facts(findings: Findings, texts: Texts) -> dict[str, Any]:
    """Facts for the opening of the document."""
    return {
        "city": texts.pick(findings.city.name),
        "period": texts.period(findings.period),
        "districts": len(findings.districts()),
        "measured": measured(findings),
        "map_page": "map.html",
    }


def measured(findings: Findings) -> int:
    """Number of districts with at least one dimension in the period."""
    rows = findings.scores
    return int(rows.loc[(rows["level"] == "territory") & rows["value"].notna(), "unit_id"].nunique())


def ready(findings: Findings) -> Prepared:
    """The registry as the period sees it, prepared once for all sheets."""
    return prepare(findings.registry.tables, findings.method, findings.city, findings.period)


def sheet_text(
    district: str, name: str, at_hand: Prepared, findings: Findings, texts: Texts, locator: str = ""
) -> str:
    """Markdown of what a sheet says: instances at work in the district, what comes next, context figures.

    locator: Markdown of the small map that stands beside it.
    """
    rows = instances_of_period(at_hand)
    here = rows[[district in units.split(";") for units in rows["units"].fillna("")]]
    types = exhibits.vocabulary(findings, "instance_type", texts)
    counted = exhibits.places_table(findings, texts)
    figures = exhibits.context(findings, texts, level="territory", unit=district)
    return texts.page(
        f"{PAGE}/sheet",
        id=district,
        name=name,
        locator=locator,
        period=texts.period(findings.period),
        measured=bool(len(_scores(district, findings))),
        instances=[
            {
                "name": one["name"],
                "type": types.get(one["instance_type"]),
                "contested": one["verification_status"] == "contested",
            }
            for one in here.head(LISTED).to_dict("records")
        ],
        more=max(0, len(here) - LISTED),
        aside=instances_aside(findings.registry),
        quality_page="data-quality.html",
        places=counted[counted["unit_id"] == district].to_dict("records"),
        context=figures[figures["context"].isin(SHOWN)].to_dict("records"),
        coming=_coming(district, at_hand, findings, texts),
    )


def _coming(district: str, at_hand: Prepared, findings: Findings, texts: Texts) -> list[dict[str, str]]:
    """The first public activities of the district after the end of the period: day and title."""
    events = at_hand.tables.get("events")
    if events is None:
        return []
    here = pd.Series([district in units.split(";") for units in events["units"].fillna("")], index=events.index)
    later = here & (events["held_on"] > pd.Timestamp(findings.period.end)) & events["public"].fillna(False)
    rows = events[later].sort_values(["held_on", "event_id"]).head(COMING)
    return [{"day": texts.date(row.held_on), "title": row.title} for row in rows.itertuples()]


def _scores(district: str, findings: Findings) -> pd.DataFrame:
    rows = findings.scores
    return rows[(rows["level"] == "territory") & (rows["unit_id"] == district) & rows["value"].notna()]


def dimensions_beside_city(district: str, findings: Findings, texts: Texts) -> pd.DataFrame:
    """Dimensions of a district: name, value, interval (text), city (value of the whole city), word for the change."""
    labels = exhibits.node_labels(findings, texts)
    rows = _scores(district, findings).set_index("node")
    city = findings.scores[findings.scores["level"] == "city"].set_index("node")["value"]
    nodes = [node for node in labels if node in rows.index]
    spans = [(rows.at[node, "ci_low"], rows.at[node, "ci_high"]) for node in nodes]
    return pd.DataFrame(
        {
            "name": [labels[node] for node in nodes],
            "value": rows["value"].reindex(nodes).to_numpy(),
            "interval": [
                texts.missing
                if pd.isna(low)
                else texts("index.span", low=texts.number(low, 1), high=texts.number(high, 1))
                for low, high in spans
            ],
            "city": city.reindex(nodes).to_numpy(),
            "change": [_change(district, node, findings, texts) for node in nodes],
        }
    )


def _change(district: str, node: str, findings: Findings, texts: Texts) -> str:
    changes = findings.changes
    if changes.empty:
        return texts.missing
    rows = changes[(changes["unit_id"] == district) & (changes["node"] == node)]
    word = next(iter(rows["word"].dropna()), None)
    return texts(word) if word else texts.missing
