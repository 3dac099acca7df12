"""Respondents redrawn within their instances, once for every item of a survey."""

import numpy as np
import pandas as pd

from helpers.config.indicator import Indicator, Rows
from helpers.measures.derive import Prepared
from helpers.measures.facts import chosen_rows
from helpers.measures.resample import redrawn_within


class Respondents:
    """Draws of a period: how often each respondent counts in each of them.

    The same people answer all items, so that their answers go together: drawn item by item, the interval of a
    dimension would be too narrow. Indicators that look at the same rows therefore share one set of draws.
    """

    def __init__(self, prepared: Prepared, rng: np.random.Generator):
        self.prepared, self.rng = prepared, rng
        self._surveys: dict[frozenset, tuple[pd.Index, np.ndarray]] = {}

    def drawn(self, indicator: Indicator, row_ids: np.ndarray) -> np.ndarray:
        """(draws, rows) of those rows of the survey that the indicator looks at."""
        every = [rows for _, part in indicator.legs for rows in part.rows]
        survey = frozenset((rows.table, rows.where) for rows in every)
        if survey not in self._surveys:
            self._surveys[survey] = self._redrawn(every)
        names, drawn = self._surveys[survey]
        return drawn[:, names.get_indexer(row_ids)]

    def _redrawn(self, every: list[Rows]) -> tuple[pd.Index, np.ndarray]:
        """Everyone of the survey, whatever they left unanswered, redrawn within their instance."""
        instances = self.prepared.tables["instances"]
        found = pd.concat([chosen_rows(rows, instances, self.prepared)[["row_id", "instance_id"]] for rows in every])
        found = found.drop_duplicates("row_id")
        stratum = pd.factorize(found["instance_id"])[0]
        draws = redrawn_within(stratum, self.prepared.method.thresholds.draws, self.rng)
        return pd.Index(found["row_id"]), draws
