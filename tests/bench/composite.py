"""Speed of the composite engine in CPU seconds, beside a bare-numpy floor measured in the same run.

The data are random, with the shape of the cases whose times are known: COINr 1.1.14 in R on comparable hardware.
A floor does the least that any engine must do with the same arrays: read them, scale them, add them up.
"""

import argparse
import resource
import time
import tracemalloc

import numpy as np

from helpers import composite as c


def cpu_seconds(work, at_least: float = 0.2) -> float:
    """Mean CPU seconds of a call, repeated until it adds up to something that the clock can tell; first call apart."""
    work()
    spent, calls = 0.0, 0
    while spent < at_least:
        start = time.process_time()
        work()
        spent, calls = spent + time.process_time() - start, calls + 1
    return spent / calls


def structure_of(indicators: int) -> c.Structure:
    """Three levels: dimensions of about six indicators, two halves, one index."""
    dimensions = max(2, indicators // 6)
    rows = [{"code": f"i{k}", "parent": f"d{k % dimensions}"} for k in range(indicators)]
    rows += [{"code": f"d{k}", "parent": f"h{k % 2}"} for k in range(dimensions)]
    rows += [{"code": "h0", "parent": "index"}, {"code": "h1", "parent": "index"}, {"code": "index", "parent": ""}]
    return c.structure_table(rows)


def values_of(*shape: int, gaps: float = 0.03, seed: int = 1) -> np.ndarray:
    """A third of the indicators is skewed, as in real data, so that the treatment of outliers has work to do."""
    rng = np.random.default_rng(seed)
    values = rng.normal(50, 10, shape)
    values[..., ::3] = np.exp(rng.normal(0, 1.2, values[..., ::3].shape))
    return np.where(rng.random(shape) < gaps, np.nan, values)


def data_of(units: int, indicators: int) -> c.Data:
    groups = {"half": np.arange(units) % 2}
    sizes = {"population": np.random.default_rng(2).uniform(1, 9, units)}
    return c.Data(values_of(units, indicators), tuple(range(units)), groups, sizes)


def reference_spec(structure: c.Structure) -> dict:
    return c.default_spec(
        structure,
        denominate={"by": {code: "population" for code in structure.indicators[::4]}},
        impute={"method": "mean", "groups": "half"},
        screen={"min_available": 0.5},
        treat={"winmax": 5},
        normalise={"method": "minmax", "lower": 1, "upper": 100},
    )


CHOICES = [
    {"address": "treat.winmax", "alternatives": [1, 2, 3, 4, 5]},
    {
        "address": "normalise",
        "alternatives": [{"method": "minmax", "lower": 1}, {"method": "zscore", "mean": 50, "sd": 2}],
    },
    {"address": "weights", "distribution": {"kind": "noise", "factor": 0.25, "sets": 1000}},
    {"address": "aggregate.kind", "alternatives": ["arithmetic", "geometric"]},
]


def one_run(units=51, indicators=49):
    structure, data = structure_of(indicators), data_of(units, indicators)
    spec = reference_spec(structure)
    return lambda: c.run(spec, data, structure)


def floor_one_run(units=51, indicators=49):
    values, weights = values_of(units, indicators), np.full(indicators, 1 / indicators)

    def work():
        low, high = np.nanmin(values, axis=0), np.nanmax(values, axis=0)
        return np.nan_to_num((values - low) / (high - low)) @ weights

    return work


def uncertainty(draws=5000, units=51, indicators=49):
    structure, data = structure_of(indicators), data_of(units, indicators)
    spec, recipe = reference_spec(structure), c.Recipe(data, structure)
    return lambda: c.monte_carlo(recipe, spec, CHOICES, draws=draws, seed=1).intervals()


def floor_draws(draws=5000, units=51, indicators=49):
    """Random weights, one matrix product, a sort for the ranks."""
    values = np.nan_to_num(values_of(units, indicators))

    def work():
        weights = np.random.default_rng(1).random((draws, indicators))
        return np.argsort(weights @ values.T, axis=1)

    return work


def sensitivity(base=500):
    structure, data = structure_of(49), data_of(51, 49)
    spec, recipe = reference_spec(structure), c.Recipe(data, structure)
    return lambda: c.sobol(recipe, spec, CHOICES, base=base, seed=1)


def panel(units=2000, indicators=50, periods=20, carry=False):
    structure, values = structure_of(indicators), values_of(periods, units, indicators)
    sizes = {"population": np.random.default_rng(2).uniform(1, 9, (periods, units))}
    data = c.Data(values, tuple(range(units)), {}, sizes, np.arange(periods))
    spec = reference_spec(structure)
    del spec["screen"]
    spec["impute"] = {"op": "carry_forward"} if carry else {"method": "mean"}
    return lambda: c.run(spec, data, structure)


def floor_panel(units=2000, indicators=50, periods=20):
    values, weights = values_of(periods, units, indicators), np.full(indicators, 1 / indicators)

    def work():
        low, high = np.nanmin(values, axis=1, keepdims=True), np.nanmax(values, axis=1, keepdims=True)
        return np.nan_to_num((values - low) / (high - low)) @ weights

    return work


def pairwise(units=400, indicators=49):
    values = values_of(units, indicators)
    return lambda: c.copeland(values)


def floor_pairwise(units=400, indicators=49):
    """Every comparison of two units once, in the narrowest type."""
    ranks = np.argsort(np.argsort(values_of(units, indicators), axis=0), axis=0).astype(np.int16).T.copy()

    def work():
        return sum((row[:, None] > row).sum() for row in ranks)

    return work


# What, target in CPU seconds, COINr's CPU seconds, the work, its floor.
TARGETS = [
    ("pipeline 51 x 49, one run", 0.01, 0.081, one_run, floor_one_run),
    ("Monte Carlo, 5000 draws", 2.0, 622.0, uncertainty, floor_draws),
    ("Sobol, 3000 runs", 1.5, 300.0, sensitivity, lambda: floor_draws(3000)),
    ("panel 2000 x 50 x 20", 1.0, 17.1, panel, floor_panel),
    ("panel with last observation", 1.2, 114.0, lambda: panel(carry=True), floor_panel),
    ("Copeland, 400 units", 0.1, 94.0, pairwise, floor_pairwise),
    ("Copeland, 2000 units", 3.0, None, lambda: pairwise(2000), lambda: floor_pairwise(2000)),
]

GROWTH = [
    ("units", (1000, 2000, 4000), lambda n: panel(units=n, periods=5)),
    ("indicators", (25, 50, 100), lambda n: panel(indicators=n, periods=5)),
    ("periods", (5, 10, 20), lambda n: panel(periods=n)),
    ("draws", (2500, 5000, 10000), lambda n: uncertainty(draws=n)),
]


def peak_megabytes(work) -> float:
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def print_targets() -> bool:
    print(f"{'CPU seconds':30}{'here':>9}{'target':>9}{'COINr':>9}{'floor':>9}{'x floor':>9}")
    met = True
    for what, target, theirs, make, floor in TARGETS:
        here, least = cpu_seconds(make()), cpu_seconds(floor())
        met &= here <= target
        shown = f"{theirs:9.3f}" if theirs else f"{'-':>9}"
        verdict = "" if here <= target else "  MISSED"
        print(f"{what:30}{here:9.4f}{target:9.2f}{shown}{least:9.5f}{here / least:9.1f}{verdict}")
    return met


def print_memory() -> bool:
    peak = peak_megabytes(panel(carry=True))
    whole = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\npeak memory of the panel: {peak:.0f} MB in arrays, {whole:.0f} MB for this whole process; target 500 MB")
    return peak <= 500


def print_growth() -> None:
    print(f"\n{'growth':14}{'from':>8}{'to':>8}{'seconds':>10}{'exponent':>10}   (1 = in proportion)")
    for what, sizes, make in GROWTH:
        spent = [cpu_seconds(make(size)) for size in sizes]
        for a, b, first, second in zip(sizes, sizes[1:], spent, spent[1:], strict=False):
            print(f"{what:14}{a:8}{b:8}{second:10.3f}{np.log(second / first) / np.log(b / a):10.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--strict", action="store_true", help="leave with an error if a target is missed")
    strict = parser.parse_args().strict
    met = print_memory()
    print()
    met &= print_targets()
    print_growth()
    if strict and not met:
        raise SystemExit("a target is missed")


if __name__ == "__main__":
    main()
