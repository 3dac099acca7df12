"""Text to typed values, once per distinct text of a column."""

from helpers.registry.parse.column import Context, Parsed, parse_column

__all__ = ["Context", "Parsed", "parse_column"]
