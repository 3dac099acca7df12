"""A sheet says what stands in one district, and compares it with the city only."""

from types import SimpleNamespace

import pandas as pd
import pytest

from helpers.config import Period
from helpers.index import district_sheets as sheets
from helpers.language import Texts
from helpers.registry import Registry
from tests.spec.world import CITY, ROOT, dictionary, method, typed, world

TOWN = {
    "territories": """
        territory_id | level    | name  | parent_id
        town         | city     | Town  | -
        north        | district | North | town
        south        | district | South | town
    """,
    "instances": """
        instance_id | name    | instance_type | territory_scope | territory_ids | status  | verification_status
        council     | Council | space         | district        | north         | running | contested
        other       | Other   | space         | district        | south         | running | documented
        wide        | Budget  | device        | city            | town          | running | documented
    """,
    "participation_counts": """
        instance_id | dimension | category | territory_id | count | count_unit
        wide        | place     | total    | north        | 1200  | voters
        wide        | place     | total    | south        | 900   | voters
    """,
    "events": """
        event_id | instance_id | title   | starts_at            | territory_id
        e1       | council     | Past    | 2022-11-02T21:00:00Z | north
        e2       | council     | To come | 2023-01-10T21:00:00Z | north
        e3       | other       | Not us  | 2023-01-09T21:00:00Z | south
    """,
}


def score(level, unit, node, value):
    row = {"level": level, "unit_id": unit, "node": node, "value": value}
    return row | {"ci_low": value - 5, "ci_high": value + 5}


SCORES = [score("city", "town", "quality", 50.0), score("territory", "north", "quality", 62.0)]
COLUMNS = ["level", "unit_id", "context", "part", "category", "unit", "value", "bound"]


@pytest.fixture(scope="module")
def texts():
    return Texts(ROOT, "en")


@pytest.fixture(scope="module")
def findings():
    tables = {name: typed(name, []) for name in dictionary().tables} | world(**TOWN)
    counts = tables["participation_counts"]
    tables["participation_counts"] = counts.assign(suppressed=pd.Series(None, counts.index, dtype="str"))
    changes = pd.DataFrame([{"unit_id": "north", "node": "quality", "word": "index.change_none"}])
    return SimpleNamespace(
        city=CITY,
        period=Period.parse("2022"),
        method=method(),
        dictionary=dictionary(),
        scores=pd.DataFrame(SCORES),
        districts=lambda: pd.DataFrame({"territory_id": ["north", "south"], "name": ["North", "South"]}),
        changes=changes,
        context=pd.DataFrame(columns=COLUMNS),
        registry=Registry(tables, pd.DataFrame(), pd.DataFrame(), accounts(aside=0)),
    )


def accounts(aside: int) -> pd.DataFrame:
    return pd.DataFrame({"table": ["instances", "events"], "rows_in": [9, 9], "quarantined": [aside, 2]})


def test_a_sheet_names_what_is_in_the_district_and_what_comes_next(findings, texts):
    text = sheets.sheet_text("north", "North", sheets.ready(findings), findings, texts)
    assert "Council (space) [contested]{.contested}" in text
    assert "10 January 2023: To come" in text
    assert "1,200 voters." in text and "900" not in text
    assert not [word for word in ("Other", "Budget", "Past", "Not us") if word in text]


def test_a_district_without_instances_says_none_only_if_no_row_was_set_aside(findings, texts):
    def sheet(aside):
        books = Registry(findings.registry.tables, pd.DataFrame(), pd.DataFrame(), accounts(aside))
        found = SimpleNamespace(**{**vars(findings), "registry": books})
        return sheets.sheet_text("west", "West", sheets.ready(found), found, texts)

    assert "There are no instances of this district alone" in sheet(0)
    assert "not collected. 3 rows of instances were set aside" in sheet(3)


def test_a_dimension_stands_beside_the_citys_with_its_interval_and_the_word_for_its_change(findings, texts):
    rows = sheets.dimensions_beside_city("north", findings, texts)
    assert rows.to_dict("records") == [
        {"name": "Quality", "value": 62.0, "interval": "57.0 to 67.0", "city": 50.0, "change": "no detectable change"}
    ]
    assert sheets.dimensions_beside_city("south", findings, texts).empty
