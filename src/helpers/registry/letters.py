"""Problems in words: what is wrong, where, and what to do; one letter per responsible unit."""

import json
from pathlib import Path

import pandas as pd

from helpers.config import City, Dictionary, load_dictionary
from helpers.language import Texts
from helpers.registry.storage import Registry

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


def _letter(unit: str, rows: pd.DataFrame, texts: Texts, city: City, dictionary: Dictionary) -> str:
    lines = [texts("registry.letter_opening", unit=unit, city=texts.pick(city.name)), ""]
    for severity in SEVERITIES:
        chosen = rows[rows["severity"] == severity]
        if chosen.empty:
            continue
        lines += [texts(f"registry.letter_{severity}", count=len(chosen)), ""]
        for _, problem in chosen.iterrows():
            what, place, remedy = message(problem, texts, dictionary)
            lines += [texts("registry.letter_line", place=place, what=what, remedy=remedy)]
        lines.append("")
    return "\n".join(lines).rstrip()
