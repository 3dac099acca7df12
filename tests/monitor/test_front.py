"""The landing pages over what has been rendered: one for each language, and one to open first."""

from bs4 import BeautifulSoup

from helpers.pipeline.front import front_pages
from tests.monitor.conftest import CITY


def render_nothing_but_names(house, city: str, text: str, *pages: str) -> None:
    """A city of which only empty pages are there."""
    (house.folder / "data/raw" / city).mkdir(exist_ok=True)
    (house.folder / "data/raw" / city / "city.yml").write_text(text, encoding="utf-8")
    for page in pages:
        path = house.folder / "reports/site" / city / page
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", encoding="utf-8")


def test_each_language_has_its_page_and_the_first_city_speaks_first(house):
    render_nothing_but_names(house, "villa", CITY, "2021/es/monitor.html", "2022/es/monitor.html")
    town = CITY.replace("id: villa", "id: town\nsimulated: true").replace("languages: [es]", "languages: [en, it]")
    render_nothing_but_names(house, "town", town, "2022/en/monitor.html", "2022/it/monitor.html")

    front = front_pages(house.folder)

    site = house.folder / "reports/site"
    pages = {path.name: BeautifulSoup(path.read_bytes(), "html.parser") for path in site.glob("index*.html")}
    assert sorted(pages) == ["index.en.html", "index.es.html", "index.html", "index.it.html"]
    assert front.read_bytes() == (site / "index.es.html").read_bytes()
    spanish = pages["index.es.html"]
    assert [card["id"] for card in spanish.select("li.card")] == ["villa", "town"]
    assert spanish.select_one("#villa a.open")["href"] == "villa/2022/es/monitor.html"
    assert spanish.select_one("#town a.open")["href"] == "town/2022/en/monitor.html"
    assert spanish.select_one("#villa .card-country").get_text() == "Argentina"
    assert pages["index.it.html"].select_one("#town a.open")["href"] == "town/2022/it/monitor.html"
    switch = [(link.get_text(), link["href"]) for link in spanish.select(".languages a")]
    assert switch == [("es", "index.es.html"), ("en", "index.en.html"), ("it", "index.it.html")]


def test_without_pages_there_is_nothing_to_open(house):
    assert front_pages(house.folder) is None
