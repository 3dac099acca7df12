"""Periods: what a label means, their order, and which days fall in them."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.config import MonitorError, Period

labels = st.builds(
    lambda year, suffix: f"{year}{suffix}",
    st.integers(1950, 2100),
    st.sampled_from(["", "-S1", "-S2", "-Q1", "-Q4", "-01", "-02", "-12"]),
)


@pytest.mark.parametrize(
    ("label", "first", "last"),
    [
        ("2022", date(2022, 1, 1), date(2022, 12, 31)),
        ("2022-S2", date(2022, 7, 1), date(2022, 12, 31)),
        ("2022-Q3", date(2022, 7, 1), date(2022, 9, 30)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
    ],
)
def test_first_and_last_day(label, first, last):
    period = Period.parse(label)
    assert (period.start, period.end, str(period)) == (first, last, label)


@pytest.mark.parametrize("label", ["22", "2022-S3", "2022-Q5", "2022-13", "2022-00", "2022-s1", "", "last year"])
def test_a_wrong_label_is_refused_with_the_forms_there_are(label):
    with pytest.raises(MonitorError, match="is not a period; write a year"):
        Period.parse(label)


@given(labels)
def test_next_and_previous_undo_each_other_and_leave_no_day_out(label):
    period = Period.parse(label)
    assert period.next().previous() == period
    assert (period.next().start - period.end).days == 1


def test_order_is_by_time_and_a_part_stands_before_its_whole():
    mixed = ["2023", "2022-S2", "2022", "2022-S1"]
    assert sorted(map(Period.parse, mixed)) == list(map(Period.parse, ["2022-S1", "2022", "2022-S2", "2023"]))
    assert Period.parse("2022").includes(Period.parse("2022-Q4"))
    assert not Period.parse("2022-Q4").includes(Period.parse("2022"))


def test_the_last_second_of_the_last_day_is_in_and_a_missing_date_is_not():
    dates = pd.Series(
        pd.to_datetime(["2021-12-31 23:59:59", "2022-01-01 00:00", None, "2022-12-31 23:59:59"], format="mixed")
    )
    assert Period.parse("2022").contains(dates).tolist() == [False, True, False, True]
    zoned = dates.dt.tz_localize("UTC")
    assert Period.parse("2022").contains(zoned).tolist() == [False, True, False, True]
