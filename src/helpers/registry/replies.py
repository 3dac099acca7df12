"""Answers to what a letter asks, as lines to paste into corrections.yml: two ids for one thing, a cell to put right."""

import json

import pandas as pd
import yaml

from helpers.config import Dictionary
from helpers.language import Texts
from helpers.registry.mapping import OPEN
from helpers.registry.privacy import MASK

MENDABLE = {
    "unreadable_number",
    "not_whole",
    "unreadable_date",
    "impossible_date",
    "unreadable_boolean",
    "unreadable_url",
    "unknown_category",
    "unknown_territory",
    "below_minimum",
    "above_maximum",
    "bad_pattern",
}
"""Codes of cells that another text can take the place of."""


def reply_lines(problems: pd.DataFrame, texts: Texts, dictionary: Dictionary) -> list[str]:
    """For each question that corrections.yml can answer, a comment and the line or lines to choose from."""
    lines = []
    for _, problem in problems.iterrows():
        if problem["code"] == "possible_duplicate":
            lines += _one_or_two(problem, texts, dictionary)
        elif problem["code"] in MENDABLE and MASK not in problem["value"]:
            lines += _another_text(problem, texts, dictionary)
    return lines


def _one_or_two(problem: pd.Series, texts: Texts, dictionary: Dictionary) -> list[str]:
    """Two ids: either the second becomes the first, or both stay."""
    left, right = problem["value"].split(" / ")
    table = problem["table"]
    key = dictionary.tables[table].key[0]
    same = {"id": f"same-{right}", "table": table, "action": "merge", "where": {key: right}, "into": left}
    two = {"id": f"two-{right}", "table": table, "action": "keep_apart", "where": {key: [left, right]}}
    return [
        texts("registry.reply_same", value=problem["value"]),
        _line(same),
        texts("registry.reply_two", value=problem["value"]),
        _line(two),
    ]


def _another_text(problem: pd.Series, texts: Texts, dictionary: Dictionary) -> list[str]:
    """The rows that hold a text, by where they stand, and the text that they hold; none where not all are named."""
    said, field, text = json.loads(problem["values"]), problem["field"], problem["value"].strip()
    rows = said["rows"]
    if not rows or "more" in said:
        return []
    sheet = {"sheet": problem["sheet"]} if isinstance(problem["sheet"], str) else {}
    # one row of a file may become several of a table: the text says which of them is meant
    where = {"file": problem["file"], **sheet, "row": rows if len(rows) > 1 else rows[0], field: text}
    name = f"{problem['table']}-{field}-{rows[0]}".replace("_", "-")
    mend = {"id": name, "table": problem["table"], "action": "override", "where": where, "rows": said["count"]}
    label = texts.pick(dictionary.tables[problem["table"]].fields[field].labels)
    return [
        texts("registry.reply_override", value=problem["value"], field=label),
        _line({**mend, "field": field, "value": OPEN, "expect": {field: text}}),
    ]


def _line(correction: dict) -> str:
    """A correction on one line of YAML, with what only a person knows left open."""
    whole = {**correction, "reason": OPEN, "who": OPEN, "when": OPEN}
    return (
        "- " + yaml.safe_dump(whole, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10**6).strip()
    )
