"""Everything that a report of one city and period draws on, loaded once from what the earlier stages wrote."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import geopandas as gpd
import pandas as pd

from helpers.config import (
    City,
    Dictionary,
    Method,
    MonitorError,
    Period,
    load_city,
    load_dictionary,
    load_method,
    period_folder,
    publications_file,
    recomputed_folder,
    registry_folder,
)
from helpers.files import read_csv
from helpers.index.published import DIGITS
from helpers.index.suppression import suppress_registry
from helpers.registry import Registry, load_geometry
from helpers.registry import load as load_registry
from helpers.registry.geography import valid_on

_NONE = pd.DataFrame()
PUBLICATION = ["published_on", "period", "method_version", "data_status", "node", "value"]
"""Columns of the record of what a city published."""
NUMBERS = (*DIGITS, "n", "draws", "rows", "instances")
"""Columns of published figures that hold numbers."""


@dataclass(frozen=True)
class Findings:
    """The published figures of a city up to a period, with the clean registry behind them as it may be published.

    ``values`` and ``scores`` are of the period; ``values_so_far``, ``scores_so_far`` and ``context_so_far`` of
    every period of the city up to it, oldest first, and ``scores_recast`` of those of them that were published by
    another version of the method, recomputed by that of this period; ``spread``, ``effects`` and ``alternatives``
    say how far the scores rest on choices of the method and ``changes`` how they differ from the previous period,
    with no rows where nothing was computed. ``readings`` says what they are with declared and contested rows and
    ``suppressed`` what is hidden of the period and of the registry, with the reasons. ``published`` is the record of
    what was published on which day (PUBLICATION), without rows before the first time. ``geometry`` holds the districts
    (EPSG:4326), with no rows where there is none.
    """

    city: City
    period: Period
    method: Method
    dictionary: Dictionary
    values: pd.DataFrame
    scores: pd.DataFrame
    context: pd.DataFrame
    spread: pd.DataFrame
    effects: pd.DataFrame
    alternatives: pd.DataFrame
    changes: pd.DataFrame
    readings: pd.DataFrame
    values_so_far: pd.DataFrame
    scores_so_far: pd.DataFrame
    scores_recast: pd.DataFrame
    context_so_far: pd.DataFrame
    suppressed: pd.DataFrame
    published: pd.DataFrame
    registry: Registry
    geometry: gpd.GeoDataFrame

    @property
    def periods(self) -> list[Period]:
        """Periods of the same kind up to this one, oldest first."""
        return self.city.periods_so_far(self.period)

    @property
    def schematic(self) -> bool:
        """Whether the districts are drawn as tiles, for want of their boundaries."""
        return bool(self.geometry["schematic"].any())

    def districts(self) -> pd.DataFrame:
        """Districts of the period in the order of the registry: territory_id and name."""
        territories = self.registry.tables["territories"]
        territories = territories[valid_on(territories, self.period.end)]
        return territories.loc[territories["level"] == "district", ["territory_id", "name"]].reset_index(drop=True)


def load_findings(root: Path, city: str, period: str) -> Findings:
    """Read what ``make index`` wrote; raises MonitorError where the period has not been computed."""
    this_city = load_city(root, city)
    this_period = Period.parse(period)
    read = partial(_figures, remedy=f"run `make index CITY={city} PERIOD={period}`")
    version = this_city.method_of(this_period)
    places = {one: period_folder(root, city, one) for one in this_city.periods_so_far(this_period)}
    recast = [recomputed_folder(root, city, version, one) for one in this_city.recast_periods(this_period)]
    values = {one: read(place, "indicators") for one, place in places.items()}
    scores = {one: read(place, "scores") for one, place in places.items()}
    context = {one: read(place, "context") for one, place in places.items()}
    folder, here = registry_folder(root, city), places[this_period]
    dictionary = load_dictionary(root)
    suppressed = read(here, "suppressed")
    registry = suppress_registry(load_registry(folder, dictionary), suppressed)
    return Findings(
        city=this_city,
        period=this_period,
        method=load_method(root, version, city),
        dictionary=dictionary,
        values=values[this_period],
        scores=scores[this_period],
        context=context[this_period],
        spread=read(here, "robustness", optional=True),
        effects=read(here, "effects", optional=True),
        alternatives=read(here, "alternatives", optional=True),
        changes=read(here, "changes", optional=True),
        readings=read(here, "readings"),
        values_so_far=pd.concat(values.values(), ignore_index=True),
        scores_so_far=pd.concat(scores.values(), ignore_index=True),
        scores_recast=pd.concat([read(one, "scores") for one in recast], ignore_index=True) if recast else _NONE,
        context_so_far=pd.concat(context.values(), ignore_index=True),
        suppressed=suppressed,
        published=read_publications(root, city),
        registry=registry,
        geometry=_outlines(load_geometry(folder), registry.tables["territories"], this_period),
    )


def read_publications(root: Path, city: str) -> pd.DataFrame:
    """The record of what a city published (PUBLICATION), one row per day, period and node."""
    path = publications_file(root, city)
    frame = read_csv(path) if path.is_file() else pd.DataFrame(columns=PUBLICATION, dtype="str")
    if missing := [name for name in PUBLICATION if name not in frame]:
        raise MonitorError(f"the column {missing[0]!r} is missing", where=path, remedy="write it with `monitor record`")
    return frame.assign(value=pd.to_numeric(frame["value"]).astype("Float64"))


def _outlines(geometry: gpd.GeoDataFrame, territories: pd.DataFrame, period: Period) -> gpd.GeoDataFrame:
    """The outlines that hold at the end of the period."""
    holding = territories.loc[valid_on(territories, period.end), "territory_id"]
    return geometry[geometry["territory_id"].isin(holding)].reset_index(drop=True)


def _figures(folder: Path, name: str, remedy: str, optional: bool = False) -> pd.DataFrame:
    """A table of published figures, its numbers as Float64; without rows where an optional one was not written."""
    path = folder / f"{name}.csv"
    if optional and not path.is_file():
        return pd.DataFrame()
    if not path.is_file():
        raise MonitorError("this period has not been computed", where=path, remedy=remedy)
    frame = read_csv(path)
    numbers = {column: pd.to_numeric(frame[column]).astype("Float64") for column in NUMBERS if column in frame}
    return frame.assign(**numbers)
