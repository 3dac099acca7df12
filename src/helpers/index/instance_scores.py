"""Dimensions of single instances, for their cards: only those for which enough indicators are published.

They are made of published indicators alone, by the rules of the method, and enter nothing else: cities and territories
are scored from their own indicators.
"""

from typing import Any

import pandas as pd

from helpers.index import exhibits
from helpers.index.findings import Findings
from helpers.index.scoring import INDEX, aggregate, grid_of, in_scored_form
from helpers.index.suppression import SUPPRESSED
from helpers.language import Texts


def instance_dimensions(findings: Findings) -> pd.DataFrame:
    """Dimensions of each instance in the period: instance_id, node, value (0 to 100), used, asked (indicators).

    A dimension that lacks too much weight, or of which an indicator is hidden, has no row.
    """
    method = findings.method
    indicators = [one for one in method.indicators.values() if one.enabled and one.dimension]
    rows = in_scored_form(findings.values[findings.values["level"] == "instance"], method)
    scores = grid_of(rows, "score", indicators)
    values, _ = aggregate(scores.to_numpy(), indicators, method)
    frames = []
    for place, node in enumerate(method.dimensions):
        own = [one.id for one in indicators if one.dimension == node]
        hidden = rows.loc[rows["indicator"].isin(own) & (rows["status"] == SUPPRESSED), "unit_id"]
        frame = pd.DataFrame({"instance_id": scores.index, "node": node, "value": values[:, place]})
        frame = frame.assign(used=scores[own].notna().sum(axis=1).to_numpy(), asked=len(own))
        frames.append(frame[frame["value"].notna() & ~frame["instance_id"].isin(hidden)])
    return pd.concat(frames, ignore_index=True)


def dimension_bars(findings: Findings, texts: Texts) -> dict[str, list[dict[str, Any]]]:
    """instance -> its dimensions in the order of the method: name, value (rounded, for the bar), said (words)."""
    labels = {node: label for node, label in exhibits.node_labels(findings, texts).items() if node != INDEX}
    bars: dict[str, list[dict[str, Any]]] = {}
    for row in instance_dimensions(findings).to_dict("records"):
        number = texts.number(row["value"], 1)
        said = texts("index.instance_dimension", number=number, used=row["used"], asked=row["asked"])
        one = {"name": labels[row["node"]], "value": round(row["value"], 1), "said": said}
        bars.setdefault(row["instance_id"], []).append(one)
    return bars
