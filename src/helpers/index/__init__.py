"""City, period and method to dimensions, index or profile, and the one suppression step before anything is shown."""

from helpers.index.briefing import brief, imprint
from helpers.index.codebook import card, result, rules
from helpers.index.findings import Findings, load_findings, periods_so_far
from helpers.index.published import published_rows, rounded
from helpers.index.scoring import INDEX, score
from helpers.index.suppression import suppress, suppress_counts

__all__ = [
    "INDEX",
    "Findings",
    "brief",
    "card",
    "imprint",
    "load_findings",
    "periods_so_far",
    "published_rows",
    "result",
    "rounded",
    "rules",
    "score",
    "suppress",
    "suppress_counts",
]
