"""Every number on a page is put in, none is typed; and no text is missing or left over."""

import ast
import json
import re
from functools import cache
from pathlib import Path

import pytest

from helpers.language import Texts, list_languages

ROOT = Path(__file__).resolve().parents[2]

PUT_IN = re.compile(r"{{.*?}}|{%.*?%}", re.DOTALL)
"""What a template puts in."""

NO_PROSE = re.compile(r"{[#.][^}]*}|\]\([^)]*\)|<https?://[^>]*>|```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$]*\$", re.DOTALL)
"""Names of sections, addresses, code and formulas."""

FIXED_NAMES = re.compile(
    r"CC BY(?:-SA)? 4\.0|Apache-2\.0|ISO 8601|EPSG:4326|UTF-8|SHA-256|1[.,]000 pe|(?:^|\s)\d+\. (?=\*\*)",
    re.MULTILINE,
)
"""Names that hold a digit, units of a figure (per 1,000 persons), and the numbers of a list."""

SCALE = {"0", "100"}
"""The ends of the scale of every score: what a score is, not a result."""

LANGUAGES = list_languages(ROOT)


def typed_numbers(template: str) -> list[str]:
    """Digits that stand in a template itself, with a few characters around them."""
    said = FIXED_NAMES.sub(" ", NO_PROSE.sub(" ", PUT_IN.sub(" ", template)))
    digits = [found for found in re.finditer(r"\d+(?:[.,]\d+)*", said) if found[0] not in SCALE]
    return [said[max(0, found.start() - 20) : found.end() + 12] for found in digits]


def test_a_typed_number_is_found_and_a_name_is_not():
    assert typed_numbers("In {{ period }} it is {{ value | number(1) }} of CC BY 4.0 {#sec-q1}") == []
    assert typed_numbers("Each runs from 0 to 100.") == []
    assert len(typed_numbers("Of 1,234 rows 12 were lost.")) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_number_is_typed_in_a_page(language):
    folder = ROOT / "reports" / "text" / language
    found = {
        str(path.relative_to(folder)): typed_numbers(path.read_text(encoding="utf-8"))
        for path in sorted(folder.rglob("*.md"))
    }
    assert {name: numbers for name, numbers in found.items() if numbers} == {}


INSTRUCTIONS = re.compile(r"registry\.remedy_|registry\.problem_")
"""Texts that tell how to write a date or a number show one."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_number_is_typed_in_a_short_text(language):
    terms = Texts(ROOT, language).terms
    found = {key: typed_numbers(text) for key, text in terms.items() if not INSTRUCTIONS.match(key)}
    assert {key: numbers for key, numbers in found.items() if numbers} == {}


@cache
def code() -> list[str]:
    """Every piece of source that may name a text: modules, notebooks, partials and the texts themselves."""
    modules = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "src" / "helpers").rglob("*.py"))]
    books = [*(ROOT / "reports").glob("*.ipynb"), *(ROOT / "notebooks").rglob("*.ipynb")]
    cells = [cell for path in sorted(books) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]]
    return modules + ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


@cache
def named() -> tuple[set[str], list[re.Pattern]]:
    """Strings that stand in the code, and patterns of those that it puts together."""
    plain, patterns = set(), []
    for source in code():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                plain.add(node.value)
            if isinstance(node, ast.JoinedStr):
                parts = [re.escape(part.value) if isinstance(part, ast.Constant) else ".+" for part in node.values]
                if "".join(parts).replace(".+", ""):
                    patterns.append(re.compile("".join(parts)))
    partials = [path.read_text(encoding="utf-8") for path in (ROOT / "reports" / "style").glob("*.*")]
    for text in partials:
        plain |= set(re.findall(r"[a-z][a-z-]*\.[a-z_0-9]+", text))
    return plain, patterns


def is_named(key: str) -> bool:
    """Whether the code names a text: in full, as the column of a table, by a short name, or by a pattern."""
    plain, patterns = named()
    room, _, name = key.partition(".")
    column = name.removeprefix("column_")
    if key in plain or (column != name and column in plain):
        return True
    dotted = [pattern for pattern in patterns if "." in pattern.pattern.replace(".+", "")]
    return any(pattern.fullmatch(key) for pattern in dotted) or (room in ("reporting", "figures") and name in plain)


def test_no_text_is_left_over():
    assert [key for key in Texts(ROOT, "en").terms if not is_named(key)] == []


def called(function: str) -> set[str]:
    """First arguments, where they are plain strings, of the calls of ``texts`` or of a method of it."""
    calls = [node for source in code() for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    first = [node.args[0] for node in calls if node.args and ast.unparse(node.func) == function]
    return {node.value for node in first if isinstance(node, ast.Constant)}


def test_no_text_is_missing():
    asked = called("texts")
    assert len(asked) > 100
    assert sorted(asked - set(Texts(ROOT, "en").terms)) == []


def test_every_page_is_shown_and_every_page_that_is_shown_is_there():
    folder = ROOT / "reports" / "text" / "en"
    pages = {path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.md")}
    plain, patterns = named()
    shown = {name for name in pages if name in plain or any(pattern.fullmatch(name) for pattern in patterns)}
    assert pages - shown == set()
    assert called("texts.page") - pages == set()
