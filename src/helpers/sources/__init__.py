"""Adapters: one per file format, each turning a file into frames of text that know where each row stood.

Formats are known here, meaning is not: nothing is renamed, parsed or dropped. Every frame has, beside the columns
of the file, ``_file``, ``_sheet`` (empty where the format has none), ``_row`` (1-based, as a spreadsheet shows it)
and, where rows were recognised as a title above the table, a totals row or a note below it, ``_aside`` with the reason.
"""

from helpers.sources.formats import FORMATS, read
from helpers.sources.frame import CHECKS, ORIGIN, own_rows, table_columns
from helpers.sources.telling import format_of

__all__ = ["CHECKS", "FORMATS", "ORIGIN", "format_of", "own_rows", "read", "table_columns"]
