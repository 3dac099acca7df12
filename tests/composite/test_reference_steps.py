"""Agreement with the reference, step by step: denominate, screen, impute, treat, normalise, single vectors."""

import numpy as np
import pytest

from helpers import composite as c
from helpers.composite.transform import TRANSFORMS

from .conftest import Asem

MARKS = {"": 0, "winhi": 1, "winlo": 2, "+log_CT": 4, "log_CT": 4, "winhi+log_CT": 5, "winlo+log_CT": 6}


def frame_values(case, name, codes):
    return case.table(name)[codes].to_numpy(float)


def check_points(case, name, codes, values, marks):
    """The reference marks the gaps of a transformed indicator too; we mark only cells that hold a value."""
    expected = case.table(name)[codes].astype(object).where(lambda t: t.notna(), "").map(MARKS.__getitem__)
    np.testing.assert_array_equal(marks, np.where(np.isnan(values), 0, expected.to_numpy()))


def check_test(case, table, prefix, measured, chosen):
    case.close(measured[0][chosen], table[f"{prefix}.Skew"][chosen])
    case.close(measured[1][chosen], table[f"{prefix}.Kurt"][chosen])


def test_ref_pipeline(case, asem, pipeline):
    ref, codes = case("ref_pipeline"), asem.codes
    for step in ("denominated", "imputed", "treated", "normalised"):
        ref.close(pipeline[step], frame_values(ref, step, codes))
    screened = c.screen(pipeline["imputed"], min_available=0.9)
    assert ref.table("screened")["uCode"].tolist() == [
        u for u, kept in zip(asem.units, screened.included, strict=True) if kept
    ]
    ref.close(pipeline["aggregated"], frame_values(ref, "aggregated", list(asem.structure.codes)))
    check_points(ref, "treated_points", codes, pipeline["imputed"], pipeline["treatment"].marks)
    table = ref.table("treat_table").set_index("iCode").loc[codes].reset_index()
    check_test(ref, table, "check_SkewKurt0", pipeline["treatment"].before, np.ones(len(codes), bool))


def test_denom_default(case, asem):
    ref = case("denom_default")
    ref.close(c.denominate(asem.values, asem.denominators()), frame_values(ref, "denominated", asem.codes))


SCREENS = [("screen_na_default", "gappy", {}), ("screen_both", "asem", {"min_available": 0.85, "min_nonzero": 0.95})]


@pytest.mark.parametrize(("name", "data", "limits"), SCREENS)
def test_screen(case, request, name, data, limits):
    ref, source = case(name), request.getfixturevalue(data)
    ours, summary = c.screen(source.values, **limits), ref.table("summary")
    counted = ours.availability
    for column, found in zip(["N_missing", "N_zero", "N_miss_or_zero", "Dat_Avail", "Non_Zero"], counted, strict=True):
        ref.close(found, summary[column])
    np.testing.assert_array_equal(ours.low_data, summary["LowData"])
    np.testing.assert_array_equal(ours.low_nonzero, summary["LowNonZero"])
    np.testing.assert_array_equal(ours.included, summary["Included"])
    ref.close(source.values[ours.included], frame_values(ref, "screened", source.codes))
    assert sorted(ref.table("removed")["uCode"]) == sorted(np.array(source.units)[~ours.included])


def test_l_avail(case, gappy):
    ref = case("l_avail")
    by_node = ref.table("by_group")[list(gappy.structure.nodes)]
    ref.close(c.availability_by_node(gappy.values, gappy.structure), by_node)
    unit = ref.table("unit")
    for column, found in zip(unit.columns[1:], c.availability(gappy.values), strict=True):
        ref.close(found, unit[column])


def test_i_mean(case, gappy):
    ref = case("i_mean")
    filled = c.impute(gappy.values, "mean")
    ref.close(filled.values, frame_values(ref, "imputed", gappy.codes))
    np.testing.assert_array_equal(filled.flags, np.isnan(gappy.values))


def test_i_mean_grp_EurAsia(case, gappy):
    ref = case("i_mean_grp_EurAsia")
    filled = c.impute(gappy.values, "mean", groups=gappy.frame["EurAsia_group"].to_numpy())
    ref.close(filled.values, frame_values(ref, "imputed", gappy.codes))


def test_em_mvn4(case):
    ref = case("em_mvn4")
    names = ["x1", "x2", "x3", "x4"]
    fit = c.em_normal(ref.table("input")[names].to_numpy(float))
    assert fit.converged
    ref.close(fit.mean, ref.table("mean")["mean"])
    ref.close(fit.covariance, ref.table("cov")[names])
    ref.close(fit.values, ref.table("imputed")[names])


def flat(panel_values, units, times, table, codes):
    """Our periods as the rows of a reference table."""
    unit, time = {u: i for i, u in enumerate(units)}, {t: i for i, t in enumerate(times)}
    rows = [panel_values[time[t], unit[u]] for u, t in zip(table["uCode"], table["Time"], strict=True)]
    return np.array(rows), table[codes].to_numpy(float)


def test_panel_latest(case, folder):
    ref, data = case("panel_latest"), Asem(folder, "asem_iData_panel_gappy")
    values, units, times = data.periods()
    carried = c.carry_forward(values, times)
    ref.close(*flat(carried.values, units, times, ref.table("imputed"), data.codes))
    years = np.where(carried.source >= 0, times[carried.source], np.nan)
    ref.close(*flat(years, units, times, ref.table("data_year"), data.codes))


def test_panel_linear(case, folder):
    ref, data = case("panel_linear"), Asem(folder, "asem_iData_panel_gappy_no_singletons")
    values, units, times = data.periods()
    ref.close(*flat(c.interpolate(values, times).values, units, times, ref.table("imputed"), data.codes))


def test_panel_raw_global(case, folder):
    ref, data = case("panel_raw_global"), Asem(folder, "asem_iData_panel")
    values, units, times = data.periods()
    normalised = c.normalise(values, "minmax", data.structure.direction, pooled=True)
    ref.close(*flat(normalised, units, times, ref.table("normalised"), data.codes))
    nodes = list(data.structure.nodes)
    ref.close(*flat(c.aggregate(normalised, data.structure), units, times, ref.table("aggregated"), nodes))


def test_panel_treated_per_year(case, folder):
    ref, data = case("panel_treated_per_year"), Asem(folder, "asem_iData_panel")
    values, units, times = data.periods()
    treated = c.treat(values, names=data.codes)
    ref.close(*flat(treated.values, units, times, ref.table("treated"), data.codes))
    normalised = c.normalise(treated.values, "minmax", data.structure.direction)
    ref.close(*flat(normalised, units, times, ref.table("normalised"), data.codes))
    nodes = list(data.structure.nodes)
    ref.close(*flat(c.aggregate(normalised, data.structure), units, times, ref.table("aggregated"), nodes))
    table = ref.table("treat_table")
    at = [
        (int(np.flatnonzero(times == t)[0]), data.codes.index(i))
        for t, i in zip(table["Time"], table["iCode"], strict=True)
    ]
    ref.close([treated.points[p, k] for p, k in at], table["winsorise.nwin"].fillna(0))
    ref.close([treated.before[p, 0, k] for p, k in at], table["check_SkewKurt0.Skew"])
    ref.close([treated.before[p, 1, k] for p, k in at], table["check_SkewKurt0.Kurt"])


def check_treatment(ref, asem, ours):
    ref.close(ours.values, frame_values(ref, "treated", asem.codes))
    check_points(ref, "points", asem.codes, asem.values, ours.marks)
    table = ref.table("table").set_index("iCode").loc[asem.codes].reset_index()
    check_test(ref, table, "check_SkewKurt0", ours.before, np.ones(len(table), bool))
    ref.close(ours.points[ours.points > 0], table["winsorise.nwin"].dropna())
    second = ours.transformed
    check_test(ref, table, "check_SkewKurt1", ours.after, table["check_SkewKurt1.Skew"].notna().to_numpy() & ~second)
    if second.any():
        check_test(ref, table, "check_SkewKurt2", ours.after, second)


def test_qtreat_default(case, asem):
    check_treatment(case("qtreat_default"), asem, c.treat(asem.values, names=asem.codes))


def test_treat_log_plus_w1(case, asem):
    ours = c.treat(asem.values, winmax=1, transform="log_ct_plus", names=asem.codes)
    check_treatment(case("treat_log_plus_w1"), asem, ours)


def test_stats_raw(case, asem):
    ref = case("stats_raw")
    table, ours = ref.table("stats").set_index("iCode").loc[asem.codes], c.statistics(asem.values)
    names = ["Min", "Max", "Mean", "Median", "Std", "Skew", "Kurt", "N.Avail", "N.NonZero", "N.Unique", "N.Same"]
    names += ["Frc.Avail", "Frc.NonZero", "Frc.Unique", "Frc.Same"]
    for name, found in zip(names, ours.values(), strict=True):
        np.testing.assert_allclose(found, table[name], rtol=1e-10, atol=1e-12, err_msg=name)
    flags = c.statistic_flags(ours)
    for name, found in zip(["Flag.Avail", "Flag.NonZero", "Flag.Unique", "Flag.SkewKurt"], flags.values(), strict=True):
        assert found.tolist() == (table[name] != "ok").tolist(), name


POSTS = "asem_iMeta_normparams"
NORMALISATIONS = {
    "minmax_0_100": {"method": "minmax"},
    "zscore_10_2": {"method": "zscore", "mean": 10, "sd": 2},
    "prank_min": {"method": "percentile_rank", "ties": "min"},
    "rank_average": {"method": "rank"},
    "borda_average": {"method": "borda"},
    "dist2ref_DEU": {"method": "reference", "unit": "DEU"},
    "goalposts": {"method": "goalposts", "lo": "goalpost_lower", "hi": "goalpost_upper", "scale": "goalpost_scale"},
    "scaled": {"method": "scaled", "lo": "scaled_lower", "hi": "scaled_upper", "scale": "scale_factor"},
}


@pytest.mark.parametrize("name", NORMALISATIONS)
def test_normalise(case, folder, asem, name):
    ref, rule = case(name), dict(NORMALISATIONS[name])
    source = Asem(folder, meta=POSTS) if name in ("goalposts", "scaled") else asem
    for key in {"lo", "hi", "scale"} & set(rule):
        rule[key] = source.indicator_meta[rule[key]].to_numpy(float)
    if "unit" in rule:
        rule["unit"] = asem.units.index(rule["unit"])
    ours = c.normalise(source.values, direction=source.structure.direction, names=source.codes, **rule)
    ref.close(ours, frame_values(ref, "normalised", source.codes))


def test_fracmax(case, asem):
    """x / max(x) does not exist where the best value is 0 (three indicators with direction -1 and a minimum of 0).

    The reference fills those columns with infinities; we name the first and agree on all others.
    """
    ref, direction = case("fracmax"), asem.structure.direction
    with pytest.raises(c.CompositeError, match="'CostImpEx' has a maximum of zero"):
        c.normalise(asem.values, "max_fraction", direction, names=asem.codes)
    usable = np.nanmax(asem.values * direction, axis=0) != 0
    ours = c.normalise(asem.values[:, usable], "max_fraction", direction[usable])
    expected = frame_values(ref, "normalised", asem.codes)
    ref.close(ours, expected[:, usable])
    assert not np.isfinite(expected[:, ~usable]).any()
    assert (~usable).sum() == 3


def column(function, *args, **kwargs):
    return lambda x: function(x[:, None], *args, **kwargs)[:, 0]


VECTORS = {
    "n_minmax_0_100": column(c.normalise, "minmax"),
    "n_minmax_1_100": column(c.normalise, "minmax", lower=1),
    "n_zscore": column(c.normalise, "zscore"),
    "n_zscore_10_2": column(c.normalise, "zscore", mean=10, sd=2),
    "n_scaled": column(c.normalise, "scaled", lo=1, hi=10),
    "n_dist2max": column(c.normalise, "max_distance"),
    "n_dist2ref_2": column(c.normalise, "reference", unit=1),
    "n_dist2ref_2_cap": column(c.normalise, "reference", unit=1, cap=True),
    "n_dist2targ_6": column(c.normalise, "target", target=6),
    "n_dist2targ_6_cap": column(c.normalise, "target", target=6, cap=True),
    "n_dist2targ_m1_dirneg": column(c.normalise, "target", -1, target=-1),
    "n_fracmax": column(c.normalise, "max_fraction"),
    "n_rank_min": column(c.normalise, "rank", ties="min"),
    "n_rank_avg": column(c.normalise, "rank"),
    "n_prank_min": column(c.normalise, "percentile_rank", ties="min"),
    "n_prank_avg": column(c.normalise, "percentile_rank"),
    "n_borda_min": column(c.normalise, "borda", ties="min"),
    "n_borda_avg": column(c.normalise, "borda"),
    "n_goalposts_0_5_10": column(c.normalise, "goalposts", lo=0, hi=5, scale=10),
    "n_goalposts_neg": column(c.normalise, "goalposts", -1, lo=0, hi=5, scale=10),
    "n_goalposts_notrunc": column(c.normalise, "goalposts", lo=0, hi=5, scale=10, truncate=False),
    "winsorise_5": lambda x: c.winsorise(x[:, None], 5)[0][:, 0],
    "winsorise_1": lambda x: c.winsorise(x[:, None], 1)[0][:, 0],
    "winsorise_nolimit": lambda x: c.winsorise(x[:, None], None)[0][:, 0],
    "winsorise_force_3": lambda x: c.winsorise(x[:, None], 3, force=True)[0][:, 0],
    "log_CT": column(TRANSFORMS["log_ct"]),
    "log_CT_plus": column(TRANSFORMS["log_ct_plus"]),
    "log_CT_orig": column(TRANSFORMS["log_shift"]),
    "boxcox_0": column(TRANSFORMS["box_cox"]),
    "boxcox_half": column(TRANSFORMS["box_cox"], exponent=0.5),
    "boxcox_2": column(TRANSFORMS["box_cox"], exponent=2),
    "i_mean": lambda x: c.impute(x[:, None], "mean").values[:, 0],
    "i_median": lambda x: c.impute(x[:, None], "median").values[:, 0],
}


def test_vectors(case):
    ref = case("vectors")
    for (vector, name), rows in ref.table("cases").groupby(["vector", "fn"], sort=False):
        x, expected = rows["x"].to_numpy(float), rows["y"].to_numpy(float)
        # The reference's log_GII returns its input unchanged, which its own notes call a bug.
        if name == "log_GII_as_shipped":
            continue
        undefined = not np.isfinite(expected[~np.isnan(x)]).all()
        if undefined and not (vector == "skewgap" and name.startswith("n_dist2ref")):
            # A constant, or a target at the worst value: the reference divides by zero, we name the indicator.
            with pytest.raises(c.CompositeError, match=r"constant|worst value"):
                VECTORS[name](x)
            continue
        np.testing.assert_allclose(VECTORS[name](x), expected, rtol=1e-12, atol=1e-12, err_msg=f"{vector} {name}")


def test_vectors_moments(case):
    ref = case("vectors")
    inputs = ref.table("cases").groupby("vector", sort=False)
    for _, row in ref.table("moments").iterrows():
        first = inputs.get_group(row["vector"])
        x = first[first["fn"] == "n_rank_min"]["x"].to_numpy(float)[:, None]
        skew, kurt = c.moments(x)
        # With n = 1e9 + small steps the last digits of a third moment are rounding of the data.
        rel = 1e-6 if row["vector"] == "big" else 1e-12
        np.testing.assert_allclose([skew[0], kurt[0]], [row["skew"], row["kurt"]], rtol=rel, err_msg=row["vector"])
        assert (~np.isnan(x)).sum() == row["n"]
