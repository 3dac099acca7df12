"""Every file of the mirror, and every document beside it, through the door that a newcomer takes: nothing is lost.

Rows are counted by other means than the monitor's own; the city is the one that `monitor new-city` proposes, with its
question marks unanswered, so that most rows are set aside; what counts is that each is.
"""

import csv
import gzip
import json
import shutil

import pytest
from python_calamine import CalamineWorkbook

from helpers import registry
from helpers.config import load_city
from tests.conftest import require

TABLES = (
    "barcelona/Barrios_poblacio.xlsx",
    "barcelona/EscletxaDigitalBCN_BaseDades.csv",
    "barcelona/barris_geo.json",
    "barcelona/decidim-projects.csv",
    "barcelona/districtes_geo.json",
    "barcelona/enquesta_cas.csv",
    "barcelona/pam2016_proposals.csv",
    "rosario-geo/Barrios.csv",
    "rosario-geo/Barrios.gml",
    "rosario-geo/barrios_rosario_2020.gml",
    "rosario-geo/distritos_descentralizados.gml",
    "rosario-geo/distritos_descentralizados_json.csv",
    "rosario-geo/estratificacion_radios_censales_rosario_ciudad.xlsx",
    "rosario-geo/pobreza_cronica_radio_censal_rosario.xlsx",
    "rosario-geo/pp_distritos.json",
    "rosario-geo/proyecciones_poblacion_por_distrito.csv",
    "rosario-geo/renabap_2023_rosario.xlsx",
    "toronto-engagement/polls_conducted_by_city_noaddress.csv",
    "toronto-engagement/public_engagement_review_survey.csv",
    "warsaw-pb/pb/Poland_Warszawa_2020_Ursus.pb.gz",
    "warsaw-pb/warszawa-dzielnice.geojson",
)
"""One ballot file stands for the 72, which a test of their own counts; licences and descriptions are no tables."""

DOCUMENTS = ("000", "001", "002", "003", "004")


def plain_rows(path) -> int:
    """Rows of a table, counted without the monitor."""
    if path.suffix == ".gz":
        sections = gzip.decompress(path.read_bytes()).decode().replace("\r", "").split("\nPROJECTS\n")
        projects, votes = sections[1].split("\nVOTES\n")
        return 1 + len(projects.splitlines()) - 1 + len(votes.splitlines()) - 1
    if path.suffix == ".xlsx":
        book = CalamineWorkbook.from_path(path)
        sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
        return sum(sum(any(str(cell).strip() for cell in row) for row in sheet) - 1 for sheet in sheets)
    text = path.read_bytes().decode("utf-8-sig", errors="replace")
    if path.suffix == ".gml":
        return text.count("<gml:featureMember>")
    if path.suffix in (".json", ".geojson"):
        content = json.loads(text)
        return len(content["features"] if isinstance(content, dict) else content)
    first = text.splitlines()[0]
    separator = max(",;\t", key=first.count)
    csv.field_size_limit(10**9)
    rows = list(csv.reader(text.splitlines(keepends=True), delimiter=separator))
    return sum(any(cell.strip() for cell in row) for row in rows) - 1


def cleaned(path, place, dictionary):
    """The registry of the city that is proposed for one file."""
    folder = place / "data" / "raw" / "nueva"
    folder.mkdir(parents=True)
    shutil.copy(path, folder / path.name)
    text = registry.city_text("nueva", "Nueva", "AR", [path], dictionary).replace("XXX", "ARS")
    (folder / "city.yml").write_text(text, encoding="utf-8")
    return registry.clean(load_city(place, "nueva"), dictionary, place)


@pytest.mark.parametrize("name", TABLES)
def test_rows_in_are_the_rows_of_the_file_and_all_are_accounted_for(name, mirror, place, dictionary):
    accounts = cleaned(mirror / name, place, dictionary).accounts
    rows_in = accounts["rows_in"].sum()  # the proposed mapping takes each row for one table
    assert rows_in == plain_rows(mirror / name)
    assert (accounts["rows_in"] == accounts[["kept", "merged", "quarantined"]].sum(axis=1)).all()


@pytest.mark.parametrize("number", DOCUMENTS)
def test_documents_are_known_by_what_stands_in_them(number, mirror, place, dictionary):
    found = sorted((mirror.parent / "seeds").glob(f"{number}_*.txt"))
    require("documents", bool(found), "the five documents are not beside the mirror")
    accounts = cleaned(found[0], place, dictionary).accounts
    assert accounts["rows_in"].sum() > 0
    assert (accounts["rows_in"] == accounts[["kept", "merged", "quarantined"]].sum(axis=1)).all()


def test_no_table_of_the_mirror_is_forgotten(mirror):
    """A file that joins the mirror joins this walk."""
    endings = (".csv", ".json", ".geojson", ".xlsx", ".gml", ".gz")
    ballots = "warsaw-pb/pb/"
    files = {path.relative_to(mirror).as_posix() for path in mirror.rglob("*") if path.name.endswith(endings)}
    assert {name for name in files if not name.startswith(ballots)} <= set(TABLES)
