"""Laws that hold for any data."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from helpers import composite as c

SETTINGS = settings(max_examples=60, deadline=None)
number = st.floats(0.5, 99.5).map(lambda x: round(x, 3))
gap = st.one_of(number, number, number, st.just(np.nan))
SHAPES = array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=7)
KINDS = ["arithmetic", "geometric", "harmonic", "power"]


def tables(cells=gap):
    return SHAPES.flatmap(lambda shape: arrays(float, shape, elements=cells))


def mean(values, weights=None, kind="arithmetic", **rules):
    return c.weighted_mean(values, weights, kind, power=0.4 if kind == "power" else None, **rules)


def slow_mean(row, weights, kind):
    """One unit at a time, straight from the formula."""
    pairs = [(x, w) for x, w in zip(row, weights, strict=True) if x == x]
    total = sum(w for _, w in pairs)
    if not pairs or total == 0:
        return np.nan
    if kind == "geometric":
        return np.prod([x ** (w / total) for x, w in pairs])
    p = {"arithmetic": 1, "harmonic": -1, "power": 0.4}[kind]
    return (sum(w * x**p for x, w in pairs) / total) ** (1 / p)


@pytest.mark.parametrize("kind", KINDS)
@SETTINGS
@given(tables(), st.integers(0, 2**32 - 1))
def test_the_fast_mean_is_the_slow_mean(kind, values, seed):
    weights = np.random.default_rng(seed).integers(0, 4, values.shape[1]) + np.eye(values.shape[1])[0]
    expected = [slow_mean(row, weights, kind) for row in values]
    np.testing.assert_allclose(mean(values, weights, kind), expected, rtol=1e-10)


@pytest.mark.parametrize("kind", KINDS)
@SETTINGS
@given(tables(), st.integers(0, 2**32 - 1))
def test_a_mean_is_bounded_order_free_and_free_of_the_scale_of_weights(kind, values, seed):
    rng = np.random.default_rng(seed)
    weights = rng.uniform(0.1, 3, values.shape[1])
    found = mean(values, weights, kind)
    some = ~np.isnan(values).all(axis=1)
    assert (found[some] >= np.nanmin(values[some], axis=1) - 1e-9).all()
    assert (found[some] <= np.nanmax(values[some], axis=1) + 1e-9).all()
    assert np.isnan(found[~some]).all()
    order = rng.permutation(values.shape[1])
    np.testing.assert_allclose(mean(values[:, order], weights[order], kind), found, rtol=1e-12)
    np.testing.assert_allclose(mean(values, weights * 17.5, kind), found, rtol=1e-12)


@SETTINGS
@given(tables(), st.integers(0, 2**32 - 1))
def test_harmonic_up_to_geometric_up_to_arithmetic(values, seed):
    weights = np.random.default_rng(seed).uniform(0.1, 3, values.shape[1])
    found = [mean(values, weights, kind) for kind in ("harmonic", "geometric", "power", "arithmetic")]
    for lower, upper in zip(found, found[1:], strict=False):
        assert (np.isnan(lower) | (lower <= upper + 1e-9)).all()


@pytest.mark.parametrize("kind", KINDS)
@SETTINGS
@given(tables(number), st.integers(0, 2**32 - 1))
def test_a_mean_never_falls_when_a_child_rises(kind, values, seed):
    rng = np.random.default_rng(seed)
    weights = rng.uniform(0.1, 3, values.shape[1])
    risen = values + rng.uniform(0, 5, values.shape) * (rng.random(values.shape) < 0.5)
    assert (mean(risen, weights, kind) >= mean(values, weights, kind) - 1e-9).all()


@pytest.mark.parametrize("kind", KINDS)
@SETTINGS
@given(tables(), st.integers(0, 2**32 - 1))
def test_draws_are_the_same_as_one_at_a_time(kind, values, seed):
    weights = np.random.default_rng(seed).uniform(0.1, 3, (5, values.shape[1]))
    together = mean(values, weights, kind)
    stacked = mean(np.repeat(values[None], 5, axis=0), weights, kind)
    for row, own in enumerate(weights):
        np.testing.assert_allclose(together[row], mean(values, own, kind), rtol=1e-12)
    np.testing.assert_allclose(together, stacked, rtol=1e-12)


@SETTINGS
@given(
    tables(), st.floats(0.01, 100), st.floats(-50, 50), st.sampled_from(["minmax", "zscore", "max_distance", "rank"])
)
def test_normalising_is_free_of_units(values, factor, shift, method):
    spread = np.fmax.reduce(values, axis=0) - np.fmin.reduce(values, axis=0) > 0.01
    values = values[:, spread]
    if values.shape[1]:
        plain, moved = c.normalise(values, method), c.normalise(np.round(values * factor + shift, 9), method)
        np.testing.assert_allclose(moved, plain, rtol=1e-4, atol=1e-4)
        turned = c.normalise(-values, method, direction=-1)
        np.testing.assert_allclose(turned, plain, rtol=1e-9, atol=1e-9)


@SETTINGS
@given(tables(st.one_of(gap, st.floats(-300, 300))))
def test_goalposts_are_bounded_and_mirrored(values):
    up, down = c.goalposts(values, -10, 90), c.goalposts(values, -10, 90, -1)
    seen = ~np.isnan(values)
    assert ((up[seen] >= 0) & (up[seen] <= 100)).all()
    np.testing.assert_allclose(up + down, np.where(seen, 100, np.nan))
    np.testing.assert_array_equal(c.normalise(values, "goalposts", lo=-10, hi=90), up)


@SETTINGS
@given(tables(st.one_of(st.integers(0, 4).map(float), st.just(np.nan))), st.integers(0, 2**32 - 1))
def test_copeland_is_free_of_row_order_and_sums_to_zero(values, seed):
    rng = np.random.default_rng(seed)
    weights, order = rng.integers(1, 4, values.shape[1]), rng.permutation(len(values))
    found = c.copeland(values, weights)
    np.testing.assert_array_equal(c.copeland(values[order], weights).scores, found.scores[order])
    assert found.scores.sum() == 0
    off = ~np.eye(len(values), dtype=bool)
    np.testing.assert_allclose(
        (found.outrank + found.outrank.T)[off], np.where(np.isnan(found.outrank[off]), np.nan, 1)
    )
    np.testing.assert_allclose(found.outrank, slow_outranking(values, weights), atol=1e-12)


def slow_outranking(values, weights):
    result = np.zeros((len(values), len(values)))
    for i, own in enumerate(values):
        for j, other in enumerate(values):
            both = ~np.isnan(own) & ~np.isnan(other)
            if i != j:
                won = weights[both & (own > other)].sum() + weights[both & (own == other)].sum() / 2
                result[i, j] = won / weights[both].sum() if both.any() else np.nan
    return result


@SETTINGS
@given(tables(st.one_of(st.integers(0, 4).map(float), st.just(np.nan))))
def test_ranks_are_counts_of_better_units(values):
    ours = c.rank(values, axis=0)
    for k, column in enumerate(values.T):
        better = [np.nan if x != x else 1 + (column > x).sum() for x in column]
        np.testing.assert_array_equal(ours[:, k], better)
    mean_rank = c.rank(values, axis=0, ties="average")
    least, most = c.rank(values, axis=0, ties="min"), c.rank(values, axis=0, ties="max")
    np.testing.assert_array_equal(mean_rank, (least + most) / 2)


def test_ranks_are_taken_before_rounding():
    scores = np.array([50.0004, 50.0001, 50.0003])
    assert c.rank(scores).tolist() == [1, 3, 2]
    assert c.rank(np.round(scores, 2)).tolist() == [1, 1, 1]


@SETTINGS
@given(tables(), st.integers(0, 2**32 - 1))
def test_treating_keeps_order_and_gaps(values, seed):
    heavy = values ** np.random.default_rng(seed).integers(1, 6)
    done = c.treat(heavy, winmax=2)
    np.testing.assert_array_equal(np.isnan(done.values), np.isnan(heavy))
    for before, after in zip(heavy.T, done.values.T, strict=True):
        order = np.argsort(before)[: (~np.isnan(before)).sum()]
        assert (np.diff(after[order]) >= 0).all()


@SETTINGS
@given(tables())
def test_imputing_fills_only_gaps(values):
    for method in ("mean", "median", "row_mean", "row_median"):
        filled = c.impute(values, method)
        seen = ~np.isnan(values)
        np.testing.assert_array_equal(filled.values[seen], values[seen])
        assert not filled.flags[seen].any()
        np.testing.assert_array_equal(filled.flags, ~seen & ~np.isnan(filled.values))
    columns = ~np.isnan(values).all(axis=0)
    assert not np.isnan(c.impute(values, "mean").values[:, columns]).any()
