"""Uncertain choices: addresses, liveness, failures, replay, and indices whose value is known."""

import json

import numpy as np
import pytest
from SALib.analyze import sobol as salib

from helpers import composite as c

TABLE = {
    "code": ["a", "b", "e", "f", "d1", "d2", "top"],
    "parent": ["d1", "d1", "d2", "d2", "top", "top", ""],
    "lo": [0, 0, 0, 0, None, None, None],
    "hi": [100, 100, 100, 100, None, None, None],
}
STRUCTURE = c.structure_table(TABLE)
VALUES = np.random.default_rng(4).uniform(5, 95, (12, 4))
DATA = c.Data(VALUES, tuple(f"u{i}" for i in range(12)))
SPEC = c.default_spec(STRUCTURE, normalise={"method": "goalposts"}, aggregate={"kind": "geometric", "floor": 1})
RECIPE = c.Recipe(DATA, STRUCTURE)
KIND = {"address": "aggregate.kind", "alternatives": ["arithmetic", "geometric"]}
NOISE = {"address": "weights", "distribution": {"kind": "noise", "factor": 0.5, "sets": 50}}
POSTS = {"address": "normalise.method", "alternatives": ["goalposts", "minmax"]}
UPPER = {"address": "normalise.hi", "distribution": {"kind": "uniform", "lo": 80, "hi": 120}}
WIDE = {**SPEC, "normalise": {"method": "goalposts", "lo": 0, "hi": 100}}


def one_by_one(spec, choices, result):
    """Every draw as a run of its own: the slow way."""
    rows = []
    for row in result.plan.index:
        changed = spec
        for choice, values, i in zip(choices, result.plan.values, row, strict=True):
            changed = c.with_value(changed, choice["address"], values[i])
        rows.append(c.run(changed, DATA, STRUCTURE).scores[:, -1])
    return np.array(rows)


@pytest.mark.parametrize(
    "choices", [[KIND, NOISE], [UPPER, NOISE, KIND], [{"address": "weights.d1", "alternatives": [1, 2, 5]}]]
)
def test_all_draws_at_once_are_all_draws_one_by_one(choices):
    result = c.monte_carlo(RECIPE, WIDE, choices, draws=60, seed=2)
    np.testing.assert_allclose(result.scores, one_by_one(WIDE, choices, result), rtol=1e-12)
    np.testing.assert_array_equal(result.ranks, c.rank(result.scores))
    assert not result.failed.any()


def test_small_blocks_change_nothing():
    small = c.Recipe(DATA, STRUCTURE, block_bytes=5000)
    for choices in ([UPPER, NOISE, KIND], [NOISE, KIND]):
        other = c.monte_carlo(small, WIDE, choices, draws=40, seed=3)
        same = c.monte_carlo(RECIPE, WIDE, choices, draws=40, seed=3)
        np.testing.assert_allclose(other.scores, same.scores, rtol=1e-12)
        assert other.computed["aggregate"] > same.computed["aggregate"]


def test_a_function_is_a_model_too():
    function = lambda spec: c.run(spec, DATA, STRUCTURE).scores[:, -1]  # noqa: E731
    ours = c.monte_carlo(function, WIDE, [KIND, UPPER], draws=30, seed=5)
    np.testing.assert_allclose(
        ours.scores, c.monte_carlo(RECIPE, WIDE, [KIND, UPPER], draws=30, seed=5).scores, rtol=1e-12
    )
    few = c.monte_carlo(function, SPEC, [KIND, POSTS], draws=300, seed=5)
    assert few.computed == {"model": 4}  # four combinations, each computed once


def test_only_what_a_draw_changes_is_recomputed():
    result = c.monte_carlo(RECIPE, SPEC, [KIND, NOISE], draws=500, seed=1)
    assert result.computed["normalise"] == 1
    assert result.computed["aggregate"] == 2


def test_replay_is_the_same_run():
    for run, again in (
        (c.monte_carlo(RECIPE, SPEC, [KIND, NOISE], draws=50, seed=9), lambda r: c.replay(r, RECIPE)),
        (c.sobol(RECIPE, SPEC, [KIND, NOISE], base=32, seed=9).runs, lambda r: c.replay(r, RECIPE).runs),
    ):
        kept = json.loads(json.dumps(run.record))
        np.testing.assert_array_equal(again(kept).scores, run.scores)
        np.testing.assert_array_equal(again(kept).plan.u, run.plan.u)
        assert kept["seed"] == 9
    with pytest.raises(c.CompositeError, match="no run of the design 'guess' can be replayed"):
        c.replay({"design": "guess", "spec": SPEC, "choices": []}, RECIPE)


@pytest.mark.parametrize(
    ("address", "hint"),
    [
        ("aggregat.kind", "did you mean 'aggregate'"),
        ("aggregate.kynd", "did you mean 'kind'"),
        ("aggregate.kind.deep", "ends before"),
    ],
)
def test_an_address_that_does_not_exist(address, hint):
    with pytest.raises(c.CompositeError, match=f"the method has no address '{address}'.*{hint}"):
        c.monte_carlo(RECIPE, SPEC, [{"address": address, "alternatives": [1, 2]}], draws=5)


def test_addresses_into_lists_and_keys_with_dots():
    method = {"dimensions": [{"id": "q.1", "weight": 1}, {"id": "d", "weight": 2}], "a.b": 3}
    assert c.value_at(method, "dimensions.1.weight") == 2
    assert c.value_at(method, ["a.b"]) == 3
    changed = c.with_value(method, "dimensions.0.weight", 5)
    assert (changed["dimensions"][0]["weight"], method["dimensions"][0]["weight"]) == (5, 1)


def test_an_alternative_that_changes_nothing_is_reported():
    dead = {"address": "aggregate.floor", "alternatives": [1, 2, 40]}  # no dimension is below 2
    result = c.monte_carlo(RECIPE, SPEC, [dead, KIND], draws=50, seed=1)
    assert [(s["choice"], s["value"]) for s in result.silent] == [("aggregate.floor", 2)]
    only = c.monte_carlo(RECIPE, SPEC, [{"address": "aggregate.floor", "alternatives": [1]}, KIND], draws=5)
    assert only.silent[0]["reason"] == "it offers only the nominal value"


def test_an_alternative_that_matters_only_with_another_is_alive():
    power = {"address": "aggregate.power", "alternatives": [0.5, 2]}
    kinds = {"address": "aggregate.kind", "alternatives": ["geometric", "power"]}
    spec = {**SPEC, "aggregate": {"kind": "geometric", "power": 0.5}}
    assert c.monte_carlo(RECIPE, spec, [power, kinds], draws=60, seed=1).silent == []


def test_failed_draws_are_counted_and_leave_the_statistics():
    broken = {"address": "normalise.method", "alternatives": ["goalposts", "nosuch"]}
    result = c.monte_carlo(RECIPE, SPEC, [broken, KIND], draws=200, seed=1)
    assert result.failed.sum() == (result.plan.index[:, 0] == 1).sum() > 50
    assert sum(result.failures.values()) == result.failed.sum()
    assert "no normalisation is called 'nosuch'" in next(iter(result.failures))
    table = result.intervals()
    assert (table["n"] == 200 - result.failed.sum()).all()
    np.testing.assert_allclose(table["mean"], result.ranks[~result.failed].mean(axis=0))
    negative = {"address": "weights.d1", "alternatives": [1, -1, np.nan]}
    result = c.monte_carlo(RECIPE, SPEC, [negative], draws=90, seed=1)
    np.testing.assert_array_equal(result.failed, result.plan.index[:, 0] > 0)


def test_a_failing_method_is_an_error_at_once():
    with pytest.raises(c.CompositeError, match="the method fails before anything is varied: .*nosuch"):
        c.monte_carlo(RECIPE, {**SPEC, "normalise": {"method": "nosuch"}}, [KIND], draws=5)


def test_sobol_drops_whole_rows_with_a_failed_run():
    broken = {"address": "normalise.method", "alternatives": ["goalposts"] * 9 + ["nosuch"]}
    found = c.sobol(RECIPE, SPEC, [broken, NOISE], base=64, seed=1)
    assert found.units.dropped > 0
    assert found.units.used + found.units.dropped == 64
    assert not np.isnan(found.shift.total).any()


def test_indices_agree_with_salib():
    rng = np.random.default_rng(8)
    design = c.saltelli_sample(3, 256, seed=5)
    y = design[:, 0] + 2 * design[:, 1] * design[:, 2] + 0.01 * rng.random(len(design))
    ours = c.sobol_indices(y, 3)
    blocks = y.reshape(5, 256)
    theirs = salib.analyze(
        {"num_vars": 3, "names": list("xyz"), "bounds": [[0, 1]] * 3},
        np.stack([blocks[0], *blocks[2:], blocks[1]], axis=1).ravel(),
        calc_second_order=False,
        num_resamples=10,
    )
    factor = (512 - 1) / 512  # variance with n - 1 here, with n there
    # They centre by the mean of all runs, we by that of A and B.
    np.testing.assert_allclose(ours.first[0], theirs["S1"] * factor, rtol=1e-6)
    np.testing.assert_allclose(ours.total[0], theirs["ST"] * factor, rtol=1e-9)


@pytest.mark.parametrize("choices", [1, 2, 5])
def test_the_design_has_its_layout(choices):
    design = c.saltelli_sample(choices, 16, seed=0).reshape(choices + 2, 16, choices)
    for i in range(choices):
        expected = design[0].copy()
        expected[:, i] = design[1][:, i]
        np.testing.assert_array_equal(design[2 + i], expected)


def test_centring_lowers_the_error_of_a_large_mean():
    y = c.saltelli_sample(2, 512, seed=1) @ np.array([1.0, 2.0])
    expected = [1 / 5, 4 / 5]  # variances 1/12 and 4/12
    near = c.sobol_indices(y + 1000, 2).first[0]
    far = c.sobol_indices(y + 1000, 2, centre=False).first[0]
    np.testing.assert_allclose(near, expected, atol=0.02)
    assert np.abs(far - expected).max() > np.abs(near - expected).max()


def test_an_output_that_does_not_vary_has_no_index():
    found = c.sobol_indices(np.full(4 * 32, 7.0), 2, bootstraps=20, rng=np.random.default_rng(1))
    assert np.isnan(found.first).all()
    assert np.isnan(found.total_low).all()


def test_bounds_hold_the_estimate_and_shrink_with_the_sample():
    widths = []
    for base in (64, 1024):
        found = c.sobol(RECIPE, SPEC, [KIND, NOISE, POSTS], base=base, seed=2)
        shift = found.shift
        assert ((shift.total_low <= shift.total) & (shift.total <= shift.total_high)).all()
        assert found.names == ("aggregate.kind", "weights", "normalise.method")
        assert found.units.first.shape == (12, 3)
        widths.append((shift.total_high - shift.total_low).max())
    assert widths[1] < widths[0] / 2


DISTRIBUTIONS = [
    ({"kind": "uniform", "lo": 1, "hi": 3}, 2, np.sqrt(1 / 3)),
    ({"kind": "normal", "mean": 1, "sd": 0.1}, 1, 0.1),
    ({"kind": "triangular", "lo": 0, "mode": 1, "hi": 2}, 1, np.sqrt(1 / 6)),
    ({"kind": "integers", "lo": 1, "hi": 3}, 2, np.sqrt(2 / 3)),
]


@pytest.mark.parametrize(("distribution", "mean", "sd"), DISTRIBUTIONS)
def test_distributions(distribution, mean, sd):
    choice = {"address": "weights.d1", "distribution": distribution}
    plan = c.monte_carlo(lambda spec: np.array([spec["weights"]["d1"], 0.0]), SPEC, [choice], draws=4000, seed=3)
    drawn = plan.scores[:, 0]
    assert drawn.mean() == pytest.approx(mean, abs=4 * sd / np.sqrt(4000))
    assert drawn.std() == pytest.approx(sd, rel=0.1)


def test_dirichlet_weights_compete_within_their_parent_only():
    choice = {"address": "weights", "distribution": {"kind": "dirichlet", "concentration": 50, "sets": 400}}
    result = c.monte_carlo(RECIPE, SPEC, [choice], draws=400, seed=3)
    for row in result.plan.values[0][:20]:
        for group in (("a", "b"), ("e", "f"), ("d1", "d2")):
            assert sum(row[k] for k in group) == pytest.approx(2)
    share = np.array([row["a"] / 2 for row in result.plan.values[0]])
    assert share.std() == pytest.approx(np.sqrt(0.25 / 51), rel=0.15)


def test_choices_are_checked():
    for choice, message in (
        ({"address": "aggregate.kind"}, "either alternatives or a distribution"),
        ({"address": "aggregate.kind", "alternatives": []}, "either alternatives or a distribution"),
        ({"address": "aggregate.kind", "alternative": [1]}, "unknown key 'alternative'"),
        ({"address": "aggregate.floor", "distribution": {"kind": "nosuch"}}, "unknown distribution 'nosuch'"),
        ({"address": "aggregate.floor", "distribution": {"kind": "uniform"}}, "is not complete"),
        ({"address": "aggregate.floor", "distribution": {"kind": "noise", "factor": 1}}, "mapping of weights"),
    ):
        with pytest.raises(c.CompositeError, match=message):
            c.monte_carlo(RECIPE, SPEC, [choice], draws=5)
    with pytest.raises(c.CompositeError, match="different names"):
        c.monte_carlo(RECIPE, SPEC, [KIND, KIND], draws=5)


def test_rank_quantiles_are_of_type_seven():
    ranks = np.array([[1.0], [2.0], [3.0], [10.0]])
    table = c.rank_intervals(ranks, [2.0], 0.05, 0.95)
    assert table["low"][0] == pytest.approx(1.15)
    assert table["high"][0] == pytest.approx(8.95)


def test_recipes_are_checked():
    with pytest.raises(c.CompositeError, match="unknown step 'normalize'"):
        c.run({"normalize": {}}, DATA, STRUCTURE)
    with pytest.raises(c.CompositeError, match="step 'treat' does not take these parameters"):
        c.run({"treat": {"winmaxx": 1}}, DATA, STRUCTURE)
    with pytest.raises(c.CompositeError, match="no denominator called 'gdp'"):
        c.run({"denominate": {"by": {"a": "gdp"}}}, DATA, STRUCTURE)
    with pytest.raises(c.CompositeError, match="'zz' is not an indicator"):
        c.run({"normalise": {"method": "minmax", "each": {"zz": {}}}}, DATA, STRUCTURE)
    with pytest.raises(c.CompositeError, match="one column each"):
        c.run(SPEC, c.Data(VALUES[:, :3]), STRUCTURE)


def test_a_step_can_be_switched_off_and_repeated():
    spec = {"normalise": {"method": "goalposts"}, "again": {"op": "normalise", "method": "rank"}, "treat": None}
    result = c.run(spec, DATA, STRUCTURE)
    np.testing.assert_array_equal(result.stages["again"], c.rank(VALUES, axis=0, ties="average", best_first=False))


def test_a_panel_runs_through_a_recipe():
    panel = np.stack([VALUES, VALUES + 1, VALUES * 1.1])
    panel[1, 2, 0] = np.nan
    spec = {"carry_forward": {"limit": 1}, "normalise": {"method": "minmax", "pooled": True}}
    result = c.run(spec, c.Data(panel, DATA.units, times=np.array([2020.0, 2021, 2022])), STRUCTURE)
    assert result.stages["carry_forward"][1, 2, 0] == panel[0, 2, 0]
    assert result.scores.shape == (3, 12, 3)
    assert result.stages["normalise"].max() == 100
    assert result.ranks.shape == (3, 12)
