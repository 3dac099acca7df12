"""Pictures of every page, at phone and desktop width, and of every PDF, into reports/gallery: ``make gallery``."""

import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.conftest import CHROMIUM_FLAGS, CHROMIUM_NAMES, ROOT

WIDTHS = {"phone": 360, "desktop": 1280}
SITE, GALLERY = ROOT / "reports" / "site", ROOT / "reports" / "gallery"
DOTS = "60"
"""Per inch of a sheet of paper: enough to see its layout."""


def place(kind: str, page: Path) -> Path:
    """Where the pictures of a page go, without suffix."""
    target = GALLERY / kind / page.relative_to(SITE).with_suffix("")
    target.parent.mkdir(parents=True, exist_ok=True)
    return target


def photograph(browser: Browser) -> int:
    """Take the pictures of the pages; returns how many."""
    pages = sorted(SITE.rglob("*.html"))
    for name, width in WIDTHS.items():
        context = browser.new_context(viewport={"width": width, "height": 900}, offline=True)
        for page in pages:
            view = context.new_page()
            view.goto(page.as_uri())
            view.screenshot(path=f"{place(name, page)}.png", full_page=True)
            view.close()
        context.close()
    return len(pages) * len(WIDTHS)


def print_sheets(program: str) -> int:
    """Draw every sheet of the PDFs; returns how many."""
    for document in sorted(SITE.rglob("*.pdf")):
        subprocess.run([program, "-r", DOTS, "-png", document, place("paper", document)], check=True)
    return len(list(GALLERY.glob("paper/**/*.png")))


def main() -> int:
    """Photograph the site with the programs of this machine."""
    chromium = next((found for found in map(shutil.which, CHROMIUM_NAMES) if found), None)
    if chromium is None:
        print("There is no Chromium on this machine; install it and call make gallery again.", file=sys.stderr)
        return 1
    shutil.rmtree(GALLERY, ignore_errors=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        number = photograph(browser)
        browser.close()
    printer = shutil.which("pdftoppm")
    if printer is None:
        print("PDFs are left out: there is no pdftoppm (package poppler-utils) on this machine.", file=sys.stderr)
    number += print_sheets(printer) if printer else 0
    print(f"{number} pictures in {GALLERY}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
