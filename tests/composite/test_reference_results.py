"""Agreement with the reference: tables, strengths and weaknesses, comparison, removal, growth."""

import numpy as np
import pytest

from helpers import composite as c

from .conftest import Asem, read


def as_frame(rows, codes):
    return [row["unit"] for row in rows], np.array([[row[code] for code in codes] for row in rows])


def test_results_tables(case, asem, pipeline):
    ref, structure = case("results_tables"), asem.structure
    for kind in ("scores", "ranks"):
        for size in ("Summ", "Aggs", "Full"):
            theirs = ref.entry["outputs"][f"{kind}_{size}"]
            table = read(ref.folder / theirs)
            codes = [code for code in table.columns if code in structure.codes]
            ours = c.results_table(pipeline["aggregated"], structure, asem.units, as_ranks=kind == "ranks")
            units, values = as_frame(ours, codes)
            assert units == table["uCode"].tolist()
            ref.close(values, table[codes])
            if "Rank" in table:
                assert [row["rank"] for row in ours] == table["Rank"].tolist()


@pytest.mark.parametrize("group", ["EurAsia_group", "GDP_group", "Pop_group"])
def test_results_tables_group_ranks(case, asem, pipeline, group):
    ref = case("results_tables")
    table = read(ref.folder / ref.entry["outputs"][f"groupranks_{group}"])
    codes = [code for code in table.columns if code in asem.structure.codes]
    labels = asem.frame[group].tolist()
    ours = c.results_table(pipeline["aggregated"], asem.structure, asem.units, groups=labels, as_ranks=True)
    units, values = as_frame(ours, codes)
    assert [row["group"] for row in ours] == table[group].tolist()
    order = [units.index(u) for u in table["uCode"]]
    ref.close(values[order], table[codes])


def test_str_weak(case, asem):
    ref = case("str_weak")
    # Among equal ranks the order of columns decides; the reference holds them in the order of this table.
    ordered = case("eff_weights").table("equal")["iCode"]
    codes = [code for code in ordered if code in asem.codes]
    at = [asem.codes.index(code) for code in codes]
    values, direction = asem.values[:, at], asem.structure.direction[at]
    for (unit, kind, within), table in ref.table("table").groupby(["unit", "kind", "within"], sort=False):
        options = {} if within == "all" else {"groups": asem.frame[within], "min_unique": 0.2}
        place = asem.units.index(unit)
        ours = c.strengths_weaknesses(values, place, direction=direction, discard_worst=True, **options)
        chosen = ours.strengths if kind == "strength" else ours.weaknesses
        assert [codes[k] for k in chosen] == table["Code"].tolist(), (unit, kind, within)
        ref.close(ours.ranks[chosen], table["Rank"])
        ref.close(values[place, chosen], table["Value"])


def geometric(asem, pipeline):
    normalised = c.normalise(pipeline["treated"], "minmax", asem.structure.direction, lower=1)
    return c.aggregate(normalised, asem.structure, {"kind": "geometric"})


def test_compare(case, asem, pipeline):
    ref, nodes = case("compare"), list(asem.structure.nodes)
    second = geometric(asem, pipeline)
    ref.close(second, ref.table("geometric_aggregated")[nodes])
    first = pipeline["aggregated"][:, len(asem.codes) :]
    top = nodes.index("Index")
    for name, as_ranks in (("ranks", True), ("scores", False)):
        ours = c.compare(first[:, top], second[:, top], as_ranks=as_ranks)
        ref.close(np.column_stack(ours), ref.table(name).iloc[:, 1:])
    table = ref.table("corr").set_index("iCode")["Correlation"]
    for code, expected in table.items():
        k = nodes.index(code)
        ref.close(c.correlations(first[:, [k]], second[:, [k]], method="spearman").r[0, 0], expected)


def test_remove_pillars(case, asem, pipeline):
    ref = case("remove_pillars")
    table = ref.table("scores")
    pillars = list(table.columns[2:])
    ours = c.remove_elements(pipeline["normalised"], asem.structure, pillars)
    ref.close(ours.scores, table[["Nominal", *pillars]])
    ref.close(ours.ranks, ref.table("ranks")[["Nominal", *pillars]])
    shifts = ref.table("mean_abs").set_index("uCode")["value"]
    ref.close(ours.mean_shift, shifts.loc[["Nominal", *pillars]])


def test_trends_raw(case, folder):
    ref, data = case("trends_raw"), Asem(folder, "asem_iData_panel")
    values, units, times = data.periods()
    cell = {(u, i): (a, b) for a, u in enumerate(units) for b, i in enumerate(data.codes)}
    whole, recent = c.growth(values, times), c.growth(values, times, since=times[-3])
    slopes = c.trend(values, times)
    for name, column, ours in (
        ("cagr", "CAGR", whole.rate), ("cagr_latest3", "CAGR", recent.rate), ("prc", "prc_change", slopes.rate)
    ):  # fmt: skip
        table = ref.table(name)
        found = [ours[cell[key]] for key in zip(table["uCode"], table["iCode"], strict=True)]
        np.testing.assert_allclose(found, table[column].astype(float), rtol=1e-9, atol=1e-12, err_msg=name)
    table = ref.table("cagr")
    started = [whole.first[cell[key]] for key in zip(table["uCode"], table["iCode"], strict=True)]
    ref.close(started, table["t_first"])
