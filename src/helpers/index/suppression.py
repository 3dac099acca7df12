"""The one step that everything published passes: what the list of hidden figures names is blanked, and what is made
of it is withheld (C.10).

The list is made by ``hidden_figures``. A figure is on it where it rests on fewer than k persons, or splits off fewer,
because then somebody could be recognised, or where it would give another away.
"""

from dataclasses import replace

import pandas as pd

from helpers.config import Method
from helpers.index.registry_counts import PUBLISHED, REGISTRY, row_ids
from helpers.index.scoring import INDEX, USABLE, in_scored_form
from helpers.measures.counted import FIGURE
from helpers.registry import Registry

SUPPRESSED = "suppressed"
HIDDEN_PART = "index.hidden_part"
"""Why a dimension or index is withheld: something hidden is in it."""
NODE = ["level", "unit_id", "node"]

NUMBERS = [
    "value", "score", "numerator", "denominator", "n", "coverage", "reference", "lower", "upper", "ci_low", "ci_high",
    "process_low", "process_high",
]  # fmt: skip
"""Every number of an indicator row from which a count could be found."""
NODE_NUMBERS = ["value", "lower", "upper", "ci_low", "ci_high", "weight_available"]


def suppress(values: pd.DataFrame, hidden: pd.DataFrame) -> pd.DataFrame:
    """Indicator values with the hidden ones blanked; the rows stay, with their reason."""
    return _blanked(values, _reasons(values, hidden, "indicators", {"figure": "indicator"}), NUMBERS)


def suppress_counts(context: pd.DataFrame, hidden: pd.DataFrame) -> pd.DataFrame:
    """Context figures with the hidden ones blanked; their reason is in the column ``reason``."""
    reasons = _reasons(context.assign(reason=""), hidden, "context", {"figure": "context"})
    return _blanked(context.assign(reason=""), reasons, ["value", "n"])


def suppress_scores(scores: pd.DataFrame, withheld: pd.DataFrame) -> pd.DataFrame:
    """Dimensions and index with those blanked that something hidden can be found from."""
    out = pd.MultiIndex.from_frame(scores[NODE]).isin(pd.MultiIndex.from_frame(withheld[NODE]))
    out = pd.Series(out, index=scores.index) & scores["value"].notna()
    return _blanked(scores, pd.Series("", scores.index).mask(out, HIDDEN_PART), NODE_NUMBERS)


def suppress_registry(registry: Registry, hidden: pd.DataFrame) -> Registry:
    """The registry as it is published: small counts of persons blanked, ``suppressed`` naming the blanked field.

    Only the tables that publish counts of persons have that column.
    """
    tables = dict(registry.tables)
    for name, field in PUBLISHED.items():
        frame = tables[name]
        listed = hidden.loc[(hidden["period"] == REGISTRY) & (hidden["table"] == name), "unit_id"]
        blank = row_ids(name, frame).isin(listed)
        marks = pd.Series(pd.NA, index=frame.index, dtype="str").mask(blank, field)
        tables[name] = frame.assign(**{field: frame[field].mask(blank)}, suppressed=marks)
    return replace(registry, tables=tables)


def withheld(values: pd.DataFrame, hidden: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Nodes of a period that may not be shown (level, unit_id, node): hidden indicators, dimensions that one of them
    entered, since the others could be taken away from the mean, and the index above these.

    values: true ones.
    """
    rows = in_scored_form(values, method)
    rows = rows[_reasons(rows, hidden, "indicators", {"figure": "indicator"}) != ""]
    indicators = rows.rename(columns={"indicator": "node"})
    entered = rows["status"].isin(USABLE) & rows[["score", "lower", "upper"]].notna().any(axis=1)
    of = {name: one.dimension for name, one in method.indicators.items() if one.enabled and one.dimension}
    dimensions = rows[entered].assign(node=rows["indicator"].map(of)).dropna(subset=["node"])
    nodes = pd.concat([indicators[NODE], dimensions[NODE], dimensions.assign(node=INDEX)[NODE]])
    return nodes.drop_duplicates(ignore_index=True)


def without(frame: pd.DataFrame, *nodes: pd.DataFrame) -> pd.DataFrame:
    """Rows about nodes (a change, a spread, an effect) without those of nodes withheld in any of the periods."""
    if frame.empty:
        return frame
    named = pd.MultiIndex.from_frame(pd.concat(nodes)[NODE])
    return frame[~pd.MultiIndex.from_frame(frame[NODE]).isin(named)].reset_index(drop=True)


def _reasons(frame: pd.DataFrame, hidden: pd.DataFrame, table: str, names: dict[str, str]) -> pd.Series:
    """Why each row is hidden; "" where it is not."""
    rows = hidden[hidden["table"] == table]
    key = [one for one in ("period", *FIGURE[1:]) if names.get(one, one) in frame]
    listed = rows.drop_duplicates(key).set_index(key)["reason"]
    place = pd.MultiIndex.from_frame(frame[[names.get(one, one) for one in key]].astype("str"))
    return pd.Series(listed.reindex(place).fillna("").to_numpy(), index=frame.index)


def _blanked(frame: pd.DataFrame, reasons: pd.Series, numbers: list[str]) -> pd.DataFrame:
    out = reasons != ""
    shown = frame.assign(status=frame["status"].mask(out, SUPPRESSED), reason=frame["reason"].mask(out, reasons))
    numbers = [name for name in numbers if name in shown]
    shown[numbers] = shown[numbers].mask(out)
    return shown
