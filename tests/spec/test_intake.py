"""An organisation declares an instance of its own: the form it fills in, and what becomes of it."""

import io
import re
import zipfile

import pandas as pd
import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from helpers import registry
from helpers.config import load_city
from helpers.files import MonitorError
from helpers.language import Texts
from tests.registry.small_city import build, dictionary, folder, place  # noqa: F401 (fixtures)

FORM = """Pregunta;Respuesta
Nombre;Asamblea del río
Promotor;Vecinas y vecinos del río
Tipo de promotor;Sociedad civil
Informado por;Vecinas y vecinos del río
Tipo de instancia;Espacio
Estado;En curso
Fecha de inicio;marzo de 2022
Alcance territorial;Barrio
Territorios;Zona Sud
Canales;"Presencial; En línea"
Participantes en total;más de 50
"""


@pytest.fixture
def take(build, place, dictionary):  # noqa: F811
    """``take(form)``: the form (text, or the bytes of a workbook) taken in, in a city that has two tables."""
    build({})

    def _take(form, name="form.csv", language="es"):
        path = place / name
        path.write_bytes(form if isinstance(form, bytes) else form.encode())
        return registry.take_in(path, load_city(place, "prueba"), dictionary, place, Texts(place, language))

    return _take


def declared(place, dictionary) -> pd.DataFrame:  # noqa: F811
    """The clean rows that came from forms."""
    instances = registry.clean(load_city(place, "prueba"), dictionary, place).tables["instances"]
    return instances[instances["source_id"] == "declared"].reset_index(drop=True)


def test_a_form_becomes_one_declared_instance(take, place, dictionary):  # noqa: F811
    taken = take(FORM)
    assert (taken.instance_id, taken.outcome) == ("pru-cs-asamblea-del-rio", "new")
    row = declared(place, dictionary).iloc[0]
    assert row["instance_id"] == "pru-cs-asamblea-del-rio"
    assert (row["name"], row["promoter_type"], row["verification_status"]) == (
        "Asamblea del río", "civil_society", "declared",
    )  # fmt: skip
    assert (row["territory_ids"], row["channels"]) == ("pru-d-sur", "in_person;online")
    assert (row["start_date"], row["date_precision"]) == (pd.Timestamp("2022-03-01"), "month")
    assert (row["participants_total"], row["participants_total_bound"]) == (50, "lower")
    assert row["origin"] == "declared/pru-cs-asamblea-del-rio.csv:2"


def test_the_form_is_one_workbook_that_offers_the_lists_and_is_read_back(take, place, dictionary, tmp_path):  # noqa: F811
    """Filled in Italian, taken in by a Spanish city: the names of the fields tell which question is which."""
    content = registry.form_workbook(dictionary, Texts(place, "it"))
    assert content == registry.form_workbook(dictionary, Texts(place, "it"))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    fields = [row[3] for row in rows]
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        validations = re.findall(r'type="list"[^>]* sqref="(B\d+)"', book.read("xl/worksheets/sheet1.xml").decode())
    for field in ("promoter_type", "instance_type", "status", "territory_scope"):
        assert f"B{fields.index(field) + 1}" in validations
    answers = {
        "name": "Assemblea", "promoter_name": "Comitato", "promoter_type": "Società civile",
        "reported_by": "Comitato", "instance_type": "Spazio", "status": "In corso", "start_date": "1 marzo 2022",
        "territory_scope": "Quartiere",
    }  # fmt: skip
    filled = io.BytesIO()
    with xlsxwriter.Workbook(filled) as book:
        sheet = book.add_worksheet("Dichiarazione")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, [row[0], answers.get(row[3], row[1]), *row[2:]])
    path = tmp_path / "modulo.xlsx"
    path.write_bytes(filled.getvalue())
    assert take(path.read_bytes(), "modulo.xlsx", "it").remarks == []
    row = declared(place, dictionary).iloc[0]
    assert (row["name"], row["status"], row["territory_scope"]) == ("Assemblea", "running", "neighbourhood")


def test_nobody_can_declare_oneself_verified(take, place, dictionary):  # noqa: F811
    with pytest.raises(MonitorError, match="Estado de verificación"):
        take(FORM + "Estado de verificación;Verificada\n")
    assert not (place / "data" / "raw" / "prueba" / "declared").exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("Fecha de inicio;marzo de 2022", "Fecha de inicio;31/02/2022"), "31/02/2022"),
        (("Tipo de instancia;Espacio", "Tipo de instancia;Fiesta"), "Fiesta"),
        (("Territorios;Zona Sud", "Territorios;Atlántida"), "Atlántida"),
        (("Estado;En curso\n", ""), "Estado"),
        (("Nombre;Asamblea del río\n", ""), "Nombre"),
        (("Promotor;", "Promotora;"), "Promotora"),
    ],
)
def test_a_form_whose_row_could_not_stand_is_refused_whole(take, place, dictionary, change, said):  # noqa: F811
    with pytest.raises(MonitorError, match=said) as refused:
        take(FORM.replace(*change))
    assert refused.value.remedy
    assert declared(place, dictionary).empty


def test_the_same_form_twice_is_known_and_a_newer_one_replaces_it(take, place, dictionary, folder):  # noqa: F811
    first = take(FORM)
    assert take(FORM, "otra vez.csv").outcome == "known"
    second = take(FORM.replace("En curso", "Finalizada").replace("Asamblea del río", "ASAMBLEA DEL RIO"))
    assert (second.instance_id, second.outcome) == (first.instance_id, "replaced")
    assert declared(place, dictionary)["status"].tolist() == ["finished"]
    assert [path.read_bytes() for path in (folder / "declared-earlier").iterdir()] == [FORM.encode()]


def test_a_refused_newer_form_leaves_the_earlier_one(take, place, dictionary):  # noqa: F811
    take(FORM)
    with pytest.raises(MonitorError):
        take(FORM.replace("En curso", "Quizás"))
    assert declared(place, dictionary)["status"].tolist() == ["running"]


def test_two_organisations_may_call_their_instances_alike(take, place, dictionary):  # noqa: F811
    take(FORM)
    other = take(FORM.replace("Vecinas y vecinos del río", "Club Náutico"))
    assert other.instance_id == "pru-cs-asamblea-del-rio-2"
    assert len(declared(place, dictionary)) == 2


def test_an_address_of_a_person_never_reaches_the_registry(take, place, dictionary):  # noqa: F811
    taken = take(FORM + "Funcionamiento;Escribir a juana.perez@gmail.com o al tel. 341 555-1234\n")
    assert any("se ocultó" in what for what, _, _ in taken.remarks)
    assert declared(place, dictionary)["how_it_works"].tolist() == ["Escribir a […] o al […]"]


def test_what_the_state_has_already_is_said_and_merged(take, place, dictionary):  # noqa: F811
    """Same name, type and dates as an instance of the city: one row, which names both origins."""
    same = FORM.replace("Asamblea del río", "Presupuesto").replace("marzo de 2022", "1/3/2022")
    taken = take(same.replace("Espacio", "Dispositivo").replace("Zona Sud", "Prueba"))
    assert any("es la misma instancia que pru-pp" in what for what, _, _ in taken.remarks)
    rows = registry.clean(load_city(place, "prueba"), dictionary, place).tables["instances"]
    assert rows["instance_id"].tolist() == ["pru-pp"] and rows["verification_status"].tolist() == ["documented"]
    assert "declared/pru-cs-presupuesto.csv" in rows["origin"].iloc[0]
