"""City, period and method to dimensions, index or profile, and the one suppression step before anything is shown."""

from helpers.index.briefing import brief
from helpers.index.codebook import card, result, rules
from helpers.index.published import published_rows, rounded
from helpers.index.scoring import INDEX, score
from helpers.index.suppression import suppress, suppress_counts

__all__ = [
    "INDEX",
    "brief",
    "card",
    "published_rows",
    "result",
    "rounded",
    "rules",
    "score",
    "suppress",
    "suppress_counts",
]
