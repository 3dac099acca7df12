"""The annex shows the executed notebooks with their code, in a page like every other."""

import nbformat
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers.reporting import Executed, render_annex

from . import sample

FRAME = pd.DataFrame({"node": ["quality", "index"], "value": [61.25, None]})


def executed(folder):
    """A notebook of the computation and one of a document, as they are after a run."""
    table = new_output("execute_result", {"text/html": FRAME._repr_html_(), "text/plain": repr(FRAME)})
    printed = new_output("stream", name="stdout", text="rows in 3 = kept 3\n")
    cells = [
        new_markdown_cell("# 2. Compute\n\nFrom tables to scores."),
        new_markdown_cell("## Measure"),
        new_code_cell('text = """\n```\nnot the end\n```\n"""  # measured'),
        new_code_cell("scores", outputs=[printed, table]),
    ]
    nbformat.write(new_notebook(cells=cells), folder / "2_compute.ipynb")
    computed = Executed(folder / "2_compute.ipynb", "Cálculo", "Archivo: [cuaderno](2_compute.ipynb).")
    nbformat.write(new_notebook(cells=[sample.report_cell("Nobody should read this twice.")]), folder / "monitor.ipynb")
    return [computed, Executed(folder / "monitor.ipynb", "Monitor", "Lo que muestra es el documento.")]


@pytest.fixture(scope="module")
def annex(tmp_path_factory, root):
    """Bytes of the page, made twice."""
    made = []
    for name in ("here", "there"):
        folder = tmp_path_factory.mktemp(name)
        render_annex("Los cuadernos.", executed(folder), folder / "annex", sample.page("es"), "pandoc", root=root)
        made.append((folder / "annex.html").read_bytes())
    return made


def test_the_same_notebooks_give_the_same_bytes_in_any_folder(annex):
    assert annex[0] == annex[1]


def test_code_printed_text_and_frames_are_shown_and_a_document_shows_its_code_alone(annex):
    page = BeautifulSoup(annex[0], "html.parser")
    first, second = page.select(".computation")
    assert [code.get_text() for code in first.select("pre.python")] == [
        'text = """\n```\nnot the end\n```\n"""  # measured',
        "scores",
    ]
    assert [text.get_text().strip() for text in first.select("pre.shown")] == ["rows in 3 = kept 3"]
    cells = [[cell.get_text(" ", strip=True) for cell in row.select("th, td")] for row in first.select("tr")]
    assert cells == [["row", "node", "value"], ["0", "quality", "61.25"], ["1", "index", "NaN"]]
    assert "secret_code = display(Markdown(text))" in second.get_text()
    assert "Nobody should read this twice." not in page.get_text()


def test_the_code_is_marked_as_english_and_the_contents_are_in_the_language_of_the_page(annex):
    page = BeautifulSoup(annex[0], "html.parser")
    assert page.html["lang"] == "es-AR"
    assert {part["lang"] for part in page.select(".computation")} == {"en"}
    assert [link.get_text(" ", strip=True) for link in page.select("#TOC a")] == ["1 Cálculo", "2 Monitor"]
    assert page.find(string="Measure").parent.name == "h3"
