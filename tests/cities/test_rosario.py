"""Rosario's committed facts: sums that the sources state, conflicts kept in both versions, sources behind all."""

import json
import re
import shutil
import unicodedata
from pathlib import Path

import pandas as pd
import pytest
import shapely

from helpers import registry
from helpers.config import Period, load_city, load_dictionary

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "data" / "raw" / "rosario"
DISTRICTS = {f"ros-d-{name}" for name in ("centro", "norte", "noroeste", "oeste", "sudoeste", "sur")}
TABLES = [entry["table"] for entry in load_city(ROOT, "rosario").sources[0].tables]


def facts(table: str) -> pd.DataFrame:
    """A committed table, every cell as text, an empty cell as ''."""
    return pd.read_csv(FOLDER / f"{table}.csv", dtype="str", keep_default_na=False)


def figures(instance: str, period: str, dimension: str = "total") -> pd.DataFrame:
    """Counts of an instance in a period, the numbers as integers."""
    rows = facts("participation_counts").query(
        "instance_id == @instance and period == @period and dimension == @dimension"
    )
    return rows.assign(count=rows["count"].astype(int))


def test_districts_of_ballot_add_up_to_the_adult_voters_of_2017():
    by_district = figures("ros-pp-2017", "2016", "place").set_index("territory_id")["count"]
    assert by_district.to_dict() == {
        "ros-d-oeste": 16009, "ros-d-centro": 13557, "ros-d-sudoeste": 11072,
        "ros-d-norte": 10021, "ros-d-noroeste": 8342, "ros-d-sur": 7717,
    }  # fmt: skip
    assert by_district.sum() == figures("ros-pp-2017", "2016")["count"].item() == 66718


def test_the_place_of_the_ballot_is_never_told_as_residence():
    counts = facts("participation_counts")
    assert "residence" not in set(counts["dimension"])
    assert set(counts.loc[counts["territory_id"] != "", "dimension"]) == {"place"}


def test_both_figures_of_young_voters_stand_and_the_official_one_is_preferred():
    young = figures("ros-pp-joven-2017", "2016").set_index("source_id")
    assert young["count"].to_dict() == {"S52a": 26582, "S52b": 26933}
    assert young["preferred"].to_dict() == {"S52a": "yes", "S52b": "no"}
    assert (young["preferred_reason"] != "").all()
    adults = figures("ros-pp-2017", "2016")["count"].item()
    assert adults + young.loc["S52a", "count"] == figures("ros-pp", "2016")["count"].item() == 93300
    assert adults + young.loc["S52b", "count"] == 93651


def test_revised_number_of_winners_keeps_both_versions():
    winners = facts("evidence").query("evidence_id.str.startswith('ros-ev-pp-2017-winners')").set_index("source_id")
    assert winners["claim"].str.extract(r"(\d+)")[0].to_dict() == {"S52a": "54", "S52a-rev": "56"}
    assert winners["status"].to_dict() == {"S52a": "superseded", "S52a-rev": "ok"}


def test_parts_of_2018_add_up_to_its_record():
    parts = [figures(name, "2017")["count"].item() for name in ("ros-pp-2018", "ros-pp-joven-2018")]
    assert parts == [77618, 28011]
    assert sum(parts) == figures("ros-pp", "2017")["count"].item() == 105629


def test_thousands_written_twice_are_not_millions():
    row = figures("ros-pp-2013", "2012").iloc[0]
    assert (row["count"], row["raw_label"]) == (59174, "59.174 mil personas")


def test_budget_by_district_is_a_part_of_the_stated_one():
    budgets = facts("evidence").query("evidence_id.str.startswith('ros-ev-pp-2013-budget-')")
    millions = budgets["claim"].str.extract(r"^([\d,]+) millones")[0].str.replace(",", ".").astype(float)
    assert len(millions) == 6
    assert round(millions.sum(), 1) == 47.1
    decided = facts("instance_periods").query("instance_id == 'ros-pp-2013' and budget_decided != ''").iloc[0]
    assert (decided["budget_decided"], decided["budget_decided_bound"]) == ("50000000", "approx")


def test_both_budgets_of_2017_stand():
    rows = facts("instance_periods").query("instance_id == 'ros-pp-2017'").set_index("source_id")
    assert rows["budget_decided"].to_dict() == {"S52a": "209000000", "S52b": "207000000"}
    assert rows["preferred"].to_dict() == {"S52a": "yes", "S52b": "no"}


@pytest.mark.parametrize(
    ("edition", "period", "count", "bound"),
    [
        ("ros-pp-2013", "2012", 59174, "exact"),
        ("ros-pp-2019", "2018", 35000, "lower"),
        ("ros-pp-2025", "2024", 28000, "approx"),
        ("ros-pp-2026", "2025", 22000, "lower"),
    ],
)
def test_editions_count_in_the_year_of_their_vote(edition, period, count, bound):
    row = figures(edition, period).query("preferred != 'no'").iloc[0]
    assert (row["count"], row["count_bound"]) == (count, bound)


def test_no_edition_is_filed_under_its_label():
    editions = facts("instances").query("edition_label != ''")
    label = editions["edition_label"].str.extract(r"(\d{4})$")[0].astype(int)
    voted = editions["start_date"].str[:4].astype(int)
    assert (voted == label - 1).all()
    for table in ("instance_periods", "participation_counts"):
        rows = facts(table).merge(editions.assign(voted=voted.astype(str)), on="instance_id")
        assert len(rows)
        assert (rows["period"] == rows["voted"]).all()


def test_every_edition_has_a_parent_and_only_parents_carry_stated_totals():
    instances = facts("instances").set_index("instance_id")
    parents = set(instances["parent_id"]) - {""}
    assert parents == {"ros-pp", "ros-pp-joven"}
    assert (instances.loc[instances["edition_label"] != "", "parent_id"] != "").all()
    assert not parents & set(facts("instance_periods")["instance_id"])


def test_number_of_voters_of_2023_is_not_invented():
    assert figures("ros-pp-2023", "2022").empty
    row = facts("instance_periods").query("instance_id == 'ros-pp-2023'").iloc[0]
    assert (row["participants"], row["budget_decided"], row["min_age"]) == ("", "1200000000", "16")


def test_census_totals_of_the_city():
    population = facts("reference_population").set_index("census_year")
    assert population["population"].to_dict() == {"2010": "948312", "2022": "1030069"}
    assert set(population["territory_id"]) == {"ros-city"}


def test_form_and_page_disagree_on_the_first_milestone_only():
    milestones = facts("milestones")
    words = milestones.pivot(index="n", columns="source_doc", values="source_text")
    assert words.loc["1"].to_dict() == {
        "form": "Creation and publication of a “Citizen Participation Map”",
        "page": "Creation and publication of a “Citizen Participation Index”",
    }
    assert (words["form"] == words["page"]).drop("1").all()


def test_status_of_a_milestone_is_never_read_from_the_page():
    milestones = facts("milestones").set_index("source_doc")
    assert set(milestones.loc["page", "status"]) == {"ND"}
    assert set(milestones.loc["form", "status"]) == {"not_started"}
    assert set(milestones.loc["form", "status_asof"]) == {"2021-08-02"}


def test_actor_typed_in_cyrillic_is_the_same_actor():
    techo = facts("actors").set_index("actor_id").loc["ros-a-techo"]
    assert {unicodedata.name(letter).split()[0] for letter in techo["aliases"]} == {"CYRILLIC"}
    assert techo["name"] == "TECHO"
    assert facts("actors")["name"].is_unique


@pytest.mark.parametrize("table", [name for name in TABLES if name != "sources"])
def test_every_row_has_a_source_that_exists(table):
    assert set(facts(table)["source_id"]) <= set(facts("sources")["source_id"])


def test_every_source_has_an_address_and_conflicts_exist():
    sources = facts("sources")
    assert sources["source_id"].is_unique
    assert sources["url"].str.match(r"https?://").all()
    assert set(";".join(sources["conflicts_with"]).split(";")) - {""} <= set(sources["source_id"])


@pytest.mark.parametrize("table", TABLES)
def test_columns_and_values_are_those_of_the_dictionary(table):
    dictionary = load_dictionary(ROOT)
    rows, known = facts(table), dictionary.table(table)
    assert set(rows.columns) <= set(known.columns)
    assert not rows.duplicated(known.key).any()
    for name in rows.columns.intersection(list(known.fields)):
        field = known.fields[name]
        if field.vocabulary:
            values = set(";".join(rows[name]).split(";")) - {"", "ND"}
            assert values <= set(dictionary.vocabularies[field.vocabulary]), name
        if field.reference:
            target, column = field.reference.split(".")
            assert set(";".join(rows[name]).split(";")) - {""} <= set(facts(target)[column]), name


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.*")), ids=lambda path: path.name)
def test_no_personal_data(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"[\w.+-]+\s?@\s?[\w-]+\s?\.\w", text)
    assert not re.search(r"(?<![\w.-])(?:\+54|0341|\(0?341\))[\s-]*\d", text)
    if path.suffix == ".csv" and path.name != "checksums.csv":
        assert not {"contact_name", "contact_email", "contact_phone"} & set(facts(path.stem).columns)


def test_periods_cover_every_vote_and_the_newest_is_last():
    city = load_city(ROOT, "rosario")
    votes = set(facts("instance_periods").query("instance_id.str.contains('-pp-')")["period"])
    assert votes <= set(city.periods)
    assert city.newest_period == max(Period.parse(label) for label in city.periods)


def test_tiles_of_the_districts_say_that_they_are_no_map_and_do_not_overlap():
    features = json.loads((FOLDER / "schematic.geojson").read_text(encoding="utf-8"))["features"]
    assert {feature["properties"]["territory_id"] for feature in features} == DISTRICTS
    assert all(feature["properties"]["schematic"] is True for feature in features)
    tiles = [shapely.from_geojson(json.dumps(feature["geometry"])) for feature in features]
    assert shapely.union_all(tiles).area == pytest.approx(sum(tile.area for tile in tiles))


def test_what_is_fetched_names_origin_licence_and_checksum():
    files = pd.read_csv(FOLDER / "checksums.csv", dtype="str")
    assert list(files.columns) == ["path", "sha256", "bytes", "url", "mirror", "licence", "origin", "note"]
    assert files["sha256"].str.fullmatch("[0-9a-f]{64}").all()
    assert files.notna().all(axis=None)
    optional = {name for source in load_city(ROOT, "rosario").sources if source.optional for name in source.files}
    assert set(files["path"]) == optional
    assert not any((FOLDER / name).exists() for name in optional)


@pytest.fixture(scope="module")
def committed(tmp_path_factory) -> registry.Registry:
    """The clean registry of what comes with the repository, without downloads and mirror."""
    root = tmp_path_factory.mktemp("monitor")
    shutil.copytree(FOLDER, root / "data" / "raw" / "rosario", ignore=shutil.ignore_patterns("received"))
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("MONITOR_MIRROR", raising=False)
        return registry.clean(load_city(root, "rosario"), load_dictionary(ROOT), root)


@pytest.fixture(scope="module")
def with_mirror(mirror) -> registry.Registry:
    """The clean registry with the outlines and projections of the mirror."""
    return registry.clean(load_city(ROOT, "rosario"), load_dictionary(ROOT), ROOT)


@pytest.mark.parametrize("which", ["committed", "with_mirror"])
def test_nothing_is_wrong_and_nothing_is_lost(which, request):
    found = request.getfixturevalue(which)
    assert found.blocked is None
    assert set(found.problems["severity"]) == {"note"}
    accounts = found.accounts
    assert (accounts["rows_in"] == accounts[["kept", "merged", "quarantined"]].sum(axis=1)).all()
    assert accounts["quarantined"].sum() == 0


def test_without_the_mirror_the_run_goes_on_and_names_what_is_absent(committed):
    absent = committed.problems.query("code == 'source_absent'")
    assert set(absent["source_id"]) == {"rosario-districts", "rosario-population"}
    assert set(committed.geometry["territory_id"]) == DISTRICTS
    assert set(committed.tables["reference_population"]["territory_id"]) == {"ros-city"}


def test_clean_counts_keep_unit_bound_and_preference(committed):
    counts = committed.tables["participation_counts"].set_index(["instance_id", "source_id", "dimension"])
    partial = counts.loc[("ros-pp-2026", "S52f", "total")]
    assert (partial["count"], partial["count_bound"], partial["count_unit"]) == (22000, "lower", "voters")
    press = counts.loc[("ros-pp-joven-2017", "S52b", "total")]
    assert (press["count"], bool(press["preferred"]), press["count_unit"]) == (26933, False, "votes")
    assert counts.loc[("ros-pp-2013", "S52e", "total"), "count"].item() == 59174


def test_clean_dates_say_how_exact_they_are(committed):
    instances = committed.tables["instances"].set_index("instance_id")
    assert instances.loc["ros-pp-2017", "start_date"] == pd.Timestamp("2016-11-18")
    assert instances.loc[["ros-pp-2017", "ros-pp-2026", "ros-pp-2025"], "date_precision"].tolist() == [
        "day", "month", "year",
    ]  # fmt: skip
    undated = instances.index[instances["start_date"].isna()]
    assert (instances.loc[undated, "recurrence"] == "permanent").all()


def test_what_no_source_says_is_missing_and_never_zero(committed):
    periods = committed.tables["instance_periods"].set_index("instance_id")
    assert pd.isna(periods.loc["ros-pp-2023", "participants"])
    for table in ("events", "survey_waves", "survey_responses", "proposals", "checks"):
        assert committed.tables[table].empty
    assert not (committed.tables["participation_counts"]["count"] == 0).any()


def test_mirror_brings_outlines_in_place_of_the_tiles(with_mirror):
    shapes = with_mirror.geometry.set_index("territory_id").to_crs("EPSG:5347")
    areas = (shapes.area / 1e6).round(1)
    assert set(areas.index) == DISTRICTS
    assert areas["ros-d-centro"] == 20.7
    assert areas["ros-d-noroeste"] == 43.8
    assert shapes.centroid.y.idxmax() == "ros-d-norte"


def test_mirror_brings_projections_marked_as_estimates(with_mirror):
    population = with_mirror.tables["reference_population"]
    projected = population[population["source_id"] == "rosario-population"]
    assert projected["is_estimate"].all()
    districts = projected[projected["dimension"] == "total"].set_index("territory_id")["population"]
    assert set(districts.index) == DISTRICTS
    assert districts.sum() == pytest.approx(1011238.89, abs=0.01)
    city = projected[projected["territory_id"] == "ros-city"].groupby("dimension")["population"].sum()
    assert set(city.index) == {"gender", "age_band"}
    assert city.to_numpy() == pytest.approx(districts.sum())
    totals = population.query("territory_id == 'ros-city' and dimension == 'total'").set_index("census_year")
    assert totals["population"].to_dict() == {2010: 948312, 2022: 1030069}


def test_five_year_ages_are_split_evenly_between_bands(with_mirror):
    """15 to 19 lies one fifth in 0-15: 12,475.6 + 10,266.2 + 10,425.3 + 15,115.3 / 5 = 36,190.2 in Centro."""
    population = with_mirror.tables["reference_population"]
    centro = population.query("territory_id == 'ros-d-centro' and dimension == 'age_band'")
    bands = centro.set_index("category")["population"]
    assert list(bands.index) == ["0-15", "16-29", "30-44", "45-59", "60-74", "75+"]
    assert bands["0-15"] == pytest.approx(36190.18, abs=0.01)
    assert bands.sum() == pytest.approx(260084.52, abs=0.01)
