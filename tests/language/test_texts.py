"""Each language has the same keys with the same placeholders, and formats as its people write."""

import re
from datetime import date

import pandas as pd
import pytest

from helpers.config import MonitorError
from helpers.language import Texts, list_languages

PLACEHOLDER = re.compile(r"{[{%]-?\s*(?:if |for \w+ in )?\(?\s*([a-z_]+)")


def test_the_three_languages_are_there(root):
    assert list_languages(root) == ["en", "es", "it"]


@pytest.mark.parametrize("language", ["en", "it"])
def test_the_same_keys_in_every_language(root, language):
    assert Texts(root, language).terms.keys() == Texts(root, "es").terms.keys()


@pytest.mark.parametrize("language", ["en", "it"])
def test_the_same_placeholders_in_every_language(root, language):
    spanish, other = Texts(root, "es").terms, Texts(root, language).terms
    differing = {
        key for key in spanish if set(PLACEHOLDER.findall(spanish[key])) != set(PLACEHOLDER.findall(other[key]))
    }
    assert differing == set()


@pytest.mark.parametrize("language", ["en", "it"])
def test_the_same_pages_in_every_language(root, language):
    def pages(name):
        folder = root / "reports" / "text" / name
        return {path.relative_to(folder).as_posix() for path in folder.rglob("*.md")}

    assert pages(language) == pages("es")


@pytest.mark.parametrize(
    ("language", "number", "share", "day"),
    [
        ("es", "66.718,5", "12,3 %", "18 de noviembre de 2016"),
        ("en", "66,718.5", "12.3%", "18 November 2016"),
        ("it", "66.718,5", "12,3 %", "18 novembre 2016"),
    ],
)
def test_numbers_and_dates(root, language, number, share, day):
    texts = Texts(root, language)
    assert texts.number(66718.5, 1) == number
    assert texts.percent(0.1234, 1).replace("\xa0", " ") == share
    assert texts.date(date(2016, 11, 18)) == day


def test_a_missing_number_is_a_dash_and_a_negative_zero_is_zero(root):
    texts = Texts(root, "es")
    assert texts.number(float("nan")) == texts.number(None) == texts.number(pd.NA) == texts.number(pd.NaT) == "–"
    assert texts.number(-0.2) == "0"


def test_what_is_negative_has_a_sign_that_is_read_aloud(root):
    assert Texts(root, "es").number(-3.25, 2) == "\N{MINUS SIGN}3,25"
    assert Texts(root, "it").percent(-0.5).startswith("\N{MINUS SIGN}50")


def test_spanish_says_e_before_the_sound_of_y(root):
    spanish = Texts(root, "es").list
    assert spanish(["Fin", "Inicio"]) == "Fin e Inicio"
    assert spanish(["a", "b", "«Hijas»"]) == "a, b e «Hijas»"
    assert spanish(["agua", "hielo"]) == "agua y hielo"
    assert spanish(["Inicio", "Fin"]) == "Inicio y Fin"
    assert Texts(root, "it").list(["fine", "inizio"]) == "fine e inizio"


def test_an_unknown_key_or_language_names_the_nearest(root):
    with pytest.raises(MonitorError, match="did you mean language.half"):
        Texts(root, "en")("language.halff")
    with pytest.raises(MonitorError, match="choose one of en, es, it"):
        Texts(root, "fr")


def test_a_value_that_the_page_does_not_give_is_an_error(root):
    with pytest.raises(MonitorError, match="'number' is undefined"):
        Texts(root, "en")("language.half", year=2022)


def test_the_name_of_a_heading_survives_the_template(root):
    page = Texts(root, "en").page("monitor/index", index=None, measured=[], dimensions=[1, 2, 3, 4], period="2022")
    assert page.startswith("## Profile {#sec-index}")
    assert "None of the 4 dimensions could be computed for 2022." in page


@pytest.mark.parametrize("language", ["es", "en", "it"])
def test_what_is_only_declared_is_not_said_to_be_absent_where_it_merely_does_not_count(root, language):
    facts = {"published": 0, "with_declared": 0, "with_contested": 0, "contested": 0, "measured": [], "period": "2023"}
    page = Texts(root, language).page
    none, four = (page("monitor/readings", declared=number, **facts) for number in (0, 4))
    assert "4" in four and "4" not in none


@pytest.mark.parametrize("language", ["es", "en", "it"])
def test_the_figures_of_votes_are_promised_only_where_they_follow(root, language):
    page = Texts(root, language).page
    assert "**" in page("monitor/history", votes=1) and "**" not in page("monitor/history", votes=0)
