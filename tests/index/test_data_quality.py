"""The page on the quality of the data: what it counts, and what it never shows."""

from types import SimpleNamespace

import pandas as pd
import pytest

from helpers.config import Period
from helpers.index import data_quality as quality
from helpers.index.findings import PUBLICATION
from helpers.language import Texts
from helpers.registry import Registry
from tests.spec.world import ROOT, dictionary, method, typed, world

TABLES = {
    "sources": [
        {"source_id": "press", "title": "A newspaper", "publisher": "The press"},
        {"source_id": "town", "title": "The town's page", "publisher": "The town"},
    ],
    "instances": [
        {"instance_id": "a", "name": "Budget", "responsible_unit": "Works", "source_id": "town"},
        {"instance_id": "b", "name": "Council", "source_id": "press", "objectives": "to meet"},
    ],
    "participation_counts": """
        instance_id | dimension | category | count | preferred | preferred_reason | source_id
        a           | total     | total    | 120   | yes       | official         | town
        a           | total     | total    | 150   | no        | rounded          | press
        b           | total     | total    | 30    | -         | -                | town
    """,
}
PROBLEMS = [
    ["block", "Works", "town", "votes.csv", "", "7", "survey_responses", "s_overall", "9", "above_maximum"],
    ["block", "Works", "town", "votes.csv", "", "8", "events", "attendance", "-12", "below_minimum"],
    ["warn", "Works", "town", "votes.csv", "", "9", "outputs", "title", "call […]", "personal_data"],
]
CHANGES = [
    ["town", "f.csv", "", "survey_responses", "responded_at", "3/4/22", "2022-04-03", "date", 40, 1],
    ["town", "f.csv", "", "events", "starts_at", "01/02/2022", "2022-02-01", "date", 5, 1],
    ["town", "f.csv", "", "events", "attendance", "12O", "120", "correction zero-for-o", 1, 1],
]


@pytest.fixture(scope="module")
def texts():
    return Texts(ROOT, "en")


@pytest.fixture(scope="module")
def findings():
    tables = {name: typed(name, []) for name in dictionary().tables} | world(**TABLES)
    columns = ["severity", "unit", "source_id", "file", "sheet", "row", "table", "field", "value", "code"]
    problems = pd.DataFrame(PROBLEMS, columns=columns).assign(values='{"count":1,"rows":[7]}')
    columns = ["source_id", "file", "sheet", "table", "field", "raw", "clean", "rule", "rows", "first_row"]
    changes = pd.DataFrame(CHANGES, columns=columns)
    columns = ["source_id", "table", "rows_in", "kept", "merged", "quarantined"]
    accounts = pd.DataFrame([["town", "events", 10, 7, 1, 2], ["press", "events", 3, 3, 0, 0]], columns=columns)
    return SimpleNamespace(
        city=SimpleNamespace(name={"en": "Town"}),
        period=Period.parse("2022"),
        method=method(),
        dictionary=dictionary(),
        scores=pd.DataFrame({"status": ["ok", "suppressed"], "reason": [None, "index.few_people"]}),
        scores_so_far=pd.DataFrame(columns=["level", *PUBLICATION]),
        published=pd.DataFrame(columns=PUBLICATION),
        suppressed=pd.DataFrame({"table": ["indicators", "events"], "reason": "index.few_people"}),
        registry=Registry(tables, problems, changes, accounts),
    )


def test_the_facts_count_cells_not_lines_of_the_ledgers(findings, texts):
    facts = quality.quality_facts(findings, texts)
    assert (facts["rows_in"], facts["kept"], facts["merged"], facts["quarantined"]) == (13, 10, 1, 2)
    assert (facts["rewritten"], facts["corrected"], facts["masked"], facts["hidden"]) == (45, 1, 1, 3)
    assert (facts["set_aside"], facts["failed"], facts["unused"]) == (2, 2, 0)
    assert facts["never_read"] > 0


def test_both_figures_of_a_conflict_stand_side_by_side_and_the_lone_one_is_not_among_them(findings, texts):
    shown = quality.conflicts(findings, texts)
    assert list(shown["source"]) == ["The town's page", "A newspaper"]
    assert list(shown["thing"]) == ["Budget", "Budget"]
    assert [text.split()[0] for text in shown["amount"]] == ["120", "150"]
    assert shown["used"].nunique() == 2


def test_values_of_microdata_are_shown_neither_as_problem_nor_as_example(findings, texts):
    shown = quality.set_aside(findings, texts)
    assert "9" not in shown["what"].iloc[0] and "-12" in shown["what"].iloc[1]
    examples = quality.rewritings(findings, texts).set_index("rule")
    assert examples.loc["dates", "cells"] == 45
    assert examples.loc["dates", "raw"] == "01/02/2022"


def test_a_cell_that_does_not_apply_is_neither_filled_nor_missing(findings, texts):
    cells = quality.field_coverage(findings, texts).set_index(["table", "name"])
    assert cells.loc[("instances", "objectives"), ["filled", "not_collected"]].to_list() == [1, 1]
    assert cells.loc[("instances", "objectives"), "share"] == 50
    tables = findings.registry.tables | {"instances": typed("instances", [{"instance_id": "a", "objectives": "NA"}])}
    other = SimpleNamespace(**{**vars(findings), "registry": Registry(tables, *[pd.DataFrame()] * 3)})
    cells = quality.field_coverage(other, texts).set_index(["table", "name"])
    states = ["filled", "not_applicable", "not_collected"]
    assert cells.loc[("instances", "objectives"), states].to_list() == [0, 1, 0]
    assert pd.isna(cells.loc[("instances", "objectives"), "share"])


def test_a_row_belongs_to_the_unit_of_its_instance_else_to_the_publisher_of_its_source(findings, texts):
    shown = quality.unit_coverage(findings, texts).set_index("unit")
    assert {"Works", "The press", "The town"} == set(shown.index)
    assert shown.loc["Works", "set_aside"] == 2
    assert (shown["share"].between(0, 100)).all()
