"""What is the same for the whole simulation: sizes, calendar, streams of random numbers."""

import zlib
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

CITY_ID = "ciudad-modelo"
"""Folder and unit of the simulated city."""

PREFIX = "cm"
"""Every id of the simulated city starts with it."""

PROJECTION = "EPSG:5347"
"""Plane coordinates of the simulated city, metres; the place itself is open country."""

HOLIDAYS = ("01-01", "05-01", "05-25", "06-20", "07-09", "12-08", "12-25")
"""Month and day of the holidays of every year."""

WORKING_DAY_ENDS = 18
"""Hour from which on a working person can come."""

KNOWN_UNTIL = pd.Timestamp("2025-02-15")
"""Day of the extraction: what happens later is not in the files."""

K, K_SENSITIVE = 5, 10
"""Persons from which on a group counts as present."""


@dataclass(frozen=True)
class Size:
    """How large the simulated city is.

    years: calendar years; neighbourhoods, blocks: columns and rows of the grid inside a district and inside a
    neighbourhood; districts: how many of the six have local bodies; councils: neighbourhood councils in each of
    them; bodies: city-wide councils and tables; consultations a year; inhabitants, and multipliers of activity.
    """

    years: tuple[int, ...]
    neighbourhoods: tuple[int, int]
    blocks: tuple[int, int]
    districts: int
    councils: int
    bodies: int
    consultations: int
    civic: int
    venues: int
    inhabitants: int
    meetings: int
    proposals: float
    responses: float
    requests: int


SIZES = {
    "full": Size((2021, 2022, 2023, 2024), (2, 2), (3, 2), 6, 2, 6, 2, 6, 5, 240_000, 5, 1.0, 1.0, 250),
    "tiny": Size((2024,), (1, 1), (2, 1), 2, 1, 2, 1, 1, 1, 6_000, 2, 0.05, 0.35, 4),
}


@dataclass
class World:
    """The latent city: complete tables by name, with columns that start with ``_`` for what no registry knows."""

    seed: int
    size: Size
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    evidence: list[dict] = field(default_factory=list)

    def stream(self, name: str) -> np.random.Generator:
        """Random numbers of one part, so that a change in one part leaves the others as they were."""
        return np.random.default_rng([self.seed, zlib.crc32(name.encode())])

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.tables[name]

    def cite(self, kind: str, title: str, captured: date, supports: str) -> str:
        """Id of a new piece of evidence."""
        key = f"{PREFIX}-ev-{len(self.evidence) + 1:04d}"
        self.evidence.append(
            {
                "evidence_id": key,
                "kind": kind,
                "title": title,
                "url": f"https://ciudad-modelo.example.org/evidencia/{key}",
                "captured_at": captured,
                "claim": title,
                "supports": supports,
                "access": "public",
                "status": "dead_link" if len(self.evidence) % 41 == 40 else "ok",
            }
        )
        return key

    def instances(self) -> dict[str, dict]:
        """The instances by id."""
        return {row["instance_id"]: row for row in self["instances"].to_dict("records")}

    def territories(self, level: str) -> pd.DataFrame:
        """The territories of a level."""
        frame = self["territories"]
        return frame[frame["level"] == level]

    @property
    def halves(self) -> list[str]:
        """Labels of the half-years, oldest first."""
        return [f"{year}-S{half}" for year in self.size.years for half in (1, 2)]

    def progress(self, year: int) -> float:
        """How far practice has come by a year, from 0 in 2021 to 1 in 2024."""
        return (year - 2021) / 3


def half_dates(label: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    """First and last day of a half-year or a year."""
    year = int(label[:4])
    first, last = {"S1": ("01-01", "06-30"), "S2": ("07-01", "12-31")}.get(label[5:], ("01-01", "12-31"))
    return pd.Timestamp(f"{year}-{first}"), pd.Timestamp(f"{year}-{last}")


def half_of(day: pd.Timestamp) -> str:
    """The half-year of a day."""
    return f"{day.year}-S{1 if day.month <= 6 else 2}"


def clip(value: float, low: float = 0.02, high: float = 0.98) -> float:
    """A probability kept off certainty."""
    return float(min(max(value, low), high))
