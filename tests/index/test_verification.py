"""What the page for evaluators shows beside each question, and what it never makes up."""

from dataclasses import make_dataclass
from types import SimpleNamespace

import pandas as pd
import pytest

from helpers.config import Period
from helpers.index import verification
from helpers.language import Texts
from helpers.registry import Registry
from tests.spec.world import ROOT, dictionary, method, typed, world

MILESTONES = """
    commitment_id | n | source_doc | text      | source_text      | start_date | end_date   | date_precision | status      | status_asof
    C1            | 1 | form       | Make it   | A map            | 2021-08-01 | 2021-12-01 | month          | not_started | 2021-08-02
    C1            | 1 | page       | Make it   | An index         | 2021-08-01 | 2021-12-01 | month          | -           | -
    C2            | 1 | form       | Otherwise | Of another       | 2021-08-01 | 2021-12-01 | month          | finished    | -
"""  # noqa: E501 (a table)


def value(period, indicator, number, low=None, high=None):
    row = {"period": period, "indicator": indicator, "form": method().indicators[indicator].form, "level": "city"}
    return row | {"value": number, "score": number, "n": 40.0, "status": "ok", "ci_low": low, "ci_high": high}


def findings(assessments=()):
    tables = {name: typed(name, []) for name in dictionary().tables} | world(
        milestones=MILESTONES, assessments=list(assessments)
    )
    values = [value("2021", "Q4", 40.0), value("2022", "Q4", 60.0, 55.0, 65.0)]
    columns = ["period", "level", "context", "part", "category", "unit", "value", "n", "bound", "status"]
    parts = dict(
        method=method(),
        dictionary=dictionary(),
        city=SimpleNamespace(currency="ARS"),
        period=Period.parse("2022"),
        periods=[Period.parse("2021"), Period.parse("2022")],
        values_so_far=pd.DataFrame(values).assign(process_low=None, process_high=None),
        context=pd.DataFrame(columns=columns),
        context_so_far=pd.DataFrame(columns=columns),
        registry=Registry(tables, *[pd.DataFrame()] * 3),
    )
    return make_dataclass("Town", list(parts))(**parts)


@pytest.fixture(scope="module")
def texts():
    return Texts(ROOT, "en")


def test_each_source_has_its_own_words_and_a_status_is_never_taken_from_the_other(texts):
    rows = verification.milestones("C1", findings(), texts)
    assert list(rows["words"]) == ["A map", "An index"]
    assert list(rows["status"]) == ["Not started (on 2 August 2021)", "the source does not say"]


def test_a_figure_stands_before_and_now_with_its_interval_and_n(texts):
    shown = verification.figures_beside(["Q4", "Q2"], findings(), texts).set_index("figure")
    assert shown.loc["Q4 Clear rules", "before"] == "40% (n = 40)"
    assert shown.loc["Q4 Clear rules", "now"] == "60%; score 60.0 (55.0 to 65.0; n = 40)"
    assert set(shown.iloc[1]) == {"not collected"}


def test_the_questions_are_all_there_and_an_answer_only_where_somebody_gave_one(texts):
    facts = {name: 0 for name in ("missing", "indicators", "problems", "unplanned")} | {"period": "2022"}
    facts |= {"quality_page": "q.html", "methodology_page": "m.html"}
    blank = verification.questions("C1", facts, findings(), texts)
    assert [one.id for one in blank] == list(verification.QUESTIONS)
    assert all("**Answer:** none." in one.text for one in blank)
    given = {"assessment_id": "a", "commitment_id": "C1", "assessed_on": "2023-03-01", "assessor_body": "University"}
    given |= {"completion": "substantial", "q211": "yes", "q211_degree": "major"}
    said = {one.id: one.text for one in verification.questions("C1", facts, findings([given]), texts)}
    assert "(University, 1 March 2023): Substantial" in said["q11"]
    assert "yes · Major" in said["q211"]
    assert "**Answer:** none." in said["q212"]


def test_the_question_of_the_method_names_figures_that_exist():
    assert set(method().evaluation) <= set(verification.QUESTIONS)


def test_every_raw_file_of_a_committed_city_has_its_whole_checksum(root):
    from helpers.config import load_city

    shown = verification.inputs(root, SimpleNamespace(city=load_city(root, "rosario"))).set_index("file")
    assert shown.loc["instances.csv", "sha256"].startswith(shown.loc["instances.csv", "mark"])
    assert len(shown.loc["instances.csv", "sha256"]) == 64
