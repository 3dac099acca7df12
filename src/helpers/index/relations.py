"""What published figures say of each other: every count is a sum of persons, and the same person is in many sums.

Items (the smallest things counted) that are in the same sums everywhere cannot be told apart, so they are one unknown.
Districts that make up a city, groups that make up a total, halves that make up a year: all of it follows from which
items a count holds, and nothing has to be listed by hand (S48b).
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from helpers.measures.counted import FIGURE

KEY = ["period", *FIGURE]
"""What names a published figure: the period it is published with, and its row."""


class Relations(NamedTuple):
    """The equations among the counts of figures.

    figures: one row per figure, KEY and ``persons`` (all it counts).
    counts: one row per count, ``place`` (position in figures), ``group`` ("all": the total of several groups) and
        ``value``, the true count.
    matrix: (counts, unknowns) ones where the count holds the unknown; unknowns are not negative.
    identities: (identities, unknowns): the parts of an item, with the rest of it, less the item, which is 0.
    across: (identities,) whether the item is counted by another figure: participants, of whom some stated a gender.
    component: (unknowns,) number of the part of the system that an unknown belongs to; parts share no equation.
    value: (unknowns,) true values.
    """

    figures: pd.DataFrame
    counts: pd.DataFrame
    matrix: csr_array
    identities: csr_array
    across: np.ndarray
    component: np.ndarray
    value: np.ndarray


def relations(counted: pd.DataFrame) -> Relations:
    """The equations among the counts of some figures.

    counted: persons behind each figure, as ``measures.counted`` gives them, with ``period``; of several periods too.
    """
    rows = counted.groupby([*KEY, "group", "item", "of"], sort=False, as_index=False)["count"].sum()
    rows = rows[rows["count"] != 0]
    figures = counted.groupby(KEY, sort=True)["count"].sum().rename("persons").reset_index()
    place = pd.MultiIndex.from_frame(figures[KEY])
    rows = rows.assign(place=place.get_indexer(pd.MultiIndex.from_frame(rows[KEY])))
    groups = rows.groupby("place")["group"].transform("nunique")
    totals = rows[(groups > 1) & (rows["table"] == "indicators")].assign(group="all")  # their n stands beside them
    sums = pd.concat([rows, totals], ignore_index=True)
    counts = sums.groupby(["place", "group"], sort=True)["count"].sum().rename("value").reset_index()
    in_count = pd.MultiIndex.from_frame(counts[["place", "group"]])
    members = pd.DataFrame(
        {"row": in_count.get_indexer(pd.MultiIndex.from_frame(sums[["place", "group"]])), "item": sums["item"]}
    )
    wholes = _wholes(rows)
    known = pd.concat([rows[["item", "count"]], wholes[["item", "count"]]])
    value = known.drop_duplicates("item").set_index("item")["count"]
    links = wholes.assign(row=len(counts) + wholes["row"])[["row", "item", "sign"]]
    links = pd.concat([members.assign(sign=1.0), links], ignore_index=True).drop_duplicates(["row", "item"])
    unknown, values = _unknowns(links, value)
    entries = links.assign(unknown=links["item"].map(unknown)).drop_duplicates(["row", "unknown"])
    size = (links["row"].max() + 1, len(values))
    system = csr_array((entries["sign"], (entries["row"], entries["unknown"])), shape=size)
    across = wholes.groupby("row")["across"].any().reindex(range(size[0] - len(counts)), fill_value=False).to_numpy()
    matrix, identities = system[: len(counts)], system[len(counts) :]
    return Relations(figures, counts, matrix, identities, across, _components(system), values.to_numpy())


def _wholes(rows: pd.DataFrame) -> pd.DataFrame:
    """Row by row of the identities: the parts of an item and the rest of it (sign 1), and that item (sign -1)."""
    parts = rows[rows["of"] != ""].drop_duplicates("item")
    if parts.empty:
        return pd.DataFrame({"row": [], "item": [], "count": [], "sign": [], "across": []}).astype({"row": int})
    split = parts.groupby(["of", "table", "figure", "part"], sort=False)
    sums = split["count"].sum().reset_index()
    known = rows.drop_duplicates("item").set_index("item")["count"]
    total = sums["of"].map(known).fillna(sums["count"])
    minus = pd.DataFrame({"item": sums["of"], "count": total, "row": sums.index, "sign": -1.0})
    names = sums["of"] + " less " + sums["figure"]
    rest = pd.DataFrame({"item": names, "count": total - sums["count"], "row": sums.index, "sign": 1.0})
    plus = parts[["item", "count"]].assign(row=split.ngroup(), sign=1.0)
    frame = pd.concat([plus, rest[rest["count"] > 0], minus], ignore_index=True)
    frame["across"] = frame["row"].map(sums["table"] == "indicators")
    return frame[~frame["row"].isin(rest.loc[rest["count"] < 0, "row"])]  # parts of something else


def _unknowns(links: pd.DataFrame, value: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Number of the unknown of each item, and the value of each unknown: items in the same equations are one."""
    marks = np.random.default_rng(0).integers(1, 2**62, (links["row"].max() + 1, 2))  # a sum of them names a set
    signed = marks[links["row"]] * links["sign"].to_numpy(dtype=np.int64)[:, None]
    sets = pd.DataFrame(signed, index=links["item"]).groupby(level=0, sort=True).sum()
    unknown = pd.Series(sets.groupby([0, 1], sort=False).ngroup(), index=sets.index)
    return unknown, value.groupby(unknown.reindex(value.index).to_numpy()).sum()


def _components(system: csr_array) -> np.ndarray:
    """Number of the connected part of the system of each unknown."""
    rows, unknowns = system.nonzero()
    size = sum(system.shape)
    graph = csr_array((np.ones(len(rows)), (rows, system.shape[0] + unknowns)), shape=(size, size))
    return connected_components(graph, directed=False)[1][system.shape[0] :]
