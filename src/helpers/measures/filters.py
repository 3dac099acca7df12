"""The filters of the method file: a small checked language over the rows of one table, never handed to Python.

    answer_type in [accepted, rejected_reasoned] and answered_on <= answer_due and answer_due in period

    filter     := all {"or" all}            all   := one {"and" one}        one := "not" one | "(" filter ")" | test
    test       := field ("=" | "!=") value
                | field ("<" | "<=" | ">" | ">=") (number | date | field | period.start | period.end)
                | field ["not"] "in" "[" value {"," value} "]" | field "in" "period"
                | field "is" ("known" | "missing" | "not_applicable")

A comparison with a missing value is neither true nor false (Kleene's strong logic), so that a gap in the data
can be told from a "no". A list field is "in" a list when any of its items is.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.config import Period, nearest
from helpers.measures.grammar import (
    Both,
    FilterError,
    Negation,
    Test,
    fields_of,
    filter_error,
    parse,
    tests_of,
)

__all__ = ["FieldInfo", "FilterError", "Truth", "check", "evaluate", "fields_of", "not_applicable", "parse"]

_ORDERED = {"<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal}
_NUMERIC, _DATED = ("integer", "decimal", "year"), ("date", "datetime")
_YES_NO = {"yes": True, "no": False}


class FieldInfo(NamedTuple):
    """What a filter may do with a field: its type in the dictionary and, for a category, its values."""

    type: str
    values: frozenset[str] = frozenset()


class Truth(NamedTuple):
    """Where a filter holds and where it does not; where neither, the data do not say."""

    true: np.ndarray
    false: np.ndarray

    @property
    def unknown(self) -> np.ndarray:
        return ~(self.true | self.false)


def check(text: str, fields: Mapping[str, FieldInfo], table: str) -> object:
    """The parsed filter; raises FilterError where it does not fit the fields of the table."""
    tree = parse(text)
    for test in tests_of(tree):
        _check_test(test, fields, table, text)
    return tree


def evaluate(tree: object, frame: pd.DataFrame, period: Period) -> Truth:
    """Where the filter holds for the rows of `frame`; arrays of len(frame)."""
    if isinstance(tree, Test):
        return _EVALUATE[tree.operator](frame, tree, period)
    if isinstance(tree, Negation):
        inner = evaluate(tree.inner, frame, period)
        return Truth(inner.false, inner.true)
    left, right = evaluate(tree.left, frame, period), evaluate(tree.right, frame, period)
    if isinstance(tree, Both):
        return Truth(left.true & right.true, left.false | right.false)
    return Truth(left.true | right.true, left.false & right.false)


def _check_test(test: Test, fields: Mapping[str, FieldInfo], table: str, text: str) -> None:
    def fail(what: str, name: str, known) -> None:
        close = nearest(name, list(known))
        remedy = f"did you mean {close!r}" if close else f"choose one of {', '.join(sorted(known)[:12])}"
        raise filter_error(text, test.position, what, remedy)

    if test.field not in fields:
        fail(f"{table} has no field {test.field!r}", test.field, fields)
    info = fields[test.field]
    if test.operator == "in" and info.values:
        wrong = next((word for word in test.operand if word not in info.values), None)
        if wrong is not None:
            fail(f"{test.field} is never {wrong!r}", wrong, info.values)
    if test.operator == "in" and info.type == "boolean" and not set(test.operand) <= set(_YES_NO):
        fail(f"{test.field} is yes or no", test.operand[0], _YES_NO)
    if test.operator == "in period" and info.type not in _DATED:
        fail(f"{test.field} is no date", test.field, [name for name in fields if fields[name].type in _DATED])
    if test.operator in _ORDERED:
        _check_order(test, fields, fail)


def _check_order(test: Test, fields: Mapping[str, FieldInfo], fail: Callable) -> None:
    kinds = _DATED if fields[test.field].type in _DATED else _NUMERIC
    alike = [name for name in fields if fields[name].type in kinds]
    if fields[test.field].type not in kinds:
        fail(f"{test.field} has no order", test.field, alike)
    if not isinstance(test.operand, tuple):
        if isinstance(test.operand, pd.Timestamp) != (kinds is _DATED):
            fail(f"{test.field} cannot be compared with {test.operand}", test.field, alike)
        return
    other = test.operand[1]
    known = [*alike, "period.start", "period.end"] if kinds is _DATED else alike
    if other not in known:
        fail(f"{test.field} cannot be compared with {other!r}", other, known)


def _in_words(frame: pd.DataFrame, test: Test, period: Period) -> Truth:
    column = frame[test.field]
    known = column.notna().to_numpy()
    if pd.api.types.is_bool_dtype(column.dtype):
        wanted = {_YES_NO[word] for word in test.operand}
        hit = column.isin(wanted).to_numpy(dtype=bool)
    elif pd.api.types.is_numeric_dtype(column.dtype):
        hit = column.isin([float(word) for word in test.operand]).to_numpy(dtype=bool)
    else:
        hit = _any_member(column, test.operand)
    return Truth(hit & known, known & ~hit)


def _any_member(column: pd.Series, words: tuple[str, ...]) -> np.ndarray:
    hit = column.isin(words).to_numpy(dtype=bool, copy=True)
    joined = column.str.contains(";", regex=False).fillna(False).to_numpy(dtype=bool)
    if joined.any():
        wanted = set(words)
        hit[joined] = [any(item.strip() in wanted for item in text.split(";")) for text in column[joined]]
    return hit


def _in_period(frame: pd.DataFrame, test: Test, period: Period) -> Truth:
    column = frame[test.field]
    hit = period.contains(column).to_numpy()
    return Truth(hit, column.notna().to_numpy() & ~hit)


def _in_order(frame: pd.DataFrame, test: Test, period: Period) -> Truth:
    left = _comparable(frame[test.field])
    right = _right_side(frame, test.operand, period)
    known = ~pd.isna(left) & ~pd.isna(right)
    with np.errstate(invalid="ignore"):
        hit = _ORDERED[test.operator](left, right) & known
    return Truth(hit, known & ~hit)


def _right_side(frame: pd.DataFrame, operand: object, period: Period) -> np.ndarray:
    if isinstance(operand, tuple):
        ends = {"period.start": period.start, "period.end": period.end}
        operand = pd.Timestamp(ends[operand[1]]) if operand[1] in ends else _comparable(frame[operand[1]])
    if isinstance(operand, np.ndarray):
        return operand
    value = np.datetime64(operand, "D") if isinstance(operand, pd.Timestamp) else operand
    return np.full(len(frame), value)


def _comparable(column: pd.Series) -> np.ndarray:
    """Dates as days, numbers as floats; missing as NaT and NaN."""
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        naive = column.dt.tz_localize(None) if isinstance(column.dtype, pd.DatetimeTZDtype) else column
        return naive.to_numpy(dtype="datetime64[D]")
    return column.to_numpy(dtype=float, na_value=np.nan)


def _in_state(frame: pd.DataFrame, test: Test, period: Period) -> Truth:
    blank = frame[test.field].isna().to_numpy()
    if test.operand == "known":
        return Truth(~blank, blank)
    refused = not_applicable(frame, test.field)
    hit = blank & (refused if test.operand == "not_applicable" else ~refused)
    return Truth(hit, ~hit)


def not_applicable(frame: pd.DataFrame, field: str) -> np.ndarray:
    """Rows that say of the field that it does not apply to them."""
    if "not_applicable" not in frame:
        return np.zeros(len(frame), dtype=bool)
    lists = ";" + frame["not_applicable"].fillna("") + ";"
    return lists.str.contains(f";{field};", regex=False).to_numpy(dtype=bool)


_EVALUATE = {"in": _in_words, "in period": _in_period, "is": _in_state, **dict.fromkeys(_ORDERED, _in_order)}
