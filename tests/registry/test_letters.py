"""What is sent to people: letters in words, tables to send back, blank workbooks to fill in."""

import io
import json
import re

import pytest
import xlsxwriter
import yaml
from python_calamine import CalamineWorkbook

from helpers import registry
from helpers.config import load_city
from helpers.language import Texts
from helpers.registry.problems import BLOCKING, NOTES

EVENTS = (
    "event_id,instance_id,title,starts_at,attendance,public,minutes_url\n"
    "e1,pru-pp,=1+1,31/02/2022,12,sí,\n"
    "e2,pru-pp,Reunión,2022-03-05 18:00,-3,tal vez,sin enlace\n"
    "e3,pru-pp,Reunión,2022-03-12 18:00,20,no,www.ejemplo.org/acta\n"
)


@pytest.fixture
def clean(build):
    return build({"agenda.csv": EVENTS}, [{"table": "events"}])


def test_a_letter_names_unit_file_row_column_value_and_remedy(clean, place):
    city = load_city(place, "prueba")
    letter = next(text for text in registry.letters(clean, city, place, "es") if "Secretaría A" in text)
    assert "agenda.csv, fila 2 («=1+1»): «31/02/2022» en la columna «starts_at» (Inicio) es un día que no" in letter
    assert "agenda.csv, fila 3 («Reunión»): «-3» en la columna «attendance» (" in letter
    assert "no puede ser negativo" in letter and "month_first" not in letter
    assert "«tal vez»" in letter and "Qué hacer: escriba sí o no, o deje la celda vacía." in letter
    assert "agenda.csv · Eventos: falta en 1 fila: Fecha de anuncio" in letter
    blocks, warns = letter.index("no pueden usarse hasta"), letter.index("quedaron vacías")
    assert blocks < letter.index("31/02/2022") < warns < letter.index("tal vez")


OWN_HEADINGS = (
    "Nombre,Tipo,Asistentes,Moneda\nHuerta,Mesa,-12,pesos\nCoro,Taller,8,ARS\nRadio,Mesa,,ARS\n"
)
FIXED = {
    "instance_type": {"column": "Tipo", "map": {"Taller": "tallercito"}},
    "promoter_type": {"value": "estado"},
    "promoter_name": {"value": "Municipio"},
    "status": {"value": "en curso"},
    "start_date": {"value": "2022"},
    "territory_scope": {"value": "city"},
    "reported_by": {"value": "Municipio"},
    "verification_status": {"value": "declarada"},
}
IDENTIFIED = {"instance_id": {"template": "pru-{Nombre|slug}"}}
ONE_SHEET_TWO_TABLES = [
    {
        "table": "instances",
        "files": "planilla.csv",
        "columns": {**IDENTIFIED, **FIXED, "name": "Nombre", "participants_total": "Asistentes", "currency": "Moneda"},
    },
    {
        "table": "instance_periods",
        "files": "planilla.csv",
        "columns": {**IDENTIFIED, "period": {"value": 2022}, "participants": "Asistentes"},
    },
    {"table": "events", "files": "eventos.csv"},
]


@pytest.fixture
def sheet(build):
    events = "event_id,instance_id,starts_at\ne9,pru-huerta,2022-03-05 18:00\n"
    return build({"planilla.csv": OWN_HEADINGS, "eventos.csv": events}, ONE_SHEET_TWO_TABLES)


@pytest.mark.parametrize(
    ("language", "cell", "elsewhere", "currency"),
    [
        (
            "es",
            "planilla.csv, fila 2 («Huerta»): «-12» en la columna «Asistentes» (Participantes; Participantes en total)",
            "se nombra «pru-huerta», que se apartó: planilla.csv, fila 2. Qué hacer: nada en esta fila",
            "escríbalo de esta forma: Código de tres letras",
        ),
        (
            "en",
            'planilla.csv, row 2 ("Huerta"): "-12" in column "Asistentes" (Participants; Participants in all)',
            'names "pru-huerta", which was set aside: planilla.csv, row 2. What to do: nothing in this row',
            "write it in this form: Three-letter code",
        ),
        (
            "it",
            "planilla.csv, riga 2 («Huerta»): «-12» in colonna «Asistentes» (Partecipanti; Numero di partecipanti)",
            "si nomina «pru-huerta», che è stato messo da parte: planilla.csv, riga 2. Che cosa fare: nulla",
            "scriverlo in questa forma: Codice di tre lettere",
        ),
    ],
)
def test_a_cell_is_told_once_by_its_own_heading_and_its_consequences_as_such(
    sheet, place, language, cell, elsewhere, currency
):
    letters = registry.letters(sheet, load_city(place, "prueba"), place, language)
    text = "\n".join(letters)
    assert text.count(cell) == 1 and text.count("Huerta") == 2  # the other: what is wrong with its currency
    assert elsewhere in text and text.count("pru-huerta") == 1
    assert currency in text


def test_a_heading_counts_the_lines_below_it(sheet, place):
    for letter in registry.letters(sheet, load_city(place, "prueba"), place, "es"):
        parts = re.split(r"\((\d+)\):\n", letter.split("Para responder")[0])
        assert len(parts) > 1
        for number, below in zip(parts[1::2], parts[2::2], strict=True):
            assert int(number) == len(re.findall("(?m)^- ", below))


def test_a_value_outside_a_short_list_is_told_the_values(build, place):
    counts = "instance_id,period,dimension,category,count,count_unit\npru-pp,2022,total,total,5,gatos\n"
    clean = build({"c.csv": counts}, [{"table": "participation_counts"}])
    city = load_city(place, "prueba")
    letter = "\n".join(registry.letters(clean, city, place, "es"))
    assert "«gatos» no es uno de los valores admitidos en la columna «count_unit»" in letter
    assert re.search("elija uno de estos: [^.]*Votantes", letter)
    assert "choose one of these: " in "\n".join(registry.letters(clean, city, place, "en"))


def test_the_order_of_day_and_month_is_named_only_where_it_could_help(build, place):
    events = "event_id,instance_id,starts_at\ne1,pru-pp,04/13/2022\n"
    clean = build({"e.csv": events}, [{"table": "events"}])
    assert "date_order: month_first" in "\n".join(registry.letters(clean, load_city(place, "prueba"), place, "es"))


def test_no_sentence_of_a_table_to_send_back_needs_a_guard_against_formulas(sheet, place, tmp_path):
    written = registry.save_letters(sheet, load_city(place, "prueba"), place, "es", tmp_path)
    tables = [path.read_text(encoding="utf-8") for path in written if path.suffix == ".csv"]
    assert any(",-12," in table for table in tables) and not any("'" in table for table in tables)


@pytest.mark.parametrize("language", ["es", "en", "it"])
def test_every_problem_has_words_in_every_language(root, language):
    texts = Texts(root, language)
    codes = {key.removeprefix("registry.problem_") for key in texts.terms if key.startswith("registry.problem_")}
    assert codes >= BLOCKING | NOTES
    told = {"field": "x", "value": "y", "count": 2, "table": "t", "source": "s", "cause": "", "is_turned": True}
    values = told | {"form": "", "allowed": "", "target": "", "least": 0, "most": 1}
    for code in codes:
        assert texts(f"registry.problem_{code}", **values) and texts(f"registry.remedy_{code}", **values)


def test_the_letter_as_files_to_send_back(clean, place, tmp_path):
    city = load_city(place, "prueba")
    written = registry.save_letters(clean, city, place, "it", tmp_path)
    names = {path.name for path in written}
    assert {"secretaria-a.txt", "secretaria-a.csv", "secretaria-a.xlsx"} <= names
    rows = CalamineWorkbook.from_path(tmp_path / "secretaria-a.xlsx").get_sheet_by_index(0).to_python()
    assert rows[0][:3] == ["Gravità", "Struttura", "File"]
    assert any("31/02/2022" in row for row in rows)
    again = [path.read_bytes() for path in written]
    registry.save_letters(clean, city, place, "it", tmp_path)
    assert [path.read_bytes() for path in written] == again


def test_a_blank_workbook_offers_the_lists_and_is_read_back(dictionary, build):
    content = registry.template_workbook(dictionary, ["participation_counts", "proposals"], "es")
    assert content == registry.template_workbook(dictionary, ["participation_counts", "proposals"], "es")
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.sheet_names == ["participation_counts", "proposals", "lists"]
    header = book.get_sheet_by_name("proposals").to_python()[0]
    assert header[0] == "Id de propuesta" and len(header) == len(dictionary.tables["proposals"].published_fields)
    offered = {cell for row in book.get_sheet_by_name("lists").to_python() for cell in row}
    assert {"Rechazada con fundamentos", "Mujer", "Votantes"} <= offered


def test_a_first_mapping_for_a_file_never_seen(tmp_path, dictionary):
    path = tmp_path / "propuestas_2022.csv"
    path.write_text(
        "Nro;Título;Distrito;Fecha de alta;Apoyos;Observaciones\n"
        "1;Plaza;Norte;03/05/2022;12;-\n2;Luz;Sur;04/05/2022;7;-\n"
    )
    proposal = registry.propose(path, dictionary)[0]
    assert proposal.table == "proposals"
    found = {guess.column: (guess.field, guess.sureness) for guess in proposal.guesses}
    assert found["Título"] == ("title", 1.0)
    assert found["Distrito"][0] == "territory_id" and found["Fecha de alta"][0] == "submitted_at"
    assert found["Apoyos"][0] == "supports" and found["Observaciones"] == (None, 0.0)


INSTANCES = "Nombre de la instancia;Tipo;Convoca;Fecha de inicio;Fecha de fin;Distrito;Asistentes;Mujeres;Modalidad"
INSTANCES_IT = "Titolo;Tipo;Promotore;Data di inizio;Data di fine;Quartiere;Partecipanti;Donne;Modalità"
MEETINGS = "Título;Inicio;Fin;Distrito;Asistentes;Modalidad"


@pytest.mark.parametrize(
    ("name", "header", "table"),
    [
        ("instancias_participativas_2023", INSTANCES, "instances"),
        ("listado", INSTANCES, "instances"),
        ("processi_2023", INSTANCES_IT, "instances"),
        ("eventos", MEETINGS, "events"),
        ("encuentros", MEETINGS, "events"),
    ],
)
def test_the_table_proposed_is_the_one_whose_labels_fit_columns_and_names(name, header, table, tmp_path, dictionary):
    path = tmp_path / f"{name}.csv"
    if table == "instances":
        row = "Consejo Norte;Consejo;Municipio;2023-04-12;2023-05-12;Norte;85;47;Presencial"
    else:
        row = "Reunión;2023-04-12 10:00;2023-04-12 12:00;Norte;85;Presencial"
    path.write_text(f"{header}\n{row}\n", encoding="utf-8")
    proposal = registry.propose(path, dictionary)[0]
    assert proposal.table == table != proposal.next_best
    left = [guess.column for guess in proposal.guesses if guess.field is None]
    assert left in ([], ["Mujeres"], ["Donne"])


def test_short_words_counts_and_scales_in_words_are_recognised(tmp_path, dictionary):
    sheet, survey = tmp_path / "instancias.csv", tmp_path / "encuesta.csv"
    sheet.write_text("Nombre;Quién convoca;Sector;N° asistentes;Modalidad\nMesa;Municipio;Norte;12;Mixta\n", "utf-8")
    survey.write_text("Folio;Sexo;¿Volvería a participar?\n1;Mujer;Sí\n2;Hombre;Muy de acuerdo\n", "utf-8")
    proposed = [registry.propose(path, dictionary)[0] for path in (sheet, survey)]
    fields = [{one.column: one.field for one in proposal.guesses} for proposal in proposed]
    assert [proposal.table for proposal in proposed] == ["instances", "survey_responses"]
    assert fields[0]["N° asistentes"] == "participants_total" and fields[0]["Sector"] == "territory_ids"
    assert fields[1] == {"Folio": "response_id", "Sexo": "gender", "¿Volvería a participar?": "s_return"}


def test_what_is_left_out_is_said_before_the_columns_and_a_doubt_names_the_second_best(tmp_path, dictionary):
    path = tmp_path / "instancias_2023.csv"
    path.write_text(f"{INSTANCES}\nConsejo;Consejo;Municipio;2023-04-12;;Norte;85;47;Presencial\n", encoding="utf-8")
    text = registry.city_text("nueva", "Nueva", "AR", [path], dictionary)
    assert re.search(r"- table: instances  # \? \d\d% sure; the second best is \w+\n", text)
    assert "        # left out: Mujeres\n        columns:\n" in text
    assert 'instance_type: "Tipo"' in text and 'promoter_name: "Convoca"' in text


def test_money_time_projection_and_periods_follow_from_country_outlines_and_files(tmp_path, dictionary):
    ring = [[-58.4, -34.9], [-58.3, -34.9], [-58.3, -34.8], [-58.4, -34.9]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    places = [{"type": "Feature", "geometry": shape, "properties": {"codigo": 1, "nombre": "Sur", "poblacion": 900}}]
    outlines = tmp_path / "distritos_2010.geojson"
    outlines.write_text(json.dumps({"type": "FeatureCollection", "features": places}), encoding="utf-8")
    dated, named = tmp_path / "instancias.csv", tmp_path / "instancias_2024.csv"
    row = f"{INSTANCES}\nConsejo;Consejo;Municipio;2023-04-12;;Norte;85;47;Presencial\n"
    for path in (dated, named):
        path.write_text(row, encoding="utf-8")
    text = registry.city_text("nueva", "Nueva", "UY", [outlines, dated, named], dictionary)
    settings = yaml.safe_load(text)
    assert (settings["currency"], settings["time_zone"]) == ("UYU", "America/Montevideo")
    assert settings["projection"] == "EPSG:32721" and settings["periods"] == [2023, 2024]
    assert "left out: poblacion (may be population of reference_population: add" in text
    assert settings["sources"][0]["tables"][0]["columns"]["territory_id"] == "codigo"


def test_of_several_time_zones_the_nearest_to_the_outlines_is_proposed(tmp_path, dictionary):
    outlines, table = tmp_path / "sectores.geojson", tmp_path / "eventos.csv"
    ring = [[-109.4, -27.2], [-109.3, -27.2], [-109.3, -27.1], [-109.4, -27.2]]
    feature = {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]}, "properties": {"codigo": 1}}
    outlines.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    table.write_text(f"{MEETINGS}\nReunión;;;Norte;85;Presencial\n", encoding="utf-8")

    def zone(*paths):
        return yaml.safe_load(registry.city_text("nueva", "Nueva", "CL", paths, dictionary))["time_zone"]

    assert (zone(table), zone(outlines)) == ("America/Santiago", "Pacific/Easter")


def test_what_nobody_has_answered_in_a_proposal_is_named_by_table_and_field(place, build, dictionary):
    columns = {"title": "Título", "instance_id": {"value": "?"}, "answer_type": {"value": "?"}}
    build({"p.csv": "Título\nPlaza\n"}, [{"table": "proposals", "columns": columns}])
    (question,) = registry.open_questions(load_city(place, "prueba"), dictionary)
    assert "source prueba-1, table 1: nobody has answered yet what proposals has in answer_type" in str(question)


def test_rows_beyond_those_listed_are_counted(build, place):
    rows = "pru-pp,2022,total,total,muchas,voters\n" * 64
    text = "instance_id,period,dimension,category,count,count_unit\n" + rows
    clean = build({"c.csv": text}, [{"table": "participation_counts"}], options={"quarantine": "accept"})
    (letter,) = registry.letters(clean, load_city(place, "prueba"), place, "es")
    assert "filas 2, 3, 4, 5, 6, 7, 8, 9, 10 y 11 y 54 más («Presupuesto»): «muchas»" in letter
    table = registry.problem_table(clean, place, "es")
    assert table["Filas"].str.endswith("50, 51 (+14)").any()


def test_what_no_country_and_no_outline_tell_is_asked(tmp_path, dictionary):
    path = tmp_path / "eventos.csv"
    path.write_text(f"{MEETINGS}\nReunión;;;Norte;85;Presencial\n", encoding="utf-8")
    text = registry.city_text("nueva", "Nueva", "XX", [path], dictionary)
    for setting in ("currency: XXX", "time_zone: UTC", "projection: EPSG:6933", r"periods: \[2022\]"):
        assert re.search(rf"^{setting}  # \? \w", text, re.MULTILINE)


def test_a_newcomer_s_city_runs_once_its_question_marks_are_answered(tmp_path, place, dictionary):
    """The proposed city.yml is valid but for what only a person knows."""
    folder = place / "data" / "raw" / "nueva"
    folder.mkdir(parents=True)
    path = folder / "propuestas_2022.csv"
    path.write_text(
        "Nro;Título;Fecha de alta;Apoyos\n1;Plaza;03/05/2022;12\n2;Luz;31/06/2022;más de 50\n3;;1/7/2022;-4\n"
    )
    text = registry.city_text("nueva", "Nueva", "AR", [path], dictionary)
    answered = (
        text.replace("XXX", "ARS").replace('instance_id: {value: "?"}', "instance_id: {value: nue-ideas}")
        + '  - {id: base, title: Base, format: table, files: ["i.csv"], tables: [{table: instances}]}\n'
    )
    (folder / "city.yml").write_text(answered, encoding="utf-8")
    (folder / "i.csv").write_text(
        "instance_id,name,instance_type,promoter_type,promoter_name,status,start_date,territory_scope,reported_by,"
        "verification_status\nnue-ideas,Ideas,herramienta,estado,Municipio,en curso,2022,city,Municipio,declarada\n"
    )
    clean = registry.clean(load_city(place, "nueva"), dictionary, place)
    assert clean.tables["proposals"]["title"].tolist() == ["Plaza"]
    told = clean.problems[clean.problems["severity"] != "note"]
    assert sorted(told["code"]) == ["below_minimum", "bound_not_kept", "impossible_date"]


def test_a_filled_template_needs_no_mapping(dictionary, build):
    """The blank workbook with a row typed under its headings, and a blank CSV called as its table."""
    content = registry.template_workbook(dictionary, ["events", "venues"], "es")
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    headings = {name: book.get_sheet_by_name(name).to_python()[0] for name in ("events", "venues")}
    rows = {
        "events": {"Id de evento": "e1", "Id de instancia": "pru-pp", "Título": "Asamblea", "Inicio": "5/3/2022"},
        "venues": {"Id de lugar": "s1", "Nombre": "Club", "Territorio": "Zona Sud"},
    }
    filled = io.BytesIO()
    with xlsxwriter.Workbook(filled) as target:
        for name, heading in headings.items():
            sheet = target.add_worksheet(name)
            sheet.write_row(0, 0, heading)
            sheet.write_row(1, 0, [rows[name].get(label, "") for label in heading])
    campaigns = registry.template(dictionary, "campaigns", "it").decode("utf-8-sig").strip()
    files = {"registro.xlsx": filled.getvalue(), "campaigns.csv": campaigns + "\nc1" + "," * campaigns.count(",")}
    clean = build(files, [])
    assert clean.tables["events"]["title"].tolist() == ["Asamblea"]
    assert clean.tables["venues"]["territory_id"].tolist() == ["pru-d-sur"]
    assert clean.tables["campaigns"]["campaign_id"].tolist() == ["c1"]
    assert set(clean.accounts["table"]) >= {"events", "venues", "campaigns"}
