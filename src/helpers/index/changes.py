"""What changed since the period before, and what only seems to have (C.9, M4, M5).

A change is one only if the interval of the difference leaves out 0 and at least nine in ten draws of the method agree
in sign. Both periods are measured by the same method and compared on the indicators available in both.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helpers.config import City, Method, Period
from helpers.config.indicator import Indicator
from helpers.index.remeasure import Remeasuring
from helpers.index.scoring import INDEX, aggregate, with_draws
from helpers.measures import Measurement
from helpers.measures.counted import counts_persons

UP, DOWN, NONE = "index.change_up", "index.change_down", "index.change_none"
NOT_COMPARABLE = "index.change_not_comparable"
COLUMNS = [
    "city", "period", "previous", "method_version", "level", "unit_id", "node", "before", "after", "difference", "low",
    "high", "same_sign", "word",
]  # fmt: skip
UNIT = ["level", "unit_id"]


def previous_of(city: City, period: Period) -> Period | None:
    """The period of the same kind that the city published last before this one."""
    earlier = [one for one in city.ordered_periods if one < period and one.kind == period.kind]
    return earlier[-1] if earlier else None


def changes(now: Measurement, before: Measurement, method: Method, agreement: pd.DataFrame) -> pd.DataFrame:
    """Change of every dimension, index and indicator of the city and its districts.

    Parameters
    ----------
    now, before: two periods of a city, measured by this method.
    agreement: ``Robustness.changes``: unit, node and the share of draws with the sign of the change.

    Returns
    -------
    One row per unit and node. ``before`` and ``after`` are on the indicators that both periods have; ``low`` and
    ``high`` bound the difference at the method's confidence, by redrawing rows and respondents of each period on their
    own; ``word`` is the key of a short text. True values: pass them to `without` before anything is published.

    Overlap measures rise with the number of persons (C.6). They are compared as they are and with the larger period
    lowered by what a random draw would lose at the size of the smaller; the interval holds both.
    """
    indicators = [one for one in method.indicators.values() if one.enabled and one.dimension]
    units = _units(now.values, before.values)
    periods = [with_draws(one, indicators, units, method) for one in (now, before)]
    missing = np.isnan(periods[0][0]) | np.isnan(periods[1][0])
    after, prior = (_nodes(np.where(missing, np.nan, one), indicators, method) for one in periods)
    lower, higher = _interval(periods, missing, _shift(now, before, indicators, units), indicators, method)
    names = [*method.dimensions, INDEX, *(one.id for one in indicators)]
    frame = pd.DataFrame([(*unit, name) for unit in units for name in names], columns=[*UNIT, "node"])
    figures = {"before": prior[0], "after": after[0], "difference": after[0] - prior[0], "low": lower, "high": higher}
    frame = frame.assign(**{name: values.ravel() for name, values in figures.items()})
    frame = frame.merge(agreement[[*UNIT, "node", "same_sign"]], on=[*UNIT, "node"], how="left")
    frame["word"] = _words(frame, method.robustness.agreement)
    first = now.values.iloc[0]
    about = {name: first[name] for name in ("city", "period", "method_version")}
    return frame.assign(**about, previous=before.values["period"].iloc[0])[COLUMNS]


def composition(
    frame: pd.DataFrame,
    tables: Mapping[str, pd.DataFrame],
    now: Measurement,
    before: Measurement,
    method: Method,
    city: City,
) -> pd.DataFrame:
    """The changes with the part that comes from instances that were in one of the periods only.

    ``same_instances``: the difference over the instances present in both; ``composition``: the rest of it. An
    instance is present where anything was counted of it. Missing for indicators that count persons: beside the
    difference over all, it could tell what the few persons of a single instance said or are. Missing, too, for a
    dimension in which only one of them is, and the index above it: the others could be taken away.
    """
    kept = without_instances(tables, present(now) ^ present(before))
    indicators = [one for one in method.indicators.values() if one.enabled and one.dimension]
    periods = [Period.parse(one.values["period"].iloc[0]) for one in (now, before)]
    benches = [Remeasuring(kept, method, city, one) for one in periods]
    scores = [bench.scores(method, indicators) for bench in benches]
    missing = np.isnan(scores[0]) | np.isnan(scores[1])
    after, prior = (_nodes(np.where(missing, np.nan, one), indicators, method) for one in scores)
    names = [*method.dimensions, INDEX, *(one.id for one in indicators)]
    rows = pd.DataFrame([(*unit, name) for unit in benches[0].units for name in names], columns=[*UNIT, "node"])
    rows["same_instances"] = (after - prior).ravel()
    rows = rows[~_tells_of_persons(~missing, indicators, method).ravel()]
    joined = frame.merge(rows, on=[*UNIT, "node"], how="left")
    return joined.assign(composition=joined["difference"] - joined["same_instances"])


def _tells_of_persons(known: np.ndarray, indicators: list[Indicator], method: Method) -> np.ndarray:
    """(units, nodes) where a difference is that of one indicator that counts persons; known: (units, indicators)."""
    persons = np.array([counts_persons(one) for one in indicators])
    members = np.array([[one.dimension == name for one in indicators] for name in method.dimensions])
    alone = (known & persons).astype(int) @ members.T == 1
    single = np.broadcast_to(persons, known.shape)
    return np.concatenate([alone, alone.any(axis=-1, keepdims=True), single], axis=-1)


def present(measurement: Measurement) -> set[str]:
    """Instances of which anything was counted."""
    values = measurement.values
    return set(values.loc[(values["level"] == "instance") & (values["n"] > 0).fillna(False), "unit_id"])


def without_instances(tables: Mapping[str, pd.DataFrame], names: set[str]) -> dict[str, pd.DataFrame]:
    """The registry without the rows of some instances; rows of no instance stay."""
    return {
        name: table[~table["instance_id"].isin(names)].reset_index(drop=True) if "instance_id" in table else table
        for name, table in tables.items()
    }


def _units(*frames: pd.DataFrame) -> list[tuple[str, str]]:
    rows = pd.concat([one.loc[one["level"].isin(["city", "territory"]), UNIT] for one in frames])
    return sorted(rows.drop_duplicates().itertuples(index=False, name=None))


def _nodes(scores: np.ndarray, indicators: list[Indicator], method: Method) -> np.ndarray:
    """(..., units, nodes): dimensions, index, indicators."""
    return np.concatenate([aggregate(scores, indicators, method)[0], scores], axis=-1)


def _interval(periods, missing, shift, indicators, method: Method) -> tuple[np.ndarray, np.ndarray]:
    """Bounds of the difference (units, nodes), over the scores as they are and at the smaller number of persons."""
    tail = (1 - method.thresholds.confidence) / 2
    bounds = []
    for lowered in (0.0, 1.0):
        after, prior = (
            _nodes(np.where(missing, np.nan, np.clip(one[1:] - lowered * less, 0, 100)), indicators, method)
            for one, less in zip(periods, shift, strict=True)
        )
        # Both periods may have been redrawn from the same seed: one step apart their draws are independent.
        bounds.append(np.quantile(after - np.roll(prior, 1, axis=0), [tail, 1 - tail], axis=0))
    return np.minimum(bounds[0][0], bounds[1][0]), np.maximum(bounds[0][1], bounds[1][1])


def _shift(now: Measurement, before: Measurement, indicators: list[Indicator], units: list) -> list[np.ndarray]:
    """By how much each period is lowered to stand at the smaller number of persons: twice (units, indicators)."""
    grids = [_references(one.values, indicators, units) for one in (now, before)]
    excess = np.nan_to_num(grids[0] - grids[1])
    return [np.maximum(excess, 0), np.maximum(-excess, 0)]


def _references(values: pd.DataFrame, indicators: list[Indicator], units: list) -> np.ndarray:
    """Score of a random draw of the same size, where a measure rises with it: (units, indicators)."""
    forms = {one.id: one.form for one in indicators}
    rows = values[values["indicator"].map(forms) == values["form"]]
    grid = rows.pivot(index=UNIT, columns="indicator", values="reference")
    return grid.reindex(index=pd.MultiIndex.from_tuples(units), columns=list(forms)).to_numpy(dtype=float)


def _words(frame: pd.DataFrame, agreement: float) -> np.ndarray:
    """Key of the text that says what the difference is."""
    agreed = frame["same_sign"] >= agreement
    cases = [frame["difference"].isna(), agreed & (frame["low"] > 0), agreed & (frame["high"] < 0)]
    return np.select(cases, [NOT_COMPARABLE, UP, DOWN], NONE)
