"""The clean registry of a city: sources read and mapped, cells cleaned, rows held together, nothing lost."""

from graphlib import TopologicalSorter
from pathlib import Path

import pandas as pd

from helpers.config import City, Dictionary, Table
from helpers.files import MonitorError
from helpers.language import Texts
from helpers.registry.cleaning import CHANGES
from helpers.registry.completing import (
    compare_areas,
    date_territories,
    list_contradictions,
    locate,
    missing_expected,
    normalise_names,
)
from helpers.registry.corrections import read_corrections
from helpers.registry.geography import areas_km2, shapes_of
from helpers.registry.letters import message
from helpers.registry.problems import gather
from helpers.registry.reading import read_city
from helpers.registry.schema import dtypes, validate
from helpers.registry.storage import Registry
from helpers.registry.tables import CleanTables


def clean(city: City, dictionary: Dictionary, root: Path) -> Registry:
    """The clean tables of a city with problems, changes and accounts.

    Raises MonitorError where a file cannot be read or mapped. Rows that cannot stand are set aside and listed; where
    their source does not say ``quarantine: accept``, ``Registry.blocked`` holds the first as an error, and ``save``
    raises it.
    """
    corrections = read_corrections(root, city.id, dictionary)
    work = CleanTables(city, dictionary, read_city(city, dictionary, root), corrections)
    for name in table_order(dictionary):
        work.clean_table(dictionary.tables[name])
    shapes = shapes_of(work.tables["territories"])
    compare_areas(work, areas_km2(shapes, city.projection))
    date_territories(work)
    locate(work, shapes)
    list_contradictions(work)
    normalise_names(work)
    tables = {name: finished(work.tables[name], dictionary.tables[name]) for name in dictionary.tables}
    validate(tables, dictionary)
    issues = [*work.intake.issues, *work.issues, *missing_expected(work)]
    problems = gather(issues, work.intake.headings)
    changes = pd.concat([frame for frame in work.changes if len(frame)] or [pd.DataFrame(columns=CHANGES)])
    return Registry(
        tables,
        problems,
        changes.reset_index(drop=True)[CHANGES],
        work.ledger.accounts(),
        shapes,
        blocked=_first_block(problems, city, dictionary, root),
    )


def table_order(dictionary: Dictionary) -> list[str]:
    """Tables in an order in which what a required field refers to comes first; territories before all but sources."""
    graph = {
        table.name: {
            field.reference.partition(".")[0]
            for field in table.fields.values()
            if field.reference and field.requirement == "required"
        }
        - {table.name}
        for table in dictionary.tables.values()
    }
    optional = {name: {"territories", "instances"} - {name} for name in graph if name not in ("sources", "territories")}
    for name, needs in optional.items():
        graph[name] = graph[name] | ({"territories"} if name == "instances" else needs & graph.keys())
    return [name for name in TopologicalSorter(graph).static_order()]


def finished(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """The columns that leave the room, typed."""
    kept = frame[table.columns]
    return kept.astype({name: dtype for name, dtype in dtypes(table).items() if kept[name].dtype != dtype})


def _first_block(problems: pd.DataFrame, city: City, dictionary: Dictionary, root: Path) -> MonitorError | None:
    """The first row that cannot stand and that its source does not let be set aside."""
    strict = [source.id for source in city.sources if source.options.get("quarantine") != "accept"]
    blocking = problems[(problems["severity"] == "block") & problems["source_id"].isin(strict)]
    if blocking.empty:
        return None
    # A row that fell out breaks the references to it: the cause is said before its consequences.
    causes_first = blocking.sort_values("code", key=lambda codes: codes == "broken_reference", kind="stable")
    first, others = causes_first.iloc[0], len(blocking) - 1
    what, where, remedy = message(first, Texts(root, "en"), dictionary)
    more = f"{others} more: `monitor validate {city.id}`; " if others else ""
    without = f"`options: {{quarantine: accept}}` of source {first['source_id']} in city.yml goes on without such rows"
    return MonitorError(what, where=f"data/raw/{city.id}/{where}", remedy=f"{remedy} ({more}{without})")
