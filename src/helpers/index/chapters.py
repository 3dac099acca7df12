"""Tables of the methodology's chapters, in the order of the handbook on composite indicators (OECD/JRC 2008)."""

import numpy as np
import pandas as pd

from helpers.index.codebook import decided, with_unit
from helpers.index.findings import Findings
from helpers.index.scoring import USABLE, aggregate, in_scored_form
from helpers.language import Texts


def framework(findings: Findings, texts: Texts) -> pd.DataFrame:
    """Dimensions: name, definition, weight (share of the index in %), indicators."""
    method = findings.method
    rows = [
        (
            texts.pick(one.labels),
            texts.pick(one.help),
            100 * one.weight,
            ", ".join(i.id for i in method.of_dimension(key)),
        )
        for key, one in method.dimensions.items()
    ]
    return pd.DataFrame(rows, columns=["name", "definition", "weight", "indicators"])


def goalposts(findings: Findings, texts: Texts) -> pd.DataFrame:
    """Values that score 0 and 100 of every indicator in the index: id, zero, full, why."""
    scored = [one for one in findings.method.indicators.values() if one.enabled and one.dimension]
    rows = []
    for one in scored:
        ends = (with_unit(value, one.unit, texts) for value in (one.goalposts.lo, one.goalposts.hi)[:: one.direction])
        rows.append((one.id, *ends, texts.pick(one.goalposts.why)))
    return pd.DataFrame(rows, columns=["id", "zero", "full", "why"])


def gains(findings: Findings, texts: Texts) -> pd.DataFrame:
    """What each indicator of the city would add at full score, largest first: id, name, score, in_dimension, in_index.

    All else unchanged; points of the dimension and of the index, missing where there is no index.
    """
    method = findings.method
    scored = [one for one in method.indicators.values() if one.enabled and one.dimension]
    now = _city_scores(findings).reindex([one.id for one in scored]).to_numpy(dtype=float)
    present = np.flatnonzero(~np.isnan(now))
    changed = np.tile(now, (len(present), 1))
    changed[np.arange(len(present)), present] = 100.0
    more = aggregate(changed, scored, method)[0] - aggregate(now[None, :], scored, method)[0]
    place = {name: number for number, name in enumerate(method.dimensions)}
    rows = [
        (one.id, texts.pick(one.labels), now[k], more[row, place[one.dimension]], more[row, -1])
        for row, k in enumerate(present)
        for one in [scored[k]]
    ]
    frame = pd.DataFrame(rows, columns=["id", "name", "score", "in_dimension", "in_index"])
    return frame.sort_values("in_dimension", ascending=False, kind="stable", ignore_index=True)


def _city_scores(findings: Findings) -> pd.Series:
    """Score of the city by indicator, where it enters a dimension."""
    values = in_scored_form(findings.values[findings.values["level"] == "city"], findings.method)
    usable = values[values["status"].isin(USABLE)]
    return usable.set_index("indicator")["score"].astype("Float64").dropna()


def bands(findings: Findings, texts: Texts) -> pd.DataFrame:
    """Words for scores: name, low, high; half-open but the last."""
    rows = [[texts.pick(one.labels), texts.number(one.lo), texts.number(one.hi)] for one in findings.method.bands]
    rows[-1][-1] = texts("methodology.included", number=rows[-1][-1])
    return pd.DataFrame(rows, columns=["name", "low", "high"])


def decisions(findings: Findings, texts: Texts) -> pd.DataFrame:
    """Records of decision: record (heading in decisions.md), indicators, decided (by whom and when, or not yet)."""
    rows = [(one.decided.record, one.id, decided(one, texts)) for one in findings.method.indicators.values()]
    frame = pd.DataFrame(rows, columns=["record", "indicators", "decided"])
    return frame.groupby(["record", "decided"], sort=False, as_index=False)["indicators"].agg(", ".join)


def history(findings: Findings, texts: Texts) -> pd.DataFrame:
    """Versions of the method, newest first: version, what, indicators."""
    rows = [
        (one.version, texts.pick(one.what), ", ".join(one.indicators) or texts("methodology.all_indicators"))
        for one in findings.method.history
    ]
    return pd.DataFrame(rows, columns=["version", "what", "indicators"])
