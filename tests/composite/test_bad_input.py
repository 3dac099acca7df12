"""Bad input is an error that names the indicator and the remedy, never a silent drop."""

import numpy as np
import pytest

from helpers import composite as c

NAMES = ["alpha", "beta"]
GOOD = np.array([[1.0, 2.0], [3.0, 5.0], [4.0, 9.0], [8.0, 1.0]])
CONSTANT = np.array([[1.0, 2.0], [3.0, 2.0], [4.0, 2.0], [8.0, 2.0]])
INFINITE = np.array([[1.0, 2.0], [3.0, np.inf], [4.0, 9.0], [8.0, 1.0]])


def rows(*edits):
    table = [
        {"code": "a", "parent": "d1"},
        {"code": "b", "parent": "d1"},
        {"code": "e", "parent": "d2"},
        {"code": "d1", "parent": "top"},
        {"code": "d2", "parent": "top"},
        {"code": "top", "parent": None},
    ]
    for position, change in edits:
        table[position] = {**table[position], **change}
    return table


@pytest.mark.parametrize("method", ["minmax", "zscore", "max_distance"])
def test_constant_indicator(method):
    with pytest.raises(c.CompositeError, match="'beta' is constant: leave it out, or normalise it between goalposts"):
        c.normalise(CONSTANT, method, names=NAMES)


@pytest.mark.parametrize(
    "step",
    [
        lambda x: c.normalise(x, names=NAMES),
        lambda x: c.goalposts(x, 0, 1, names=NAMES),
        lambda x: c.treat(x, names=NAMES),
        lambda x: c.impute(x, names=NAMES),
        lambda x: c.weighted_mean(x, names=NAMES),
        lambda x: c.copeland(x, names=NAMES),
        lambda x: c.denominate(x, np.ones(2), names=NAMES),
        lambda x: c.em_normal(x, names=NAMES),
        lambda x: c.principal_components(x, names=NAMES),
    ],
)
def test_infinity(step):
    with pytest.raises(c.CompositeError, match=r"'beta' holds an infinite value: correct it or mark it missing"):
        step(INFINITE)


@pytest.mark.parametrize(
    ("weights", "message"), [([1, -1], "'beta' has the weight -1"), ([0, 0], "all weights are zero")]
)
def test_weights(weights, message):
    with pytest.raises(c.CompositeError, match=message):
        c.weighted_mean(GOOD, weights, names=NAMES)
    with pytest.raises(c.CompositeError, match=message):
        c.copeland(GOOD, weights, names=NAMES)


def test_weights_in_a_structure_are_named_by_code():
    with pytest.raises(c.CompositeError, match="'b' has the weight -2"):
        c.structure_table(rows((1, {"weight": -2})))
    with pytest.raises(c.CompositeError, match=r"all weights are zero \(a, b\)"):
        c.structure_table(rows((0, {"weight": 0}), (1, {"weight": 0})))
    with pytest.raises(c.CompositeError, match="'zz', which is not in the structure"):
        c.structure_table(rows()).with_weights({"zz": 1})


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        ((5, {"parent": "d1"}), "runs in a cycle through d1, top"),
        ((0, {"parent": "nowhere"}), "'a' is an orphan: its parent 'nowhere' has no row"),
        ((0, {"parent": ""}), "'a' is an orphan: it has neither a parent nor children"),
        ((1, {"code": "a"}), "'a' stands twice"),
        ((0, {"direction": 0}), "'a' has the direction 0: use 1"),
        ((0, {"direction": -2}), "'a' has the direction -2"),
        ((3, {"type": "Indicator"}), "'d1' is of type indicator but has children"),
        ((2, {"type": "Aggregate"}), "the aggregate 'e' has no children"),
        ((2, {"code": ""}), "has no code"),
    ],
)
def test_structures(edit, message):
    with pytest.raises(c.CompositeError, match=message):
        c.structure_table(rows(edit))


def test_the_two_rows_of_a_shared_child_must_agree():
    with pytest.raises(c.CompositeError, match="'a' differ in more than parent and weight"):
        c.structure_table([*rows(), {"code": "a", "parent": "d2", "direction": -1}])


@pytest.mark.parametrize("direction", [0, 2, np.nan])
def test_direction(direction):
    for function in (
        lambda d: c.goalposts(GOOD, 0, 1, d, NAMES),
        lambda d: c.normalise(GOOD, direction=d, names=NAMES),
    ):
        with pytest.raises(c.CompositeError, match=r"'beta' has the direction .*: use 1 \(more is better\) or -1"):
            function([1, direction])


@pytest.mark.parametrize("kind", ["geometric", "harmonic"])
def test_mean_of_negatives(kind):
    bad = GOOD.copy()
    bad[2, 1] = -0.5
    with pytest.raises(c.CompositeError, match=f"'beta' has a negative value, of which there is no {kind} mean"):
        c.weighted_mean(bad, kind=kind, names=NAMES)
    structure = c.structure_table({"code": ["alpha", "beta", "top"], "parent": ["top", "top", ""]})
    with pytest.raises(c.CompositeError, match=f"aggregate 'top': indicator 'beta' has a negative .* no {kind} mean"):
        c.aggregate(bad, structure, {"kind": kind})


@pytest.mark.parametrize(("lo", "hi"), [([0, 3], [1, 3]), ([0, np.nan], 1), (0, [1, np.inf])])
def test_goalposts(lo, hi):
    with pytest.raises(c.CompositeError, match="'beta' has the goalposts .* give two different finite values"):
        c.goalposts(GOOD, lo, hi, names=NAMES)


def test_goalposts_turned_twice():
    with pytest.raises(c.CompositeError, match="reverses it twice"):
        c.goalposts(GOOD, [0, 10], [1, 0], [1, -1], names=NAMES)


def test_zero_denominator():
    with pytest.raises(c.CompositeError, match="'beta' has a zero denominator for unit 2"):
        c.denominate(GOOD, np.array([[1, 1], [1, 1], [1, 0], [1, 1.0]]), names=NAMES)


def test_unknown_words_list_the_known_ones():
    for call, message in (
        (lambda: c.normalise(GOOD, "nosuch"), "minmax"),
        (lambda: c.impute(GOOD, "nosuch"), "median"),
        (lambda: c.weighted_mean(GOOD, kind="nosuch"), "geometric"),
        (lambda: c.rank(GOOD, ties="nosuch"), "average"),
        (lambda: c.correlations(GOOD, method="nosuch"), "kendall"),
        (lambda: c.treat(np.array([[0.0]] * 20 + [[9e9]]), 0, transform="nosuch"), "log_ct"),
        (lambda: c.normalise(GOOD, "minmax", nosuch=1), "does not take these parameters"),
    ):
        with pytest.raises(c.CompositeError, match=message):
            call()


def test_rules_of_aggregation_are_checked():
    structure = c.structure_table(rows())
    for keywords, message in (
        ({"nodes": {"d9": {"kind": "geometric"}}}, "'d9', which is no aggregate"),
        ({"levels": {7: {}}}, "'level 7'"),
        ({"rule": {"kindd": "x"}}, "'kindd'"),
        ({"rule": {"kind": "power"}}, "needs a finite `power`"),
    ):
        with pytest.raises(c.CompositeError, match=message):
            c.aggregate(np.ones((2, 3)), structure, **keywords)


def test_transformations():
    with pytest.raises(c.CompositeError, match="'beta' is constant: it cannot be transformed"):
        c.transform.log_ct(CONSTANT, names=NAMES)


def test_components_without_spread():
    with pytest.raises(c.CompositeError, match="'beta' is constant over the 4 complete units"):
        c.principal_components(CONSTANT, names=NAMES)
    with pytest.raises(c.CompositeError, match="singular"):
        c.kmo(np.column_stack([GOOD, GOOD.sum(axis=1)]))


def test_em_needs_spread_and_units():
    with pytest.raises(c.CompositeError, match="'beta' is constant or empty"):
        c.em_normal(CONSTANT, names=NAMES)
    with pytest.raises(c.CompositeError, match="at least 4 units, not 3"):
        c.em_normal(GOOD[:3], names=NAMES)
