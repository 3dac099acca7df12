"""Numbers as people write them; the quick way over a column and the careful way over one text agree."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.config import Field
from helpers.registry.parse.numbers import parse_number
from helpers.registry.parse.readings import _plain_numbers, read_numbers

MONEY = Field(
    name="cost", type="decimal", labels={"en": "Cost"}, help={"en": ""}, unit={"en": "money"}, minimum=0, bound=True
)
COUNT = Field(name="count", type="integer", labels={"en": "Count"}, help={"en": ""}, bound=True)
DEGREES = Field(name="latitude", type="decimal", labels={"en": "Latitude"}, help={"en": ""}, minimum=-90, maximum=90)


@pytest.mark.parametrize(
    ("text", "value", "bound"),
    [
        ("20.000,00 €", 20_000, "exact"),
        ("59.174 mil personas", 59_174, "exact"),
        ("8 Mayo", 8, "exact"),
        ("más de 50", 50, "lower"),
        ("Más de 22 mil", 22_000, "lower"),
        ("quasi un centinaio", 100, "approx"),
        ("some 28,000", 28_000, "approx"),
        ("almost 29,000", 29_000, "approx"),
        ("por sobre los 66 mil rosarinos", 66_000, "lower"),
        ("cerca de 8.000", 8_000, "approx"),
        (">= 10", 10, "lower"),
        ("50+", 50, "lower"),
        ("1.200 millones", 1_200_000_000, "exact"),
        ("47.1 M", 47_100_000, "exact"),
        ("20k", 20_000, "exact"),
        ("(5)", -5, "exact"),
        ("−7", -7, "exact"),
        (",38", 0.38, "exact"),
        ("1 756", 1_756, "exact"),
        ("28,57 %", 28.57, "exact"),
        ("12 personas", 12, "exact"),
    ],
)
def test_read(text, value, bound):
    assert parse_number(text)[:2] == (value, bound)


@pytest.mark.parametrize(
    "text", ["12/2021", "2-3", "5 o 6", "Calle 9", "1.23.4", "3:15", "abc", "", "1e999", "v2", "2022-05-01", "1,2,3"]
)
def test_refused(text):
    assert parse_number(text) is None


def values(texts, field, **how):
    return read_numbers(pd.Series(texts, dtype="str"), field, how.get("decimal"), how.get("language"))


def test_a_point_in_a_count_groups_and_in_a_coordinate_never_does():
    assert values(["1.756"], COUNT)["value"].tolist() == [1756]
    assert values(["-32.947"], DEGREES)["value"].tolist() == [-32.947]


def test_money_follows_what_the_column_shows_then_the_language():
    assert values(["20.000", "1,5"], MONEY)["value"].tolist() == [20_000, 1.5]
    assert values(["20.000", "1.5"], MONEY)["value"].tolist() == [20, 1.5]
    spanish, english = values(["20.000"], MONEY, language="es"), values(["20.000"], MONEY, language="en")
    assert (spanish["value"].tolist(), spanish["note"].tolist()) == ([20_000], ["ambiguous_number"])
    assert english["value"].tolist() == [20] and english["note"].tolist() == ["ambiguous_number"]
    assert values(["20.000"], MONEY, decimal=",")["note"].isna().all()


def test_a_fraction_of_a_person_is_no_count():
    assert values(["12,5"], COUNT)["problem"].tolist() == ["not_whole"]


@settings(max_examples=300, deadline=None)
@given(text=st.from_regex(r"-?[0-9]{1,7}([.,][0-9]{1,4}){0,3}", fullmatch=True), mark=st.sampled_from([None, ".", ","]))
def test_the_quick_way_agrees_with_the_careful_one(text, mark):
    value, ambiguous = _plain_numbers(pd.Series([text], dtype="str"), mark)
    careful = parse_number(text, mark)
    if not pd.isna(value[0]):
        assert careful is not None and careful.value == value[0] and careful.ambiguous == ambiguous[0]
