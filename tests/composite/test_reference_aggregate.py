"""Agreement with the reference: means, coverage rules, Copeland, published anchors."""

import numpy as np
import pytest

from helpers import composite as c


def run(source, weights=None, lower=0, **rule):
    structure = source.structure.with_weights(weights) if weights else source.structure
    normalised = c.normalise(source.values, "minmax", structure.direction, lower=lower, names=source.codes)
    return structure, normalised, c.aggregate(normalised, structure, rule)


def check(ref, structure, normalised, nodes):
    ref.close(normalised, ref.table("normalised")[list(structure.indicators)])
    ref.close(nodes, ref.table("aggregated")[list(structure.nodes)])


def test_a_minmax_amean_raw(case, asem):
    check(case("a_minmax_amean_raw"), *run(asem))


def test_a_minmax_amean_raw_w(case, asem, unequal):
    check(case("a_minmax_amean_raw_w"), *run(asem, unequal))


def test_b_minmax_gmean_raw_w(case, asem, unequal):
    check(case("b_minmax_gmean_raw_w"), *run(asem, unequal, lower=1, kind="geometric"))


def test_b_minmax_hmean_raw(case, asem):
    check(case("b_minmax_hmean_raw"), *run(asem, lower=1, kind="harmonic"))


def test_b_minmax_genmean_p05(case, asem, unequal):
    ref, structure = case("b_minmax_genmean_p0.5"), asem.structure.with_weights(unequal)
    imputed = c.impute(asem.values, "mean").values
    normalised = c.normalise(imputed, "minmax", structure.direction, lower=1)
    check(ref, structure, normalised, c.aggregate(normalised, structure, {"kind": "power", "power": 0.5}))


def test_power_mean_skips_gaps_like_the_other_means(asem, unequal):
    """The reference's generalised mean returns a gap. Ours is continuous in p: near 1 and 0 it meets the others.

    Derivation: M_p = (sum over available of w x^p / sum over available of w)^(1/p); for p -> 1 this is the
    available-case arithmetic mean, for p -> 0 its limit is the available-case geometric mean.
    """
    for p, kind in ((1, "arithmetic"), (1e-7, "geometric"), (-1, "harmonic")):
        *_, ours = run(asem, unequal, lower=1, kind="power", power=p)
        *_, other = run(asem, unequal, lower=1, kind=kind)
        np.testing.assert_allclose(ours, other, rtol=1e-5)


def test_l_thresh_0p667(case, asem):
    check(case("l_thresh_0p667"), *run(asem, min_share=2 / 3))


def test_l_gappy_0p75(case, gappy, unequal):
    check(case("l_gappy_0p75"), *run(gappy, unequal, min_share=0.75))


def test_pillar_physical(case):
    ref = case("pillar_physical")
    values = ref.table("input").drop(columns="uCode").to_numpy(float)
    ours = c.copeland(values)
    ref.close(ours.outrank, ref.table("outrank").drop(columns="uCode"))
    ref.close(ours.scores, ref.table("copeland")["score"])
    half = np.triu(ours.outrank > 0.5) | np.tril(ours.outrank > 0.5)
    assert half.sum() > 0


def test_with_gaps_renormalised(case, asem):
    ref = case("with_gaps_renormalised")
    normalised = c.normalise(asem.values, "minmax", asem.structure.direction)
    ours = c.copeland(normalised)
    ref.close(ours.outrank, ref.table("outrank").drop(columns="uCode"))
    ref.close(ours.scores, ref.table("copeland")["score"])


def test_hdi_hdr2015(case):
    ref = case("hdi_hdr2015")
    table, result = ref.table("data", "inputs"), ref.table("result")
    lo, hi = np.array([20, 0, 0, np.log(100)]), np.array([85, 18, 15, np.log(75000)])
    columns = ["life_expectancy", "expected_schooling", "mean_schooling", "gni_pc"]
    values = table[columns].to_numpy(float)
    values[:, 3] = np.log(values[:, 3])
    shares = c.goalposts(values, lo, hi) / 100
    education = c.weighted_mean(shares[:, 1:3])
    hdi = c.weighted_mean(np.column_stack([shares[:, 0], education, shares[:, 3]]), kind="geometric")
    np.testing.assert_allclose(hdi, result["hdi_computed"], rtol=ref.tolerance["computed_rel"])
    np.testing.assert_allclose(hdi, result["hdi_published"], atol=ref.tolerance["published_abs"])


def test_hdi_worked_example(case):
    ref = case("hdi_worked_example")
    known = ref.table("result").set_index("item")["value"]
    income = c.goalposts([np.log(known["gni_pc"])], np.log(100), np.log(75000))[0] / 100
    assert income == pytest.approx(known["income_index_computed"], rel=ref.tolerance["computed_rel"])
    hdi = c.weighted_mean([known["health"], known["education"], known["income_index_printed"]], kind="geometric")
    assert hdi == pytest.approx(known["hdi_computed"], rel=ref.tolerance["computed_rel"])
    assert hdi == pytest.approx(known["hdi_printed"], abs=ref.tolerance["printed_abs"])
