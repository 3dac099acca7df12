"""Personal data planted in every adapter never reach what is saved; numbers that are no phones stay."""

import io
import zipfile

import pytest

from helpers import registry
from helpers.config import load_city
from helpers.registry.privacy import redact_contact, redact_text
from helpers.sources import FORMATS
from tests.sources.books import book_bytes

SECRETS = ("ana.perez@correo.org", "+54 341 480 2222", "DNI 23.456.789", "(0341) 4802-222", "RSSMRA80A01H501U")
TEXT = "Llamar a la Sra. Ana Pérez: " + ", ".join(SECRETS)


@pytest.mark.parametrize(
    "secret", [*SECRETS, "tel. 480-2222", "ana @ correo. org", "93 402 70 00", "Cel: 3415551234", "12345678Z"]
)
def test_masked(secret):
    assert "[…]" in redact_text(f"Consultas: {secret}, gracias")
    assert not any(digit.isdigit() for digit in redact_text(f"Consultas: {secret}, gracias"))


@pytest.mark.parametrize(
    "text",
    [
        "1.200.000.000 pesos", "20.000,00 €", "2019 2020 2021", "18-28 Nov 2016", "2016-11-18", "1 000 200 300",
        "Ley 20.500", "Ordenanza 7.040/00", "-32.947 -60.639", "expediente 12345-2022", "R-407", "66.718 votantes",
        "01-08-2021 a 01-12-2022", "cota 100 200 300", "Av. Pellegrini 1234", "A 200 m de la plaza",
    ],
)  # fmt: skip
def test_not_masked(text):
    assert redact_text(text) == text


@pytest.mark.parametrize(
    ("contact", "kept"),
    [
        ("participa@rosario.gob.ar", True),
        ("ana.perez@rosario.gob.ar", False),
        ("consejobarrial@gmail.com", False),
        ("https://participa.rosario.gob.ar", True),
    ],
)
def test_an_institution_may_be_written_to_and_a_person_not(contact, kept):
    assert (redact_contact(contact) == contact) is kept


def decidim_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        rows = f"id;title/es;author/name;author/email\n1;{TEXT};Ana Pérez;{SECRETS[0]}\n"
        packed.writestr("x-open-data-proposals.csv", rows)
    return buffer.getvalue()


TITLED = [["Propuestas. Responsable: Ana Pérez"], ["proposal_id", "instance_id", "title"], ["p1", "pru-pp", TEXT]]
ENTRY = {
    "table": "proposals",
    "columns": {"proposal_id": "id", "instance_id": {"value": "pru-pp"}, "title": "title"},
}

PLANTED = {
    "workbook": (book_bytes(".xlsx", TITLED), "p.xlsx", {"table": "proposals"}),
    "opendocument": (book_bytes(".ods", TITLED), "p.ods", {"table": "proposals"}),
    "form": (
        f"Pregunta;Respuesta\nid;1\ntitle;{TEXT}\nCorreo;{SECRETS[0]}\nNombre y apellido;Ana Pérez\n".encode(),
        "f.csv",
        ENTRY,
    ),
    "table": (
        f'proposal_id,instance_id,title,author\np1,pru-pp,"{TEXT}",Ana Pérez\n'.encode(),
        "p.csv",
        {"table": "proposals"},
    ),
    "decidim": (
        decidim_zip(),
        "p.zip",
        ENTRY,
    ),
    "consul": (
        f"id;title;author_name\n1;{TEXT};Ana Pérez\n".encode(),
        "p.csv",
        ENTRY,
    ),
    "survey": (f"id;title;free_comment;contact_email\n1;{TEXT};{TEXT};{SECRETS[0]}\n".encode(), "s.csv", ENTRY),
    "geo": (
        (
            '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"' + TEXT + '"},'
            '"geometry":{"type":"Point","coordinates":[-60.6,-32.9]}}]}'
        ).encode(),
        "v.geojson",
        {"table": "venues", "columns": {"venue_id": {"value": "v1"}, "name": "name"}},
    ),
    "pabulib": (
        f"META\nkey;value\ninstance;2023\nPROJECTS\nproject_id;cost;name\n1;5;{TEXT}\nVOTES\nvoter_id;vote\n1;1\n".encode(),
        "x.pb",
        {
            "table": "proposals",
            "from": "projects",
            "columns": {"proposal_id": "project_id", "instance_id": {"value": "pru-pp"}, "title": "name"},
        },
    ),
    "ogp": (
        f"Overview\nCommitment ID\nX1\nCommitment Title\nMonitor\nProblem\n{TEXT}\nMilestones\nCommitments\n".encode(),
        "page.txt",
        {
            "table": "commitments",
            "from": "document",
            "columns": {"commitment_id": "commitment_id", "title": "title", "problem": "problem"},
        },
    ),
    "osservatorio": (
        (
            f"Titolo\nStato di avanzamento\nConcluso\nObiettivi\n{TEXT}\nSettore\nx\nPetizioni\nNo\nCodecisione\nNo\n"
        ).encode(),
        "r.txt",
        {
            "table": "commitments",
            "columns": {"commitment_id": {"value": "x"}, "title": "Titolo", "problem": "Obiettivi"},
        },
    ),
}


def test_every_adapter_is_planted():
    assert set(FORMATS) <= set(PLANTED)


@pytest.mark.parametrize("kind", sorted(PLANTED))
def test_nothing_personal_is_saved(build, tmp_path, kind):
    content, name, entry = PLANTED[kind]
    format = kind if kind in FORMATS else "table"
    clean = build({name: content}, [entry], format=format, options={"quarantine": "accept"})
    registry.save(clean, tmp_path / "out")
    assert "[…]" in "".join(frame.to_csv() for frame in clean.tables.values())  # the row came in, masked
    saved = "\n".join(path.read_text(encoding="utf-8") for path in (tmp_path / "out").iterdir())
    for secret in (*SECRETS, "Ana Pérez", "4802222", "23.456.789"):
        assert secret not in saved, secret


def test_scan_says_which_files_could_be_published(build, place):
    clean_files = {"a.csv": "proposal_id,instance_id,title\np1,pru-pp,Escribir a ana@correo.org\n"}
    build(clean_files, [{"table": "proposals"}], publishable=True)
    found = registry.scan(load_city(place, "prueba"), place).set_index("file")
    assert found["reason"].to_dict() == {
        "a.csv": "personal_data",
        "instances.csv": "not_declared",
        "territories.csv": "not_declared",
    }
    assert found.loc["a.csv", "email"] == 1 and not found["may_publish"].any()
