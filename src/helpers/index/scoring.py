"""From indicator scores to dimensions and the index, by the rules of the method (C.7); no second implementation.

All averaging is done by ``helpers.composite``. Units are cities and territories (instances keep their indicators
and get no index of their own).
"""

import numpy as np
import pandas as pd
from scipy.stats import norm

from helpers import composite
from helpers.config import Method

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


def score(values: pd.DataFrame, method: Method, rng: np.random.Generator) -> pd.DataFrame:
    """Dimensions and index of every city and territory.

    Parameters
    ----------
    values: indicator values of one period, as ``measures.measure`` gives them, one row per unit and indicator.
    method: the method version that the values were measured by.
    rng: passed generator for the interval.

    Returns
    -------
    One row per unit and node (each dimension, then ``index``), scores 0 to 100 unrounded. ``lower`` and ``upper``
    take every missing cell at its worst and best; ``ci_low`` and ``ci_high`` are the interval at the method's
    confidence. A node that may not be published has no value, the status ``not_published`` and a reason.
    """
    units = in_scored_form(values[values["level"].isin(["city", "territory"])], method)
    frames = [_score_unit_level(group, method, rng) for _, group in units.groupby("level", sort=True)]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=COLUMNS)


def in_scored_form(values: pd.DataFrame, method: Method) -> pd.DataFrame:
    """The rows in the form, pooled or instance mean, that the method scores each indicator in."""
    form = values["indicator"].map({name: one.form for name, one in method.indicators.items()})
    return values[values["form"] == form]


def _score_unit_level(values: pd.DataFrame, method: Method, rng: np.random.Generator) -> pd.DataFrame:
    indicators = [one for one in method.indicators.values() if one.enabled and one.dimension]
    grids = {name: _grid(values, name, indicators) for name in ("score", "lower", "upper")}
    draws = _draws(values, indicators, method.thresholds, rng)
    point, available = aggregate(grids["score"].to_numpy(), indicators, method)
    worst, _ = aggregate(_fill(grids["lower"], grids["score"]), indicators, method)
    best, _ = aggregate(_fill(grids["upper"], grids["score"]), indicators, method)
    low, high = _interval(aggregate(draws, indicators, method)[0], method.thresholds.confidence)
    return _as_rows(values, grids["score"].index, method, [point, worst, best, low, high], available)


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


def _grid(values: pd.DataFrame, column: str, indicators: list) -> pd.DataFrame:
    """Units x indicators of one column; a value that may not be used is NaN."""
    usable = values.assign(cell=values[column].astype("float64").where(values["status"].isin(USABLE)))
    grid = usable.pivot(index="unit_id", columns="indicator", values="cell")
    return grid.reindex(columns=[one.id for one in indicators]).sort_index()


def _fill(bound: pd.DataFrame, scores: pd.DataFrame) -> np.ndarray:
    """A bound where there is one, else the score itself."""
    return bound.fillna(scores).to_numpy()


def _draws(values: pd.DataFrame, indicators: list, thresholds, rng: np.random.Generator) -> np.ndarray:
    """Draws x units x indicators around each score.

    The spread of a score is that of its sampling interval, or of its process interval where nothing was sampled;
    a score with neither is fixed. Indicators are drawn independently, as they come from different tables.
    """
    scores = _grid(values, "score", indicators)
    spread = _half_width(values, "ci", indicators).fillna(_half_width(values, "process", indicators)).fillna(0.0)
    quantile = norm.ppf(0.5 + thresholds.confidence / 2)
    noise = rng.standard_normal((thresholds.draws, *scores.shape))
    return np.clip(scores.to_numpy() + noise * spread.to_numpy() / quantile, 0, 100)


def _half_width(values: pd.DataFrame, name: str, indicators: list) -> pd.DataFrame:
    width = values.assign(width=(values[f"{name}_high"] - values[f"{name}_low"]).astype("float64") / 2)
    return _grid(width, "width", indicators)


def _interval(draws: np.ndarray, confidence: float) -> tuple[np.ndarray, np.ndarray]:
    """Percentile interval over the leading axis; NaN where the node could not be computed."""
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
