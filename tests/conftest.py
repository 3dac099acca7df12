"""What every test may use: the root of the house, the mirror, and honest skips."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def require(need: str, present: bool, reason: str) -> None:
    """Skip with a reason where ``need`` is absent; fail instead where MONITOR_REQUIRE names it."""
    if present:
        return
    if need in os.environ.get("MONITOR_REQUIRE", "").split(","):
        pytest.fail(f"{need} is required here: {reason}")
    pytest.skip(reason)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What builds whole cities goes first, so that no worker is left alone with it at the end."""
    items.sort(key=lambda item: not {"site", "monitor"} & {*item.path.parts})


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the monitor."""
    return ROOT


@pytest.fixture(scope="session")
def mirror() -> Path:
    """The folder with the open data of the cities that come by download."""
    folder = os.environ.get("MONITOR_MIRROR", "")
    require("mirror", Path(folder).is_dir() and bool(folder), "no mirror of the open data (set MONITOR_MIRROR)")
    return Path(folder).resolve()


CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium of this machine, or a skip with a reason."""
    import shutil

    from playwright.sync_api import sync_playwright

    program = next((found for found in map(shutil.which, CHROMIUM_NAMES) if found), None)
    require("browser", program is not None, "no Chromium on this machine")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


def axe_findings(page) -> list[str]:
    """What axe finds wrong in an open page: the rule, and the first element that breaks it."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]
