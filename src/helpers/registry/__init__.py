"""Registries of any city to clean tables, with nothing lost: field dictionary, parsing, mending, quarantine."""
