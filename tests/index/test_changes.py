"""A change is one only if sampling and method agree; numbers worked by hand, planted mistakes, laws."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.config import Period
from helpers.index import INDEX, changes, changes_table, composition, previous_of, withheld, without
from helpers.index.changes import _tells_of_persons, present, without_instances
from helpers.index.protection import COLUMNS
from helpers.language import Texts
from helpers.measures import Measurement, measure
from tests.index.town import TOWN, YEARS, small_method, town

NAMES = ["quality", "diversity", "accessibility", "satisfaction"]
UP, DOWN, NONE, NOT = (f"index.change_{word}" for word in ("up", "down", "none", "not_comparable"))


@pytest.fixture
def measured(values):
    """Builds a measurement in which every indicator has a score, redrawn within so many points of it."""

    def build(scores, width=1.0, period="2022", seed=1, **columns):
        columns = {"reference": np.nan, **columns}
        frame = values(dict(zip(NAMES, scores, strict=True)), **columns).assign(period=period)
        spread = np.random.default_rng(seed).uniform(-width, width, (len(frame), 400))
        draws = frame["score"].to_numpy(dtype=float, na_value=np.nan)[:, None] + spread
        return Measurement(frame, pd.DataFrame(), draws)

    return build


def agreed(share, method):
    nodes = [*method.dimensions, INDEX, *method.indicators]
    return pd.DataFrame({"level": "city", "unit_id": "villa", "node": nodes, "same_sign": share})


def of(frame, node):
    return frame.set_index("node").loc[node]


@pytest.mark.parametrize(
    ("after", "width", "share", "word"),
    [
        (60, 1, 1.0, UP),
        (60, 1, 0.9, UP),
        (60, 1, 0.89, NONE),  # the method does not agree
        (60, 30, 1.0, NONE),  # sampling does not
        (40, 1, 0.95, DOWN),
        (50, 1, 1.0, NONE),
        (60, 1, np.nan, NONE),  # no draws of the method to agree
    ],
)
def test_a_change_needs_sampling_and_method(measured, method, after, width, share, word):
    now, before = measured((after, 50, 50, 50), width), measured((50, 50, 50, 50), width, "2021", 2)
    found = changes(now, before, method, agreed(share, method))
    row = of(found, "Q1")
    assert (row["before"], row["after"], row["difference"]) == (50, after, after - 50)
    assert row["word"] == word
    assert of(found, "A1")["word"] == NONE


def test_the_interval_of_a_difference_of_two_uniform_redraws(measured, method):
    """Uniform within 10 points in both periods: the difference is triangular within 20; 2.5 % lie beyond 15.53."""
    found = changes(measured((50,) * 4, 10), measured((50,) * 4, 10, "2021", 2), method, agreed(1, method))
    rows = found[found["node"].isin(method.indicators)]
    assert rows["high"].mean() == pytest.approx(20 * (1 - np.sqrt(0.05)), abs=0.5)
    assert rows["low"].mean() == pytest.approx(-20 * (1 - np.sqrt(0.05)), abs=0.5)


def test_periods_redrawn_from_the_same_seed_are_not_taken_for_one(measured, method):
    """Draw by draw their differences would be zero, and any change a certain one."""
    found = changes(measured((50.1,) * 4, 10), measured((50,) * 4, 10, "2021"), method, agreed(1, method))
    assert set(found["word"]) == {NONE}
    assert (of(found, "Q1")["high"] - of(found, "Q1")["low"]) > 20


def test_only_indicators_of_both_periods_are_compared(measured, method):
    """Q6 is new and 0: the published mean falls from 60 to 50, the comparable one stays."""
    now, before = measured((60, 50, 50, 50)), measured((60, 50, 50, 50), 1, "2021", 2)
    now.values.loc[now.values["indicator"] == "Q6", "score"] = 0.0
    before.values.loc[before.values["indicator"] == "Q6", "status"] = "not_collected"
    found = changes(now, before, method, agreed(1, method))
    assert (of(found, "quality")["before"], of(found, "quality")["after"]) == (60, 60)
    assert of(found, "Q6")["word"] == NOT and of(found, "quality")["word"] == NONE


def test_without_a_survey_before_satisfaction_and_index_are_not_comparable(measured, method):
    found = changes(measured((60,) * 4), measured((50, 50, 50, None), 1, "2021", 2), method, agreed(1, method))
    assert [of(found, node)["word"] for node in (*NAMES, INDEX)] == [UP, UP, UP, NOT, NOT]
    assert pd.isna(of(found, INDEX)["after"])


def test_overlap_is_compared_at_the_smaller_number_of_persons(measured, method):
    """30 persons drawn at random score 84, 100 score 91 (C.6): 7 points more are what numbers alone give."""
    now, before = measured((50, 91, 50, 50)), measured((50, 84, 50, 50), 1, "2021", 2)
    now.values["reference"] = now.values["reference"].mask(now.values["indicator"] == "D2", 91.0)
    before.values["reference"] = before.values["reference"].mask(before.values["indicator"] == "D2", 84.0)
    found = changes(now, before, method, agreed(1, method))
    assert of(found, "D2")["word"] == NONE and of(found, "D2")["low"] < 0 < of(found, "D2")["high"]
    assert of(found, "D3")["word"] == UP  # no reference, nothing to allow for


def test_a_change_of_what_may_not_be_published_stays_inside(measured, method):
    now, before = measured((60,) * 4), measured((50,) * 4, 1, "2021", 2)
    found = changes(now, before, method, agreed(1, method))
    key = dict(zip(COLUMNS, ("2022", "indicators", "D1", "", "", "city", "villa", "index.few_people"), strict=True))
    hidden = pd.DataFrame([key])
    out = [withheld(one.values, hidden, method) for one in (now, before)]
    shown = without(found, *out)
    assert set(found["node"]) - set(shown["node"]) == {"D1", "diversity", INDEX}


def test_composition_is_not_said_where_it_would_tell_of_persons(method):
    """D1 to D3 and S1 to S5 count persons. Known together, none can be taken away; alone in its dimension, D1 can."""
    indicators = [one for one in method.indicators.values() if one.enabled and one.dimension]
    names = [*NAMES, INDEX, *(one.id for one in indicators)]
    known = np.ones((2, len(indicators)), dtype=bool)
    known[1] = [one.id not in ("D2", "D3") for one in indicators]
    told = _tells_of_persons(known, indicators, method)
    persons = {"D1", "D2", "D3", "S1", "S2", "S3", "S4", "S5"}
    assert {name for name, one in zip(names, told[0], strict=True) if one} == persons
    assert {name for name, one in zip(names, told[1], strict=True) if one} == persons | {"diversity", INDEX}


def test_composition_is_the_part_of_the_instances_that_came_or_went():
    """Q1 of a to d rises from 25 to 43.75. With a new e at 100 it is 55; the 11.25 points more are e's."""
    method, tables = small_method(), town()
    new = {"instances": {"instance_id": "e"}, "instance_periods": {"instance_id": "e", "influence_level": "empower"}}
    for name, cells in new.items():
        last = tables[name].iloc[[-1]].assign(**cells)
        tables[name] = pd.concat([tables[name], last], ignore_index=True)
    last = tables["instance_periods"].index[-1]
    tables["instance_periods"].loc[last, ["period", "influence_evidence_id"]] = ["2022", "e1"]
    now, before = (measure(tables, method, YEARS[year], TOWN, np.random.default_rng(1)) for year in ("2022", "2021"))
    assert present(now) - present(before) == {"e"}
    agreement = pd.DataFrame(columns=["level", "unit_id", "node", "same_sign"]).astype({"same_sign": float})
    found = composition(changes(now, before, method, agreement), tables, now, before, method, TOWN)
    row = of(found[found["level"] == "city"], "Q1")
    assert [row["difference"], row["same_instances"], row["composition"]] == pytest.approx([30, 18.75, 11.25])
    row = of(found[found["level"] == "city"], "Q2")
    assert [row["difference"], row["composition"]] == pytest.approx([25, 0])


def test_rows_of_no_instance_stay_when_instances_are_left_out():
    tables = {"survey": pd.DataFrame({"instance_id": ["a", None, "b"]}), "places": pd.DataFrame({"id": [1]})}
    kept = without_instances(tables, {"a"})
    assert kept["survey"]["instance_id"].isna().tolist() == [True, False] and len(kept["places"]) == 1


def test_the_period_before_is_the_last_published_one_of_the_same_kind():
    labels = ["2016", "2018-S1", "2018", "2019"]
    place = SimpleNamespace(ordered_periods=sorted(map(Period.parse, labels)))
    assert str(previous_of(place, Period.parse("2018"))) == "2016"
    assert str(previous_of(place, Period.parse("2019"))) == "2018"
    assert previous_of(place, Period.parse("2018-S1")) is None


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.floats(1, 99), min_size=8, max_size=8), st.floats(0, 20))
def test_laws_of_a_change(measured, method, scores, width):
    """Turned about, every difference changes its sign; order does not matter; no change without the interval."""
    now, before = measured(scores[:4], width), measured(scores[4:], width, "2021", 2)
    found = changes(now, before, method, agreed(1, method))
    back = changes(before, now, method, agreed(1, method))
    assert found["difference"].to_numpy() == pytest.approx(-back["difference"].to_numpy())
    assert ((found["word"] == UP) == (found["low"] > 0)).all() and (
        (found["word"] == DOWN) == (found["high"] < 0)
    ).all()
    order = np.random.default_rng(3).permutation(len(now.values))
    turned = Measurement(now.values.iloc[order].reset_index(drop=True), now.rows, now.draws[order])
    pd.testing.assert_frame_equal(changes(turned, before, method, agreed(1, method)), found)


@pytest.mark.parametrize("language", ["en", "es", "it"])
def test_changes_have_words_in_every_language(measured, method, root, language):
    found = changes(measured((60, 40, 50, 50)), measured((50, 50, 50, None), 1, "2021", 2), method, agreed(1, method))
    table = changes_table(found, dict(zip(NAMES, NAMES, strict=True)), Texts(root, language))
    assert len(set(table["word"])) == 4 and table["name"].tolist() == NAMES
