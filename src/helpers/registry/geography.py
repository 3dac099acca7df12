"""Territories: the names that people give them, their shapes and areas."""

import geopandas as gpd
import pandas as pd
import shapely

from helpers.registry.folding import fold

PREFIXES = (
    "distrito", "district", "distretto", "districte", "dzielnica", "barrio", "barri", "neighbourhood", "quartiere",
    "zona", "zone", "circoscrizione", "municipio", "centro municipal de distrito", "cmd", "dto", "dist",
)  # fmt: skip
"""Words before a territory's name that do not belong to it."""

SUFFIXES = ("district", "ward")

AREA_TOLERANCE = 0.02
"""Share by which a stated area may differ from the computed one."""


def territory_names(territories: pd.DataFrame) -> dict[str, str | None]:
    """Every folded way to name a territory -> its id; None for a name that several of the same level share.

    A name that a city shares with one of its districts means the district only where a prefix says so.
    """
    names: dict[str, str | None] = {}
    for row in territories.itertuples():
        aliases = row.aliases.split(";") if isinstance(row.aliases, str) else []
        for text in {fold(name) for name in (row.name, *aliases) if isinstance(name, str)}:
            for variant in _variants(text, row.level):
                names[variant] = row.territory_id if names.get(variant, row.territory_id) == row.territory_id else None
    for identifier in territories["territory_id"]:
        names[identifier] = names[fold(identifier)] = identifier
    return names


def _variants(name: str, level: str) -> list[str]:
    if level == "city":
        return [name]
    return [name, *(f"{word} {name}" for word in PREFIXES), *(f"{name} {word}" for word in SUFFIXES)]


def shapes_of(territories: pd.DataFrame) -> gpd.GeoDataFrame:
    """territory_id and geometry (WGS84) of the territories that have a shape, in the order of their ids."""
    if "_geometry" not in territories.columns:
        return gpd.GeoDataFrame({"territory_id": pd.Series(dtype="str")}, geometry=[], crs="EPSG:4326")
    with_shape = territories[territories["_geometry"].notna()].sort_values("territory_id")
    shapes = shapely.make_valid(shapely.from_geojson(with_shape["_geometry"].to_numpy(dtype=object)))
    return gpd.GeoDataFrame({"territory_id": with_shape["territory_id"].to_numpy()}, geometry=shapes, crs="EPSG:4326")


def areas_km2(shapes: gpd.GeoDataFrame, projection: str) -> pd.Series:
    """Area in square kilometres by territory_id, rounded to a hectare, computed in the city's projection."""
    area = shapes.to_crs(projection).area / 1e6 if len(shapes) else pd.Series(dtype="float64")
    return pd.Series(area.round(2).to_numpy(dtype="float64"), index=shapes["territory_id"], dtype="Float64")
