"""In a real browser: axe finds nothing, nothing is wider than a phone, and no request leaves the page."""

import pytest

from helpers.reporting import render
from tests.conftest import axe_findings

from . import sample
from .test_landing import landing

MATRIX = [(360, "light"), (360, "dark"), (1280, "light"), (1280, "dark")]


@pytest.fixture(scope="module")
def pages(tmp_path_factory, root):
    folder = tmp_path_factory.mktemp("pages")
    notebook = sample.write_notebook(folder, "es")
    render(notebook, folder / "monitor", sample.page("es"), "pandoc", ("html",), root=root)
    landing(folder, root)
    return {"report": folder / "monitor.html", "landing": folder / "index.html"}


@pytest.fixture
def visit(browser, pages):
    opened = []

    def go(name, width, scheme):
        context = browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce"
        )
        asked = []
        page = context.new_page()
        page.route(
            "**/*",
            lambda route: route.continue_() if route.request.url.startswith("file:") else route.abort(),
        )
        page.on("request", lambda request: asked.append(request.url))
        page.goto(pages[name].as_uri())
        opened.append(context)
        return page, asked

    yield go
    for context in opened:
        context.close()


@pytest.mark.parametrize("name", ["report", "landing"])
@pytest.mark.parametrize(("width", "scheme"), MATRIX)
def test_axe_finds_nothing_and_nothing_is_asked_for(visit, name, width, scheme):
    page, asked = visit(name, width, scheme)
    assert axe_findings(page) == []
    assert [address for address in asked if not address.startswith(("file:", "data:"))] == []
    assert len([address for address in asked if address.startswith("file:")]) == 1
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_keyboard_reaches_the_content_first(visit):
    page, _ = visit("report", 1280, "light")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_wide_table_scrolls_in_its_own_region_on_a_phone(visit):
    page, _ = visit("report", 360, "light")
    region = page.locator("#tbl-dimensions .table-scroll")
    assert region.evaluate("element => element.scrollWidth > element.clientWidth")
    region.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('#tbl-dimensions .table-scroll').scrollLeft > 0")


def test_lines_are_of_readable_length_on_a_wide_screen(visit):
    page, _ = visit("report", 1280, "light")
    width = (
        page.locator("article p")
        .nth(2)
        .evaluate("element => element.clientWidth / parseFloat(getComputedStyle(element).fontSize)")
    )
    assert 28 <= width <= 46


def test_paper_shows_the_text_and_not_the_navigation(visit):
    page, _ = visit("report", 1280, "light")
    page.emulate_media(media="print")
    assert not page.locator(".tabs").is_visible()
    assert page.locator(".banner-word").is_visible()
    assert page.locator("article h2").first.is_visible()
