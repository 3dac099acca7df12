"""Periods: a year, a half-year, a quarter or a month; ordered, with a first and a last day."""

import calendar
import re
from dataclasses import dataclass, field
from datetime import date
from functools import total_ordering

import pandas as pd

from helpers.config.errors import MonitorError

MONTHS = {"year": 12, "half": 6, "quarter": 3, "month": 1}
"""Length of each kind of period in months."""

_FORM = re.compile(r"^(?P<year>\d{4})(?:-(?:S(?P<half>[12])|Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?$")


@total_ordering
@dataclass(frozen=True)
class Period:
    """A closed span of whole months; ``Period.parse("2022-S1")`` makes one.

    Ordered by the first day, then the last: a half-year stands before the year that it opens.
    """

    label: str
    kind: str
    start: date
    end: date = field(compare=True)

    @classmethod
    def parse(cls, label: object) -> "Period":
        """The period of a label: ``2022``, ``2022-S1``, ``2022-Q3`` or ``2022-05``."""
        match = _FORM.match(str(label).strip())
        if not match or int(match["year"]) < 1900:
            raise MonitorError(
                f"{str(label)!r} is not a period",
                remedy="write a year (2022), half (2022-S1), quarter (2022-Q3) or month (2022-05)",
            )
        kind = next((kind for kind in ("half", "quarter", "month") if match[kind]), "year")
        number = int(match[kind]) if kind != "year" else 1
        return cls._build(int(match["year"]), kind, number)

    @classmethod
    def _build(cls, year: int, kind: str, number: int) -> "Period":
        length = MONTHS[kind]
        first, last = (number - 1) * length + 1, number * length
        suffix = {"year": "", "half": f"-S{number}", "quarter": f"-Q{number}", "month": f"-{number:02d}"}[kind]
        end = date(year, last, calendar.monthrange(year, last)[1])
        return cls(f"{year}{suffix}", kind, date(year, first, 1), end)

    def __str__(self) -> str:
        return self.label

    def __lt__(self, other: "Period") -> bool:
        return (self.start, self.end) < (other.start, other.end)

    def contains(self, dates: pd.Series) -> pd.Series:
        """Which of the dates (datetime64, with or without zone) fall in the period; a missing date does not."""
        days = dates.dt.tz_localize(None) if isinstance(dates.dtype, pd.DatetimeTZDtype) else dates
        after_end = pd.Timestamp(self.end) + pd.Timedelta(days=1)
        return ((days >= pd.Timestamp(self.start)) & (days < after_end)).fillna(False).astype(bool)

    def includes(self, other: "Period") -> bool:
        """Whether the other period lies inside this one."""
        return self.start <= other.start and other.end <= self.end

    def previous(self) -> "Period":
        """The period of the same kind just before."""
        return self._step(-1)

    def next(self) -> "Period":
        """The period of the same kind just after."""
        return self._step(1)

    def _step(self, by: int) -> "Period":
        per_year = 12 // MONTHS[self.kind]
        index = self.start.year * per_year + (self.start.month - 1) // MONTHS[self.kind] + by
        return self._build(index // per_year, self.kind, index % per_year + 1)
