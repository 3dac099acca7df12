"""What became of every row that was read: kept, merged or quarantined, never lost."""

from dataclasses import dataclass, field

import pandas as pd

COLUMNS = ["source_id", "file", "sheet", "table", "rows_in", "kept", "merged", "quarantined"]

READ = ["_id", "_file", "_sheet", "source_id"]

RANK = {"quarantined": 0, "merged": 1, "kept": 2}
"""A row that became several keeps the best that became of any of them; what was set aside is in the problems."""


@dataclass
class Ledger:
    """Rows as they were read, which entries took them, and what became of them; ``accounts`` balances it."""

    read: list[pd.DataFrame] = field(default_factory=list)
    taken: list[pd.DataFrame] = field(default_factory=list)
    outcomes: list[pd.DataFrame] = field(default_factory=list)
    aside: list[pd.Series] = field(default_factory=list)
    next_id: int = 0

    def number(self, frame: pd.DataFrame, source_id: str) -> pd.DataFrame:
        """The frame with ``_id``, a number of each row that no other row of this run has."""
        ids = pd.RangeIndex(self.next_id, self.next_id + len(frame))
        self.next_id += len(frame)
        numbered = frame.assign(_id=ids.to_numpy())
        self.read.append(numbered[["_id", "_file", "_sheet"]].assign(source_id=source_id))
        return numbered

    def take(self, ids: pd.Series, table: str) -> None:
        """Note that an entry fills ``table`` from these rows."""
        self.taken.append(pd.DataFrame({"_id": ids.to_numpy(), "table": table}))

    def set_aside(self, ids: pd.Series) -> None:
        """Note rows that are left out on purpose: titles, totals, notes below a table, tables that city.yml ignores."""
        self.aside.append(ids)

    def unmapped(self, source_id: str) -> pd.DataFrame:
        """Rows of a source that nothing took and nobody left out on purpose."""
        read = _concat([frame for frame in self.read if len(frame) and frame["source_id"].iloc[0] == source_id], READ)
        known = pd.concat([*(frame["_id"] for frame in self.taken), *self.aside, pd.Series(dtype="int64")])
        return read[~read["_id"].isin(known)]

    def record(self, ids: pd.Series, table: str, outcome: str | pd.Series) -> None:
        """Note what became of rows in a table."""
        values = outcome.to_numpy() if isinstance(outcome, pd.Series) else outcome
        self.outcomes.append(pd.DataFrame({"_id": ids.to_numpy(), "table": table, "outcome": values}))

    def accounts(self) -> pd.DataFrame:
        """Rows in, kept, merged and quarantined per file, sheet and table.

        Rows that no entry took are quarantined under an empty table. Raises AssertionError (an internal error) where
        a row that was taken has no outcome or an outcome has no row.
        """
        read = _concat(self.read, READ)
        taken = _concat(self.taken, ["_id", "table"]).drop_duplicates()
        left = read.loc[~read["_id"].isin(taken["_id"]), ["_id"]].assign(table="")
        outcomes = _concat(self.outcomes, ["_id", "table", "outcome"])
        outcomes = pd.concat([outcomes, left.assign(outcome="quarantined")], ignore_index=True)
        best = outcomes.assign(rank=outcomes["outcome"].map(RANK)).groupby(["_id", "table"])["rank"].max().reset_index()
        joined = pd.concat([taken, left]).merge(best, how="outer", on=["_id", "table"], indicator=True)
        lost = joined[joined["_merge"] != "both"]
        assert lost.empty, f"rows in do not balance rows out: {len(lost)} rows, first in {lost.iloc[0].to_dict()}"
        return _balance(joined.merge(read, on="_id"))


def _balance(rows: pd.DataFrame) -> pd.DataFrame:
    keys = ["source_id", "file", "sheet", "table"]
    rows = rows.rename(columns={"_file": "file", "_sheet": "sheet"})
    grouped = rows.groupby([*keys, "rank"]).size().unstack("rank", fill_value=0)
    for outcome, rank in RANK.items():
        grouped[outcome] = grouped[rank] if rank in grouped.columns else 0
    grouped["rows_in"] = rows.groupby(keys).size()
    accounts = grouped.reset_index()[COLUMNS].sort_values(keys, ignore_index=True)
    parts = accounts["kept"] + accounts["merged"] + accounts["quarantined"]
    assert (accounts["rows_in"] == parts).all(), "rows in are not kept + merged + quarantined"
    return accounts.rename_axis(columns=None)


def _concat(frames: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)
