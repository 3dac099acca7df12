"""Indicators and context figures from the registry, exactly as the method says.

``measure(registry, method, period, city, rng)`` gives every indicator at every level, ``context(...)`` the figures
beside the index; ``check_method(method, dictionary)`` holds the filters of a method against the field dictionary.
Counts are true counts: what may be published is decided in ``helpers.index``.
"""

from helpers.measures.checking import check_method
from helpers.measures.context import context
from helpers.measures.counted import asks_persons, counted
from helpers.measures.engine import Measurement, measure
from helpers.measures.filters import FilterError

__all__ = ["FilterError", "Measurement", "asks_persons", "check_method", "context", "counted", "measure"]
