"""The one step that every published figure about persons passes (C.10).

A figure is hidden where it rests on fewer than k persons, or where the persons it splits them into are fewer than
k, because then somebody could be recognised. A single hidden district could be found by subtracting the others
from the city, so a second one is hidden with it.
"""

import pandas as pd

from helpers.config import Method
from helpers.config.method import Thresholds

SUPPRESSED = "suppressed"
FEW_PEOPLE = "index.few_people"
COMPLEMENT = "index.few_people_elsewhere"

PERSON_UNITS = ("unique_persons", "attendances", "voters", "registrations")
"""Units of count behind which stand persons."""

HIDDEN = [
    "value",
    "score",
    "numerator",
    "denominator",
    "n",
    "lower",
    "upper",
    "ci_low",
    "ci_high",
    "process_low",
    "process_high",
]
"""Every number of an indicator row from which a count could be found."""


def suppress(values: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Indicator values with the figures hidden that may not be published; the rows stay, with their reason."""
    persons = values["indicator"].map(lambda name: method.indicators[name].units == "persons").astype(bool)
    sensitive = values["indicator"].map(lambda name: method.indicators[name].sensitive).astype(bool)
    first = persons & _is_small(values, sensitive, method.thresholds)
    second = persons & ~first & _needed_against_subtraction(values, first)
    hidden = first | second
    reason = values["reason"].mask(first, FEW_PEOPLE).mask(second, COMPLEMENT)
    shown = values.assign(status=values["status"].mask(hidden, SUPPRESSED), reason=reason)
    shown[HIDDEN] = shown[HIDDEN].mask(hidden)
    return shown


def suppress_counts(context: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Context figures with counts of fewer than k persons hidden, and with them what would give them away."""
    persons = context["unit"].isin(PERSON_UNITS)
    first = persons & _few(context["value"], method.thresholds.k)
    second = persons & ~first & _lone_hidden(context, first, ["context", "unit"], context["value"])
    hidden = first | second
    return context.assign(
        value=context["value"].mask(hidden),
        n=context["n"].mask(hidden),
        status=context["status"].mask(hidden, SUPPRESSED),
    )


def _is_small(values: pd.DataFrame, sensitive: pd.Series, thresholds: Thresholds) -> pd.Series:
    limit = sensitive.map({True: thresholds.k_sensitive, False: thresholds.k})
    rest = values["denominator"] - values["numerator"]
    split = values["numerator"].notna() & values["denominator"].notna() & (values["denominator"] == values["n"])
    parts = split & (_few(values["numerator"], limit) | _few(rest, limit))
    return _few(values["n"], limit) | parts


def _few(count: pd.Series, limit: int | pd.Series) -> pd.Series:
    """More than none and fewer than the limit; a missing count is not few."""
    return ((count > 0) & (count < limit)).fillna(False).astype(bool)


def _needed_against_subtraction(values: pd.DataFrame, hidden: pd.Series) -> pd.Series:
    return _lone_hidden(values, hidden, ["indicator", "form"], values["n"])


def _lone_hidden(frame: pd.DataFrame, hidden: pd.Series, keys: list[str], size: pd.Series) -> pd.Series:
    """The smallest shown territory of each group in which exactly one territory is hidden."""
    territories = frame[(frame["level"] == "territory") & (size > 0).fillna(False)]
    alone = hidden[territories.index].groupby([territories[key] for key in keys]).transform("sum") == 1
    candidates = territories[alone & ~hidden[territories.index]]
    order = candidates.assign(size=size[candidates.index]).sort_values(["size", "unit_id"])
    chosen = order.drop_duplicates(keys).index
    return pd.Series(frame.index.isin(chosen), index=frame.index)
