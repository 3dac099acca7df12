"""Dates and times as people write them, day first, with the precision that was given.

``14/12/2013``, ``01-08-2021``, ``08/2021``, ``Aug 2021``, ``30th agosto 2021``, ``abril de 2023``, ``2022``, 44562
(a spreadsheet's serial number). A missing day or month is the first one, and the precision says so.
"""

import datetime
import re
from functools import cache
from typing import NamedTuple

from babel.dates import get_day_names, get_month_names

from helpers.registry.folding import fold

EARLIEST, LATEST = 1900, 2100
"""Years of a date that a participation registry can hold."""

SERIAL_ORIGIN = datetime.date(1899, 12, 30)
"""Day 0 of spreadsheets, which count a 29 February 1900 that never was."""

SERIALS = range(14_611, 73_051)
"""Serial numbers read as dates: 1940 to 2099."""

MONTH_LANGUAGES = ("es", "en", "it", "ca", "pt", "fr", "pl")

IMPOSSIBLE = "impossible"
"""Returned for a text in the shape of a date that names no day of the calendar."""


class Day(NamedTuple):
    """A day and whether day, month or only the year was given."""

    date: datetime.date
    precision: str = "day"


_NUMERIC = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4}|\d{2})")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_MONTH = re.compile(r"(?:(\d{4})[-/.](\d{1,2})|(\d{1,2})[-/.](\d{4}))")
_TIME = re.compile(r"[T\s]+(\d{1,2})[:.h](\d{2})(?::(\d{2}))?(?:\.\d+)?\s*(h(?:s|rs)?\.?|am|pm|a\.m\.|p\.m\.)?", re.I)
_ZONE = re.compile(r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})\s*$")
_FILLER = frozenset(
    ("de", "del", "di", "of", "the", "il", "el", "al", "los", "lo", "le", "d", "st", "nd", "rd", "th", "da", "o", "ero")
)


def parse_date(text: str, month_first: bool = False) -> Day | str | None:
    """The day of a text; IMPOSSIBLE where it names none of the calendar, None where it is no date at all."""
    text = text.strip()
    text = re.sub(r"[T\s]\d{1,2}:\d{2}.*$", "", text) if re.match(r"\S*\d", text) else text
    if found := _ISO.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _NUMERIC.fullmatch(text):
        first, second, year = int(found[1]), int(found[2]), _full_year(found[3])
        return _day(year, first, second) if month_first else _day(year, second, first)
    if found := _MONTH.fullmatch(text):
        return _day(int(found[1] or found[4]), int(found[2] or found[3]), None)
    if re.fullmatch(r"\d+(?:[.,]\d+)?", text):
        return _from_digits(text)
    return _from_words(text)


def parse_time(text: str, month_first: bool = False) -> tuple[datetime.datetime, bool] | str | None:
    """Date and time of a text, and whether it is UTC; as ``parse_date`` where there is none.

    A text that names another offset is brought to UTC; one that names no zone stays as it is.
    """
    zone = _ZONE.search(text) if ":" in text else None
    bare = text[: zone.start()] if zone else text
    clock = _TIME.search(bare)
    day = parse_date(bare[: clock.start()] if clock else bare, month_first)
    if not isinstance(day, Day):
        return day
    hours = _clock(clock) if clock else datetime.time()
    if hours is None:
        return IMPOSSIBLE
    moment = datetime.datetime.combine(day.date, hours)
    return (moment - _offset(zone[1]), True) if zone else (moment, False)


def _clock(found: re.Match) -> datetime.time | None:
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    half = (found[4] or "").lower().replace(".", "")
    if half in ("am", "pm"):
        hour = hour % 12 + (12 if half == "pm" else 0)
    try:
        return datetime.time(hour, minute, second)
    except ValueError:
        return None


def _offset(zone: str) -> datetime.timedelta:
    if zone in ("Z", "UTC", "GMT"):
        return datetime.timedelta()
    sign = -1 if zone[0] == "-" else 1
    return sign * datetime.timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))


def _day(year: int, month: int, day: int | None, precision: str | None = None) -> Day | str:
    if not EARLIEST <= year <= LATEST:
        return IMPOSSIBLE
    try:
        return Day(datetime.date(year, month, day or 1), precision or ("day" if day else "month"))
    except ValueError:
        return IMPOSSIBLE


def _full_year(text: str) -> int:
    """A year of two digits is of this century up to 2069, as in spreadsheets."""
    return int(text) if len(text) == 4 else int(text) + (2000 if int(text) < 70 else 1900)


def _from_digits(text: str) -> Day | str | None:
    whole = re.split(r"[.,]", text)[0]
    if len(whole) == 4 and whole == text and EARLIEST <= int(whole) <= LATEST:
        return _day(int(whole), 1, 1, "year")
    if len(whole) == 8 and whole == text:
        return _day(int(whole[:4]), int(whole[4:6]), int(whole[6:]))
    if len(whole) == 5 and int(whole) in SERIALS:
        return Day(SERIAL_ORIGIN + datetime.timedelta(days=int(whole)))
    return None


def _from_words(text: str) -> Day | str | None:
    """Day, name of the month and year in any order of day and month."""
    words = [word for word in re.sub(r"(?<=\d)(?=[^\W\d])", " ", fold(text)).split() if word not in _FILLER]
    words = [word for word in words if word not in day_names()]
    months = [months_by_name()[word] for word in words if word in months_by_name()]
    numbers = [int(word) for word in words if word.isdigit() and len(word) <= 4]
    if len(months) != 1 or len(words) != len(numbers) + 1:
        return None
    if len(numbers) == 1 and numbers[0] >= EARLIEST:
        return _day(numbers[0], months[0], None)
    if len(numbers) == 2 and max(numbers) >= EARLIEST:
        return _day(max(numbers), months[0], min(numbers))
    return None


@cache
def months_by_name() -> dict[str, int]:
    """Number of each month by its folded name or abbreviation."""
    names: dict[str, int] = {"sept": 9, "set": 9, "setiembre": 9}
    for language in MONTH_LANGUAGES:
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in get_month_names(width, context, language).items():
                    names.setdefault(fold(name).split()[-1], number)
    return names


@cache
def day_names() -> frozenset[str]:
    """Folded names of the days of the week that are no names of months."""
    names = {
        fold(name)
        for language in MONTH_LANGUAGES
        for width in ("wide", "abbreviated")
        for name in get_day_names(width, "format", language).values()
    }
    return frozenset(names - months_by_name().keys())
