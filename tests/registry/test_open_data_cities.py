"""Barcelona and Toronto against counts made with nothing but the csv module, and every file accounted for."""

import csv
from collections import Counter

import pytest

from helpers import registry
from helpers.config import load_city, load_dictionary


def cleaned(root, city):
    return registry.clean(load_city(root, city), load_dictionary(root), root)


@pytest.fixture(scope="module")
def barcelona(root, mirror):
    return cleaned(root, "barcelona")


@pytest.fixture(scope="module")
def toronto(root, mirror):
    return cleaned(root, "toronto")


def rows(path, delimiter=",", encoding="utf-8"):
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def test_barcelona_proposals_by_district_and_fate(barcelona, mirror):
    plain = rows(mirror / "barcelona" / "pam2016_proposals.csv")
    table = barcelona.tables["proposals"]
    pam = table[table["instance_id"] == "bcn-pam-2016"]
    assert len(pam) == len(plain) == 10_860
    numbers = Counter(row["district_id"].zfill(2) for row in plain if row["district_name"])
    assert pam["territory_id"].str.removeprefix("bcn-d-").value_counts().to_dict() == numbers
    assert pam["supports"].sum() == sum(int(row["total_votes"]) for row in plain)
    assert (pam["answer_type"] == "accepted").sum() == sum(row["status"] == "accepted" for row in plain) == 8_142
    assert str(pam["submitted_at"].min().date()) == "2016-01-22" and pam["submitted_at"].notna().all()


def test_barcelona_projects(barcelona, mirror):
    plain = rows(mirror / "barcelona" / "decidim-projects.csv", ";")
    table = barcelona.tables["proposals"]
    projects = table[table["proposal_id"].str.startswith("bcn-pp-")]
    assert projects["instance_id"].value_counts().to_dict() == {
        "bcn-pp-2021": 184,
        "bcn-pp-pilot-2017": 22,
        "bcn-pp-gracia-2017": 14,
    }
    assert projects["cost"].sum() == sum(float(row["budget_amount"]) for row in plain)
    assert projects["votes"].sum() == sum(int(row["confirmed_votes"]) for row in plain)
    without_scope = sum(not row["scope/name/ca"] for row in plain)
    assert projects["territory_id"].isna().sum() == without_scope
    assert not projects["title"].str.contains("<", regex=False).any()


def test_barcelona_population_of_districts_is_that_of_their_neighbourhoods(barcelona):
    population = barcelona.tables["reference_population"]
    territories = barcelona.tables["territories"].set_index("territory_id")
    gender = population[population["dimension"] == "gender"]
    level = gender["territory_id"].map(territories["level"])
    districts = gender[level == "district"].set_index(["territory_id", "category"])["population"]
    parts = gender[level == "neighbourhood"]
    summed = parts.groupby([parts["territory_id"].map(territories["parent_id"]), "category"])["population"].sum()
    assert districts[("bcn-d-01", "woman")] == 48_379
    assert (summed / districts - 1).abs().max() < 0.02
    total = population[population["dimension"] == "total"]
    assert len(total) == 73 and total["population"].sum() == 1_639_981


def test_barcelona_interviews(barcelona, mirror):
    plain = rows(mirror / "barcelona" / "EscletxaDigitalBCN_BaseDades.csv", ";")
    responses = barcelona.tables["survey_responses"]
    assert len(responses) == len(plain) == 5_000
    assert responses["weight"].sum() == pytest.approx(sum(float(row["POND"].replace(",", ".")) for row in plain))
    young = sum(18 <= int(row["ID4_1"]) <= 29 for row in plain)
    assert (responses["age_band"] == "18-29").sum() == young
    assert responses["territory_id"].value_counts()["bcn-d-01"] == sum(row["ID0"] == "1" for row in plain)


def test_toronto_polls(toronto, mirror):
    plain = rows(mirror / "toronto-engagement" / "polls_conducted_by_city_noaddress.csv")
    counts = toronto.tables["participation_counts"]
    by_year = Counter()
    for row in plain:
        by_year[row["CLOSE_DATE"][:4]] += int(row["BALLOTS_CAST"])
    assert counts.groupby("period")["count"].sum().to_dict() == by_year
    assert len(toronto.tables["instances"]) == len(plain) + 1


def test_toronto_survey_reads_both_spellings_and_turns_what_is_reversed(toronto, mirror):
    plain = rows(mirror / "toronto-engagement" / "public_engagement_review_survey.csv", encoding="cp1252")
    value = {"strongly disagree": 1, "disagree": 2, "neutral": 3, "agree": 4, "strongly agree": 5}
    responses = toronto.tables["survey_responses"].set_index("response_id")

    def column(prefix):
        return next(name for name in plain[0] if name.strip().startswith(prefix))

    words = Counter(row[column("3.1.")].strip().lower() for row in plain)
    assert set(words) <= {*value, "", "neither agree nor disagree"}, words
    turned = {6 - value.get(word, 3): count for word, count in Counter(
        row[column("3.4.")].strip().lower() for row in plain if row[column("3.4.")].strip()
    ).items()}  # fmt: skip
    assert responses["s_information"].value_counts().to_dict() == turned
    assert responses["s_influence"].isna().sum() == words[""]
    assert len(responses) == 962


@pytest.mark.parametrize("city", ["barcelona", "toronto"])
def test_every_row_of_every_file_is_accounted_for(city, request):
    clean = request.getfixturevalue(city)
    accounts = clean.accounts
    assert (accounts["rows_in"] == accounts["kept"] + accounts["merged"] + accounts["quarantined"]).all()
    assert clean.blocked is None and not (clean.problems["severity"] == "warn").any(), clean.problems
