"""Tables and figures in the notation of the reports, read back by Pandoc."""

import json
import re
from pathlib import Path

import pandas as pd
import pypandoc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from helpers import figures
from helpers.config import read_yaml
from helpers.language import Texts

HEADERS = {"name": "Name", "value": "Value", "n": "Persons"}


def plain(node) -> str:
    """Text of Pandoc's tree."""
    if isinstance(node, list):
        return "".join(plain(part) for part in node)
    if isinstance(node, dict):
        if node.get("t") in ("Space", "SoftBreak"):
            return " "
        return node["c"] if node.get("t") == "Str" else plain(node.get("c", []))
    return ""


def read(markdown: str) -> list:
    """Blocks that Pandoc reads."""
    return json.loads(pypandoc.convert_text(markdown, "json", format="markdown-smart"))["blocks"]


def test_an_empty_cell_says_why(texts):
    frame = pd.DataFrame(
        {
            "name": ["a", "b", "c"],
            "value": [1234.56, None, None],
            "n": pd.array([12000, None, None], "Int64"),
            "status": ["ok", "suppressed", "not_collected"],
            "not_applicable": ["", "n", ""],
        }
    )
    lines = figures.table(frame, HEADERS, texts, "Caption", "one").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:5]]
    assert cells[0] == ["a", "1,234.6", "12,000"]
    assert cells[1] == ["b", "suppressed, too few people", "not applicable"]
    assert cells[2] == ["c", "not collected", "not collected"]
    assert lines[-1] == ": Caption {#tbl-one}"


def test_numbers_stand_right_and_speak_the_language(root):
    frame = pd.DataFrame({"name": ["a"], "value": [1234.5], "n": pd.array([2300], "Int64"), "n_bound": ["lower"]})
    lines = figures.table(frame, HEADERS, Texts(root, "es"), "Título", "one").splitlines()
    assert re.fullmatch(r"\| -+ \| -+: \| -+: \|", lines[1])
    assert lines[2] == "| a | 1.234,5 | ≥ 2.300 |"


def test_categories_lists_dates_and_booleans_have_words(texts):
    frame = pd.DataFrame(
        {
            "ways": ["vote;propose"],
            "day": [pd.Timestamp("2022-06-15")],
            "open": pd.array([True], "boolean"),
            "note": pd.array([None], "str"),
        }
    )
    labels = {"ways": {"vote": "Vote", "propose": "Propose"}}
    markdown = figures.table(frame, {name: name for name in frame}, texts, "c", "x", vocabularies=labels)
    assert "| Vote and Propose | 15 June 2022 | yes | not collected |" in markdown


NASTY = some.text(
    some.characters(blacklist_categories=("Cs", "Cc", "Zs", "Zl", "Zp", "Cf", "Mn", "Co", "Cn")),
    min_size=1,
    max_size=20,
)


@settings(max_examples=12, deadline=None)
@given(some.lists(NASTY, min_size=6, max_size=6))
def test_any_text_comes_back_as_it_was(names):
    texts = Texts(Path(__file__).resolve().parents[2], "en")
    frame = pd.DataFrame({"name": names})
    blocks = read(figures.table(frame, {"name": "Name"}, texts, "c", "x"))
    assert [block["t"] for block in blocks] == ["Table"]
    rows = blocks[0]["c"][4][0][3]
    assert [plain(row[1]) for row in rows] == names


def test_a_figure_keeps_quotes_and_brackets_in_its_words():
    alt = 'The "map" [2022] \\ of {Rosario}, 10 % | $5 @fig-x'
    (block,) = read(figures.figure('A "caption" [with] *marks* and $ and @fig-x', "fig/x.png", "x", alt))
    found = re.search(r'"fig-alt", "(.*?)"\]', json.dumps(block).replace('\\"', "”").replace("\\\\", "\\"))
    assert found and found[1] == alt.replace('"', "”")
    assert '"fig-x"' in json.dumps(block)
    assert 'A "caption" [with] *marks* and $ and @fig-x' in plain(block)


@pytest.mark.parametrize("language", ["es", "it"])
def test_every_language_says_the_same_things(root, language):
    def placeholders(entries):
        return {key: set(re.findall(r"{[{%][^}%]*?(\w+)[ |}%]", text)) & NAMES for key, text in entries.items()}

    english, other = (read_yaml(root / "reports" / "text" / one / "terms" / "figures.yml") for one in ("en", language))
    assert placeholders(english) == placeholders(other)


NAMES = {
    "city",
    "period",
    "start",
    "end",
    "source",
    "value",
    "low",
    "high",
    "items",
    "count",
    "shown",
    "withheld",
    "label",
    "first",
    "last",
    "missing",
    "breaks",
    "address",
    "district",
    "unplaced",
    "title",
    "share",
    "filled",
    "due",
    "lacking",
}


def test_every_text_that_the_code_names_is_there(root, texts):
    code = "".join(path.read_text(encoding="utf-8") for path in (root / "src/helpers/figures").glob("*.py"))
    named = set(re.findall(r'"(figures\.[a-z_]+)"', code))
    stems = tuple(re.findall(r'f?"(figures\.[a-z_]+_)[{"]', code))
    assert all(texts.has(key) for key in named if not key.endswith("_"))
    own = {key for key in texts.terms if key.startswith("figures.")}
    assert not {key for key in own - named if not key.startswith(stems)}
