"""Chapter 4: satisfaction. What those who took part say, and how sure that is."""

import numpy as np
import pytest
from pytest import approx

from helpers.index import score
from tests.spec.world import changed, instances, measured, method, row, world

A = instances("a")
ABC = instances("a", "b", "c")
WAVE = """
    wave_id | sampling            | population_invited | completed
    w       | census_of_attendees | 400                | 120
"""


def answers(instance="a", item="s_overall", **numbers):
    """Responses of an instance: answers(_5=10, _3=2) are ten fives and two threes; `none` did not answer the item."""
    rows = []
    for name, number in numbers.items():
        value = "-" if name == "none" else name.lstrip("_")
        rows += [
            {"response_id": f"{instance}-{item}-{name}-{i}", "instance_id": instance, item: value}
            for i in range(number)
        ]
    return rows


def test_s1_a_mean_of_three_is_fifty():
    town = world(instances=A, survey_waves=WAVE, survey_responses=answers(_1=10, _5=10))
    s1 = row(town, "S1")
    assert (s1["value"], s1["n"]) == (approx(100 * (3 - 1) / 4), 20)


@pytest.mark.parametrize(
    ("indicator", "item"), [("S1", "s_overall"), ("S2", "s_influence"), ("S3", "s_respect"), ("S4", "s_information")]
)
def test_s1_to_s4_read_one_item_each(indicator, item):
    town = world(instances=A, survey_waves=WAVE, survey_responses=answers(item=item, _4=15, _2=5))
    assert row(town, indicator)["value"] == approx(100 * ((15 * 4 + 5 * 2) / 20 - 1) / 4)


def test_s5_share_of_fours_and_fives():
    town = world(instances=A, survey_waves=WAVE, survey_responses=answers(item="s_return", _5=6, _4=3, _3=7, _1=4))
    assert row(town, "S5")["value"] == approx(100 * (6 + 3) / 20)


def test_families_weigh_the_same_and_the_pooled_mean_stands_beside():
    town = world(
        instances="""
            instance_id | parent_id
            a           | -
            budget      | -
            b           | budget
            c           | budget
        """,
        instance_periods=ABC,
        survey_waves=WAVE,
        survey_responses=[*answers("a", _5=50), *answers("b", _3=20), *answers("c", _1=10)],
    )
    assert row(town, "S1")["value"] == approx((100 + (50 + 0) / 2) / 2)
    assert row(town, "S1", form="pooled")["value"] == approx((50 * 100 + 20 * 50 + 10 * 0) / 80)


def test_the_root_of_the_answers_capped_at_four_times_the_smallest_is_an_alternative():
    town = world(
        instances=ABC,
        survey_waves=WAVE,
        survey_responses=[*answers("a", _5=360), *answers("b", _1=10)],
    )
    how = changed(thresholds__draws=0, instance_weight="sqrt_capped", family_weight="leaves")
    smallest = np.sqrt(10)
    weights = min(np.sqrt(360), 4 * smallest), smallest
    assert row(town, "S1", how=how)["value"] == approx(100 * weights[0] / sum(weights))


def test_an_instance_under_ten_answers_stays_out_of_the_mean():
    town = world(instances=ABC, survey_waves=WAVE, survey_responses=[*answers("a", _5=10), *answers("b", _1=9)])
    s1 = row(town, "S1")
    assert (s1["value"], s1["n"], s1["instances"]) == (approx(100), 10, 1)


def test_item_non_response_leaves_the_value_and_widens_the_bounds():
    town = world(instances=A, survey_waves=WAVE, survey_responses=answers(_4=15, none=5))
    s1 = row(town, "S1")
    assert (s1["value"], s1["coverage"]) == (approx(75), 15 / 20)
    assert (s1["lower"], s1["upper"]) == (approx(15 * 75 / 20), approx((15 * 75 + 5 * 100) / 20))


@pytest.mark.parametrize(
    ("n", "status", "reason"),
    [(30, "ok", ""), (29, "low_precision", "measures.few"), (10, "low_precision", "measures.few")],
)
def test_an_instance_is_ok_from_thirty_answers(n, status, reason):
    town = world(instances=A, survey_waves=WAVE, survey_responses=answers(_4=n))
    s1 = row(town, "S1", unit="a", level="instance")
    assert (s1["status"], s1["reason"], s1["score"]) == (status, reason, approx(75))


def test_the_city_needs_a_hundred_answers_and_three_instances():
    three = world(
        instances=ABC, survey_waves=WAVE, survey_responses=[a for name in "abc" for a in answers(name, _4=34)]
    )
    two = world(instances=ABC, survey_waves=WAVE, survey_responses=[a for name in "ab" for a in answers(name, _4=51)])
    few = world(instances=ABC, survey_waves=WAVE, survey_responses=[a for name in "abc" for a in answers(name, _4=33)])
    assert (row(three, "S1")["status"], row(three, "S1")["score"]) == ("ok", approx(75))
    assert row(two, "S1")["reason"] == "measures.too_few_instances"
    assert row(few, "S1")["reason"] == "measures.too_few"


@pytest.mark.parametrize(
    "wave",
    [
        "open_link           | 400                | 120",
        "census_of_attendees | 2000               | 120",
        "census_of_attendees | -                  | 120",
    ],
)
def test_an_open_link_a_poor_response_or_unknown_invitations_indicate_and_are_not_scored(wave):
    waves = f"wave_id | sampling | population_invited | completed\nw | {wave}"
    town = world(
        instances=ABC, survey_waves=waves, survey_responses=[a for name in "abc" for a in answers(name, _4=40)]
    )
    s1 = row(town, "S1")
    assert (s1["value"], s1["status"], s1["reason"]) == (approx(75), "low_precision", "measures.indicative")
    assert np.isnan(s1["score"])


def test_where_a_sound_wave_speaks_an_indicative_one_is_left_out():
    waves = WAVE + "    link    | open_link           | -                  | 60\n"
    linked = [{**one, "wave_id": "link"} for one in answers("b", _5=40)]
    town = world(instances=ABC, survey_waves=waves, survey_responses=[*answers("a", _3=20), *linked])
    assert row(town, "S1")["value"] == approx(50)
    with_interval = row(town, "S1", unit="town", how=changed(thresholds__draws=20))
    assert (with_interval["ci_low"], with_interval["ci_high"]) == (50, 50), "nor is it redrawn"


def test_non_participants_and_officials_do_not_count():
    others = [{**one, "respondent_kind": "official"} for one in answers("b", _1=40)]
    town = world(instances=ABC, survey_waves=WAVE, survey_responses=[*answers("a", _5=20), *others])
    assert row(town, "S1")["value"] == approx(100)


def test_no_survey_in_the_period_is_not_collected_and_never_carried_forward():
    town = world(instances=A, survey_waves=WAVE, survey_responses=answers(_4=20))
    s1 = row(town, "S1", period="2023")
    assert (s1["status"], s1["reason"]) == ("not_collected", "measures.no_rows")


def test_answers_of_instances_with_too_few_of_them_do_not_count_and_that_is_said():
    """Nine answers each of three instances: there was a survey, and none of them reaches ten."""
    few = [one for name in "abc" for one in answers(name, _4=9)]
    s1 = row(world(instances=ABC, survey_waves=WAVE, survey_responses=few), "S1")
    assert (s1["status"], s1["reason"]) == ("not_collected", "measures.no_instance_with_enough")


def test_the_interval_is_that_of_the_mean():
    """Half fives and half ones: standard deviation 50 points, standard error 50 / sqrt(100)."""
    town = world(instances=ABC, survey_waves=WAVE, survey_responses=answers("a", _5=50, _1=50))
    s1 = row(town, "S1", how=method())
    assert s1["ci_high"] - s1["ci_low"] == approx(2 * 1.96 * 5, rel=0.1)
    assert (s1["ci_low"] + s1["ci_high"]) / 2 == approx(50, abs=1)
    assert np.isnan(s1["process_low"])


def test_the_finite_population_narrows_the_interval_only_from_eighty_percent_response():
    def width(invited):
        waves = f"wave_id | sampling | population_invited | completed\nw | random | {invited} | 100"
        town = world(instances=ABC, survey_waves=waves, survey_responses=answers("a", _5=50, _1=50))
        s1 = row(town, "S1", how=method())
        return s1["ci_high"] - s1["ci_low"]

    assert width(126) == approx(width(1000), rel=0.01), "79 % of those invited"
    assert width(125) == approx(width(1000) * np.sqrt(1 - 0.8), rel=0.1)
    assert width(100) == 0, "everyone answered"


ITEMS = ("s_overall", "s_influence", "s_respect", "s_information", "s_return")


def widths(answered, draws=400):
    """Width of the interval of each survey item and of the dimension, from what each person answered to each item."""
    people = [
        {"response_id": f"{name}{number}", "instance_id": name}
        | {item: points for item, points in zip(ITEMS, given, strict=True) if points}
        for name in "abc"
        for number, given in enumerate(answered)
    ]
    how = changed(thresholds__draws=draws)
    found = measured(world(instances=ABC, survey_waves=WAVE, survey_responses=people), how=how)
    city = found.values[(found.values["level"] == "city") & (found.values["form"] == "instance_mean")]
    items = city.set_index("indicator").loc[["S1", "S2", "S3", "S4", "S5"]]
    nodes = score(found, how).set_index(["level", "node"])
    dimension = nodes.loc[("city", "satisfaction")]
    return (items["ci_high"] - items["ci_low"]).tolist(), dimension["ci_high"] - dimension["ci_low"]


def test_items_that_say_the_same_leave_the_dimension_as_uncertain_as_one_of_them():
    """The same people answer: who is delighted with one thing is with all, so five items know no more than one."""
    items, dimension = widths([(5,) * 5] * 20 + [(1,) * 5] * 20)
    assert dimension == approx(items[0])
    assert items == approx([items[0]] * 5)


def test_items_that_know_nothing_of_each_other_leave_the_dimension_less_uncertain():
    """Every pattern of answers twice: five independent items, so the mean of them varies by the root of five less."""
    items, dimension = widths([[(1, 5)[number >> item & 1] for item in range(5)] for number in range(64)], draws=2000)
    assert dimension == approx(np.mean(items) / np.sqrt(5), rel=0.1)


def test_an_item_that_some_left_unanswered_keeps_its_own_interval():
    """Those who answered it are as many in every draw: 30 + 30 answers of halves, standard error 50 / sqrt(60 * 3)."""
    half = [(5, 5, 5, 5, 5)] * 30 + [(1, 1, 1, 1, 1)] * 30
    items, _ = widths(half + [(3, "", 3, 3, 3)] * 60, draws=2000)
    assert items[1] == approx(2 * 1.96 * 50 / np.sqrt(60 * 3), rel=0.07)


def test_s6_no_difference_between_groups_scores_full_and_chance_is_taken_off():
    def town(women, men):
        rows = [{**one, "gender": "woman"} for one in answers("a", **women)]
        rows += [{**one, "gender": "man"} for one in answers("b", **men)]
        return world(instances=ABC, survey_waves=WAVE, survey_responses=rows)

    how = changed(thresholds__draws=0)
    same = row(town({"_5": 30, "_1": 30}, {"_5": 30, "_1": 30}), "S6", how=how)
    assert (same["value"], same["score"]) == (0, 100)
    apart = row(town({"_4": 60}, {"_3": 60}), "S6", how=how)
    between = np.sqrt((75 - 62.5) ** 2 + (50 - 62.5) ** 2)
    assert apart["value"] == approx(between)
    assert apart["score"] == approx(100 * (1 - between / 25))


def test_s6_groups_under_thirty_are_left_out():
    rows = [{**one, "gender": "woman"} for one in answers("a", _4=80)]
    rows += [{**one, "gender": "man"} for one in answers("b", _1=29)]
    town = world(instances=ABC, survey_waves=WAVE, survey_responses=rows)
    assert row(town, "S6")["status"] == "not_collected", "one group is no comparison"


def test_the_trace_names_instances_and_never_a_person():
    town = world(instances=A, survey_waves=WAVE, survey_responses=answers(_4=20))
    rows = measured(town).rows
    assert set(rows.loc[rows["table"] == "survey_responses", "row_id"]) == {"a"}
