"""The fast measures agree with slow and obvious ones, and their bounds with trying every filling of the gaps."""

from datetime import date, timedelta
from statistics import mean

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx

from tests.measures import oracle
from tests.spec.world import row, world

QUICK = settings(max_examples=12, deadline=None)
NAMES = [f"i{number}" for number in range(6)]
families = st.lists(st.integers(0, 2), min_size=6, max_size=6)


def with_families(codes):
    """Six instances in up to three families, and the family of each."""
    family = {name: f"f{code}" for name, code in zip(NAMES, codes, strict=True)}
    rows = [{"instance_id": f"f{code}"} for code in sorted(set(codes))]
    return rows + [{"instance_id": name, "parent_id": family[name]} for name in NAMES], family


@QUICK
@given(families, st.lists(st.tuples(st.sampled_from([*oracle.POINTS, "-"]), st.booleans()), min_size=6, max_size=6))
def test_q1(codes, levels):
    rows, family = with_families(codes)
    periods = [
        {"instance_id": name, "influence_level": level, "influence_evidence_id": "e" if evidence else "-"}
        for name, (level, evidence) in zip(NAMES, levels, strict=True)
    ]
    expected = oracle.influence(periods, family)
    q1 = row(world(instances=rows, instance_periods=periods), "Q1")
    assert np.isnan(q1["value"]) if expected is None else q1["value"] == approx(expected)


proposal = st.fixed_dictionaries(
    {
        "submitted_at": st.dates(date(2021, 9, 1), date(2022, 12, 31)).map(str),
        "answer_type": st.sampled_from(
            [
                "accepted",
                "accepted_modified",
                "rejected_reasoned",
                "rejected_unreasoned",
                "none",
                "withdrawn",
                "merged",
                "-",
            ]
        ),
        "reasons_given": st.sampled_from(["yes", "no", "-"]),
        "answer_at": st.one_of(st.just("-"), st.dates(date(2021, 9, 1), date(2023, 3, 1)).map(str)),
    }
)


@QUICK
@given(st.lists(proposal, min_size=1, max_size=12))
def test_q2(proposals):
    proposals = [{**one, "proposal_id": f"p{n}", "instance_id": NAMES[n % 3]} for n, one in enumerate(proposals)]
    done, due = oracle.reasoned(proposals)
    q2 = row(world(instances=[{"instance_id": name} for name in NAMES], proposals=proposals), "Q2")
    if due:
        assert (q2["numerator"], q2["denominator"], q2["value"]) == (done, due, approx(100 * done / due))
    else:
        assert (q2["status"], q2["n"]) == ("not_applicable", 0)


@QUICK
@given(families, st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["1", "2", "3", "4", "5", "-"])), max_size=90))
def test_s1(codes, answers):
    rows, family = with_families(codes)
    responses = [
        {"response_id": f"r{n}", "instance_id": NAMES[who], "s_overall": answer}
        for n, (who, answer) in enumerate([*answers, (0, "3")])
    ]
    waves = [{"wave_id": "w", "sampling": "random", "population_invited": "100", "completed": "90"}]
    expected = oracle.satisfaction(responses, family)
    s1 = row(world(instances=rows, survey_waves=waves, survey_responses=responses), "S1")
    assert np.isnan(s1["value"]) if expected is None else s1["value"] == approx(expected)


@QUICK
@given(st.lists(st.one_of(st.none(), st.integers(-5, 40)), min_size=1, max_size=7))
def test_a5_and_its_bounds(days):
    held = date(2022, 6, 1)
    events = [
        {
            "event_id": f"e{n}",
            "instance_id": NAMES[0],
            "starts_at": "2022-06-01T18:00:00Z",
            "announced_at": "-" if one is None else str(held - timedelta(days=one)),
        }
        for n, one in enumerate(days)
    ]
    a5 = row(world(instances=[{"instance_id": NAMES[0]}], events=events), "A5")
    expected = oracle.notice(days)
    if expected is None:
        assert np.isnan(a5["value"])
        return
    assert a5["value"] == approx(expected)
    low, high = oracle.extremes(oracle.notice, days, (0, 15))
    score = [100 * min(value / 15, 1) for value in (low, high, expected)]
    assert (a5["lower"], a5["upper"]) == (approx(min(score)), approx(max(score)))


BANDS = ["0-15", "16-29", "30-44", "45-59", "60-74", "75+"]


@QUICK
@given(
    st.lists(st.integers(0, 9), min_size=6, max_size=6),
    st.integers(0, 5),
    st.lists(st.integers(1, 50), min_size=6, max_size=6),
)
def test_d2_and_its_bounds(counts, unstated, people):
    if not sum(counts):
        return
    reference = [
        {"territory_id": "town", "dimension": "age_band", "category": band, "population": number}
        for band, number in zip(BANDS, people, strict=True)
    ]
    found = [
        {"instance_id": "i0", "dimension": "age_band", "category": band, "count": number}
        for band, number in zip([*BANDS, "not_stated"], [*counts, unstated], strict=True)
    ]
    town = world(
        instances="instance_id\ni0",
        instance_periods="instance_id\ni0",
        reference_population=reference,
        participation_counts=found,
    )
    d2 = row(town, "D2")
    population, stated = dict(zip(BANDS, people, strict=True)), dict(zip(BANDS, counts, strict=True))
    assert d2["value"] == approx(oracle.overlap(stated, population))

    def filled(cells):
        return oracle.overlap({band: stated[band] + cells.count(band) for band in BANDS}, population)

    low, high = oracle.extremes(filled, [None] * unstated, BANDS)
    assert d2["lower"] == approx(low), "the worst case is attained"
    assert d2["upper"] >= high - 1e-9, "the best case lets persons be split"


CHECKED = ["neutral_facilitation", "steering_non_government", "guarantee_body", "evaluation_published"]
CHECKED.append("participants_survey")


@QUICK
@given(
    st.lists(st.lists(st.sampled_from(["yes", "partly", "no", "-"]), min_size=5, max_size=5), min_size=1, max_size=4)
)
def test_q6_and_its_bounds(answers):
    checks = [
        {"instance_id": NAMES[n], "item": item, "answer": answer}
        for n, given_ in enumerate(answers)
        for item, answer in zip(CHECKED, given_, strict=True)
    ]
    who = [{"instance_id": NAMES[n]} for n in range(len(answers))]
    q6 = row(world(instances=who, instance_periods=who, checks=checks), "Q6")
    points = {"yes": 1, "partly": 0.5, "no": 0, "-": None}
    cells = [[points[one] for one in given_] for given_ in answers]
    known = [[one for one in row_ if one is not None] for row_ in cells]
    scored = [100 * mean(row_) for row_ in known if len(row_) >= 3]
    assert np.isnan(q6["value"]) if not scored else q6["value"] == approx(mean(scored))
    if scored:
        worst = [100 * sum(row_) / 5 if len(row_) >= 3 else 0 for row_ in known]
        best = [100 * (sum(row_) + 5 - len(row_)) / 5 if len(row_) >= 3 else 100 for row_ in known]
        assert (q6["lower"], q6["upper"]) == (approx(mean(worst)), approx(mean(best)))
