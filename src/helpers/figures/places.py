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
    """instance -> latitude, longitude and whether the place is only the district it belongs to.

    An instance without coordinates that belongs to one district is set inside it, beside the others of its kind in
    a spiral, and marked; one of several districts or of the whole city has no place and stands in the list only.
    """
    shapes = territories.set_index("territory_id").geometry
    spots: dict[str, tuple[float, float, bool]] = {}
    taken: dict[str, int] = {}
    for row in instances.sort_values("instance_id").to_dict("records"):
        units = [unit for unit in split(row.get("territory_ids")) if unit in names and unit in shapes.index]
        if pd.notna(row.get("latitude")) and pd.notna(row.get("longitude")):
            spots[row["instance_id"]] = (round(float(row["latitude"]), 5), round(float(row["longitude"]), 5), False)
        elif len(units) == 1:
            taken[units[0]] = taken.get(units[0], -1) + 1
            spots[row["instance_id"]] = (*_beside(shapes[units[0]], taken[units[0]]), True)
    return spots


def _beside(shape: shapely.Geometry, number: int) -> tuple[float, float]:
    """The nth point of a spiral below the middle of a shape, drawn back to its middle where it would leave it.

    The middle itself is left to the district's name.
    """
    middle, size = shape.representative_point(), math.sqrt(shape.area)
    reach, angle = 0.055 * size * math.sqrt(number), GOLDEN_ANGLE * number
    x, y = middle.x + reach * math.cos(angle), middle.y - 0.19 * size + reach * math.sin(angle)
    inside = shape.contains(shapely.Point(x, y))
    return (round(y, 5), round(x, 5)) if inside else (round(middle.y, 5), round(middle.x, 5))
