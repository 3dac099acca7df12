"""Which rows of the registry a value was counted from."""

import numpy as np
import pandas as pd

from helpers.config.indicator import Indicator
from helpers.measures.value import known_rows

COLUMNS = ["indicator", "level", "unit_id", "table", "row_id", "role"]
RESTRICTED = ("survey_responses",)
"""Tables whose rows are persons: the trace names the instance, never the row."""


def trace_of(
    indicator: Indicator | None, facts: pd.DataFrame | None, level: str, units: dict[str, np.ndarray]
) -> pd.DataFrame:
    """Rows counted in every unit of a level.

    role: `numerator` counts in numerator and denominator, `denominator` in the denominator alone, `unknown` is due
    but not known and counts in the bounds only.
    """
    if indicator is None or facts is None or facts.empty:
        return pd.DataFrame(columns=COLUMNS, dtype="str")
    role = np.full(len(facts), "unknown", dtype=object)
    for name, part in indicator.legs:
        known = known_rows(part.measure, facts[facts["part"] == name]).index
        role[facts.index.get_indexer(known)] = np.where(facts.loc[known, "done"], "numerator", "denominator")
    restricted = facts["table"].isin(RESTRICTED)
    base = pd.DataFrame(
        {
            "table": facts["table"],
            "row_id": facts["row_id"].where(~restricted, facts["instance_id"]),
            "role": role,
        }
    )
    filled = [(name, positions) for name, positions in units.items() if len(positions)]
    if not filled:
        return pd.DataFrame(columns=COLUMNS, dtype="str")
    rows = base.iloc[np.concatenate([positions for _, positions in filled])]
    names = np.repeat([name for name, _ in filled], [len(positions) for _, positions in filled])
    return rows.assign(indicator=indicator.id, level=level, unit_id=names)[COLUMNS].drop_duplicates()
