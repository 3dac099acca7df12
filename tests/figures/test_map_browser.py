"""The participation map as people use it, in a browser without a network."""

import pytest

from helpers.config import Period
from helpers.figures import Imprint
from helpers.language import Texts
from tests.conftest import axe_findings

from .sample_map import make_page


@pytest.fixture(scope="module")
def address(root, tmp_path_factory, request):
    """Where the page with forty instances lies, in Spanish."""
    from .conftest import make_territories

    imprint = Imprint("Ciudad Modelo", Period.parse("2022"), "Generador", simulated=True, schematic=True)
    path = tmp_path_factory.mktemp("map") / "map.html"
    path.write_text(make_page(root, make_territories(), Texts(root, "es"), imprint), encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def visit(browser, address):
    """Open the page with a width, a theme and a state in its address; nothing may be asked from any host."""
    contexts, asked = [], []

    def open_page(state: str = "", width: int = 1280, theme: str = "light", touch: bool = False):
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme=theme,
            offline=True,
            reduced_motion="reduce",
            has_touch=touch,
            locale="es-AR",
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: asked.append(str(error)))
        page.on("console", lambda message: asked.append(message.text) if message.type == "error" else None)
        page.goto(address + state)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [url for url in asked if not url.startswith(address)] == []


def shown(page) -> int:
    """Cards that the list shows; the map must show as many of those that have a place."""
    ids = page.evaluate(
        """[...document.querySelectorAll('.instances > li:not([hidden]) .instance')].map(c => c.dataset.id)"""
    )
    placed = page.evaluate("""JSON.parse(document.getElementById('data').textContent)
        .instances.filter(one => one.at).map(one => one.id)""")
    assert page.locator(".pin").count() == len(set(ids) & set(placed))
    return len(ids)


def test_the_list_and_the_map_hold_the_same(visit):
    page = visit()
    assert shown(page) == 40
    assert page.locator("#count").inner_text() == "40 de 40 instancias"


def test_filters_narrow_list_map_and_agenda_together(visit):
    page = visit()
    page.locator(".controls summary").click()
    page.select_option("#f-type", "space")
    assert shown(page) == 10
    assert "Centro (" in page.locator(".leaflet-tooltip.name").nth(1).inner_text()
    page.select_option("#f-theme", "mobility")
    assert shown(page) == 2
    assert page.locator(".agenda > li:visible").count() == 0
    assert "type=space" in page.url and "theme=mobility" in page.url
    page.locator("button[type=reset]").click()
    page.locator("#count", has_text="40 de 40").wait_for()
    assert shown(page) == 40 and page.url.endswith("#")


def test_search_does_not_mind_accents_or_case(visit):
    page = visit()
    for words in ("nandu", "ÑANDÚ dialogo"):
        page.fill("#q", words)
        assert shown(page) == 1
    page.fill("#q", "no existe")
    assert shown(page) == 0 and page.locator("#nothing").is_visible()


def test_dates_keep_what_was_active_then(visit):
    page = visit("#to=2020-01-31")
    assert shown(page) == 8  # begun by then, and those whose start was not collected
    assert page.locator("#to").is_visible()


def test_a_link_to_one_selection_opens_it_in_list_and_map(visit):
    page = visit("#instance=mod-003&layer=quality")
    assert page.locator(".instance[open]").get_attribute("data-id") == "mod-003"
    assert page.locator(".instance[open]").is_visible()
    assert page.locator(".pin.chosen").count() == 1
    assert page.locator(".district.blurred").count() == 1
    assert page.locator(".bands:visible").get_attribute("data-layer") == "quality"
    hatched = page.locator(".district.blurred").evaluate("one => getComputedStyle(one).fill")
    assert "#hatch-1" in hatched
    page.evaluate("location.hash = '#instance=mod-006'")
    page.wait_for_selector(".instance[open][data-id=mod-006]")
    assert page.locator(".instance[open]").count() == 1


def test_an_unknown_or_broken_link_shows_everything(visit):
    page = visit("#instance=nobody&type=%E0%A4%A&layer=nothing")
    assert page.locator(".instance[open]").count() == 0 and shown(page) == 40


def test_the_list_is_the_way_of_the_keyboard(visit):
    page = visit()
    assert page.evaluate("[...document.querySelectorAll('.pin, .district')].every(one => one.tabIndex < 0)")
    page.locator(".instance summary").nth(2).focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".pin.chosen")
    first = page.locator(".instance[open]").get_attribute("data-id")
    assert f"instance={first}" in page.url
    page.keyboard.press("Enter")
    page.locator(".pin.chosen").wait_for(state="detached")
    assert "instance" not in page.url
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_a_sign_on_the_map_opens_its_card(visit):
    page = visit("#q=consejo%20003")
    page.locator(".pin").click()
    page.wait_for_selector(".instance[open][data-id=mod-003]")
    assert "instance=mod-003" in page.url


def test_an_actor_leads_to_its_instances(visit):
    page = visit()
    page.locator(".actors a", has_text="Municipalidad").click()
    page.locator("#count", has_text="2 de 40").wait_for()
    assert shown(page) == 2 and "actor=a-1" in page.url


def test_a_place_on_the_page_is_no_selection(visit):
    page = visit("#type=space")
    page.evaluate("location.hash = '#results'")
    page.wait_for_timeout(100)
    assert shown(page) == 10


def test_the_whole_city_is_seen_at_every_width(visit):
    for width in (360, 1280):
        page = visit(width=width)
        frame = page.locator("#map").bounding_box()
        for district in page.locator(".district").all():
            shape = district.bounding_box()
            assert frame["x"] <= shape["x"] and shape["x"] + shape["width"] <= frame["x"] + frame["width"]
            assert frame["y"] <= shape["y"] and shape["y"] + shape["height"] <= frame["y"] + frame["height"]


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_sticks_out(visit, width, theme):
    page = visit("#instance=mod-001&layer=quality", width, theme)
    page.evaluate("document.querySelectorAll('details:not(.instance)').forEach(one => one.open = true)")
    assert axe_findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    listed, drawn = (page.locator(name).bounding_box() for name in ("#list-title", "#map"))
    assert listed["y"] > drawn["y"] + drawn["height"] if width == 360 else listed["x"] < drawn["x"] - 200
