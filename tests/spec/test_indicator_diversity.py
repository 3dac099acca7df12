"""Chapter 2: diversity. Who takes part and who promotes, beside who lives in the city."""

import numpy as np
import pytest

from helpers.measures.reference import random_draw_overlap
from helpers.measures.statistics import evenness_of
from tests.spec.world import changed, instances, row, world

ABC = instances("a", "b", "c")
PEOPLE = """
    territory_id | dimension | category | population
    town         | gender    | woman    | 520
    town         | gender    | man      | 480
    town         | age_band  | 0-15     | 200
    town         | age_band  | 16-29    | 250
    town         | age_band  | 30-44    | 220
    town         | age_band  | 45-59    | 170
    town         | age_band  | 60-74    | 110
    town         | age_band  | 75+      | 50
"""


def counts(dimension, **persons):
    return [
        {"instance_id": "a", "dimension": dimension, "category": category.replace("_", "-"), "count": number}
        for category, number in persons.items()
    ]


def stated(**persons):
    """Counts by gender; the underscore stays in not_stated."""
    return [{"instance_id": "a", "dimension": "gender", "category": name, "count": n} for name, n in persons.items()]


def test_d1_full_score_is_the_share_in_the_population_and_not_one_half():
    at_the_population = world(
        instances=ABC, instance_periods=ABC, reference_population=PEOPLE, participation_counts=stated(woman=52, man=48)
    )
    halves = world(
        instances=ABC, instance_periods=ABC, reference_population=PEOPLE, participation_counts=stated(woman=50, man=50)
    )
    assert row(at_the_population, "D1")["value"] == pytest.approx(100)
    assert row(halves, "D1")["value"] == pytest.approx(100 * min(0.5 / 0.52, 0.5 / 0.48))


def test_d1_one_gender_alone_scores_nothing_and_other_is_outside_the_comparison():
    town = world(
        instances=ABC, instance_periods=ABC, reference_population=PEOPLE,
        participation_counts=stated(woman=0, man=100, other=20),
    )  # fmt: skip
    assert (row(town, "D1")["value"], row(town, "D1")["n"]) == (0, 100)


def test_d1_not_stated_lowers_coverage_and_widens_the_bounds_but_never_the_score():
    town = world(
        instances=ABC, instance_periods=ABC, reference_population=PEOPLE,
        participation_counts=stated(woman=52, man=48, not_stated=25),
    )  # fmt: skip
    d1 = row(town, "D1")
    assert d1["value"] == pytest.approx(100)
    lowest = min((52 / 125) / 0.52, (1 - (52 + 25) / 125) / 0.48)
    assert (d1["lower"], d1["upper"]) == (pytest.approx(100 * lowest), pytest.approx(100))


def test_d1_is_not_scored_above_thirty_percent_not_stated():
    town = world(
        instances=ABC, instance_periods=ABC, reference_population=PEOPLE,
        participation_counts=stated(woman=52, man=48, not_stated=50),
    )  # fmt: skip
    d1 = row(town, "D1", how=changed(thresholds__draws=0, thresholds__min_coverage=0))
    assert (d1["status"], d1["reason"]) == ("low_precision", "measures.not_stated")
    assert np.isnan(d1["score"])


def test_d1_persons_that_the_counts_leave_out_are_not_stated():
    town = world(
        instances=ABC,
        instance_periods=[{"instance_id": "a", "participants": "150"}],
        reference_population=PEOPLE,
        participation_counts=stated(woman=52, man=48),
    )
    d1 = row(town, "D1")
    assert d1["reason"] == "measures.not_stated", "50 of 150"


@pytest.mark.parametrize(("women", "men", "status"), [(52, 48, "ok"), (26, 24, "few"), (25, 24, "too_few")])
def test_d1_needs_a_hundred_persons_and_fifty_for_low_precision(women, men, status):
    town = world(
        instances="instance_id\na", instance_periods="instance_id\na", reference_population=PEOPLE,
        participation_counts=stated(woman=women, man=men),
    )  # fmt: skip
    d1 = row(town, "D1")
    assert d1["reason"] == ("" if status == "ok" else f"measures.{status}")
    assert np.isnan(d1["score"]) == (status == "too_few")


def test_d1_attendances_and_votes_are_not_persons():
    town = world(
        instances=ABC, instance_periods=ABC, reference_population=PEOPLE,
        participation_counts=[{**one, "count_unit": "attendances"} for one in stated(woman=52, man=48)],
    )  # fmt: skip
    assert row(town, "D1")["status"] == "not_collected"


AGES = {"0_12": 0, "13_15": 0, "16_17": 10, "18_29": 30, "30_44": 30, "45_59": 20, "60_74": 10, "75+": 0}


def test_d2_overlap_with_the_ages_of_the_population():
    town = world(
        instances=ABC,
        instance_periods=ABC,
        reference_population=PEOPLE,
        participation_counts=counts("age_band", **AGES),
    )
    p, q = np.array([0, 40, 30, 20, 10, 0]) / 100, np.array([200, 250, 220, 170, 110, 50]) / 1000
    d2 = row(town, "D2")
    assert d2["value"] == pytest.approx(100 * (1 - 0.5 * np.abs(p - q).sum()))
    assert d2["value"] == pytest.approx(100 * np.minimum(p, q).sum()), "the same in another form"


def test_d2_an_instance_is_compared_with_the_ages_that_it_admits():
    """From 16 on, 800 people of 1,000 may take part; 13 and above is three sixteenths of the youngest band more."""
    town = world(
        instances=ABC, instance_periods=[{"instance_id": "a", "min_age": "16"}], reference_population=PEOPLE,
        participation_counts=counts("age_band", **AGES),
    )  # fmt: skip
    p, q = np.array([0, 40, 30, 20, 10, 0]) / 100, np.array([0, 250, 220, 170, 110, 50]) / 800
    assert row(town, "D2")["value"] == pytest.approx(100 * np.minimum(p, q).sum())
    younger = world(
        instances=ABC, instance_periods=[{"instance_id": "a", "min_age": "13"}], reference_population=PEOPLE,
        participation_counts=counts("age_band", **AGES),
    )  # fmt: skip
    q = np.array([200 * 3 / 16, 250, 220, 170, 110, 50])
    assert row(younger, "D2")["value"] == pytest.approx(100 * np.minimum(p, q / q.sum()).sum())


def test_d2_what_is_expected_weighs_each_instance_by_its_persons():
    town = world(
        instances=ABC,
        instance_periods=[{"instance_id": "a", "min_age": "16"}, {"instance_id": "b", "min_age": "60"}],
        reference_population=PEOPLE,
        participation_counts="""
            instance_id | dimension | category | count
            a           | age_band  | 30-44    | 75
            b           | age_band  | 60-74    | 25
        """,
    )
    q16, q60 = np.array([0, 250, 220, 170, 110, 50]) / 800, np.array([0, 0, 0, 0, 110, 50]) / 160
    p, q = np.array([0, 0, 0.75, 0, 0.25, 0]), 0.75 * q16 + 0.25 * q60
    assert row(town, "D2")["value"] == pytest.approx(100 * np.minimum(p, q).sum())


def test_d2_a_census_group_that_straddles_is_split_evenly():
    """Of the group 14-17, two years of four are below 16."""
    people = PEOPLE.replace("0-15     | 200", "0-13     | 160").replace("16-29    | 250", "18-29    | 210")
    people += "    town         | age_band  | 14-17    | 80\n"
    town = world(
        instances=ABC,
        instance_periods=ABC,
        reference_population=people,
        participation_counts=counts("age_band", **AGES),
    )
    p, q = np.array([0, 40, 30, 20, 10, 0]) / 100, np.array([160 + 40, 40 + 210, 220, 170, 110, 50]) / 1000
    assert row(town, "D2")["value"] == pytest.approx(100 * np.minimum(p, q).sum())


@pytest.mark.parametrize(("n", "score"), [(10, 0.71), (20, 0.81), (30, 0.84), (50, 0.88), (100, 0.91), (200, 0.94)])
def test_a_perfect_random_draw_of_six_districts_scores_about_e0(n, score):
    """C.6: the figures that were simulated, from the closed form; equal districts are the least favourable."""
    assert random_draw_overlap(np.array([0.24, 0.2, 0.17, 0.15, 0.13, 0.11]), n) == pytest.approx(score, abs=0.03)


def test_the_closed_form_agrees_with_a_simulation():
    shares, rng = np.array([0.25, 0.2, 0.18, 0.15, 0.12, 0.10]), np.random.default_rng(6)
    for n in (10, 30, 100, 200):
        drawn = rng.multinomial(n, shares, size=4000) / n
        simulated = np.minimum(drawn, shares).sum(axis=1).mean()
        assert random_draw_overlap(shares, n) == pytest.approx(simulated, abs=0.01)


def test_d2_shows_what_a_random_draw_would_score_and_does_not_divide_by_it():
    town = world(
        instances=ABC,
        instance_periods=ABC,
        reference_population=PEOPLE,
        participation_counts=counts("age_band", **AGES),
    )
    d2 = row(town, "D2")
    q = np.array([200, 250, 220, 170, 110, 50]) / 1000
    assert d2["reference"] == pytest.approx(100 * random_draw_overlap(q, 100))
    assert d2["lower"] <= d2["value"] <= d2["upper"]
    scored = row(town, "D2", how=changed(thresholds__draws=0, thresholds__min_coverage=0))
    assert scored["score"] == scored["value"]


DISTRICTS = """
    territory_id | level    | parent_id
    town         | city     | -
    north        | district | town
    south        | district | town
    west         | district | town
"""
BY_DISTRICT = """
    territory_id | dimension | category | population
    town         | total     | total    | 1000
    north        | total     | total    | 500
    south        | total     | total    | 300
    west         | total     | total    | 200
"""


def test_d3_residence_by_district_beside_the_population():
    town = world(
        instances=ABC, instance_periods=ABC, territories=DISTRICTS, reference_population=BY_DISTRICT,
        participation_counts="""
            instance_id | dimension | category    | territory_id | count
            a           | residence | within_city | north        | 80
            a           | residence | within_city | south        | 20
            a           | residence | within_city | west         | 0
        """,
    )  # fmt: skip
    assert row(town, "D3")["value"] == pytest.approx(100 * (0.5 + 0.2 + 0))


def test_d3_the_place_of_a_ballot_is_not_a_residence():
    town = world(
        instances=ABC, instance_periods=ABC, territories=DISTRICTS, reference_population=BY_DISTRICT,
        participation_counts="""
            instance_id | dimension | category    | territory_id | count
            a           | place     | within_city | north        | 80
        """,
    )  # fmt: skip
    assert row(town, "D3")["status"] == "not_collected"


def test_d4_sectors_present_of_five_in_spaces_and_tables():
    town = world(
        instances="""
            instance_id | instance_type
            a           | space
            b           | table
            vote        | device
        """,
        instance_periods="""
            instance_id | sectors_present
            a           | residents;civil_society;public_body
            b           | residents
            vote        | residents;academia;private_sector
        """,
    )
    assert row(town, "D4")["value"] == pytest.approx((100 * 3 / 5 + 100 * 1 / 5) / 2)


def test_g1_regueb_adds_up_and_its_evenness_is_62_7():
    parts = {
        "cso_representative": 11, "online_contributor": 92, "government": 5, "deliberative_council_unaffiliated": 257,
        "workshop_unaffiliated": 76, "academic": 7, "private_sector": 8,
    }  # fmt: skip
    assert sum(parts.values()) == 456
    kinds = [
        {"instance_id": "a", "dimension": "kind", "category": name, "count": n, "count_unit": "mixed"}
        for name, n in parts.items()
    ]
    town = world(instances=ABC, instance_periods=ABC, participation_counts=kinds)
    even = row(town, "D4-evenness", how=changed(thresholds__draws=0, thresholds__min_coverage=0))
    assert round(even["value"], 1) == 62.7
    assert even["n"] == 456
    p = np.array(list(parts.values())) / 456
    assert round((1 - (p**2).sum()) / (1 - 1 / 7), 3) == 0.715, "Gini-Simpson, normalised"


def test_g3_evenness_of_the_six_districts_of_the_budget_of_2017():
    voters = np.array([16009, 13557, 11072, 10021, 8342, 7717])
    assert voters.sum() == 66718
    assert voters.sum() + 26582 == 93300
    assert round(evenness_of(voters[None, :] / voters.sum())[0] / 100, 3) == 0.981


def test_d5_half_for_the_effort_and_half_for_the_presence_of_k_persons():
    town = world(
        instances="instance_id\na",
        instance_periods="instance_id\na",
        checks=[
            {"instance_id": "a", "item": f"effort_{group}", "answer": answer}
            for group, answer in (("women", "yes"), ("youth", "yes"), ("older_persons", "no"), ("migrants", "yes"))
        ],
        participation_counts="""
            instance_id | dimension    | category      | count
            a           | target_group | women         | 5
            a           | target_group | youth         | 4
            a           | target_group | older_persons | 40
        """,
    )
    d5 = row(town, "D5")
    both, effort_alone, presence_alone, nobody_counted = 1, 0.5, 0.5, 0.5
    assert d5["value"] == pytest.approx(100 * (both + effort_alone + presence_alone + nobody_counted) / 4)


@pytest.mark.parametrize(("group", "least"), [("women", 5), ("persons_with_disability", 10), ("migrants", 10)])
def test_d5_a_sensitive_group_is_present_from_ten_persons(group, least):
    def value(number):
        checks = [{"instance_id": "a", "item": f"effort_{one}"} for one in {group, "youth", "older_persons"}]
        persons = {"youth": 30, "older_persons": 30, group: number}
        found = [
            {"instance_id": "a", "dimension": "target_group", "category": category, "count": count}
            for category, count in persons.items()
        ]
        one = instances("a")
        return row(world(instances=one, instance_periods=one, checks=checks, participation_counts=found), "D5")["value"]

    assert value(least) == 100
    assert value(least - 1) == pytest.approx(100 * (1 + 1 + 0.5) / 3)


def test_d5_needs_three_groups_and_reads_youth_from_ages_where_groups_were_not_counted():
    checks = [{"instance_id": "a", "item": f"effort_{g}", "answer": "yes"} for g in ("women", "youth", "older_persons")]
    town = world(
        instances="instance_id\na", instance_periods="instance_id\na", checks=checks,
        participation_counts=counts("age_band", **{"18_29": 30, "60_74": 2}),
    )  # fmt: skip
    d5 = row(town, "D5")
    assert (d5["status"], d5["reason"]) == ("not_collected", "measures.nothing_known"), "women were not counted"
    town["participation_counts"] = world(
        participation_counts=[*counts("age_band", **{"18_29": 30, "60_74": 2}), *counts("target_group", women=9)]
    )["participation_counts"]
    assert row(town, "D5")["value"] == pytest.approx(100 * (1 + 1 + 0.5) / 3)


def test_d6_themes_of_thirteen_and_families_not_of_the_state_alone():
    themes = ["environment", "environment", "mobility", "health", *["education"] * 9]
    town = world(
        instances=[
            {"instance_id": f"i{i}", "theme_primary": theme, "promoter_type": "mixed" if i < 3 else "state"}
            for i, theme in enumerate(themes)
        ],
        instance_periods=[{"instance_id": f"i{i}"} for i in range(13)],
    )
    d6 = row(town, "D6")
    plural = 100 * 3 / 13
    assert d6["value"] == pytest.approx((100 * 4 / 13 + 100 * (plural / 50)) / 2)
    assert (d6["n"], d6["status"]) == (13, "ok")


def test_d6_from_one_half_on_plurality_is_full_and_eleven_instances_are_too_few():
    def town(n):
        return world(
            instances=[
                {"instance_id": f"i{i}", "theme_primary": "health", "promoter_type": "mixed" if i % 3 else "state"}
                for i in range(n)
            ],
            instance_periods=[{"instance_id": f"i{i}"} for i in range(n)],
        )

    assert row(town(12), "D6")["value"] == pytest.approx((100 / 13 + 100) / 2)
    assert row(town(11), "D6")["reason"] == "measures.too_few"


def test_d6_without_any_theme_is_not_collected_whoever_promotes():
    twelve = [{"instance_id": f"i{i}", "promoter_type": "mixed"} for i in range(12)]
    town = world(instances=twelve, instance_periods=[{"instance_id": one["instance_id"]} for one in twelve])
    d6 = row(town, "D6", how=changed(thresholds__draws=20))
    assert (d6["status"], d6["reason"]) == ("not_collected", "measures.nothing_known")
    assert d6[["value", "score", "process_low"]].isna().all()
    none, twelve_of_thirteen = 0, 100 * 12 / 13
    assert (d6["lower"], d6["upper"]) == ((none + 100) / 2, pytest.approx((twelve_of_thirteen + 100) / 2))
