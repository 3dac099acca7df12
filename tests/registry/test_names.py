"""Names of private persons in free text: what the words around a name give away, what they do not, what must stay."""

import re
from pathlib import Path

import pandas as pd
import pytest
import yaml

from helpers.registry.privacy import MASK, redact

TEXTS = yaml.safe_load(Path(__file__).with_name("names.yml").read_text(encoding="utf-8"))


def masked(kind: str) -> list[tuple[str, str, str]]:
    """(the name, the text as it comes out, the text as it went in) of the texts of a kind."""
    plain = [re.sub("[‹›]", "", text) for text in TEXTS[kind]]
    named = [(re.findall("‹(.+?)›", text) or [""])[0] for text in TEXTS[kind]]
    return list(zip(named, redact(pd.Series(plain)), plain, strict=True))


@pytest.mark.parametrize(("name", "shown", "text"), masked("found"))
def test_a_name_that_the_words_around_give_away_is_not_kept(name, shown, text):
    assert MASK in shown
    assert not {word for word in name.split() if len(word) > 2} & set(re.findall(r"[^\W_]+", shown)), shown


@pytest.mark.parametrize(("name", "shown", "text"), masked("kept"))
def test_places_bodies_and_offices_stay(name, shown, text):
    assert shown == text


def test_the_figures_that_the_readme_gives(root):
    """Of the names in the labelled texts, how many are not found: the rules know no list of names."""
    misses = sum(name in shown for kind in ("found", "missed") for name, shown, _ in masked(kind))
    names = len(TEXTS["found"]) + len(TEXTS["missed"])
    readme = " ".join((root / "README.md").read_text(encoding="utf-8").split())
    assert f"{names - misses} of the {names} names" in readme and f"none of the {len(TEXTS['kept'])} texts" in readme


@pytest.mark.parametrize("space", [" ", "\u00a0", "\u202f", "\u2009"])
def test_no_kind_of_blank_hides_a_phone_or_a_name(space):
    texts = pd.Series([f"llamar al 341{space}480{space}2222", f"la Sra.{space}Marta{space}Quiroga llamó"])
    assert redact(texts).tolist() == ["llamar al […]", f"la Sra.{space}[…] llamó"]
