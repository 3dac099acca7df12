"""What may not be published is hidden, with what would give it away by subtraction, and nothing else."""

import pandas as pd
import pytest

from helpers.config import Period
from helpers.index import (
    hidden_figures,
    published_rows,
    rounded,
    suppress,
    suppress_counts,
)
from helpers.index.protection import COLUMNS, protect
from helpers.measures.counted import COLUMNS as COUNTED
from tests.spec.world import CITY, world

NOTHING = pd.DataFrame(columns=COLUMNS)


@pytest.fixture
def persons(method):
    """An indicator that counts persons and is not of a sensitive group."""
    return next(one for one in method.indicators.values() if one.units == "persons" and not one.sensitive)


@pytest.fixture
def cells(values, method, persons):
    """Values of that indicator by district, with n persons in each."""

    def build(**counts):
        frames = []
        for district, n in counts.items():
            frame = values(dict.fromkeys(method.dimensions, 50), "territory", district)
            frame = frame[frame["indicator"] == persons.id]
            frames.append(frame.assign(n=pd.array([n], dtype="Float64"), value=pd.array([50.0], dtype="Float64")))
        return pd.concat(frames, ignore_index=True)

    return build


def people(figure, table="indicators", period="2022", city=True, **districts):
    """Who stands behind a figure: each district an item of so many persons, or of such groups; the city is all."""
    rows = []
    for district, groups in districts.items():
        for group, count in (groups if isinstance(groups, dict) else {"": groups}).items():
            item = f"{figure}:{district}:{group}"
            units = [("territory", district)] + ([("city", "villa")] if city else [])
            rows += [
                dict(zip(COUNTED, (table, figure, "", "", *unit, group, item, count, ""), strict=True))
                for unit in units
            ]
    return pd.DataFrame(rows).assign(period=period)


def status(frame):
    return dict(zip(frame["unit_id"], frame["status"], strict=True))


def test_fewer_than_five_persons_are_hidden_and_five_are_not(cells, method, persons):
    counts = {"norte": 4, "sur": 4, "oeste": 5}
    shown = suppress(cells(**counts), protect(people(persons.id, **counts), NOTHING, method))
    assert status(shown) == {"norte": "suppressed", "sur": "suppressed", "oeste": "ok"}
    hidden = shown[shown["status"] == "suppressed"]
    assert hidden[["value", "score", "n", "numerator"]].isna().all(axis=None)
    assert set(hidden["reason"]) == {"index.few_people"}


def test_a_single_hidden_district_takes_the_smallest_other_with_it(cells, method, persons):
    """With the city's total at hand, one hidden district is the total less the others."""
    counts = {"norte": 3, "sur": 40, "oeste": 12}
    shown = suppress(cells(**counts), protect(people(persons.id, **counts), NOTHING, method))
    assert status(shown) == {"norte": "suppressed", "sur": "ok", "oeste": "suppressed"}
    assert shown.set_index("unit_id").loc["oeste", "reason"] == "index.few_people_elsewhere"


def test_a_share_that_splits_off_a_few_is_hidden(cells, method, persons):
    groups = {"norte": (38, 2), "sur": (37, 3), "oeste": (3, 37)}
    counted = people(persons.id, **{name: {"yes": yes, "no": no} for name, (yes, no) in groups.items()})
    shown = suppress(cells(norte=40, sur=40, oeste=40), protect(counted, NOTHING, method))
    assert status(shown) == {"norte": "suppressed", "sur": "suppressed", "oeste": "suppressed"}


def test_nobody_is_no_secret_and_rows_of_the_registry_are_no_persons(cells, method, persons):
    counts = {"norte": 0, "sur": 40}
    hidden = protect(people(persons.id, **counts), NOTHING, method)
    assert status(suppress(cells(**counts), hidden)) == {"norte": "ok", "sur": "ok"}
    tables = world(
        instances=[{"instance_id": "a"}],
        instance_periods=[{"instance_id": "a", "participants": "3", "count_unit": "online_questions"}],
        proposals=[{"proposal_id": "p", "instance_id": "a", "submitted_at": "2022-03-01"}],
    )
    assert hidden_figures(tables, {Period.parse("2022"): method}, CITY).empty


def test_context_counts_pass_the_same_step(method):
    counts = {"norte": 3, "sur": 60, "oeste": 37}
    frame = pd.DataFrame(
        {
            "context": "X3",
            "period": "2022",
            "level": ["city", "territory", "territory", "territory"],
            "unit_id": ["villa", "norte", "sur", "oeste"],
            "unit": "unique_persons",
            "value": pd.array([100, 3, 60, 37], dtype="Float64"),
            "n": pd.array([100, 3, 60, 37], dtype="Float64"),
            "status": "ok",
        }
    )
    hidden = protect(people("X3", "context", **counts), NOTHING, method)
    shown = suppress_counts(frame, hidden).set_index("unit_id")
    assert shown["status"].to_dict() == {"villa": "ok", "norte": "suppressed", "sur": "ok", "oeste": "suppressed"}
    assert shown["value"].isna().tolist() == [False, True, False, True]


def test_the_rows_behind_a_hidden_value_and_all_microdata_stay_out(cells, method, persons):
    counts = {"norte": 3, "sur": 40, "oeste": 12, "este": 30}
    shown = suppress(cells(**counts), protect(people(persons.id, **counts), NOTHING, method))
    rows = pd.DataFrame(
        {
            "indicator": persons.id,
            "level": "territory",
            "unit_id": ["norte", "sur", "este", "este"],
            "table": ["events", "events", "survey_responses", "events"],
            "row_id": ["a", "b", "c", "d"],
            "role": "numerator",
        }
    )
    assert published_rows(rows, shown)["row_id"].tolist() == ["d", "b"]


def test_figures_leave_with_the_declared_digits():
    frame = pd.DataFrame({"score": [50.123456, -0.00001], "n": [3, 4]})
    assert rounded(frame)["score"].tolist() == [50.1235, 0.0]
    assert str(rounded(frame)["score"].tolist()[1]) == "0.0"
