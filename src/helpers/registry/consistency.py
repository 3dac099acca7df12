"""What clean tables contradict in themselves: units that mix, sources that conflict, texts and dates that disagree."""

from collections.abc import Callable

import pandas as pd

from helpers.registry.folding import fold_series
from helpers.registry.problems import issue_frame

DAYS_PER_MONTH = 365.25 / 12

FIGURES = {
    "participation_counts": ("count", ["instance_id", "period", "dimension", "category", "territory_id", "count_unit"]),
    "instance_periods": ("participants", ["instance_id", "period", "count_unit"]),
    "reference_population": ("population", ["territory_id", "dimension", "category", "census_year"]),
}
"""Figure of each table that several sources may give, and what it is a figure of."""


def contradictions(tables: dict[str, pd.DataFrame]) -> dict[str, list[tuple[str, pd.DataFrame]]]:
    """Per table, pairs of severity and issues."""
    found: dict[str, list[tuple[str, pd.DataFrame]]] = {}
    checks: list[tuple[str, Callable]] = [
        ("participation_counts", _unit_mix),
        ("instances", _durations),
        ("instances", _contests),
        ("milestones", _texts),
        *((name, _conflicts(*FIGURES[name])) for name in FIGURES),
    ]
    for name, check in checks:
        if len(tables[name]):
            found.setdefault(name, []).extend(pair for pair in check(tables[name]) if len(pair[1]))
    return found


def _unit_mix(counts: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """Parts of one whole that are counted in different units cannot be shares of it."""
    parts = counts[counts["dimension"] != "total"]
    keys = [parts[name] for name in ("instance_id", "period", "dimension", "source_id")]
    units = parts.groupby(keys, sort=False)["count_unit"].transform("nunique")
    mixed = parts[(units > 1) | (parts["count_unit"] == "mixed")]
    return [("warn", issue_frame(mixed, "count_unit", "unit_mix", mixed["count_unit"]))]


def _durations(instances: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """A stated number of months that is more than a month off the dates."""
    days = (instances["end_date"] - instances["start_date"]).dt.days
    stated = instances["duration_months"].astype("Float64")
    off = ((stated - days / DAYS_PER_MONTH).abs() > 1).fillna(False).astype(bool)
    exact = (instances["date_precision"] != "year").fillna(True).astype(bool)
    rows = instances[off & exact]
    value = rows["duration_months"].astype("str") + " ≠ " + (days[rows.index] / DAYS_PER_MONTH).round(1).astype("str")
    return [("warn", issue_frame(rows, "duration_months", "stated_differs", value))]


def _contests(instances: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """A contested row needs who contests it, since when and on what evidence; otherwise anyone could take a row out."""
    contested = (instances["verification_status"] == "contested").fillna(False).astype(bool)
    gaps = []
    for field in ("contested_by", "contested_on", "contest_evidence_id"):
        rows = instances[contested & instances[field].isna()]
        gaps.append(("warn", issue_frame(rows, field, "contest_incomplete", rows["name"])))
    return gaps


def _texts(milestones: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """A milestone that two documents word differently; neither is taken for the right one."""
    words = fold_series(milestones["text"])
    different = words.groupby([milestones["commitment_id"], milestones["n"]]).transform("nunique") > 1
    rows = milestones[different]
    return [("note", issue_frame(rows, "text", "texts_differ", rows["n"].astype("str")))]


def _conflicts(figure: str, keys: list[str]) -> Callable:
    """Figures of the same thing that sources give differently: both stay, one should be marked as preferred."""

    def check(frame: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
        thing = [frame[key] for key in keys if key != "count_unit"]
        judged = pd.Series(False, frame.index)
        preferred = judged
        if "preferred" in frame.columns:
            # someone who sets one figure aside says that both are meant to be figures of the same thing
            judged = _any((frame["preferred"] == False).fillna(False), thing)  # noqa: E712 (three states)
            preferred = _any(frame["preferred"].fillna(False), thing)
        different = _distinct(frame[figure], [frame[key] for key in keys]) | (_distinct(frame[figure], thing) & judged)
        rows = frame[different]
        settled, figures = preferred[different], rows[figure].astype("str")
        return [
            ("note", issue_frame(rows[settled], figure, "conflict_settled", figures[settled])),
            ("warn", issue_frame(rows[~settled], figure, "sources_conflict", figures[~settled])),
        ]

    return check


def _distinct(figures: pd.Series, groups: list[pd.Series]) -> pd.Series:
    """Whether the figures of each row's group differ."""
    return figures.groupby(groups, dropna=False, sort=False).transform("nunique") > 1


def _any(flags: pd.Series, groups: list[pd.Series]) -> pd.Series:
    return flags.astype(bool).groupby(groups, dropna=False, sort=False).transform("any")
