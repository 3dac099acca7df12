"""Problems in words: what is wrong, where, and what to do; one letter per responsible unit."""

import json
from pathlib import Path

import pandas as pd

from helpers.config import City, Dictionary, Field, load_dictionary
from helpers.files import write_bytes, write_csv, write_text
from helpers.language import Texts
from helpers.registry.corrections import FILE as CORRECTIONS
from helpers.registry.folding import fold, slug
from helpers.registry.parse.dates import Day, parse_date
from helpers.registry.problems import ROWS_NAMED
from helpers.registry.replies import reply_lines
from helpers.registry.storage import Registry
from helpers.registry.telling import told
from helpers.registry.workbooks import table_workbook

SEVERITIES = ("block", "warn", "note")

LONGEST_LIST = 12
"""Values of a list that a letter prints."""


def message(problem: pd.Series, texts: Texts, dictionary: Dictionary) -> tuple[str, str, str]:
    """(what is wrong, where, remedy) of a row of the problems table."""
    said = json.loads(problem["values"])
    field = _field(problem, dictionary)
    values = {
        "field": _cell(problem, texts, dictionary),
        "value": _text(problem["value"]),
        "count": said["count"],
        "table": _text(problem["table"]),
        "source": problem["source_id"],
        "cause": _place(*said["cause"][:2], {"rows": said["cause"][2:]}, texts) if "cause" in said else "",
        "is_turned": _is_a_day(_text(problem["value"])),
        "form": texts.pick(field.help).rstrip(".") if field else "",
        "allowed": _allowed(field, texts, dictionary),
        "target": _target(field, texts, dictionary),
        "least": field.minimum if field else None,
        "most": field.maximum if field else None,
    }
    return (
        texts(f"registry.problem_{problem['code']}", **values),
        _place(_text(problem["file"]), _text(problem["sheet"]), said, texts),
        texts(f"registry.remedy_{problem['code']}", **values),
    )


def _place(file: str, sheet: str, said: dict, texts: Texts) -> str:
    """File, sheet and rows in words, each row with the name of what stands there."""
    place = file + (", " + texts("registry.sheet", name=sheet) if sheet else "")
    rows, names = said["rows"], said.get("names", {})
    if not rows:
        return place
    shown = [(row, names.get(str(row), "")) for row in rows[:ROWS_NAMED]]
    alike = len(shown) > 1 and len({name for _, name in shown}) == 1
    named = [texts("registry.row_named", row=row, name=name) if name and not alike else row for row, name in shown]
    more = max(0, len(rows) - ROWS_NAMED) + said.get("more", 0)
    told = texts("registry.rows", count=len(rows), rows=texts.list(named), more=more)
    name = shown[0][1] if alike else ""
    return place + ", " + (texts("registry.row_named", row=told, name=name) if name else told)


def _field(problem: pd.Series, dictionary: Dictionary) -> Field | None:
    table = dictionary.tables.get(_text(problem["table"]))
    return table.fields.get(_text(problem["field"])) if table else None


def _target(field: Field | None, texts: Texts, dictionary: Dictionary) -> str:
    """The table in which a field names a row."""
    name = (field.reference or "").partition(".")[0] if field else ""
    return texts.pick(dictionary.tables[name].labels) if name in dictionary.tables else ""


def _is_a_day(text: str) -> bool:
    """Whether a text that is no day as it was read is one with month and day the other way round."""
    return any(isinstance(parse_date(text, month_first), Day) for month_first in (False, True))


def _allowed(field: Field | None, texts: Texts, dictionary: Dictionary) -> str:
    """The values of a short list, in the language; nothing where the list is long or open."""
    if field is None or not field.vocabulary:
        return ""
    labels = dict.fromkeys(texts.pick(labels) for labels in dictionary.vocabularies[field.vocabulary].values())
    return "; ".join(labels) if len(labels) <= LONGEST_LIST else ""


def _heading(problem: pd.Series, texts: Texts, dictionary: Dictionary) -> tuple[str, str]:
    """Heading of the column in the file, where it is known, and what the registry calls it, where that differs."""
    heading = json.loads(problem["values"]).get("heading", "")
    pairs = problem.get("fields", [(problem["table"], problem["field"])])
    labels = dict.fromkeys(_label(table, name, texts, dictionary, heading) for table, name in pairs)
    return heading, "; ".join(label for label in labels if fold(label) != fold(heading))


def _label(table: str, name: str, texts: Texts, dictionary: Dictionary, heading: str) -> str:
    """The label of a field; with its name where no heading tells which column is meant."""
    fields = dictionary.tables[table].fields if _text(table) else {}
    if _text(name) not in fields:
        return _text(name)
    label = texts.pick(fields[name].labels)
    return label if heading else f"{label} ({name})"


def _cell(problem: pd.Series, texts: Texts, dictionary: Dictionary) -> str:
    heading, label = _heading(problem, texts, dictionary)
    return texts("registry.in_column", heading=heading, label=label) if heading else label


def _text(cell: object) -> str:
    return "" if pd.isna(cell) else str(cell)


def letters(registry: Registry, city: City, root: Path, language: str) -> list[str]:
    """One letter per unit, gravest problems first, in the language asked for."""
    texts, dictionary = Texts(root, language), load_dictionary(root)
    if registry.problems.empty:
        return [texts("registry.letter_nothing", city=texts.pick(city.name))]
    units = told(registry.problems).groupby("unit", sort=True)
    raw = registry.problems.groupby(registry.problems["unit"].fillna(""))
    return [_letter(unit, rows, raw.get_group(unit), texts, city, dictionary) for unit, rows in units]


COLUMNS = ("severity", "unit", "file", "sheet", "row", "name", "column", "value", "problem", "remedy")


def problem_table(registry: Registry, root: Path, language: str) -> pd.DataFrame:
    """Problems in words, one per row, to send back as CSV or XLSX."""
    return _in_words(told(registry.problems), Texts(root, language), load_dictionary(root))


def _in_words(rows: pd.DataFrame, texts: Texts, dictionary: Dictionary) -> pd.DataFrame:
    table = []
    for _, problem in rows.iterrows():
        what, _, remedy = message(problem, texts, dictionary)
        said = json.loads(problem["values"])
        column = " / ".join(filter(None, _heading(problem, texts, dictionary)))
        table.append((
            texts(f"registry.severity_{problem['severity']}"), _text(problem["unit"]), _text(problem["file"]),
            _text(problem["sheet"]), _row_numbers(said), "; ".join(said.get("names", {}).values()),
            column, _text(problem["value"]), what, remedy,
        ))  # fmt: skip
    return pd.DataFrame(table, columns=[texts(f"registry.column_{name}") for name in COLUMNS], dtype="str")


def _row_numbers(said: dict) -> str:
    """The rows of a problem, and how many more there are where not all are listed."""
    return ", ".join(map(str, said["rows"])) + (f" (+{said['more']})" if "more" in said else "")


def save_letters(registry: Registry, city: City, root: Path, language: str, folder: Path) -> list[Path]:
    """Per unit a letter (txt) and its problems as CSV and XLSX; returns the files."""
    texts, dictionary, every = Texts(root, language), load_dictionary(root), told(registry.problems)
    written = []
    for unit, letter in zip(sorted(set(every["unit"])), letters(registry, city, root, language), strict=True):
        name, table = slug(unit) or "unit", _in_words(every[every["unit"] == unit], texts, dictionary)
        written.append(write_text(folder / f"{name}.txt", letter))
        written.append(write_csv(folder / f"{name}.csv", table))
        written.append(write_bytes(folder / f"{name}.xlsx", table_workbook(table, language)))
    return written


def _letter(
    unit: str, rows: pd.DataFrame, raw: pd.DataFrame, texts: Texts, city: City, dictionary: Dictionary
) -> str:
    """What to tell a unit; ``raw`` are its problems before those of one cell were joined, each with its own reply."""
    lines = [texts("registry.letter_opening", unit=unit, city=texts.pick(city.name)), ""]
    for severity in SEVERITIES:
        chosen = rows[rows["severity"] == severity]
        if chosen.empty:
            continue
        is_gap = chosen["code"] == "missing_expected"
        told_one = [message(problem, texts, dictionary) for _, problem in chosen[~is_gap].iterrows()]
        listed = [
            texts("registry.letter_line", place=place, what=what, remedy=remedy) for what, place, remedy in told_one
        ]
        gaps = _gaps(chosen[is_gap], texts, dictionary)
        lead = [*([""] if listed else []), texts("registry.letter_gaps_lead"), ""] if gaps else []
        lines += [texts(f"registry.letter_{severity}", count=len(listed) + len(gaps)), "", *listed, *lead, *gaps, ""]
    replies = reply_lines(raw, texts, dictionary)
    if replies:
        lines += [texts("registry.letter_replies", place=f"data/raw/{city.id}/{CORRECTIONS}"), "", *replies]
    return "\n".join(lines).rstrip()


def _gaps(rows: pd.DataFrame, texts: Texts, dictionary: Dictionary) -> list[str]:
    """What is expected and missing, one line per file, table and number of rows."""
    lines = []
    counts = rows["values"].map(lambda text: json.loads(text)["count"])
    for (file, table, count), group in rows.groupby(["file", "table", counts], dropna=False, sort=False):
        labels = [texts.pick(dictionary.tables[table].fields[name].labels) for name in group["field"]]
        place = " · ".join(filter(None, (_text(file), texts.pick(dictionary.tables[table].labels))))
        lines.append(texts("registry.letter_gaps", place=place, count=int(count), fields=texts.list(labels)))
    return lines
