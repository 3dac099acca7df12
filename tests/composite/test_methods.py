"""Worked numbers for the methods that the reference does not hold."""

import numpy as np
import pytest

from helpers import composite as c


def test_budget_allocation_and_its_spread():
    points = [[50, 30, 20], [10, 10, 80], [6, 2, 2]]
    np.testing.assert_allclose(c.budget_allocation(points), [0.4, 0.2, 0.4])
    np.testing.assert_allclose(c.budget_spread(points)[1], [0.55, 0.25, 0.5])
    with pytest.raises(c.CompositeError, match="panel member 1 .* 'b' has the weight -1"):
        c.budget_allocation([[1, 1], [2, -1]], names=["a", "b"])


def test_ahp_of_consistent_judgements():
    weights = np.array([0.5, 0.3, 0.2])
    found = c.ahp_weights(weights[:, None] / weights)
    np.testing.assert_allclose(found.weights, weights)
    assert found.consistency_ratio == pytest.approx(0, abs=1e-12)


def test_ahp_by_hand():
    """For three judgements the eigenvector is the row geometric means and lambda = 1 + t + 1 / t.

    t = (a13 / (a12 a23))^(1/3) is 1 where the judgements are consistent.
    """
    a12, a13, a23 = 3, 5, 2
    matrix = np.array([[1, a12, a13], [1 / a12, 1, a23], [1 / a13, 1 / a23, 1]])
    rows = np.prod(matrix, axis=1) ** (1 / 3)
    t = (a13 / (a12 * a23)) ** (1 / 3)
    found = c.ahp_weights(matrix)
    np.testing.assert_allclose(found.weights, rows / rows.sum())
    assert found.consistency_ratio == pytest.approx((1 + t + 1 / t - 3) / 2 / 0.58)
    joined = c.ahp_weights([matrix, 1 / matrix])
    np.testing.assert_allclose(joined.weights, 1 / 3)
    with pytest.raises(c.CompositeError, match="'a' and indicator 'b' are not reciprocal"):
        c.ahp_weights([[1, 2], [2, 1]], names=["a", "b"])


def test_dirichlet_and_noise():
    rng = np.random.default_rng(1)
    base = np.array([2.0, 1, 1, 0])
    drawn = c.dirichlet_weights(base, 40, 20_000, rng)
    np.testing.assert_allclose(drawn.sum(axis=1), 1)
    np.testing.assert_allclose(drawn.mean(axis=0), base / 4, atol=0.003)
    np.testing.assert_allclose(drawn.var(axis=0), base / 4 * (1 - base / 4) / 41, rtol=0.05)
    noisy = c.noisy_weights(base, 0.25, 1000, rng)
    assert (np.abs(noisy[:, 0] - 2) <= 0.5).all()
    assert (noisy[:, 3] == 0).all()
    with pytest.raises(c.CompositeError, match="use 0 to 1"):
        c.noisy_weights(base, 1.5, 3, rng)


def test_a_missing_reference_leaves_its_indicator_missing():
    values = np.array([[3.0, np.nan], [1.0, 4.0], [2.0, 7.0]])
    found = c.normalise(values, "reference", unit=0)
    np.testing.assert_allclose(found, [[1, np.nan], [0, np.nan], [0.5, np.nan]])


def test_base_year_pooled_and_by_period():
    panel = np.array([[[0.0], [10.0]], [[5.0], [20.0]]])
    np.testing.assert_allclose(c.normalise(panel)[..., 0], [[0, 100], [0, 100]])
    np.testing.assert_allclose(c.normalise(panel, pooled=True)[..., 0], [[0, 50], [25, 100]])
    np.testing.assert_allclose(c.normalise(panel, base=0)[..., 0], [[0, 100], [50, 200]])
    with pytest.raises(c.CompositeError, match="no base period"):
        c.normalise(panel, "rank", base=0)


def test_a_rule_for_one_indicator():
    values = np.array([[1.0, 1.0], [2.0, 3.0], [3.0, 9.0]])
    found = c.normalise(values, "minmax", each={1: {"method": "rank"}})
    np.testing.assert_allclose(found, [[0, 1], [50, 2], [100, 3]])


def test_row_imputation_on_a_common_scale():
    values = np.array([[0.0, 100, 5], [10.0, 300, np.nan], [5.0, 200, 7]])
    # Scaled, unit 1 has 1 and 1, so the gap is filled with the maximum of its indicator.
    filled = c.impute(values, "row_mean")
    assert filled.values[1, 2] == pytest.approx(7)
    turned = c.impute(values, "row_mean", direction=[-1, -1, 1])
    assert turned.values[1, 2] == pytest.approx(5)
    apart = c.impute(values, "row_mean", within=["x", "x", "y"])
    assert np.isnan(apart.values[1, 2])


def test_a_group_without_values_stays_a_gap():
    values = np.array([[1.0], [3.0], [np.nan], [np.nan]])
    filled = c.impute(values, "mean", groups=["x", "x", "x", "y"])
    np.testing.assert_array_equal(filled.values[:, 0], [1, 3, 2, np.nan])
    np.testing.assert_array_equal(filled.flags[:, 0], [False, False, True, False])


def test_carrying_forward_has_a_limit_in_time():
    values = np.array([[1.0], [np.nan], [np.nan], [4.0], [np.nan]])
    carried = c.carry_forward(values, [2010, 2011, 2015, 2016, 2017], limit=3)
    np.testing.assert_array_equal(carried.values[:, 0], [1, 1, np.nan, 4, 4])
    np.testing.assert_array_equal(carried.source[:, 0], [0, 0, -1, 3, 3])
    np.testing.assert_array_equal(carried.flags[:, 0], [False, True, False, False, True])


def test_interpolating_follows_time_not_position():
    values = np.array([[np.nan], [0.0], [np.nan], [8.0], [np.nan]])
    times = [2000, 2010, 2013, 2014, 2020]
    np.testing.assert_allclose(c.interpolate(values, times).values[:, 0], [0, 0, 6, 8, 8])
    np.testing.assert_allclose(c.interpolate(values, times, limit=5).values[:, 0], [np.nan, 0, 6, 8, np.nan])
    assert c.interpolate(np.array([[np.nan], [3.0]])).values.tolist() == [[3], [3]]


def test_em_recovers_what_is_known_in_closed_form():
    """x complete, y missing for some: the likelihood factorises, so the regression of y on x on complete rows gives
    mean and covariance directly (Anderson 1957)."""
    rng = np.random.default_rng(3)
    x = rng.normal(5, 2, 200)
    y = 3 + 0.7 * x + rng.normal(0, 1, 200)
    seen = rng.random(200) < 0.6
    fit = c.em_normal(np.column_stack([x, np.where(seen, y, np.nan)]))
    slope = np.cov(x[seen], y[seen], ddof=0)[0, 1] / x[seen].var()
    mean = y[seen].mean() + slope * (x.mean() - x[seen].mean())
    residual = y[seen].var() - slope**2 * x[seen].var()
    np.testing.assert_allclose(fit.mean, [x.mean(), mean], rtol=1e-8)
    np.testing.assert_allclose(
        fit.covariance, [[x.var(), slope * x.var()], [slope * x.var(), residual + slope**2 * x.var()]], rtol=1e-7
    )


def test_multiple_imputation_keeps_data_and_carries_uncertainty():
    rng = np.random.default_rng(5)
    z = rng.multivariate_normal([0, 0, 0], [[1, 0.8, 0.5], [0.8, 1, 0.4], [0.5, 0.4, 1]], 150)
    holes = np.where(rng.random(z.shape) < 0.2, np.nan, z)
    copies = c.multiple_imputation(holes, 40, np.random.default_rng(6))
    seen = ~np.isnan(holes)
    assert (copies[:, seen] == holes[seen]).all()
    assert not np.isnan(copies).any()
    np.testing.assert_array_equal(copies, c.multiple_imputation(holes, 40, np.random.default_rng(6)))
    pooled = c.pool(copies.mean(axis=1), copies.var(axis=1, ddof=1) / 150)
    assert (np.abs(pooled.estimate - z.mean(axis=0)) < 4 * np.sqrt(pooled.variance)).all()
    assert ((pooled.missing_part > 0.01) & (pooled.missing_part < 0.5)).all()


def test_rubins_rules_by_hand():
    pooled = c.pool([[1.0], [3.0]], [[0.5], [0.7]])
    assert pooled.estimate[0] == 2
    assert pooled.variance[0] == pytest.approx(0.6 + 1.5 * 2)


def test_the_correct_logarithm_of_the_innovation_index():
    """ln((max - 1) (x - min) / (max - min) + 1): 0 at the minimum, ln(max) at the maximum."""
    x = np.array([[1.0], [2], [3], [500]])
    found = c.transform.log_gii(x)[:, 0]
    assert found[0] == 0
    assert found[-1] == pytest.approx(np.log(500))
    mirrored = c.transform.log_gii(501 - x)[:, 0]
    assert (np.diff(mirrored) < 0).all()  # the order of the units stays


@pytest.mark.parametrize("method", ["pearson", "spearman", "kendall"])
def test_correlations_against_scipy(method):
    from scipy import stats

    rng = np.random.default_rng(2)
    data = rng.integers(0, 8, (25, 3)).astype(float)
    data[rng.random(data.shape) < 0.15] = np.nan
    found = c.correlations(data + 1e6, method=method)
    function = {"pearson": stats.pearsonr, "spearman": stats.spearmanr, "kendall": stats.kendalltau}[method]
    for i, j in ((0, 1), (1, 2), (0, 2)):
        both = ~np.isnan(data[:, i]) & ~np.isnan(data[:, j])
        expected = function(data[both, i], data[both, j])
        assert found.r[i, j] == pytest.approx(expected.statistic, rel=1e-9)
        assert found.p[i, j] == pytest.approx(expected.pvalue, rel=1e-8)
        assert found.n[i, j] == both.sum()
    assert c.correlation_flags(found)[0, 0] == "high"


def test_adequacy_and_sphericity_by_hand():
    """Two indicators: partial = plain correlation, so KMO is one half; Bartlett is -(n - 1 - 9/6) log(1 - r^2)."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=(60, 2)) @ np.array([[1, 0.6], [0, 0.8]])
    r = np.corrcoef(x, rowvar=False)[0, 1]
    assert c.kmo(x).overall == pytest.approx(0.5)
    found = c.bartlett(x)
    assert found.statistic == pytest.approx(-(59 - 1.5) * np.log(1 - r**2))
    assert found.degrees == 1


def test_kmo_of_one_factor():
    """r = 0.5 between all of three: partial correlations are 1/3, so KMO = 0.25 / (0.25 + 1/9)."""
    matrix = np.full((3, 3), 0.5) + np.eye(3) * 0.5
    base = np.linalg.qr(np.random.default_rng(0).normal(size=(40, 4)) - 0)[0]
    centred = base - base.mean(axis=0)
    white = np.linalg.qr(centred)[0][:, :3]
    data = white @ np.linalg.cholesky(matrix).T
    assert c.kmo(data).overall == pytest.approx(0.25 / (0.25 + 1 / 9))


def test_components_keep_their_sign():
    x = np.random.default_rng(1).normal(size=(40, 4)) @ np.random.default_rng(2).normal(size=(4, 4))
    found = c.principal_components(x)
    np.testing.assert_allclose(c.principal_components(x[::-1]).loadings, found.loadings, atol=1e-9)
    assert found.shares.sum() == pytest.approx(1)
    with pytest.raises(c.CompositeError, match="'b' loads negatively"):
        c.pca_weights(np.column_stack([x[:, 0], -0.9 * x[:, 0] + 0.1 * x[:, 1], x[:, 0] + x[:, 2]]), names=list("abc"))


def test_too_few_units_are_told():
    x = np.random.default_rng(1).normal(size=(8, 4))
    reasons = c.too_few_units(x)
    assert reasons["correlation"] == "8 complete units for 4 indicators; at least 10 are needed"
    assert set(reasons) == {"correlation", "alpha", "components", "kmo", "bartlett"}
    assert c.too_few_units(np.random.default_rng(1).normal(size=(60, 4))) == {}


def test_infomax_is_no_worse_than_equal_weights():
    x = np.random.default_rng(7).normal(size=(40, 3)) @ np.array([[1, 0.5, 0], [0, 1, 0.3], [0, 0, 1.0]])
    found = c.optimise_weights(x, "infomax")
    equal = c.correlations(x, x.mean(axis=1)[:, None]).r.sum()
    assert -found.objective >= equal - 1e-9
    assert (found.weights >= 0).all()
    assert found.weights.sum() == pytest.approx(1)


STRUCTURE = c.structure_table(
    {"code": ["a", "b", "e", "f", "d1", "d2", "top"], "parent": ["d1", "d1", "d2", "d2", "top", "top", ""],
     "weight": [1, 2, 1, 1, 2, 1, 1]}
)  # fmt: skip
RULES = [
    {},
    {"rule": {"kind": "geometric"}},
    {"nodes": {"top": {"kind": "geometric", "floor": 1}}},
    {"rule": {"kind": "harmonic"}},
]


@pytest.mark.parametrize("rules", RULES)
def test_contributions_add_up(rules):
    rng = np.random.default_rng(3)
    before, after = rng.uniform(5, 95, (2, 30, 4))
    after[0] = before[0]  # nothing changed
    after[1, 1] = np.nan  # an indicator is lost
    found = c.contributions_to_change(before, after, STRUCTURE, **rules)
    np.testing.assert_allclose(found.parts.sum(axis=1) + found.composition, found.total, atol=1e-9)
    assert (found.parts[0] == 0).all()
    assert found.composition[1] != 0
    assert (found.composition[2:] == 0).all()
    level = c.contributions_to_level(before, STRUCTURE, **rules)
    np.testing.assert_allclose(level.parts.sum(axis=1) + level.composition, level.total, atol=1e-9)


def test_contributions_of_an_arithmetic_mean_by_hand():
    found = c.contributions_to_level(np.array([[30.0, 60, 20, 80]]), STRUCTURE)
    np.testing.assert_allclose(found.parts, [[30 * 2 / 9, 60 * 4 / 9, 20 / 6, 80 / 6]])
    geometric = c.contributions_to_change(
        np.array([[10.0, 10, 10, 10]]), np.array([[20.0, 10, 10, 10]]), STRUCTURE, rule={"kind": "geometric"}
    )
    np.testing.assert_allclose(geometric.parts, [[10 * 2 ** (2 / 9) - 10, 0, 0, 0]])


def test_growth_goes_by_time_not_by_row():
    """Rows out of order and a subset of years: the reference takes rows by position."""
    times = [2022, 2018, 2020, 2019, 2021]
    values = np.array([16.0, 1, 4, 2, 8])[:, None]
    assert c.growth(values, times).rate[0] == pytest.approx(1)
    late = c.growth(values, times, since=2020, until=2021)
    assert (late.rate[0], late.first[0], late.last[0]) == (pytest.approx(1), 2020, 2021)
    assert c.growth([[0.0], [3]], [1, 2]).rate[0] == np.inf
    assert np.isnan(c.growth([[-1.0], [3]], [1, 2]).rate[0])
    assert c.growth([[0.0], [0]], [1, 2]).rate[0] == 0
    assert c.growth([[-1.0], [-4]], [1, 2]).rate[0] == pytest.approx(3)


def test_trend_by_least_squares():
    assert c.trend(np.array([[10.0], [12], [14]]), [2000, 2001, 2002]).rate[0] == pytest.approx(20)
    values = np.array([[10.0], [np.nan], [11], [15]])
    slope, start = np.polyfit([0, 2, 3], [10, 11, 15], 1)
    assert c.trend(values, [2000, 2001, 2002, 2003]).rate[0] == pytest.approx(100 * slope / start)


def test_ranks_within_groups():
    ranks = c.rank_within(np.array([5.0, 7, 5, 9]), ["x", "x", "y", "y"])
    np.testing.assert_array_equal(ranks, [2, 1, 2, 1])


def test_units_kept_and_dropped_by_hand():
    values = np.array([[1, np.nan, np.nan], [1, 2, 3.0], [1, 2, np.nan]])
    assert c.screen(values).included.tolist() == [False, True, True]
    assert c.screen(values, keep=[0], drop=[1]).included.tolist() == [True, False, True]
    with pytest.raises(c.CompositeError, match="both kept and dropped"):
        c.screen(values, keep=[0], drop=[0])


def test_treatment_pooled_over_periods():
    panel = np.random.default_rng(1).normal(size=(4, 30, 2))
    panel[0, 0, 0] = 500
    pooled, apart = c.treat(panel, pooled=True), c.treat(panel)
    assert pooled.values[0, 0, 0] == np.sort(panel[..., 0], axis=None)[-2]
    assert apart.values[0, 0, 0] == np.sort(panel[0, :, 0])[-2]
    assert pooled.marks.sum() == apart.marks.sum() == 1


def test_copeland_as_the_rule_of_a_node():
    values = np.array([[3.0, 3, 1, 1], [2, 2, 2, 2], [1, 1, 3, 3]])
    nodes = c.aggregate(values, STRUCTURE, nodes={"top": {"kind": "copeland"}})
    np.testing.assert_array_equal(nodes[:, 2], [2, 0, -2])
    draws = c.aggregate(
        values, STRUCTURE, nodes={"top": {"kind": "copeland"}}, weights=np.repeat(STRUCTURE.weights[None], 2, 0)
    )
    np.testing.assert_array_equal(draws[:, :, 2], [[2, 0, -2]] * 2)
