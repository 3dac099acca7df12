"""What may be said of a value: whether it can be scored, and if not why."""

from typing import NamedTuple

import numpy as np

from helpers.measures.case import Case, Unit
from helpers.measures.columns import Facts
from helpers.measures.derive import Prepared
from helpers.measures.value import Figures


class Standing(NamedTuple):
    """Status, the key of its reason in the texts ("" where it is ok), and whether the value is scored."""

    status: str
    reason: str
    scored: bool


OK = Standing("ok", "", True)


def standing(facts: Facts | None, figures: Figures, case: Case, unit: Unit) -> Standing:
    """Status of a value. Not collected is a gap; not applicable means that there was nothing to measure."""
    indicator = case.indicator
    if facts is None:
        return Standing("not_collected", "measures.no_table", False)
    if not len(facts):
        reason = "no_instance_with_enough" if case.facts.thinned else _EMPTY[indicator.empty]
        return Standing(indicator.empty, f"measures.{reason}", False)
    if np.isnan(figures.value):
        missing = indicator.main.measure in ("overlap", "balance", "coverage") and figures.denominator > 0
        return Standing("not_collected", "measures.no_reference" if missing else "measures.nothing_known", False)
    return _refusal(facts, figures, case, unit) or _precision(figures, case, unit)


_EMPTY = {"not_applicable": "no_cases", "not_collected": "no_rows"}


def _refusal(facts: Facts, figures: Figures, case: Case, unit: Unit) -> Standing | None:
    """Why a value is shown without being scored; None where nothing stands against it."""
    indicator = case.indicator
    least = case.prepared.method.thresholds.min_coverage if indicator.min_coverage is None else indicator.min_coverage
    checks = (
        ("indicative", facts["indicative"].all()),
        ("too_few", figures.n < indicator.scored_from(unit.level)),
        ("too_few_instances", figures.instances < indicator.min_instances.get(unit.level, 0)),
        ("low_coverage", figures.coverage < least),
        ("not_stated", figures.stated < indicator.min_stated),
    )
    reason = next((name for name, holds in checks if holds), None)
    return Standing("low_precision", f"measures.{reason}", False) if reason else None


def _precision(figures: Figures, case: Case, unit: Unit) -> Standing:
    if figures.n < case.indicator.minimum(unit.level):
        return Standing("low_precision", "measures.few", True)
    return OK


def data_status(prepared: Prepared) -> str:
    """The least settled status among the active instances; short periods are never more than provisional."""
    if prepared.period.kind != prepared.method.periods["official"]:
        return "provisional"
    frame = prepared.tables["instances"]
    found = set(frame.loc[frame["active"].astype(bool), "data_status"].dropna()) if "data_status" in frame else set()
    return next((status for status in ("provisional", "revised", "final") if status in found), "provisional")
