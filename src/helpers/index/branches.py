"""Dimensions and index under many draws of the uncertain choices at once; all averaging is done by ``composite``."""

from collections.abc import Sequence

import numpy as np

from helpers import composite
from helpers.composite.choices import Plan
from helpers.composite.evaluate import Evaluated
from helpers.config import Method
from helpers.config.method import Aggregation, method_with
from helpers.index.choices import (
    AS_IT_IS,
    AVAILABLE,
    FORM,
    FORMS,
    LEFT_OUT,
    MISSING,
    STRICT,
    WEIGHTS,
    Choice,
    choices_of,
    may_be_left_out,
    scored_indicators,
)
from helpers.index.draws import Draws, Settings
from helpers.index.remeasure import Remeasuring
from helpers.index.scoring import INDEX

BLOCK = 2000
"""Draws held in memory at once."""
NOTHING_LEFT = "nothing is left of a dimension"


class Branches(composite.Recipe):
    """The monitor's method as a model for ``composite.monte_carlo`` and ``composite.sobol``.

    Outputs of a draw, in this order: nodes of every unit (dimensions, then the index) in this period; then, if there
    is an earlier period, the change of every node and of every indicator of every unit since then, on the indicators
    that the draw finds available in both. A choice of the method file that, taken alone, leaves an indicator as it
    is, is taken to leave it so in company too; every combination of the others is measured, once.
    """

    def __init__(self, method: Method, now: Remeasuring, before: Remeasuring | None = None):
        self.method = method
        self.periods = [now] if before is None else [now, before]
        self.choices = choices_of(method)
        self.names = [one.id for one in scored_indicators(method, self.choices)]
        self.nodes = [*method.dimensions, INDEX]
        self.draws = Draws(method, self.choices, self.names)
        structure = self.draws.structure
        super().__init__(composite.Data(np.full((len(now.units), len(structure.indicators)), np.nan)), structure, INDEX)
        self._touching = {name: [one for one in self.choices if self._touches(one, name)] for name in self.names}
        self._measured: dict[tuple, np.ndarray] = {}
        self._methods: dict[tuple, Method] = {(): method}

    @property
    def spec(self) -> dict:
        """The method as plain data, with the four choices that do not stand in its file."""
        weights = composite.default_spec(self.structure)["weights"]
        beside = {
            "assumptions", "standards", "evaluation", "context", "references", "examples", "history", "robustness",
        }  # fmt: skip
        method = self.method.model_dump(exclude=beside)
        return {WEIGHTS: weights, FORM: AS_IT_IS, MISSING: AVAILABLE, LEFT_OUT: "", "method": method}

    def uncertain(self, concentration: float, sets: int) -> list[dict]:
        """The choices as ``composite`` takes them; what the method says is one of the options of each."""
        dirichlet = {"kind": "dirichlet", "concentration": concentration, "sets": sets}
        standard = {
            FORM: [AS_IT_IS, *FORMS],
            MISSING: [AVAILABLE, STRICT],
            LEFT_OUT: ["", *may_be_left_out(self.method)],
        }
        return [
            {"name": WEIGHTS, "address": WEIGHTS, "distribution": dirichlet},
            *({"name": name, "address": name, "alternatives": values} for name, values in standard.items()),
            *(
                {
                    "name": choice.name,
                    "address": ["method", *choice.address.split(".")],
                    "alternatives": [option.value for option in choice.options],
                }
                for choice in self.choices
            ),
        ]

    def evaluate(self, spec, choices, plan: Plan) -> Evaluated:
        """All outputs of every draw of a plan: (draws, outputs), NaN where a node may not be computed.

        A draw has failed where its weights leave nothing of a dimension.
        """
        blocks = np.array_split(np.arange(len(plan.index)), -(-len(plan.index) // BLOCK))
        parts = [self._block(self.draws.settings(choices, plan, rows)) for rows in blocks]
        scores, failed = (np.concatenate(part) for part in zip(*parts, strict=True))
        scores[failed] = np.nan
        failures = {NOTHING_LEFT: int(failed.sum())} if failed.any() else {}
        return Evaluated(scores, failed, failures, {"model": len(scores)})

    def _block(self, settings: Settings) -> tuple[np.ndarray, np.ndarray]:
        """Outputs of a block of draws, and in which of them a dimension has no weight left."""
        empty = np.zeros(len(settings.weights), dtype=bool)
        for chosen in self.structure.node_edges:
            nothing = ~(settings.weights[:, chosen].sum(axis=1) > 0)
            settings.weights[np.ix_(nothing, chosen)] = 1.0
            empty |= nothing
        now, *before = [self._scores(period, settings) for period in self.periods]
        outputs = [self._nodes(now, settings)]
        for earlier in before:
            missing = np.isnan(now) | np.isnan(earlier)
            after, prior = np.where(missing, np.nan, now), np.where(missing, np.nan, earlier)
            outputs += [self._nodes(after, settings) - self._nodes(prior, settings), after - prior]
        return np.concatenate([one.reshape(len(empty), -1) for one in outputs], axis=1), empty

    def _scores(self, period: Remeasuring, settings: Settings) -> np.ndarray:
        """(draws, units, indicators): every indicator as the options that touch it say."""
        scores = np.empty((len(settings.cell), len(period.units), len(self.names)))
        for column, name in enumerate(self.names):
            touching = self._touching[name]
            combinations, code = _combinations([settings.options[one.name] for one in touching], len(scores))
            known = np.stack([self._cells(period, name, touching, row) for row in combinations])
            scores[:, :, column] = known[code, settings.cell[:, column]]
        return scores

    def _cells(self, period: Remeasuring, name: str, touching: Sequence[Choice], picks: tuple[int, ...]) -> np.ndarray:
        """(forms x bounds, units) of an indicator under a combination of options."""
        key = (self.periods.index(period), name, picks)
        if key not in self._measured:
            taken = tuple((one.name, i) for one, i in zip(touching, picks, strict=True) if i)
            self._measured[key] = period.cells(self._method(taken), [name])[..., 0]
        return self._measured[key]

    def _method(self, taken: tuple[tuple[str, int], ...]) -> Method:
        """The method with some options taken."""
        if taken not in self._methods:
            options = {one.name: one for one in self.choices}
            changes = {options[name].address: options[name].options[i].value for name, i in taken}
            self._methods[taken] = method_with(self.method, changes)
        return self._methods[taken]

    def _touches(self, choice: Choice, name: str) -> bool:
        """Whether an alternative, taken alone, gives the indicator another score in any unit, form or period."""
        return any(
            not np.array_equal(one.cells(option.method, [name]), one.cells(self.method, [name]), equal_nan=True)
            for option in choice.options
            if option.remeasured
            for one in self.periods
        )

    def _nodes(self, scores: np.ndarray, settings: Settings) -> np.ndarray:
        """(draws, units, nodes), each draw by its own rule."""
        empty = len(self.structure.indicators) - len(self.names)
        scores = np.concatenate([scores, np.full((*scores.shape[:2], empty), np.nan)], axis=2)
        found = np.empty((*scores.shape[:2], len(self.nodes)))
        for rule in dict.fromkeys(settings.rules):
            rows = np.array([one == rule for one in settings.rules])
            rules = self._rules(Aggregation(**dict(zip(Aggregation.model_fields, rule, strict=True))))
            weights = settings.weights[rows]
            found[rows] = composite.aggregate(scores[rows], self.structure, nodes=rules, weights=weights)
        return found

    def _rules(self, rule: Aggregation) -> dict[str, dict]:
        """The rule of every node (C.7)."""
        within = {"kind": rule.within, "min_weight": rule.min_dimension_weight}
        across = {"kind": rule.across, "floor": rule.floor, "require_all": rule.require_all_dimensions}
        return {**{name: within for name in self.nodes[:-1]}, INDEX: across}


def _combinations(picks: list[np.ndarray], draws: int) -> tuple[list[tuple[int, ...]], np.ndarray]:
    """Combinations that occur among picks, one array (draws,) per choice, and which of them each draw takes."""
    if not picks:
        return [()], np.zeros(draws, dtype=np.int64)
    rows, code = np.unique(np.stack(picks, axis=1), axis=0, return_inverse=True)
    return [tuple(row) for row in rows.tolist()], code.ravel()
