"""Intervals of an indicator in all units of a level at once, by redrawing its rows."""

import numpy as np
import pandas as pd

from helpers.config.indicator import Indicator
from helpers.measures.derive import Prepared
from helpers.measures.levels import row_weights
from helpers.measures.resample import redrawn
from helpers.measures.statistics import ADDITIVE, COMPOSITION, STATISTICS
from helpers.measures.value import Unit, known_rows, score_of, setting_of


def drawn_scores(
    indicator: Indicator,
    facts: pd.DataFrame,
    units: dict[str, np.ndarray],
    level: str,
    form: str,
    prepared: Prepared,
    rng: np.random.Generator,
) -> dict[str, np.ndarray]:
    """Scores of redrawn rows, per unit (draws,); a unit whose rows leave nothing to draw is absent.

    Survey measures redraw respondents within their instance. All others redraw families, then the rows inside them;
    inside a single instance its rows. A form that no weighing of rows can give has no interval.
    """
    draws = prepared.method.thresholds.draws
    if not draws or (form == "instance_mean" and any(part.measure not in ADDITIVE for _, part in indicator.legs)):
        return {}
    cells = _cells_of_units(indicator, facts, units, form, prepared)
    if cells.empty:
        return {}
    weights = _weights(indicator, cells, level, draws, rng)
    found = {}
    unit = cells["unit"].to_numpy()
    for name in pd.unique(unit):
        here = np.flatnonzero(unit == name)
        if _something_to_draw(cells.iloc[here], indicator, level):
            found[name] = _score(indicator, weights[:, here], cells.iloc[here], prepared, Unit(level, name))
    return found


def _something_to_draw(cells: pd.DataFrame, indicator: Indicator, level: str) -> bool:
    if level != "instance" and indicator.interval == "process" and len(cells["family"].unique()) > 1:
        return True
    return cells["count"].sum() > 1


def _weights(
    indicator: Indicator, cells: pd.DataFrame, level: str, draws: int, rng: np.random.Generator
) -> np.ndarray:
    unit = pd.factorize(cells["unit"])[0]
    counts = cells["count"].to_numpy(dtype=float)
    part = pd.factorize(cells["part"])[0]
    if indicator.interval == "sampling":
        stratum = _codes(unit, pd.factorize(cells["instance_id"].fillna(""))[0], part)
        drawn = redrawn(counts, stratum, None, unit, draws, rng)
        return counts + cells["fpc"].to_numpy() * (drawn - counts)
    family = pd.factorize((cells["instance_id"] if level == "instance" else cells["family"]).fillna(""))[0]
    cluster = _codes(unit, family)
    return redrawn(counts, _codes(cluster, part), cluster, unit, draws, rng)


def _codes(*columns: np.ndarray) -> np.ndarray:
    """One code for each combination of codes."""
    code = columns[0].astype(np.int64)
    for column in columns[1:]:
        code = code * (int(column.max()) + 1) + column
    return code


_KEYS = ["unit", "part", "family", "instance_id", "category", "x", "own", "fpc"]


def _cells_of_units(
    indicator: Indicator, facts: pd.DataFrame, units: dict[str, np.ndarray], form: str, prepared: Prepared
) -> pd.DataFrame:
    """Known rows of all units, those that are alike put together with their number."""
    frames = []
    for name, positions in units.items():
        if not len(positions):
            continue
        rows = facts.iloc[positions]
        for part_name, part in indicator.legs:
            known = known_rows(part.measure, rows[rows["part"] == part_name] if indicator.parts else rows)
            if len(known):
                frames.append(known.assign(unit=name, own=row_weights(known, form, prepared)))
    if not frames:
        return pd.DataFrame()
    cells = pd.concat(frames, ignore_index=True)
    measures = {part.measure for _, part in indicator.legs}
    if measures & {"coverage"} or measures & set(COMPOSITION) and len(cells) < 100:
        return cells
    keys = [*_KEYS, *(name for name in cells if name.startswith("group_"))]
    together = cells.groupby(keys, sort=True, dropna=False, observed=True)["count"].sum()
    return together.reset_index()


def _score(
    indicator: Indicator, weights: np.ndarray, cells: pd.DataFrame, prepared: Prepared, unit: Unit
) -> np.ndarray:
    scores = []
    for name, part in indicator.legs:
        here = np.flatnonzero(cells["part"].to_numpy() == name)
        rows = cells.iloc[here]
        setting = setting_of(part, rows, prepared, unit) if len(here) else None
        if setting is not None:
            scores.append(score_of(STATISTICS[part.measure](weights[:, here], rows, setting), part.goalposts))
    if not indicator.parts:
        rows, (_, part) = cells, indicator.legs[0]
        setting = setting_of(part, rows, prepared, unit)
        if setting is None:
            return np.full(len(weights), np.nan)
        value = STATISTICS[part.measure](weights, rows, setting)
        return score_of(value, indicator.goalposts, indicator.direction)
    known = ~np.isnan(scores)
    total = np.where(known, scores, 0).sum(axis=0)
    return np.where(known.any(axis=0), total / np.maximum(known.sum(axis=0), 1), np.nan)
