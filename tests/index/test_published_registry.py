"""Counts of persons that go out with the registry itself, row by row, pass the same step as every figure."""

from types import SimpleNamespace

import pandas as pd
import pytest

from helpers.config import Period
from helpers.index import exhibits, hidden_figures, suppress_registry
from helpers.index.data_quality import _filled
from helpers.index.registry_counts import registry_counts
from helpers.registry import Registry
from tests.spec.world import CITY, dictionary, method, typed, world

PEOPLE = """
instance_id | participants_total | count_unit     | parent_id
pp          | 43                 | unique_persons | -
pp-north    | 40                 | unique_persons | pp
pp-south    | 3                  | unique_persons | pp
club        | 4                  | organisations  | -
"""
EVENTS = """
event_id | instance_id | attendance
e1       | pp-north    | 4
e2       | pp-north    | 5
e3       | pp-south    | 0
"""
COUNTS = """
instance_id | dimension | category    | territory_id | count | source_id
pp          | total     | total       | -            | 63    | gazette
pp          | place     | within_city | north        | 40    | gazette
pp          | place     | within_city | east         | 20    | gazette
pp          | place     | within_city | south        | 3     | gazette
"""


@pytest.fixture
def registry():
    tables = {name: typed(name, []) for name in dictionary().tables} | world(
        instances=PEOPLE, events=EVENTS, participation_counts=COUNTS, instance_periods=[],
        territories=[{"territory_id": name, "name": name} for name in ("north", "east", "south")],
        sources=[{"source_id": "gazette", "title": "Gazette"}],
    )  # fmt: skip
    return Registry(tables, *[pd.DataFrame()] * 3)


def published(registry):
    return suppress_registry(registry, hidden_figures(registry.tables, {Period.parse("2022"): method()}, CITY))


def column(table, key, name):
    return dict(zip(table[key], table[name].astype("object").where(table[name].notna(), None), strict=True))


def test_small_totals_and_attendances_are_blank_and_say_so(registry):
    tables = published(registry).tables
    totals = column(tables["instances"], "instance_id", "participants_total")
    assert totals == {"pp": 43, "pp-north": None, "pp-south": None, "club": 4}  # 43 less 40 would tell; 4 organisations
    assert column(tables["instances"], "instance_id", "suppressed")["pp-south"] == "participants_total"
    assert column(tables["events"], "event_id", "attendance") == {"e1": None, "e2": 5, "e3": 0}
    assert registry.tables["events"]["attendance"].tolist() == [4, 5, 0]  # the registry itself stays as it is


def test_the_place_that_a_total_would_give_away_takes_another_with_it(registry):
    tables = published(registry).tables
    counts = tables["participation_counts"]
    assert counts["count"].astype("object").where(counts["count"].notna(), None).tolist() == [63, 40, None, None]


def test_a_sum_with_a_hidden_part_is_not_shown_as_if_it_were_whole(registry):
    findings = SimpleNamespace(
        registry=published(registry), period=Period.parse("2022"),
        districts=lambda: pd.DataFrame({"territory_id": ["north", "east", "south"], "name": ["N", "E", "S"]}),
    )  # fmt: skip
    shown = exhibits.places(findings).set_index("unit_id")
    assert shown["status"].to_dict() == {"east": "suppressed", "north": "ok", "south": "suppressed"}


def test_a_total_is_made_of_the_periods_that_add_up_to_it(registry):
    yearly = [
        {"instance_id": "pp-north", "period": year, "participants": n} for year, n in (("2021", "30"), ("2022", "10"))
    ]
    registry.tables["instance_periods"] = typed("instance_periods", yearly)
    items = registry_counts(registry.tables).groupby("unit_id")["item"].agg(list)
    assert items["pp-north"] == ["instance_periods-1:participants", "instance_periods-2:participants"]
    assert items["pp-south"] == ["pp-south:participants_total"]


def test_a_hidden_cell_was_collected_all_the_same(registry):
    events = published(registry).tables["events"]
    assert events["attendance"].isna().sum() == 1
    assert _filled(events, "attendance").all() and _filled(registry.tables["events"], "attendance").all()
