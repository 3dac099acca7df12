"""Toronto's own survey items and its register of ballots, beside a count of the raw files that uses no code of ours."""

import csv

import numpy as np
import pytest

from helpers import registry
from helpers.config import Period, load_city, load_method
from helpers.measures import check_method, context, measure
from tests.spec.world import ROOT, dictionary

QUESTIONS = {
    "T1": "3.1.", "T2": "3.2.", "T3": "3.3.", "T4": "3.4.", "T5": "3.5.", "T6": "3.6.", "T7": "3.7.", "T8": "3.8.",
    "T9": "3.9.", "T10": "3.10.", "T11": "3.11.",
}  # fmt: skip
DISAGREEING_IS_GOOD = ("T4", "T6", "T11")


@pytest.fixture(scope="module")
def method():
    return load_method(ROOT, "v1", "toronto")


@pytest.fixture(scope="module")
def city():
    return load_city(ROOT, "toronto")


@pytest.fixture(scope="module")
def tables(mirror, city):
    return registry.clean(city, dictionary(), ROOT).tables


@pytest.fixture(scope="module")
def survey(tables, method, city):
    values = measure(tables, method, Period.parse("2023"), city, np.random.default_rng(1)).values
    rows = values[(values["level"] == "city") & (values["form"] == "pooled")]
    return rows.set_index("indicator").loc[list(QUESTIONS)]


def raw(mirror, name, encoding="utf-8"):
    with (mirror / "toronto-engagement" / name).open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


def test_the_method_of_the_city_adds_to_version_1_and_takes_nothing_from_it(method):
    plain = load_method(ROOT, "v1")
    assert method.version == "1.0.0+toronto"
    assert {name: one for name, one in method.indicators.items() if name not in QUESTIONS} == plain.indicators
    assert set(method.context) - set(plain.context) == {"B1"}
    check_method(method, dictionary())


def test_each_item_is_the_share_of_answers_on_the_good_side(mirror, survey):
    answers = raw(mirror, "public_engagement_review_survey.csv", "cp1252")
    for name, number in QUESTIONS.items():
        header = next(column for column in answers[0] if column.strip().startswith(number))
        given = [row[header].strip().lower() for row in answers if row[header].strip()]
        good = ("disagree", "strongly disagree") if name in DISAGREEING_IS_GOOD else ("agree", "strongly agree")
        assert survey.loc[name, "n"] == len(given)
        assert survey.loc[name, "value"] == pytest.approx(100 * sum(word in good for word in given) / len(given))
    assert survey.loc["T1", "value"] == pytest.approx(100 * (163 + 13) / 707)


def test_an_interval_is_that_of_a_share_among_so_many_answers(survey):
    share = survey.loc["T1", "value"] / 100
    half = 196 * (share * (1 - share) / survey.loc["T1", "n"]) ** 0.5
    width = survey.loc["T1", "ci_high"] - survey.loc["T1", "ci_low"]
    assert width == pytest.approx(2 * half, rel=0.08)
    assert (survey["ci_low"] < survey["value"]).all() and (survey["value"] < survey["ci_high"]).all()


def test_whoever_found_the_link_speaks_for_nobody_else_so_nothing_is_scored(survey, method, root):
    from helpers.language import Texts

    assert survey["score"].isna().all()
    assert set(survey["reason"]) == {"measures.indicative"}
    assert Texts(root, "en")("measures.indicative").startswith("A non-probability survey")
    assert all(method.indicators[name].help["es"].startswith("Encuesta no probabilística.") for name in QUESTIONS)


def test_ballots_sent_and_returned_stand_beside_the_survey(mirror, tables, method, city):
    polls = [row for row in raw(mirror, "polls_conducted_by_city_noaddress.csv") if row["CLOSE_DATE"][:4] == "2021"]
    figures = context(tables, method, Period.parse("2021"), city)
    found = figures[figures["context"] == "B1"].groupby("part")["value"].sum()
    sent, cast = (sum(int(row[name]) for row in polls) for name in ("BALLOTS_DISTRIBUTED", "BALLOTS_CAST"))
    assert (found["polls"], found["sent"], found["returned"]) == (len(polls), sent, cast)
    assert found["rate"] == pytest.approx(100 * cast / sent)
