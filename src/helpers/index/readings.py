"""The result read another way: with what organisations declare without evidence, and with what somebody contests.

The index counts documented and verified rows only; what is declared, and what is contested, is always shown beside it
(section 0, M3), so that nobody has to believe that leaving a row out makes no difference.
"""

from collections.abc import Mapping

import pandas as pd

from helpers.config import City, Method, Period
from helpers.config.method import method_with
from helpers.index.findings import Findings
from helpers.index.scoring import INDEX
from helpers.index.what_if import node_scores
from helpers.language import Texts
from helpers.measures.instances import instance_frame
from helpers.measures.places import Places

READINGS = {"published": (), "with_declared": ("declared",), "with_contested": ("contested",)}
"""States of verification that each reading counts beside those of the method."""


def readings(tables: Mapping[str, pd.DataFrame], method: Method, city: City, period: Period) -> pd.DataFrame:
    """Dimensions and index of the city by each reading: city, period, reading, instances, node, value.

    instances: how many count, whatever they are worth. value is missing where it cannot be computed or shown.
    """
    states = set(tables["instances"]["verification_status"].dropna())
    rows, known = [], {}
    for reading, more in READINGS.items():
        added = tuple(state for state in more if state in states)  # without such rows it is the published reading
        if added not in known:
            known[added] = _reading(tables, _counting(method, added), city, period)
        rows.append(known[added].assign(reading=reading))
    columns = ["city", "period", "reading", "instances", "node", "value"]
    every = pd.concat(rows, ignore_index=True).assign(city=city.id, period=str(period))
    hidden = every.groupby("node")["hidden"].transform("any")  # one reading must not tell what another hides
    return every.assign(value=every["value"].mask(hidden))[columns]


def counted(findings: Findings) -> dict[str, int]:
    """How many instances each reading counts."""
    return {name: int(count) for name, count in findings.readings.groupby("reading")["instances"].first().items()}


def readings_table(findings: Findings, texts: Texts) -> pd.DataFrame:
    """A row per reading: reading in words, instances, and a column per node."""
    wide = findings.readings.pivot(index=["reading", "instances"], columns="node", values="value").reset_index()
    ordered = wide.set_index("reading").loc[list(READINGS)].reset_index()
    words = [texts(f"monitor.reading_{name}") for name in READINGS]
    return ordered.astype({"instances": "Int64"}).assign(reading=words)


def contests(findings: Findings) -> pd.DataFrame:
    """The instances that somebody contests: label, who, since and the title of the evidence."""
    tables = findings.registry.tables
    rows = tables["instances"]
    rows = rows[(rows["verification_status"] == "contested").fillna(False).astype(bool)]
    titles = tables["evidence"].set_index("evidence_id")["title"]
    return pd.DataFrame(
        {
            "label": rows["name"],
            "who": rows["contested_by"],
            "since": rows["contested_on"],
            "ground": rows["contest_evidence_id"].map(titles).astype("str"),
        }
    ).sort_values(["since", "label"], kind="stable", ignore_index=True)


def _counting(method: Method, more: tuple[str, ...]) -> Method:
    return method_with(method, {"verification": [*method.verification, *more]}) if more else method


def _reading(tables: Mapping[str, pd.DataFrame], method: Method, city: City, period: Period) -> pd.DataFrame:
    frame = instance_frame(tables, method, period, Places.read(tables, city, period), {})
    counted = int((frame["documented"] & frame["active"] & frame["leaf"]).sum())
    scores = node_scores(tables, method, city, period)
    kept = scores[(scores["level"] == "city") & scores["node"].isin([*method.dimensions, INDEX])]
    return kept[["node", "hidden"]].assign(value=kept["score"].astype("Float64"), instances=counted)
