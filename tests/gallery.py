"""Screenshots of every built page, at phone and desktop width, into reports/gallery: ``make gallery``."""

import shutil
import sys

from playwright.sync_api import Browser, sync_playwright

from tests.conftest import CHROMIUM_FLAGS, CHROMIUM_NAMES, ROOT

WIDTHS = {"phone": 360, "desktop": 1280}


def photograph(browser: Browser) -> int:
    """Take the pictures; returns how many."""
    site, gallery = ROOT / "reports" / "site", ROOT / "reports" / "gallery"
    pages = sorted(site.rglob("*.html"))
    for page in pages:
        for name, width in WIDTHS.items():
            context = browser.new_context(viewport={"width": width, "height": 900}, offline=True)
            view = context.new_page()
            view.goto(page.as_uri())
            target = gallery / name / page.relative_to(site).with_suffix(".png")
            target.parent.mkdir(parents=True, exist_ok=True)
            view.screenshot(path=target, full_page=True)
            context.close()
    return len(pages) * len(WIDTHS)


def main() -> int:
    """Photograph the site with the Chromium of this machine."""
    program = next((found for found in map(shutil.which, CHROMIUM_NAMES) if found), None)
    if program is None:
        print("There is no Chromium on this machine; install it and call make gallery again.", file=sys.stderr)
        return 1
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
        number = photograph(browser)
        browser.close()
    print(f"{number} pictures in {ROOT / 'reports' / 'gallery'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
