"""A published value that turns out otherwise is shown with what it was, and why."""

from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest

from helpers.config import load_dictionary, load_method
from helpers.index.findings import PUBLICATION
from helpers.index.revisions import publication_days, published_on, revisions
from helpers.language import Texts

COLUMNS = ["published_on", "period", "name", "was", "now", "difference", "why"]


def scores(value, version="1.0.0", status="final", period="2022", node="quality"):
    row = {"level": "city", "period": period, "method_version": version, "data_status": status, "node": node}
    return pd.DataFrame([{**row, "value": value}]).astype({"value": "Float64"})


@pytest.fixture
def found(root):
    """Revisions of the quality of 2022, from what was published (day, value, version, status) to what it is now."""

    def rows(*published, now, language="en"):
        entries = [
            {"published_on": day, "period": "2022", "node": "quality", "value": value, "method_version": version,
             "data_status": status} for day, value, version, status in published
        ]  # fmt: skip
        record = pd.DataFrame(entries, columns=PUBLICATION).astype({"value": "Float64"})
        findings = SimpleNamespace(
            published=record, scores=now, scores_so_far=now, method=load_method(root, "v1"),
            dictionary=load_dictionary(root),
        )  # fmt: skip
        assert publication_days(findings) == len({day for day, *_ in published})
        return revisions(findings, Texts(root, language))

    return rows


FIRST = ("2023-03-31", 60.0, "1.0.0", "provisional")


def test_nothing_published_or_nothing_changed_is_no_revision(found):
    assert found(now=scores(60.0)).empty
    assert found(FIRST, now=scores(60.0)).empty


@pytest.mark.parametrize(
    ("now", "why"),
    [
        (scores(62.5), "the data went from provisional to final"),
        (scores(62.5, status="provisional"), "correction of the data or of the computation"),
        (scores(62.5, "1.0.1", "provisional"), "erratum of the method, from version 1.0.0 to 1.0.1"),
        (scores(62.5, "2.0.0", "provisional"), "new method, from version 1.0.0 to 2.0.0"),
    ],
)
def test_a_value_that_changed_stands_beside_what_it_was_with_the_reason(found, now, why):
    assert found(FIRST, now=now)[COLUMNS].values.tolist() == [
        ["2023-03-31", "2022", "Quality", "60.0", "62.5", "2.5", why]
    ]


def test_each_time_that_a_value_changed_is_a_row(found):
    later = ("2023-09-30", 61.0, "1.0.0", "revised")
    rows = found(later, FIRST, now=scores(62.5))
    assert rows[["published_on", "was", "now"]].values.tolist() == [
        ["2023-03-31", "60.0", "61.0"],
        ["2023-09-30", "61.0", "62.5"],
    ]
    assert found(FIRST, (*later[:1], 60.0, *later[2:]), now=scores(60.0)).empty


def test_a_value_that_is_no_longer_published_was_withdrawn(found):
    rows = found(FIRST, now=scores(None), language="es")
    assert rows[["was", "now", "why"]].values.tolist() == [["60,0", "–", "retirado"]]


def test_what_is_published_on_a_day_are_the_values_of_the_city():
    districts = scores(50.0).assign(level="territory")
    every = pd.concat([scores(60.0), scores(None, node="index"), districts], ignore_index=True)
    rows = published_on(SimpleNamespace(scores=every), date(2023, 3, 31))
    assert rows.values.tolist() == [["2023-03-31", "2022", "1.0.0", "final", "quality", 60.0]]
