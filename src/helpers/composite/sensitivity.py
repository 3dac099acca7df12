"""Which choice the ranks owe their spread to: variance-based sensitivity (Sobol 2001; Saltelli et al. 2010)."""

import warnings
from dataclasses import dataclass

import numpy as np
from SALib.sample import sobol as salib_sobol

from .choices import check_choices, plan_draws
from .errors import CompositeError
from .robustness import Robustness, groups_of, make_record, monte_carlo, run_plan

_ZERO = 1e-12  # a variance below this, beside the squared mean, is rounding


@dataclass(frozen=True)
class Indices:
    """First-order and total indices (outputs, choices) with bootstrap bounds, and how far they have settled.

    first_low .. total_high: quantiles of the bootstrap. convergence: largest absolute difference, per output, of
    any index between the first half of the sample and the whole. used, dropped: rows of the base sample; a row is
    dropped as a whole if any of its runs failed. An output that does not vary has NaN.
    """

    first: np.ndarray
    total: np.ndarray
    first_low: np.ndarray
    first_high: np.ndarray
    total_low: np.ndarray
    total_high: np.ndarray
    convergence: np.ndarray
    used: int
    dropped: int


@dataclass(frozen=True)
class Sensitivity:
    """Indices for the rank of every unit (`units`) and for the mean shift of ranks (`shift`, one output).

    shift_values: (runs,), mean absolute difference of ranks from the nominal ranks. runs: the evaluated design.
    """

    names: tuple[str, ...]
    units: Indices
    shift: Indices
    shift_values: np.ndarray
    runs: Robustness


def saltelli_sample(choices: int, base: int, seed: int) -> np.ndarray:
    """SALib's scrambled Sobol sample: (base * (choices + 2), choices), first A, then B, then A with column i of B."""
    if base < 2:
        raise CompositeError(f"a base sample of {base}: ask for at least 2, better 512 or more")
    problem = {"num_vars": choices, "names": [f"x{i}" for i in range(choices)], "bounds": [[0.0, 1.0]] * choices}
    with warnings.catch_warnings():
        # A base that is no power of 2 loses balance, not validity; the bootstrap shows what it costs.
        warnings.simplefilter("ignore")
        sample = salib_sobol.sample(problem, base, calc_second_order=False, seed=seed)
    return sample.reshape(base, choices + 2, choices).transpose(1, 0, 2)[_salib_order(choices)].reshape(-1, choices)


def _salib_order(choices: int) -> list[int]:
    """SALib lays out A, AB_1 .. AB_d, B; ours is A, B, AB_1 .. AB_d."""
    return [0, choices + 1, *range(1, choices + 1)]


def sobol(model, spec, choices, base: int = 512, seed: int = 0, bootstraps: int = 500, level: float = 0.95):
    """First-order and total Sobol indices of the uncertain choices; base * (choices + 2) runs.

    Arguments as in `monte_carlo`. Returns `Sensitivity`. A choice that draws weights is one input.
    """
    checked = check_choices(choices, spec)
    u = saltelli_sample(len(checked), base, seed)
    record = make_record("sobol", spec, choices, base=base, seed=seed, bootstraps=bootstraps, level=level)
    runs = run_plan(model, spec, checked, plan_draws(u, checked, spec, seed, groups_of(model)), record)
    shift = mean_shift(runs.ranks, runs.nominal_ranks)
    found = [
        sobol_indices(y, len(checked), bootstraps, level, np.random.default_rng([seed, 1]))
        for y in (runs.ranks, shift[:, None])
    ]
    return Sensitivity(tuple(choice.name for choice in checked), *found, shift, runs)


def replay(record: dict, model):
    """The same run again from the record of a `Robustness`: the same sample, scores and ranks."""
    parameters = {key: value for key, value in record.items() if key not in ("design", "spec", "choices")}
    runs = {"monte carlo": monte_carlo, "sobol": sobol}
    if record.get("design") not in runs:
        raise CompositeError(f"no run of the design {record.get('design')!r} can be replayed: use {', '.join(runs)}")
    return runs[record["design"]](model, record["spec"], record["choices"], **parameters)


def mean_shift(ranks, nominal) -> np.ndarray:
    """Mean over the units of the absolute difference of ranks, per draw; NaN where a draw failed."""
    difference = np.abs(ranks - nominal)
    known = ~np.isnan(difference)
    n = known.sum(axis=-1)
    with np.errstate(invalid="ignore"):
        return np.where(known, difference, 0.0).sum(axis=-1) / np.where(n > 0, n, np.nan)


def sobol_indices(y, choices: int, bootstraps: int = 0, level: float = 0.95, rng=None, centre: bool = True) -> Indices:
    """Indices from outputs y ((choices + 2) * base, outputs) in the layout of `saltelli_sample`.

    First order: mean(yB (yAB - yA)) / V, total: mean((yA - yAB)^2) / (2 V), V = var(yA, yB) with n - 1 (Saltelli et
    al. 2010, table 2 b and f). centre: subtract the mean first; the first-order estimate keeps its expectation and
    loses the error that a mean far from zero brings. bootstraps: resamples of base rows for the bounds.
    """
    y = np.asarray(y, dtype=float)
    y = y[:, None] if y.ndim == 1 else y
    if len(y) % (choices + 2):
        raise CompositeError(f"{len(y)} runs for {choices} choices: a Sobol design has base * (choices + 2)")
    blocks = y.reshape(choices + 2, -1, y.shape[1])
    dead = np.isnan(blocks).all(axis=0).all(axis=0)
    whole = ~np.isnan(blocks[:, :, ~dead]).any(axis=(0, 2))
    blocks = blocks[:, whole]
    used = int(whole.sum())
    if used < 2:
        raise CompositeError(f"only {used} of {len(whole)} base rows worked: mend the failing draws first")
    if centre:
        blocks = blocks - blocks[:2].mean(axis=(0, 1))
    terms = _terms(blocks)
    first, total = _estimate(terms, np.ones((1, used)))
    half_first, half_total = _estimate(terms, (np.arange(used) < used // 2)[None].astype(float))
    settled = np.maximum(np.abs(half_first - first), np.abs(half_total - total))[0].max(axis=-1)
    bounds = _bounds(terms, used, bootstraps, level, rng, first.shape[1:])
    return Indices(first[0], total[0], *bounds, settled, used, len(whole) - used)


def _terms(blocks):
    """Per base row what the estimators sum: (rows, outputs * choices) twice, (rows, outputs) twice."""
    a, b, ab = blocks[0], blocks[1], np.moveaxis(blocks[2:], 0, -1)
    first, total = b[..., None] * (ab - a[..., None]), (a[..., None] - ab) ** 2 / 2
    return first, total, a + b, a**2 + b**2


def _estimate(terms, counts):
    """Indices (resamples, outputs, choices) for rows taken `counts` (resamples, rows) times."""
    first, total, sums, squares = terms
    n = counts.sum(axis=1)[:, None]
    variance = (counts @ squares - (counts @ sums) ** 2 / (2 * n)) / (2 * n - 1)
    variance = np.where(variance > _ZERO * (1 + (counts @ squares) / (2 * n)), variance, np.nan)[..., None]
    shape = (len(counts), *first.shape[1:])
    flat = [(counts @ term.reshape(len(term), -1)).reshape(shape) / n[..., None] for term in (first, total)]
    return flat[0] / variance, flat[1] / variance


def _bounds(terms, used: int, bootstraps: int, level: float, rng, shape):
    if not bootstraps:
        return [np.full(shape, np.nan)] * 4
    rng = rng or np.random.default_rng(0)
    counts = rng.multinomial(used, np.full(used, 1 / used), size=bootstraps).astype(float)
    tails = [(1 - level) / 2, (1 + level) / 2]
    bounds = []
    for found in _estimate(terms, counts):
        bounds += list(_quantiles(found, tails))
    return bounds


def _quantiles(found, tails):
    """Quantiles over resamples; NaN where an output does not vary in some of them."""
    return np.quantile(found, tails, axis=0)
