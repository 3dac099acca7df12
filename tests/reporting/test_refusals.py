"""What is refused before anything is written, with the place and the reason."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_output

from helpers.files import MonitorError
from helpers.reporting import page_problems, render

from . import sample


def attempt(folder, root, *more, formats=("html",)):
    notebook = sample.write_notebook(folder, "en", list(more))
    return render(notebook, folder / "out", sample.page("en", False), "pandoc", formats, root=root)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("See @fig-nowhere.", "@fig-nowhere points to nothing"),
        ("See [@tbl-nowhere; @fig-index].", "@tbl-nowhere points to nothing"),
        ("![A chart](fig/index.png){#fig-two}", "no text alternative"),
        ('![A chart](fig/gone.png){fig-alt="A chart"}', "fig/gone.png is not there"),
        ('![A chart](https://example.org/a.png){fig-alt="A chart"}', "on another host"),
        ('![Again](fig/index.png){#fig-index fig-alt="A chart"}', "fig-index is given twice"),
        ('![Out](../../../etc/hostname){fig-alt="A chart"}', "hostname"),
        ('<img src="https://example.org/a.png" alt="A chart">', "another host"),
        ("<script src=//example.org/a.js></script>", "another host"),
        ("<style>@import 'https://example.org/a.css';</style>", "another host"),
        ("| a | b |\n|---|---|\n| c | 1 |\n\n: Nameless", "caption but no name"),
    ],
)
@pytest.mark.parametrize("engine_format", ["html", "docx", "pdf"])
def test_faults_in_the_text_are_named(tmp_path, root, text, words, engine_format):
    with pytest.raises(MonitorError, match=words):
        attempt(tmp_path, root, sample.report_cell(text), formats=(engine_format,))
    assert not list(tmp_path.glob("out.*"))


def test_html_outputs_are_refused_with_the_cell(tmp_path, root):
    cell = new_code_cell("frame", outputs=[new_output("execute_result", {"text/html": "<table></table>"})])
    with pytest.raises(MonitorError, match=r"sample\.ipynb, cell 7: the cell shows HTML"):
        attempt(tmp_path, root, cell)


def test_a_failed_cell_is_refused(tmp_path, root):
    cell = new_code_cell("1/0", outputs=[new_output("error", ename="ZeroDivisionError", evalue="division by zero")])
    with pytest.raises(MonitorError, match="failed with ZeroDivisionError"):
        attempt(tmp_path, root, cell)


def test_missing_and_broken_notebooks_are_named(tmp_path, root):
    with pytest.raises(MonitorError, match="is not there"):
        render(tmp_path / "no.ipynb", tmp_path / "out", sample.page("en"), "pandoc", root=root)
    (tmp_path / "bad.ipynb").write_text("{not json", encoding="utf-8")
    with pytest.raises(MonitorError, match="cannot be read"):
        render(tmp_path / "bad.ipynb", tmp_path / "out", sample.page("en"), "pandoc", root=root)


def test_unknown_format_is_named(tmp_path, root):
    with pytest.raises(MonitorError, match="there is no format 'epub'"):
        attempt(tmp_path, root, formats=("epub",))


def test_handles_and_addresses_are_not_references(tmp_path, root):
    attempt(tmp_path, root, sample.report_cell("Written by @someone, mail a@b.org."), formats=("html", "pdf"))
    assert "Written by @someone, mail a@b.org." in (tmp_path / "out.html").read_text(encoding="utf-8")


def test_unnumbered_sections_keep_the_count(tmp_path, root):
    more = sample.report_cell(
        "## Annex {#sec-annex .unnumbered}\n\nSee @sec-annex and [-@sec-limits].\n\n## Last {#sec-z}"
    )
    attempt(tmp_path, root, more)
    html = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert '<span class="section-number">4</span> Last' in html
    assert 'href="#sec-limits" class="reference">2</a>' in html


PAGE = '<html lang="en"><title>T</title><main><h1>H</h1>{}</main></html>'


@pytest.mark.parametrize(
    "element",
    [
        '<img src="http://a.org/x.png" alt="x">',
        '<img srcset="https://a.org/x.png 2x" src="data:," alt="x">',
        '<link rel="stylesheet" href="//a.org/x.css">',
        '<div style="background: url(https://a.org/x.png)"></div>',
        "<style>body { background: url('https://a.org/x.png') }</style>",
        '<iframe src="https://a.org"></iframe>',
        '<form action="https://a.org"></form>',
        '<object data="https://a.org/x.svg"></object>',
    ],
)
def test_remote_resources_are_found(element):
    assert any("another host" in problem for problem in page_problems(PAGE.format(element)))


def test_plain_links_are_allowed():
    assert page_problems(PAGE.format('<a href="https://a.org">a</a>')) == []


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<title>T</title><main><h1>H</h1></main>", "no language"),
        ('<html lang="en"><main><h1>H</h1></main>', "no title"),
        ('<html lang="en"><title>T</title><h1>H</h1>', "one main part"),
        (PAGE.format("<h1>again</h1>"), "one main heading"),
        (PAGE.format('<p id="a"></p><p id="a"></p>'), "a is given twice"),
        (PAGE.format('<a href="#b">b</a>'), "#b leads nowhere"),
        (PAGE.format('<img src="data:,">'), "no text alternative"),
    ],
)
def test_faults_of_a_page_are_named(html, words):
    assert any(words in problem for problem in page_problems(html))


def test_the_notebook_is_left_as_it_was(tmp_path, root):
    notebook = sample.write_notebook(tmp_path, "en")
    before = notebook.read_bytes()
    render(notebook, tmp_path / "out", sample.page("en"), "pandoc", ("html",), root=root)
    assert notebook.read_bytes() == before
    assert nbformat.read(notebook, 4).cells[0].outputs[0].text == "never shown"
