"""What readers get: the same words and numbers in HTML, PDF and DOCX, in three languages."""

import re

import pytest
from bs4 import BeautifulSoup

from helpers.reporting import page_problems, render

from . import sample
from .needs import documents

LABELS = {
    "es": ("Figura\u00a01", "Tabla\u00a01", "Ecuación\u00a01", "Sección\u00a02"),
    "en": ("Figure\u00a01", "Table\u00a01", "Equation\u00a01", "Section\u00a02"),
    "it": ("Figura\u00a01", "Tabella\u00a01", "Equazione\u00a01", "Sezione\u00a02"),
}
TITLES = {"es": "¿Hay algo mal?", "en": "Is this wrong?", "it": "C’è un errore?"}


@pytest.fixture(scope="session")
def soup(rendered):
    language, folder, _ = rendered
    return language, BeautifulSoup((folder / "monitor.html").read_text(encoding="utf-8"), "html.parser")


def test_manifest_names_engine_versions_and_files(rendered):
    _, folder, manifest = rendered
    assert manifest.engine == "pandoc"
    assert sorted(manifest.versions) == ["pandoc", "typst"]
    assert sorted(manifest.files) == ["monitor.docx", "monitor.html", "monitor.pdf"]
    assert manifest.files["monitor.pdf"]["bytes"] == (folder / "monitor.pdf").stat().st_size


def test_html_resolves_references_in_the_language(soup):
    language, page = soup
    assert page.html["lang"] == sample.TAGS[language]
    references = {link.get_text(): link["href"] for link in page.select("a.reference")}
    assert references == dict(
        zip(LABELS[language], ["#fig-index", "#tbl-dimensions", "#eq-mean", "#sec-limits"], strict=True)
    )
    assert page.select_one("#fig-index figcaption").get_text().strip().startswith(LABELS[language][0] + ".")
    assert "@" not in page.select_one("article").get_text().replace("participacion@example.org", "")


def test_html_numbers_sections_from_one(soup):
    _, page = soup
    numbers = [heading.select_one(".section-number") for heading in page.select("article h2, article h3")]
    assert [number.get_text() for number in numbers if number] == ["1", "1.1", "2", "3"]
    assert len(page.find_all("h1")) == 1
    assert [item.get_text(" ", strip=True)[0] for item in page.select(".contents li")] == ["1", "2", "3"]


def test_html_hides_code_and_other_outputs(soup):
    _, page = soup
    assert "secret_code" not in str(page)
    assert "never shown" not in str(page)


def test_html_figure_says_what_it_shows(soup):
    language, page = soup
    image = page.select_one("#fig-index img")
    assert image["alt"] == sample.WORDS[language]["alt"]
    assert image["src"].startswith("data:image/png;base64,")


def test_html_tables_name_rows_and_columns(soup):
    _, page = soup
    table = page.select_one("#tbl-dimensions table")
    assert {cell["scope"] for cell in table.select("thead th")} == {"col"}
    assert [cell["scope"] for cell in table.select("tbody th")] == ["row"] * 6
    region = page.select_one("#tbl-dimensions .table-scroll")
    assert (region["role"], region["tabindex"]) == ("region", "0")
    assert page.find(id=region["aria-labelledby"]).get_text().strip().startswith(LABELS[soup[0]][1])


def test_html_math_needs_no_script(soup):
    _, page = soup
    assert page.select_one("#eq-mean math mfrac") is not None
    assert page.find("script") is None


def test_html_callouts_take_the_word_of_the_language(soup):
    language, page = soup
    titles = [title.get_text(strip=True) for title in page.select(".notice-title")]
    assert titles == [{"es": "Nota", "en": "Note", "it": "Nota"}[language], "2022"]


def test_html_simulated_says_so_first_and_real_does_not(soup):
    language, page = soup
    banner = page.select_one("header .banner-word")
    assert (banner.get_text() if banner else None) == {"es": "Simulado", "en": None, "it": "Simulato"}[language]


def test_html_gives_a_way_to_reply_and_to_the_other_files(soup):
    language, page = soup
    closing = page.select_one(".closing")
    assert closing.h2.get_text() == TITLES[language]
    assert closing.select_one('a[href="mailto:participacion@example.org"]')
    assert closing.select_one('a[href="../correct.html"]')
    assert {"monitor.pdf", "monitor.docx"} <= {link["href"] for link in page.select("footer a")}


def test_html_passes_its_own_checks(rendered):
    _, folder, _ = rendered
    assert page_problems((folder / "monitor.html").read_text(encoding="utf-8")) == []


def words_of(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ").replace("\u200b", ""))


def test_pdf_is_tagged_with_language_title_and_date(rendered):
    documents("pypdf")
    import pypdf

    language, folder, _ = rendered
    reader = pypdf.PdfReader(folder / "monitor.pdf")
    catalogue = reader.trailer["/Root"]
    assert catalogue["/Lang"] == sample.TAGS[language]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert reader.metadata.title.startswith(sample.WORDS[language]["title"])
    assert reader.metadata["/CreationDate"].startswith("D:20220630")
    assert b"pdfuaid:part" in catalogue["/Metadata"].get_data()
    text = words_of(" ".join(page.extract_text() for page in reader.pages))
    for label in LABELS[language]:
        assert words_of(label) in text
    marks = [page.extract_text() for page in reader.pages if "SIMULA" in page.extract_text()]
    assert len(marks) == (0 if language == "en" else len(reader.pages))


def test_docx_has_the_same_words_styles_and_language(rendered):
    documents("docx")
    import docx

    language, folder, _ = rendered
    document = docx.Document(str(folder / "monitor.docx"))
    by_style = {}
    for paragraph in document.paragraphs:
        by_style.setdefault(paragraph.style.name, []).append(paragraph.text)
    text = words_of(" ".join(paragraph.text for paragraph in document.paragraphs))
    for label in LABELS[language]:
        assert words_of(label) in text
    assert by_style["Title"] == [sample.WORDS[language]["title"]]
    assert [entry[0] for entry in by_style["Contents Entry"]] == ["1", "2", "3"]
    assert document.core_properties.language == sample.TAGS[language]
    assert sample.WORDS[language]["alt"] in document.element.xml
    assert [cell.text for cell in document.tables[0].rows[0].cells] == sample.WORDS[language]["columns"]
    assert ("SIMULA" in document.sections[0].header.paragraphs[0].text) == (language != "en")


def test_tables_with_sentences_give_them_room(tmp_path, root):
    sentence = "Part of the instances that publish their results within ninety days of their end"
    text = f"| Name | Meaning | n |\n|---|---|--:|\n| Published results | {sentence} | 12 |\n\n: Meanings {{#tbl-m}}"
    notebook = sample.write_notebook(tmp_path, "en", [sample.report_cell(text)])
    render(notebook, tmp_path / "m", sample.page("en"), "pandoc", ("html",), root=root)
    page = BeautifulSoup((tmp_path / "m.html").read_text(encoding="utf-8"), "html.parser")
    assert [cell.get("class") for cell in page.select("#tbl-m tbody tr > *")] == [None, ["prose"], ["number"]]
    assert page.select_one("#tbl-m col") is None


def test_a_page_without_a_contact_says_where_else_to_turn(root):
    from dataclasses import replace

    from helpers.language import Texts
    from helpers.reporting.frame import closing_markdown

    texts, page = Texts(root, "en"), sample.page("en", False)
    assert "CONTRIBUTING.md" not in closing_markdown(page, texts)
    alone = closing_markdown(replace(page, contact=""), texts)
    assert "CONTRIBUTING.md" in alone and f"]({page.form})" in alone
