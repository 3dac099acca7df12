"""What was published before and what became of it: revisions of the data and errata of the method (C.11)."""

from datetime import date
from typing import Any

import pandas as pd

from helpers.index.exhibits import node_labels, vocabulary
from helpers.index.findings import PUBLICATION, Findings
from helpers.language import Texts

PAGE = "data-quality"
NOTHING = "–"
"""Stands where a value was withdrawn: it is not one that nobody collected."""


def published_on(findings: Findings, day: date) -> pd.DataFrame:
    """Index and dimensions of the city as they are published on a day, a row each (PUBLICATION)."""
    rows = findings.scores[(findings.scores["level"] == "city") & findings.scores["value"].notna()]
    return rows.assign(published_on=day.isoformat())[PUBLICATION]


def revisions(findings: Findings, texts: Texts) -> pd.DataFrame:
    """Published values that another one took the place of, oldest first.

    Columns published_on, period, name (of the index or dimension), was, now, difference, why; all text. A value that
    was published several times has a row for each time that it changed; one that was withdrawn is nothing now.
    """
    scores = findings.scores_so_far[findings.scores_so_far["level"] == "city"]
    record = _of_these_periods(findings)
    series = pd.concat([record.sort_values("published_on", kind="stable"), scores], ignore_index=True)[PUBLICATION]
    later = series.groupby(["period", "node"], sort=False).shift(-1)
    kept = series["value"].notna() & series["published_on"].notna()
    replaced = kept & ((later["value"] - series["value"]).abs().fillna(1) > 0)
    was, now = series[replaced], later[replaced]
    labels = node_labels(findings, texts)
    pairs = zip(was.to_dict("records"), now.to_dict("records"), strict=True)
    return was.assign(
        name=was["node"].map(labels),
        was=_said(was["value"], texts),
        now=_said(now["value"], texts),
        difference=_said(now["value"] - was["value"], texts),
        why=[texts.list(_reasons(*pair, findings, texts)) for pair in pairs],
    )[["published_on", "period", "name", "was", "now", "difference", "why"]].reset_index(drop=True)


def publication_days(findings: Findings) -> int:
    """On how many days values of these periods were published before, as far as it was written down."""
    return _of_these_periods(findings)["published_on"].nunique()


def _of_these_periods(findings: Findings) -> pd.DataFrame:
    record = findings.published
    return record[record["period"].isin(findings.scores_so_far["period"])]


def _said(values: pd.Series, texts: Texts) -> list[str]:
    return [NOTHING if pd.isna(value) else texts.number(value, 1) for value in values]


def _reasons(was: dict[str, Any], now: dict[str, Any], findings: Findings, texts: Texts) -> list[str]:
    """In words why a value is another: withdrawn, an erratum or a new version of the method, or more settled data."""
    if pd.isna(now["value"]):
        return [texts(f"{PAGE}.revision_withdrawn")]
    found = []
    if was["method_version"] != now["method_version"]:
        same = was["method_version"].rpartition(".")[0] == now["method_version"].rpartition(".")[0]
        versions = {"before": was["method_version"], "after": now["method_version"]}
        found.append(texts(f"{PAGE}.revision_{'erratum' if same else 'method'}", **versions))
    if was["data_status"] != now["data_status"]:
        words = vocabulary(findings, "data_status", texts)
        states = {"before": words[was["data_status"]].lower(), "after": words[now["data_status"]].lower()}
        found.append(texts(f"{PAGE}.revision_data", **states))
    return found or [texts(f"{PAGE}.revision_correction")]
