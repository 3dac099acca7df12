"""City, period and method to dimensions, index or profile, and the one suppression step before anything is shown."""

from helpers.index.briefing import brief
from helpers.index.scoring import INDEX, score
from helpers.index.suppression import suppress, suppress_counts

__all__ = ["INDEX", "brief", "score", "suppress", "suppress_counts"]
