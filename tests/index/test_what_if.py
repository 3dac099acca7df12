"""Old beside new method: numbers worked by hand, planted mistakes, laws."""

import math

import pandas as pd
import pytest

from helpers.config import MonitorError
from helpers.config.method import method_with
from helpers.index import compare_methods, moved_most, what_if
from helpers.index.protection import COLUMNS
from tests.index.town import TOWN, YEARS, small_method, town

NOW = YEARS["2022"]
CONVEX = {"inform": 0, "consult": 15, "involve": 40, "collaborate": 70, "empower": 100}


def ask(changes, method=None):
    return what_if(town(), method or small_method(), changes, TOWN, NOW)


def of(frame, node, unit="town"):
    return frame.set_index(["unit_id", "node"]).loc[(unit, node), ["old", "new", "difference"]].tolist()


def test_a_weight_moves_its_dimension_and_the_index_and_no_indicator():
    found = ask({"indicators.Q1.weight": 3})
    assert of(found, "quality") == pytest.approx([59.375, 51.5625, -7.8125])
    old, new = math.sqrt(59.375 * 80), math.sqrt(51.5625 * 80)
    assert of(found, "index") == pytest.approx([old, new, new - old])
    assert of(found, "accessibility") == [80, 80, 0]
    assert found[found["node"].isin(["Q1", "Q2", "A5"])]["difference"].dropna().eq(0).all()


def test_a_definition_moves_indicator_instances_and_all_above_them():
    found = ask({"scales.influence": CONVEX})
    assert of(found, "Q1") == pytest.approx([43.75, 38.75, -5])
    assert of(found, "quality") == pytest.approx([59.375, 56.875, -2.5])
    assert of(found, "Q1", "c") == [50, 40, -10]
    most = moved_most(found)
    assert most[["unit_id", "node", "difference"]].values.tolist() == [["b", "Q1", -10], ["c", "Q1", -10]]
    assert moved_most(found, 1, "city")[["node", "difference"]].values.tolist() == [["Q1", -5]]


def test_several_changes_go_together():
    found = ask({"aggregation.across": "arithmetic", "indicators.A5.goalposts.hi": 30})
    assert of(found, "A5") == pytest.approx([80, 40, -40])
    assert of(found, "index")[1] == pytest.approx((59.375 + 40) / 2)


def test_weights_of_dimensions_are_changed_together():
    found = ask({"dimensions.quality.weight": 0.75, "dimensions.accessibility.weight": 0.25})
    assert of(found, "index")[1] == pytest.approx(59.375**0.75 * 80**0.25)


def test_an_indicator_switched_off_has_an_old_score_only():
    found = ask({"indicators.Q2.enabled": False})
    assert of(found, "quality") == pytest.approx([59.375, 43.75, -15.625])
    old, new, difference = of(found, "Q2")
    assert old == 75 and pd.isna(new) and pd.isna(difference)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"indicators.Q1.wieght": 2}, "'weight'"),
        ({"aggregation.across": "harmonic"}, "aggregation.across"),
        ({"dimensions.quality.weight": 0.9}, "must sum to 1"),
        ({"indicators.A5.goalposts.hi": -1}, "`lo` must be below `hi`"),
    ],
)
def test_a_mistake_is_said_in_a_sentence(changes, words):
    with pytest.raises(MonitorError, match=words):
        ask(changes)


def test_what_may_not_be_published_by_one_of_the_methods_is_left_out(monkeypatch):
    """Fewer than five persons: neither side is shown, also where the other method would show its own."""
    import sys

    module = sys.modules["helpers.index.what_if"]

    def hiding(tables, methods, city):
        ((period, method),) = methods.items()
        listed = {"table": "indicators", "level": "instance", "unit_id": "b", "reason": "index.few_people"}
        names = ["Q1", "Q2", "A5"] if method.aggregation.across == "arithmetic" else []
        return pd.DataFrame([{**dict.fromkeys(COLUMNS, ""), **listed, "period": str(period), "figure": name}
                             for name in names], columns=COLUMNS)  # fmt: skip

    monkeypatch.setattr(module, "hidden_figures", hiding)
    found = ask({"aggregation.across": "arithmetic"})
    assert "b" not in set(found["unit_id"]) and "c" in set(found["unit_id"])


def test_laws_nothing_changed_moves_nothing_and_back_is_the_opposite():
    method = small_method()
    still = compare_methods(town(), method, method, TOWN, NOW)
    assert still["difference"].dropna().eq(0).all() and still["old"].equals(still["new"])
    other = method_with(method, {"scales.influence": CONVEX, "aggregation.across": "arithmetic"})
    there, back = (compare_methods(town(), *pair, TOWN, NOW) for pair in ((method, other), (other, method)))
    assert there["difference"].tolist() == pytest.approx((-back["difference"]).tolist(), nan_ok=True)
    shuffled = {name: table.sample(frac=1, random_state=2).reset_index(drop=True) for name, table in town().items()}
    pd.testing.assert_frame_equal(compare_methods(shuffled, method, other, TOWN, NOW), there)


def test_units_and_nodes_stand_in_the_order_of_the_method():
    found = ask({})
    city = found[found["level"] == "city"]
    assert city["node"].tolist() == ["quality", "accessibility", "index", "Q1", "Q2", "A5"]
    assert found["level"].drop_duplicates().tolist() == ["city", "instance"]
