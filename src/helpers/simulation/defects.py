"""Defects planted in the files, each written down with its place, so that it is known which must be found."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from helpers.simulation.latent import PREFIX
from helpers.simulation.raw import Sheet

COLUMNS = ["defect", "file", "sheet", "row", "table", "field", "value", "expected"]
"""``expected``: what should become of it: mended, merged, not_collected, reported or quarantined.

Of the items left unanswered in the survey only the first of each is listed; they are too many.
"""

Planter = Callable[[dict[str, Sheet], np.random.Generator], list[dict]]


def plant(sheets: list[Sheet], rng: np.random.Generator) -> pd.DataFrame:
    """Put every defect into the sheets (changed in place) and return the list of them."""
    known = {sheet.name or sheet.file: sheet for sheet in sheets}
    rows = [row for planter in PLANTERS for row in planter(known, rng)]
    return pd.DataFrame(rows, columns=COLUMNS)


def _entry(sheet: Sheet, position: int, name: str, defect: str, value: str, expected: str) -> dict:
    place = {"file": sheet.file, "sheet": sheet.name, "row": sheet.row_of(position), "table": sheet.table}
    return {"defect": defect, **place, "field": name, "value": value, "expected": expected}


def _cell(
    sheet: str, name: str, value: str, defect: str, expected: str, where: dict[str, str] | None = None
) -> Planter:
    """A planter that overwrites one cell that holds something (in a row with the given texts)."""

    def planter(sheets: dict[str, Sheet], rng: np.random.Generator) -> list[dict]:
        target = sheets[sheet]
        heading = _heading(target, name)
        chosen = target.frame[heading] != ""
        for field, text in (where or {}).items():
            chosen &= target.frame[_heading(target, field)] == text
        places = np.flatnonzero(chosen)
        if not len(places):
            return []
        position = int(places[int(rng.integers(len(places)))])
        target.frame.loc[position, heading] = value
        return [_entry(target, position, name, defect, value, expected)]

    return planter


def _heading(sheet: Sheet, name: str) -> str:
    return next(heading for heading, field in sheet.headings.items() if field == name)


def _missing_expected(sheets: dict[str, Sheet], rng: np.random.Generator) -> list[dict]:
    """Three meetings without the day of their announcement."""
    sheet = sheets["Agenda"]
    heading = _heading(sheet, "announced_at")
    places = np.flatnonzero(sheet.frame[heading] != "")[3:6]
    sheet.frame.loc[places, heading] = ""
    return [_entry(sheet, int(one), "announced_at", "missing_expected", "", "reported") for one in places]


def _grouped_number(sheets: dict[str, Sheet], rng: np.random.Generator) -> list[dict]:
    """The largest number of participants with a point for the thousands; the value stays what it was."""
    sheet = sheets["simulado_periodos.csv"]
    heading = _heading(sheet, "participants")
    position = int(pd.to_numeric(sheet.frame[heading]).argmax())
    number = int(sheet.frame.loc[position, heading])
    if number < 1_000:
        return []
    text = f"{number:,}".replace(",", ".")
    sheet.frame.loc[position, heading] = text
    return [_entry(sheet, position, "participants", "grouped_number", text, "mended")]


def _repeated_row(sheets: dict[str, Sheet], rng: np.random.Generator) -> list[dict]:
    """A proposal pasted twice, and another whose id was given to a different title."""
    sheet = sheets["simulado_propuestas_recientes.csv"]
    key, title = _heading(sheet, "proposal_id"), _heading(sheet, "title")
    same, other = sheet.frame.iloc[[1]], sheet.frame.iloc[[2]].assign(**{title: "Otra propuesta con el mismo código"})
    first = len(sheet.frame)
    sheet.frame = pd.concat([sheet.frame, same, other], ignore_index=True)
    return [
        _entry(sheet, first, "proposal_id", "repeated_row", sheet.frame.loc[first, key], "merged"),
        _entry(sheet, first + 1, "proposal_id", "repeated_id", sheet.frame.loc[first + 1, key], "quarantined"),
    ]


def _extra_rows(sheets: dict[str, Sheet], rng: np.random.Generator) -> list[dict]:
    """An instance without a name and an output of an instance that does not exist."""
    instances, outputs = sheets["Instancias"], sheets["simulado_resultados.csv"]
    nameless = instances.frame.iloc[[-1]].assign(
        **{_heading(instances, "instance_id"): f"{PREFIX}-sin-nombre", _heading(instances, "name"): ""}
    )
    orphan = outputs.frame.iloc[[0]].assign(
        **{
            _heading(outputs, "result_id"): f"{PREFIX}-res-huerfano",
            _heading(outputs, "instance_id"): f"{PREFIX}-inexistente",
        }
    )
    instances.frame = pd.concat([instances.frame, nameless], ignore_index=True)
    outputs.frame = pd.concat([outputs.frame, orphan], ignore_index=True)
    return [
        _entry(instances, len(instances.frame) - 1, "name", "missing_required", "", "quarantined"),
        _entry(
            outputs, len(outputs.frame) - 1, "instance_id", "broken_reference", f"{PREFIX}-inexistente", "quarantined"
        ),
    ]


def _serial_date(sheets: dict[str, Sheet], rng: np.random.Generator) -> list[dict]:
    """A date that a spreadsheet turned into its day number; the day stays what it was."""
    sheet = sheets["Agenda"]
    heading = _heading(sheet, "announced_at")
    position = int(np.flatnonzero(sheet.frame[heading] != "")[-1])
    day = pd.to_datetime(sheet.frame.loc[position, heading], format="%d/%m/%Y")
    text = str((day - pd.Timestamp("1899-12-30")).days)
    sheet.frame.loc[position, heading] = text
    return [_entry(sheet, position, "announced_at", "serial_date", text, "mended")]


def _no_answers(sheets: dict[str, Sheet], rng: np.random.Generator) -> list[dict]:
    """A few of those asked leave an item out, which the survey tool writes as 99."""
    sheet = sheets["Respuestas"]
    rows = []
    for heading, name in sheet.headings.items():
        if name.startswith("s_") and name != "s_barriers":
            silent = rng.random(len(sheet.frame)) < 0.03
            sheet.frame[heading] = sheet.frame[heading].mask(silent, "99")
            first = int(silent.argmax()) if silent.any() else None
            if first is not None:
                rows.append(_entry(sheet, first, name, "no_answer", "99", "not_collected"))
    return rows


def _totals_row(sheets: dict[str, Sheet], rng: np.random.Generator) -> list[dict]:
    """The totals row that the sheet has anyway."""
    sheet = sheets["Género"]
    return [_entry(sheet, len(sheet.frame), "", "totals_row", "Total", "reported")]


PLANTERS: tuple[Planter, ...] = (
    _no_answers,
    _missing_expected,
    _serial_date,
    _cell("Agenda", "announced_at", "31/02/2024", "impossible_date", "quarantined"),
    _cell("Agenda", "mode", "presencal", "misspelt_category", "reported"),
    _cell("Agenda", "attendance", "-12", "negative_count", "quarantined"),
    _cell(
        "Agenda",
        "territory_id",
        "Dto. Los Alamos",
        "district_abbreviated",
        "mended",
        {"territory_id": "Distrito Los Álamos"},
    ),
    _cell("simulado_solicitudes_147.csv", "territory_id", "Distrito Oeste", "unknown_district", "quarantined"),
    _grouped_number,
    _cell("simulado_periodos.csv", "invitations_sent", "más de 50", "lower_bound", "mended"),
    _cell(
        "simulado_resultados.csv",
        "title",
        "Taller barrial (consultas: persona.inventada@example.org)",
        "email_in_text",
        "mended",
    ),
    _cell("simulado_propuestas_recientes.csv", "title", '=HYPERLINK("https://example.org")', "formula", "mended"),
    _cell("Respuestas", "s_overall", "7", "out_of_scale", "quarantined"),
    _cell("Respuestas", "gender", "Femenino?", "unknown_category", "reported"),
    _repeated_row,
    _extra_rows,
    _totals_row,
    _cell("simulado_campanas.csv", "message", "Contanos todo. Contacto: Delia Inventada", "name_in_text", "mended"),
    _cell("simulado_campanas.csv", "cost", "ver planilla", "words_for_number", "reported"),
    _cell("Hitos", "evidence_id", f"{PREFIX}-ev-inexistente", "unknown_evidence", "reported"),
    _cell("Evaluaciones", "assessed_on", "46082", "serial_date_of_assessment", "mended"),
)
