"""From indicator scores to dimensions and the index, by the rules of the method (C.7); no second implementation.

All averaging is done by ``helpers.composite``. Units are cities and territories (instances keep their indicators
and get no index of their own).
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from helpers import composite
from helpers.config import Method
from helpers.config.indicator import Indicator
from helpers.measures import Measurement

INDEX = "index"
"""Name of the top node; the other nodes are called by the id of their dimension."""

USABLE = ("ok", "low_precision")
"""Statuses of an indicator value that may enter a dimension."""

COLUMNS = [
    "city",
    "period",
    "method_version",
    "level",
    "unit_id",
    "node",
    "value",
    "lower",
    "upper",
    "ci_low",
    "ci_high",
    "weight_available",
    "status",
    "reason",
    "data_status",
]


def score(measured: Measurement, method: Method) -> pd.DataFrame:
    """Dimensions and index of every city and territory.

    Parameters
    ----------
    measured: a period as ``measures.measure`` gives it.
    method: the method version that it was measured by.

    Returns
    -------
    One row per unit and node (each dimension, then ``index``), scores 0 to 100 unrounded. ``lower`` and ``upper``
    take every missing cell at its worst and best; ``ci_low`` and ``ci_high`` are the interval at the method's
    confidence over the redrawn rows behind the indicators. A node that may not be published has no value, the status
    ``not_published`` and a reason.
    """
    values = in_scored_form(measured.values[measured.values["level"].isin(["city", "territory"])], method)
    frames = [_score_level(group, measured, method) for _, group in values.groupby("level", sort=True)]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=COLUMNS)


def in_scored_form(values: pd.DataFrame, method: Method) -> pd.DataFrame:
    """The rows in the form, pooled or instance mean, that the method scores each indicator in."""
    form = values["indicator"].map({name: one.form for name, one in method.indicators.items()})
    return values[values["form"] == form]


def _score_level(values: pd.DataFrame, measured: Measurement, method: Method) -> pd.DataFrame:
    indicators = [one for one in method.indicators.values() if one.enabled and one.dimension]
    grids = {name: grid_of(values, name, indicators) for name in ("score", "lower", "upper")}
    units = [(values["level"].iloc[0], unit) for unit in grids["score"].index]
    drawn = with_draws(measured, indicators, units, method)
    point, available = aggregate(grids["score"].to_numpy(), indicators, method)
    worst, _ = aggregate(_fill(grids["lower"], grids["score"]), indicators, method)
    best, _ = aggregate(_fill(grids["upper"], grids["score"]), indicators, method)
    low, high = _interval(aggregate(drawn[1:], indicators, method)[0], method.thresholds.confidence)
    return _as_rows(values, grids["score"].index, method, [point, worst, best, low, high], available)


def with_draws(
    measured: Measurement, indicators: Sequence[Indicator], units: Sequence[tuple[str, str]], method: Method
) -> np.ndarray:
    """(1 + draws, units, indicators): the scores, then those of redrawn rows; a score without an interval is fixed.

    units: level and id. The items of a survey are redrawn together, other indicators each on their own.
    """
    values = in_scored_form(measured.values, method)
    column = {one.id: number for number, one in enumerate(indicators)}
    row = {unit: number for number, unit in enumerate(units)}
    found = np.full((1 + measured.draws.shape[1], len(units), len(indicators)), np.nan)
    rows = values[["level", "unit_id", "indicator", "score", "status"]].itertuples(index=False)
    for place, record in zip(measured.values.index.get_indexer(values.index), rows, strict=True):
        here = row.get((record.level, record.unit_id)), column.get(record.indicator)
        if None in here or record.status not in USABLE or pd.isna(record.score):
            continue
        draws = measured.draws[place]
        found[0, *here] = record.score
        found[1:, *here] = np.where(np.isnan(draws), record.score, draws)
    return found


def aggregate(scores: np.ndarray, indicators: list, method: Method) -> tuple[np.ndarray, np.ndarray]:
    """Dimensions and index of indicator scores (..., units, indicators).

    Returns values (..., units, dimensions + 1), the index last and NaN where a node may not be computed, and the
    share of the weight that was available for each node.
    """
    rules = method.aggregation
    nodes, shares = [], []
    for dimension in method.dimensions:
        members = [i for i, one in enumerate(indicators) if one.dimension == dimension]
        weights = np.array([indicators[i].weight for i in members], dtype=float)
        part = scores[..., members]
        nodes.append(composite.weighted_mean(part, weights, rules.within, min_weight=rules.min_dimension_weight))
        shares.append((~np.isnan(part) * weights).sum(axis=-1) / weights.sum())
    dimensions = np.stack(nodes, axis=-1)
    weights = np.array([one.weight for one in method.dimensions.values()])
    index = composite.weighted_mean(
        dimensions, weights, rules.across, floor=rules.floor, require_all=rules.require_all_dimensions
    )
    present = (~np.isnan(dimensions) * weights).sum(axis=-1) / weights.sum()
    return np.concatenate([dimensions, index[..., None]], -1), np.stack([*shares, present], -1)


def grid_of(values: pd.DataFrame, column: str, indicators: list) -> pd.DataFrame:
    """Units x indicators of one column; a value that may not be used is NaN."""
    usable = values.assign(cell=values[column].astype("float64").where(values["status"].isin(USABLE)))
    grid = usable.pivot(index="unit_id", columns="indicator", values="cell")
    return grid.reindex(columns=[one.id for one in indicators]).sort_index()


def _fill(bound: pd.DataFrame, scores: pd.DataFrame) -> np.ndarray:
    """A bound where there is one, else the score itself."""
    return bound.fillna(scores).to_numpy()


def _interval(draws: np.ndarray, confidence: float) -> tuple[np.ndarray, np.ndarray]:
    """Percentile interval over the leading axis; NaN where the node could not be computed or nothing was drawn."""
    if not len(draws):
        return np.full(draws.shape[1:], np.nan), np.full(draws.shape[1:], np.nan)
    tail = (1 - confidence) / 2
    low, high = np.quantile(draws, [tail, 1 - tail], axis=0)
    return low, high


def _as_rows(values, units: pd.Index, method: Method, arrays: list[np.ndarray], available) -> pd.DataFrame:
    nodes = [*method.dimensions, INDEX]
    frame = pd.DataFrame(
        {
            "level": values["level"].iloc[0],
            "unit_id": np.repeat(units.to_numpy(), len(nodes)),
            "node": np.tile(nodes, len(units)),
            **dict(zip(["value", "lower", "upper", "ci_low", "ci_high"], map(np.ravel, arrays), strict=True)),
            "weight_available": available.ravel(),
        }
    )
    frame["status"] = np.where(frame["value"].notna(), "ok", "not_published")
    frame["reason"] = _reasons(frame)
    bounds = ["lower", "upper", "ci_low", "ci_high"]
    frame[bounds] = frame[bounds].where(frame["value"].notna())
    first = {name: values[name].iloc[0] for name in ("city", "period", "method_version", "data_status")}
    return frame.assign(**first)[COLUMNS]


def _reasons(frame: pd.DataFrame) -> np.ndarray:
    """Terms key that says why a node has no value; empty where it has one."""
    is_index = frame["node"] == INDEX
    cases = [frame["value"].notna(), is_index, frame["weight_available"] == 0]
    return np.select(cases, ["", "index.dimension_missing", "index.nothing_measured"], "index.too_few_indicators")
