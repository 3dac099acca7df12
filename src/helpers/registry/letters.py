"""Problems in words: what is wrong, where, and what to do; one letter per responsible unit."""

import json
from pathlib import Path

import pandas as pd

from helpers.config import City, Dictionary, load_dictionary
from helpers.files import write_bytes, write_csv, write_text
from helpers.language import Texts
from helpers.registry.corrections import FILE as CORRECTIONS
from helpers.registry.folding import slug
from helpers.registry.replies import reply_lines
from helpers.registry.storage import Registry
from helpers.registry.workbooks import table_workbook

SEVERITIES = ("block", "warn", "note")


def message(problem: pd.Series, texts: Texts, dictionary: Dictionary | None = None) -> tuple[str, str, str]:
    """(what is wrong, where, remedy) of a row of the problems table."""
    said = json.loads(problem["values"])
    field = _label(problem, texts, dictionary)
    values = {
        "field": field,
        "value": _text(problem["value"]),
        "count": said["count"],
        "table": _text(problem["table"]),
        "source": problem["source_id"],
    }
    return (
        texts(f"registry.problem_{problem['code']}", **values),
        where(problem, texts, said["rows"]),
        texts(f"registry.remedy_{problem['code']}", **values),
    )


def where(problem: pd.Series, texts: Texts, rows: list[int]) -> str:
    """File, sheet and rows of a problem in words."""
    place = _text(problem["file"])
    if _text(problem["sheet"]):
        place += ", " + texts("registry.sheet", name=problem["sheet"])
    if rows:
        place += ", " + texts("registry.rows", count=len(rows), rows=texts.list(rows[:10]), more=max(0, len(rows) - 10))
    return place


def _label(problem: pd.Series, texts: Texts, dictionary: Dictionary | None) -> str:
    """The label of the field in the language, with its name where a file has it as heading."""
    name = _text(problem["field"])
    if dictionary is None or not _text(problem["table"]):
        return name
    fields = dictionary.tables[problem["table"]].fields
    return f"{texts.pick(fields[name].labels)} ({name})" if name in fields else name


def _text(cell: object) -> str:
    return "" if pd.isna(cell) else str(cell)


def letters(registry: Registry, city: City, root: Path, language: str) -> list[str]:
    """One letter per unit, gravest problems first, in the language asked for."""
    texts, dictionary = Texts(root, language), load_dictionary(root)
    if registry.problems.empty:
        return [texts("registry.letter_nothing", city=texts.pick(city.name))]
    units = registry.problems.groupby("unit", sort=True, dropna=False)
    return [_letter(_text(unit), rows, texts, city, dictionary) for unit, rows in units]


COLUMNS = ("severity", "unit", "file", "sheet", "row", "column", "value", "problem", "remedy")


def problem_table(registry: Registry, root: Path, language: str, unit: str | None = None) -> pd.DataFrame:
    """Problems in words, one per row, to send back as CSV or XLSX; of one unit where it is named."""
    texts, dictionary = Texts(root, language), load_dictionary(root)
    rows = registry.problems if unit is None else registry.problems[registry.problems["unit"] == unit]
    table = []
    for _, problem in rows.iterrows():
        what, _, remedy = message(problem, texts, dictionary)
        numbers = json.loads(problem["values"])["rows"]
        table.append((
            texts(f"registry.severity_{problem['severity']}"), _text(problem["unit"]), _text(problem["file"]),
            _text(problem["sheet"]), ", ".join(map(str, numbers)), _label(problem, texts, dictionary),
            _text(problem["value"]), what, remedy,
        ))  # fmt: skip
    return pd.DataFrame(table, columns=[texts(f"registry.column_{name}") for name in COLUMNS], dtype="str")


def save_letters(registry: Registry, city: City, root: Path, language: str, folder: Path) -> list[Path]:
    """Per unit a letter (txt) and its problems as CSV and XLSX; returns the files."""
    written = []
    units = sorted({_text(unit) for unit in registry.problems["unit"]})
    for unit, letter in zip(units, letters(registry, city, root, language), strict=True):
        name, table = slug(unit) or "unit", problem_table(registry, root, language, unit)
        written.append(write_text(folder / f"{name}.txt", letter))
        written.append(write_csv(folder / f"{name}.csv", table))
        written.append(write_bytes(folder / f"{name}.xlsx", table_workbook(table, language)))
    return written


def _letter(unit: str, rows: pd.DataFrame, texts: Texts, city: City, dictionary: Dictionary) -> str:
    lines = [texts("registry.letter_opening", unit=unit, city=texts.pick(city.name)), ""]
    for severity in SEVERITIES:
        chosen = rows[rows["severity"] == severity]
        if chosen.empty:
            continue
        lines += [texts(f"registry.letter_{severity}", count=len(chosen)), ""]
        is_gap = chosen["code"] == "missing_expected"
        for _, problem in chosen[~is_gap].iterrows():
            what, place, remedy = message(problem, texts, dictionary)
            lines.append(texts("registry.letter_line", place=place, what=what, remedy=remedy))
        lines += _gaps(chosen[is_gap], texts, dictionary)
        lines.append("")
    replies = reply_lines(rows, texts, dictionary)
    if replies:
        lines += [texts("registry.letter_replies", place=f"data/raw/{city.id}/{CORRECTIONS}"), "", *replies]
    return "\n".join(lines).rstrip()


def _gaps(rows: pd.DataFrame, texts: Texts, dictionary: Dictionary) -> list[str]:
    """What is expected and missing, one line per file and number of rows, under one sentence on what to do."""
    lines = [texts("registry.letter_gaps_lead")] if len(rows) else []
    counts = rows["values"].map(lambda text: json.loads(text)["count"])
    for (file, table, count), group in rows.groupby(["file", "table", counts], dropna=False, sort=False):
        labels = [texts.pick(dictionary.tables[table].fields[name].labels) for name in group["field"]]
        where = _text(file) or texts.pick(dictionary.tables[table].labels)
        lines.append(texts("registry.letter_gaps", place=where, count=int(count), fields=texts.list(labels)))
    return lines
