"""Every alternative of the method file taken alone: what dimensions and index of the city would be (C.9, M3)."""

import numpy as np
import pandas as pd

from helpers.config import Method
from helpers.index.choices import Choice
from helpers.index.findings import Findings
from helpers.index.remeasure import Remeasuring
from helpers.index.scoring import INDEX, aggregate
from helpers.language import Texts

COLUMNS = ["level", "unit_id", "node", "choice", "alternative", "value", "difference"]


def alternatives(bench: Remeasuring, choices: list[Choice]) -> pd.DataFrame:
    """One row per choice, alternative (its place in the method file, from 1) and node of the city: COLUMNS.

    ``difference``: to the value that the method gives. Missing where a node cannot be computed.
    """
    frames = []
    for choice in choices:
        as_it_is, *others = [_city_nodes(bench, option.method) for option in choice.options]
        for number, nodes in enumerate(others, start=1):
            known = {"choice": choice.name, "alternative": number, "value": nodes, "difference": nodes - as_it_is}
            frames.append(nodes.to_frame("node").assign(node=nodes.index, **known))
    level, unit = bench.units[0]
    frame = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=COLUMNS)
    return frame.assign(level=level, unit_id=unit)[COLUMNS]


def _city_nodes(bench: Remeasuring, method: Method) -> pd.Series:
    scored = [one for one in method.indicators.values() if one.enabled and one.dimension]
    nodes, _ = aggregate(bench.scores(method, scored)[:1], scored, method)
    return pd.Series(nodes[0], index=[*method.dimensions, INDEX], dtype=float)


def alternatives_table(findings: Findings, texts: Texts) -> pd.DataFrame:
    """The alternatives for reading: choice, alternative, index (or each dimension where there is no index) and how far
    it moves, the largest first."""
    rows = findings.alternatives
    node = INDEX if len(rows) and rows.loc[rows["node"] == INDEX, "value"].notna().any() else None
    shown = rows[(rows["node"] == node) if node else rows["difference"].abs() > 0] if len(rows) else rows
    known = findings.method.assumptions
    labels = {key: texts.pick(one.labels) for key, one in findings.method.dimensions.items()} | {
        INDEX: texts("index.index")
    }
    out = [
        (
            texts.pick(known[row.choice].labels),
            texts.pick(known[row.choice].alternatives[int(row.alternative) - 1].labels),
            labels[row.node],
            row.value,
            row.difference,
        )
        for row in shown.itertuples(index=False)
        if row.choice in known
    ]
    frame = pd.DataFrame(out, columns=["choice", "alternative", "node", "with_it", "difference"])
    order = np.argsort(-frame["difference"].astype(float).abs().fillna(-1).to_numpy(), kind="stable")
    return frame.iloc[order].reset_index(drop=True)
