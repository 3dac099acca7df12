"""Everything that is said to a person: texts, plurals, numbers and dates in each language."""

from helpers.language.formats import Formats
from helpers.language.texts import Texts, list_languages

__all__ = ["Formats", "Texts", "list_languages"]
