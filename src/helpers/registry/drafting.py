"""A city.yml to start from, written from what was proposed for each file; what is not sure has a question mark."""

from pathlib import Path

import pandas as pd

from helpers.config import Dictionary, Table
from helpers.files import MonitorError
from helpers.registry.applying import field_headers
from helpers.registry.folding import fold
from helpers.registry.mapping import OPEN
from helpers.registry.proposing import GEOMETRY, SYNONYM_SURENESS, Guess, Proposal, likeness, propose
from helpers.registry.surroundings import settings_text
from helpers.sources import format_of

SURE = 0.9
"""From here a proposal is taken without a question mark."""

FOUND = ("source_id", "date_precision")
"""Required fields that cleaning finds by itself."""

MOST_CHOICES = 12
"""Values of a list that stand beside a field."""

FITS = 0.05
"""Mean sureness below which no table is proposed."""


def city_text(city: str, name: str, country: str, files: list[Path], dictionary: Dictionary) -> str:
    """A city.yml to start from; a question mark stands beside what is not sure."""
    if not files:
        raise MonitorError("no file was named", remedy="name the files to look at with --from")
    proposed = {path: propose(path, dictionary) for path in files}
    tables = [proposal for proposals in proposed.values() for proposal in proposals]
    outlines = pd.Series([text for one in tables for text in one.outlines], dtype="str")
    lines = [
        "# Proposed by looking at the files: check what has a question mark, and what is listed as left out.\n"
        f"id: {city}\nname: {{en: {name}, es: {name}, it: {name}}}\ncountry: {country}\nlanguages: [es, en, it]",
        settings_text(country, outlines, set().union(*(one.years for one in tables))),
        "sources:",
    ]
    lines += [_source_text(city, path, proposals, dictionary) for path, proposals in proposed.items()]
    return "\n".join(lines) + "\n"


def _source_text(city: str, path: Path, proposals: list[Proposal], dictionary: Dictionary) -> str:
    identifier = f"{city}-{fold(path.stem).replace(' ', '-')}"
    lines = [
        f"  - id: {identifier}\n    title: {path.stem}\n    format: {format_of(path)}",
        f"    files: [{_quoted(path.name)}]\n    tables:",
    ]
    for proposal in proposals:
        lines += _entry_text(proposal, dictionary)
    return "\n".join(lines)


def _entry_text(proposal: Proposal, dictionary: Dictionary) -> list[str]:
    """The entry that fills a registry table, or that ignores a table which fits none."""
    if proposal.sureness < FITS and not proposal.has_outlines:
        return [f"      - ignore: {_quoted(proposal.source_table)}  # ? its columns fit no table"]
    table = dictionary.tables[proposal.table]
    doubt = f"  # ? {proposal.sureness:.0%} sure; the second best is {proposal.next_best}"
    sure = "" if proposal.sureness >= SURE or proposal.has_outlines else doubt
    lines = [f"      - table: {proposal.table}{sure}\n        from: {_quoted(proposal.source_table)}"]
    without = [guess.column for guess in proposal.guesses if guess.field is None and guess.column != GEOMETRY]
    if without:
        lines.append(f"        # left out: {'; '.join(_left_out(one, proposal.table, dictionary) for one in without)}")
    found = [guess for guess in proposal.guesses if guess.field]
    known = field_headers(table)
    columns = [_column_text(guess, known) for guess in found]
    return [*lines, "        columns:", *columns, *_missing_text(table, {guess.field for guess in found}, dictionary)]


def _column_text(guess: Guess, known: dict[str, str]) -> str:
    """A field and its column; a doubt beside one whose header is not the field's own."""
    mark = "" if guess.sureness >= SURE or fold(guess.column) in known else f"  # ? {guess.sureness:.0%} sure"
    return f"          {guess.field}: {_quoted(guess.column)}{mark}"


def _left_out(column: str, own: str, dictionary: Dictionary) -> str:
    """A column that is left out, with the field of another table that it may fill where there is just one."""
    fits = [
        f"{field.name} of {table.name}"
        for table in dictionary.tables.values()
        for field in table.published_fields
        if table.name != own and field.type != "id" and likeness(column, field, table) >= SYNONYM_SURENESS
    ]
    return f"{column} (may be {fits[0]}: add that table from here)" if len(fits) == 1 else column


def _missing_text(table: Table, given: set[str], dictionary: Dictionary) -> list[str]:
    """Required fields that no column gives, to be filled with a constant."""
    needed = [field.name for field in table.published_fields if field.requirement == "required"]
    absent = [name for name in needed if name not in given and name not in FOUND]
    apart = ', and different in each row: such as {template: "abc-{column|slug}"}'
    return [
        f'          {name}: {{value: "{OPEN}"}}  # ? required'
        f"{apart if [name] == table.key else _choices(name, table, dictionary)}"
        for name in absent
    ]


def _choices(name: str, table: Table, dictionary: Dictionary) -> str:
    """The values of a closed list, where it is short enough to be read beside a field."""
    values = dictionary.vocabularies.get(table.fields[name].vocabulary or "", {})
    return f", one of: {', '.join(values)}" if 0 < len(values) <= MOST_CHOICES else ""


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
