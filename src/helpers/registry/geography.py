"""Territories: the names that people give them, their shapes and areas."""

import geopandas as gpd
import pandas as pd
import shapely

from helpers.registry.folding import fold

WORDS = {
    "district": (
        "distrito", "district", "distretto", "districte", "dzielnica", "circoscrizione", "municipio", "dto", "dist",
        "centro municipal de distrito", "cmd", "zona", "zone", "ward", "delegacion",
    ),
    "neighbourhood": ("barrio", "barri", "neighbourhood", "neighborhood", "quartiere", "zona", "zone", "bo"),
}  # fmt: skip
"""Words before or after a territory's name that say its level and do not belong to the name."""

LEVELS = ("city", "district", "neighbourhood", "priority_area", "block")
"""From the broadest; a bare name that several levels share means the broadest of them."""

VALIDITY = ("valid_from", "valid_to")
"""First and last day of an outline; a table of a small city may lack them."""

SCHEMATIC = '"schematic": true'
"""Member of a GeoJSON geometry that shows roughly where a territory lies, and neither its outline nor its size."""

AREA_TOLERANCE = 0.02
"""Share by which a stated area may differ from the computed one."""


def valid_on(territories: pd.DataFrame, day: object) -> pd.Series:
    """Which territories have their outline on a day (both ends count; one that names no end is open on that side).

    day: one for all, or a series with the day of each row.
    """
    start, end = (territories.get(name, default=pd.Series(pd.NaT, territories.index)) for name in VALIDITY)
    day = day if isinstance(day, pd.Series) else pd.Timestamp(day)
    return (start.isna() | (start <= day)) & (end.isna() | (end >= day))


def territory_names(territories: pd.DataFrame) -> dict[str, str | None]:
    """Every folded way to name a territory -> its id; None for a name that several of the same level share.

    Of the versions of a territory whose outline changed, a name means the one that still holds.
    """
    past = ~valid_on(territories, pd.Timestamp.max)
    return _names(territories[past]) | _names(territories[~past])


def _names(territories: pd.DataFrame) -> dict[str, str | None]:
    names: dict[str, str | None] = {}
    for level in reversed(LEVELS):
        found: dict[str, str | None] = {}
        for row in territories[territories["level"] == level].itertuples():
            aliases = row.aliases.split(";") if isinstance(row.aliases, str) else []
            for text in {fold(name) for name in (row.name, *aliases) if isinstance(name, str)}:
                for variant in (text, *_with_level(text, level)):
                    found[variant] = (
                        row.territory_id if found.get(variant, row.territory_id) == row.territory_id else None
                    )
        names |= found
    for identifier in territories["territory_id"]:
        names[identifier] = names[fold(identifier)] = identifier
    return names


def _with_level(name: str, level: str) -> list[str]:
    words = WORDS.get(level, ())
    return [f"{word} {name}" for word in words] + [f"{name} {word}" for word in words]


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
