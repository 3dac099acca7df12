"""The built pages in a real browser: nothing is fetched, axe finds nothing, nothing is wider than the window."""

import pytest
from axe_playwright_python.sync_playwright import Axe

PAGES = ["index.html", "villa/2022/es/monitor.html", "villa/2022/es/methodology.html", "villa/2022/es/map.html"]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_a_page_is_whole_offline_and_open_to_all(built, browser, name, width, scheme):
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, offline=True)
    try:
        page = context.new_page()
        asked, said = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.goto((built.folder / "reports" / "site" / name).as_uri())
        assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
        assert said == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(page).response["violations"]
        assert [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found] == []
    finally:
        context.close()
