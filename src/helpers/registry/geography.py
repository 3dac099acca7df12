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

SCHEMATIC = '"schematic": true'
"""Member of a GeoJSON geometry that shows roughly where a territory lies, and neither its outline nor its size."""

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


def mark_schematic(shapes: pd.Series) -> pd.Series:
    """GeoJSON geometries with the mark that they are tiles of a scheme: it stays with a shape through every merge."""
    return shapes.str.replace(r"\}\s*$", f", {SCHEMATIC}}}", regex=True)


def shapes_of(territories: pd.DataFrame) -> gpd.GeoDataFrame:
    """territory_id, schematic (bool) and geometry (WGS84) of the territories that have a shape, in order of id."""
    if "_geometry" not in territories.columns:
        empty = {"territory_id": pd.Series(dtype="str"), "schematic": pd.Series(dtype="bool")}
        return gpd.GeoDataFrame(empty, geometry=[], crs="EPSG:4326")
    with_shape = territories[territories["_geometry"].notna()].sort_values("territory_id")
    shapes = shapely.make_valid(shapely.from_geojson(with_shape["_geometry"].to_numpy(dtype=object)))
    schematic = with_shape["_geometry"].str.contains(SCHEMATIC, regex=False).to_numpy(dtype=bool)
    facts = {"territory_id": with_shape["territory_id"].to_numpy(), "schematic": schematic}
    return gpd.GeoDataFrame(facts, geometry=shapes, crs="EPSG:4326")


def areas_km2(shapes: gpd.GeoDataFrame, projection: str) -> pd.Series:
    """Area in square kilometres by territory_id, rounded to a hectare, computed in the city's projection.

    The tiles of a scheme have no area.
    """
    shapes = shapes[~shapes["schematic"]]
    area = shapes.to_crs(projection).area / 1e6 if len(shapes) else pd.Series(dtype="float64")
    return pd.Series(area.round(2).to_numpy(dtype="float64"), index=shapes["territory_id"], dtype="Float64")
