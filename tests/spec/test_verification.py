"""What is declared without evidence, and what somebody contests: left out of the result, and always shown beside it."""

import pytest

from helpers import index
from helpers.config import Period
from tests.registry.small_city import INSTANCES, build, dictionary, place  # noqa: F401 (fixtures)
from tests.spec.world import CITY, changed, world

ANSWERED = {"answer_type": "accepted", "answer_at": "2022-02-20", "reasons_given": "yes"}
TABLES = world(
    instances="""
        instance_id | verification_status
        a | documented
        b | verified
        c | declared
        d | contested
        """,
    instance_periods="""
        instance_id
        a
        b
        c
        d
        """,
    proposals=[
        {"proposal_id": f"{instance}{number}", "instance_id": instance, "submitted_at": "2022-02-01", **answer}
        for instance, answer in {"a": ANSWERED, "b": {}, "c": ANSWERED, "d": {}}.items()
        for number in range(20)
    ],
)


@pytest.fixture(scope="module")
def shown():
    method = changed(aggregation__min_dimension_weight=0.0)
    return index.readings(TABLES, method, CITY, Period.parse("2022")).set_index(["reading", "node"])


def test_each_reading_says_how_many_instances_it_counts(shown):
    counts = shown["instances"].groupby("reading").first()
    assert counts.to_dict() == {"published": 2, "with_declared": 3, "with_contested": 3}


def test_the_quality_with_declared_and_with_contested_rows(shown):
    """20 answers of 40, 40 of 60, 20 of 60: the declared row lifts quality, the contested one lowers it."""
    quality = shown["value"].xs("quality", level="node")
    assert quality["with_contested"] < quality["published"] < quality["with_declared"]


def test_a_city_without_such_rows_has_three_equal_readings():
    tables = TABLES | {"instances": TABLES["instances"].query("instance_id in ['a', 'b']")}
    same = index.readings(tables, changed(), CITY, Period.parse("2022")).groupby("node")
    assert (same["instances"].nunique() == 1).all() and (same["value"].nunique(dropna=False) == 1).all()


def test_contesting_needs_who_when_and_evidence(build):  # noqa: F811
    """A row that is contested by nobody, on no day, without evidence is listed for its unit, field by field."""
    bare = INSTANCES.replace("documented", "contested")
    found = build({"instances.csv": bare}).problems.query("code == 'contest_incomplete'")
    assert sorted(found["field"]) == ["contest_evidence_id", "contested_by", "contested_on"]
    assert set(found["severity"]) == {"warn"} and set(found["unit"]) == {"Secretaría A"}
