"""Words and numbers on charts: values with their intervals, bounds, states of a cell, short names of periods."""

from collections.abc import Mapping

import pandas as pd

from helpers.config import Period
from helpers.language import Texts

WITHHELD = ("suppressed", "not_collected", "not_applicable")
"""Statuses that have no value to show."""
MEASURES = ["value", "lower", "upper", "ci_low", "ci_high"]


def as_floats(frame: pd.DataFrame, columns: list[str] | None = None) -> pd.DataFrame:
    """The frame with its measure columns as float64, absent ones added as missing, withheld ones blanked.

    A withheld row keeps no number, so that nothing suppressed reaches a picture, its table or its alt text.
    """
    columns = columns or MEASURES
    out = frame.copy()
    for name in columns:
        out[name] = pd.to_numeric(out[name], errors="coerce").astype("float64") if name in out else float("nan")
    if "status" not in out:
        out["status"] = "ok"
    out["status"] = out["status"].astype("object").where(out["status"].notna(), "not_collected").astype("str")
    out.loc[out["status"].isin(WITHHELD), columns] = float("nan")
    out.loc[out[columns[0]].isna() & ~out["status"].isin(WITHHELD), "status"] = "not_collected"
    return out


def whole_numbers(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """The columns as Int64 where every value is whole, so that 66718.0 is published as 66718."""
    out = frame.copy()
    for name in columns:
        if (out[name].dropna() % 1 == 0).all():
            out[name] = out[name].astype("Int64")
    return out


def status_word(status: str, texts: Texts) -> str:
    """The words of a status, such as not collected."""
    return texts(f"figures.status_{status}")


def reason_of(row: Mapping, texts: Texts) -> str:
    """The reason that a row gives for having no value, or nothing where it gives none that has a text."""
    reason = row.get("reason")
    return texts(reason) if isinstance(reason, str) and texts.has(reason) else ""


def reason_words(row: Mapping, texts: Texts) -> str:
    """Status, and its reason where there is one."""
    word, reason = status_word(row["status"], texts), reason_of(row, texts)
    return texts("figures.status_with_reason", status=word, reason=reason) if reason else word


def interval_of(row: Mapping) -> tuple[float, float] | None:
    """The sampling interval of a row, else the bounds from missing cells, else None."""
    for low, high in (("ci_low", "ci_high"), ("lower", "upper")):
        if pd.notna(row[low]) and pd.notna(row[high]):
            return float(row[low]), float(row[high])
    return None


def value_with_interval(row: Mapping, texts: Texts, digits: int = 1) -> str:
    """A value with its interval in brackets where it has one."""
    value = texts.number(row["value"], digits)
    limits = interval_of(row)
    if limits is None:
        return value
    low, high = (texts.number(limit, digits) for limit in limits)
    return texts("figures.value_interval", value=value, low=low, high=high)


def said_value(row: Mapping, texts: Texts, digits: int = 1) -> str:
    """A value and its interval in words for an alt text, or why there is none."""
    if row["status"] in WITHHELD or pd.isna(row["value"]):
        return reason_words(row, texts)
    limits = interval_of(row)
    value = texts.number(row["value"], digits)
    if limits is None:
        return value
    low, high = (texts.number(limit, digits) for limit in limits)
    return texts("figures.said_interval", value=value, low=low, high=high)


def size_words(row: Mapping, texts: Texts) -> list[str]:
    """How much a value rests on: its n where the frame gives it, and the share of weight available."""
    parts = []
    if pd.notna(row.get("n")):
        parts.append(texts("figures.n", n=texts.number(row["n"])))
    if pd.notna(row.get("weight_available")):
        parts.append(texts("figures.weight_available", share=texts.percent(row["weight_available"])))
    return parts


def bounded(value: float, bound: object, texts: Texts, digits: int = 0) -> str:
    """A count with the sign of its bound: at least, at most, about, or none."""
    number = texts.number(value, digits)
    return texts(f"figures.sign_{bound}", value=number) if bound in ("lower", "upper", "approx") else number


def said_bounded(value: float, bound: object, texts: Texts) -> str:
    """A count with its bound in words."""
    number = texts.number(value)
    return texts(f"figures.said_{bound}", value=number) if bound in ("lower", "upper", "approx") else number


def short_period(period: Period, texts: Texts) -> str:
    """A period short enough for an axis."""
    if period.kind == "year":
        return period.label
    number = period.start.month if period.kind == "month" else texts.half_or_quarter(period)
    return texts(f"figures.short_{period.kind}", number=number, year=period.start.year)


def label_of(labels: Mapping[str, str], key: str) -> str:
    """The label of a key; the key itself where there is none."""
    return labels.get(key, key)
