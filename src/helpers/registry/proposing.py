"""A first mapping for a file never seen: which table it may be, which column is which field, and how sure that is."""

from dataclasses import dataclass, replace
from functools import lru_cache
from heapq import nlargest
from pathlib import Path

import pandas as pd
from rapidfuzz import fuzz

from helpers.config import Dictionary, Field, Table
from helpers.registry.folding import fold
from helpers.registry.parse import Context, parse_column
from helpers.registry.states import read_states
from helpers.registry.surroundings import years_in
from helpers.sources import CHECKS, format_of, own_rows, read, table_columns

LIKELY = 0.6
"""How sure a column must be to be proposed at all."""

SAMPLE = 500
"""Rows of a file that are looked at."""

READABLE = 0.8
"""Share of a column's cells that must be readable as the field's type."""

PLACES = ("district", "scope", "distrito", "barrio", "zona", "sector", "comuna", "quartiere", "circoscrizione")
DISTRICTS = (*PLACES, "district name", "scope name")

SYNONYMS = {
    "submitted_at": ("created at", "published at", "fecha", "fecha de alta", "data", "date"),
    "starts_at": ("start time", "fecha", "dia", "fecha y hora", "data e ora", "date"),
    "start_date": ("start date", "inicio", "desde", "inizio"),
    "end_date": ("end date", "fin", "hasta", "fine"),
    "territory_id": DISTRICTS,
    "territory_ids": DISTRICTS,
    "promoter_name": (
        "convoca", "quien convoca", "convocante", "organiza", "organizador", "promueve", "organiser", "organizer",
    ),  # fmt: skip
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
    "response_id": ("respondent", "registro", "folio"),
    "gender": ("sexo", "sex", "sesso"),
    "request_id": ("nro de reclamo", "ticket"),
    "latitude": ("lat", "y"),
    "longitude": ("lon", "lng", "long", "x"),
}
"""Headers that exports and spreadsheets use for a field, folded; less sure than its own labels."""

OWN_ID = ("id", "nro", "numero", "number", "codigo", "code", "codice")
"""Headers of the id of a row itself, in whichever table."""

SHORT = {"cod": "codigo", "nom": "nombre", "cant": "cantidad", "nro": "numero", "num": "numero", "no": "numero"}
"""Words that headers cut short, whole."""

COUNTING = ("n", "numero", "cantidad", "number", "total")
"""Words before what is counted that a field's name does without."""

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

DATED = ("date", "datetime", "year")

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


@lru_cache(maxsize=4096)
def _words(text: str) -> tuple[str, ...]:
    """The folded words of a header or label that mean something; each is compared with every field."""
    return tuple(word for word in fold(text).split() if word not in LINKING)


def _among(word: str, words: tuple[str, ...]) -> bool:
    return any(fuzz.ratio(word, other) >= SAME_WORD for other in words)


def _proposal(name: str, frame: pd.DataFrame, table: Table, dictionary: Dictionary) -> Proposal:
    scored = sorted(
        (
            (-alike * _readable(frame[column], field, dictionary), column, field.name)
            for column in table_columns(frame)
            for field in table.published_fields
            if (alike := likeness(column, field, table)) >= LIKELY
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


def likeness(column: str, field: Field, table: Table) -> float:
    """How much a header resembles the field's name or label in any language; 1 is equal."""
    header = _whole(fold(column))
    names = {fold(field.name), *(fold(label) for label in field.labels.values())}
    if header in names:
        return 1.0
    known = (*SYNONYMS.get(field.name, ()), *(OWN_ID if [field.name] == table.key and not field.reference else ()))
    things = tuple(_words(label)[0] for label in (table.name, *table.labels.values()))
    bare = _bare(header, things + (PLACES if table.name == "territories" else ()))
    if header in known or bare in known:
        return SYNONYM_SURENESS
    if field.type == "id":  # every table has ids: a header that only resembles one says nothing
        return 0.0
    if bare and bare in {_bare(name, things) for name in names}:
        return SYNONYM_SURENESS
    return max(fuzz.token_sort_ratio(header, name) for name in names) / 100 * 0.95 if header else 0.0


@lru_cache(maxsize=4096)
def _whole(header: str) -> str:
    """A folded header with its short words whole, and without a word that only says that something is counted."""
    words = [SHORT.get(word, word) for word in header.split()]
    return " ".join(words[1:] if words[1:] and words[0] in COUNTING else words)


@lru_cache(maxsize=16384)
def _bare(text: str, things: tuple[str, ...]) -> str:
    """A header or label without the word for what each row is: "Type of instance" and "Type" say the same there."""
    return " ".join(word for word in _words(text) if not _among(word, things))


def _readable(cells: pd.Series, field: Field, dictionary: Dictionary) -> float:
    """1 where the cells can be read as the field's type, else their share, words that it does not know counting in
    part; territories are not known yet."""
    values = read_states(cells)[0]
    if field.reference or not values.notna().any():
        return 1.0
    parsed = parse_column(values, field, Context(dictionary))
    problems = parsed.column("problem", values.index)[values.notna()].fillna("")
    unknown, unreadable = (problems.str.startswith(kind).mean() for kind in ("unknown", "unreadable"))
    if field.minimum is not None and field.maximum is not None:  # words of a scale can be mapped to its numbers
        unknown, unreadable = unknown + unreadable, 0
    # An impossible date is a date all the same.
    good = 1 - unreadable - unknown * (1 - UNKNOWN_WORD)
    return 1.0 if good >= READABLE else float(good)
