"""What may not be published is hidden, with what would give it away by subtraction, and nothing else."""

import pandas as pd
import pytest

from helpers.index import published_rows, rounded, suppress, suppress_counts


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


def status(frame):
    return dict(zip(frame["unit_id"], frame["status"], strict=True))


def test_fewer_than_five_persons_are_hidden_and_five_are_not(cells, method):
    shown = suppress(cells(norte=4, sur=4, oeste=5), method)
    assert status(shown) == {"norte": "suppressed", "sur": "suppressed", "oeste": "ok"}
    hidden = shown[shown["status"] == "suppressed"]
    assert hidden[["value", "score", "n", "numerator"]].isna().all(axis=None)
    assert set(hidden["reason"]) == {"index.few_people"}


def test_a_single_hidden_district_takes_the_smallest_other_with_it(cells, method):
    """With the city's total at hand, one hidden district is the total less the others."""
    shown = suppress(cells(norte=3, sur=40, oeste=12), method)
    assert status(shown) == {"norte": "suppressed", "sur": "ok", "oeste": "suppressed"}
    assert shown.set_index("unit_id").loc["oeste", "reason"] == "index.few_people_elsewhere"


def test_a_share_that_splits_off_a_few_is_hidden(cells, method):
    frame = cells(norte=40, sur=40, oeste=40)
    frame["numerator"] = pd.array([38, 37, 3], dtype="Float64")
    frame["denominator"] = pd.array([40, 40, 40], dtype="Float64")
    assert status(suppress(frame, method)) == {"norte": "suppressed", "sur": "suppressed", "oeste": "suppressed"}


def test_nobody_is_no_secret_and_rows_of_the_registry_are_no_persons(cells, values, method):
    assert status(suppress(cells(norte=0, sur=40), method)) == {"norte": "ok", "sur": "ok"}
    rows = values(dict.fromkeys(method.dimensions, 50), n=pd.NA)
    registry_only = rows[~rows["indicator"].map(lambda name: method.indicators[name].units == "persons")]
    few = registry_only.assign(n=pd.array([2] * len(registry_only), dtype="Float64"))
    assert set(suppress(few, method)["status"]) == {"ok"}


def test_context_counts_pass_the_same_step(method):
    frame = pd.DataFrame(
        {
            "context": "X3",
            "level": ["city", "territory", "territory", "territory"],
            "unit_id": ["villa", "norte", "sur", "oeste"],
            "unit": "unique_persons",
            "value": pd.array([100, 3, 60, 37], dtype="Float64"),
            "n": pd.array([100, 3, 60, 37], dtype="Float64"),
            "status": "ok",
        }
    )
    shown = suppress_counts(frame, method).set_index("unit_id")
    assert shown["status"].to_dict() == {"villa": "ok", "norte": "suppressed", "sur": "ok", "oeste": "suppressed"}
    assert shown["value"].isna().tolist() == [False, True, False, True]
    votes = suppress_counts(frame.assign(unit="proposals"), method)
    assert set(votes["status"]) == {"ok"}


def test_the_rows_behind_a_hidden_value_and_all_microdata_stay_out(cells, method, persons):
    shown = suppress(cells(norte=3, sur=40, oeste=12, este=30), method)
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
