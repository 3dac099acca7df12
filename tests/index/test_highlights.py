"""What the monitor names as strong, weak, promising or changed: only what the intervals allow."""

from types import SimpleNamespace

import pandas as pd
import pytest

from helpers.config import Period
from helpers.index import gender
from helpers.index.highlights import highlights, potential, scored_indicators
from helpers.language import Texts
from helpers.registry import Registry
from tests.spec.world import CITY, ROOT, dictionary, method, typed, world


def value(indicator, score, low=None, high=None, sampled=True, status="ok"):
    ends = {"ci_low": low, "ci_high": high} if sampled else {"process_low": low, "process_high": high}
    row = {"level": "city", "indicator": indicator, "form": method().indicators[indicator].form, "status": status}
    return row | {"score": score, "ci_low": None, "ci_high": None, "process_low": None, "process_high": None} | ends


VALUES = pd.DataFrame([
    value("Q2", 75.0, 61.0, 88.0),
    value("Q4", 61.0, 58.0, 64.0),
    value("A1", 41.0, 19.0, 64.0, sampled=False),
    value("A2", 52.0, 46.0, 59.0, sampled=False),
    value("A3", 70.0),
    value("A5", 100.0, 100.0, 100.0, sampled=False),
    value("S1", None, status="suppressed"),
]).astype({name: "Float64" for name in ("score", "ci_low", "ci_high", "process_low", "process_high")})  # fmt: skip


def change(node, before, after, word):
    return {"level": "city", "node": node, "before": before, "after": after, "low": 1.0, "high": 9.0, "word": word}


def standing_out(changes=()):
    findings = SimpleNamespace(method=method(), values=VALUES, changes=pd.DataFrame(changes))
    return highlights(findings, Texts(ROOT, "en"))


def test_strong_and_weak_are_only_what_lies_wholly_on_one_side_of_the_line():
    found = standing_out()
    assert found["line"] == 60
    assert [one["id"] for one in found["strengths"]] == ["Q2"]
    assert [one["id"] for one in found["weaknesses"]] == ["A2"]
    assert (found["scored"], found["undecided"]) == (6, 4), "two cross the line, two have no interval of any width"


def test_what_could_be_gained_is_the_way_to_the_next_band_by_the_weight_in_the_dimension():
    gains = potential(scored_indicators(VALUES, method()), method()).set_index("id")
    assert gains.loc["A2", "gain"] == pytest.approx((60 - 52) / 4), "one of four measured indicators of its dimension"
    assert gains.loc["Q4", "gain"] == pytest.approx((80 - 61) / 2)
    assert set(gains.index) == {"A2", "Q4"}, "the others may already be beyond the edge"


def test_a_difference_is_named_only_where_it_is_a_change():
    changes = [
        change("index", 50.0, 55.0, "index.change_none"),
        change("quality", 40.0, 50.0, "index.change_up"),
        change("Q2", 60.0, 50.0, "index.change_down"),
        change("A1", None, None, "index.change_not_comparable"),
    ]
    found = standing_out(changes)
    assert [one["name"] for one in found["nodes_up"]] == ["Quality"]
    assert found["indicators_down"] == ["Reasoned response"]
    assert (found["compared"], found["unchanged"], found["index_word"]) == (3, 1, None)
    assert standing_out([change("index", 50.0, 55.0, "index.change_up")])["index_word"] == "higher"


COUNTS = """
    instance_id | dimension | category | count
    council     | gender    | woman    | 70
    council     | gender    | man      | 50
    council     | gender    | other    | 3
    table       | gender    | woman    | 40
    table       | gender    | man      | 30
    vote        | gender    | woman    | 200
    vote        | gender    | man      | 4
    hidden      | gender    | woman    | 500
    hidden      | gender    | man      | -
"""


def test_women_are_shown_by_type_only_where_there_are_enough_people_on_both_sides():
    instances = """
        instance_id | instance_type | status  | start_date
        council     | space         | running | 2015-01-01
        table       | table         | running | 2015-01-01
        vote        | device        | running | 2015-01-01
        hidden      | table         | running | 2015-01-01
    """
    tables = {name: typed(name, []) for name in dictionary().tables}
    tables |= world(instances=instances, participation_counts=COUNTS)
    counts = tables["participation_counts"]
    hidden = pd.Series("index.few_people", counts.index, dtype="str").where(counts["count"].isna())
    tables["participation_counts"] = counts.assign(suppressed=hidden)
    findings = SimpleNamespace(
        method=method(),
        city=CITY,
        period=Period.parse("2022"),
        dictionary=dictionary(),
        values=VALUES,
        registry=Registry(tables, *[pd.DataFrame()] * 3),
        suppressed=pd.DataFrame(columns=["figure", "level", "unit_id"]),
    )
    shown = gender.women_by_type(findings, Texts(ROOT, "en")).set_index("kind")
    assert shown.loc["Space", "share"] == pytest.approx(100 * 70 / 120)
    assert shown["share"].isna().to_dict() == {"Device": True, "Space": False, "Table": True}
    assert shown.loc["Device", "status"] == "suppressed"
    facts = gender.gender_facts(findings, Texts(ROOT, "en"))
    assert (facts["recorded"], facts["at_work"], facts["balance"]) == (4, 4, None)
    findings.suppressed.loc[0] = ["D1", "instance", "council"]  # its own balance is hidden: the row would be it
    assert gender.women_by_type(findings, Texts(ROOT, "en"))["share"].isna().all()
