"""A further language is a folder of texts: copied, translated by staff, named in city.yml; no code knows it."""

import shutil

import pytest
from bs4 import BeautifulSoup


@pytest.mark.slow
def test_a_folder_of_texts_is_a_language(house):
    house.publish_only("monitor")
    texts = house.folder / "reports" / "text"
    shutil.copytree(texts / "es", texts / "pt")
    facts = texts / "pt" / "terms" / "language.yml"
    ours, theirs = "language.tag: es-AR", "language.tag: pt-BR"
    facts.write_text(facts.read_text(encoding="utf-8").replace(ours, theirs), encoding="utf-8")
    summary = texts / "pt" / "monitor" / "summary.md"
    summary.write_text("Olá, {{ city }}.\n\n" + summary.read_text(encoding="utf-8"), encoding="utf-8")
    city = house.raw / "city.yml"
    named = city.read_text(encoding="utf-8").replace("languages: [es]", "languages: [pt]")
    city.write_text(named.replace("it: Villa}", "it: Villa, pt: Vila}"), encoding="utf-8")

    done = house.run("run", "--city", "villa")

    assert done.returncode == 0, done.stderr
    page = BeautifulSoup((house.folder / "reports/site/villa/2022/pt/monitor.html").read_bytes(), "html.parser")
    assert page.html["lang"] == "pt-BR"
    assert "Olá, Vila." in page.get_text()
    assert "31 de dezembro de 2022" in page.get_text(), "dates come from the locale of the tag"
    assert "1.234" in page.get_text()
