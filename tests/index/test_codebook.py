"""The codebook: a card per indicator and context figure in every language, with its example and its history."""

from types import SimpleNamespace

import pandas as pd
import pytest

from helpers import index
from helpers.config import Period, load_city, load_dictionary
from helpers.index import chapters
from helpers.index.codebook import reckoned
from helpers.language import Texts

LANGUAGES = ("en", "es", "it")


@pytest.fixture(scope="module")
def findings(root, method):
    values = pd.DataFrame(
        [
            {"level": "city", "indicator": name, "form": "instance_mean", "value": score, "score": score, "n": 3.0,
             "status": "ok", "reason": ""}
            for name, score in (("Q1", 40.0), ("Q4", 90.0), ("Q5", 50.0), ("Q6", 60.0))
        ]
    )  # fmt: skip
    known = {"city": load_city(root, "rosario"), "period": Period.parse("2016"), "dictionary": load_dictionary(root)}
    return SimpleNamespace(**known, method=method, values=values)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_indicator_and_context_figure_has_a_card_with_example_and_history(findings, root, language):
    texts = Texts(root, language)
    for figures, card in ((findings.method.indicators, index.card), (findings.method.context, index.context_card)):
        for name, one in figures.items():
            shown = card(one, findings, texts, ["| a table |"])
            assert f"{{#sec-{name.lower()}}}" in shown
            assert "| a table |" in shown and reckoned(findings.method.examples[name].arithmetic, texts) in shown
            assert findings.method.history[0].what[language] in shown
            assert "{{" not in shown and "None" not in shown


def test_an_example_is_shown_in_the_words_and_separators_of_the_language(findings, root):
    texts = Texts(root, "es")
    ((title, frame),) = index.example_tables("Q1", findings, texts)
    assert title == "Instancias por período"
    assert list(frame.columns) == ["Id de instancia", "Nivel de influencia", "Evidencia de influencia"]
    assert frame.iloc[0].tolist() == ["a", "Consultar", "–"]
    assert reckoned("100 * min(0.65 / 0.52, 1000 / 2)", texts) == "100 × min(0,65 / 0,52; 1.000 / 2)"


def test_less_is_better_turns_the_goalposts(findings, root):
    card = index.card(findings.method.indicators["Q3-stock"], findings, Texts(root, "en"), [])
    assert "5 years scores 0 and 0 years scores 100." in card


def test_the_formula_of_a_context_figure_is_drawn_from_its_definition(findings, root):
    card = index.context_card(findings.method.context["X11"], findings, Texts(root, "en"), [])
    assert r"100\,\frac{\sum \text{Participants}}{\sum \text{Invitations sent}}" in card
    assert "100 times the sum of Participants, divided by the sum of Invitations sent" in card


def test_what_a_full_score_would_add_is_reckoned_all_else_unchanged(findings, root):
    gains = chapters.gains(findings, Texts(root, "en")).set_index("id")
    assert gains["in_dimension"].to_dict() == pytest.approx({"Q1": 15, "Q5": 12.5, "Q6": 10, "Q4": 2.5})
    assert gains["in_index"].isna().all(), "one dimension makes no index"


def test_chapters_have_their_tables_in_every_language(findings, root):
    for language in LANGUAGES:
        texts = Texts(root, language)
        for table in (chapters.framework, chapters.goalposts, chapters.bands, chapters.decisions, chapters.history):
            frame = table(findings, texts)
            assert len(frame) and frame.notna().all(axis=None)
            assert texts.headers("methodology", list(frame.columns))
    decided = chapters.decisions(findings, Texts(root, "en"))
    assert decided.set_index("record").loc["Satisfaction", "indicators"] == "S1, S2, S3, S4, S5"
