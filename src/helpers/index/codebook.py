"""The method in words: a card per indicator and context figure, drawn from the method files.

Nothing about an indicator is typed here or in the texts: both only lay out what the files of the version say.
"""

import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

from helpers.config.indicator import ContextFigure, Indicator, Quantity
from helpers.index.exhibits import context_unit
from helpers.index.findings import Findings
from helpers.language import Texts


def rules(findings: Findings, texts: Texts) -> dict[str, Any]:
    """Facts for the pages that explain the method."""
    method, limits = findings.method, findings.method.thresholds
    return {
        "method_version": method.version,
        "why": texts.pick(method.why) if method.why else "",
        "city": texts.pick(findings.city.name),
        "period": texts.period(findings.period),
        "minimum_weight": method.aggregation.min_dimension_weight,
        "minimum_coverage": limits.min_coverage,
        "floor": method.aggregation.floor,
        "draws": limits.draws,
        "confidence": limits.confidence,
        "k": limits.k,
        "k_sensitive": limits.k_sensitive,
        "min_mean_n": limits.min_mean_n,
    }


def card(indicator: Indicator, findings: Findings, texts: Texts, tables: Sequence[str]) -> str:
    """Markdown card of an indicator, from its definition to its history; ``tables`` are those of its worked example."""
    posts = {name: with_unit(getattr(indicator.goalposts, name), indicator.unit, texts) for name in ("lo", "hi")}
    low, high = (posts["lo"], posts["hi"])[:: indicator.direction]
    return texts.page(
        "methodology/card",
        id=indicator.id,
        name=texts.pick(indicator.labels),
        help=texts.pick(indicator.help),
        words=texts.pick(indicator.words),
        formula=indicator.formula,
        low=low,
        high=high,
        why=texts.pick(indicator.goalposts.why),
        minimum=_minimum(indicator, texts),
        period=texts.period(findings.period),
        result=result(indicator, findings.values, texts),
        risk=texts.pick(indicator.gaming.risk),
        guard=texts.pick(indicator.gaming.guard),
        sources=indicator.sources,
        record=indicator.decided.record,
        decided=decided(indicator, texts),
        example=_example(indicator.id, findings, texts, tables, indicator.unit),
        history=history_of(indicator.id, findings, texts),
    )


def context_card(figure: ContextFigure, findings: Findings, texts: Texts, tables: Sequence[str]) -> str:
    """Markdown card of a context figure: what it counts, formula, worked example, sources and history."""
    return texts.page(
        "methodology/context_card",
        id=figure.id,
        name=texts.pick(figure.labels),
        help=texts.pick(figure.help),
        quantities=[_quantity(key, one, figure, findings, texts) for key, one in figure.figures.items()],
        sources=figure.sources,
        example=_example(figure.id, findings, texts, tables),
        history=history_of(figure.id, findings, texts),
    )


def example_tables(name: str, findings: Findings, texts: Texts) -> list[tuple[str, pd.DataFrame]]:
    """Tables of the worked example of an indicator or context figure: title and rows, headings and values in words.

    A table that only names its instances is left out: the others name them too.
    """
    example = findings.method.examples.get(name)
    tables = [one for one in example.tables.items() if "|" in one[1]] if example else []
    return [
        (texts.pick(findings.dictionary.table(key).labels), _in_words(key, text, findings, texts))
        for key, text in tables
    ]


def _in_words(table: str, text: str, findings: Findings, texts: Texts) -> pd.DataFrame:
    names, *rows = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    fields = findings.dictionary.table(table).fields
    heads = [texts.pick(fields[name].labels) if name in fields else texts("methodology.rows_alike") for name in names]
    words = [
        findings.dictionary.vocabularies.get(fields[name].vocabulary or "", {}) if name in fields else {}
        for name in names
    ]
    kinds = [fields[name].type if name in fields else "integer" for name in names]
    body = [
        [_cell(cell, kind, known, texts) for cell, kind, known in zip(row, kinds, words, strict=True)] for row in rows
    ]
    return pd.DataFrame(body, columns=heads)


def _cell(cell: str, kind: str, words: dict, texts: Texts) -> str:
    if cell == "-":
        return texts.missing
    if kind == "boolean":
        return texts(f"figures.{cell}")
    if kind == "datetime":
        return cell[:16].replace("T", " ")
    if kind in ("integer", "decimal"):
        return cell if "." in cell else texts.number(cell)
    return ", ".join(texts.pick(words[one]) if one in words else one for one in cell.split(";"))


def _example(name: str, findings: Findings, texts: Texts, tables: Sequence[str], unit: str = "") -> dict | None:
    """What a card says of the worked example; None where the method gives none."""
    example = findings.method.examples.get(name)
    if example is None:
        return None
    score = example.value if example.score is None else example.score
    return {
        "words": texts.pick(example.words),
        "tables": "\n\n".join(tables),
        "arithmetic": reckoned(example.arithmetic, texts),
        "value": with_unit(example.value, unit, texts) if unit else _plain(example.value, texts),
        "score": texts.number(score, 1) if unit else "",
    }


def reckoned(arithmetic: str, texts: Texts) -> str:
    """Arithmetic in the signs and separators of the language."""
    listed = arithmetic.replace(", ", "; ")
    local = re.sub(r"\d+(?:\.\d+)?", lambda found: _number(found[0], texts), listed)
    return local.replace("*", "×").replace("sqrt", "√")


def _number(text: str, texts: Texts) -> str:
    return texts.number(text, len(text.partition(".")[2]))


def _plain(value: float, texts: Texts) -> str:
    return texts.number(value, 0 if float(value).is_integer() else 1)


def history_of(name: str, findings: Findings, texts: Texts) -> list[str]:
    """What each version changed of an indicator or context figure, newest first."""
    entries = [one for one in findings.method.history if not one.indicators or name in one.indicators]
    return [texts("methodology.changed", version=one.version, what=texts.pick(one.what)) for one in entries]


def decided(indicator: Indicator, texts: Texts) -> str:
    """Who decided on an indicator and when, or that nobody has yet."""
    record = indicator.decided
    if not record.date:
        return texts("methodology.not_decided")
    return texts("methodology.decided", day=texts.date(record.date), body=record.body or texts.missing)


def _quantity(key: str, quantity: Quantity, figure: ContextFigure, findings: Findings, texts: Texts) -> dict[str, str]:
    dictionary = findings.dictionary
    field = dictionary.table(quantity.table).fields.get(quantity.by or "")
    return {
        "key": key.replace("_", "-"),
        "name": texts.pick(quantity.labels or figure.labels),
        "unit": context_unit(quantity.unit, findings, texts),
        "where": quantity.where or "",
        "by": texts.pick(field.labels) if field else "",
        "words": _said(quantity, findings, texts),
        "formula": _symbols(quantity, findings, texts),
    }


def _said(quantity: Quantity, findings: Findings, texts: Texts) -> str:
    """The formula of a quantity in words."""
    over = {"over": _what(quantity.over, findings, texts)} if quantity.over else {}
    per = {"per": _plain(quantity.per, texts)} if quantity.measure in ("ratio", "coverage") else {}
    return texts(f"methodology.words_{quantity.measure}", what=_what(quantity, findings, texts), **over, **per)


def _symbols(quantity: Quantity, findings: Findings, texts: Texts) -> str:
    """The formula of a quantity in LaTeX, with the labels of its fields."""
    what = rf"\text{{{_what(quantity, findings, texts)}}}"
    if quantity.measure == "ratio":
        per = "" if quantity.per == 1 else rf"{quantity.per:g}\,"
        return rf"{per}\frac{{\sum {what}}}{{\sum \text{{{_what(quantity.over, findings, texts)}}}}}"
    if quantity.measure == "coverage":
        return rf"100\,\frac{{\sum_t N_t\,[\#\{{{what}\}}_t\ge N_t/{quantity.per:g}]}}{{\sum_t N_t}}"
    return {"count": rf"\#\{{{what}\}}", "sum": rf"\sum {what}", "median": rf"\operatorname{{median}}\ {what}"}[
        quantity.measure
    ]


def _what(quantity: Quantity, findings: Findings, texts: Texts) -> str:
    """Label of the field that is summed, or of the rows that are counted."""
    if quantity.table == "city":
        return texts("methodology.municipal_budget")
    table = findings.dictionary.table(quantity.table)
    field = table.fields.get(quantity.field or "")
    if field is None and quantity.field:
        return texts("methodology.days_to_answer")
    return texts.pick(field.labels if field else table.labels)


def with_unit(value: float, unit: str, texts: Texts) -> str:
    """A value with its unit: percent, points, days or years."""
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
