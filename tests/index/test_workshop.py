"""Weights from a workshop: points of a panel, pairwise judgements, and what is wrong with either."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.config import MonitorError
from helpers.config.method import method_with
from helpers.index import workshop_weights

DIMENSIONS = ("quality", "diversity", "accessibility", "satisfaction")


def panel(*points, sectors=()):
    rows = pd.DataFrame([dict(zip(DIMENSIONS, map(str, row), strict=True)) for row in points])
    return rows.assign(sector=list(sectors)) if sectors else rows


def judged(*pairs, **about):
    return pd.DataFrame([(a, b, str(times)) for a, b, times in pairs], columns=["first", "second", "times"]).assign(
        **about
    )


def test_every_member_counts_the_same_whatever_total_they_gave_out(method):
    found = workshop_weights(panel((40, 20, 20, 20), (2, 4, 2, 2)), method)
    assert found.changes == pytest.approx(
        {
            "dimensions.quality.weight": (0.4 + 0.2) / 2, "dimensions.diversity.weight": (0.2 + 0.4) / 2,
            "dimensions.accessibility.weight": 0.2, "dimensions.satisfaction.weight": 0.2,
        }
    )  # fmt: skip
    quality = found.table.set_index("name").loc["quality"]
    assert (quality["low"], quality["high"]) == pytest.approx((0.25, 0.35)), "the middle half of 0.2 and 0.4"
    assert method_with(method, found.changes).dimensions["quality"].weight == pytest.approx(0.3)


def test_a_small_or_lopsided_panel_is_said(method):
    few = workshop_weights(panel((40, 20, 20, 20), (25, 25, 25, 25)), method)
    assert few.doubts == ["2 members, fewer than 12", "0 sectors, fewer than 3"]
    lopsided = workshop_weights(panel(*[(25, 25, 25, 25)] * 12, sectors=["state"] * 7 + ["csos"] * 4 + ["uni"]), method)
    assert lopsided.doubts == ["one sector holds more than half of the panel"]
    assert workshop_weights(panel(*[(1, 1, 1, 1)] * 12, sectors=["a", "b", "c"] * 4), method).doubts == []


def test_points_inside_a_dimension_keep_a_mean_weight_of_one(method):
    rows = pd.DataFrame([{"S1": "60", "S2": "10", "S3": "10", "S4": "10", "S5": "10"}])
    changes = workshop_weights(rows, method).changes
    assert changes["indicators.S1.weight"] == pytest.approx(5 * 0.6)
    assert sum(changes.values()) == pytest.approx(5)


PAIRS = [(a, b) for place, a in enumerate(DIMENSIONS) for b in DIMENSIONS[place + 1 :]]
TRUE = dict(zip(DIMENSIONS, (0.4, 0.3, 0.2, 0.1), strict=True))


def test_consistent_judgements_give_back_the_weights_they_came_from(method):
    found = workshop_weights(judged(*((a, b, TRUE[a] / TRUE[b]) for a, b in PAIRS)), method)
    assert dict(zip(found.table["name"], found.table["weight"], strict=True)) == pytest.approx(TRUE)
    assert found.doubts[0].startswith("consistency ratio 0.00")


def test_judgements_that_contradict_each_other_are_said(method):
    circle = {("quality", "diversity"): 9, ("diversity", "accessibility"): 9, ("quality", "accessibility"): 1 / 9}
    found = workshop_weights(judged(*((a, b, circle.get((a, b), 1)) for a, b in PAIRS)), method)
    assert "above 0.10, so the judgements contradict each other" in found.doubts[0]


def test_several_members_are_joined_by_geometric_mean(method):
    one = judged(*((a, b, 4) for a, b in PAIRS), member="x")
    other = judged(*((a, b, 1 / 4) for a, b in PAIRS), member="y")
    found = workshop_weights(pd.concat([one, other], ignore_index=True), method)
    assert found.table["weight"].tolist() == pytest.approx([0.25] * 4)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (panel((1, 1, 1, 1)).rename(columns={"quality": "qualty"}), "did you mean 'quality'"),
        (panel((1, 1, 1, 1)).drop(columns="quality"), "'quality' was not weighed"),
        (panel(("many", 1, 1, 1)), "'many' of quality is no number"),
        (panel((0, 0, 0, 0)), "panel member 0"),
        (judged(("quality", "diversity", 2)), "'accessibility' was not weighed"),
        (judged(*((a, b, 0) for a, b in PAIRS)), "'quality' cannot be 0 times 'diversity'"),
        (judged(*((a, b, 2) for a, b in PAIRS[:-1])), "5 of 6 pairs were judged"),
    ],
)
def test_a_mistake_is_said_in_a_sentence(method, rows, said):
    with pytest.raises(MonitorError) as caught:
        workshop_weights(rows, method)
    assert said in str(caught.value)


@given(st.lists(st.lists(st.integers(1, 100), min_size=4, max_size=4), min_size=1, max_size=6))
def test_laws_weights_sum_to_one_and_the_order_of_members_is_nothing(method, points):
    weights = workshop_weights(panel(*points), method).table["weight"]
    assert weights.sum() == pytest.approx(1)
    assert (weights > 0).all()
    assert workshop_weights(panel(*reversed(points)), method).table["weight"].tolist() == pytest.approx(
        weights.tolist()
    )
