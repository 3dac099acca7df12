"""What would change under another method: every dimension, district, indicator and instance, old beside new (C.12)."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from helpers.config import City, Method, Period
from helpers.config.method import method_with
from helpers.index.hiding import hidden_figures
from helpers.index.scoring import INDEX, USABLE, aggregate, in_scored_form
from helpers.index.suppression import withheld, without
from helpers.measures import measure

COLUMNS = ["city", "period", "level", "unit_id", "node", "old", "new", "difference"]
KEY = ["level", "unit_id", "node"]


def what_if(
    tables: Mapping[str, pd.DataFrame], method: Method, changes: Mapping[str, Any], city: City, period: Period
) -> pd.DataFrame:
    """Scores of a period by the method as it is and with other values at some addresses.

    changes: address -> value, such as ``{"dimensions.quality.weight": 0.4, "dimensions.diversity.weight": 0.1}``.
    Raises MonitorError where an address does not exist or the changed method is not possible.
    """
    return compare_methods(tables, method, method_with(method, dict(changes)), city, period)


def compare_methods(
    tables: Mapping[str, pd.DataFrame], old: Method, new: Method, city: City, period: Period
) -> pd.DataFrame:
    """Scores of a period by two methods: city, period, level, unit_id, node, old, new, difference.

    node is a dimension, ``index`` or an indicator; a score that one of the methods does not give is missing. Values
    that may not be published are left out; there are no intervals, as both methods see the same rows.
    """
    sides = [node_scores(tables, method, city, period) for method in (old, new)]
    hidden = [one.loc[one["hidden"], KEY] for one in sides]
    joined = sides[0].merge(sides[1], on=KEY, how="outer", suffixes=("_old", "_new"), sort=True)
    shown = without(joined, *hidden).rename(columns={"score_old": "old", "score_new": "new"})
    shown = shown.assign(difference=shown["new"] - shown["old"], city=city.id, period=str(period))
    return _ordered(shown, [*new.dimensions, INDEX, *new.indicators])[COLUMNS]


def moved_most(frame: pd.DataFrame, number: int = 10, level: str = "instance") -> pd.DataFrame:
    """Units of a level that move most, each with the indicator through which it moves most, largest first."""
    rows = frame[(frame["level"] == level) & (frame["difference"].abs() > 0)]
    rows = rows.assign(size=rows["difference"].abs())
    rows = rows.sort_values(["size", "unit_id", "node"], ascending=[False, True, True])
    return rows.drop_duplicates("unit_id").head(number).drop(columns="size").reset_index(drop=True)


def node_scores(tables: Mapping[str, pd.DataFrame], method: Method, city: City, period: Period) -> pd.DataFrame:
    """Level, unit_id, node and score of every indicator and, for city and districts, dimension and index; ``hidden``
    says which may not be published."""
    quiet = method_with(method, {"thresholds.draws": 0})
    values = measure(tables, quiet, period, city, np.random.default_rng(0)).values
    hidden = withheld(values, hidden_figures(tables, {period: method}, city), method)
    scored = {one.id for one in method.indicators.values() if one.enabled and one.dimension}
    rows = in_scored_form(values, method)
    rows = rows[rows["indicator"].isin(scored)].rename(columns={"indicator": "node"})
    rows = rows.assign(score=rows["score"].astype(float).where(rows["status"].isin(USABLE)))
    every = pd.concat([rows[[*KEY, "score"]], _nodes(values, method)], ignore_index=True)
    return every.assign(hidden=pd.MultiIndex.from_frame(every[KEY]).isin(pd.MultiIndex.from_frame(hidden[KEY])))


def _nodes(values: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Dimensions and index of the city and its districts."""
    indicators = [one for one in method.indicators.values() if one.enabled and one.dimension]
    rows = in_scored_form(values[values["level"].isin(["city", "territory"])], method)
    rows = rows.assign(score=rows["score"].astype(float).where(rows["status"].isin(USABLE)))
    grid = rows.pivot(index=["level", "unit_id"], columns="indicator", values="score")
    grid = grid.reindex(columns=[one.id for one in indicators])
    scores, _ = aggregate(grid.to_numpy(dtype=float), indicators, method)
    wide = pd.DataFrame(scores, index=grid.index, columns=[*method.dimensions, INDEX])
    return wide.reset_index().melt(["level", "unit_id"], var_name="node", value_name="score")


def _ordered(frame: pd.DataFrame, nodes: list[str]) -> pd.DataFrame:
    """City, districts, instances; inside a unit dimensions, index, indicators in the order of the method."""
    levels = {"city": 0, "territory": 1, "instance": 2}
    place = {node: number for number, node in enumerate(nodes)}
    order = frame.assign(_level=frame["level"].map(levels), _node=frame["node"].map(place))
    order = order.sort_values(["_level", "unit_id", "_node"], kind="stable", ignore_index=True)
    return order.drop(columns=["_level", "_node"])
