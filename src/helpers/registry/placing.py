"""Rows to territories by their coordinates or their venue; coordinates that cannot be right are caught."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from helpers.registry.geography import valid_on
from helpers.registry.problems import issue_frame
from helpers.registry.versions import days_of, field_of

PLACED = ("venues", "proposals", "events", "instances")
"""Tables with coordinates; venues come first, since events may take their place from them."""

FAR_OFF = pd.Timestamp("9999-12-31")
"""Day of a row that has none: the outlines that still hold then are today's."""

MARGIN_DEGREES = 0.02
"""About two kilometres: a point further from every territory is outside the city."""


@dataclass(frozen=True)
class Placing:
    """The tables with coordinates mended and territories filled, issues per table, and how many rows were filled."""

    tables: dict[str, pd.DataFrame]
    issues: dict[str, list[pd.DataFrame]]
    filled: dict[str, int]


def place_rows(tables: dict[str, pd.DataFrame], shapes: gpd.GeoDataFrame) -> Placing:
    """Put every row with coordinates into the smallest district-level territory that holds it.

    Without shapes only 0/0 is caught. What a source states about the territory is never overwritten.
    """
    areas = _districts(tables["territories"], shapes)
    result, issues, filled = dict(tables), {}, {}
    for name in PLACED:
        frame = tables[name]
        if name == "events":
            frame = _from_venues(frame, result["venues"])
        if len(frame) and frame["latitude"].notna().any():
            frame, issues[name] = _mended(frame, areas)
            frame, elsewhere, filled[name] = _located(frame, areas, field_of(name), days_of(frame, name))
            issues[name] += elsewhere
        result[name] = frame
    return Placing(result, {name: [part for part in found if len(part)] for name, found in issues.items()}, filled)


def _districts(territories: pd.DataFrame, shapes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Shapes of districts that are real outlines; a scheme of tiles places nothing."""
    # A reindex, not a map: it keeps the type of the dates where the registry has no territory yet.
    known = territories.set_index("territory_id").reindex(shapes["territory_id"])
    shapes = shapes.assign(**{name: known[name].to_numpy() for name in ("valid_from", "valid_to")})
    real = ~shapes["schematic"].astype(bool) if "schematic" in shapes.columns else True
    return shapes[(known["level"] == "district").to_numpy(dtype=bool) & real].reset_index(drop=True)


def _from_venues(events: pd.DataFrame, venues: pd.DataFrame) -> pd.DataFrame:
    """Events without a place take that of their venue."""
    if not len(events) or not len(venues):
        return events
    by_id = venues.drop_duplicates("venue_id").set_index("venue_id")
    fields = {name: events[name].fillna(events["venue_id"].map(by_id[name])) for name in ("territory_id",)}
    bare = events["latitude"].isna() | events["longitude"].isna()
    for name in ("latitude", "longitude"):
        fields[name] = events[name].mask(bare, events["venue_id"].map(by_id[name]).astype("Float64"))
    return events.assign(**fields)


def _mended(frame: pd.DataFrame, areas: gpd.GeoDataFrame) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """0/0 emptied, latitude and longitude in the wrong order turned, points outside the city listed and emptied."""
    latitude, longitude = _numbers(frame, "latitude"), _numbers(frame, "longitude")
    null = (latitude == 0) & (longitude == 0)
    issues = [_issue(frame[null], "point_zero")]
    swapped = outside = np.zeros(len(frame), dtype=bool)
    if len(areas):
        inside = _in_box(latitude, longitude, areas)
        turned = _in_box(longitude, latitude, areas)
        known = ~np.isnan(latitude) & ~np.isnan(longitude) & ~null
        swapped, outside = known & ~inside & turned, known & ~inside & ~turned
        issues += [_issue(frame[swapped], "point_swapped"), _issue(frame[outside], "point_outside")]
    gone = null | outside
    right_latitude = pd.Series(np.where(swapped, longitude, latitude), frame.index).astype("Float64")
    right_longitude = pd.Series(np.where(swapped, latitude, longitude), frame.index).astype("Float64")
    return frame.assign(latitude=right_latitude.mask(gone), longitude=right_longitude.mask(gone)), issues


def _numbers(frame: pd.DataFrame, name: str) -> np.ndarray:
    return frame[name].to_numpy(dtype="float64", na_value=np.nan)


def _in_box(latitude: np.ndarray, longitude: np.ndarray, areas: gpd.GeoDataFrame) -> np.ndarray:
    west, south, east, north = areas.total_bounds
    return (
        (latitude >= south - MARGIN_DEGREES)
        & (latitude <= north + MARGIN_DEGREES)
        & (longitude >= west - MARGIN_DEGREES)
        & (longitude <= east + MARGIN_DEGREES)
    )


def _issue(rows: pd.DataFrame, code: str) -> pd.DataFrame:
    value = rows["latitude"].astype("str") + ", " + rows["longitude"].astype("str")
    return issue_frame(rows, "latitude", code, value)


def _located(
    frame: pd.DataFrame, areas: gpd.GeoDataFrame, field: str, days: pd.Series
) -> tuple[pd.DataFrame, list[pd.DataFrame], int]:
    """The frame with territories filled from points, rows whose point lies in another one, and how many were filled."""
    found = _territory_of_points(frame, areas, days)
    missing = frame[field].isna() & found.notna()
    other = _contradicts(frame[field], found, set(areas["territory_id"]))
    rows = frame[other]
    issues = issue_frame(rows, field, "point_elsewhere", rows[field] + " ≠ " + found[other])
    return frame.assign(**{field: frame[field].fillna(found)}), [issues], int(missing.sum())


def _territory_of_points(frame: pd.DataFrame, areas: gpd.GeoDataFrame, days: pd.Series) -> pd.Series:
    """The district that held each point on its day; the first by id where borders touch."""
    known = frame["latitude"].notna() & frame["longitude"].notna()
    points = gpd.GeoDataFrame(
        geometry=gpd.points_from_xy(
            frame.loc[known, "longitude"].astype(float), frame.loc[known, "latitude"].astype(float)
        ),
        index=frame.index[known],
        crs="EPSG:4326",
    )
    columns = ["territory_id", "valid_from", "valid_to", "geometry"]
    joined = gpd.sjoin(points, areas[columns], predicate="intersects")
    joined = joined[valid_on(joined, days.reindex(joined.index).fillna(FAR_OFF))]
    first = joined.sort_values("territory_id").groupby(level=0)["territory_id"].first()
    return first.reindex(frame.index).astype("str")


def _contradicts(stated: pd.Series, found: pd.Series, districts: set[str]) -> pd.Series:
    """Rows that name districts of which none is the one that holds their point."""
    both = stated.notna() & found.notna()
    pairs = zip(stated.where(both, "").fillna(""), found.fillna(""), strict=True)
    return pd.Series(
        [bool(text) and place not in (ids := text.split(";")) and districts.issuperset(ids) for text, place in pairs],
        stated.index,
        dtype=bool,
    )
