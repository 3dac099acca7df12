"""A method pays only for what it changes, and finds the tables that it would have prepared alone."""

import pandas as pd
import pytest

from helpers.config.method import method_with
from helpers.index.choices import choices_of
from helpers.measures import instances
from helpers.measures.derive import prepare
from tests.measures.test_known_truth import delivered
from tests.spec.world import changed

FURTHER = [
    {"deadlines.final_document_days": 1},
    {"deadlines.accessibility_test_months": 1},
    {"deadlines.minutes_days": 400},
    {"thresholds.k": 40},
    {"thresholds.min_response": 0.99},
]


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    """The simulated city in its tiny size: tables, city, period, method."""
    tables, city, _ = delivered(tmp_path_factory.mktemp("tiny"), "tiny", with_defects=False)
    return tables, city, city.newest_period, changed()


@pytest.mark.slow
def test_what_was_prepared_for_others_changes_nothing(scene):
    tables, city, period, method = scene
    options = [option.method for choice in choices_of(method) for option in choice.options if option.remeasured]
    known = {}
    for one in [method, *options, *(method_with(method, change) for change in FURTHER), method]:
        shared, alone = prepare(tables, one, city, period, known), prepare(tables, one, city, period)
        assert shared.tables.keys() == alone.tables.keys()
        for name, table in alone.tables.items():
            pd.testing.assert_frame_equal(shared.tables[name], table, obj=name)


def test_each_part_is_prepared_once_per_setting_that_it_reads(scene, monkeypatch):
    tables, city, period, method = scene
    calls = []
    slow = instances._with_checks
    monkeypatch.setattr(instances, "_with_checks", lambda *given: calls.append(1) or slow(*given))
    known = {}
    for days in (100, 200, 300):
        prepare(tables, method_with(method, {"deadlines.final_document_days": days}), city, period, known)
    assert len(calls) == 1
