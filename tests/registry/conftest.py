"""The fixtures of the small city."""

from tests.registry.small_city import build, dictionary, folder, place

__all__ = ["build", "dictionary", "folder", "place"]
