"""Facts as plain arrays: thousands of small statistics are made of them, too many for tables with an index."""

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Facts:
    """What each row contributes to an indicator, as columns of equal length.

    part: number of the part; instance, family: codes, -1 for none; x: the contribution (share of one, days, or NaN
    where not known); lo, hi: what it would be at worst and at best (hi NaN: the row would drop out); weight; count
    (persons, or 1); category: position in the definition's categories, -1 not stated; known, asked: items answered
    and asked, for coverage; done: counts in the numerator; indicative; fpc: finite-population factor; group_*: codes;
    latitude, longitude; table, row_id, units: as text, for the trace and the districts.
    """

    columns: dict[str, np.ndarray]
    instances: np.ndarray
    """Names by code."""
    thinned: bool = False
    """Whether rows were left out because their instance has too few."""

    @classmethod
    def of(cls, frame: pd.DataFrame, thinned: bool) -> "Facts":
        """Facts from the table that the builders make."""
        instance, names = pd.factorize(frame["instance_id"])
        family = pd.factorize(frame["family"].fillna(""))[0]
        columns = {"instance": instance, "family": family}
        for name in frame.columns.drop(["instance_id", "family"]):
            if name.startswith("group_"):
                columns[name] = pd.factorize(frame[name])[0]
            elif pd.api.types.is_numeric_dtype(frame[name].dtype) or name in _TEXT:
                columns[name] = frame[name].to_numpy(dtype=object if name in _TEXT else None)
        return cls(columns, np.asarray(names, dtype=object), thinned)

    def __getitem__(self, name: str) -> np.ndarray:
        return self.columns[name]

    def __len__(self) -> int:
        return len(self.columns["x"])

    def take(self, rows: np.ndarray) -> "Facts":
        """The facts at those positions, or where a mask holds."""
        return Facts({name: values[rows] for name, values in self.columns.items()}, self.instances)

    def that_can_speak(self) -> "Facts":
        """Without the rows that can only indicate, unless there are no others."""
        indicative = self["indicative"].astype(bool)
        return self.take(~indicative) if indicative.any() and not indicative.all() else self

    def known_to(self, composition: bool) -> "Facts":
        """The rows that a value is made of: those of known category, or of known contribution."""
        known = self["category"] >= 0 if composition else ~np.isnan(self["x"])
        return self if known.all() else self.take(known)


_TEXT = ("table", "row_id", "units")
