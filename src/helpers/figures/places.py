"""Where an instance stands on a map: at its address, in its district, or nowhere."""

import math
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))


def split(value: Any) -> list[str]:
    """Parts of a list cell; none where it is missing."""
    return [part for part in str(value).split(";") if part] if isinstance(value, str) else []


def positions(
    instances: pd.DataFrame, territories: gpd.GeoDataFrame, names: Mapping[str, str]
) -> dict[str, tuple[float, float, bool]]:
    """instance -> latitude, longitude and whether the place is only the area it belongs to.

    An instance without coordinates that belongs to one district is set inside it, at its neighbourhood
    (``area_latitude``, ``area_longitude``) where that is known, beside the others of its kind in a spiral, and marked;
    one of several districts or of the whole city has no place and stands in the list only.
    """
    shapes = territories.set_index("territory_id").geometry
    spots: dict[str, tuple[float, float, bool]] = {}
    taken: dict[tuple[float, float], int] = {}
    for row in instances.sort_values("instance_id").to_dict("records"):
        units = [unit for unit in split(row.get("territory_ids")) if unit in names and unit in shapes.index]
        if pd.notna(row.get("latitude")) and pd.notna(row.get("longitude")):
            spots[row["instance_id"]] = (round(float(row["latitude"]), 5), round(float(row["longitude"]), 5), False)
        elif len(units) == 1:
            start = _start(row, shapes[units[0]])
            taken[start] = taken.get(start, -1) + 1
            spots[row["instance_id"]] = (*_beside(shapes[units[0]], start, taken[start]), True)
    return spots


def _start(row: Mapping[str, Any], shape: shapely.Geometry) -> tuple[float, float]:
    """x and y where the signs of an area begin: in its neighbourhood, else below the district's name."""
    if pd.notna(row.get("area_latitude")) and pd.notna(row.get("area_longitude")):
        return float(row["area_longitude"]), float(row["area_latitude"])
    middle = shape.representative_point()
    return middle.x, middle.y - 0.19 * math.sqrt(shape.area)


def _beside(shape: shapely.Geometry, start: tuple[float, float], number: int) -> tuple[float, float]:
    """Latitude and longitude of the nth point of a spiral, drawn back to its start where it would leave the shape; in
    the middle of a shape that does not hold the start."""
    reach, angle = 0.055 * math.sqrt(shape.area * number), GOLDEN_ANGLE * number
    for part in (1, 0.6, 0.3, 0):
        x, y = start[0] + part * reach * math.cos(angle), start[1] + part * reach * math.sin(angle)
        if shape.contains(shapely.Point(x, y)):
            return round(y, 5), round(x, 5)
    middle = shape.representative_point()
    return round(middle.y, 5), round(middle.x, 5)
