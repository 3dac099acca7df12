"""Agreement with the reference: replay of an uncertainty analysis, Sobol indices of the Ishigami function."""

import numpy as np

from helpers import composite as c
from helpers.composite.choices import Plan, check_choices
from helpers.composite.evaluate import evaluate_model


def asem_data(asem):
    groups = {name: asem.frame[name].to_numpy() for name in ("EurAsia_group", "GDP_group")}
    sizes = {name: asem.frame[name].to_numpy(float) for name in ("Area", "Energy", "GDP", "Population")}
    return c.Data(asem.values, tuple(asem.units), groups, sizes)


def reference_spec(asem):
    by = {code: name for code, name in asem.indicator_meta["Denominator"].items() if isinstance(name, str)}
    return c.default_spec(
        asem.structure,
        denominate={"by": by},
        impute={"method": "mean", "groups": "EurAsia_group"},
        screen={"min_available": 0.9},
        treat={"winmax": 5},
        normalise={"method": "minmax", "lower": 0, "upper": 100},
    )


def test_ref_pipeline_as_a_recipe(case, asem):
    ref = case("ref_pipeline")
    ours = c.run(reference_spec(asem), asem_data(asem), asem.structure)
    for step, name in (
        ("denominate", "denominated"),
        ("impute", "imputed"),
        ("screen", "screened"),
        ("treat", "treated"),
    ):
        ref.close(ours.stages[step], ref.table(name)[asem.codes])
    ref.close(ours.stages["normalise"], ref.table("normalised")[asem.codes])
    ref.close(ours.scores[ours.included], ref.table("aggregated")[list(asem.structure.nodes)])


def reference_choices(asem, ref):
    sets = ref.table("weights", "inputs")
    weights = [dict(zip(t["iCode"], t["Weight"], strict=True)) for number, t in sets.groupby("set") if number <= 100]
    normalisations = [{"method": "minmax", "lower": 1}, {"method": "zscore", "mean": 10, "sd": 2}]
    return [
        {"address": "treat.winmax", "alternatives": [1, 2, 3, 4, 5]},
        {"address": "normalise", "alternatives": normalisations},
        {"address": "weights", "alternatives": weights},
        {"address": "aggregate.kind", "alternatives": ["arithmetic", "geometric"]},
    ]


def test_ua_300(case, asem):
    ref = case("ua_300")
    spec, recipe = reference_spec(asem), c.Recipe(asem_data(asem), asem.structure)
    choices = check_choices(reference_choices(asem, ref), spec)
    names = ["Winmax", "Normalisation", "Weights", "Aggregation"]
    index = ref.table("design")[[f"i_{name}" for name in names]].to_numpy() - 1
    ours = evaluate_model(recipe, spec, choices, Plan(index / 1.0, [ch.alternatives for ch in choices], index))
    assert not ours.failed.any()
    runs = [f"r_{i}" for i in range(1, 301)]
    rel = ref.tolerance["replay_rel"]
    ref.close(ours.scores.T, ref.table("scores")[runs], rel, 0)
    ranks = c.rank(ours.scores)
    np.testing.assert_array_equal(ranks.T, ref.table("ranks")[runs])
    nominal = c.run(spec, asem_data(asem), asem.structure)
    stats, table = ref.table("rank_stats"), c.rank_intervals(ranks, nominal.ranks)
    for column, key in zip(
        ["Nominal", "Mean", "Median", "Q5", "Q95"], ["nominal", "mean", "median", "low", "high"], strict=True
    ):
        ref.close(table[key], stats[column], rel, 1e-12)
    # Each step is computed only as often as the choices that reach it differ.
    assert ours.computed | {"aggregate": 0} == {
        "denominate": 1, "impute": 1, "screen": 1, "treat": 5, "normalise": 10, "aggregate": 0
    }  # fmt: skip


def test_ua_300_resampled(case, asem):
    """Our own draws give the same distribution of ranks, within the Monte Carlo error that the case states."""
    ref = case("ua_300")
    spec, recipe = reference_spec(asem), c.Recipe(asem_data(asem), asem.structure)
    ours = c.monte_carlo(recipe, spec, reference_choices(asem, ref), draws=3000, seed=4001)
    theirs, table = ref.table("rank_stats"), ours.intervals()
    spread = ref.table("ranks")[[f"r_{i}" for i in range(1, 301)]].to_numpy().std(axis=1, ddof=1)
    assert (np.abs(table["mean"] - theirs["Mean"]) <= 4 * spread / np.sqrt(300) + 1e-9).all()
    assert (np.abs(table["low"] - theirs["Q5"]) <= 2).all()
    assert (np.abs(table["high"] - theirs["Q95"]) <= 2).all()


def ishigami(x, a=7.0, b=0.1):
    x = np.pi * (2 * x - 1)
    return np.sin(x[:, 0]) + a * np.sin(x[:, 1]) ** 2 + b * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_sobol_ishigami(case):
    ref = case("sobol_ishigami")
    table, expected = ref.table("design"), ref.table("estimate_N500")
    y = table["y"].to_numpy(float)
    np.testing.assert_allclose(ishigami(table[["X1", "X2", "X3"]].to_numpy(float)), y, rtol=1e-10, atol=1e-10)
    ours = c.sobol_indices(y, 3, centre=False)
    ref.close(ours.first[0], expected["Si"], ref.tolerance["replay_rel"], 1e-12)
    ref.close(ours.total[0], expected["STi"], ref.tolerance["replay_rel"], 1e-12)


def test_sobol_ishigami_bootstrap(case):
    """Bootstrap bounds of the same run: theirs are from 5 % to 95 %, random, so agreement is rough."""
    ref = case("sobol_ishigami")
    y, theirs = ref.table("design")["y"].to_numpy(float), ref.table("bootstrap_N500")
    ours = c.sobol_indices(y, 3, 2000, 0.9, np.random.default_rng(3), centre=False)
    for low, high, name in ((ours.first_low, ours.first_high, "Si"), (ours.total_low, ours.total_high, "STi")):
        width = (theirs[f"{name}_q95"] - theirs[f"{name}_q5"]).to_numpy()
        assert (np.abs(low[0] - theirs[f"{name}_q5"]) < width / 3).all()
        assert (np.abs(high[0] - theirs[f"{name}_q95"]) < width / 3).all()


def test_sobol_ishigami_from_our_own_sample(case):
    """Within four standard deviations of the Monte Carlo estimator at the same N of the analytic indices."""
    ref = case("sobol_ishigami")
    analytic = ref.table("analytic")
    for base, name in ((1000, "mc_N1000"), (10000, "mc_N10000")):
        spread = ref.table(name)
        ours = c.sobol_indices(ishigami(c.saltelli_sample(3, base, seed=11)), 3)
        assert (np.abs(ours.first[0] - analytic["Si"]) < 4 * spread["Si_sd"]).all()
        assert (np.abs(ours.total[0] - analytic["STi"]) < 4 * spread["STi_sd"]).all()
