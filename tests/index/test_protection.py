"""Hiding survives reckoning: by totals, by groups, and by everything published before."""

from itertools import product

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.config import MonitorError, load_method
from helpers.index import protection as module
from helpers.index.protection import COLUMNS, protect
from helpers.measures.counted import COLUMNS as COUNTED
from tests.spec.world import ROOT

METHOD = load_method(ROOT, "v1")
NOTHING = pd.DataFrame(columns=COLUMNS)


def figure(name, unit, items, period="2022", level="territory", table="context"):
    """A figure that counts some items, given with their counts; a pair names the group of an item."""
    rows = []
    for item, count in items.items():
        group, item = item if isinstance(item, tuple) else ("", item)
        rows.append(dict(zip(COUNTED, (table, name, "", "", level, unit, group, item, count, ""), strict=True)))
    return pd.DataFrame(rows).assign(period=period)


def hidden(*figures, earlier=NOTHING):
    found = protect(pd.concat(figures, ignore_index=True), earlier, METHOD)
    return set(found["period"] + " " + found["unit_id"]), found


def city(items, period="2022"):
    return figure("X3", "villa", items, period, "city")


def test_a_new_period_hides_its_own_so_that_what_is_out_stays_safe():
    """First half: 3 in the north and, with it, 6 in the east are hidden. The year would give both away, the north's
    3 as 20 less the 17 of the second half: so the year hides its north and, beside it, its east."""
    first = {"a1": 3, "b1": 6, "c1": 40}
    second = {"a2": 17, "b2": 12, "c2": 30}
    halves = []
    for label, items in {"2022-S1": first, "2022-S2": second}.items():
        names = dict(zip(items, ("norte", "este", "sur"), strict=True))
        halves += [figure("X3", names[item], {item: count}, label) for item, count in items.items()]
        halves += [city(items, label)]
    out, s1 = hidden(*halves[:4])
    assert out == {"2022-S1 norte", "2022-S1 este"}
    out, s2 = hidden(*halves, earlier=s1)
    assert out == set()
    whole = [
        figure("X3", name, {f"{key}1": first[f"{key}1"], f"{key}2": second[f"{key}2"]})
        for name, key in {"norte": "a", "este": "b", "sur": "c"}.items()
    ]
    out, _ = hidden(*halves, *whole, city(first | second), earlier=s1)
    assert out == {"2022 norte", "2022 este"}


def test_what_was_already_given_away_is_an_error_and_not_a_silence():
    """Both totals are out: what the second half adds is their difference, whatever is hidden now."""
    out = [city({"a": 40}, "2022-S1"), city({"a": 40, "b": 3}, "2022")]
    with pytest.raises(MonitorError, match="X3 of villa in 2022-S2 can be found from what was published before"):
        hidden(*out, city({"b": 3}, "2022-S2"))


def test_groups_are_protected_and_the_smaller_side_of_a_share_counts():
    """Two of twelve said no in the north. East and south add up with it to the city: one of them goes too."""
    said = {"norte": (10, 2), "este": (20, 20), "sur": (9, 9)}
    answers = {unit: {("yes", f"{unit} y"): yes, ("no", f"{unit} n"): no} for unit, (yes, no) in said.items()}
    rows = [figure("S5", unit, items, table="indicators") for unit, items in answers.items()]
    everyone = {item: count for items in answers.values() for item, count in items.items()}
    out, found = hidden(*rows, figure("S5", "villa", everyone, level="city", table="indicators"))
    assert out == {"2022 norte", "2022 sur"}
    assert dict(zip(found["unit_id"], found["reason"], strict=True))["sur"] == "index.few_people_elsewhere"


def test_a_mean_of_fewer_than_ten_answers_is_hidden_and_of_ten_is_not():
    nine, ten = (figure("S1", unit, {unit: n}, table="indicators") for unit, n in (("norte", 9), ("sur", 10)))
    assert hidden(nine, ten)[0] == {"2022 norte"}


@pytest.mark.parametrize("status", [1, 2, 4])
def test_a_bound_is_believed_only_where_the_solver_is_sure(monkeypatch, status):
    true = module.linprog

    def unsure(*arguments, **options):
        result = true(*arguments, **options)
        result.status = status
        return result

    monkeypatch.setattr(module, "linprog", unsure)
    with pytest.raises(MonitorError, match="could not be reckoned"):
        hidden(figure("X3", "norte", {"a": 3}), figure("X3", "sur", {"b": 9}), city({"a": 3, "b": 9}))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 7), min_size=3, max_size=3), st.data())
def test_whoever_tries_every_number_of_persons_finds_at_least_k_for_each_hidden_count(counts, data):
    """The oracle knows no programme: it tries all whole numbers that agree with what is shown."""
    names = list("abcd")[: len(counts)]
    subsets = st.sets(st.sampled_from(names), min_size=1)
    sums = data.draw(st.lists(subsets, min_size=1, max_size=4, unique_by=frozenset))
    items = dict(zip(names, counts, strict=True))
    figures = {f"f{place}": {name: items[name] for name in sorted(one)} for place, one in enumerate(sums)}
    out, _ = hidden(*(figure("X3", name, one) for name, one in figures.items()))
    tries = [
        dict(zip(names, one, strict=True))
        for one in product(range(sum(counts) + METHOD.thresholds.k), repeat=len(names))
    ]
    shown = {name: sum(one.values()) for name, one in figures.items() if f"2022 {name}" not in out}
    possible = [one for one in tries if all(sum(one[i] for i in figures[f]) == total for f, total in shown.items())]
    for name, one in figures.items():
        if f"2022 {name}" in out and sum(one.values()):
            assert len({sum(guess[item] for item in one) for guess in possible}) >= METHOD.thresholds.k
