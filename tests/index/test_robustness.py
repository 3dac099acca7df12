"""Draws over the uncertain choices: numbers worked by hand, planted mistakes, and the laws of a run."""

import math
import shutil
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import yaml

from helpers import composite, registry, simulation
from helpers.composite.choices import Plan, check_choices
from helpers.config import MonitorError, load_city, load_dictionary, load_method
from helpers.config.method import method_with
from helpers.index import effects_table, previous_of, replay, require_live, robustness, score, spread_table, spreads
from helpers.index.branches import Branches
from helpers.index.choices import FORM, LEFT_OUT, MISSING, WEIGHTS, choices_of
from helpers.index.remeasure import Remeasuring
from helpers.index.robustness import Robustness
from helpers.language import Texts
from helpers.measures import measure
from tests.index.conftest import as_measured
from tests.index.town import TOWN, YEARS, small_method, town

NOW, BEFORE = YEARS["2022"], YEARS["2021"]
ACROSS = ("mean", "aggregation.across", "arithmetic")
CONVEX = {"inform": 0, "consult": 15, "involve": 40, "collaborate": 70, "empower": 100}
STEPS = ("steps", "scales.influence", CONVEX)
NOTICE = ("notice", "indicators.A5.goalposts.hi", 30)
SURE = 1e9  # a concentration at which weights do not move


def run(method, previous=None, tables=None, **settings):
    settings = {"draws": 60, "base": 8, **settings}
    return robustness(tables or town(), method, TOWN, NOW, previous, **settings)


def drawn(method, *, previous=None, **taken):
    """Outputs of one draw that takes the value given for each choice."""
    benches = [Remeasuring(town(), method, TOWN, one) for one in (NOW, previous) if one]
    model = Branches(method, *benches)
    choices = [one for one in check_choices(model.uncertain(20, 1), model.spec) if one.name in taken]
    values = [[taken[one.name]] for one in choices]
    plan = Plan(np.zeros((1, len(values))), values, np.zeros((1, len(values)), dtype=int))
    return model.evaluate(model.spec, choices, plan).scores[0]


def test_two_methods_on_one_bench_spread_as_each_alone():
    methods = [small_method(assumptions=[ACROSS, NOTICE], thresholds__draws=60)]
    methods.append(method_with(methods[0], {"indicators.Q1.weight": 3, "scales.influence": CONVEX}))
    for method, found in zip(methods, spreads(town(), methods, TOWN, NOW), strict=True):
        alone = run(method).nodes
        pd.testing.assert_frame_equal(found[["node", "p05", "p95"]], alone[["node", "p05", "p95"]])


def city(frame, node, column="value"):
    return frame.set_index(["level", "node"]).loc[("city", node), column]


@pytest.mark.parametrize(
    ("taken", "quality", "accessibility", "index"),
    [
        ({}, 59.375, 80, math.sqrt(59.375 * 80)),
        ({"mean": "arithmetic"}, 59.375, 80, 69.6875),
        ({FORM: "instance_mean"}, 56.25, 80, math.sqrt(56.25 * 80)),
        ({LEFT_OUT: "Q1"}, 75, 80, math.sqrt(75 * 80)),
        ({LEFT_OUT: "Q2", "mean": "arithmetic"}, 43.75, 80, 61.875),
        ({"steps": CONVEX}, (38.75 + 75) / 2, 80, math.sqrt(56.875 * 80)),
        ({"notice": 30}, 59.375, 40, math.sqrt(59.375 * 40)),
        ({"steps": CONVEX, "notice": 30, "mean": "arithmetic"}, 56.875, 40, 48.4375),
        ({WEIGHTS: {"quality": 0.75, "accessibility": 0.25}, "mean": "arithmetic"}, 59.375, 80, 64.53125),
        ({WEIGHTS: {"Q1": 3, "Q2": 1}}, (3 * 43.75 + 75) / 4, 80, math.sqrt(51.5625 * 80)),
    ],
)
def test_a_draw_is_the_method_with_what_it_takes(taken, quality, accessibility, index):
    method = small_method(assumptions=[ACROSS, STEPS, NOTICE])
    assert drawn(method, **taken)[:3] == pytest.approx([quality, accessibility, index])


def test_strict_takes_every_missing_cell_at_its_worst():
    """Two of four levels unknown: (25 + 100) / 4 = 31.25 instead of 62.5."""
    tables = town()
    levels = tables["instance_periods"]
    levels.loc[levels["instance_id"].isin(["a", "c"]), "influence_level"] = pd.NA
    model = Branches(small_method(), Remeasuring(tables, small_method(), TOWN, NOW))
    choices = [one for one in check_choices(model.uncertain(20, 1), model.spec) if one.name == MISSING]
    plan = Plan(np.zeros((2, 1)), [["available_case", "strict"]], np.array([[0], [1]]))
    found = model.evaluate(model.spec, choices, plan).scores
    assert found[:, 0] == pytest.approx([(62.5 + 75) / 2, (31.25 + 75) / 2])


def test_an_alternative_weight_moves_the_weight_that_was_drawn_in_proportion():
    method = small_method(assumptions=[("heavy", "indicators.Q1.weight", 3.0)])
    assert drawn(method, heavy=3.0)[0] == pytest.approx((3 * 43.75 + 75) / 4)
    assert drawn(method, heavy=3.0, weights={"Q1": 2, "Q2": 1})[0] == pytest.approx((6 * 43.75 + 75) / 7)


def test_an_alternative_may_switch_an_indicator_on_and_off():
    off = small_method(assumptions=[("without", "indicators.Q2.enabled", False)])
    assert drawn(off, without=False)[0] == pytest.approx(43.75)
    on = small_method(assumptions=[("with", "indicators.Q2.enabled", True)], indicators__Q2__enabled=False)
    assert drawn(on, **{"with": True})[0] == pytest.approx(59.375)
    assert drawn(on)[0] == pytest.approx(43.75)


def test_a_change_is_reckoned_on_the_indicators_that_both_periods_have():
    """Q1 18.75, Q2 25 and A5 20 points more than in 2021; without Q2 in 2021 it stays out on both sides."""
    assert drawn(small_method(), previous=BEFORE)[3:] == pytest.approx(
        [21.875, 20, math.sqrt(59.375 * 80) - math.sqrt(37.5 * 60), 18.75, 25, 20]
    )
    tables = town()
    tables["proposals"] = tables["proposals"][tables["proposals"]["submitted_at"].dt.year == 2022]
    found = run(small_method(aggregation__min_dimension_weight=0.5), BEFORE, tables)
    assert city(found.nodes, "quality", "change") == pytest.approx(18.75)
    assert city(found.nodes, "quality") == pytest.approx(59.375)
    assert pd.isna(city(found.changes, "Q2", "change")) and city(found.changes, "Q2", "draws") == 0


def test_the_share_of_draws_that_agree_in_sign_is_counted():
    """A5 rises from 9 to 12 days: 60 to 80, or 30 to 40; from posts of 5 days on both score 100 and nothing changes."""
    method = small_method(assumptions=[("notice", "indicators.A5.goalposts.hi", 30, 5)])
    found = run(method, BEFORE, draws=600)
    assert city(found.changes, "A5", "change") == pytest.approx(20)
    assert city(found.changes, "A5", "same_sign") == pytest.approx(2 / 3, abs=0.06)
    assert city(found.changes, "Q1", "same_sign") == 1


def test_effects_are_the_shares_of_variance_of_an_additive_case():
    """Of the arithmetic index, notice takes 20 points and steps 2.5: 400 to 6.25 of the variance."""
    # the other form of Q2, and leaving out Q1 or Q2, would move the index too
    off = {"aggregation__across": "arithmetic", "indicators__Q2__enabled": False}
    method = small_method(assumptions=[NOTICE, STEPS], **off)
    found = run(method, base=256, concentration=SURE)
    effects = found.effects[(found.effects["level"] == "city") & (found.effects["node"] == "index")].set_index("choice")
    assert effects.loc["notice", "first"] == pytest.approx(400 / 406.25, abs=0.02)
    assert effects.loc["steps", "total"] == pytest.approx(6.25 / 406.25, abs=0.002)
    assert effects.loc[[WEIGHTS, FORM, MISSING, LEFT_OUT], "total"].to_numpy() == pytest.approx(0, abs=1e-6)
    assert (effects["rows"] == 256).all()


def test_weights_are_drawn_around_those_of_the_method():
    """A Dirichlet of concentration 20 gives a weight of one half a deviation of 0.5 / sqrt(21): 2.25 points here."""
    found = run(small_method(aggregation__across="arithmetic"), draws=4000, seed=3)
    rows = found.nodes.set_index(["level", "node"])
    spread = rows.loc[("city", "index"), "p95"] - rows.loc[("city", "index"), "p05"]
    assert rows.loc[("city", "accessibility"), ["p05", "p95"]].tolist() == [80, 80]
    assert rows.loc[("city", "index"), "median"] == pytest.approx(69.7, abs=1.5)
    assert spread > 2 * 1.645 * 2.2


def test_the_nominal_draw_is_the_published_score(rng):
    method = small_method()
    values = measure(town(), method, NOW, TOWN, rng).values
    published = score(as_measured(values), method).set_index(["level", "unit_id", "node"])["value"]
    found = run(method).nodes.set_index(["level", "unit_id", "node"])["value"]
    assert found.to_dict() == pytest.approx(published[found.index].to_dict(), nan_ok=True)


def test_measuring_again_is_measuring(method):
    """Two alternatives of the method file at a time, looked up, are what the measures give from scratch."""
    changes = [{one.address: one.alternatives[0].value} for one in method.assumptions.values()]
    bench, names = Remeasuring(town(), method, TOWN, NOW), ["Q1", "Q2", "A5"]
    for first, second in zip(changes, changes[1:] + changes[:1], strict=True):
        changed = method_with(method, {**first, **second, "thresholds.draws": 0})
        changed = changed.model_copy(update={"indicators": {name: changed.indicators[name] for name in names}})
        values = measure(town(), changed, NOW, TOWN, None).values
        rows = values[values["level"] == "city"].pivot(index="form", columns="indicator", values="score")
        expected = rows.loc[["pooled", "instance_mean"], names].to_numpy()
        assert bench.cells(changed, names)[[0, 2], 0] == pytest.approx(expected, nan_ok=True)


def test_draws_together_are_what_the_method_gives_one_by_one(rng):
    """The slow and obvious way: for each draw a method file of its own, measured and scored from scratch."""
    method = small_method(assumptions=[ACROSS, STEPS, NOTICE, ("families", "family_weight", "leaves")])
    model = Branches(method, Remeasuring(town(), method, TOWN, NOW))
    runs = composite.monte_carlo(model, model.spec, model.uncertain(20, 12), draws=12, seed=8)
    checked = check_choices(model.uncertain(20, 12), model.spec)
    names = [choice.name for choice in checked]
    for draw, index in enumerate(runs.plan.index):
        taken = {name: runs.plan.values[j][index[j]] for j, name in enumerate(names)}
        values = measure(town(), one_by_one(method, taken), NOW, TOWN, rng).values
        if taken[MISSING] == "strict":
            values["score"] = values["lower"]
        found = score(as_measured(values), one_by_one(method, taken)).query("level == 'city'")["value"]
        assert runs.scores[draw, :3] == pytest.approx(found.to_numpy())


def one_by_one(method, taken):
    addresses = {name: one.address for name, one in method.assumptions.items()}
    changes = {addresses[name]: value for name, value in taken.items() if name in addresses}
    for name in method.indicators:
        changes[f"indicators.{name}.weight"] = taken[WEIGHTS][name]
        changes[f"indicators.{name}.enabled"] = name != taken[LEFT_OUT]
        if taken[FORM] != "as_it_is":
            changes[f"indicators.{name}.form"] = taken[FORM]
    dimensions = {
        name: one.model_copy(update={"weight": taken[WEIGHTS][name]}).model_dump()
        for name, one in method.dimensions.items()
    }
    return method_with(method, {**changes, "dimensions": dimensions})


@pytest.mark.parametrize(
    ("address", "value", "nearest"),
    [
        ("aggregation.acros", "arithmetic", "'across'"),
        ("agregation.across", "arithmetic", "'aggregation'"),
        ("indicators.Q1.goalpost.hi", 90, "'goalposts'"),
        ("indicators.A55.form", "pooled", "'A5'"),
    ],
)
def test_an_address_that_does_not_exist_names_the_nearest(address, value, nearest):
    with pytest.raises(MonitorError, match=f"(?s)'planted'.*{nearest}"):
        choices_of(small_method(assumptions=[("planted", address, value)]))


def test_an_alternative_that_the_method_refuses_names_its_assumption():
    with pytest.raises(MonitorError, match="'planted'.*aggregation.across"):
        choices_of(small_method(assumptions=[("planted", "aggregation.across", "harmonic")]))


@pytest.mark.parametrize(
    ("address", "value"),
    [
        ("aggregation.across", "geometric"),  # what the method says already
        ("deadlines.minutes_days", 10),  # the town has no minutes
        ("indicators.A5.form", "instance_mean"),  # all its events are of one instance
    ],
)
def test_an_alternative_that_changes_nothing_is_an_error_for_a_simulated_city_and_a_note_for_another(address, value):
    method = small_method(assumptions=[("idle", address, value), STEPS])
    found = run(method, draws=4)
    assert require_live(found, method, SimpleNamespace(id="town", simulated=False))["choice"].tolist() == ["idle"]
    simulated = SimpleNamespace(id="town", simulated=True)
    with pytest.raises(MonitorError, match="'idle' changes nothing in town 2022"):
        require_live(found, method, simulated)
    half = found._replace(record={**found.record, "period": "2022-S1"})
    assert len(require_live(half, method, simulated)) == 1


def test_without_anything_measured_there_is_nothing_to_show_and_no_error():
    empty = {name: table.iloc[:0] for name, table in town().items()}
    found = run(small_method(assumptions=[ACROSS]), tables=empty)
    assert found.nodes["value"].isna().all() and (found.nodes["draws"] == 0).all()
    assert found.effects["first"].isna().all()
    assert found.record["failed"] == {}


def test_a_draw_that_leaves_nothing_of_a_dimension_fails_and_is_counted():
    """Switched off in one place and left out in another, nothing remains of quality."""
    method = small_method(assumptions=[("without", "indicators.Q2.enabled", False)])
    found = run(method, draws=300, seed=5)
    failed = found.record["failed"]
    assert list(failed) == ["nothing is left of a dimension"]
    assert failed["nothing is left of a dimension"] == pytest.approx(300 / 6, abs=20)
    assert city(found.nodes, "quality", "draws") == 300 - failed["nothing is left of a dimension"]


def frames(result: Robustness):
    return {name: getattr(result, name) for name in ("nodes", "changes", "effects", "silent")}


def test_a_replay_is_the_same_run_and_another_seed_is_not():
    method = small_method(assumptions=[ACROSS, STEPS])
    first = run(method, BEFORE, seed=11)
    record = yaml.safe_load(yaml.safe_dump(first.record))  # as a file would keep it
    again = replay(record, town(), method, TOWN)
    for name, frame in frames(first).items():
        pd.testing.assert_frame_equal(frame, frames(again)[name])
    other = run(method, BEFORE, seed=12)
    assert not first.nodes["median"].equals(other.nodes["median"])


def test_a_replay_under_another_method_is_refused():
    record = run(small_method(), draws=2).record
    with pytest.raises(MonitorError, match="method_version '1.0.0'"):
        replay(record, town(), small_method().model_copy(update={"version": "2.0.0"}), TOWN)


def test_the_order_of_rows_does_not_matter():
    method = small_method(assumptions=[ACROSS, STEPS])
    shuffled = {name: table.sample(frac=1, random_state=4).reset_index(drop=True) for name, table in town().items()}
    first, second = run(method, BEFORE), run(method, BEFORE, shuffled)
    for name, frame in frames(first).items():
        pd.testing.assert_frame_equal(frame, frames(second)[name])


@pytest.mark.parametrize("seed", range(4))
def test_laws_of_the_table(seed):
    found = run(small_method(assumptions=[ACROSS, STEPS, NOTICE]), BEFORE, seed=seed)
    known = found.nodes.dropna(subset=["median"])
    assert len(known) and (known["p05"] <= known["median"]).all() and (known["median"] <= known["p95"]).all()
    assert known[["p05", "p95"]].ge(0).all(axis=None) and known[["p05", "p95"]].le(100).all(axis=None)
    assert found.changes["same_sign"].dropna().between(0, 1).all()
    assert not found.nodes.duplicated(["level", "unit_id", "node"]).any()


def test_an_additional_choice_that_is_never_taken_alters_no_score():
    """Draws of a choice are its own column: what a method says stays among the options of each."""
    plain, more = small_method(), small_method(assumptions=[ACROSS])
    assert city(run(plain).nodes, "index") == city(run(more).nodes, "index")


def test_composite_names_the_choices_and_keeps_what_the_method_says_among_them():
    method = small_method(assumptions=[ACROSS, STEPS])
    model = Branches(method, Remeasuring(town(), method, TOWN, NOW))
    choices = {one["name"]: one for one in model.uncertain(20, 5)}
    assert list(choices) == [WEIGHTS, FORM, MISSING, LEFT_OUT, "mean", "steps"]
    assert choices["mean"]["alternatives"] == ["geometric", "arithmetic"]
    assert choices[LEFT_OUT]["alternatives"] == ["", "Q1", "Q2"]  # A5 alone is its dimension
    for one in choices.values():
        composite.value_at(model.spec, one["address"])


@pytest.mark.parametrize("language", ["en", "es", "it"])
def test_tables_are_labelled_and_sorted_for_reading(root, language):
    texts = Texts(root, language)
    method = small_method(assumptions=[NOTICE, STEPS])
    found = run(method, BEFORE, base=32, concentration=SURE)
    effects = effects_table(found.effects, method, texts)
    assert effects["first"].is_monotonic_decreasing and effects["first"].between(0, 100).all()
    assert effects["name"].iloc[0] == "x"  # the label of the assumption
    spread = spread_table(found.nodes, {"index": "Index", "quality": "Quality"}, texts)
    assert spread["name"].tolist() == ["Index", "Quality"]
    assert spread["value"].tolist() == pytest.approx([math.sqrt(59.375 * 80), 59.375])
    assert set(texts.headers("robustness", [*effects.columns, *spread.columns])) >= set(effects.columns)


@pytest.mark.slow
def test_every_alternative_of_the_method_file_changes_ciudad_modelo(root, tmp_path):
    """The full simulated city, as the monitor reads it; what changes nothing there has no place in the file."""
    dictionary, settings = load_dictionary(root), load_city(root, simulation.CITY_ID)
    raw = tmp_path / "data" / "raw" / settings.id
    raw.mkdir(parents=True)
    shutil.copy(root / "data" / "raw" / settings.id / "city.yml", raw)
    for name, content in simulation.simulate(2021, dictionary).files.items():
        (raw / name).write_bytes(content)
    tables = registry.clean(settings, dictionary, tmp_path).tables
    method = load_method(root, settings.method, settings.id)
    found = robustness(tables, method, settings, settings.newest_period, previous_of(settings, settings.newest_period))
    assert require_live(found, method, settings).empty
    assert found.silent.empty
    assert found.nodes["value"].notna().sum() == 7 * 5
    rows = found.nodes[found.nodes["level"] == "city"]
    assert (rows["draws"] > 900).all() and (rows["p95"] - rows["p05"] < 40).all()
    assert ((rows["p05"] <= rows["value"]) & (rows["value"] <= rows["p95"])).all()


def test_every_alternative_alone_is_what_another_method_gives():
    method = small_method(assumptions=[ACROSS, NOTICE])
    found = run(method).alternatives
    assert set(found["unit_id"]) == {"town"}
    for row in found.to_dict("records"):
        one = method.assumptions[row["choice"]]
        other = method_with(
            method, {one.address: one.alternatives[row["alternative"] - 1].value, "thresholds.draws": 0}
        )
        scores = score(measure(town(), other, NOW, TOWN, None), other).set_index(["level", "node"])
        assert row["value"] == pytest.approx(scores.loc[("city", row["node"]), "value"])
        base = score(measure(town(), small_method(thresholds__draws=0), NOW, TOWN, None), method)
        before = base.set_index(["level", "node"]).loc[("city", row["node"]), "value"]
        assert row["difference"] == pytest.approx(row["value"] - before)
