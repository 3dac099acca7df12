"""Weights from a workshop: what a panel said, to the weights of dimensions or of the indicators inside one (C.8).

Two forms of file are known. **Budget allocation**: a row per member, a column per dimension (or per indicator), the
points that the member gave. **Pairwise judgements** (AHP): columns ``first``, ``second`` and ``times``, where the first
is so many times as important as the second, and ``member`` if there are several. Names are ids of the method.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers import composite
from helpers.config import Method, MonitorError, nearest

ABOUT_MEMBERS = ("member", "sector")
PAIR = ("first", "second", "times")
CONSISTENT = 0.10
"""Consistency ratio up to which pairwise judgements are accepted (Saaty 1980)."""
MEMBERS, SECTORS, LARGEST_SECTOR = 12, 3, 0.5
"""A panel has so many members from so many sectors, none of them with more than half (C.8)."""


class Workshop(NamedTuple):
    """What a panel said.

    changes: address -> weight, for ``what_if``. table: name, weight and, of a budget, the middle half of the members'
    shares (low, high). doubts: what a reader must know, as sentences.
    """

    changes: dict[str, float]
    table: pd.DataFrame
    doubts: list[str]


def workshop_weights(rows: pd.DataFrame, method: Method) -> Workshop:
    """Weights of a workshop file, its cells as text; those of all dimensions, or of a dimension's indicators, sum to 1.

    Raises MonitorError for an unknown name, a group that is not whole, or judgements that cannot be.
    """
    pairwise = set(PAIR) <= set(rows.columns)
    names = [*rows["first"], *rows["second"]] if pairwise else [one for one in rows if one not in ABOUT_MEMBERS]
    found = [_of_group(group, rows, pairwise) for group in _groups(dict.fromkeys(names), method)]
    table = pd.concat([one for one, _ in found], ignore_index=True)
    doubts = [doubt for _, doubts in found for doubt in doubts] + ([] if pairwise else _doubts_of_panel(rows))
    return Workshop(_changes(table, method), table, doubts)


def _groups(names: dict[str, None], method: Method) -> list[list[str]]:
    """The names by what they are weights of, each group whole."""
    known = {name: "" for name in method.dimensions}
    known |= {one.id: one.dimension for name in method.dimensions for one in method.of_dimension(name)}
    for name in names:
        if name not in known:
            close = nearest(name, list(known))
            raise MonitorError(
                f"the method has no dimension or active indicator {name!r}",
                where="the workshop file",
                remedy=f"did you mean {close!r}" if close else "use the ids of the method",
            )
    groups = {owner: [name for name in known if known[name] == owner] for owner in {known[name] for name in names}}
    lacking = next((one for group in groups.values() for one in group if one not in names), None)
    if lacking:
        raise MonitorError(
            f"{lacking!r} was not weighed", where="the workshop file", remedy="add it, with 0 if need be"
        )
    return list(groups.values())


def _of_group(names: list[str], rows: pd.DataFrame, pairwise: bool) -> tuple[pd.DataFrame, list[str]]:
    try:
        return _of_judgements(names, rows) if pairwise else _of_budget(names, rows)
    except composite.CompositeError as error:
        raise MonitorError(str(error), where="the workshop file", remedy="correct it") from error


def _of_budget(names: list[str], rows: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    points = np.column_stack([_numbers(rows[name], name) for name in names])
    low, high = composite.budget_spread(points, names)
    weights = composite.budget_allocation(points, names)
    return pd.DataFrame({"name": names, "weight": weights, "low": low, "high": high}), []


def _of_judgements(names: list[str], rows: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    here = rows[rows["first"].isin(names)]
    members = here.groupby(here["member"] if "member" in here else pd.Series("", here.index), sort=False)
    weights, ratio = composite.ahp_weights(np.stack([_matrix(names, group) for _, group in members]), names)
    said = f"consistency ratio {ratio:.2f} of {', '.join(names)}"
    doubts = [f"{said}: above {CONSISTENT:.2f}, so the judgements contradict each other"] if ratio > CONSISTENT else []
    return pd.DataFrame({"name": names, "weight": weights}), doubts or [said]


def _matrix(names: list[str], rows: pd.DataFrame) -> np.ndarray:
    """Reciprocal matrix of a member's judgements; a pair that was not judged is an error."""
    matrix = np.eye(len(names))
    for first, second, times in zip(rows["first"], rows["second"], _numbers(rows["times"], "times"), strict=True):
        if second not in names or times <= 0:
            raise MonitorError(
                f"{first!r} cannot be {times:g} times {second!r}",
                where="the workshop file",
                remedy="compare names of one group, by 1/9 to 9 written as a number",
            )
        matrix[names.index(first), names.index(second)] = times
        matrix[names.index(second), names.index(first)] = 1 / times
    judged = len({frozenset(pair) for pair in zip(rows["first"], rows["second"], strict=True)})
    pairs = len(names) * (len(names) - 1) // 2
    if judged != pairs:
        raise MonitorError(
            f"{judged} of {pairs} pairs were judged", where="the workshop file", remedy="judge every pair"
        )
    return matrix


def _numbers(cells: pd.Series, name: str) -> np.ndarray:
    numbers = pd.to_numeric(cells.fillna("0").astype("str").str.replace(",", "."), errors="coerce")
    if numbers.isna().any():
        wrong = cells[numbers.isna()].iloc[0]
        raise MonitorError(f"{wrong!r} of {name} is no number", where="the workshop file", remedy="write a number")
    return numbers.to_numpy(dtype=float)


def _doubts_of_panel(rows: pd.DataFrame) -> list[str]:
    sectors = rows["sector"].value_counts() if "sector" in rows else pd.Series(dtype=int)
    checks = {
        f"{len(rows)} members, fewer than {MEMBERS}": len(rows) < MEMBERS,
        f"{len(sectors)} sectors, fewer than {SECTORS}": len(sectors) < SECTORS,
        "one sector holds more than half of the panel": len(sectors) > 0 and sectors.max() > LARGEST_SECTOR * len(rows),
    }
    return [doubt for doubt, holds in checks.items() if holds]


def _changes(table: pd.DataFrame, method: Method) -> dict[str, float]:
    """Addresses of the weights; an indicator's is kept at 1 on average in its dimension."""
    weights = dict(zip(table["name"], table["weight"], strict=True))
    size = {one.id: len(method.of_dimension(name)) for name in method.dimensions for one in method.of_dimension(name)}
    return {
        (f"indicators.{name}.weight" if name in size else f"dimensions.{name}.weight"): float(value) * size.get(name, 1)
        for name, value in weights.items()
    }
