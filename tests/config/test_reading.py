"""A mistake in a file that people edit is answered with file, line and the nearest right key."""

import pytest

from helpers.config import MonitorError, load_city, load_dictionary

CITY = """\
id: villa
name: {es: Villa, en: Villa}
country: AR
languages: [es, en]
currency: ARS
time_zone: America/Argentina/Cordoba
projection: EPSG:22185
periods: [2022, 2023-S1]
sources:
  - id: ours
    title: Planilla
    format: table
    files: [instances.csv]
"""


@pytest.fixture
def villa(tmp_path):
    """Writes a city.yml with replacements and returns the root."""

    def write(*replacements):
        text = CITY
        for old, new in replacements:
            assert old in text
            text = text.replace(old, new)
        folder = tmp_path / "data" / "raw" / "villa"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "city.yml").write_text(text, encoding="utf-8")
        return tmp_path

    return write


def test_a_good_file_is_read_and_the_newest_period_is_the_last_named(villa):
    city = load_city(villa(), "villa")
    assert city.periods == ["2022", "2023-S1"]
    assert str(city.newest_period) == "2023-S1"
    assert city.sources[0].optional is False


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("currency:", "curency:", 5, "the key 'curency' is not known; did you mean 'currency'"),
        ("    format: table", "    formt: table", 12, "did you mean 'format'"),
        ("country: AR", "country: ARG", 3, "country: .*at most 2 characters"),
        ("periods: [2022, 2023-S1]", "periods: [2022, 2023-S7]", 8, "'2023-S7' is not a period"),
        ("languages: [es, en]", "languages: [es, it]", 1, "the name of the city is missing in 'it'"),
        ("id: villa", "id: villa\nid: villa", 2, "the key 'id' stands twice"),
    ],
)
def test_a_mistake_names_its_line_and_the_remedy(villa, old, new, line, message):
    with pytest.raises(MonitorError, match=message) as caught:
        load_city(villa((old, new)), "villa")
    assert f"city.yml:{line}: " in str(caught.value)


def test_broken_yaml_names_its_line(villa):
    with pytest.raises(MonitorError, match=r"city.yml:\d+: not valid YAML"):
        load_city(villa(("country: AR", "country: [AR")), "villa")


def test_an_unknown_city_or_period_names_those_there_are(villa):
    root = villa()
    with pytest.raises(MonitorError, match="there is no city 'vila'; did you mean villa"):
        load_city(root, "vila")
    with pytest.raises(MonitorError, match="villa has no data for the period 2019; choose one of 2022, 2023-S1"):
        load_city(root, "villa").period("2019")


def test_a_dictionary_whose_names_do_not_exist_is_refused(tmp_path):
    label = "{en: a, es: a, it: a}"
    (tmp_path / "methodology").mkdir()
    (tmp_path / "methodology" / "registry.yml").write_text(
        f"""version: 1.0.0
vocabularies: {{colour: {{red: {label}}}}}
tables:
  things:
    key: [thing_id]
    labels: {label}
    help: {label}
    fields:
      thing_id: {{type: id, labels: {label}, help: {label}}}
      colour: {{type: category, vocabulary: colours, labels: {label}, help: {label}}}
""",
        encoding="utf-8",
    )
    with pytest.raises(
        MonitorError, match="vocabulary of things.colour: 'colours' does not exist, did you mean 'colour'"
    ):
        load_dictionary(tmp_path)
