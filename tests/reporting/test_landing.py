"""The landing page: simulated first, small, a card for each city."""

from bs4 import BeautifulSoup

from helpers.reporting import Card, CardPeriod, Link, write_landing

from . import sample

CARDS = (
    Card("rosario", "Rosario", "Argentina", "Una docena de mecanismos & sus fuentes.", periods=(
        CardPeriod("2022", "rosario/2022/es/monitor.html", (Link("Método", "rosario/2022/es/methodology.html"),)),)),
    Card("ciudad-modelo", "Ciudad Modelo", "", "Todas las tablas llenas.", "en-GB", simulated=True, periods=tuple(
        CardPeriod(f"{year}-S1", f"ciudad-modelo/{year}-S1/es/monitor.html") for year in (2022, 2021, 2020))),
)  # fmt: skip
LANGUAGES = (Link("Español", "index.html", True, "es-AR"), Link("English", "index.en.html", False, "en-GB"))


def landing(tmp_path, root, cards=CARDS):
    path = write_landing(tmp_path / "index.html", cards, "es-AR", LANGUAGES, root=root)
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser"), path


def test_what_is_simulated_is_said_before_the_title(tmp_path, root):
    page, path = landing(tmp_path, root)
    text = page.main.get_text(" ", strip=True)
    assert text.startswith("Simulado Ciudad Modelo: ciudad inventada")
    assert [badge.get_text() for badge in page.select(".card-simulated .badge")] == ["Simulado"]
    assert path.stat().st_size < 1_000_000


def test_each_city_opens_its_newest_period_and_lists_the_others(tmp_path, root):
    page, _ = landing(tmp_path, root)
    cards = page.select("li.card")
    assert [card.h2.get_text() for card in cards] == ["Rosario", "Ciudad Modelo"]
    assert cards[1].select_one("a.open")["href"] == "ciudad-modelo/2022-S1/es/monitor.html"
    assert [link.get_text() for link in cards[1].select("details a")] == ["2021-S1", "2020-S1"]
    assert cards[0].select_one("details") is None
    assert "mecanismos & sus fuentes" in cards[0].get_text()
    assert [card["id"] for card in cards] == ["rosario", "ciudad-modelo"]


def test_a_city_that_does_not_speak_the_language_of_the_page_says_which_it_speaks(tmp_path, root):
    page, _ = landing(tmp_path, root)
    rosario, modelo = page.select("li.card")
    assert modelo.select_one("a.open")["hreflang"] == "en-GB" and "(en-GB)" in modelo.get_text()
    assert not rosario.select("[hreflang]")


def test_without_simulated_cities_nothing_is_said_of_them(tmp_path, root):
    page, _ = landing(tmp_path, root, CARDS[:1])
    assert "Simulado" not in page.get_text()
    assert page.html["lang"] == sample.TAGS["es"]
