"""Registries of any city to clean tables, with nothing lost.

``clean`` reads the sources of a city.yml, maps them (grammar: ``helpers.registry.mapping``) and returns a Registry
of typed tables with problems, changes and accounts; ``save`` and ``load`` keep it on disk; ``schema`` and
``template`` are made from the field dictionary; ``letters`` say to each unit what to mend.
"""

from helpers.registry.building import clean
from helpers.registry.drafting import city_text
from helpers.registry.forms import form_workbook
from helpers.registry.intake import take_in
from helpers.registry.letters import letters, message, problem_table, save_letters
from helpers.registry.mapping import open_questions
from helpers.registry.privacy import RESTRICTED, scan
from helpers.registry.proposing import propose
from helpers.registry.schema import empty_table, schema, template, validate
from helpers.registry.storage import Registry, load, load_geometry, save
from helpers.registry.workbooks import template_workbook

__all__ = [
    "RESTRICTED",
    "Registry",
    "city_text",
    "clean",
    "empty_table",
    "form_workbook",
    "letters",
    "load",
    "load_geometry",
    "message",
    "open_questions",
    "problem_table",
    "propose",
    "save",
    "save_letters",
    "scan",
    "schema",
    "take_in",
    "template",
    "template_workbook",
    "validate",
]
