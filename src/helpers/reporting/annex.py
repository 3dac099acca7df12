"""The annex of a period: its executed notebooks with their code, as one page.

Code and what the notebooks of the computation say of themselves are in English in every language; around them stands
the language of the page. A notebook of a document shows its code alone: what it shows is the document.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pypandoc
from nbformat import NotebookNode

from helpers.reporting.notebook import ASIS, read_notebook

TITLE = re.compile(r"\A#\s+.*\n+")
HEADING = re.compile(r"^(#+) (.+)$", re.MULTILINE)
CORNER = re.compile(r"(<tr[^>]*>\s*)<th></th>")
"""The nameless first cell of a frame's head, above the names of its rows."""

MARKDOWN = "markdown-raw_html-raw_attribute-simple_tables-multiline_tables-grid_tables"
CODE_LANGUAGE = "en"


@dataclass(frozen=True)
class Executed:
    """An executed notebook of the annex: its file, its title and what the page says of it, as Markdown."""

    path: Path
    title: str
    about: str


def annex_notebook(intro: str, executed: Sequence[Executed]) -> NotebookNode:
    """A notebook of Markdown alone that shows the executed ones, each in a section of its own."""
    texts = [intro, *("\n\n".join(_section(one)) for one in executed)]
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text) for text in texts])


def _section(one: Executed) -> Iterator[str]:
    yield f"## {one.title} {{#sec-{one.path.stem}}}"
    yield one.about
    yield f'::: {{.computation lang="{CODE_LANGUAGE}"}}'
    for cell in read_notebook(one.path).cells:
        yield from _prose(cell) if cell.cell_type == "markdown" else _code(cell)
    yield ":::"


def _prose(cell: NotebookNode) -> Iterator[str]:
    """What a notebook says, its headings below that of its section and out of the contents."""
    yield HEADING.sub(r"#\1 \2 {.unnumbered .unlisted}", TITLE.sub("", cell.source))


def _code(cell: NotebookNode) -> Iterator[str]:
    if not cell.source.strip():
        return
    yield _fenced(cell.source, "python")
    if not ASIS.search(cell.source):
        yield from (_shown(output) for output in cell.outputs)


def _shown(output: NotebookNode) -> str:
    """A frame as a table, everything else as the text that it is."""
    data = output.get("data", {})
    html = data.get("text/html", "")
    if "<td" not in html:
        return _fenced(output.get("text") or data.get("text/plain", ""), "shown")
    named = CORNER.sub(r"\1<th>row</th>", html)
    return pypandoc.convert_text(named, MARKDOWN, format="html-native_divs", extra_args=["--wrap=none"])


def _fenced(text: str, kind: str) -> str:
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{fence}{kind}\n{text.rstrip()}\n{fence}"
