"""Warsaw's ballots against a count made with nothing but the csv module."""

import csv
import gzip
from collections import Counter

import pytest

from helpers import registry
from helpers.config import load_city, load_dictionary

YEAR_OF_EDITION = {"2020": "2019", "2021": "2020", "2022": "2021", "2023": "2022"}


@pytest.fixture(scope="module")
def warsaw(root, mirror):
    return registry.clean(load_city(root, "warszawa"), load_dictionary(root), root)


@pytest.fixture(scope="module")
def plain_counts(mirror):
    """Distinct voters by period and gender, by period and district, and the files' rows, without our code."""
    voters, gender, district, ages, rows = {}, Counter(), Counter(), Counter(), Counter()
    for path in sorted((mirror / "warsaw-pb" / "pb").glob("*.pb.gz")):
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            lines = list(csv.reader(file, delimiter=";"))
        titles = [number for number, line in enumerate(lines) if line in (["META"], ["PROJECTS"], ["VOTES"])]
        meta = dict(line[:2] for line in lines[titles[0] + 2 : titles[1]])
        header, votes = lines[titles[2] + 1], lines[titles[2] + 2 :]
        year = YEAR_OF_EDITION[meta["instance"]]
        rows["projects"] += titles[2] - titles[1] - 2
        for line in votes:
            vote = dict(zip(header, line, strict=False))
            if vote["voter_id"] not in voters.setdefault(year, set()):
                voters[year].add(vote["voter_id"])
                gender[year, {"M": "man", "F": "woman", "": "not_stated"}[vote["sex"]]] += 1
                district[year, meta["district"]] += 1
                ages[year, "75+"] += vote["age"].isdigit() and 75 <= int(vote["age"]) <= 100
                ages[year, "not_stated"] += not vote["age"] or int(vote["age"]) > 100
        rows["votes"] += len(votes)
    return {"voters": voters, "gender": gender, "district": district, "ages": ages, "rows": rows}


def counts(warsaw, dimension):
    table = warsaw.tables["participation_counts"]
    return table[table["dimension"] == dimension]


def test_distinct_voters_per_period(warsaw, plain_counts):
    total = counts(warsaw, "total").groupby("period")["count"].sum().to_dict()
    assert total == {year: len(ids) for year, ids in plain_counts["voters"].items()}
    assert total["2022"] == 87_138


def test_voters_by_district_of_ballot(warsaw, plain_counts):
    names = warsaw.tables["territories"].set_index("territory_id")["name"].str.replace(" ", "-")
    place = counts(warsaw, "place")
    by_place = place.groupby(["period", place["territory_id"].map(names)])["count"].sum().to_dict()
    assert by_place == dict(plain_counts["district"])
    assert len({name for _, name in by_place}) == 18


def test_gender_and_age(warsaw, plain_counts):
    assert counts(warsaw, "gender").groupby(["period", "category"])["count"].sum().to_dict() == plain_counts["gender"]
    ages = counts(warsaw, "age_band").groupby(["period", "category"])["count"].sum()
    assert {key: ages[key] for key in plain_counts["ages"]} == plain_counts["ages"]
    assert ages.groupby("period").sum().equals(counts(warsaw, "total").groupby("period")["count"].sum())


def test_nothing_is_lost(warsaw, plain_counts):
    accounts = warsaw.accounts.groupby("table")[["rows_in", "kept", "merged", "quarantined"]].sum()
    assert accounts.loc["participation_counts"].tolist() == [plain_counts["rows"]["votes"]] * 2 + [0, 0]
    assert accounts.loc["proposals"].tolist() == [plain_counts["rows"]["projects"]] * 2 + [0, 0]
    assert warsaw.blocked is None


def test_implausible_ages_are_told_without_a_ballot(warsaw):
    told = warsaw.problems[warsaw.problems["code"] == "implausible_age"]
    assert told["value"].isna().all() and told["row"].isna().all()
    assert told["values"].str.extract(r'"count":(\d+)')[0].astype(int).sum() == 64


def test_districts_have_shapes_and_the_whole_city_is_no_district(warsaw):
    levels = warsaw.tables["territories"]["level"].value_counts().to_dict()
    assert levels == {"district": 18, "city": 1}
    assert len(warsaw.geometry) == 19
    area = warsaw.tables["territories"].set_index("territory_id")["area_km2"]
    assert area["waw-city"] == pytest.approx(517, abs=2)
    assert area.drop("waw-city").sum() == pytest.approx(area["waw-city"], rel=0.001)


def test_periods_follow_the_vote_not_the_edition(warsaw):
    instances = warsaw.tables["instances"].set_index("instance_id")
    assert str(instances.loc["waw-pb-2023-bemowo", "start_date"].date()) == "2022-06-15"
    periods = warsaw.tables["instance_periods"].set_index("instance_id")["period"]
    assert periods["waw-pb-2023-bemowo"] == "2022" and periods["waw-pb-2020-wola"] == "2019"
    assert instances["parent_id"].value_counts().to_dict() == {"waw-pb": 72}
