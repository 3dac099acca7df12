"""Chapter 3: accessibility. Channels, venues, hours, notice and distance."""

from types import SimpleNamespace

import numpy as np
import pytest

from tests.spec.world import CITY, changed, instances, row, world

A = instances("a")
ABC = instances("a", "b", "c")


def events(*rows):
    """Events of the instance a; each row is a dict of what differs from a public meeting on 1 June at 19:00."""
    usual = {"instance_id": "a", "starts_at": "2022-06-01T22:00:00Z"}
    return [{**usual, "event_id": f"e{number}", **one} for number, one in enumerate(rows)]


def test_a1_two_channels_that_can_be_completed_are_full():
    town = world(
        instances=ABC,
        instance_periods="""
            instance_id | channels_complete
            a           | in_person;online
            b           | online;phone_paper
            c           | online
        """,
    )
    assert row(town, "A1")["value"] == pytest.approx(100 * 2 / 3)
    assert row(town, "A1", unit="b", level="instance")["value"] == 100


def test_a1_tools_are_channels_themselves():
    town = world(
        instances="""
            instance_id | instance_type
            a           | device
            app         | tool
        """,
        instance_periods="""
            instance_id | channels_complete
            a           | in_person;online
            app         | online
        """,
    )
    assert (row(town, "A1")["value"], row(town, "A1")["n"]) == (100, 1)


def test_a2_step_free_and_accessible_toilet_of_the_venue_hybrid_events_included():
    town = world(
        instances=A,
        venues="""
            venue_id | step_free | accessible_toilet
            hall     | yes       | yes
            club     | yes       | no
            school   | yes       | -
        """,
        events=events(
            {"venue_id": "hall"},
            {"venue_id": "hall", "mode": "hybrid"},
            {"venue_id": "club"},
            {"venue_id": "school"},
            {"venue_id": "club", "public": "no"},
            {"mode": "online"},
        ),
    )
    a2 = row(town, "A2")
    assert (a2["numerator"], a2["denominator"], a2["coverage"]) == (2, 3, 3 / 4)
    assert (a2["lower"], a2["upper"]) == (100 * 2 / 4, 100 * 3 / 4)


def test_a2_a_known_no_settles_it_whatever_else_is_missing():
    town = world(
        instances=A,
        venues="""
            venue_id | step_free | accessible_toilet
            attic    | no        | -
        """,
        events=events({"venue_id": "attic"}),
    )
    assert (row(town, "A2")["value"], row(town, "A2")["coverage"]) == (0, 1)


def test_a3_outside_working_hours_in_local_time_and_care():
    """22:00 in Greenwich is 19:00 in Rosario; 18:00 sharp is outside, 17:59 is not; 4 June 2022 was a Saturday."""
    town = world(
        instances=A,
        events=events(
            {"starts_at": "2022-06-01T22:00:00Z", "childcare": "yes"},
            {"starts_at": "2022-06-01T21:00:00Z", "childcare": "no"},
            {"starts_at": "2022-06-01T20:59:00Z", "childcare": "-"},
            {"starts_at": "2022-06-04T14:00:00Z", "childcare": "-"},
            {"starts_at": "2022-06-01T14:00:00Z", "mode": "async"},
        ),
    )
    outside_or_async, care = 100 * 4 / 5, 100 * 1 / 5
    assert row(town, "A3")["value"] == pytest.approx((outside_or_async + care) / 2)


def test_a3_holidays_and_the_hours_of_the_city():
    city = SimpleNamespace(
        **{
            **vars(CITY),
            "working_hours": {"starts": "08:00", "ends": "14:00", "days": [1, 2, 3]},
            "holidays": ["2022-06-01"],
        }
    )
    town = world(
        instances=A,
        events=events(
            {"starts_at": "2022-06-01T15:00:00Z"},  # Wednesday at noon, a holiday
            {"starts_at": "2022-06-08T15:00:00Z"},  # Wednesday at noon
            {"starts_at": "2022-06-08T17:00:00Z"},  # Wednesday at 14:00
            {"starts_at": "2022-06-09T15:00:00Z"},  # Thursday
        ),
    )
    assert row(town, "A3", city=city)["value"] == pytest.approx((100 * 3 / 4 + 0) / 2)


def test_a3_measures_for_work_and_family_life_of_the_instance_count_as_care():
    town = world(
        instances=A,
        instance_periods=[{"instance_id": "a", "worklife_conciliation": "yes"}],
        events=events({"starts_at": "2022-06-01T14:00:00Z"}),
    )
    assert row(town, "A3")["value"] == (0 + 100) / 2


CHECKS = """
    instance_id | item                    | answer  | checked_on
    a           | digital_accessibility   | partly  | 2022-03-01
    a           | plain_language          | yes     | 2022-03-01
    a           | sign_or_second_language | no      | 2022-03-01
    a           | digital_support         | yes     | 2022-03-01
"""


def test_a4_four_items():
    town = world(
        instances=A, instance_periods=[{"instance_id": "a", "channels_complete": "in_person;online"}], checks=CHECKS
    )
    assert row(town, "A4")["value"] == 100 * (0.5 + 1 + 0 + 1) / 4


def test_a4_without_anything_online_the_test_and_the_support_do_not_apply():
    town = world(instances=A, instance_periods=[{"instance_id": "a", "channels_complete": "in_person"}], checks=CHECKS)
    assert row(town, "A4")["value"] == 100 * (1 + 0) / 2


def test_a4_a_test_older_than_24_months_is_none():
    old = CHECKS.replace("partly  | 2022-03-01", "yes     | 2020-12-30")
    fresh = CHECKS.replace("partly  | 2022-03-01", "yes     | 2020-12-31")
    for checks, points in ((old, 0), (fresh, 1)):
        town = world(instances=A, instance_periods=[{"instance_id": "a", "channels_complete": "online"}], checks=checks)
        assert row(town, "A4")["value"] == 100 * (points + 1 + 0 + 1) / 4


def test_a5_median_of_the_days_of_notice_negative_is_zero():
    town = world(
        instances=A,
        events=events(
            {"announced_at": "2022-05-25"},  # 7 days
            {"announced_at": "2022-05-02"},  # 30 days
            {"announced_at": "2022-06-03"},  # afterwards
            {"announced_at": "2022-05-20"},  # 12 days
        ),
    )
    a5 = row(town, "A5")
    assert a5["value"] == (7 + 12) / 2
    scored = row(town, "A5", how=changed(thresholds__draws=0, indicators__A5__min_n={"city": 4}))
    assert scored["score"] == pytest.approx(100 * 9.5 / 15)


def test_a5_days_are_local():
    """02:30 in Greenwich on 2 June is still 1 June in Rosario."""
    town = world(instances=A, events=events({"announced_at": "2022-05-25", "starts_at": "2022-06-02T02:30:00Z"}))
    assert row(town, "A5")["value"] == 7


def test_a5_a_missing_announcement_could_be_none_or_long_enough():
    town = world(
        instances=A,
        events=events({"announced_at": "2022-05-25"}, {"announced_at": "2022-05-20"}, {"announced_at": "-"}),
    )
    a5 = row(town, "A5")
    assert (a5["value"], a5["coverage"]) == ((7 + 12) / 2, pytest.approx(2 / 3))
    assert a5["lower"] == pytest.approx(100 * 7 / 15), "0, 7, 12"
    assert a5["upper"] == pytest.approx(100 * 12 / 15), "7, 12, 15"


TERRITORIES = """
    territory_id | level    | parent_id | latitude | longitude
    town         | city     | -         | -        | -
    north        | district | town      | -        | -
    south        | district | town      | -        | -
    b1           | block    | north     | -32.900  | -60.700
    b2           | block    | north     | -32.905  | -60.700
    b3           | block    | south     | -32.950  | -60.700
"""
BLOCKS = """
    territory_id | dimension | category | population
    b1           | total     | total    | 300
    b2           | total     | total    | 200
    b3           | total     | total    | 500
"""


def test_a6_people_within_a_thousand_metres_of_two_events():
    """A hundredth of a degree of latitude is about 1,109 m here: b2 is 555 m from b1 and b3 five kilometres away."""
    near = {"latitude": "-32.900", "longitude": "-60.700", "attendance": "10"}
    far = {"latitude": "-32.950", "longitude": "-60.700", "attendance": "30"}
    town = world(
        instances=A,
        territories=TERRITORIES,
        reference_population=BLOCKS,
        events=events(near, near, far, {**far, "attendance": "9"}),
    )
    assert row(town, "A6")["value"] == pytest.approx(100 * (300 + 200) / 1000)
    assert row(town, "A6", unit="north", level="territory")["value"] == 100
    assert row(town, "A6", unit="south", level="territory")["value"] == 0


def test_a6_in_a_half_year_one_event_is_enough():
    town = world(
        instances=A,
        territories=TERRITORIES,
        reference_population=BLOCKS,
        events=events({"latitude": "-32.950", "longitude": "-60.700", "attendance": "30"}),
    )
    assert row(town, "A6", period="2022-S1")["value"] == pytest.approx(50)
    assert row(town, "A6")["value"] == 0


def test_a6_without_blocks_is_not_collected():
    town = world(instances=A, events=events({"latitude": "-32.9", "longitude": "-60.7", "attendance": "30"}))
    assert (row(town, "A6")["status"], row(town, "A6")["reason"]) == ("not_collected", "measures.no_reference")


def test_an_event_of_a_city_wide_instance_enters_the_district_where_it_is_held():
    town = world(
        instances=[{"instance_id": "a", "territory_scope": "city", "territory_ids": "town"}],
        territories=TERRITORIES,
        events=events({"territory_id": "north", "announced_at": "2022-05-25"}, {"territory_id": "b3"}),
    )
    assert row(town, "A5", unit="north", level="territory")["value"] == 7
    south = row(town, "A5", unit="south", level="territory")
    assert (south["status"], np.isnan(south["value"])) == ("not_collected", True)
