"""Chapter 8: good practice. Which instances have a card, how they stand to the standards, what became of proposals."""

import pandas as pd
import pytest

from helpers.config import Period
from helpers.index import good_practice
from helpers.measures.derive import prepare
from tests.spec.world import CITY, changed, method, world

STANDARDS = method().standards
CORE = [one.item for one in STANDARDS.values() if one.core]


def ready(period="2022", **tables):
    return prepare(world(**tables), changed(), CITY, Period.parse(period))


def cards(period="2022", **tables):
    """Instances with a card."""
    return list(good_practice.instances_of_period(ready(period, **tables))["instance_id"])


def standing(checks, periods="instance_id | period\na | 2022"):
    """Answers of the instances of a town by standard."""
    names = list(dict.fromkeys(line.split("|")[0].strip() for line in periods.splitlines()[1:]))
    instances = [{"instance_id": name, "name": name} for name in names]
    at_hand = ready(instances=instances, instance_periods=periods, checks=checks)
    return good_practice.answers(good_practice.instances_of_period(at_hand), STANDARDS)


def checks(instance="a", default="yes", **answers):
    """A check of every standard, some with another answer."""
    items = {one.item: answers.get(one.item, default) for one in STANDARDS.values()}
    return [{"instance_id": instance, "item": item, "answer": answer} for item, answer in items.items() if answer]


def verdict(rows, instance="a"):
    return good_practice.verdicts(standing(rows)).set_index("instance_id").loc[instance]


def test_an_instance_has_a_card_if_its_period_says_so_or_its_days_meet_the_period():
    town = """
        instance_id | name | status   | start_date | end_date
        said        | a    | running  | 2010-01-01 | -
        denied      | b    | running  | 2010-01-01 | -
        running     | c    | running  | 2010-01-01 | -
        inside      | d    | finished | 2022-03-01 | 2022-05-01
        begun_here  | e    | finished | 2022-04-01 | -
        over_before | f    | finished | 2021-04-01 | -
        to_come     | g    | planned  | 2022-11-01 | -
        later       | h    | running  | 2023-01-01 | -
        no_days     | i    | running  | -          | -
    """
    periods = "instance_id | period | active\nsaid | 2022 | yes\ndenied | 2022 | no"
    assert cards(instances=town, instance_periods=periods) == ["said", "running", "inside", "begun_here", "no_days"]


def test_proposals_of_the_period_bring_a_card_for_an_instance_that_is_over():
    town = {
        "instances": "instance_id | status | start_date | end_date\na | finished | 2020-01-01 | 2021-12-31",
        "proposals": "proposal_id | instance_id | submitted_at\np | a | 2022-02-01",
    }
    assert cards(**town) == ["a"]
    assert cards("2023", **town) == []


def test_a_parent_never_stands_beside_its_children_and_tools_have_no_card():
    town = """
        instance_id | instance_type | parent_id | status   | start_date | end_date
        pp          | device        | -         | running  | 2015-01-01 | -
        pp-2022     | device        | pp        | finished | 2022-03-01 | 2022-09-01
        platform    | tool          | -         | running  | 2015-01-01 | -
    """
    assert cards(instances=town) == ["pp-2022"]
    assert cards("2021", instances=town) == ["pp"], "no child of it was at work"


def test_what_does_not_apply_and_what_was_not_checked_are_told_apart():
    first, second, third = list(STANDARDS)[:3]
    items = [STANDARDS[number].item for number in (first, second)]
    given = standing(f"instance_id | item | answer\na | {items[0]} | NA\na | {items[1]} | partly")
    of = given.set_index("standard")["answer"]
    assert (of[first], of[second], of[third]) == ("not_applicable", "partly", "not_checked")
    counts = good_practice.tally(given).set_index("standard")
    assert counts.loc[first, "not_applicable"] == 1 and counts.loc[first, "not_checked"] == 0
    assert counts.loc[third, "not_applicable"] == 0 and counts.loc[third, "not_checked"] == 1
    assert (counts[list(good_practice.ANSWERS)].sum(axis=1) == 1).all(), "each instance is in one column"


def test_a_check_of_another_year_says_nothing_of_this_one():
    item = STANDARDS["1"].item
    given = standing(f"instance_id | period | item | answer\na | 2021 | {item} | yes")
    assert set(given["answer"]) == {"not_checked"}


@pytest.mark.parametrize(
    ("core", "expected"),
    [("yes", "meets"), ("partly", "fails"), ("no", "fails"), (None, "cannot_tell"), ("NA", "meets")],
)
def test_the_core_standards_pass_or_fail(core, expected):
    assert verdict(checks(**{CORE[0]: core}))["verdict"] == expected


def test_a_failure_is_known_even_where_another_core_standard_was_not_checked():
    assert verdict(checks(**{CORE[0]: None, CORE[1]: "no"}))["verdict"] == "fails"


def test_instances_without_any_check_are_not_known_and_have_no_score():
    row = verdict("instance_id | item | answer\nother | stakeholder_map | yes")
    assert row["verdict"] == "cannot_tell"
    assert pd.isna(row["score"]) and row["answered"] == 0 and row["asked"] == len(STANDARDS)


def test_the_score_is_the_mean_of_the_other_standards_that_were_answered():
    others = [one.item for one in STANDARDS.values() if not one.core]
    answers = dict(zip(others, ["yes", "partly", "no", "NA"], strict=False))
    row = verdict(checks(default=None, **answers))
    assert row["score"] == pytest.approx(100 * (1 + 0.5 + 0) / 3)
    assert (row["answered"], row["asked"]) == (3, len(STANDARDS) - 1)


def funnel_of(period="2022", **tables):
    at_hand = ready(period, **tables)
    counts = good_practice.funnel(at_hand, good_practice.instances_of_period(at_hand))
    return {name: group.set_index("step") for name, group in counts.groupby("instance_id")}


FATES = """
    proposal_id | instance_id | submitted_at | evaluated | feasible | votes | winner | answer_type | linked_result_id
    p1          | a           | 2022-01-10   | yes       | yes      | 90    | yes    | accepted    | r1
    p2          | a           | 2022-01-11   | yes       | yes      | 20    | no     | -           | -
    p3          | a           | 2022-01-12   | yes       | no       | -     | -      | -           | -
    p4          | a           | 2022-01-13   | -         | -        | -     | yes    | -           | r2
    p5          | a           | 2021-12-31   | yes       | yes      | 50    | yes    | accepted    | r1
"""


def test_the_funnel_counts_each_step_and_of_how_many_it_is_known():
    found = funnel_of(
        instances="instance_id | status | start_date\na | running | 2015-01-01",
        proposals=FATES,
        outputs="""
            result_id | instance_id | agreed_at  | due_date   | delivered_at
            r1        | a           | 2022-03-01 | 2022-10-01 | 2022-09-30
            r2        | a           | 2022-03-01 | 2022-10-01 | 2023-01-02
        """,
    )["a"]
    assert found["number"].to_dict() == {
        "received": 4, "evaluated": 3, "feasible": 2, "voted": 2, "chosen": 2, "done": 1,
    }  # fmt: skip
    assert found["known"].to_dict() == {
        "received": 4, "evaluated": 3, "feasible": 3, "voted": 4, "chosen": 3, "done": 2,
    }  # fmt: skip


def test_a_step_that_nobody_recorded_is_missing_and_not_zero():
    found = funnel_of(
        instances="instance_id | status | start_date\na | running | 2015-01-01",
        proposals="proposal_id | instance_id | submitted_at\np | a | 2022-01-10",
    )["a"]
    assert found["number"].isna().to_dict() == {
        "received": False, "evaluated": True, "feasible": True, "voted": True, "chosen": True, "done": True,
    }  # fmt: skip


def test_proposals_without_a_date_fall_to_the_period_of_their_instance():
    town = {
        "instances": """
            instance_id | name | status   | start_date | end_date
            vote        | a    | finished | 2022-06-01 | 2022-06-30
            over        | b    | finished | 2022-06-01 | -
            council     | c    | running  | 2022-06-01 | -
            long        | d    | finished | 2021-06-01 | 2022-06-30
        """,
        "proposals": """
            proposal_id | instance_id
            p1          | vote
            p2          | vote
            p3          | over
            p4          | council
            p5          | long
        """,
    }
    counts = {name: int(found.loc["received", "number"]) for name, found in funnel_of(**town).items()}
    assert counts == {"vote": 2, "over": 1}
    at_hand = ready(**town)
    chosen = good_practice.instances_of_period(at_hand)
    assert good_practice.unplaced_proposals(at_hand, chosen) == 2, "those of an instance that spans years"
    assert funnel_of("2023", **town) == {}


def test_the_last_survey_is_the_newest_one_that_may_be_published():
    values = pd.DataFrame(
        [
            ["2021", "a", "S1", "instance", 60.0, 30.0],
            ["2022", "a", "S1", "instance", None, None],
            ["2021", "b", "S1", "instance", 40.0, 50.0],
            ["2022", "b", "S1", "instance", 45.0, 55.0],
            ["2022", "b", "S2", "instance", 99.0, 55.0],
            ["2022", "town", "S1", "city", 70.0, 500.0],
        ],
        columns=["period", "unit_id", "indicator", "level", "score", "n"],
    ).assign(ci_low=0.0, ci_high=100.0)
    last = good_practice.last_surveys(values).set_index("instance_id")
    assert last["period"].to_dict() == {"a": "2021", "b": "2022"}
    assert last["score"].to_dict() == {"a": 60.0, "b": 45.0}
