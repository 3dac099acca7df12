"""City, period and method to dimensions, index or profile, and the one suppression step before anything is shown."""

from helpers.index.agreement import agreement
from helpers.index.alternatives import alternatives_table
from helpers.index.annex import annex
from helpers.index.briefing import brief, data_status, imprint, instances_aside
from helpers.index.changes import changes, composition, previous_of
from helpers.index.codebook import card, context_card, example_tables, result, rules
from helpers.index.coherence import coherence
from helpers.index.findings import Findings, load_findings, read_publications
from helpers.index.hiding import hidden_figures, methods_so_far
from helpers.index.placed import placed_instances
from helpers.index.published import published_rows, rounded
from helpers.index.readings import contests, counted, readings, readings_table
from helpers.index.revisions import published_on, revisions
from helpers.index.robustness import Robustness, replay, require_live, robustness, spreads
from helpers.index.robustness_tables import changes_table, effects_table, spread_table
from helpers.index.scoring import INDEX, score
from helpers.index.suppression import (
    suppress,
    suppress_counts,
    suppress_registry,
    suppress_scores,
    withheld,
    without,
)
from helpers.index.what_if import compare_methods, moved_most, what_if
from helpers.index.workshop import Workshop, workshop_weights

__all__ = [
    "Findings",
    "INDEX",
    "Robustness",
    "Workshop",
    "agreement",
    "alternatives_table",
    "annex",
    "brief",
    "card",
    "changes",
    "changes_table",
    "coherence",
    "compare_methods",
    "contests",
    "counted",
    "composition",
    "context_card",
    "data_status",
    "effects_table",
    "example_tables",
    "hidden_figures",
    "imprint",
    "instances_aside",
    "load_findings",
    "methods_so_far",
    "moved_most",
    "placed_instances",
    "previous_of",
    "published_on",
    "published_rows",
    "read_publications",
    "readings",
    "readings_table",
    "replay",
    "require_live",
    "result",
    "revisions",
    "robustness",
    "rounded",
    "rules",
    "score",
    "spread_table",
    "spreads",
    "suppress",
    "suppress_counts",
    "suppress_registry",
    "suppress_scores",
    "what_if",
    "withheld",
    "without",
    "workshop_weights",
]
