"""Dimensions and index follow C.7, with the numbers worked there by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.index import INDEX, score
from tests.index.conftest import as_measured

NAMES = ["quality", "diversity", "accessibility", "satisfaction"]


def index_of(scores):
    return scores[scores["node"] == INDEX].iloc[0]


@pytest.mark.parametrize(("dimensions", "expected"), [((62, 48, 71, 66), 61.1), ((82, 28, 71, 66), 57.3)])
def test_the_index_is_the_geometric_mean_so_that_a_weak_dimension_shows(values, method, dimensions, expected):
    scores = score(as_measured(values(dict(zip(NAMES, dimensions, strict=True)))), method)
    assert index_of(scores)["value"] == pytest.approx(expected, abs=0.05)
    assert np.mean(dimensions) == pytest.approx(61.8, abs=0.1)


def test_no_survey_no_index_and_the_profile_stays(values, method):
    scores = score(as_measured(values(dict(zip(NAMES, (62, 48, 71, None), strict=True)))), method).set_index("node")
    assert scores.loc[NAMES[:3], "value"].tolist() == pytest.approx([62, 48, 71])
    assert scores.loc[INDEX, ["status", "reason"]].tolist() == ["not_published", "index.dimension_missing"]
    assert pd.isna(scores.loc[INDEX, "value"]) and pd.isna(scores.loc[INDEX, "upper"])
    assert scores.loc["satisfaction", "reason"] == "index.nothing_measured"


def test_a_zero_is_raised_to_one_before_the_geometric_mean(values, method):
    scores = score(as_measured(values(dict(zip(NAMES, (0, 100, 100, 100), strict=True)))), method)
    assert index_of(scores)["value"] == pytest.approx((1 * 100**3) ** 0.25)


@pytest.mark.parametrize(("missing", "published"), [(2, True), (3, False)])
def test_a_dimension_needs_sixty_percent_of_its_weight(values, method, missing, published):
    """Quality has six indicators of weight one: four are 67 %, three are 50 %."""
    frame = values(dict.fromkeys(NAMES, 50))
    quality = frame["indicator"].isin([one.id for one in method.of_dimension("quality")][:missing])
    frame["status"] = frame["status"].mask(quality, "not_collected")
    row = score(as_measured(frame), method).set_index("node").loc["quality"]
    assert (row["status"] == "ok") is published
    assert row["weight_available"] == pytest.approx((6 - missing) / 6)
    assert published or row["reason"] == "index.too_few_indicators"


def test_bounds_move_with_the_cells_that_are_missing_and_never_with_those_at_hand(values, method):
    frame = values(dict.fromkeys(NAMES, 50))
    first = frame["indicator"] == method.of_dimension("quality")[0].id
    frame.loc[first, ["lower", "upper"]] = [20.0, 80.0]
    row = score(as_measured(frame), method).set_index("node").loc["quality"]
    assert (row["lower"], row["upper"]) == (pytest.approx(50 - 30 / 6), pytest.approx(50 + 30 / 6))


def test_the_interval_of_a_mean_is_narrower_than_those_of_its_parts(values, method):
    frame = values(dict.fromkeys(NAMES, 50))
    draws = np.random.default_rng(1).normal(50, 10 / 1.96, (len(frame), 2000))
    scores = score(as_measured(frame, draws), method).set_index("node")
    half = 10 / np.sqrt(len(method.of_dimension("quality")))
    assert scores.loc["quality", "ci_high"] - 50 == pytest.approx(half, rel=0.15)


def test_an_interval_has_the_shape_of_the_draws_and_a_score_without_draws_is_fixed(values, method):
    """Draws of one indicator of six fall far on one side: -24 in one of ten, else none."""
    frame = values(dict.fromkeys(NAMES, 50))
    draws = np.full((len(frame), 1000), np.nan)
    draws[0] = np.where(np.arange(1000) % 10 == 0, 26.0, 50.0)
    scores = score(as_measured(frame, draws), method).set_index("node")
    assert scores.loc["quality", ["ci_low", "ci_high"]].tolist() == [pytest.approx(50 - 24 / 6), 50]
    assert scores.loc["diversity", ["ci_low", "ci_high"]].tolist() == [50, 50]
    assert score(as_measured(frame), method)["ci_low"].isna().all(), "nothing was drawn"


def test_each_district_is_scored_apart_and_instances_are_not(values, method):
    frame = pd.concat(
        [
            values(dict.fromkeys(NAMES, 40), "territory", "norte"),
            values(dict.fromkeys(NAMES, 80), "territory", "sur"),
            values(dict.fromkeys(NAMES, 10), "instance", "pp"),
        ]
    )
    scores = score(as_measured(frame), method)
    found = scores[scores["node"] == INDEX].set_index("unit_id")["value"]
    assert found.to_dict() == {"norte": pytest.approx(40), "sur": pytest.approx(80)}


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.floats(1, 100), min_size=4, max_size=4), st.integers(0, 3), st.floats(0, 20))
def test_a_better_dimension_never_lowers_the_index_and_order_does_not_matter(values, method, dimensions, which, more):
    before = values(dict(zip(NAMES, dimensions, strict=True)))
    better = list(dimensions)
    better[which] = min(100.0, better[which] + more)
    after = values(dict(zip(NAMES, better, strict=True)))
    low, high = (index_of(score(as_measured(frame), method))["value"] for frame in (before, after))
    assert low <= high + 1e-9
    assert min(dimensions) - 1e-9 <= low <= np.mean(dimensions) + 1e-9
    shuffled = before.sample(frac=1, random_state=3)
    assert index_of(score(as_measured(shuffled), method))["value"] == pytest.approx(low)
