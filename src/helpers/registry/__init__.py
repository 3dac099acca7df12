"""Registries of any city to clean tables, with nothing lost.

``clean`` reads the sources of a city.yml, maps them (grammar: ``helpers.registry.mapping``) and returns a Registry
of typed tables with problems, changes and accounts; ``save`` and ``load`` keep it on disk; ``schema`` and
``template`` are made from the field dictionary; ``letters`` say to each unit what to mend.
"""

from helpers.registry.building import clean
from helpers.registry.letters import letters, message
from helpers.registry.privacy import scan
from helpers.registry.schema import empty_table, schema, template, validate
from helpers.registry.storage import Registry, load, load_geometry, save

__all__ = [
    "Registry",
    "clean",
    "empty_table",
    "letters",
    "load",
    "load_geometry",
    "message",
    "save",
    "scan",
    "schema",
    "template",
    "validate",
]
