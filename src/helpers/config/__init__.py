"""What is configured: cities, periods, the field dictionary and the method, typed and checked when read."""

from helpers.config.city import City, Source, list_cities, load_city
from helpers.config.dictionary import Dictionary, Field, Table, load_dictionary
from helpers.config.engine import choose_engine, quarto_program
from helpers.config.errors import MonitorError
from helpers.config.method import Method, load_method
from helpers.config.period import Period
from helpers.config.places import (
    DECLARED,
    declared_folder,
    draft_folder,
    page_folder,
    period_folder,
    publications_file,
    raw_folder,
    recomputed_folder,
    registry_folder,
    site_folder,
)
from helpers.config.reading import nearest, read_model, read_yaml
from helpers.config.root import find_root

__all__ = [
    "DECLARED",
    "City",
    "Dictionary",
    "Field",
    "Method",
    "MonitorError",
    "Period",
    "Source",
    "Table",
    "choose_engine",
    "declared_folder",
    "draft_folder",
    "find_root",
    "list_cities",
    "load_city",
    "load_dictionary",
    "load_method",
    "nearest",
    "page_folder",
    "period_folder",
    "publications_file",
    "quarto_program",
    "raw_folder",
    "read_model",
    "read_yaml",
    "recomputed_folder",
    "registry_folder",
    "site_folder",
]
