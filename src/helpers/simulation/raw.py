"""The latent tables as the files that a city would send: Spanish headings, several formats, sheets made by hand."""

import datetime
import io
import re
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import xlsxwriter

from helpers.config import Dictionary, Field, Table
from helpers.simulation import territory
from helpers.simulation.latent import World

LANGUAGE = "es"
NOTICE = "DATOS SIMULADOS: Ciudad Modelo no existe"
"""First line of every sheet that has lines above its header."""

CREATED = datetime.datetime(2025, 2, 15)
"""Date inside the workbooks, so that their bytes do not depend on the day."""

WHOLE_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})")
DECIMAL_NUMBER = re.compile(r"-?\d+\.\d+")


@dataclass
class Sheet:
    """A table of a file: text cells under Spanish headings, and what stands around them."""

    file: str
    name: str
    table: str
    frame: pd.DataFrame
    headings: dict[str, str] = field(default_factory=dict)
    titles: tuple[str, ...] = ()
    totals: bool = False

    def row_of(self, position: int) -> int:
        """Row of the file, counted from 1, in which a row of the frame stands."""
        return len(self.titles) + 2 + position


PLAN = (
    ("simulado_instancias.xlsx", "Instancias", "instances", "instances"),
    ("simulado_instancias.xlsx", "Actores", "actors", "actors"),
    ("simulado_instancias.xlsx", "Actores por instancia", "instance_actors", "instance_actors"),
    ("simulado_periodos.csv", "", "instance_periods", "periods"),
    ("simulado_verificaciones.csv", "", "checks", "checks"),
    ("simulado_agenda.xlsx", "Agenda", "events", "events"),
    ("simulado_agenda.xlsx", "Lugares", "venues", "venues"),
    ("simulado_resultados.csv", "", "outputs", "outputs"),
    ("simulado_poblacion.csv", "", "reference_population", "reference_population"),
    ("simulado_encuesta.xlsx", "Rondas", "survey_waves", "waves"),
    ("simulado_encuesta.xlsx", "Respuestas", "survey_responses", "responses"),
    ("simulado_evidencias.csv", "", "evidence", "evidence"),
    ("simulado_solicitudes_147.csv", "", "service_requests", "requests"),
    ("simulado_campanas.csv", "", "campaigns", "campaigns"),
    ("simulado_gobierno_abierto.xlsx", "Compromisos", "commitments", "commitments"),
    ("simulado_gobierno_abierto.xlsx", "Hitos", "milestones", "milestones"),
    ("simulado_gobierno_abierto.xlsx", "Evaluaciones", "assessments", "assessments"),
)
"""File, sheet, registry table and latent table of everything that is written in long form with the usual headings."""

BY_NAME = ("events", "service_requests", "proposals")
"""Tables in which a territory is written by its name, as people do."""

RENAMED = {"submitted_at": "Fecha de ingreso", "territory_id": "Barrio", "answer_at": "Fecha de la contestación"}
"""Headings that changed between the older and the newer file of proposals."""


def build_sheets(world: World, dictionary: Dictionary) -> list[Sheet]:
    """All sheets, text cells only, before any defect is planted."""
    sheets = [_long(world, dictionary, file, name, table, world[latent]) for file, name, table, latent in PLAN]
    by_table = {sheet.table: sheet for sheet in sheets}
    by_table["instances"].titles = (NOTICE, "Registro de instancias de participación", "")
    return [*sheets, *_proposal_sheets(world, dictionary), *_count_sheets(world, dictionary)]


def _long(world: World, dictionary: Dictionary, file: str, name: str, table: str, frame: pd.DataFrame) -> Sheet:
    definition = dictionary.table(table)
    mark = "," if file.endswith(".csv") else "."
    names = _names_of(world) if table in BY_NAME else {}
    columns = {one.name: _cells(frame[one.name], one, dictionary, mark, names) for one in _written(definition, frame)}
    labels = {one: definition.fields[one].labels[LANGUAGE] for one in columns}
    text = pd.DataFrame({labels[one]: cells for one, cells in columns.items()}, dtype="str")
    return Sheet(file, name, table, text, {label: one for one, label in labels.items()})


def _written(definition: Table, frame: pd.DataFrame) -> list[Field]:
    return [one for one in definition.published_fields if one.name in frame.columns and one.name != "source_id"]


def _names_of(world: World) -> dict[str, str]:
    """Names of territories by id, districts as people say them."""
    frame = world["territories"]
    names = frame["name"].where(frame["level"] != "district", "Distrito " + frame["name"])
    return dict(zip(frame["territory_id"], names, strict=True))


def _cells(column: pd.Series, one: Field, dictionary: Dictionary, mark: str, names: dict[str, str]) -> list[str]:
    """The text of each cell as a clerk would write it; what is missing is empty."""
    labels = dictionary.vocabularies.get(one.vocabulary or "", {})
    known = names if one.reference == "territories.territory_id" else {}

    def text(value: object) -> str:
        if value is None or value is pd.NA or value is pd.NaT or value != value:
            return ""
        if isinstance(value, bool | np.bool_):
            return "Sí" if value else "No"
        if isinstance(value, pd.Timestamp | datetime.date):
            return value.strftime("%d/%m/%Y %H:%M" if one.type == "datetime" else "%d/%m/%Y")
        if isinstance(value, float) and not value.is_integer():
            return repr(float(value)).replace(".", mark)
        if isinstance(value, float):
            return str(int(value))
        parts = str(value).split(";")
        return "; ".join(labels[part][LANGUAGE] if part in labels else known.get(part, part) for part in parts)

    values = column.tolist()
    written = {value: text(value) for value in dict.fromkeys(values)}
    return [written[value] for value in values]


def _proposal_sheets(world: World, dictionary: Dictionary) -> list[Sheet]:
    """Proposals in an older and a newer file; some headings changed in between."""
    frame = world["proposals"]
    middle = world.size.years[len(world.size.years) // 2]
    older = frame["submitted_at"].dt.year < middle
    sheets = []
    for part, name in ((frame[older], "anteriores"), (frame[~older], "recientes")):
        sheet = _long(
            world, dictionary, f"simulado_propuestas_{name}.csv", "", "proposals", part.reset_index(drop=True)
        )
        if name == "recientes":
            usual = {label: RENAMED[one] for label, one in sheet.headings.items() if one in RENAMED}
            sheet.frame = sheet.frame.rename(columns=usual)
            sheet.headings = {usual.get(label, label): one for label, one in sheet.headings.items()}
        sheets.append(sheet)
    return sheets


KEYS = ["instance_id", "period", "count_unit", "count_quality"]
WIDE = (("Género", "gender"), ("Edad", "age_band"))
COUNTS_FILE = "simulado_participacion.xlsx"


def _count_sheets(world: World, dictionary: Dictionary) -> list[Sheet]:
    """Composition of participants: three wide sheets and one long; that of gender has titles and a totals row."""
    counts = world["counts"]
    labels = {key: texts[LANGUAGE] for key, texts in dictionary.vocabularies["count_category"].items()}
    sheets = [
        _wide(counts[counts["dimension"] == dimension], name, "category", labels, dictionary)
        for name, dimension in WIDE
    ]
    sheets[0].titles, sheets[0].totals = (NOTICE, "Participantes por género", ""), True
    residence = counts[counts["dimension"] == "residence"]
    column = residence["territory_id"].fillna(residence["category"])
    places = {**labels, **world["territories"].set_index("territory_id")["name"].to_dict()}
    sheets.append(_wide(residence.assign(category=column), "Residencia", "category", places, dictionary))
    done = [dimension for _, dimension in WIDE] + ["residence"]
    rest = counts[~counts["dimension"].isin(done)].reset_index(drop=True)
    return [*sheets, _long(world, dictionary, COUNTS_FILE, "Otras", "participation_counts", rest)]


def _wide(counts: pd.DataFrame, name: str, across: str, labels: dict[str, str], dictionary: Dictionary) -> Sheet:
    """One row per instance and half-year, one column per category; NA where a category does not apply."""
    order = list(dict.fromkeys(counts[across]))
    table = counts.pivot_table(index=KEYS, columns=across, values="count", sort=False, aggfunc="sum")[
        order
    ].reset_index()
    fields = dictionary.table("participation_counts").fields
    heads = [_cells(table[key], fields[key], dictionary, ".", {}) for key in KEYS]
    cells = [["NA" if pd.isna(count) else str(int(count)) for count in table[key]] for key in order]
    headings = [*(fields[key].labels[LANGUAGE] for key in KEYS), *(labels[key] for key in order)]
    frame = pd.DataFrame(dict(zip(headings, [*heads, *cells], strict=True)), dtype="str")
    return Sheet(COUNTS_FILE, name, "participation_counts", frame, dict(zip(headings, [*KEYS, *order], strict=True)))


def write_sheets(sheets: list[Sheet], world: World, dictionary: Dictionary) -> dict[str, bytes]:
    """File name -> bytes."""
    files: dict[str, bytes] = {}
    for name in dict.fromkeys(sheet.file for sheet in sheets):
        inside = [sheet for sheet in sheets if sheet.file == name]
        files[name] = _workbook(inside) if name.endswith(".xlsx") else _delimited(inside[0])
    territories = world["territories"]
    properties = _long(world, dictionary, "territorios.geojson", "", "territories", territories).frame
    files["simulado_territorios.geojson"] = territory.as_geojson(territories, properties)
    return files


def _delimited(sheet: Sheet) -> bytes:
    """Semicolons in most files, commas in some, as it happens."""
    separator = "," if sheet.table in ("checks", "evidence") else ";"
    return sheet.frame.to_csv(index=False, sep=separator, lineterminator="\n").encode("utf-8")


def _workbook(sheets: list[Sheet]) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": NOTICE, "comments": NOTICE, "created": CREATED})
    for sheet in sheets:
        _fill(book.add_worksheet(sheet.name), sheet)
    book.close()
    return target.getvalue()


def _fill(page: "xlsxwriter.worksheet.Worksheet", sheet: Sheet) -> None:
    """Titles, header, rows, totals; numbers as numbers."""
    for row, title in enumerate(sheet.titles):
        page.write_string(row, 0, title)
    top = len(sheet.titles)
    page.write_row(top, 0, list(sheet.frame.columns))
    for column, heading in enumerate(sheet.frame.columns):
        for row, text in enumerate(sheet.frame[heading], start=top + 1):
            if text:
                _write(page, row, column, text)
    if sheet.totals:
        _total(page, sheet, top + 1 + len(sheet.frame))


def _write(page: "xlsxwriter.worksheet.Worksheet", row: int, column: int, text: str) -> None:
    if WHOLE_NUMBER.fullmatch(text) or DECIMAL_NUMBER.fullmatch(text):
        page.write_number(row, column, float(text))
    else:
        page.write_string(row, column, text)


def _total(page: "xlsxwriter.worksheet.Worksheet", sheet: Sheet, row: int) -> None:
    page.write_string(row, 0, "Total")
    for column, heading in enumerate(sheet.frame.columns):
        if column >= len(KEYS):
            numbers = pd.to_numeric(sheet.frame[heading], errors="coerce")
            page.write_number(row, column, float(numbers.sum()))
