"""How far two coders who checked the same item of the same instance agree (R2: two coders are two rows)."""

import re

import numpy as np
import pandas as pd

from helpers.config import Period
from helpers.config.indicator import Indicator
from helpers.index.findings import Findings
from helpers.language import Texts

ANSWERS = ("yes", "partly", "no")
COLUMNS = ["id", "name", "pairs", "alike", "kappa"]


def agreement(findings: Findings, texts: Texts) -> pd.DataFrame:
    """One row per indicator of which items were checked twice in the period: COLUMNS.

    ``pairs`` is the number of such items, ``alike`` the share in % with the same answer, ``kappa`` what is left of it
    once chance is taken off (Cohen 1960), a dash where every answer is the same.
    """
    pairs = twice_coded(findings.registry.tables["checks"], findings.period)
    rows = []
    for one in findings.method.indicators.values():
        own = pairs[pairs["item"].isin(items_of(one))]
        if len(own):
            kappa = cohen_kappa(own["one"], own["other"])
            said = texts.missing if np.isnan(kappa) else texts.number(kappa, 2)
            alike = 100 * (own["one"] == own["other"]).mean()
            rows.append((one.id, texts.pick(one.labels), len(own), alike, said))
    return pd.DataFrame(rows, columns=COLUMNS)


def twice_coded(checks: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Items with an answer of two coders inside the period: instance_id, period, item, one, other."""
    key = ["instance_id", "period", "item"]
    labels = {label for label in checks["period"].dropna().unique() if period.includes(Period.parse(label))}
    rows = checks[checks["period"].isin(labels) & checks["answer"].isin(ANSWERS) & checks["coder"].notna()]
    rows = rows.sort_values([*key, "coder"]).drop_duplicates([*key, "coder"])
    groups = rows.groupby(key, sort=True)["answer"]
    ends = groups.agg(one="first", other="last", coders="size")
    return ends[ends["coders"] > 1].drop(columns="coders").reset_index()


def items_of(indicator: Indicator) -> set[str]:
    """Items of the checks that an indicator reads."""
    rows = [one for _, part in indicator.legs for one in part.rows]
    fields = {field for one in rows for item in one.items.values() for field in (item.field, *item.fields) if field}
    return {re.sub(r"^check_|_in_time$|_fresh$", "", field) for field in fields if field.startswith("check_")}


def cohen_kappa(one: pd.Series, other: pd.Series) -> float:
    """Agreement of two coders beyond chance, (p - e) / (1 - e); NaN where chance alone would agree on everything."""
    shares = [coder.value_counts(normalize=True).reindex(ANSWERS, fill_value=0.0) for coder in (one, other)]
    by_chance = float((shares[0] * shares[1]).sum())
    alike = float((one == other).mean())
    return (alike - by_chance) / (1 - by_chance) if by_chance < 1 else np.nan
