"""How far the ranks depend on choices of method: Monte Carlo over uncertain choices (OECD/JRC Handbook, step 8)."""

import copy
from dataclasses import dataclass

import numpy as np

from .choices import Choice, Plan, check_choices, plan_draws, value_at
from .errors import CompositeError
from .evaluate import Evaluated, Recipe, evaluate_model
from .rank import rank


@dataclass(frozen=True)
class Robustness:
    """What came of a Monte Carlo run.

    record: plain data from which `replay` repeats the run. scores, ranks: (draws, units), NaN for failed draws;
    nominal_scores, nominal_ranks: (units,), of the method as it stands. plan: sample and values of every draw.
    failed: (draws,), failures: {reason: draws}. computed: how often each step was computed. silent: alternatives
    that change nothing, each {"choice", "value", "reason"}.
    """

    record: dict
    plan: Plan
    nominal_scores: np.ndarray
    nominal_ranks: np.ndarray
    scores: np.ndarray
    ranks: np.ndarray
    failed: np.ndarray
    failures: dict[str, int]
    computed: dict[str, int]
    silent: list[dict]

    def intervals(self, low: float = 0.05, high: float = 0.95) -> dict[str, np.ndarray]:
        """Per unit nominal, mean, median, low and high quantile (type 7) of its rank over the draws that worked."""
        return rank_intervals(self.ranks, self.nominal_ranks, low, high)


def rank_intervals(ranks, nominal, low: float = 0.05, high: float = 0.95) -> dict[str, np.ndarray]:
    """Nominal rank, mean, median and quantiles over draws (leading axis), draws without a rank left out and counted."""
    worked = ~np.isnan(ranks)
    usable = ranks[worked.any(axis=1)]
    table = {"nominal": np.asarray(nominal, dtype=float), "n": worked.sum(axis=0)}
    if np.isnan(usable).any():
        cut = np.full((3, ranks.shape[1]), np.nan)
        some = worked.any(axis=0)
        cut[:, some] = np.nanquantile(usable[:, some], [low, 0.5, high], axis=0)
        mean = np.full(ranks.shape[1], np.nan)
        mean[some] = np.nanmean(usable[:, some], axis=0)
    else:
        cut, mean = np.quantile(usable, [low, 0.5, high], axis=0), usable.mean(axis=0)
    return table | {"mean": mean, "median": cut[1], "low": cut[0], "high": cut[2]}


def monte_carlo(model, spec, choices, draws: int = 1000, seed: int = 0) -> Robustness:
    """Scores and ranks under `draws` random combinations of the uncertain choices.

    model: a `Recipe`, or a function spec -> scores (units,). spec: the method, nested plain data. choices: see
    `choices`. Draws are independent and uniform; alternatives are equally likely.
    """
    if draws < 1:
        raise CompositeError(f"{draws} draws: ask for at least one")
    checked = check_choices(choices, spec)
    u = np.random.default_rng(seed).random((draws, len(checked)))
    record = make_record("monte carlo", spec, choices, draws=draws, seed=seed)
    return run_plan(model, spec, checked, plan_draws(u, checked, spec, seed, groups_of(model)), record)


def run_plan(model, spec, choices: list[Choice], plan: Plan, record: dict) -> Robustness:
    """Evaluate a plan, the nominal method and the liveness of every alternative."""
    nominal = nominal_scores(model, spec)
    found = evaluate_model(model, spec, choices, plan)
    ranks = rank(found.scores)
    silent = silent_alternatives(model, spec, choices, plan)
    return Robustness(
        record, plan, nominal, rank(nominal), found.scores, ranks, found.failed, found.failures, found.computed, silent
    )


def make_record(design: str, spec, choices, **parameters) -> dict:
    """Plain data that name a run completely, apart from the data and the structure; `replay` takes them."""
    return {"design": design, "spec": copy.deepcopy(spec), "choices": copy.deepcopy(list(choices)), **parameters}


def groups_of(model):
    return model.weight_groups if isinstance(model, Recipe) else None


def nominal_scores(model, spec) -> np.ndarray:
    """Scores of the method as it stands; here a failure is an error."""
    found = evaluate_model(model, spec, [], Plan(np.empty((1, 0)), [], np.empty((1, 0), dtype=np.int64)))
    if found.failed.any():
        raise CompositeError(f"the method fails before anything is varied: {next(iter(found.failures))}")
    return found.scores[0]


def silent_alternatives(model, spec, choices: list[Choice], plan: Plan, probes: int = 4) -> list[dict]:
    """Alternatives that give the same scores as the nominal value, alone and together with other draws of the plan.

    Of a distribution, the smallest, middle and largest value of the plan stand for all. An alternative equal to the
    nominal value is no finding, unless the choice has no other.
    """
    tested = [_tested(choice, plan.values[j], value_at(spec, choice.path)) for j, choice in enumerate(choices)]
    bases = _bases(plan, choices, spec, probes)
    extended, rows = _probe_rows(plan, choices, spec, tested, bases)
    if not rows.size:
        found = None
    else:
        found = evaluate_model(model, spec, choices, Plan(np.empty((len(rows), 0)), extended, rows))
    return _findings(choices, plan, tested, len(bases), found)


def _tested(choice: Choice, values: list, nominal) -> list[int]:
    """Positions of the values to try: all alternatives, or three of a distribution, without the nominal one."""
    at = range(len(values)) if choice.alternatives is not None else sorted({0, len(values) // 2, len(values) - 1})
    return [i for i in at if not _same(values[i], nominal)]


def _same(a, b) -> bool:
    try:
        return bool(a == b)
    except ValueError:  # arrays compare cell by cell
        return bool(np.array_equal(a, b))


def _bases(plan: Plan, choices, spec, probes: int) -> np.ndarray:
    """Index rows around which alternatives are tried: all nominal (one past the end), then draws of the plan."""
    nominal = np.array([[len(values) for values in plan.values]])
    return np.concatenate([nominal, plan.index[:probes]])


def _probe_rows(plan, choices, spec, tested, bases):
    """Values with the nominal one added at the end, and pairs of rows: with the nominal value, with another."""
    extended = [[*values, value_at(spec, c.path)] for values, c in zip(plan.values, choices, strict=True)]
    rows = []
    for j, positions in enumerate(tested):
        for base in bases:
            for value in (len(plan.values[j]), *positions):
                row = base.copy()
                row[j] = value
                rows.append(row)
    return extended, np.array(rows, dtype=np.int64)


def _findings(choices, plan, tested, bases: int, found: Evaluated | None) -> list[dict]:
    silent, at = [], 0
    for j, (choice, positions) in enumerate(zip(choices, tested, strict=True)):
        width = len(positions) + 1
        block = found.scores[at : at + width * bases].reshape(bases, width, -1)
        failed = found.failed[at : at + width * bases].reshape(bases, width)
        at += width * bases
        if not positions:
            value = plan.values[j][0]
            silent.append({"choice": choice.name, "value": value, "reason": "it offers only the nominal value"})
        for column, position in enumerate(positions, start=1):
            alike = _alike(block[:, column], block[:, 0]) & ~failed[:, column]
            if (alike | failed[:, 0]).all() and alike.any():
                value = plan.values[j][position]
                silent.append({"choice": choice.name, "value": value, "reason": "the scores stay as they are"})
    return silent


def _alike(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.isclose(a, b, rtol=1e-12, atol=1e-12, equal_nan=True).all(axis=-1)
