"""Which figures have to be hidden so that no count of a few persons can be found, by itself or by reckoning (C.10).

An outsider who has everything that was ever published solves it as a linear programme: the least and the greatest that
each hidden count can be. Where that leaves fewer than k values, the programme also says which published figures gave
the count away, and the smallest of those that are not out yet is hidden too (S48a, S48b: threshold rule, secondary
suppression, audit).
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

from helpers.config import Method, MonitorError
from helpers.index.relations import KEY, Relations, relations
from helpers.measures import asks_persons

FEW_PEOPLE = "index.few_people"
COMPLEMENT = "index.few_people_elsewhere"
COLUMNS = [*KEY, "reason"]

LEVELS = {"instance": 0, "territory": 1, "city": 2}
"""What is hidden first: the figure of an instance before that of its district, and that before the city's."""

OPTIMAL, UNBOUNDED = 0, 3
"""Statuses of the solver that say something about a bound."""
LEAST, GREATEST = 1, -1
SLACK = 1e-6
"""How far the solver's numbers may be from whole ones."""


class Target(NamedTuple):
    """A count that must not be found: which unknowns it sums (1, unknowns), how many values must stay possible.

    small: whether it is one of a few persons, that may not be found by way of other figures either. A larger one is
    hidden for another's sake; that as many took part may well stand elsewhere.
    """

    sums: csr_array
    limit: int
    small: bool
    name: str


def protect(counted: pd.DataFrame, earlier: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Figures of the newest period that may not be published, with the reason of each (COLUMNS).

    Parameters
    ----------
    counted: persons behind the figures of this period and of all that were published before it, in that order
        (column ``period``).
    earlier: what was hidden of the earlier ones; the rest of them is public and stays as it is.
    method: the method whose thresholds hold.

    Raises MonitorError where a count can be found from earlier publications alone.
    """
    if not counted["count"].any():
        return pd.DataFrame(columns=COLUMNS)
    system = relations(counted)
    audit = _Audit(system, counted["period"].iloc[-1], earlier, method)
    audit.hide(_small(system, audit.current, method), FEW_PEOPLE)
    waiting = audit.targets()
    while waiting:
        target = waiting.pop()
        while (witness := audit.witness(target)) is not None:
            audit.hide([witness], COMPLEMENT)
            waiting += audit.counts_of(witness)
    chosen = audit.reason != ""
    return system.figures.loc[chosen, KEY].assign(reason=audit.reason[chosen])[COLUMNS].reset_index(drop=True)


def _small(system: Relations, current: np.ndarray, method: Method) -> np.ndarray:
    """Positions of the figures of fewer than k persons, or that split off fewer, or a mean of too few answers."""
    figures, counts = system.figures, system.counts
    few = counts["value"].to_numpy() < _limits(figures, method)[counts["place"]]
    of_few = np.isin(figures.index, counts.loc[few, "place"])
    middles = pd.MultiIndex.from_frame(figures[["figure", "part"]]).isin(_middles(method))
    thin = middles & figures["persons"].between(1, method.thresholds.min_mean_n - 1)
    return np.flatnonzero((of_few | thin) & current)


def _middles(method: Method) -> list[tuple[str, str]]:
    """Figure and part of every mean of answers and every median: of a few they tell what each of them was."""
    answers = [(name, "") for name, one in method.indicators.items() if asks_persons(one)]
    parts = [(name, part, one) for name, figure in method.context.items() for part, one in figure.figures.items()]
    return answers + [(name, part) for name, part, one in parts if one.measure == "median"]


def _limits(figures: pd.DataFrame, method: Method) -> np.ndarray:
    """The k of each figure: greater where it counts persons of sensitive groups."""
    sensitive = [name for name, one in method.indicators.items() if one.sensitive]
    return np.where(figures["figure"].isin(sensitive), method.thresholds.k_sensitive, method.thresholds.k)


class _Audit:
    """What is hidden so far of a system of figures, and what can be found of it all the same."""

    def __init__(self, system: Relations, period: str, earlier: pd.DataFrame, method: Method) -> None:
        figures = system.figures
        self.system, self.k = system, method.thresholds.k
        self.limits = _limits(figures, method)
        self.current = (figures["period"] == period).to_numpy()
        self.hidden = pd.MultiIndex.from_frame(figures[KEY]).isin(pd.MultiIndex.from_frame(earlier[KEY]))
        self.known = np.zeros(len(figures), dtype=bool)
        self.reason = np.full(len(figures), "", dtype=object)
        self.figure_of = system.counts["place"].to_numpy()
        order = figures.assign(level=figures["level"].map(LEVELS)).sort_values(["level", "persons", *KEY[1:]])
        self.rank = pd.Series(range(len(order)), index=order.index).sort_index().to_numpy()

    def hide(self, figures: np.ndarray | list[int], reason: str) -> None:
        """Take figures of this period out of what is published."""
        self.hidden[figures] = True
        self.reason[figures] = reason

    def targets(self) -> list[Target]:
        """Every hidden count of which this period adds to what is known."""
        touched = self.system.component[self.system.matrix[np.flatnonzero(self.current[self.figure_of])].indices]
        counts = [one for figure in np.flatnonzero(self.hidden) for one in self.counts_of(figure)]
        return [one for one in counts if np.isin(self.system.component[one.sums.indices], touched).any()]

    def counts_of(self, figure: int) -> list[Target]:
        """The counts that a figure would publish."""
        row, limit = self.system.figures.loc[figure], int(self.limits[figure])
        name = f"{row['figure']} of {row['unit_id']} in {row['period']}"
        values = self.system.counts["value"].to_numpy()
        return [
            Target(self.system.matrix[[count]], limit, bool(values[count] < limit), name)
            for count in np.flatnonzero(self.figure_of == figure)
        ]

    def witness(self, target: Target) -> int | None:
        """The figure to hide so that a count is less known; None where enough values are possible."""
        shown, witnesses = ~self.hidden & ~self.known, set()
        value = float((target.sums @ self.system.value)[0])  # possible, as it is the truth
        spans = []
        for side in (GREATEST, LEAST):
            bound, figures = self._bound(target, side, shown)
            spans.append(np.floor(abs(bound - value) + SLACK))
            witnesses |= set(figures)
            if sum(spans) + 1 >= target.limit:
                return None
        candidates = sorted(witnesses & set(np.flatnonzero(self.current)), key=self.rank.__getitem__)
        for figure in candidates:
            if not self._is_known(figure):
                return figure
            self.known[figure] = True  # from earlier publications: hiding it would hide nothing
        if candidates:
            return self.witness(target)
        raise MonitorError(
            f"{target.name} can be found from what was published before it",
            remedy="withdraw the earlier figures that give it away",
        )

    def _is_known(self, figure: int) -> bool:
        """Whether the counts of a figure follow from earlier publications."""
        shown = ~self.hidden & ~self.current
        return all(
            abs(self._bound(one, side, shown)[0] - float((one.sums @ self.system.value)[0])) < SLACK
            for one in self.counts_of(figure)
            for side in (GREATEST, LEAST)
        )

    def _bound(self, target: Target, side: int, shown: np.ndarray) -> tuple[float, list[int]]:
        """The least (side 1) or greatest (side -1) of a count given the figures shown, and those that it rests on."""
        inside = np.flatnonzero(np.isin(self.system.component, self.system.component[target.sums.indices]))
        rows = np.flatnonzero(shown[self.figure_of])
        sums = self.system.matrix[rows][:, inside]
        used = np.flatnonzero(np.diff(sums.indptr))
        sums, rows = sums[used], rows[used]
        links = self.system.identities[np.flatnonzero(target.small | ~self.system.across)][:, inside]
        links = links[np.flatnonzero(np.diff(links.indptr))]
        right = np.concatenate([self.system.counts["value"].to_numpy()[rows], np.zeros(links.shape[0])])
        goal = side * target.sums[:, inside].toarray()[0]
        return _solved(goal, side, vstack([sums, links], format="csr"), right, self.figure_of[rows], target)


def _solved(
    goal: np.ndarray, side: int, matrix: csr_array, right: np.ndarray, figures: np.ndarray, target: Target
) -> tuple[float, list[int]]:
    """Bound of a goal over unknowns that are not negative, and the figures with a multiplier in it."""
    if not matrix.shape[0]:
        return (0.0 if side > 0 else np.inf), []
    found = linprog(goal, A_eq=matrix, b_eq=right, bounds=(0, None), method="highs")
    if found.status == UNBOUNDED:
        return -side * np.inf, []
    if found.status != OPTIMAL:
        raise MonitorError(
            f"what can be known of {target.name} could not be reckoned ({found.message})",
            remedy="look for figures of an earlier period that contradict those of this one",
        )
    multipliers = found.eqlin.marginals[: len(figures)]
    return side * found.fun, list(figures[np.abs(multipliers) > SLACK])
