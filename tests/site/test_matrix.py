"""Every page of every city as people open it: offline, at two widths, in two themes, with axe; and the map in use.

The whole matrix is slow; a sixth of it, of what is built quickly, runs each time.
"""

import shutil
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import pytest

from helpers.config import list_cities, load_city
from helpers.pipeline.pages import MAP, NOTEBOOKS
from tests.conftest import ROOT, axe_findings
from tests.monitor.conftest import House, build_house

WIDTHS = (360, 1280)
THEMES = ("light", "dark")
QUICK, QUICK_PERIOD = "rosario", "2012"
"""The city that needs neither a download nor a simulation; its first period, since the newest needs all before it."""
LONG = {"methodology", NOTEBOOKS}
"""Pages on which axe weighs thousands of words against their background: here each is seen in one width."""


@dataclass(frozen=True)
class Cell:
    """A page of a city (none: the landing page) in one language, width and theme."""

    city: str
    language: str
    document: str
    width: int
    theme: str

    def __str__(self) -> str:
        return "-".join([self.city or "landing", self.language, self.document, str(self.width), self.theme])

    def path(self, site: Path) -> Path:
        if not self.city:
            return site / f"{self.document}.{self.language}.html"
        (period,) = [place.name for place in (site / self.city).iterdir()]
        return site / self.city / period / self.language / f"{self.document}.html"


def pages() -> list[tuple[str, str, str]]:
    """City, language and document of every page."""
    cities = [load_city(ROOT, name) for name in list_cities(ROOT)]
    landing = [("", language, "index") for language in sorted({one for city in cities for one in city.languages})]
    documents = [
        (city.id, language, name)
        for city in cities
        for language, name in product(city.languages, [*city.documents, NOTEBOOKS, MAP])
    ]
    return landing + documents


MATRIX = [Cell(*page, width, theme) for page, width, theme in product(pages(), WIDTHS, THEMES)]
AT_HAND = [
    cell
    for cell in MATRIX
    if cell.city in ("", QUICK)
    and cell.language in load_city(ROOT, QUICK).languages
    and (cell.document not in LONG or cell.width == WIDTHS[0])
]
"""A sixth of the matrix, near enough."""


def named(cells: list[Cell]) -> list:
    return [pytest.param(cell, id=str(cell)) for cell in cells]


def build(folder: Path, periods: dict[str, str | None], **environment: str) -> Path:
    """The site of the cities, each in one period (None: the newest)."""
    house = build_house(folder, ROOT)
    shutil.rmtree(house.raw)
    for city, period in periods.items():
        received = shutil.ignore_patterns("received")
        shutil.copytree(ROOT / "data" / "raw" / city, folder / "data" / "raw" / city, ignore=received)
        chosen = ["--period", period] if period else []
        done = House(folder).run("run", "--city", city, *chosen, **environment)
        assert done.returncode == 0, done.stderr
    return folder / "reports" / "site"


@pytest.fixture(scope="module")
def quick_site(tmp_path_factory):
    """A city that comes with the monitor."""
    return build(tmp_path_factory.mktemp("quick") / "house", {QUICK: QUICK_PERIOD})


@pytest.fixture(scope="module")
def whole_site(tmp_path_factory, mirror):
    """Every city in its newest period."""
    cities = dict.fromkeys(list_cities(ROOT))
    return build(tmp_path_factory.mktemp("whole") / "house", cities, MONITOR_MIRROR=str(mirror))


@pytest.mark.parametrize("cell", named(AT_HAND))
def test_a_sixth_of_the_pages_is_open_to_all(browser, quick_site, cell):
    look_at(browser, quick_site, cell)


@pytest.mark.slow
@pytest.mark.parametrize("cell", named(MATRIX))
def test_every_page_is_open_to_all(browser, whole_site, cell):
    look_at(browser, whole_site, cell)


def look_at(browser, site: Path, cell: Cell) -> None:
    """Open a page without a network: nothing is asked for, nothing is wider than the window, axe finds nothing."""
    address, asked, said = cell.path(site).as_uri(), [], []
    context = browser.new_context(
        viewport={"width": cell.width, "height": 800}, color_scheme=cell.theme, offline=True, reduced_motion="reduce"
    )
    try:
        page = context.new_page()
        page.route("**/*", lambda route: route.continue_() if route.request.url == address else route.abort())
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(address)
        assert axe_findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= cell.width
        if cell.document == MAP:
            use_the_map(page)
        assert [url for url in asked if url != address and not url.startswith("data:")] == []
        assert said == []
    finally:
        context.close()


def use_the_map(page) -> None:
    """Search, filter and walk the list by keyboard; map, list and address say the same at each step."""
    total = in_list(page)
    name = page.locator(".instance summary strong").first.inner_text()
    page.fill("#q", name.upper())
    assert 1 <= in_list(page) <= total
    page.fill("#q", "")
    page.locator(".controls details").evaluate("one => one.open = true")
    for field in page.locator(".fields select").all():
        option = field.locator("option").nth(1)
        field.select_option(option.get_attribute("value"))
        assert f"({in_list(page)})" in option.inner_text()
        assert f"{field.get_attribute('name')}=" in page.url
        field.select_option("")
    assert in_list(page) == total
    page.locator(".instance summary").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**#instance=*")
    assert page.locator(".instance[open]").count() == 1
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "instance=" not in address)
    assert page.locator(".instance[open]").count() == 0


def in_list(page) -> int:
    """How many instances the list shows; the map shows those of them that have a place."""
    return page.evaluate("""() => {
        const shown = new Set([...document.querySelectorAll('.instances > li:not([hidden]) .instance')]
            .map(one => one.dataset.id));
        const placed = JSON.parse(document.getElementById('data').textContent).instances
            .filter(one => one.at && shown.has(one.id));
        if (placed.length !== document.querySelectorAll('.pin').length) throw new Error('list and map differ');
        return shown.size;
    }""")
