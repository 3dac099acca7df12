"""A town of four instances in two years, small enough to reckon with, and a method of three indicators for it."""

import pandas as pd

from helpers.config import Period
from helpers.config.method import Assumption, Method, method_with
from tests.spec.world import CITY, method, world

YEARS = {"2021": Period.parse("2021"), "2022": Period.parse("2022")}
TOWN = CITY
LABELS = {"en": "x", "es": "x", "it": "x"}


def small_method(*, weights=(0.5, 0.5), assumptions=(), **changes) -> Method:
    """Quality is Q1 and Q2, accessibility is A5; assumptions are (name, address, alternatives)."""
    full = method()
    parts = {name: full.dimensions[name] for name in ("quality", "accessibility")}
    dimensions = {n: one.model_copy(update={"weight": w}) for (n, one), w in zip(parts.items(), weights, strict=True)}
    small = full.model_copy(
        update={
            "dimensions": dimensions,
            "indicators": {name: full.indicators[name] for name in ("Q1", "Q2", "A5")},
            "assumptions": {name: assumption(address, *values) for name, address, *values in assumptions},
            "evaluation": {},
        }
    )
    changes = {name.replace("__", "."): value for name, value in changes.items()}
    return method_with(small, {"thresholds.draws": 100, **changes})


def assumption(address: str, *values) -> Assumption:
    alternatives = [{"value": value, "labels": LABELS} for value in values]
    entry = {"address": address, "labels": LABELS, "why": LABELS, "rating": "low", "alternatives": alternatives}
    return Assumption.model_validate(entry)


def town() -> dict[str, pd.DataFrame]:
    """2022: Q1 = (0 + 25 + 50 + 100) / 4 = 43.75; Q2 = 15 of 20 = 75; A5 = 12 of 15 days = 80.

    Pooled, Q2 counts proposals: 12 of 12 of a, 3 of 8 of b; as a mean of instances it is (100 + 37.5) / 2 = 68.75.
    2021: the same with Q1 = (0 + 25 + 25 + 50) / 4 = 25 and A5 = 9 days = 60; Q2 = 10 of 20 = 50.
    """
    levels = {"2021": ("inform", "consult", "consult", "involve"), "2022": ("inform", "consult", "involve", "empower")}
    return world(
        instances=[{"instance_id": name} for name in "abcd"],
        instance_periods=[
            {"instance_id": name, "period": year, "influence_level": level, "influence_evidence_id": "e1"}
            for year, given in levels.items()
            for name, level in zip("abcd", given, strict=True)
        ],
        proposals=[*_proposals("2022", a=(12, 12), b=(3, 8)), *_proposals("2021", a=(8, 12), b=(2, 8))],
        events=[*_events("2022", 12), *_events("2021", 9)],
    )


def _proposals(year: str, **instances: tuple[int, int]) -> list[dict]:
    """For each instance (answered with reasons, all)."""
    return [
        {
            "proposal_id": f"{year}-{name}-{number}", "instance_id": name, "submitted_at": f"{year}-03-01",
            "answer_type": "accepted" if number < answered else "-", "reasons_given": "yes",
            "answer_at": f"{year}-04-01" if number < answered else "-",
        }
        for name, (answered, everything) in instances.items()
        for number in range(everything)
    ]  # fmt: skip


def _events(year: str, notice: int) -> list[dict]:
    """Six events of instance a, each announced so many days before."""
    return [
        {
            "event_id": f"{year}-{number}", "instance_id": "a", "starts_at": f"{year}-05-20T18:00:00Z",
            "announced_at": f"{year}-05-{20 - notice:02d}",
        }
        for number in range(6)
    ]  # fmt: skip
