"""Instances on a map: in their district, at their neighbourhood, and only those that the period knows."""

from types import SimpleNamespace

import pandas as pd

from helpers.config import Period
from helpers.index import placed_instances

TERRITORIES = pd.DataFrame(
    {
        "territory_id": ["city", "north", "mill", "yard"],
        "level": ["city", "district", "neighbourhood", "block"],
        "parent_id": [None, "city", "north", "mill"],
        "latitude": pd.array([1.0, 2.0, 3.0, None], "Float64"),
        "longitude": pd.array([10.0, 20.0, 30.0, None], "Float64"),
    }
)


def placed(*rows: tuple) -> pd.DataFrame:
    """What becomes of instances given as territories, start and status."""
    instances = pd.DataFrame(rows, columns=["territory_ids", "start_date", "status"])
    instances["start_date"] = pd.to_datetime(instances["start_date"])
    tables = {"instances": instances, "territories": TERRITORIES}
    city, registry = SimpleNamespace(id="city"), SimpleNamespace(tables=tables)
    return placed_instances(SimpleNamespace(city=city, registry=registry, period=Period.parse("2022")))


def test_a_neighbourhood_lies_in_its_district_and_keeps_its_own_point():
    found = placed(("mill", "2020-01-01", "running"), ("yard", None, "running"), ("north;mill", None, "running"))
    assert list(found["territory_ids"]) == ["north", "north", "north"]
    assert found["area_latitude"].tolist()[0] == 3.0 and found["area_longitude"].tolist()[0] == 30.0
    assert found["area_latitude"].isna().tolist() == [False, True, True]


def test_the_whole_city_is_no_district():
    assert placed(("city", None, "running"), (None, None, "running"))["territory_ids"].isna().all()


def test_what_began_after_the_period_is_left_out_unless_it_was_planned():
    found = placed((None, "2022-12-31", "running"), (None, "2023-01-01", "running"), (None, "2023-01-01", "planned"))
    assert list(found["status"]) == ["running", "planned"]
