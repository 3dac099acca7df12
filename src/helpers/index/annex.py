"""What is computed and stands beside the index: companion figures, optional indicators, a city's own items."""

import pandas as pd

from helpers.index.codebook import with_unit
from helpers.index.findings import Findings
from helpers.language import Texts

COLUMNS = ["id", "name", "amount", "interval", "n", "note"]


def annex(findings: Findings, texts: Texts) -> pd.DataFrame:
    """Indicators that are switched off or belong to no dimension, for the city: COLUMNS, the numbers as text but n.

    ``interval`` is that of the score, from 0 to 100; ``note`` says why there is no value, or what to bear in mind.
    """
    city = findings.values[findings.values["level"] == "city"].set_index(["indicator", "form"])
    beside = [one for one in findings.method.indicators.values() if not (one.enabled and one.dimension)]
    rows = []
    for one in beside:
        row = city.loc[(one.id, one.form)] if (one.id, one.form) in city.index else None
        known = row is not None and pd.notna(row["value"])
        amount = with_unit(row["value"], one.unit, texts) if known else texts.missing
        n = round(row["n"]) if known else pd.NA
        rows.append([one.id, texts.pick(one.labels), amount, _interval(row, texts), n, _note(row, texts)])
    return pd.DataFrame(rows, columns=COLUMNS).astype({"n": "Int64"})


def _interval(row: pd.Series | None, texts: Texts) -> str:
    for name in ("ci", "process"):
        if row is not None and pd.notna(row[f"{name}_low"]):
            ends = (texts.number(row[f"{name}_{end}"], 1) for end in ("low", "high"))
            return texts("index.span", **dict(zip(("low", "high"), ends, strict=True)))
    return texts.missing


def _note(row: pd.Series | None, texts: Texts) -> str:
    if row is None:
        return texts("index.status_not_collected")
    reason = row["reason"]
    return texts(reason) if isinstance(reason, str) and texts.has(reason) else texts(f"index.status_{row['status']}")
