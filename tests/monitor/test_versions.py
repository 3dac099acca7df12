"""Two versions of the method in one city: a period is published by its own, and can be computed by any."""

import re

import pandas as pd
import pytest

from helpers.files import read_csv
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


def test_an_unknown_version_is_said_in_a_sentence(two_versions):
    done = two_versions.run("run", "--city", "villa", "--as-of", "v9")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "there is no method version 'v9'" in done.stderr and "choose one of v1, v2" in done.stderr
