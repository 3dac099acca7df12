"""From raw files to pages on a tiny city: everything is made, nothing twice, and the same bytes anywhere."""

import re

import docx
import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader

from helpers.files import read_csv
from tests.monitor.conftest import COUNTS, PERIODS, build_house


def text_of(page: bytes) -> str:
    return " ".join(BeautifulSoup(page, "html.parser").get_text(" ").split())


def test_every_stage_leaves_its_output_and_the_last_line_says_what_to_open(built):
    site = built.folder / "reports" / "site"
    page = site / "villa" / "2022" / "es"
    expected = {"monitor.html", "monitor.pdf", "monitor.docx", "good-practice.html", "methodology.html", "map.html"}
    assert expected <= {path.name for path in page.iterdir()}
    assert built.log.stdout.strip().endswith(f"Open {site / 'index.html'}")
    assert "registries villa" in built.log.stderr
    assert re.search(r"villa: (\d+) rows in = \d+ kept \+ \d+ merged \+ \d+ quarantined", built.log.stdout)


def test_rows_in_are_rows_kept_merged_or_quarantined_and_printed(built):
    accounts = read_csv(built.folder / "data/processed/villa/registry/accounts.csv")
    numbers = accounts[["rows_in", "kept", "merged", "quarantined"]].astype(int)
    ours = numbers[accounts["source_id"] == "ours"].sum()
    assert ours["rows_in"] == 2 + 3 + 3 == ours["kept"] + ours["merged"] + ours["quarantined"]
    notebook = (built.folder / "data/processed/villa/registry/1_clean_registries.ipynb").read_text(encoding="utf-8")
    assert re.search(r"rows in \d+ = kept \d+ \+ merged \d+ \+ quarantined \d+", notebook)


def test_the_page_says_the_number_with_its_unit_and_invents_no_index(built):
    page = text_of((built.folder / "reports/site/villa/2022/es/monitor.html").read_bytes())
    assert "1.234 Votantes" in page
    assert "700" in page and "534" in page
    assert "no se puede calcular ni un índice ni un perfil de Villa" in page
    assert "Simulado" not in page


def test_the_navigation_leads_to_pages_that_exist(built):
    site = built.folder / "reports" / "site"
    for page in site.rglob("*.html"):
        for link in BeautifulSoup(page.read_bytes(), "html.parser").select("a[href]"):
            target = link["href"].split("#")[0]
            if target and "://" not in target and not target.startswith("mailto:"):
                assert (page.parent / target).resolve().exists(), f"{page.relative_to(site)} -> {target}"


def test_a_second_run_does_nothing_and_says_so(built):
    before = built.files()
    again = built.run("run", "--city", "villa")
    assert again.returncode == 0
    assert "Everything is up to date." in again.stdout
    assert again.stderr.count("up to date") == built.log.stderr.count(" s\n")
    assert built.files() == before


def numbers_of(folder) -> dict[str, str]:
    """What the page, its PDF and DOCX, its figures' data, the open data, the map and the image say."""
    site = folder / "reports/site/villa/2022"
    sheets = PdfReader(site / "es/monitor.pdf").pages
    return {
        "page": text_of((site / "es/monitor.html").read_bytes()),
        "pdf": " ".join(" ".join(sheet.extract_text() for sheet in sheets).split()),
        "docx": " ".join(docx.Document(str(site / "es/monitor.docx")).element.body.itertext()),
        "map": text_of((site / "es/map.html").read_bytes()),
        "figure": (site / "es/fig/monitor-places.csv").read_text(encoding="utf-8"),
        "votes": (site / "es/fig/monitor-votes.csv").read_text(encoding="utf-8"),
        "open data": (site / "data/context.csv").read_text(encoding="utf-8"),
        "image": (site / "es/share/images.csv").read_text(encoding="utf-8"),
    }


def test_one_more_ballot_changes_every_number_that_depends_on_it(built, tmp_path, root):
    other = build_house(tmp_path / "other", root)
    other.publish_only("monitor")
    other.write("participation_counts.csv", COUNTS.replace("1234", "1235").replace("534", "535"))
    other.write("instance_periods.csv", PERIODS.replace("1234", "1235"))
    assert other.run("run", "--city", "villa").returncode == 0
    before, after = numbers_of(built.folder), numbers_of(other.folder)
    total, part = r"\b1\.?234\b", r"\b534\b"
    for where in ("page", "pdf", "docx", "votes", "open data", "image"):
        assert re.search(total, before[where]) and not re.search(total, after[where]), where
        assert re.search(r"\b1\.?235\b", after[where]), where
    for where in ("page", "pdf", "docx", "map", "figure"):
        assert re.search(part, before[where]) and not re.search(part, after[where]), where
        assert re.search(r"\b535\b", after[where]), where
    changed = {path for path, content in other.files().items() if built.files().get(path) != content}
    pictures = ("fig/places.png", "fig/votes.png")
    assert {f"data/processed/villa/documents/2022/es/monitor/{name}" for name in pictures} <= changed
    assert "reports/site/villa/2022/es/share/X3-voters-square.png" in changed
    assert not [path for path in changed if "/2021/" in path and "participation" not in path]


@pytest.mark.slow
def test_the_same_inputs_give_the_same_bytes_in_another_folder_zone_and_locale(built, tmp_path, root):
    other = build_house(tmp_path / "with another name", root)
    environment = {"TZ": "Asia/Tokyo", "LANG": "tr_TR.UTF-8", "LC_ALL": "C", "PYTHONHASHSEED": "99"}
    assert other.run("run", "--city", "villa", **environment).returncode == 0
    theirs, ours = other.files(), built.files()
    assert theirs.keys() == ours.keys()
    assert [path for path in ours if ours[path] != theirs[path]] == []


@pytest.mark.slow
def test_each_stage_runs_alone_and_all_periods_are_made(house):
    for stage in ("registries", "index", "reports"):
        done = house.run("run", "--city", "villa", "--period", "all", "--only", stage)
        assert done.returncode == 0, done.stderr
    pages = house.files("reports/site/villa/*/es/monitor.html")
    assert len(pages) == 2
    assert "3 instancias" not in text_of(pages["reports/site/villa/2021/es/monitor.html"])


def test_a_stage_without_its_input_says_which_to_run_first(house):
    done = house.run("run", "--city", "villa", "--only", "index")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "make registries" in done.stderr
