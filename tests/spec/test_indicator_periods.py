"""Chapter 6: periods and places. Which rows speak for which period, and which district they belong to."""

import numpy as np
import pandas as pd
import pytest

from tests.spec.world import changed, instances, measured, row, world

DISTRICTS = """
    territory_id | level         | parent_id
    town         | city          | -
    north        | district      | town
    south        | district      | town
    hill         | neighbourhood | north
"""


def test_a_year_without_rows_of_its_own_is_made_of_its_half_years():
    town = world(
        instances=instances("a", "b"),
        instance_periods="""
            instance_id | period  | influence_level
            a           | 2022-S1 | inform
            a           | 2022-S2 | involve
            b           | 2022    | consult
            b           | 2022-S1 | empower
        """,
    )
    assert row(town, "Q1", unit="a", level="instance")["value"] == 50, "the later half"
    assert row(town, "Q1", unit="b", level="instance")["value"] == 25, "its own year"


def test_counts_of_two_halves_add_up_and_stay_out_where_the_year_has_its_own():
    people = "territory_id | dimension | category | population\ntown | gender | woman | 500\ntown | gender | man | 500"
    town = world(
        instances=instances("a", "b"),
        instance_periods=instances("a", "b"),
        reference_population=people,
        participation_counts="""
            instance_id | period  | dimension | category | count
            a           | 2022-S1 | gender    | woman    | 10
            a           | 2022-S2 | gender    | woman    | 20
            a           | 2022-S2 | gender    | man      | 30
            b           | 2022    | gender    | woman    | 40
            b           | 2022    | gender    | man      | 40
            b           | 2022-S1 | gender    | man      | 99
        """,
    )
    d1 = row(town, "D1")
    assert (d1["n"], d1["value"]) == (140, pytest.approx(100))


def test_later_periods_and_todays_text_never_alter_an_earlier_one():
    before = world(
        instances=[{"instance_id": "a", "influence_level": "involve"}],
        instance_periods="instance_id | period | influence_level\na | 2022 | consult",
        proposals="""
            proposal_id | instance_id | submitted_at | answer_type | reasons_given | answer_at
            p1          | a           | 2022-01-10   | -           | -             | -
        """,
    )
    after = world(
        instances=[{"instance_id": "a", "influence_level": "empower"}],
        instance_periods="""
            instance_id | period | influence_level
            a           | 2022   | consult
            a           | 2023   | empower
        """,
        proposals="""
            proposal_id | instance_id | submitted_at | answer_type | reasons_given | answer_at
            p1          | a           | 2022-01-10   | accepted    | yes           | 2023-02-01
            p2          | a           | 2023-01-10   | accepted    | yes           | 2023-02-01
        """,
    )
    pd.testing.assert_frame_equal(measured(before).values, measured(after).values)


def test_a_whole_year_is_never_the_source_of_its_half():
    town = world(instances=instances("a"), instance_periods=[{"instance_id": "a", "influence_level": "consult"}])
    q1 = row(town, "Q1", period="2022-S1")
    assert q1["status"] == "not_applicable", "nothing says that it was active in the half-year"


@pytest.mark.parametrize(("period", "status"), [("2022", "final"), ("2022-S1", "provisional")])
def test_a_half_year_is_never_more_than_provisional(period, status):
    town = world(
        instances=instances("a"),
        instance_periods=[{"instance_id": "a", "period": period, "influence_level": "consult", "data_status": "final"}],
    )
    assert row(town, "Q1", period=period)["data_status"] == status


def test_one_provisional_row_makes_the_period_provisional():
    town = world(
        instances=instances("a", "b"),
        instance_periods="""
            instance_id | influence_level | data_status
            a           | consult         | final
            b           | consult         | provisional
        """,
    )
    assert row(town, "Q1")["data_status"] == "provisional"


def test_districts_take_their_instances_and_the_city_is_not_the_mean_of_districts():
    town = world(
        territories=DISTRICTS,
        instances="""
            instance_id | territory_scope | territory_ids
            a           | district        | north
            b           | neighbourhood   | hill
            c           | district        | south
            d           | city            | town
        """,
        instance_periods="""
            instance_id | influence_level
            a           | inform
            b           | involve
            c           | involve
            d           | consult
        """,
    )
    assert row(town, "Q1", unit="north", level="territory")["value"] == (0 + 50) / 2
    assert row(town, "Q1", unit="south", level="territory")["value"] == 50
    assert row(town, "Q1")["value"] == (0 + 50 + 50 + 25) / 4


def test_proposals_and_outputs_go_to_the_district_that_they_name():
    town = world(
        territories=DISTRICTS,
        instances=[{"instance_id": "a", "territory_scope": "city", "territory_ids": "town"}],
        outputs="""
            result_id | instance_id | first_due_date | delivered_at | evidence_id | territory_id
            r1        | a           | 2022-03-01     | 2022-02-01   | e           | north
            r2        | a           | 2022-03-01     | -            | -           | hill
            r3        | a           | 2022-03-01     | -            | -           | -
        """,
    )
    assert row(town, "Q3", unit="north", level="territory")["value"] == 50
    assert row(town, "Q3")["value"] == pytest.approx(100 / 3)


def test_an_empty_registry_measures_nothing_and_scores_nothing():
    values = measured({}).values
    assert set(values["status"]) == {"not_collected"}
    assert values["score"].isna().all()
    assert values["value"].isna().all()


def test_an_interval_widens_with_few_families_and_is_repeatable():
    def width(families, seed=1):
        town = world(
            instances=instances(*(f"i{n}" for n in range(families))),
            instance_periods=[
                {"instance_id": f"i{n}", "influence_level": "involve" if n % 2 else "inform"} for n in range(families)
            ],
        )
        q1 = row(town, "Q1", how=changed(), seed=seed)
        return q1["process_high"] - q1["process_low"]

    assert width(40) < width(10)
    assert width(40) == pytest.approx(2 * 1.96 * 25 / np.sqrt(40), rel=0.15)
    assert width(10) == width(10)
