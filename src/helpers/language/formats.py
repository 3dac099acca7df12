"""Numbers, dates, periods and lists as people of a place write them (CLDR, through Babel)."""

import math
import re
from datetime import date, datetime
from typing import Any

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent

from helpers.config import Period

SOUNDS_LIKE_Y = re.compile(r"\W*h?[ií](?![ae])", re.IGNORECASE)
"""Words before which Spanish says *e* for *y*; CLDR leaves that to the program."""


def is_missing(value: Any) -> bool:
    """Whether the value is None, NaN, NA or NaT."""
    return value is None or str(value) in ("<NA>", "NaT") or value != value  # NA has no truth value: ask for it first


class Formats:
    """Formatting of one language.

    Every method takes a plain value and returns text; a missing value becomes an en dash.

    Parameters
    ----------
    tag: full language tag under which the language is published, such as es-AR.
    percent: how a number stands beside its sign, such as ``{} %``.
    month: CLDR pattern of a month with its year, such as ``MMMM y``.
    """

    missing = "–"

    def __init__(self, tag: str, percent: str, month: str):
        self.tag, self._percent, self._month = tag, percent, month
        self.locale = Locale.parse(tag, sep="-")

    def number(self, value: Any, digits: int = 0) -> str:
        """A number rounded to ``digits`` decimals, with this language's separators."""
        if is_missing(value) or not math.isfinite(float(value)):
            return self.missing
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        rounded = round(float(value), digits) + 0.0  # adding zero turns -0.0 into 0.0
        return _with_minus(format_decimal(rounded, format=pattern, locale=self.locale))

    def percent(self, share: Any, digits: int = 0) -> str:
        """A share (0 to 1) as a percentage."""
        if is_missing(share):
            return self.missing
        pattern = self._percent.format("#,##0" + ("." + "0" * digits if digits else ""))
        return _with_minus(format_percent(float(share), format=pattern, locale=self.locale))

    def money(self, value: Any, currency: str, digits: int = 0) -> str:
        """An amount with the currency's code, so that no two dollars are mixed up."""
        if is_missing(value):
            return self.missing
        pattern = "#,##0" + ("." + "0" * digits if digits else "") + " ¤¤"
        return format_currency(float(value), currency, format=pattern, locale=self.locale, currency_digits=False)

    def date(self, value: Any, precision: str = "day") -> str:
        """A date in words; ``precision`` may be day, month or year."""
        if is_missing(value):
            return self.missing
        day = value if isinstance(value, date | datetime) else datetime.fromisoformat(str(value))
        if precision == "year":
            return str(day.year)
        return format_date(day, format=self._month if precision == "month" else "long", locale=self.locale)

    def time(self, value: datetime) -> str:
        """Date and time of day."""
        return self.missing if is_missing(value) else format_datetime(value, "d MMM y, HH:mm", locale=self.locale)

    def list(self, items: Any) -> str:
        """Items joined with commas and a final and."""
        items = [str(item) for item in items]
        joined = format_list(items, locale=self.locale)
        if self.locale.language == "es" and len(items) > 1 and SOUNDS_LIKE_Y.match(items[-1]):
            return joined.removesuffix(f" y {items[-1]}") + f" e {items[-1]}"
        return joined

    def country(self, code: str) -> str:
        """The name of a country, given its two letters."""
        return self.locale.territories.get(code, code)

    def plural_form(self, count: float) -> str:
        """CLDR plural category of a count, such as one or other."""
        return self.locale.plural_form(count)

    def half_or_quarter(self, period: Period) -> int:
        """Number of the half or quarter within its year."""
        return int(period.label[-1])


def _with_minus(number: str) -> str:
    """A negative number with a minus sign: screen readers leave out the hyphen that CLDR has for it."""
    return number.replace("-", "\N{MINUS SIGN}")
