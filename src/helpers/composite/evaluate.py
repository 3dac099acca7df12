"""Scores for many draws of a recipe: each step is computed once per combination of choices that reaches it."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from .aggregate import aggregate
from .choices import Choice, Plan, with_values
from .errors import CompositeError
from .recipe import Data, aggregate_keywords, data_steps, full_rows, start, take_step
from .structure import Structure

_SHARED = 16  # from so many draws on one data set, they share it; fewer are stacked with others


class Evaluated(NamedTuple):
    """scores (draws, units), NaN for failed draws; failures {reason: draws}; computed {step: times}."""

    scores: np.ndarray
    failed: np.ndarray
    failures: dict[str, int]
    computed: dict[str, int]


class Recipe:
    """Data and structure to which specs are applied; `top` is the aggregate that is scored.

    block_bytes bounds the memory of one block of draws.
    """

    def __init__(self, data: Data, structure: Structure, top: str | None = None, block_bytes: int = 32_000_000):
        self.data, self.structure, self.block_bytes = data, structure, block_bytes
        self.column = structure.nodes.index(top or structure.roots[0])

    def weight_groups(self, keys) -> list[list[str]]:
        """The keys of a mapping of weights, grouped by the parent whose share they divide."""
        parents = dict(self.structure.edges)
        named = {key: key.split(">")[1] if ">" in key else parents.get(key, "") for key in keys}
        return [[k for k in keys if named[k] == parent] for parent in dict.fromkeys(named.values())]

    def evaluate(self, spec, choices: list[Choice], plan: Plan) -> Evaluated:
        """Scores of the top for every draw of a plan."""
        return _Evaluation(self, spec, choices, plan).run()


def evaluate_model(model, spec, choices: list[Choice], plan: Plan) -> Evaluated:
    """Scores for every draw of a plan, from a `Recipe` or from a function spec -> scores (units,)."""
    if isinstance(model, Recipe):
        return model.evaluate(spec, choices, plan)
    return _evaluate_function(model, spec, choices, plan)


def _evaluate_function(model: Callable, spec, choices, plan: Plan) -> Evaluated:
    rows, inverse = np.unique(plan.index, axis=0, return_inverse=True)
    found, reasons = [], []
    for row in rows:
        changes = [(c.path, plan.values[j][i]) for j, (c, i) in enumerate(zip(choices, row, strict=True))]
        try:
            found.append(np.asarray(model(with_values(spec, changes)), dtype=float))
            reasons.append("" if np.isfinite(found[-1]).any() else "no unit has a score")
        except CompositeError as error:
            found.append(None)
            reasons.append(str(error))
    sizes = [scores.size for scores in found if scores is not None]
    if not sizes:
        raise CompositeError(f"every draw failed, the first because {reasons[0]}")
    blank = np.full(sizes[0], np.nan)
    scores = np.stack([blank if s is None or r else s for s, r in zip(found, reasons, strict=True)])[inverse.ravel()]
    why = np.array(reasons, dtype=object)[inverse.ravel()]
    failures = {str(reason): int((why == reason).sum()) for reason in dict.fromkeys(why) if reason}
    return Evaluated(scores, why != "", failures, {"model": len(rows)})


class _Evaluation:
    """One pass over a plan, draws sorted so that those with the same data lie together."""

    def __init__(self, recipe: Recipe, spec, choices, plan: Plan):
        self.recipe, self.spec, self.choices, self.plan = recipe, spec, choices, plan
        self.steps = data_steps(spec)
        units = len(start(recipe.data, recipe.structure).included)
        if recipe.data.values.ndim != 2:
            raise CompositeError("robustness takes one period at a time: values must be (units, indicators)")
        self.scores = np.full((len(plan.index), units), np.nan)
        self.reasons = np.full(len(plan.index), "", dtype=object)
        self.computed = dict.fromkeys([*self.steps, "aggregate"], 0)
        self.path: dict[str, tuple] = {}
        self.waiting: dict[tuple, list] = {}
        self.weights = self._weights()
        self.block = max(1, recipe.block_bytes // (8 * units * (len(recipe.structure.indicators) + 8)))

    def columns(self, step: str) -> list[int]:
        return [j for j, choice in enumerate(self.choices) if choice.path[0] == step]

    def changed(self, step: str, draw: int):
        """The parameters of a step in one draw."""
        own = [j for j in self.columns(step)]
        changes = [(self.choices[j].path, self.plan.values[j][self.plan.index[draw, j]]) for j in own]
        return with_values({step: self.spec.get(step)}, changes)[step]

    def run(self) -> Evaluated:
        data_columns = [j for step in self.steps for j in self.columns(step)]
        columns = [*data_columns, *self.columns("aggregate")]
        for rows in _blocks_alike(self.plan.index[:, columns], np.arange(len(self.scores))):
            rows = rows[self.reasons[rows] == ""]
            if rows.size:
                self._attempt(rows)
        for key in list(self.waiting):
            self._flush(key)
        self._blank()
        failed = self.reasons != ""
        found, counts = np.unique(self.reasons[failed].astype(str), return_counts=True)
        failures = dict(zip(found.tolist(), counts.tolist(), strict=True))
        return Evaluated(self.scores, failed, failures, self.computed)

    def _attempt(self, rows: np.ndarray) -> None:
        """Draws that differ in weights only."""
        try:
            values = self._data(int(rows[0]))
            key = tuple(self.plan.index[rows[0], self.columns("aggregate")])
            if len(rows) < _SHARED:
                self._wait(key, values, rows)
            else:
                for part in np.array_split(rows, -(-len(rows) // self.block)):
                    self._score(values, part)
        except CompositeError as error:
            self.reasons[rows] = str(error)

    def _data(self, draw: int) -> np.ndarray:
        """Values ready to aggregate; a step is recomputed only if a choice in it or before it has changed."""
        data, structure = self.recipe.data, self.recipe.structure
        state, key = start(data, structure) if not self.steps else None, ()
        for step in self.steps:
            key = (*key, *self.plan.index[draw, self.columns(step)])
            if self.path.get(step, (None,))[0] != key:
                before = start(data, structure) if state is None else state
                self.computed[step] += 1
                self.path[step] = (key, take_step(step, self.changed(step, draw), before, data, structure))
            state = self.path[step][1]
        return full_rows(state)

    def _wait(self, key: tuple, values: np.ndarray, rows: np.ndarray) -> None:
        queue = self.waiting.setdefault(key, [])
        queue.extend((values, row) for row in rows)
        if len(queue) >= self.block:
            self._flush(key)

    def _flush(self, key: tuple) -> None:
        queue = self.waiting.pop(key)
        for first in range(0, len(queue), self.block):
            part = queue[first : first + self.block]
            rows = np.array([row for _, row in part])
            try:
                self._score(np.stack([values for values, _ in part]), rows)
            except CompositeError:
                self._one_by_one(part)

    def _one_by_one(self, part) -> None:
        """A block in which a draw fails: find which."""
        for values, row in part:
            try:
                self._score(values, np.array([row]))
            except CompositeError as error:
                self.reasons[row] = str(error)

    def _score(self, values: np.ndarray, rows: np.ndarray) -> None:
        keywords = aggregate_keywords(self.changed("aggregate", int(rows[0])))
        weights = self.weights[rows] if self.weights is not None else None
        if weights is None:
            weights = self.recipe.structure.weight_vector(self.spec.get("weights"))
        self.computed["aggregate"] += 1
        nodes = aggregate(values, self.recipe.structure, weights=weights, **keywords)
        self.scores[rows] = nodes[..., self.recipe.column]

    def _weights(self) -> np.ndarray | None:
        """(draws, edges), or None where no choice touches weights; draws with impossible weights fail."""
        own = self.columns("weights")
        if not own:
            return None
        structure, base = self.recipe.structure, self.spec["weights"]
        rows, inverse = np.unique(self.plan.index[:, own], axis=0, return_inverse=True)
        table = np.empty((len(rows), len(structure.edges)))
        for r, row in enumerate(rows):
            changes = [(self.choices[j].path, self.plan.values[j][i]) for j, i in zip(own, row, strict=True)]
            table[r] = structure.weight_vector(with_values({"weights": base}, changes)["weights"])
        bad = ~np.isfinite(table).all(axis=1) | (table < 0).any(axis=1)
        for chosen in structure.node_edges:
            bad |= ~(table[:, chosen].sum(axis=1) > 0)
        self.reasons[bad[inverse.ravel()]] = "weights that are negative, infinite or all zero under a parent"
        return table[inverse.ravel()]

    def _blank(self) -> None:
        empty = ~np.isfinite(self.scores).any(axis=1) & (self.reasons == "")
        self.reasons[empty] = "no unit has a score"
        self.scores[self.reasons != ""] = np.nan


def _blocks_alike(index: np.ndarray, rows: np.ndarray) -> list[np.ndarray]:
    """Rows with equal index, in the order of the index read from the left."""
    if not index.shape[1]:
        return [rows]
    order = np.lexsort(index.T[::-1])
    breaks = np.flatnonzero((np.diff(index[order], axis=0) != 0).any(axis=1)) + 1
    return np.split(rows[order], breaks)
