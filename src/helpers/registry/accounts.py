"""What became of every row that was read: kept, merged or quarantined, never lost."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

KEYS = ["source_id", "file", "sheet", "table"]

COUNTS = ["rows_in", "kept", "merged", "quarantined"]
"""The first is the sum of the others."""

PLACE = ["source_id", "_file", "_sheet"]

RANK = {"quarantined": 0, "merged": 1, "kept": 2}
"""A row that became several keeps the best that became of any of them; what was set aside is in the problems."""


@dataclass
class Ledger:
    """Rows as they were read, which entries took them, and what became of them; ``accounts`` balances it.

    Rows are numbered in the order in which they are read; ``stood`` has, by number, the place of each among ``places``.
    """

    places: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=PLACE, dtype="str"))
    stood: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=int))
    taken: list[tuple[str, np.ndarray]] = field(default_factory=list)
    outcomes: list[tuple[str, np.ndarray, np.ndarray]] = field(default_factory=list)
    aside: list[np.ndarray] = field(default_factory=list)

    def number(self, frame: pd.DataFrame, source_id: str) -> pd.DataFrame:
        """The frame with ``_id``, a number of each row that no other row of this run has."""
        ids = np.arange(len(self.stood), len(self.stood) + len(frame))
        codes, places = places_of(frame)
        self.stood = np.concatenate([self.stood, codes + len(self.places)])
        self.places = pd.concat([self.places, places.assign(source_id=source_id)], ignore_index=True)
        return frame.assign(_id=ids)

    def take(self, ids: pd.Series, table: str) -> None:
        """Note that an entry fills ``table`` from these rows."""
        self.taken.append((table, ids.to_numpy()))

    def set_aside(self, ids: pd.Series) -> None:
        """Note rows that are left out on purpose: titles, totals, notes below a table, tables that city.yml ignores."""
        self.aside.append(ids.to_numpy())

    def unmapped(self, source_id: str) -> pd.DataFrame:
        """Per file and sheet of a source, how many of its rows nothing took and nobody left out on purpose."""
        sizes = pd.Series(self.stood[~self._marked([*self._taken(), *self.aside])]).value_counts(sort=False)
        found = self.places.loc[sizes.index].assign(count=sizes)
        return found[found["source_id"] == source_id].groupby(PLACE[1:], sort=False, as_index=False)["count"].sum()

    def record(self, ids: pd.Series, table: str, outcome: str | pd.Series) -> None:
        """Note what became of rows in a table."""
        ranks = outcome.map(RANK).to_numpy() if isinstance(outcome, pd.Series) else np.full(len(ids), RANK[outcome])
        self.outcomes.append((table, ids.to_numpy(), ranks))

    def accounts(self) -> pd.DataFrame:
        """Rows in, kept, merged and quarantined per file, sheet and table.

        Rows that no entry took are quarantined under an empty table. Raises AssertionError (an internal error) where
        a row that was taken has no outcome or an outcome has no row.
        """
        left = ~self._marked(self._taken())
        parts = [self._counts("", left, np.where(left, RANK["quarantined"], -1))]
        for table in dict.fromkeys(name for name, *_ in (*self.taken, *self.outcomes)):
            parts.append(self._counts(table, self._marked(self._taken(table)), self._best(table)))
        rows = pd.concat(parts).rename(columns={"_file": "file", "_sheet": "sheet"})
        return rows.groupby(KEYS, as_index=False)[COUNTS].sum()

    def _taken(self, table: str | None = None) -> list[np.ndarray]:
        return [ids for name, ids in self.taken if table in (None, name)]

    def _best(self, table: str) -> np.ndarray:
        """The rank of the best that became of each row in a table; -1 where nothing did."""
        best = np.full(len(self.stood), -1)
        for rank in sorted(RANK.values()):  # a better one takes the place of a worse
            for name, ids, ranks in self.outcomes:
                if name == table:
                    best[ids[ranks == rank]] = rank
        return best

    def _counts(self, table: str, taken: np.ndarray, best: np.ndarray) -> pd.DataFrame:
        """Rows of a table by place and outcome."""
        lost = np.flatnonzero((best >= 0) != taken)
        assert not len(lost), f"rows in do not balance rows out: {len(lost)} of {table!r}, first is row {lost[:1]}"
        rows = {"rows_in": taken} | {outcome: best == rank for outcome, rank in RANK.items()}
        counts = {name: np.bincount(self.stood[chosen], minlength=len(self.places)) for name, chosen in rows.items()}
        return self.places.assign(table=table, **counts)[counts["rows_in"] > 0]

    def _marked(self, parts: list[np.ndarray]) -> np.ndarray:
        """Which of the rows have their number in one of the parts."""
        marked = np.zeros(len(self.stood), dtype=bool)
        for ids in parts:
            marked[ids] = True
        return marked


def places_of(frame: pd.DataFrame) -> tuple[np.ndarray, pd.DataFrame]:
    """Where rows stood: the place of each among the distinct pairs of ``_file`` and ``_sheet``, and these pairs."""
    pairs = frame[PLACE[1:]]
    codes = pairs.groupby(PLACE[1:], sort=False).ngroup().to_numpy()
    return codes, pairs[~pd.Series(codes, pairs.index).duplicated()].reset_index(drop=True)
