"""The same instance, actor or venue under two ids: sure pairs of different sources merge, doubtful ones are listed."""

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd
from rapidfuzz import fuzz

from helpers.registry.folding import fold_series

NEIGHBOURS = 8
"""How many rows after each, in the order of their names, are compared with it: cost stays linear."""

LIKELY = 90
"""Similarity of names (0 to 100, words in any order) from which a pair is listed."""

NEAR_DEGREES = 0.002
"""About 200 metres: venues further apart are two, whatever their names."""

COMPARED = {
    "instances": ["start_date", "end_date", "parent_id", "territory_ids", "instance_type"],
    "actors": ["territory_id", "sector"],
    "venues": ["territory_id"],
}
"""Tables that are searched, and the fields in which the two of a pair must not contradict each other."""


def find_duplicates(frame: pd.DataFrame, table: str, settled: set[frozenset[str]]) -> pd.DataFrame:
    """Pairs of rows that may be one thing: left, right (labels of the frame), score and sure.

    Sure: equal folded names, different sources, nothing contradictory, and something besides the name that agrees
    (actors need no more than the name). A number that differs in the names tells editions apart.
    """
    key = f"{table.removesuffix('s')}_id"
    names = fold_series(frame["name"]).fillna("")
    names = pd.Series(names.to_numpy(dtype=object), names.index)  # plain texts: read one by one below
    rows = [pair for pair in dict.fromkeys(_candidates(names)) if names[pair[0]] and names[pair[1]]]
    found = []
    for left, right in rows:
        score = fuzz.token_sort_ratio(names[left], names[right])
        if score < LIKELY or _numbers(names[left]) != _numbers(names[right]):
            continue
        ids = frozenset((frame.at[left, key], frame.at[right, key]))
        if len(ids) < 2 or ids in settled:
            continue
        agreement = _agreement(frame, left, right, table)
        if agreement is not None:
            other_source = frame.at[left, "_source"] != frame.at[right, "_source"]
            sure = score == 100 and other_source and (agreement > 0 or table == "actors")
            found.append((left, right, round(score), sure))
    return pd.DataFrame(found, columns=["left", "right", "score", "sure"])


def _candidates(names: pd.Series) -> Iterator[tuple]:
    """Pairs close to each other in the order of the names, and of the names with their words sorted."""
    for keys in (names, names.map(lambda name: " ".join(sorted(name.split())))):
        order = keys.sort_values(kind="stable").index.to_numpy()
        for step in range(1, NEIGHBOURS + 1):
            for left, right in zip(order[:-step], order[step:], strict=True):
                yield (left, right) if left < right else (right, left)


def _numbers(name: str) -> list[str]:
    return re.findall(r"\d+", name)


def _agreement(frame: pd.DataFrame, left: int, right: int, table: str) -> int | None:
    """How many fields agree; None where one contradicts."""
    agreeing = 0
    for field in COMPARED[table]:
        one, other = frame.at[left, field], frame.at[right, field]
        if pd.isna(one) or pd.isna(other):
            continue
        if one != other:
            return None
        agreeing += 1
    distance = _degrees(frame, left, right) if "latitude" in frame.columns else np.nan
    if distance > NEAR_DEGREES:
        return None
    return agreeing + (distance <= NEAR_DEGREES)


def _degrees(frame: pd.DataFrame, left: int, right: int) -> float:
    points = frame.loc[[left, right], ["latitude", "longitude"]].astype("float64")
    return float(points.diff().iloc[1].abs().max(skipna=False))
