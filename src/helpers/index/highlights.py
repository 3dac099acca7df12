"""What stands out: what changed, what is clearly strong or weak, and where most could be gained; chosen by rule.

An indicator is named only where its interval allows it: a value whose interval crosses the line is neither strong nor
weak. The rules are those of the bands of the method, so nothing here is anybody's taste.
"""

from typing import Any

import pandas as pd

from helpers.config import Method
from helpers.index.changes import DOWN, NONE, UP
from helpers.index.findings import Findings
from helpers.index.scoring import INDEX, USABLE
from helpers.language import Texts

NAMED = 3
"""How many indicators are named at most in each list."""

CONSOLIDATED = 2
"""Which band begins at the line between weak and strong: the third one."""


def highlights(findings: Findings, texts: Texts) -> dict[str, Any]:
    """Facts for the prose on what stands out in the city."""
    rows = scored_indicators(findings.values, findings.method)
    line = findings.method.bands[CONSOLIDATED].lo
    strong, weak = rows[rows["low"] >= line], rows[rows["high"] < line]
    gains = potential(rows, findings.method)
    names = {key: texts.pick(one.labels) for key, one in findings.method.indicators.items()}
    dimensions = {key: texts.pick(one.labels) for key, one in findings.method.dimensions.items()}
    return {
        "full": findings.method.bands[-1].hi,
        "confidence": findings.method.thresholds.confidence,
        "line": line,
        "named": NAMED,
        "strengths": _named(strong.sort_values("score", ascending=False, kind="stable"), names),
        "weaknesses": _named(weak.sort_values("score", kind="stable"), names),
        "potential": [
            {**one, "dimension": dimensions[one["dimension"]]}
            for one in _named(gains.sort_values("gain", ascending=False, kind="stable"), names)
        ],
        "scored": len(rows),
        "undecided": len(rows) - len(strong) - len(weak),
        **_changed(findings.changes, {INDEX: texts("index.index"), **dimensions}, names, texts),
    }


def scored_indicators(values: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Scored indicators of the city in their published form: id, dimension, weight, score, low, high.

    The interval is that of the sampling, else of the process; it is missing where neither was drawn, and where every
    draw gave the same (a single family of instances), since that says nothing about how sure the value is.
    """
    rows = values[(values["level"] == "city") & values["status"].isin(USABLE) & values["score"].notna()]
    known = {key: one for key, one in method.indicators.items() if one.enabled and one.dimension}
    forms = rows["indicator"].map({key: one.form for key, one in known.items()})
    rows = rows[rows["form"] == forms]
    low, high = (rows[f"ci_{end}"].fillna(rows[f"process_{end}"]) for end in ("low", "high"))
    wide = (low < high).fillna(False)
    return pd.DataFrame(
        {
            "id": rows["indicator"],
            "dimension": [known[name].dimension for name in rows["indicator"]],
            "weight": [known[name].weight for name in rows["indicator"]],
            "score": rows["score"],
            "low": low.where(wide),
            "high": high.where(wide),
        }
    ).reset_index(drop=True)


def potential(rows: pd.DataFrame, method: Method) -> pd.DataFrame:
    """The indicators whose interval lies below the next band: with its edge, and what their dimension would gain.

    The gain is that of a weighted mean, in points of the dimension, if this score alone rose to the edge.
    """
    edges = [band.lo for band in method.bands]
    edge = pd.Series([next((one for one in edges if one > score), None) for score in rows["score"]], dtype="Float64")
    share = rows["weight"] / rows.groupby("dimension")["weight"].transform("sum")
    gains = rows.assign(edge=edge, gain=share * (edge - rows["score"]))
    return gains[(gains["high"] < gains["edge"]).fillna(False)]


def _named(rows: pd.DataFrame, names: dict[str, str]) -> list[dict[str, Any]]:
    return [{**row, "name": names[row["id"]]} for row in rows.head(NAMED).to_dict("records")]


def _changed(changes: pd.DataFrame, nodes: dict[str, str], indicators: dict[str, str], texts: Texts) -> dict[str, Any]:
    """Which dimensions and indicators of the city went up or down, and how many did not change detectably."""
    city = changes[changes["level"] == "city"] if len(changes) else pd.DataFrame(columns=["node", "word"])
    found = {"compared": int(city["word"].isin([UP, DOWN, NONE]).sum())}
    for name, word in {"up": UP, "down": DOWN}.items():
        rows = city[city["word"] == word].to_dict("records")
        found[f"nodes_{name}"] = [{**row, "name": nodes[row["node"]]} for row in rows if row["node"] in nodes]
        found[f"indicators_{name}"] = [indicators[row["node"]] for row in rows if row["node"] in indicators]
    found["unchanged"] = int((city["word"] == NONE).sum())
    word = next(iter(city.loc[(city["node"] == INDEX) & city["word"].isin([UP, DOWN]), "word"]), None)
    found["index_word"] = texts(word) if word else None
    return found
