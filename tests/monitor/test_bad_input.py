"""Bad input gets one sentence with file, row and remedy, status 1, and the last good output stays."""

import pytest

from helpers import registry
from helpers.config import MonitorError, load_city, load_dictionary
from tests.monitor.conftest import COUNTS, INSTANCES, PERIODS, build_house

PLANTED = {
    "a missing file": ("instances.csv", None, ["instances.csv", "not there"]),
    "a broken CSV": ("instances.csv", INSTANCES + 'vil-x,"never closed,device\n', ["instances.csv"]),
    "an unknown column": (
        "instances.csv",
        INSTANCES.replace("recurrence", "recurence", 1),
        ["instances.csv", "recurence", "recurrence"],
    ),
    "an impossible date": (
        "instances.csv",
        INSTANCES.replace("2018-05-01", "2018-02-31"),
        ["instances.csv", "3", "2018-02-31"],
    ),
    "a negative count": (
        "participation_counts.csv",
        COUNTS.replace("1234", "-1234"),
        ["participation_counts.csv", "2", "-1234"],
    ),
    "an unknown district": (
        "participation_counts.csv",
        COUNTS.replace("vil-sur", "vil-surr"),
        ["participation_counts.csv", "4", "vil-surr"],
    ),
    "an empty file": ("instance_periods.csv", "", ["instance_periods.csv"]),
    "a picture": ("instance_periods.csv", "\x89PNG\x00\x00", ["instance_periods.csv"]),
}


@pytest.fixture(scope="module")
def built(tmp_path_factory, root):
    """A house with one page; tests that spoil its files put them back."""
    house = build_house(tmp_path_factory.mktemp("built") / "house", root)
    house.publish_only("monitor")
    done = house.run("run", "--city", "villa")
    assert done.returncode == 0, done.stderr
    return house


def words_missing(sentence: str, words: list[str]) -> list[str]:
    return [word for word in words if word not in sentence]


@pytest.mark.parametrize("planted", PLANTED)
def test_one_sentence_names_file_row_and_remedy(house, root, planted):
    name, content, words = PLANTED[planted]
    path = house.raw / name
    path.unlink() if content is None else path.write_text(content, encoding="utf-8")
    with pytest.raises(MonitorError) as refused:
        clean = registry.clean(load_city(house.folder, "villa"), load_dictionary(root), house.folder)
        registry.save(clean, house.folder / "registry")
    assert "\n" not in str(refused.value)
    assert words_missing(str(refused.value), words) == []


@pytest.mark.parametrize("planted", ["a missing file", "a negative count"])
def test_the_command_says_it_and_the_last_good_output_stays(built, planted):
    name, content, words = PLANTED[planted]
    path = built.raw / name
    good, before = path.read_bytes(), built.files()
    try:
        path.unlink() if content is None else path.write_text(content, encoding="utf-8")
        done = built.run("run", "--city", "villa")
    finally:
        path.write_bytes(good)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    (sentence,) = [line for line in done.stderr.splitlines() if line.startswith("monitor: ")]
    assert words_missing(sentence, words) == []
    assert built.files() == before


def test_a_period_or_city_that_does_not_exist_names_those_that_do(built):
    period = built.run("run", "--city", "villa", "--period", "2019")
    assert (period.returncode, period.stderr.count("\n")) == (1, 1)
    assert "choose one of 2021, 2022" in period.stderr
    city = built.run("run", "--city", "vila")
    assert (city.returncode, city.stderr.count("\n")) == (1, 1)
    assert "did you mean villa" in city.stderr


def test_debug_shows_the_whole_traceback(built):
    assert "Traceback" in built.run("--debug", "run", "--city", "vila").stderr


def test_a_misspelt_parameter_of_a_notebook_names_the_right_one(built, root):
    from helpers.pipeline import run_notebook

    with pytest.raises(MonitorError, match="perod.*period"):
        run_notebook(root / "notebooks" / "2_compute_index.ipynb", None, {"perod": "2022"}, root=root, epoch=0)


def test_blanks_are_not_rows_that_fail(built):
    """A row of separators at the end of a hand-made file holds nothing, and nothing is lost."""
    path = built.raw / "instance_periods.csv"
    good = path.read_bytes()
    try:
        path.write_text(PERIODS + ",,,,\n", encoding="utf-8")
        done = built.run("run", "--city", "villa", "--only", "registries")
    finally:
        path.write_bytes(good)
    assert done.returncode == 0, done.stderr
