"""Chapter 7: the worked examples of the codebook, each run through the engine and reckoned by hand."""

import math

import pytest

from helpers.config import Period
from helpers.measures import context
from helpers.measures.value import score_of
from tests.spec.world import CITY, changed, dictionary, measured, method, rows, world

HAND = {"__builtins__": {}, "min": min, "max": max, "sqrt": math.sqrt, "ln": math.log}


def town(example):
    """The tables of an example, with its instances: `times` rows alike, and an id for each."""
    tables = {name: list(_rows(name, text)) for name, text in example.tables.items()}
    named = {row["instance_id"] for table in tables.values() for row in table if "instance_id" in row}
    tables.setdefault("instances", [{"instance_id": name} for name in sorted(named)])
    return world(**tables)


def _rows(table, text):
    (key, *others) = dictionary().tables[table].key
    for number, row in enumerate(rows(text)):
        for copy in range(int(row.get("times", 1))):
            own = {name: value for name, value in row.items() if name != "times"}
            yield own if others or key in own else {key: f"{number}-{copy}", **own}


def found(name, example):
    """What the engine gives for the city."""
    if name in method().context:
        figures = context(town(example), method(), Period.parse("2022"), CITY)
        wanted = {"context": name, "part": example.part, "category": example.category, "level": "city"}
        for column, value in wanted.items():
            figures = figures[figures[column] == value]
        return figures["value"].item()
    quiet = changed(thresholds__draws=0)
    values = measured(town(example), how=quiet).values.query("level == 'city' and indicator == @name")
    return values.loc[values["form"] == method().indicators[name].form, "value"].item()


def test_every_indicator_and_every_context_figure_has_an_example():
    assert set(method().examples) == {*method().indicators, *method().context}


@pytest.mark.parametrize("name", [*method().indicators, *method().context])
def test_the_example_comes_out_as_reckoned_by_hand(name):
    example = method().examples[name]
    by_hand = eval(example.arithmetic, HAND)
    assert found(name, example) == pytest.approx(by_hand)
    assert example.value == pytest.approx(by_hand, abs=5e-5)
    if name in method().indicators:
        one = method().indicators[name]
        shown = example.value if example.score is None else example.score
        assert float(score_of(by_hand, one.goalposts, one.direction)) == pytest.approx(shown, abs=5e-5)


def test_the_history_names_versions_and_indicators_that_exist():
    assert method().history[0].version == method().version.split("+")[0]
    assert {name for change in method().history for name in change.indicators} <= set(method().examples)
