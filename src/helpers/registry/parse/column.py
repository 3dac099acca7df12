"""One column of text to typed values: parsed once per distinct text, spread over the rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
from pandas.api.extensions import take

from helpers.config import Dictionary, Field
from helpers.registry.folding import fold
from helpers.registry.parse import categories, readings
from helpers.registry.states import missing_kinds

DTYPES = {
    "integer": "Int64",
    "year": "Int64",
    "decimal": "Float64",
    "boolean": "boolean",
    "date": "datetime64[s]",
    "datetime": "datetime64[s, UTC]",
}
"""Type of the clean column; every other field type is text."""


@dataclass(frozen=True)
class Context:
    """What a column cannot say about itself."""

    dictionary: Dictionary
    language: str | None = None
    decimal: str | None = None
    month_first: bool = False
    time_zone: str = "UTC"
    territories: Mapping[str, str | None] | None = None
    """Folded name of each territory -> its id (None where several share the name); None while they are being read."""


@dataclass(frozen=True)
class Parsed:
    """The distinct texts of a column with what each was read as.

    ``readings`` has one row per distinct text: raw, value (typed), clean (as text), problem (a code), bound,
    precision, and note (a code for what was read but deserves a look). ``codes`` gives each row's reading, -1 where
    the cell is empty or says that there is no value; ``not_applicable`` marks the rows that can have none.
    """

    readings: pd.DataFrame
    codes: np.ndarray
    not_applicable: np.ndarray

    def column(self, name: str, index: pd.Index) -> pd.Series:
        """A column of the readings spread over the rows."""
        return self.spread(self.readings[name], index)

    def spread(self, values: pd.Series, index: pd.Index) -> pd.Series:
        """What is known of each reading, given to the rows that have it."""
        return pd.Series(take(values.array, self.codes, allow_fill=True), index)


def dtype_of(field: Field) -> str:
    """The pandas dtype of a field's clean column."""
    return DTYPES.get(field.type, "str")


def parse_column(cells: pd.Series, field: Field, context: Context) -> Parsed:
    """The readings of a column's cells; both kinds of missing are told from values first."""
    codes, distinct = pd.factorize(cells)
    distinct = pd.Series(distinct, dtype="str")
    kinds = missing_kinds(distinct, _own_words(field, context))
    place = np.where(kinds.isna(), kinds.isna().cumsum() - 1, -1)
    not_applicable = (kinds == "not_applicable").to_numpy(dtype=bool)
    readings = _readings(distinct[kinds.isna()].reset_index(drop=True), field, context)
    return Parsed(readings, np.append(place, -1)[codes], np.append(not_applicable, False)[codes])


def _own_words(field: Field, context: Context) -> frozenset[str]:
    """Values and labels of the field that would otherwise be read as missing (a count may be "unknown")."""
    if not field.vocabulary:
        return frozenset()
    vocabulary = context.dictionary.vocabularies[field.vocabulary]
    return frozenset(fold(text) for value, labels in vocabulary.items() for text in (value, *labels.values()))


def _readings(raw: pd.Series, field: Field, context: Context) -> pd.DataFrame:
    """What each of the distinct texts was read as."""
    read = _reader(field, context)(raw)
    values = read["value"].astype(dtype_of(field))
    table = pd.DataFrame({"raw": raw, "value": values, "clean": clean_text(values)}, index=raw.index)
    for name in ("problem", "bound", "precision", "note"):
        table[name] = pd.Series(read[name], dtype="str").array if name in read else pd.Series(None, raw.index, "str")
    return _within_limits(table, field)


def _reader(field: Field, context: Context) -> Callable[[pd.Series], pd.DataFrame]:
    """The function from distinct texts to a frame with value and, as the type has them, problem, bound ..."""
    if field.reference == "territories.territory_id" and context.territories is not None:
        names = categories.Names(context.territories, "unknown_territory")
        return lambda raw: categories.read_names(raw, names, is_list=field.type == "list")
    if field.vocabulary:
        names = categories.vocabulary_names(context.dictionary.vocabularies[field.vocabulary])
        return lambda raw: categories.read_names(raw, names, is_list=field.type == "list")
    if field.type == "list":
        return categories.read_list
    if field.type in ("integer", "decimal"):
        return lambda raw: readings.read_numbers(raw, field, context.decimal, context.language)
    if field.type == "date":
        return lambda raw: readings.read_dates(raw, context.month_first)
    if field.type == "datetime":
        return lambda raw: readings.read_times(raw, context.month_first, context.time_zone)
    return {"boolean": readings.read_booleans, "year": readings.read_years, "url": readings.read_urls}.get(
        field.type, readings.read_texts
    )


def _within_limits(table: pd.DataFrame, field: Field) -> pd.DataFrame:
    """The readings with what the dictionary's minimum, maximum and pattern forbid marked."""
    value, problem = table["value"], table["problem"].copy()
    if field.name in ("latitude", "longitude"):
        beyond = ((value < field.minimum) | (value > field.maximum)).fillna(False).astype(bool)
        problem = problem.mask(beyond, "not_degrees")
        value = value.mask(beyond)
    if field.minimum is not None:
        problem = problem.mask((value < field.minimum).fillna(False).astype(bool), "below_minimum")
    if field.maximum is not None:
        problem = problem.mask((value > field.maximum).fillna(False).astype(bool), "above_maximum")
    if field.pattern and field.type == "list":
        wrong = ~value.fillna("").str.fullmatch(rf"(?:(?:{field.pattern})(?:;(?!$)|$))*")
        problem = problem.mask(wrong & value.notna(), "bad_pattern")
    elif field.pattern:
        problem = problem.mask(~value.str.fullmatch(field.pattern).fillna(True).astype(bool), "bad_pattern")
    return table.assign(problem=problem, value=value.mask(problem.notna()))


def clean_text(values: pd.Series) -> pd.Series:
    """Typed values as the text that the clean CSV holds."""
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        return values.dt.strftime("%Y-%m-%dT%H:%M:%SZ").astype("str")
    if pd.api.types.is_datetime64_dtype(values.dtype):
        return values.dt.strftime("%Y-%m-%d").astype("str")
    if pd.api.types.is_bool_dtype(values.dtype):
        return values.map({True: "yes", False: "no"}).astype("str")
    if pd.api.types.is_float_dtype(values.dtype):
        return _plain_decimals(values)
    if pd.api.types.is_integer_dtype(values.dtype):
        return digits(values)
    return values.astype("str")


def digits(whole: pd.Series) -> pd.Series:
    """Whole numbers as text."""
    return pd.Series(pd.array(pa.array(whole.array).cast(pa.large_string()), dtype="str"), whole.index)


def _plain_decimals(values: pd.Series) -> pd.Series:
    """Numbers with at most fifteen digits and no idle zeros; whole ones, which most are, all at once."""
    whole = ((values % 1 == 0) & (values != 0) & (values.abs() < 1e15)).fillna(False).to_numpy(dtype=bool)
    text = digits(values.where(whole).astype("Int64"))
    others = values[~whole & values.notna().to_numpy()]
    if len(others):
        text.loc[others.index] = [f"{number:.15g}" for number in others]
    return text
