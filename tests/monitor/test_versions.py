"""Two versions of the method in one city: a period is published by its own, and can be computed by any."""

import re

import pandas as pd
import pytest

from helpers.files import read_csv
from helpers.pipeline.execution import Notebook
from helpers.pipeline.forking import run_all
from tests.monitor.conftest import build_house

CHECKS = "instance_id,period,item,answer,checked_on\n" + "".join(
    f"vil-pp,{year},{item},{answer},{year}-12-01\n"
    for year, answers in {"2021": "yes yes no", "2022": "yes yes yes"}.items()
    for item, answer in zip(
        ("neutral_facilitation", "steering_non_government", "guarantee_body"), answers.split(), strict=True
    )
)
"""Q6 of the only instance: 2 of 3 guarantees in 2021, 3 of 3 in 2022."""


@pytest.fixture(scope="module")
def two_versions(tmp_path_factory, root):
    """2021 by version 1, 2022 by a version 2 in which quality is Q6 alone."""
    house = build_house(tmp_path_factory.mktemp("versions") / "house", root)
    house.write("checks.csv", CHECKS)
    city = (house.raw / "city.yml").read_text(encoding="utf-8")
    city = city.replace("instance_periods.csv]", "instance_periods.csv, checks.csv]")
    city = city.replace("  - id: outlines", "      - {table: checks, files: checks.csv}\n  - id: outlines")
    house.write("city.yml", city.replace("contact:", "method_per_period: {2022: v2}\ncontact:"))
    house.publish_only("monitor")
    one, two = (house.folder / "methodology" / name for name in ("v1", "v2"))
    two.mkdir()
    for path in one.iterdir():
        text = path.read_text(encoding="utf-8")
        if path.name == "indicators.yml":
            text = text.replace("version: 1.0.0", "version: 2.0.0").replace("draws: 1000", "draws: 20")
            text = re.sub(r"\n  (Q[1-5]):\n", r"\n  \1:\n    enabled: false\n", text)
        (two / path.name).write_text(text, encoding="utf-8")
    done = house.run("run", "--city", "villa")
    assert done.returncode == 0, done.stderr
    return house


def scores(house, place):
    table = read_csv(house.folder / "data/processed/villa" / place / "scores.csv")
    city = table[table["level"] == "city"].set_index("node")
    return dict(city["value"]), city["method_version"].iloc[0]


def test_each_period_is_published_by_its_version_and_the_earlier_one_is_computed_by_the_new_one_too(two_versions):
    values, version = scores(two_versions, "2021")
    assert version == "1.0.0" and pd.isna(values["quality"])  # one of six indicators: not published
    values, version = scores(two_versions, "2022")
    assert (values["quality"], version) == ("100.0", "2.0.0")
    values, version = scores(two_versions, "as-of/v2/2021")
    assert (values["quality"], version) == ("66.6667", "2.0.0")


def test_any_period_can_be_computed_as_of_any_version_and_what_is_published_stays(two_versions):
    before = two_versions.files("data/processed/villa/2022/*", "reports/site/**/*")
    done = two_versions.run("run", "--city", "villa", "--period", "2022", "--as-of", "v1")
    assert done.returncode == 0, done.stderr
    assert "villa 2022 quality: not computed as of v1, 100.0 published" in done.stdout
    assert scores(two_versions, "as-of/v1/2022")[1] == "1.0.0"
    assert two_versions.files("data/processed/villa/2022/*", "reports/site/**/*") == before


def test_what_would_change_is_answered_beside_what_is_published(two_versions, tmp_path):
    half = "scales.yes_no={'yes': 0.5, partly: 0.5, 'no': 0}"
    done = two_versions.run("what-if", "villa", "2022", "--set", half, "--output", str(tmp_path / "all.csv"))
    assert done.returncode == 0, done.stderr
    assert re.search(r"quality +100.0 +50.0 +-50.0", done.stdout)
    assert re.search(r"vil-pp +Q6 +100.0 +50.0 +-50.0", done.stdout)
    assert "index" in set(read_csv(tmp_path / "all.csv")["node"])


def test_weights_of_a_workshop_are_changes_too_and_a_mistake_is_said_in_a_sentence(two_versions, tmp_path):
    file = tmp_path / "taller.csv"
    file.write_text("member;quality;diversity;accessibility;satisfaction\na;40;20;20;20\n", encoding="utf-8")
    done = two_versions.run("what-if", "villa", "2022", "--weights", str(file))
    assert "dimensions.quality.weight: 0.4" in done.stdout and "Note: 1 members, fewer than 12." in done.stdout
    wrong = two_versions.run("what-if", "villa", "2022", "--set", "agregation.across=arithmetic")
    assert wrong.returncode == 1 and "did you mean 'aggregation'" in wrong.stderr


@pytest.mark.parametrize("name", ["what_if", "weights"])
def test_the_notebooks_of_the_lab_run_on_any_city(two_versions, tmp_path, name):
    source, target = two_versions.folder / "notebooks" / "lab" / f"{name}.ipynb", tmp_path / f"{name}.ipynb"
    values = {"city": "villa", "period": "2022", "root": "../.."}
    (outcome,) = run_all([Notebook(source, target, values, two_versions.folder, 0)])
    assert outcome.facts()
    assert "quality" in target.read_text(encoding="utf-8")


def test_an_unknown_version_is_said_in_a_sentence(two_versions):
    done = two_versions.run("run", "--city", "villa", "--as-of", "v9")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "there is no method version 'v9'" in done.stderr and "choose one of v1, v2" in done.stderr
