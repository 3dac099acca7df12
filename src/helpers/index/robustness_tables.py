"""Tables of a robustness run, of changes and of effects as a report shows them: labelled, and sorted for reading."""

from collections.abc import Mapping

import pandas as pd

from helpers.config import Method
from helpers.index.scoring import INDEX
from helpers.language import Texts


def spread_table(nodes: pd.DataFrame, labels: Mapping[str, str], texts: Texts) -> pd.DataFrame:
    """Dimensions and index of the city: name, value, median, interval (5 to 95 %) and agreement (%) as text."""
    rows = _city(nodes, labels)
    return pd.DataFrame(
        {
            "name": rows["node"].map(labels),
            "value": rows["value"],
            "median": rows["median"],
            "interval": [_span(low, high, texts) for low, high in zip(rows["p05"], rows["p95"], strict=True)],
            "same_sign": (rows["same_sign"].astype("Float64") * 100).round(),
        }
    ).reset_index(drop=True)


def effects_table(effects: pd.DataFrame, method: Method, texts: Texts, node: str = INDEX) -> pd.DataFrame:
    """Choices by what they do to a node of the city: name, first-order and total effect in percent, largest first.

    An estimate below 0 is noise and shown as 0. No rows where the node does not vary.
    """
    rows = effects[(effects["level"] == "city") & (effects["node"] == node) & effects["first"].notna()]
    rows = rows.sort_values(["first", "choice"], ascending=[False, True])
    shares = {name: (rows[name].astype("Float64").clip(0, 1) * 100).round(1) for name in ("first", "total")}
    names = [choice_label(choice, method, texts) for choice in rows["choice"]]
    return pd.DataFrame({"name": names, **shares}).reset_index(drop=True)


def changes_table(changes: pd.DataFrame, labels: Mapping[str, str], texts: Texts) -> pd.DataFrame:
    """Nodes of the city: name, before, after, difference, interval, agreement (%) and the word for the change."""
    rows = _city(changes, labels)
    return pd.DataFrame(
        {
            "name": rows["node"].map(labels),
            "before": rows["before"],
            "after": rows["after"],
            "difference": rows["difference"],
            "interval": [_span(low, high, texts) for low, high in zip(rows["low"], rows["high"], strict=True)],
            "same_sign": (rows["same_sign"].astype("Float64") * 100).round(),
            "word": [texts(key) for key in rows["word"]],
        }
    ).reset_index(drop=True)


def choice_label(choice: str, method: Method, texts: Texts) -> str:
    """What an uncertain choice is called."""
    if choice in method.assumptions:
        return texts.pick(method.assumptions[choice].labels)
    return texts(f"robustness.choice_{choice}")


def _city(frame: pd.DataFrame, labels: Mapping[str, str]) -> pd.DataFrame:
    rows = frame[(frame["level"] == "city") & frame["node"].isin(list(labels))]
    order = {node: number for number, node in enumerate(labels)}
    return rows.sort_values("node", key=lambda nodes: nodes.map(order))


def _span(low: float, high: float, texts: Texts) -> str:
    if pd.isna(low) or pd.isna(high):
        return texts.missing
    return texts("index.span", low=texts.number(low, 1), high=texts.number(high, 1))
