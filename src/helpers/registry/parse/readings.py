"""Readers of distinct texts by field type: each takes a Series of text and returns a frame with ``value`` and, where
the type has them, ``problem``, ``bound``, ``precision`` and ``note``."""

import re

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from helpers.config import Field
from helpers.registry.folding import fold_series
from helpers.registry.parse.dates import Day, parse_date, parse_time
from helpers.registry.parse.numbers import find_decimal_mark, parse_number

YES = {"yes", "y", "si", "s", "true", "t", "1", "x", "verdadero", "vero", "ok", "sim", "oui", "tak"}
NO = {"no", "n", "false", "f", "0", "falso", "nao", "non", "nie"}

COMMA_LANGUAGES = {"es", "it", "ca", "pt", "fr", "de", "pl", "gl", "eu"}
"""Languages in which a single point between digits usually groups thousands."""

CURRENCY_SIGN = r"(?i)^\s*(?:[€$£]|EUR|ARS|AR\$|USD|US\$|PLN|CLP)\s*|\s*(?:€|EUR|ARS|USD|PLN|zł|pesos)\s*$"
"""Currency before or after the digits, for the quick way; the careful way knows more."""


def read_numbers(raw: pd.Series, field: Field, decimal: str | None, language: str | None) -> pd.DataFrame:
    """Numbers with bounds; the decimal mark is the declared one, else the one that the column's numbers agree on."""
    whole = field.type == "integer"
    bare = _without_currency(raw)
    shown = decimal or (None if whole else _found_mark(bare))
    mark = shown or _usual_mark(field, language)
    value, ambiguous = _plain_numbers(bare, mark)
    odd = raw[value.isna()]
    read = [parse_number(text, mark) for text in odd]
    result = pd.DataFrame({"value": value})
    result.loc[odd.index, "value"] = pd.array([pd.NA if one is None else one.value for one in read], dtype="Float64")
    result["problem"] = pd.Series(["unreadable_number" if one is None else None for one in read], odd.index, "str")
    result["bound"] = pd.Series([None if one is None else one.bound for one in read], odd.index, "str")
    ambiguous.loc[odd.index] = np.array([one is not None and one.ambiguous for one in read], dtype=bool)
    undecided = shown is None and _is_amount(field) and not whole
    result["note"] = _where(ambiguous & undecided, "ambiguous_number")
    if whole:
        broken = (result["value"] % 1 != 0).fillna(False).astype(bool)
        result["problem"] = result["problem"].mask(broken, "not_whole")
        result["value"] = result["value"].mask(broken)
    return result


def _without_currency(raw: pd.Series) -> pd.Series:
    """The texts without the sign of a currency and outer blanks."""
    bare = pc.replace_substring_regex(pa.array(raw.array), CURRENCY_SIGN, "")
    return pd.Series(pd.array(pc.utf8_trim_whitespace(bare), dtype="str"), raw.index)


def _plain_numbers(bare: pd.Series, mark: str | None) -> tuple[pd.Series, pd.Series]:
    """Values of texts that are digits and separators alone, as ``numbers.read_digits`` reads one; which could be
    read two ways. Other texts stay missing."""
    value = pd.Series(pd.NA, bare.index, dtype="Float64")
    ambiguous = bare.str.fullmatch(r"-?[1-9]\d{0,2}[.,]\d{3}").astype(bool)
    forms = (
        (r"-?\d{1,15}(?:\.(?:\d{1,2}|\d{4,15}))?|-?(?:0|\d{4,12})\.\d{3}|-?\d{1,3}(?:,\d{3})+\.\d{1,15}", ","),
        (r"-?\d{1,15},(?:\d{1,2}|\d{4,15})|-?(?:0|\d{4,12}),\d{3}|-?\d{1,3}(?:\.\d{3})+,\d{1,15}", "."),
        (r"-?\d{1,3}(?:\.\d{3}){2,4}|-?\d{1,3}(?:,\d{3}){2,4}", ".,"),
        (r"-?[1-9]\d{0,2}[.,]\d{3}", {".": ",", ",": "."}.get(mark, ".,")),
    )
    digits = bare.str.fullmatch(r"-?\d{1,15}").to_numpy(dtype=bool)
    value.loc[digits] = pd.to_numeric(bare[digits]).astype("Float64")
    rest = bare[~digits]
    for form, thousands in forms if len(rest) else ():
        texts = rest[rest.str.fullmatch(form).astype(bool) & value[~digits].isna()]
        for separator in thousands:
            texts = texts.str.replace(separator, "", regex=False)
        value.loc[texts.index] = pd.to_numeric(texts.str.replace(",", ".", regex=False)).astype("Float64")
    return value, ambiguous


def _found_mark(bare: pd.Series) -> str | None:
    """The decimal mark that the unambiguous numbers of a column agree on."""
    marked = bare[bare.str.contains("[.,]", regex=True)]
    plain = marked.str.fullmatch(r"-?[\d.,]+").astype(bool)
    kinds = marked[plain].str.replace(r"\d+", lambda found: str(min(len(found[0]), 4)), regex=True).drop_duplicates()
    samples = [re.sub(r"\d", lambda found: "1" * int(found[0]), text) for text in kinds]
    return find_decimal_mark([*samples, *marked[~plain]])


def _usual_mark(field: Field, language: str | None) -> str | None:
    """Whole numbers have none; money groups thousands with a point where the language does; the rest never does."""
    if field.type == "integer":
        return None
    return "," if _is_amount(field) and language in COMMA_LANGUAGES else "."


def _is_amount(field: Field) -> bool:
    """Money and the like, as against coordinates, shares and weights."""
    return field.minimum == 0 and field.maximum is None and field.unit is not None


def read_dates(raw: pd.Series, month_first: bool) -> pd.DataFrame:
    """Days with the precision given."""
    iso = raw.str.fullmatch(r"\d{4}-\d{2}-\d{2}").astype(bool)
    fast = pd.to_datetime(raw.where(iso), format="%Y-%m-%d", errors="coerce")
    sane = fast.dt.year.between(1900, 2100)
    odd = raw[~(iso & sane)]
    read = [parse_date(text, month_first) for text in odd]
    result = pd.DataFrame({"value": fast.where(iso & sane).astype("datetime64[s]")})
    days = [one.date if isinstance(one, Day) else None for one in read]
    result.loc[odd.index, "value"] = pd.to_datetime(pd.Series(days, odd.index, dtype="object")).astype("datetime64[s]")
    precisions = [one.precision if isinstance(one, Day) else None for one in read]
    result["precision"] = pd.Series("day", raw.index, dtype="str")
    result.loc[odd.index, "precision"] = pd.Series(precisions, odd.index, "str")
    result["problem"] = _date_problems(read, odd)
    return result


def read_times(raw: pd.Series, month_first: bool, zone: str) -> pd.DataFrame:
    """Moments in UTC; a text that names no zone is local time of ``zone``."""
    read = [parse_time(text, month_first) for text in raw]
    good = [one if isinstance(one, tuple) else None for one in read]
    moments = pd.Series([one[0] if one else None for one in good], raw.index, dtype="datetime64[s]")
    in_utc = pd.Series([bool(one and one[1]) for one in good], raw.index, dtype=bool)
    first = np.ones(len(raw), dtype=bool)  # of the two hours that the end of summer time repeats
    local = moments.dt.tz_localize(zone, ambiguous=first, nonexistent="shift_forward")
    value = moments.dt.tz_localize("UTC").where(in_utc, local.dt.tz_convert("UTC"))
    return pd.DataFrame({"value": value, "problem": _date_problems(read, raw)})


def _date_problems(read: list, raw: pd.Series) -> pd.Series:
    codes = [None if isinstance(one, tuple) else "impossible_date" if one else "unreadable_date" for one in read]
    return pd.Series(codes, raw.index, dtype="str")


def read_years(raw: pd.Series) -> pd.DataFrame:
    """Years, also out of a whole date."""
    dates = read_dates(raw.str.replace(r"^(\d{4})[.,]0$", r"\1", regex=True), month_first=False)
    return pd.DataFrame({"value": dates["value"].dt.year.astype("Int64"), "problem": dates["problem"]})


def read_booleans(raw: pd.Series) -> pd.DataFrame:
    """Yes and no in several languages."""
    folded = fold_series(raw)
    value = pd.Series(pd.NA, raw.index, dtype="boolean").mask(folded.isin(YES), True).mask(folded.isin(NO), False)
    return pd.DataFrame({"value": value, "problem": _where(value.isna(), "unreadable_boolean")})


def read_texts(raw: pd.Series) -> pd.DataFrame:
    """Text without outer and repeated blanks and control characters, in Unicode's composed form."""
    untidy = raw.str.contains(UNTIDY, regex=True)
    value = raw[untidy].str.normalize("NFC").str.replace(r"[\x00-\x08\x0b-\x1f\x7f\ufeff\u200b]", "", regex=True)
    value = value.str.replace(r"[ \t\u00a0]+", " ", regex=True).str.strip()
    tidy = raw.mask(untidy, value) if len(value) else raw
    return pd.DataFrame({"value": tidy.mask(tidy == "")})


UNTIDY = "[\x00-\x1f\x7f-\xa0\u0300-\u036f\u200b\ufeff]|^ | $|  "
"""What a text shows that needs tidying; most do not."""


def read_urls(raw: pd.Series) -> pd.DataFrame:
    """Web addresses; one without its scheme gets https."""
    text = raw.str.strip()
    value = text.mask(text.str.match(r"(?i)www\.[\w-]+\."), "https://" + text)
    right = value.str.fullmatch(r"(?i)https?://[^\s/]+\.[^\s]+").fillna(False).astype(bool)
    return pd.DataFrame({"value": value.where(right), "problem": _where(~right, "unreadable_url")})


def _where(mask: pd.Series, code: str) -> pd.Series:
    return pd.Series(None, mask.index, dtype="str").mask(mask, code)
