"""What the truth is computed from: the latent city as one period sees it, and facts brought together by unit."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from helpers.simulation.latent import CITY_ID, World, half_dates

SURE = ("documented", "verified")
"""States of verification with which an instance counts."""

FULL_NOTICE_DAYS = 15

Facts = pd.DataFrame
"""Columns instance_id, family, district, x, and parameter where rows were drawn with one."""


class Scene:
    """The latent tables as one period sees them."""

    def __init__(self, world: World, period: str):
        self.world, self.period = world, period
        self.first, self.last = half_dates(period)
        self.halves = [half for half in world.halves if half.startswith(period)]
        instances = world["instances"]
        sure = instances[instances["verification_status"].isin(SURE) & instances["_leaf"]]
        now = world["periods"][world["periods"]["period"].isin(self.halves)]
        now = now.drop_duplicates("instance_id", keep="last").set_index("instance_id")
        self.sure = sure.set_index("instance_id", drop=False)
        self.active = self.sure[self.sure["instance_id"].isin(now.index)]
        self.now = now.loc[self.active["instance_id"]]
        self.decided = self.active[self.active["_decision"] & (self.active["instance_type"] != "tool")]
        checks = world["checks"][world["checks"]["period"].isin(self.halves)]
        self.checks = checks.drop_duplicates(["instance_id", "item"], keep="last")
        self.districts = world.territories("district").set_index("territory_id")["_population"]

    def within(self, days: pd.Series) -> pd.Series:
        """Which days lie in the period."""
        return days.between(self.first, self.last + pd.Timedelta(hours=23, minutes=59))

    def rows(self, table: str, decided: bool) -> pd.DataFrame:
        """Rows of a table that may count, whatever the state of their instance, with its family."""
        who = self.sure
        if decided:
            who = who[who["_decision"] & (who["instance_type"] != "tool")]
        frame = self.world[table]
        frame = frame[frame["instance_id"].isin(who["instance_id"])]
        return frame.assign(family=frame["instance_id"].map(who["_family"]))


def of_instances(instances: pd.DataFrame, values: pd.Series) -> Facts:
    """One fact per instance."""
    who = instances.loc[values.index]
    columns = {"instance_id": who.index, "family": who["_family"].to_numpy(), "district": who["_district"].to_numpy()}
    return pd.DataFrame({**columns, "x": values.to_numpy(dtype=float)})


def of_rows(frame: pd.DataFrame, x: pd.Series | np.ndarray, parameter: str | None = None) -> Facts:
    """One fact per row of a table."""
    columns = {name: frame[name].to_numpy() for name in ("instance_id", "family")}
    facts = pd.DataFrame({**columns, "district": frame["_district"].to_numpy(), "x": np.asarray(x, dtype=float)})
    return facts.assign(parameter=100 * frame[parameter].to_numpy()) if parameter else facts


def families(facts: Facts) -> float:
    """Mean over families of the mean over their instances of the mean over their rows."""
    by_instance = facts.groupby(["family", "instance_id"])["x"].mean()
    return float(by_instance.groupby("family").mean().mean())


def pooled(facts: Facts) -> float:
    return float(facts["x"].mean())


def median(facts: Facts) -> float:
    return float(facts["x"].median())


def levels(facts: Facts, combine: Callable[[Facts], float], scene: Scene) -> list[dict]:
    """City, districts and instances; what belongs to no district enters the city only."""
    is_days = combine is median
    units = [("city", CITY_ID, facts)]
    units += [("territory", key, facts[facts["district"] == key]) for key in scene.districts.index]
    rows = [
        _row(level, key, combine(part), len(part), _parameter(part), is_days) for level, key, part in units if len(part)
    ]
    alone = facts.assign(parameter=facts.get("parameter", np.nan)).groupby("instance_id")
    single = alone.agg(x=("x", "median" if is_days else "mean"), n=("x", "size"), parameter=("parameter", "mean"))
    return rows + [_row("instance", key, *row, is_days) for key, *row in single.itertuples()]


def _parameter(part: Facts) -> float:
    return float(part["parameter"].mean()) if "parameter" in part else np.nan


def _row(level: str, key: str, value: float, n: int, parameter: float, is_days: bool) -> dict:
    score = 100 * min(max(value / FULL_NOTICE_DAYS, 0), 1) if is_days else value
    return entry(level, key, value, score, n, parameter)


def entry(level: str, key: str, value: float, score: float, n: int, parameter: float = np.nan) -> dict:
    return {"level": level, "unit_id": key, "value": value, "score": score, "parameter": parameter, "n": int(n)}
