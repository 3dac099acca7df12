"""Chapter 1: quality. A small table, a call, and the arithmetic that must come out."""

import pytest

from tests.spec.world import instances, row, world

A = instances("a")
ABC = instances("a", "b", "c")


def test_q1_levels_of_influence_are_equal_steps_averaged_over_instances():
    town = world(
        instances=ABC,
        instance_periods="""
            instance_id | influence_level | influence_evidence_id
            a           | inform          | -
            b           | consult         | -
            c           | empower         | e1
        """,
    )
    q1 = row(town, "Q1")
    assert q1["value"] == pytest.approx((0 + 25 + 100) / 3)
    assert (q1["n"], q1["coverage"], q1["status"]) == (3, 1, "ok")


def test_q1_a_claim_without_evidence_is_capped_at_involve():
    town = world(
        instances=ABC,
        instance_periods="""
            instance_id | influence_level | influence_evidence_id
            a           | empower         | -
            b           | collaborate     | -
            c           | consult         | -
        """,
    )
    assert row(town, "Q1")["value"] == pytest.approx((50 + 50 + 25) / 3)


def test_q1_a_missing_level_leaves_the_value_and_stays_in_the_bounds():
    town = world(
        instances=ABC,
        instance_periods="""
            instance_id | influence_level
            a           | involve
            b           | involve
            c           | -
        """,
    )
    q1 = row(town, "Q1")
    assert q1["value"] == (50 + 50) / 2
    assert q1["coverage"] == pytest.approx(2 / 3)
    assert q1["lower"] == pytest.approx((50 + 50 + 0) / 3)
    assert q1["upper"] == pytest.approx((50 + 50 + 100) / 3)


def test_q1_methods_that_only_inform_are_not_applicable():
    town = world(
        instances="""
            instance_id | method_oecd
            a           | consultation
            b           | information
        """,
        instance_periods="""
            instance_id | influence_level
            a           | consult
            b           | inform
        """,
    )
    assert (row(town, "Q1")["value"], row(town, "Q1")["n"]) == (25, 1)


def test_q1_children_of_one_parent_are_averaged_first_and_a_parent_is_not_beside_them():
    town = world(
        instances="""
            instance_id | parent_id
            council     | -
            budget      | -
            budget-n    | budget
            budget-s    | budget
        """,
        instance_periods="""
            instance_id | influence_level | influence_evidence_id
            council     | consult         | -
            budget      | inform          | -
            budget-n    | empower         | e1
            budget-s    | involve         | -
        """,
    )
    assert row(town, "Q1")["value"] == (25 + (100 + 50) / 2) / 2
    assert row(town, "Q1", form="pooled")["value"] == pytest.approx((25 + 100 + 50) / 3)


def test_q1_counts_documented_rows_of_public_decisions_only():
    town = world(
        instances="""
            instance_id | instance_type | promoter_type | decision_holder | verification_status
            a           | device        | state         | -               | verified
            declared    | device        | state         | -               | declared
            contested   | device        | state         | -               | contested
            tool        | tool          | state         | -               | documented
            assembly    | space         | civil_society | -               | documented
            petition    | space         | civil_society | Council         | documented
        """,
        instance_periods=[
            {"instance_id": name, "influence_level": "involve"}
            for name in ("a", "declared", "contested", "tool", "assembly", "petition")
        ],
    )
    assert row(town, "Q1")["n"] == len(["a", "petition"])


PROPOSALS = """
    proposal_id | instance_id | submitted_at | answer_type       | reasons_given | answer_at
    in-time     | a           | 2022-01-10   | accepted          | yes           | 2022-03-11
    late        | a           | 2022-01-10   | accepted          | yes           | 2022-03-12
    bare        | a           | 2022-01-10   | accepted          | no            | 2022-02-01
    refused     | a           | 2022-01-10   | rejected_reasoned | -             | 2022-02-01
    silent      | a           | 2022-01-10   | -                 | -             | -
    withdrawn   | a           | 2022-01-10   | withdrawn         | -             | -
    merged      | a           | 2022-01-10   | merged            | -             | -
    next-year   | a           | 2022-11-15   | accepted          | yes           | 2022-11-20
"""


def test_q2_reasons_in_time_of_all_that_fell_due_in_the_period():
    """10 January and 60 days are 11 March; an answer due on 14 January 2023 belongs to 2023."""
    q2 = row(world(instances=ABC, proposals=PROPOSALS), "Q2")
    assert q2["value"] == pytest.approx(100 * 2 / 5)
    assert (q2["numerator"], q2["denominator"], q2["n"]) == (2, 5, 5)
    assert (q2["lower"], q2["upper"]) == (40, 40), "a silent row is not done, in the bounds too"


def test_q2_the_clock_starts_when_the_phase_closes_and_runs_for_the_published_term():
    town = world(
        instances=ABC,
        proposals="""
            proposal_id | instance_id | submitted_at | phase_closes_on | answer_deadline_days | answer_type | reasons_given | answer_at
            p1          | a           | 2021-10-01   | 2022-02-01      | 30                   | accepted    | yes           | 2022-03-03
            p2          | a           | 2021-10-01   | 2022-02-01      | 30                   | accepted    | yes           | 2022-03-04
        """,  # noqa: E501
    )
    assert (row(town, "Q2")["numerator"], row(town, "Q2")["denominator"]) == (1, 2)


def test_q2_a_broken_promise_of_a_cancelled_instance_stays_in():
    town = world(
        instances=[{"instance_id": "a", "status": "cancelled"}],
        instance_periods=[{"instance_id": "a", "active": "no"}],
        proposals=PROPOSALS,
    )
    assert row(town, "Q2")["denominator"] == 5


def test_q2_under_ten_proposals_is_shown_and_not_scored():
    q2 = row(world(instances=ABC, proposals=PROPOSALS), "Q2")
    assert (q2["status"], q2["reason"]) == ("low_precision", "measures.too_few")
    assert q2["score"] != q2["score"], "not a number"


def test_q2_what_a_source_cannot_know_is_not_collected():
    """An export without the date of the answer, as city.yml maps it."""
    from types import SimpleNamespace

    from tests.spec.world import CITY

    export = SimpleNamespace(id="export", tables=[{"table": "proposals", "columns": {"proposal_id": "id"}}])
    city = SimpleNamespace(**{**vars(CITY), "sources": [export]})
    town = world(
        instances=ABC,
        proposals="""
            proposal_id | instance_id | submitted_at | answer_type | reasons_given | answer_at  | source_id
            p1          | a           | 2022-01-10   | accepted    | yes           | -          | export
            p2          | a           | 2022-01-10   | accepted    | yes           | 2022-01-20 | sheet
        """,
    )
    q2 = row(town, "Q2", city=city)
    assert (q2["value"], q2["n"], q2["coverage"]) == (100, 1, 0.5)
    assert (q2["lower"], q2["upper"]) == (50, 100)
    assert row(town, "Q2")["value"] == 50, "a sheet that could have said it: not done"


def test_q2_no_proposal_due_is_not_applicable_and_never_zero():
    q2 = row(world(instances=ABC, proposals=PROPOSALS), "Q2", period="2019")
    assert (q2["status"], q2["n"]) == ("not_applicable", 0)
    assert q2["value"] != q2["value"]


OUTPUTS = """
    result_id | instance_id | first_due_date | due_date   | delivered_at | evidence_id | cost_planned
    done      | a           | 2022-03-01     | 2022-03-01 | 2022-02-01   | e1          | 300
    in-year   | a           | 2022-03-01     | 2022-03-01 | 2022-12-31   | e2          | 100
    moved     | a           | 2022-06-01     | 2024-06-01 | 2023-05-01   | e3          | 500
    no-proof  | a           | 2022-06-01     | 2022-06-01 | 2022-05-01   | -           | 100
    waiting   | a           | 2022-06-01     | 2022-06-01 | -            | -           | -
    old       | a           | 2020-12-31     | 2020-12-31 | -            | -           | 50
"""


def test_q3_delivered_with_evidence_by_the_end_of_the_period_in_which_it_was_first_due():
    q3 = row(world(instances=ABC, outputs=OUTPUTS), "Q3")
    assert (q3["numerator"], q3["denominator"], q3["value"]) == (2, 5, 100 * 2 / 5)


def test_q3_companions_weigh_by_money_and_count_the_years_overdue():
    town = world(instances=ABC, outputs=OUTPUTS)
    assert row(town, "Q3-money")["value"] == pytest.approx(100 * (300 + 100) / (300 + 100 + 500 + 100))
    overdue = [213 / 365.25, 213 / 365.25, 730 / 365.25]  # moved and waiting since June, old since the end of 2020
    assert row(town, "Q3-stock")["value"] == pytest.approx(sorted(overdue)[1])


ITEMS = [
    *("objective", "what_is_decided", "how_decided", "who_can_take_part", "how_to_take_part"),
    *("calendar", "influence_promise", "responsible_unit", "answer_deadline", "personal_data"),
]


def test_q4_ten_items_public_before_the_start():
    town = world(
        instances=[{"instance_id": "a", "start_date": "2022-04-01"}],
        instance_periods=[{"instance_id": "a"}],
        checks=[
            {"instance_id": "a", "item": f"rules_{item}", "answer": answer, "public_since": since}
            for item, answer, since in zip(
                ITEMS,
                ["yes", "yes", "partly", "no", "yes", "yes", "yes"],
                ["2022-03-31", "2021-01-01", "2022-03-01", "-", "2022-04-01", "2022-05-01", "-"],
                strict=False,
            )
        ],
    )
    q4 = row(town, "Q4")
    before = 1 + 1 + 0.5
    late_or_undated, never_answered = 0, 0
    assert q4["value"] == 100 * (before + late_or_undated + never_answered) / 10
    assert (q4["lower"], q4["upper"], q4["coverage"]) == (25, 25, 1), "a checked page has no gaps"


def test_q4_a_permanent_body_starts_with_the_period():
    town = world(
        instances=[{"instance_id": "a", "start_date": "2016-04-01", "recurrence": "permanent"}],
        instance_periods=[{"instance_id": "a"}],
        checks=[{"instance_id": "a", "item": f"rules_{item}", "public_since": "2021-12-31"} for item in ITEMS],
    )
    assert row(town, "Q4")["value"] == 100


def test_q4_an_instance_that_nobody_checked_is_not_collected():
    town = world(instances=ABC, instance_periods=ABC)
    q4 = row(town, "Q4")
    assert (q4["status"], q4["reason"]) == ("not_collected", "measures.nothing_known")


def test_q4_of_two_coders_the_lower_answer_stands():
    town = world(
        instances=[{"instance_id": "a", "start_date": "2022-04-01"}],
        instance_periods=[{"instance_id": "a"}],
        checks=[
            {"instance_id": "a", "item": "rules_calendar", "coder": who, "answer": said, "public_since": "2022-01-01"}
            for who, said in (("x", "yes"), ("y", "partly"))
        ],
    )
    assert row(town, "Q4")["value"] == 100 * 0.5 / 10


def test_q5_documents_and_minutes_by_their_own_term_whatever_became_of_the_instance():
    town = world(
        instances="""
            instance_id | status    | recurrence | end_date   | final_document_published_at
            a           | finished  | annual     | 2022-01-31 | 2022-04-01
            b           | finished  | annual     | 2022-01-31 | 2022-04-02
            late-end    | finished  | annual     | 2022-12-01 | 2022-12-02
            council     | running   | permanent  | -          | -
        """,
        instance_periods=[{"instance_id": name, "active": "no"} for name in ("a", "b", "late-end", "council")],
        events="""
            event_id | instance_id | starts_at            | minutes_published_at
            m1       | council     | 2022-05-01T21:00:00Z | 2022-05-31
            m2       | council     | 2022-05-01T21:00:00Z | 2022-06-01
            m3       | council     | 2022-06-01T21:00:00Z | -
            m4       | council     | 2022-12-20T21:00:00Z | 2022-12-21
        """,
    )
    q5 = row(town, "Q5")
    council = 1 / 3  # the minutes of 20 December fall due on 19 January
    assert q5["value"] == pytest.approx(100 * (1 + 0 + council) / 3)
    assert q5["n"] == 3
    assert row(town, "Q5", form="pooled")["value"] == pytest.approx(100 * 2 / 5)


def test_q5_a_cancelled_instance_still_owes_its_final_document():
    town = world(
        instances="""
            instance_id | status    | recurrence | end_date   | final_document_published_at
            a           | finished  | annual     | 2022-01-31 | 2022-03-01
            b           | cancelled | annual     | 2022-01-31 | -
        """,
        instance_periods=[{"instance_id": "a"}],
    )
    assert row(town, "Q5")["value"] == (100 + 0) / 2


PAGE = "https://town.example/final"


@pytest.mark.parametrize(
    ("status", "captured", "value"),
    [
        ("ok", "2022-06-01", 100),
        ("dead_link", "2022-06-01", 0),
        ("dead_link", "2023-03-01", 0),
        ("dead_link", "2023-03-02", 100),
        ("dead_link", "-", 0),
    ],
)
def test_q5_a_link_found_dead_within_sixty_days_of_the_end_of_the_period_is_not_published(status, captured, value):
    ended = {"instance_id": "a", "end_date": "2022-01-31", "final_document_published_at": "2022-03-01"}
    evidence = [{"evidence_id": "e", "url": PAGE, "status": status, "captured_at": captured}]
    town = world(instances=[{**ended, "final_document_url": PAGE}], instance_periods=A, evidence=evidence)
    assert row(town, "Q5")["value"] == value
    elsewhere = {**town, "evidence": town["evidence"].assign(url="https://town.example/other")}
    assert row(elsewhere, "Q5")["value"] == 100


def test_q5_minutes_behind_a_dead_link_are_not_published():
    town = world(
        instances=[{"instance_id": "council", "recurrence": "permanent"}],
        events="""
            event_id | instance_id | starts_at            | minutes_published_at | minutes_url
            m1       | council     | 2022-05-01T21:00:00Z | 2022-05-10           | https://town.example/m1
            m2       | council     | 2022-05-08T21:00:00Z | 2022-05-10           | https://town.example/m2
        """,
        evidence="""
            evidence_id | url                     | status    | captured_at
            e           | https://town.example/m2 | dead_link | 2022-12-31
        """,
    )
    q5 = row(town, "Q5")
    assert (q5["value"], q5["numerator"], q5["denominator"]) == (50, 1, 2)


def test_q6_five_guarantees_of_which_three_must_be_known():
    town = world(
        instances=ABC,
        instance_periods=ABC,
        checks="""
            instance_id | item                    | answer
            a           | neutral_facilitation    | partly
            a           | steering_non_government | yes
            a           | guarantee_body          | no
            a           | evaluation_published    | partly
            b           | neutral_facilitation    | yes
            b           | participants_survey     | yes
        """,
    )
    q6 = row(town, "Q6", how=None)
    assert q6["value"] == 100 * (0.5 + 1 + 0 + 0.5) / 4, "b has two known items only"
    assert q6["lower"] == pytest.approx(100 * (2 / 5 + 0 + 0) / 3)
    assert q6["upper"] == pytest.approx(100 * (3 / 5 + 1 + 1) / 3)


def test_q7_requests_answered_within_the_legal_term():
    town = world(
        instances=ABC,
        service_requests="""
            request_id | received_at | legal_deadline_days | answered_at
            r1         | 2022-01-01  | 20                  | 2022-01-21
            r2         | 2022-01-01  | 20                  | 2022-01-22
            r3         | 2022-01-01  | 20                  | -
            r4         | 2022-12-20  | 20                  | 2022-12-21
        """,
    )
    q7 = row(town, "Q7")
    assert (q7["numerator"], q7["denominator"]) == (1, 3)
