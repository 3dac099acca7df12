"""The method in words: a card per indicator and the facts of the rules, drawn from the method files.

Nothing about an indicator is typed here or in the texts: both only lay out what ``indicators.yml`` says.
"""

from typing import Any

import pandas as pd

from helpers.config.indicator import Indicator
from helpers.index.findings import Findings
from helpers.language import Texts


def rules(findings: Findings, texts: Texts) -> dict[str, Any]:
    """Facts for the pages that explain the method."""
    method, limits = findings.method, findings.method.thresholds
    return {
        "method_version": method.version,
        "city": texts.pick(findings.city.name),
        "period": texts.period(findings.period),
        "minimum_weight": method.aggregation.min_dimension_weight,
        "minimum_coverage": limits.min_coverage,
        "floor": method.aggregation.floor,
        "draws": limits.draws,
        "confidence": limits.confidence,
        "k": limits.k,
        "k_sensitive": limits.k_sensitive,
    }


def card(indicator: Indicator, findings: Findings, texts: Texts) -> str:
    """Markdown card of an indicator: definition, formula, goalposts, minimum, the city's result, risk and sources."""
    return texts.page(
        "methodology/card",
        id=indicator.id,
        name=texts.pick(indicator.labels),
        help=texts.pick(indicator.help),
        words=texts.pick(indicator.words),
        formula=indicator.formula,
        low=with_unit(indicator.goalposts.lo, indicator.unit, texts),
        high=with_unit(indicator.goalposts.hi, indicator.unit, texts),
        why=texts.pick(indicator.goalposts.why),
        minimum=_minimum(indicator, texts),
        period=texts.period(findings.period),
        result=result(indicator, findings.values, texts),
        risk=texts.pick(indicator.gaming.risk),
        guard=texts.pick(indicator.gaming.guard),
        sources=indicator.sources,
        record=indicator.decided.record,
    )


def with_unit(value: float, unit: str, texts: Texts) -> str:
    """A value with its unit: percent, points or days."""
    digits = 0 if float(value).is_integer() else 1
    return texts(f"index.unit_{unit}", number=texts.number(value, digits), value=value)


def result(indicator: Indicator, values: pd.DataFrame, texts: Texts) -> str:
    """The city's value and score in a sentence, or why there is none."""
    rows = values[
        (values["indicator"] == indicator.id) & (values["level"] == "city") & (values["form"] == indicator.form)
    ]
    if rows.empty:
        return texts("index.result_none", why=texts("index.status_not_collected"))
    row = rows.iloc[0]
    if pd.isna(row["value"]):
        return texts("index.result_none", why=texts(f"index.status_{row['status']}"))
    if pd.isna(row["score"]):
        value = with_unit(row["value"], indicator.unit, texts)
        return texts("index.result_unscored", value=value, n=texts.number(row["n"]), why=texts(row["reason"]))
    return texts(
        "index.result",
        value=with_unit(row["value"], indicator.unit, texts),
        score=texts.number(row["score"], 1),
        n=texts.number(row["n"]),
        precision=texts("index.low_precision") if row["status"] == "low_precision" else "",
    )


def _minimum(indicator: Indicator, texts: Texts) -> str:
    """The number of units from which each level is scored, as a list in words."""
    parts = [
        texts("index.minimum_level", level=texts(f"index.level_{level}"), number=texts.number(number))
        for level, number in indicator.min_n.items()
    ]
    return f"{texts.list(parts)} ({texts(f'index.counted_{indicator.units}')})." if parts else ""
