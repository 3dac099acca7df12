"""Agreement with the reference: alpha, correlations, components, effective and optimised weights."""

import numpy as np
import pytest

from helpers import composite as c


def columns(structure, node):
    return [structure.codes.index(code) for code, parent in structure.edges if parent == node]


def test_cronbach(case, asem, pipeline):
    ref = case("cronbach")
    for _, row in ref.table("alpha").iterrows():
        chosen = columns(asem.structure, row["group"])
        data = asem.values * 1.0 if row["level"] == 1 else pipeline["aggregated"]
        ref.close(c.cronbach_alpha(data[:, chosen]), row["alpha"])
        if row["level"] == 1:
            ref.close(c.cronbach_alpha(pipeline["normalised"][:, chosen]), row["alpha_norm"])


@pytest.mark.parametrize("method", ["pearson", "spearman"])
def test_corr(case, asem, pipeline, method):
    ref, codes = case(f"corr_{method}"), list(asem.structure.codes)
    ours = c.correlations(pipeline["aggregated"], method=method).r
    raw = c.correlations(asem.values, method=method).r
    parents = dict(asem.structure.edges)

    def ancestor(code, steps):
        return code if steps == 0 else ancestor(parents[code], steps - 1)

    def found(name, first, second):
        if name == "raw_L1":
            return raw[codes.index(first), codes.index(second)]
        if name == "family":
            first = ancestor(second, {"Pillar": 1, "Sub-index": 2, "Index": 3}[first])
        return ours[codes.index(first), codes.index(second)]

    for name in ref.entry["outputs"]:
        table = ref.table(name)
        values = [found(name, a, b) for a, b in zip(table["Var1"], table["Var2"], strict=True)]
        ref.close(values, table["Correlation"])


def test_pca_norm_L1(case, asem, pipeline):
    ref = case("pca_norm_L1")
    loadings, eigen = ref.table("loadings"), ref.table("eigen")
    for group, table in eigen.groupby("group"):
        members = [code for code, parent in asem.structure.edges if parent == group]
        ours = c.principal_components(pipeline["normalised"][:, columns(asem.structure, group)], names=members)
        ref.close(ours.eigenvalues, table["eigenvalue"])
        ref.close(ours.shares, table["var_share"])
        assert set(table["n"]) == {ours.n}
        theirs = loadings[loadings["group"] == group].pivot(index="iCode", columns="PC", values="loading").loc[members]
        sign = np.sign((theirs.to_numpy() * ours.loadings).sum(axis=0))
        ref.close(ours.loadings * sign, theirs)
        assert (ours.loadings.sum(axis=0) > 0).all()


def test_eff_weights(case, asem, unequal):
    ref = case("eff_weights")
    for name, structure in (("equal", asem.structure), ("unequal", asem.structure.with_weights(unequal))):
        table = ref.table(name).set_index("iCode")["EffWeight"].loc[list(structure.codes)]
        ref.close(c.effective_weights(structure), table)


def test_optw_L3_equal(case, asem, pipeline):
    ref = case("optw_L3_equal")
    chosen = columns(asem.structure, "Index")
    ours = c.optimise_weights(pipeline["aggregated"][:, chosen])
    assert ours.objective <= ref.params["objective_value"] + ref.tolerance["objective_abs"]
    codes = [asem.structure.codes[k] for k in chosen]
    theirs = ref.table("weights").set_index("iCode")["Weight"].loc[codes]
    np.testing.assert_allclose(ours.weights, theirs / theirs.sum(), atol=ref.tolerance["weights_abs"])
    np.testing.assert_allclose(ours.correlations, ref.table("corr_at_optimum")["Correlation"], atol=1e-4)
