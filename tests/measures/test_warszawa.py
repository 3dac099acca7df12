"""Warsaw's four votes, measured, beside a count of the raw ballots that uses none of our code."""

import csv
import gzip
from collections import Counter

import numpy as np
import pytest

from helpers import registry
from helpers.config import Period, load_city, load_method
from helpers.measures import check_method, context, measure
from tests.spec.world import ROOT, dictionary

VOTERS = {"2019": 104_941, "2020": 107_732, "2021": 91_570, "2022": 87_138}
GENDER = {"F": "woman", "M": "man", "": "not_stated"}
CHANNEL = {"internet": "online", "paper": "paper"}
AGES = {13: "0-12", 16: "13-15", 18: "16-17", 30: "18-29", 45: "30-44", 60: "45-59", 75: "60-74", 101: "75+"}
"""Age below which a voter is in the band; from 101 on nobody is believed."""
THEMES = {
    "urban greenery": "environment", "environmental protection": "environment", "public space": "urban_planning",
    "public transit and roads": "mobility", "culture": "culture_sport", "sport": "culture_sport",
    "education": "education", "health": "health", "welfare": "social_rights_gender", "": "not_stated",
}  # fmt: skip

WHERE = {
    "gender": ("W1", "voters"), "age": ("W2", "voters"), "channel": ("W3", "voters"), "projects": ("W4", "projects"),
    "selected": ("W4", "selected"),
}  # fmt: skip
"""The context figure that says each count."""


@pytest.fixture(scope="module")
def city():
    return load_city(ROOT, "warszawa")


@pytest.fixture(scope="module")
def tables(mirror, city):
    return registry.clean(city, dictionary(), ROOT).tables


def sections(path):
    """Sections of a file as lists of rows; META as one row."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file, delimiter=";"))
    at = {line[0].strip(): number for number, line in enumerate(lines) if len(line) == 1}
    meta = dict(line[:2] for line in lines[at["META"] + 2 : at["PROJECTS"]])
    projects = [dict(zip(lines[at["PROJECTS"] + 1], line)) for line in lines[at["PROJECTS"] + 2 : at["VOTES"]]]  # noqa: B905
    votes = [dict(zip(lines[at["VOTES"] + 1], line)) for line in lines[at["VOTES"] + 2 :]]  # noqa: B905
    return meta, projects, votes


def age_band(text):
    age = int(float(text)) if text else 999
    return next((band for end, band in AGES.items() if age < end), "not_stated")


def counted_by_hand(mirror, edition):
    """Voters by gender, age and channel, projects and winners by theme, and money, from the files of an edition."""
    found = {name: Counter() for name in ("gender", "age", "channel", "projects", "selected", "money")}
    for path in sorted((mirror / "warsaw-pb" / "pb").glob(f"Poland_Warszawa_{edition}_*.pb.gz")):
        meta, projects, votes = sections(path)
        found["money"]["available"] += float(meta["budget"])
        for vote in votes:
            found["gender"][GENDER[vote["sex"].strip()]] += 1
            found["age"][age_band(vote["age"].strip())] += 1
            found["channel"][CHANNEL[vote["voting_method"].strip()]] += 1
        for project in projects:
            theme = THEMES[project["category"].split(",")[0].strip()]
            found["projects"][theme] += 1
            found["money"]["proposed"] += float(project["cost"])
            if project["selected"] == "1":
                found["selected"][theme] += 1
                found["money"]["selected"] += float(project["cost"])
    return found


@pytest.mark.slow
@pytest.mark.parametrize("period", sorted(VOTERS))
def test_the_figures_of_a_vote_agree_with_the_ballots(mirror, tables, city, period):
    method = load_method(ROOT, "v1", "warszawa")
    figures = context(tables, method, Period.parse(period), city)
    figures = figures[figures["level"] == "city"].set_index(["context", "part", "category"])["value"].sort_index()
    raw = counted_by_hand(mirror, int(period) + 1)
    assert figures["X3", "participants", "voters"] == VOTERS[period] == raw["gender"].total()
    for name, where in WHERE.items():
        assert figures[where].to_dict() == dict(raw[name]), name
    assert figures["X7", "stated"].sum() == raw["projects"].total()
    for part, money in raw["money"].items():
        assert figures["W5", part].sum() == pytest.approx(money), part
    assert figures["X6", "decided"].sum() == pytest.approx(raw["money"]["available"])


@pytest.mark.slow
@pytest.mark.parametrize("period", sorted(VOTERS))
def test_diversity_is_not_collected_since_nobody_knows_residence_or_population(tables, city, period):
    method = load_method(ROOT, "v1", "warszawa")
    values = measure(tables, method, Period.parse(period), city, np.random.default_rng(1)).values
    diversity = values[values["indicator"].isin(["D1", "D2", "D3"])]
    assert set(diversity["indicator"]) == {"D1", "D2", "D3"}
    assert set(diversity["status"]) == {"not_collected"}
    assert diversity["score"].isna().all()


def test_the_method_of_the_city_extends_version_1_and_fits_the_dictionary():
    method = load_method(ROOT, "v1", "warszawa")
    assert method.version == "1.0.0+warszawa"
    assert set(method.context) - set(load_method(ROOT, "v1").context) == {"W1", "W2", "W3", "W4", "W5"}
    assert method.indicators == load_method(ROOT, "v1").indicators
    check_method(method, dictionary())
