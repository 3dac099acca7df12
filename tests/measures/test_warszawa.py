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


@pytest.fixture(scope="module")
def city():
    return load_city(ROOT, "warszawa")


@pytest.fixture(scope="module")
def tables(mirror, city):
    return registry.clean(city, dictionary(), ROOT).tables


def counted_by_hand(mirror, edition):
    """Sex, channel, projects, winners and money straight from the files of an edition."""
    found = {"sex": Counter(), "channel": Counter(), "projects": 0, "selected": 0, "money": 0.0}
    for path in sorted((mirror / "warsaw-pb" / "pb").glob(f"Poland_Warszawa_{edition}_*.pb.gz")):
        section, header = "", []
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            for cells in csv.reader(file, delimiter=";"):
                if len(cells) == 1:
                    section, header = cells[0].strip(), []
                elif not header:
                    header = [name.strip() for name in cells]
                elif section == "VOTES":
                    vote = dict(zip(header, cells, strict=False))
                    found["sex"][vote["sex"].strip()] += 1
                    found["channel"][vote["voting_method"].strip()] += 1
                elif section == "PROJECTS":
                    project = dict(zip(header, cells, strict=False))
                    found["projects"] += 1
                    if project["selected"] == "1":
                        found["selected"] += 1
                        found["money"] += float(project["cost"])
    return found


@pytest.mark.slow
@pytest.mark.parametrize("period", sorted(VOTERS))
def test_the_figures_of_a_vote_agree_with_the_ballots(mirror, tables, city, period):
    method = load_method(ROOT, "v1", "warszawa")
    figures = context(tables, method, Period.parse(period), city)
    figures = figures[figures["level"] == "city"].set_index(["context", "part", "category"])["value"]
    raw = counted_by_hand(mirror, int(period) + 1)
    assert figures["X3", "participants", "voters"] == VOTERS[period] == raw["sex"].total()
    assert (figures["W1", "voters", "woman"], figures["W1", "voters", "man"]) == (raw["sex"]["F"], raw["sex"]["M"])
    assert figures["W2", "voters"].sum() == VOTERS[period]
    assert figures["W3", "voters", "online"] == raw["channel"]["internet"]
    assert figures["W4", "projects"].sum() == figures["X7", "stated"].sum() == raw["projects"]
    assert figures["W4", "selected"].sum() == raw["selected"]
    assert figures["W5", "selected"].sum() == pytest.approx(raw["money"])


@pytest.mark.slow
def test_diversity_is_not_collected_since_nobody_knows_residence_or_population(tables, city):
    method = load_method(ROOT, "v1", "warszawa")
    values = measure(tables, method, Period.parse("2022"), city, np.random.default_rng(1)).values
    diversity = values[values["indicator"].isin(["D1", "D2", "D3"])]
    assert set(diversity["status"]) == {"not_collected"}
    assert diversity["score"].isna().all()


def test_the_method_of_the_city_extends_version_1_and_fits_the_dictionary():
    method = load_method(ROOT, "v1", "warszawa")
    assert method.version == "1.0.0+warszawa"
    assert set(method.context) - set(load_method(ROOT, "v1").context) == {"W1", "W2", "W3", "W4", "W5"}
    assert method.indicators == load_method(ROOT, "v1").indicators
    check_method(method, dictionary())
