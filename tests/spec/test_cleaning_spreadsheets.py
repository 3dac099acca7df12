"""A spreadsheet kept by hand: what stands in it, and what comes out.

The workbook has a title above its header, two sheets whose columns were renamed between periods, a district written
once for several rows, dates as text and as serial numbers in one column, decimal commas, words for numbers, a row of
totals and a note below.
"""

import datetime

import pandas as pd
import pytest
import xlsxwriter

from tests.registry.small_city import build, dictionary, place  # noqa: E402, F401

MAPPING = {
    "table": "events",
    "columns": {
        "event_id": {"template": "{_sheet|slug}-{Nº}"},
        "instance_id": {"value": "pru-pp"},
        "title": {"template": "Consejo {Distrito}"},
        "territory_id": "Distrito",
        "starts_at": {"columns": ["Fecha", "Día"]},
        "attendance": {"columns": ["Asistentes", "Vecinos presentes"]},
        "childcare": {"columns": ["Espacio de cuidado", "Cuidado"]},
        "mode": {"value": "presencial"},
    },
}


def write_workbook(path) -> None:
    book = xlsxwriter.Workbook(path)
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet("Primer semestre")
    sheet.merge_range("A1:E1", "CONSEJOS BARRIALES - ASISTENCIA 2022")
    sheet.write_row("A3", ["Nº", "Distrito", "Fecha", "Asistentes", "Espacio de cuidado"])
    sheet.write_row("A4", [1, "", "3/3/2022", 23, "Sí"])
    sheet.merge_range("B4:B5", "Norte")
    sheet.write_row("A5", [2])
    sheet.write_datetime("C5", datetime.datetime(2022, 4, 7), day)
    sheet.write_row("D5", ["más de 50", "NO"])
    sheet.write_row("A6", [3, "Dto. Sur", 44691, "n/d", ""])
    sheet.write_row("A7", ["Total", "", "", 73])
    sheet.write("A9", "Las actas están en la Secretaría.")
    second = book.add_worksheet("Segundo semestre")
    second.write_row("A1", ["Nº", "Distrito", "Día", "Vecinos presentes", "Cuidado"])
    second.write_row("A2", [1, "NOROESTE", "14 de julio de 2022", "1.120", "no aplica"])
    second.write_row("A3", [2, "Sur", "30/02/2022", 12, "sí"])
    second.write_row("A4", [3, "Oeste", "1/9/2022", 9, "sí"])
    book.close()


@pytest.fixture
def clean(build, tmp_path):  # noqa: F811
    path = tmp_path / "consejos.xlsx"
    write_workbook(path)
    return build({"consejos.xlsx": path.read_bytes()}, [MAPPING])


def test_what_comes_out(clean):
    events = clean.tables["events"].set_index("event_id")
    assert events["territory_id"].to_dict() == {
        "primer-semestre-1": "pru-d-norte",
        "primer-semestre-2": "pru-d-norte",  # the district stands once for two rows
        "primer-semestre-3": "pru-d-sur",  # Dto. Sur
        "segundo-semestre-1": "pru-d-noroeste",
    }
    local = events["starts_at"].dt.tz_convert("America/Argentina/Cordoba").dt.strftime("%Y-%m-%d")
    assert local.tolist() == ["2022-03-03", "2022-04-07", "2022-05-10", "2022-07-14"]  # 44691 is a serial number
    assert events["attendance"].astype("object").where(events["attendance"].notna(), None).tolist() == [
        23,
        50,
        None,
        1120,
    ]
    assert events["attendance_bound"].fillna("").tolist() == ["exact", "lower", "", "exact"]
    assert [None if pd.isna(cell) else bool(cell) for cell in events["childcare"]] == [True, False, None, None]
    assert events["not_applicable"].fillna("").tolist() == ["", "", "", "childcare"]  # "no aplica" is not "n/d"


def test_what_does_not_and_why(clean):
    blocking = clean.problems[clean.problems["severity"] == "block"]
    assert blocking[["sheet", "row", "field", "value", "code"]].values.tolist() == [
        ["Segundo semestre", "3", "starts_at", "30/02/2022", "impossible_date"],
        ["Segundo semestre", "4", "territory_id", "Oeste", "unknown_territory"],
    ]
    aside = clean.problems[clean.problems["code"].isin(["title_row", "totals_row", "note"])]
    assert aside[["sheet", "row", "code"]].values.tolist() == [
        ["Primer semestre", "1", "title_row"],
        ["Primer semestre", "7", "totals_row"],
        ["Primer semestre", "9", "note"],
    ]


def test_every_row_is_accounted_for(clean):
    accounts = clean.accounts[clean.accounts["file"] == "consejos.xlsx"]
    assert accounts[["sheet", "table", "rows_in", "kept", "merged", "quarantined"]].values.tolist() == [
        ["Primer semestre", "", 3, 0, 0, 3],  # the title, the total, the note
        ["Primer semestre", "events", 3, 3, 0, 0],
        ["Segundo semestre", "events", 3, 1, 0, 2],
    ]


def test_every_rewriting_is_logged(clean):
    logged = clean.changes[clean.changes["table"] == "events"].set_index("raw")["clean"].to_dict()
    assert logged["más de 50"] == "50" and logged["1.120"] == "1120"
    assert logged["44691"] == "2022-05-10T03:00:00Z" and logged["14 de julio de 2022"] == "2022-07-14T03:00:00Z"
    assert logged["Dto. Sur"] == "pru-d-sur" and logged["presencial"] == "in_person"
