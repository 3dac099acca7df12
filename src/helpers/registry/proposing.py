"""A first mapping for a file never seen: which table it may be, which column is which field, and how sure that is."""

import gzip
import re
import zipfile
import zlib
from dataclasses import dataclass, replace
from heapq import nlargest
from pathlib import Path

import pandas as pd
from rapidfuzz import fuzz

from helpers.config import Dictionary, Field, Table
from helpers.files import MonitorError
from helpers.registry.applying import field_headers
from helpers.registry.folding import fold
from helpers.registry.parse import Context, parse_column
from helpers.registry.states import read_states
from helpers.registry.surroundings import settings_text, years_in
from helpers.sources import CHECKS, own_rows, read, table_columns
from helpers.sources.archive import GZIP
from helpers.sources.decidim import KIND

SURE, LIKELY = 0.9, 0.6
"""From here a proposal is taken without a question mark, and from here it is made at all."""

SAMPLE = 500
"""Rows of a file that are looked at."""

READABLE = 0.8
"""Share of a column's cells that must be readable as the field's type."""

FORMATS = {
    ".geojson": "geo",
    ".gml": "geo",
    ".gpkg": "geo",
    ".shp": "geo",
    ".pb": "pabulib",
}


MARKS = {
    "decidim": re.compile(rb"\A[^\n]*\b(?:title|description|name|body)/[a-z]{2}\b"),
    "pabulib": re.compile(rb"\A(?:\xef\xbb\xbf)?\s*META\s*;?\s*\n"),
    "geo": re.compile(rb'\A\s*\{.{0,2000}?"type"\s*:\s*"(?:FeatureCollection|Feature)"', re.DOTALL),
    "consul": re.compile(rb"\A[^\n]*\b(?:cached_votes_up|confidence_score|author_id[^\n]*comments_count)\b"),
    "ogp": re.compile(
        rb"(?i)fillable form for action plan|end.of.commitment report|^commitment id\b|action plan commitments"
        rb"|plan de acci\xc3\xb3n\b.{0,80}\b20\d\d|^action plan\b.{0,80}\b20\d\d",
        re.MULTILINE,
    ),
    "osservatorio": re.compile(rb"(?m)^\s*Stato di avanzamento\s*$"),
}
"""What the beginning of a file of each format shows."""

DISTRICTS = ("district", "district name", "scope", "scope name", "distrito", "barrio", "zona", "quartiere")

SYNONYMS = {
    "submitted_at": ("created at", "published at", "fecha", "fecha de alta", "data", "date"),
    "starts_at": ("start time", "fecha", "dia", "fecha y hora", "data e ora", "date"),
    "start_date": ("start date", "inicio", "desde", "inizio"),
    "end_date": ("end date", "fin", "hasta", "fine"),
    "territory_id": DISTRICTS,
    "territory_ids": DISTRICTS,
    "promoter_name": ("convoca", "convocante", "organiza", "organizador", "promueve", "organiser", "organizer"),
    "participants_total": ("participants", "participantes", "asistentes", "attendees", "partecipanti"),
    "channels": ("modalidad", "mode", "modalita"),
    "population": ("poblacion", "population", "popolazione", "residents"),
    "supports": ("total votes", "cached votes up", "apoyos", "endorsements"),
    "votes": ("confirmed votes", "votos", "voti"),
    "cost": ("budget amount", "budget", "presupuesto", "monto", "importo"),
    "theme": ("category", "category name", "categoria", "tema", "settore"),
    "title": ("name", "nombre", "titulo", "titolo", "nombre del proyecto"),
    "name": ("title", "titulo", "titolo", "nombre"),
    "attendance": ("attendees", "asistentes", "participantes", "presenti", "cantidad de vecinos"),
    "winner": ("selected", "ganador", "vincitore"),
    "answer_url": ("url",),
    "proposal_id": ("project id",),
    "response_id": ("respondent", "registro"),
    "request_id": ("nro de reclamo", "ticket"),
    "latitude": ("lat", "y"),
    "longitude": ("lon", "lng", "long", "x"),
}
"""Headers that exports and spreadsheets use for a field, folded; less sure than its own labels."""

OWN_ID = ("id", "nro", "numero", "number", "codigo", "code", "codice")
"""Headers of the id of a row itself, in whichever table."""

SYNONYM_SURENESS = 0.85

UNKNOWN_WORD = 0.75
"""What a cell counts that is a word, though none of the field's: a person can map it."""

LINKING = frozenset(
    ("de", "del", "la", "el", "los", "las", "of", "the", "di", "dell", "della", "dei", "delle", "degli", "per", "por")
)
"""Words of a header or label that carry no meaning of their own."""

SAME_WORD = 80
"""Likeness of two forms of a word, such as singular and plural."""

GEOMETRY = "geometry"
"""Column with the shape, which territories take without a mapping."""

FOUND = ("source_id", "date_precision")
"""Required fields that cleaning finds by itself."""

DATED = ("date", "datetime", "year")

FITS = 0.05
"""Mean sureness below which no table is proposed."""

NAMED_TABLE = 3
"""How much more a table counts whose label stands, whole, in the names of the file and sheet."""


@dataclass(frozen=True)
class Guess:
    """A column of a file and the field that it may be (None where nothing fits), with how sure that is, 0 to 1."""

    column: str
    field: str | None
    sureness: float


@dataclass(frozen=True)
class Proposal:
    """A table of a file, the registry table that it may fill, and its columns."""

    source_table: str
    table: str
    guesses: list[Guess]
    next_best: str = ""
    years: frozenset[int] = frozenset()
    outlines: tuple[str, ...] = ()

    @property
    def sureness(self) -> float:
        """Mean sureness of the columns."""
        return sum(guess.sureness for guess in self.guesses) / max(1, len(self.guesses))

    @property
    def has_outlines(self) -> bool:
        """Whether the table brings shapes."""
        return any(guess.column == GEOMETRY for guess in self.guesses)


def propose(path: Path, dictionary: Dictionary) -> list[Proposal]:
    """The best registry table and mapping for each table of a file."""
    proposals = []
    for name, read_rows in read(format_of(path), path).items():
        frame = own_rows(read_rows)
        if name != CHECKS and len(frame):
            options = [_proposal(name, frame.head(SAMPLE), table, dictionary) for table in dictionary.tables.values()]
            names = f"{path.stem} {name}"
            best, second = nlargest(2, options, key=lambda one: _merit(one, names, dictionary))
            outlines = tuple(frame[GEOMETRY].dropna()) if best.has_outlines else ()
            years = set() if outlines else years_in(pd.Series([names])) or _years_of_dates(best, frame, dictionary)
            proposals.append(replace(best, next_best=second.table, years=frozenset(years), outlines=outlines))
    return proposals


def _years_of_dates(proposal: Proposal, frame: pd.DataFrame, dictionary: Dictionary) -> set[int]:
    """The years that stand in the columns proposed as dates or years."""
    fields = dictionary.tables[proposal.table].fields
    dated = [one.column for one in proposal.guesses if one.field in fields and fields[one.field].type in DATED]
    return set().union(*(years_in(frame[column]) for column in dated))


def format_of(path: Path) -> str:
    """The adapter that a file's name, or the first thing in it, suggests."""
    if zipfile.is_zipfile(path) and path.suffix.lower() == ".zip":
        return _format_of_zip(path)
    suffixes = [suffix.lower() for suffix in path.suffixes]
    start = _start(path)
    for format, mark in MARKS.items():
        if mark.search(start):
            return format
    return next((FORMATS[suffix] for suffix in reversed(suffixes) if suffix in FORMATS), "table")


def _start(path: Path) -> bytes:
    """The first bytes of a file, unpacked where it is gzipped; a broken one has none."""
    try:
        with path.open("rb") as file:
            start = file.read(100_000)
        if not start.startswith(GZIP):
            return start
        with gzip.open(path) as file:
            return file.read(100_000)
    except (OSError, EOFError, zlib.error):
        return b""


def _format_of_zip(path: Path) -> str:
    """A Decidim site's zip, geography, or tables."""
    with zipfile.ZipFile(path) as archive:
        names = [name.lower() for name in archive.namelist()]
    if any(KIND.search(name) for name in names):
        return "decidim"
    inside = {FORMATS.get(Path(name).suffix, "table") for name in names}
    return next((format for format in ("geo", "pabulib") if format in inside), "table")


def _merit(proposal: Proposal, names: str, dictionary: Dictionary) -> tuple[float, int]:
    """Columns recognised, weighed by how sure they are; more for a table that the file is named after, or that alone
    takes outlines where the file has them."""
    table = dictionary.tables[proposal.table]
    outlines = table.name == "territories" and proposal.has_outlines
    found = sum(guess.sureness for guess in proposal.guesses if guess.field)
    named = 1 + (NAMED_TABLE - 1) * _named(table, names)
    return found * named + (len(proposal.guesses) if outlines else 0), -len(table.fields)


def _named(table: Table, names: str) -> float:
    """Share of the words of the table's name, or of its label in any language, that stand in the names; the best."""
    given = _words(names)
    labels = [_words(label) for label in (table.name, *table.labels.values())]
    return max(sum(_among(word, given) for word in label) / len(label) for label in labels)


def _words(text: str) -> list[str]:
    return [word for word in fold(text).split() if word not in LINKING]


def _among(word: str, words: list[str]) -> bool:
    return any(fuzz.ratio(word, other) >= SAME_WORD for other in words)


def _proposal(name: str, frame: pd.DataFrame, table: Table, dictionary: Dictionary) -> Proposal:
    scored = sorted(
        (
            (-likeness * _readable(frame[column], field, dictionary), column, field.name)
            for column in table_columns(frame)
            for field in table.published_fields
            if (likeness := _likeness(column, field, table)) >= LIKELY
        ),
    )
    taken: dict[str, Guess] = {}
    used: set[str] = set()
    for negative, column, field in scored:
        if column not in taken and field not in used and -negative >= LIKELY:
            taken[column] = Guess(column, field, round(-negative, 2))
            used.add(field)
    bounds = {f"{field.name}_bound" for field in table.published_fields if field.bound}
    guesses = [
        taken.get(column, Guess(column, column, 1.0) if column in bounds else Guess(column, None, 0.0))
        for column in table_columns(frame)
    ]
    return Proposal(name, table.name, guesses)


def _likeness(column: str, field: Field, table: Table) -> float:
    """How much a header resembles the field's name or label in any language; 1 is equal."""
    header = fold(column)
    names = {fold(field.name), *(fold(label) for label in field.labels.values())}
    if header in names:
        return 1.0
    known = (*SYNONYMS.get(field.name, ()), *(OWN_ID if [field.name] == table.key and not field.reference else ()))
    if header in known:
        return SYNONYM_SURENESS
    if field.type == "id":  # every table has ids: a header that only resembles one says nothing
        return 0.0
    bare = _bare(header, table)
    if bare and bare in {_bare(name, table) for name in names}:
        return SYNONYM_SURENESS
    return max(fuzz.token_sort_ratio(header, name) for name in names) / 100 * 0.95 if header else 0.0


def _bare(text: str, table: Table) -> str:
    """A header or label without the word for what each row is: "Type of instance" and "Type" say the same there."""
    things = [_words(label)[0] for label in (table.name, *table.labels.values())]
    return " ".join(word for word in _words(text) if not _among(word, things))


def _readable(cells: pd.Series, field: Field, dictionary: Dictionary) -> float:
    """1 where the cells can be read as the field's type, else their share, words that it does not know counting in
    part; territories are not known yet."""
    values = read_states(cells)[0]
    if field.reference or not values.notna().any():
        return 1.0
    parsed = parse_column(values, field, Context(dictionary))
    problems = parsed.column("problem", values.index)[values.notna()].fillna("")
    # an impossible date is a date all the same
    unknown = problems.str.startswith("unknown").mean()
    good = 1 - problems.str.startswith("unreadable").mean() - unknown * (1 - UNKNOWN_WORD)
    return 1.0 if good >= READABLE else float(good)


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
        if proposal.sureness < FITS and not proposal.has_outlines:
            lines.append(f"      - ignore: {_quoted(proposal.source_table)}  # ? its columns fit no table")
            continue
        doubt = f"  # ? {proposal.sureness:.0%} sure; the second best is {proposal.next_best}"
        sure = "" if proposal.sureness >= SURE else doubt
        lines.append(f"      - table: {proposal.table}{sure}\n        from: {_quoted(proposal.source_table)}")
        left = [
            _left_out(guess.column, proposal.table, dictionary)
            for guess in proposal.guesses
            if guess.field is None and guess.column != GEOMETRY
        ]
        if left:
            lines.append(f"        # left out: {'; '.join(left)}")
        lines.append("        columns:")
        known = field_headers(dictionary.tables[proposal.table])
        for guess in proposal.guesses:
            if guess.field:
                mark = (
                    "" if guess.sureness >= SURE or fold(guess.column) in known else f"  # ? {guess.sureness:.0%} sure"
                )
                lines.append(f"          {guess.field}: {_quoted(guess.column)}{mark}")
        given = {guess.field for guess in proposal.guesses}
        lines += _missing_text(dictionary.tables[proposal.table], given)
    return "\n".join(lines)


def _left_out(column: str, own: str, dictionary: Dictionary) -> str:
    """A column that is left out, with the field of another table that it may fill where there is just one."""
    fits = [
        f"{field.name} of {table.name}"
        for table in dictionary.tables.values()
        for field in table.published_fields
        if table.name != own and field.type != "id" and _likeness(column, field, table) >= SYNONYM_SURENESS
    ]
    return f"{column} (may be {fits[0]}: add that table from here)" if len(fits) == 1 else column


def _missing_text(table: Table, given: set[str | None]) -> list[str]:
    """Required fields that no column gives, to be filled with a constant."""
    needed = [field.name for field in table.published_fields if field.requirement == "required"]
    absent = [name for name in needed if name not in given and name not in FOUND]
    apart = ', and different in each row: such as {template: "abc-{column|slug}"}'
    return [f'          {name}: {{value: "?"}}  # ? required{apart if [name] == table.key else ""}' for name in absent]


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
