"""Structures of any depth, with a missing level and a shared child."""

import numpy as np
import pandas as pd
import pytest

from helpers import composite as c

UNEVEN = [
    {"code": "a", "parent": "d1", "weight": 2},
    {"code": "b", "parent": "d1", "weight": 1},
    {"code": "e", "parent": "top", "weight": 1},  # no level between the indicator and the top
    {"code": "d1", "parent": "s", "weight": 1},
    {"code": "f", "parent": "s", "weight": 3},
    {"code": "s", "parent": "top", "weight": 1},
    {"code": "top", "parent": "", "type": "Aggregate"},
    {"code": "population", "parent": "", "type": "Denominator"},
]


def test_levels_and_order():
    structure = c.structure_table(UNEVEN)
    assert structure.indicators == ("a", "b", "e", "f")
    assert structure.nodes == ("d1", "s", "top")
    assert structure.levels == {"a": 1, "b": 1, "e": 1, "f": 1, "d1": 2, "s": 3, "top": 4}
    assert structure.leaves("s") == ("a", "b", "f")


def test_worked_aggregation():
    structure = c.structure_table(UNEVEN)
    nodes = c.aggregate(np.array([[30.0, 60.0, 20.0, 80.0]]), structure)
    # d1 = (2 * 30 + 60) / 3 = 40; s = (40 + 3 * 80) / 4 = 70; top = (70 + 20) / 2 = 45
    np.testing.assert_allclose(nodes, [[40, 70, 45]])
    np.testing.assert_allclose(c.effective_weights(structure), [1 / 12, 1 / 24, 1 / 2, 3 / 8, 1 / 8, 1 / 2, 1])


def test_a_child_of_two_parents():
    table = [
        {"code": "a", "parent": "d1", "weight": 0.5},
        {"code": "a", "parent": "d2", "weight": 0.5},
        {"code": "b", "parent": "d1", "weight": 1},
        {"code": "e", "parent": "d2", "weight": 2},
        {"code": "d1", "parent": "top"},
        {"code": "d2", "parent": "top"},
        {"code": "top", "parent": ""},
    ]
    structure = c.structure_table(table)
    nodes = c.aggregate(np.array([[30.0, 60.0, 20.0]]), structure)
    np.testing.assert_allclose(nodes, [[50, 22, 36]])
    effective = dict(zip(structure.codes, c.effective_weights(structure), strict=True))
    assert effective["a"] == pytest.approx(0.5 * (1 / 3 + 1 / 5))
    assert sum(effective[i] for i in structure.indicators) == pytest.approx(1)
    # Its two weights have an address each.
    changed = structure.with_weights({"a>d2": 0})
    np.testing.assert_allclose(c.aggregate(np.array([[30.0, 60.0, 20.0]]), changed), [[50, 20, 35]])


def test_a_table_comes_in_three_shapes():
    frame = pd.DataFrame(UNEVEN)
    columns = {name: frame[name].tolist() for name in frame}
    for table in (frame, columns, UNEVEN):
        structure = c.structure_table(table)
        assert structure.edges == c.structure_table(UNEVEN).edges
        np.testing.assert_array_equal(structure.weights, [2, 1, 1, 1, 3, 1])


def test_one_rule_per_node_and_level():
    structure = c.structure_table(UNEVEN)
    scores = np.array([[30.0, 60.0, 20.0, 80.0]])
    nodes = c.aggregate(
        scores, structure, {"kind": "geometric"}, {2: {"kind": "harmonic"}}, {"top": {"kind": "arithmetic"}}
    )
    d1 = 3 / (2 / 30 + 1 / 60)
    s = np.exp((np.log(d1) + 3 * np.log(80)) / 4)
    np.testing.assert_allclose(nodes, [[d1, s, (s + 20) / 2]])


def test_coverage_threshold_per_level():
    structure = c.structure_table(UNEVEN)
    scores = np.array([[np.nan, 60.0, 20.0, 80.0]])
    np.testing.assert_allclose(c.aggregate(scores, structure), [[60, 75, 47.5]])
    strict = c.aggregate(scores, structure, levels={2: {"min_weight": 0.6}, 4: {"require_all": True}})
    np.testing.assert_allclose(strict, [[np.nan, 80, 50]])
    stricter = c.aggregate(
        scores, structure, levels={2: {"min_weight": 0.6}, 3: {"min_share": 0.6}, 4: {"require_all": True}}
    )
    assert np.isnan(stricter).all()


def test_the_monitors_own_rule():
    """Four dimensions, geometric, raised to 1, all required: the example of the methodology."""
    table = {"code": ["q", "d", "a", "s", "index"], "parent": ["index"] * 4 + [""]}
    structure = c.structure_table(table)
    rule = {"kind": "geometric", "floor": 1, "require_all": True}
    scores = np.array([[62, 48, 71, 66], [82, 28, 71, 66], [82, 28, np.nan, 66], [0, 100, 100, 100.0]])
    index = c.aggregate(scores, structure, rule)[:, 0]
    np.testing.assert_allclose(index[:2], [61.1, 57.3], atol=0.05)
    assert np.isnan(index[2])
    assert index[3] == pytest.approx(100**0.75)
