"""Links that were found dead: what they led to is no longer public, as the registry's evidence says."""

import pandas as pd

from helpers.config import Period

DEAD = "dead_link"
"""Status of a piece of evidence whose address was opened and found empty."""


def found_dead(addresses: pd.Series, evidence: pd.DataFrame | None, period: Period, days: int) -> pd.Series:
    """Whether each address was found dead in time to speak for the period: yes or no, no where nobody looked.

    In time is until ``days`` after its end, the term in which what ended with it had to be published; a link that died
    later was public when it counted. One found dead on a day that nobody wrote down is taken as dead.
    """
    if evidence is None or not {"url", "status"} <= set(evidence):
        return pd.Series(False, index=addresses.index, dtype="boolean")
    last = pd.Timestamp(period.end) + pd.Timedelta(days=days)
    dead = evidence[(evidence["status"] == DEAD) & evidence["url"].notna()]
    if "captured_at" in dead:
        dead = dead[dead["captured_at"].isna() | (dead["captured_at"] <= last)]
    return addresses.isin(dead["url"]).astype("boolean")
