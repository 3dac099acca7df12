"""Chapter 5: the context figures X1 to X11, printed beside the index and never inside it."""

import numpy as np
import pytest

from helpers.config import Period
from helpers.measures import context
from tests.spec.world import CITY, changed, method, world

DISTRICTS = """
    territory_id | level    | parent_id
    town         | city     | -
    north        | district | town
    south        | district | town
"""
INSTANCES = """
    instance_id | instance_type | parent_id | territory_scope | territory_ids
    council-n   | space         | -         | district        | north
    council-s   | space         | -         | district        | south
    budget      | device        | -         | city            | town
    budget-n    | device        | budget    | district        | north
    old         | table         | -         | district        | south
"""
PERIODS = """
    instance_id | active | participants | count_unit     | eligible_population | new_participants | online_participants | budget_decided | cost | invitations_sent | proposals_received
    council-n   | yes    | 40           | unique_persons | 1000                | 10               | -                   | -              | 800  | 200              | -
    council-s   | yes    | 60           | unique_persons | -                   | -                | -                   | -              | -    | -                | -
    budget      | yes    | 999          | voters         | 5000                | -                | -                   | 1              | -    | -                | -
    budget-n    | yes    | 500          | voters         | 4000                | 100              | 300                 | 50000          | 1000 | -                | 30
    old         | no     | -            | -              | -                   | -                | -                   | -              | -    | -                | -
"""  # noqa: E501


def figure(tables, key, part, category="", unit="town", level="city"):
    """The one row of a context figure."""
    found = context(tables, method(), Period.parse("2022"), CITY)
    keys = {"context": key, "part": part, "category": category, "unit_id": unit, "level": level}
    for name, value in keys.items():
        found = found[found[name] == value]
    assert len(found) == 1, found
    return found.iloc[0]


@pytest.fixture(scope="module")
def town():
    return world(territories=DISTRICTS, instances=INSTANCES, instance_periods=PERIODS)


def test_x1_active_instances_by_type_a_parent_not_beside_its_child(town):
    assert figure(town, "X1", "instances", "space")["value"] == 2
    assert figure(town, "X1", "instances", "device")["value"] == 1
    assert figure(town, "X1", "instances", "space", unit="north", level="territory")["value"] == 1


def test_x1_what_nobody_recorded_is_not_none(town):
    """No activity and no level of influence on record say nothing of how many there are: not collected, never 0."""
    silent = PERIODS.replace("| yes    |", "| -      |").replace("| no     |", "| -      |")
    unsaid = world(territories=DISTRICTS, instances=INSTANCES, instance_periods=silent)
    assert figure(unsaid, "X1", "instances")["status"] == "not_collected"
    assert np.isnan(figure(unsaid, "X1", "instances")["value"])
    assert figure(town, "X1", "by_influence")["status"] == "not_collected"
    stopped = world(territories=DISTRICTS, instances=INSTANCES, instance_periods=PERIODS.replace("| yes ", "| no  "))
    assert figure(stopped, "X1", "instances")["value"] == 0


def test_x2_events_by_mode():
    tables = world(
        instances=INSTANCES,
        events="""
            event_id | instance_id | starts_at            | mode
            e1       | council-n   | 2022-03-01T21:00:00Z | in_person
            e2       | council-n   | 2022-03-08T21:00:00Z | in_person
            e3       | council-n   | 2022-03-15T21:00:00Z | online
            e4       | council-n   | 2023-01-01T02:00:00Z | online
            e5       | council-n   | 2023-01-01T12:00:00Z | online
        """,
    )
    assert figure(tables, "X2", "events", "in_person")["value"] == 2
    assert figure(tables, "X2", "events", "online")["value"] == 2, "23:00 on New Year's Eve is still 2022"


EVENTS = """
    event_id | instance_id | starts_at            | mode      | public | attendance
    e1       | council-n   | 2022-03-01T21:00:00Z | in_person | yes    | 10
    e2       | council-n   | 2022-03-08T21:00:00Z | hybrid    | yes    | 30
    e3       | council-s   | 2022-03-08T21:00:00Z | in_person | yes    | 9
    e4       | council-s   | 2022-03-08T21:00:00Z | online    | yes    | 90
"""
INHABITANTS = """
    territory_id | dimension | category | population
    north        | total     | total    | {north}
    south        | total     | total    | 10000
"""


@pytest.mark.parametrize(("north", "covered"), [(50_000, 100 * 50 / 60), (50_001, 0)])
def test_x2_people_in_districts_with_an_event_for_every_25_000_inhabitants(north, covered):
    """Two events in the north; the south's two are too small, or online."""
    people = INHABITANTS.format(north=north)
    tables = world(territories=DISTRICTS, instances=INSTANCES, events=EVENTS, reference_population=people)
    assert figure(tables, "X2", "by_district")["value"] == pytest.approx(covered)


def test_x2_the_district_form_is_a_lower_bound_where_attendance_was_not_counted_and_needs_a_population():
    people = INHABITANTS.format(north=50_000)
    tables = world(
        territories=DISTRICTS, instances=INSTANCES, events=EVENTS.replace("| 9\n", "| -\n"), reference_population=people
    )
    assert figure(tables, "X2", "by_district")["bound"] == "lower"
    nobody = {name: table for name, table in tables.items() if name != "reference_population"}
    assert figure(nobody, "X2", "by_district")["status"] == "not_collected"
    assert figure(world(territories=DISTRICTS, instances=INSTANCES), "X2", "by_district")["status"] == "not_collected"


def test_x3_persons_and_votes_are_never_added_and_the_rate_is_per_thousand_eligible(town):
    assert figure(town, "X3", "participants", "unique_persons")["value"] == 40 + 60
    assert figure(town, "X3", "participants", "voters")["value"] == 500
    assert figure(town, "X3", "rate_per_1000", "unique_persons")["value"] == 1000 * 40 / 1000
    assert figure(town, "X3", "rate_per_1000", "voters")["value"] == 1000 * 500 / 4000


def test_x4_first_time_share_where_both_were_counted(town):
    assert figure(town, "X4", "first_time", "unique_persons")["value"] == 100 * 10 / 40


def test_x5_online_share(town):
    assert figure(town, "X5", "online", "voters")["value"] == 100 * 300 / 500


def test_x6_budget_decided_and_its_share_of_the_municipal_budget(town):
    assert figure(town, "X6", "decided")["value"] == 50_000
    assert figure(town, "X6", "share_of_budget")["value"] == 100 * 50_000 / 1_000_000


def test_x7_proposals_listed_and_stated():
    tables = world(
        instances=INSTANCES,
        instance_periods=PERIODS,
        proposals="""
            proposal_id | instance_id | submitted_at
            p1          | budget-n    | 2022-03-01
            p2          | budget-n    | 2021-12-31
        """,
    )
    assert figure(tables, "X7", "proposals")["value"] == 1
    assert figure(tables, "X7", "stated")["value"] == 30


def test_x7_proposals_without_a_date_are_not_zero_proposals():
    tables = world(instances=INSTANCES, proposals="proposal_id | instance_id | submitted_at\np1 | budget-n | -")
    row = figure(tables, "X7", "proposals")
    assert (row["status"], np.isnan(row["value"])) == ("not_collected", True)


def test_x8_cost_per_participant(town):
    assert figure(town, "X8", "cost", "unique_persons")["value"] == 800 / 40
    assert figure(town, "X8", "cost", "voters")["value"] == 1000 / 500


def test_x9_requests_by_kind_and_the_middle_of_their_days():
    tables = world(
        instances=INSTANCES,
        service_requests="""
            request_id | received_at | answered_at | kind
            r1         | 2022-01-01  | 2022-01-04  | claim
            r2         | 2022-01-01  | 2022-01-11  | claim
            r3         | 2022-01-01  | -           | information
        """,
    )
    assert figure(tables, "X9", "requests", "claim")["value"] == 2
    assert figure(tables, "X9", "days")["value"] == (3 + 10) / 2


def test_x10_response_rate_of_waves_that_invited_known_people():
    tables = world(
        instances=INSTANCES,
        survey_waves="""
            wave_id | starts_on  | sampling            | population_invited | completed
            w1      | 2022-03-01 | census_of_attendees | 400                | 100
            w2      | 2022-03-01 | random              | 100                | 25
            w3      | 2022-03-01 | open_link           | -                  | 900
        """,
    )
    assert figure(tables, "X10", "rate")["value"] == 100 * (100 + 25) / (400 + 100)
    assert figure(tables, "X10", "completed", "open_link")["value"] == 900


def test_x11_participants_per_hundred_invitations(town):
    assert figure(town, "X11", "yield")["value"] == 100 * 40 / 200


def test_a_bound_travels_with_the_sum(town):
    bounded = {**town, "instance_periods": town["instance_periods"].copy()}
    bounded["instance_periods"]["participants_bound"] = ["lower", "exact", "exact", "exact", None]
    assert figure(bounded, "X3", "participants", "unique_persons")["bound"] == "lower"
    assert figure(bounded, "X3", "participants", "voters")["bound"] == "exact"


def test_nothing_recorded_is_not_collected(town):
    row = figure(town, "X9", "days")
    assert (row["status"], np.isnan(row["value"])) == ("not_collected", True)


def test_context_does_not_enter_the_index():
    assert set(method().context).isdisjoint(method().indicators)
    assert changed(evaluation={}, context={}).indicators == method().indicators
