"""The truth on cities small enough to work it out by hand, and its laws on generated ones."""

import numpy as np
import pandas as pd
import pytest

from helpers.simulation import SIZES
from helpers.simulation import truth_people as people
from helpers.simulation import truth_practice as practice
from helpers.simulation.latent import K_SENSITIVE, K, World
from helpers.simulation.opinions import answer_shares
from helpers.simulation.scene import Scene, families, levels, median, pooled


def day(text):
    return pd.Timestamp(text)


def hand_instances():
    """Two councils of one family, a budget, an initiative without a decision holder, a tool, a declared table."""
    rows = [
        # id, family, type, promoter, decision, district, verification, recurrence, theme, end
        ("a", "fam", "space", "state", True, "north", "documented", "permanent", "health", None),
        ("b", "fam", "space", "state", True, "south", "verified", "permanent", "mobility", None),
        ("c", "c", "device", "mixed", True, "", "verified", "annual", "health", "2022-03-31"),
        ("d", "d", "table", "civil_society", False, "north", "documented", "permanent", "environment", None),
        ("e", "e", "tool", "state", True, "", "documented", "permanent", "cross_cutting", None),
        ("f", "f", "table", "state", True, "south", "declared", "permanent", "education", None),
    ]
    names = [
        "instance_id", "_family", "instance_type", "promoter_type", "_decision", "_district", "verification_status",
        "recurrence", "theme_primary", "end_date",
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=names)
    return frame.assign(
        _leaf=True, status="running", method_oecd="other", start_date=day("2022-01-15"),
        end_date=pd.to_datetime(frame["end_date"]), final_document_published_at=pd.NaT,
    )  # fmt: skip


@pytest.fixture
def scene():
    world = World(0, SIZES["tiny"])
    world.size = type(world.size)(**{**vars(world.size), "years": (2022,)})
    world.tables["instances"] = hand_instances()
    world.tables["periods"] = pd.DataFrame(
        {
            "instance_id": list("abcdef"),
            "period": "2022-S1",
            "influence_level": ["empower", "consult", "collaborate", "involve", "inform", "empower"],
            "influence_evidence_id": [None, None, "ev", None, None, "ev"],
            "sectors_present": ["residents", "residents;academia;private_sector", "NA", "residents", "NA", "residents"],
            "channels_complete": ["in_person", "in_person;online", "in_person;online", "in_person", "online", "online"],
            "worklife_conciliation": False,
            "min_age": [16.0, 16.0, 13.0, np.nan, np.nan, 16.0],
            "max_age": [np.nan, np.nan, 17.0, np.nan, np.nan, np.nan],
        }
    )
    world.tables["checks"] = pd.DataFrame(columns=["instance_id", "period", "item", "answer", "public_since"])
    world.tables["territories"] = pd.DataFrame(
        {
            "territory_id": ["cm", "north", "south"],
            "level": ["city", "district", "district"],
            "_population": [100, 60, 40],
        }
    )
    return lambda: Scene(world, "2022-S1")


def city_of(facts, combine, scene):
    return next(row for row in levels(facts, combine, scene) if row["level"] == "city")


def test_influence_is_capped_without_evidence_and_families_count_once(scene):
    """a: empower without evidence 50; b: consult 25, family (50 + 25) / 2 = 37.5; c: 75. Mean (37.5 + 75) / 2."""
    now = scene()
    assert city_of(practice.influence(now), families, now)["value"] == pytest.approx(56.25)


def test_initiatives_without_a_decision_and_declared_ones_stay_out(scene):
    assert set(practice.influence(scene())["instance_id"]) == {"a", "b", "c"}
    assert set(practice.channels(scene())["instance_id"]) == {"a", "b", "c", "d"}


def test_channels_by_hand(scene):
    """Family (0 + 100) / 2 = 50, c 100, d 0; the tool is no instance here: 150 / 3."""
    now = scene()
    assert city_of(practice.channels(now), families, now)["value"] == pytest.approx(50)


def test_sectors_by_hand(scene):
    """Forums with a decision: a one of five, b three of five, one family: (20 + 60) / 2."""
    now = scene()
    assert city_of(people.sectors(now), families, now)["value"] == pytest.approx(40)


def test_reasoned_answers_by_hand(scene):
    now = scene()
    rows = [
        ("a", "2022-02-01", "accepted", True),
        ("a", "2022-06-30", "none", False),
        ("c", "2022-07-01", "accepted", True),  # due after the period
        ("c", "2022-03-01", "withdrawn", None),  # asks for no answer
        ("d", "2022-03-01", "accepted", True),  # nobody decides
        ("b", "2022-03-01", "rejected_reasoned", True),
    ]
    frame = pd.DataFrame(rows, columns=["instance_id", "_answer_due", "answer_type", "_reasoned"])
    now.world.tables["proposals"] = frame.assign(
        _answer_due=pd.to_datetime(frame["_answer_due"]), _parameter=0.5, _district=["north"] * 5 + ["south"]
    )
    found = levels(practice.reasoned(now), pooled, now)
    assert {(row["level"], row["unit_id"]): round(row["value"], 4) for row in found} == {
        ("city", "ciudad-modelo"): 66.6667,
        ("territory", "north"): 50.0,
        ("territory", "south"): 100.0,
        ("instance", "a"): 50.0,
        ("instance", "b"): 100.0,
    }
    assert all(row["parameter"] == 50 for row in found)


def test_fulfilment_needs_evidence_and_the_end_of_the_period(scene):
    now = scene()
    rows = [
        ("a", "2022-02-01", "2022-06-30", "ev"),
        ("a", "2022-02-01", "2022-03-01", None),
        ("a", "2022-02-01", "2022-07-01", "ev"),
        ("a", "2022-12-31", "2022-03-01", "ev"),
    ]
    frame = pd.DataFrame(rows, columns=["instance_id", "first_due_date", "delivered_at", "evidence_id"])
    dates = {name: pd.to_datetime(frame[name]) for name in ("first_due_date", "delivered_at")}
    now.world.tables["outputs"] = frame.assign(**dates, _district="north", _parameter=0.5)
    assert city_of(practice.fulfilled(now), pooled, now)["value"] == pytest.approx(100 / 3)


def test_rules_must_be_public_before_the_start(scene):
    """For a permanent body the start is that of the period; two of the ten rules of a were public by then."""
    since = ["2021-12-31", "2021-06-01", "2022-01-01", None] + [None] * 6
    answers = ["yes", "yes", "yes", "no"] + ["no"] * 6
    world = scene().world
    world.tables["checks"] = pd.DataFrame(
        {
            "instance_id": "a",
            "period": "2022-S1",
            "item": practice.RULES,
            "answer": answers,
            "public_since": pd.to_datetime(pd.Series(since)),
        }
    )
    now = Scene(world, "2022-S1")
    assert city_of(practice.rules(now), families, now)["value"] == pytest.approx(20)


def test_groups_give_half_for_effort_and_half_for_presence(scene):
    """Efforts for three groups, presence in two, of K persons and, disability being sensitive, of K_SENSITIVE."""
    world = scene().world
    effort = dict(zip(people.GROUPS, ["yes", "yes", "yes", "no", "no", "no"], strict=True))
    present = dict(zip(people.GROUPS, [K, K - 1, 0, K_SENSITIVE, K_SENSITIVE - 1, 0], strict=True))
    world.tables["checks"] = pd.DataFrame(
        {
            "instance_id": "a", "period": "2022-S1", "item": [f"effort_{group}" for group in effort],
            "answer": list(effort.values()), "public_since": pd.NaT,
        }
    )  # fmt: skip
    world.tables["counts"] = pd.DataFrame(
        {
            "instance_id": "a",
            "period": "2022-S1",
            "dimension": "target_group",
            "category": list(present),
            "count": list(present.values()),
        }
    )
    now = Scene(world, "2022-S1")
    assert city_of(people.groups(now), families, now)["value"] == pytest.approx(100 * 5 / 12)


def test_plurality_by_hand(scene):
    """Themes health, mobility, environment of thirteen; families c and d of three are not of the state alone: full."""
    (row,) = people.plurality(scene())
    assert row["value"] == pytest.approx(0.5 * 100 * 3 / 13 + 0.5 * 100)


def test_gender_balance_by_hand(scene):
    """60 women of 80 where half the population is women: min(0.75 / 0.5, 0.25 / 0.5) = 0.5; not stated is left out."""
    world = scene().world
    world.tables["counts"] = pd.DataFrame(
        {
            "instance_id": "c",
            "period": "2022-S1",
            "dimension": "gender",
            "category": ["woman", "man", "not_stated"],
            "count": [60, 20, 9],
        }
    )
    world.tables["reference_population"] = pd.DataFrame(
        {"territory_id": "cm", "dimension": "gender", "category": ["woman", "man"], "population": [500, 500]}
    )
    (row,) = people.gender(Scene(world, "2022-S1"))
    assert (row["level"], row["value"], row["n"]) == ("city", pytest.approx(50), 80)


def test_overlap_by_hand():
    assert people.overlap(np.array([10.0, 10.0]), np.array([5.0, 15.0])) == pytest.approx(75)
    assert people.overlap(np.array([1.0, 0.0]), np.array([0.0, 1.0])) == 0
    assert people.overlap(np.array([3.0, 6.0]), np.array([1.0, 2.0])) == 100


def test_notice_is_a_median_that_is_full_at_fifteen_days(scene):
    world = scene().world
    starts = pd.to_datetime(["2022-03-20 19:00"] * 4)
    announced = pd.to_datetime(["2022-03-20", "2022-03-11", "2022-03-08", "2022-03-25"])
    world.tables["events"] = pd.DataFrame(
        {
            "instance_id": list("abbd"),
            "starts_at": starts,
            "announced_at": announced,
            "mode": "in_person",
            "public": True,
            "_district": "",
        }
    )
    now = Scene(world, "2022-S1")
    row = city_of(practice.notice(now), median, now)
    assert (row["value"], row["score"]) == (4.5, pytest.approx(30))


def test_answers_follow_the_feeling():
    middle = answer_shares(3.0)
    assert middle.sum() == pytest.approx(1)
    assert middle == pytest.approx(middle[::-1])
    assert middle[4] == pytest.approx(0.0668, abs=1e-4)  # beyond 1.5 standard deviations
    means = [answer_shares(mean) @ np.arange(1, 6) for mean in (1, 2, 3, 4, 5)]
    assert means == sorted(means) and means[2] == pytest.approx(3)


def test_truth_is_a_score_between_0_and_100(tiny):
    truth = tiny.truth
    assert truth["score"].between(0, 100).all()
    assert not truth.duplicated(["period", "indicator", "level", "unit_id"]).any()
    assert (truth["n"] > 0).all()
    year = truth[(truth["period"] == "2024") & (truth["level"] == "city")]
    assert set(year["indicator"]) == {
        f"{d}{n}" for d, last in zip("QDAS", (6, 6, 6, 5), strict=True) for n in range(1, last + 1)
    }


def test_drawn_shares_lie_near_the_parameter(tiny):
    """Within four standard errors of the probability that they were drawn with."""
    rows = tiny.truth[tiny.truth["indicator"].isin(["Q2"]) & (tiny.truth["level"] == "city")]
    error = np.sqrt(rows["parameter"] * (100 - rows["parameter"]) / rows["n"])
    assert ((rows["value"] - rows["parameter"]).abs() <= 4 * error).all()
