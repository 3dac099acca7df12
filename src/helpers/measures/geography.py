"""Who lives near an event: blocks of known population and the straight line to their middle."""

from functools import lru_cache

import numpy as np
import pandas as pd
import pyproj

from helpers.config.indicator import Rows
from helpers.measures.derive import Prepared, as_array


def near_blocks(
    facts: pd.DataFrame, rows: Rows, prepared: Prepared, unit: object
) -> tuple[np.ndarray, np.ndarray | None]:
    """Which event lies within the radius of which block, (events, blocks), and the people of each block.

    The population is None where the unit has no blocks with a place and a population.
    """
    blocks = _blocks(prepared)
    if unit.level == "territory" and blocks is not None:
        blocks = blocks[blocks["district"] == unit.id]
    if blocks is None or blocks.empty:
        return np.zeros((len(facts), 0)), None
    east, north = _metres(facts["longitude"], facts["latitude"], prepared.city.projection)
    block_east, block_north = _metres(blocks["longitude"], blocks["latitude"], prepared.city.projection)
    with np.errstate(invalid="ignore"):
        distance = np.hypot(east[:, None] - block_east, north[:, None] - block_north)
        return (distance <= rows.radius_m).astype(float), as_array(blocks["population"])


def _blocks(prepared: Prepared) -> pd.DataFrame | None:
    territories, people = prepared.raw.get("territories"), prepared.raw.get("reference_population")
    if territories is None or people is None or territories.empty or people.empty:
        return None
    if not {"latitude", "longitude"} <= set(territories):
        return None
    blocks = territories[(territories["level"] == "block") & territories["latitude"].notna()]
    total = people[(people["dimension"] == "total") & (people["census_year"] <= prepared.period.end.year)]
    newest = total.sort_values("census_year").drop_duplicates("territory_id", keep="last").set_index("territory_id")
    population = blocks["territory_id"].map(newest["population"])
    district = blocks["territory_id"].map(prepared.places.inside)
    return blocks.assign(population=population, district=district)[population.notna()]


def _metres(longitude: pd.Series, latitude: pd.Series, projection: str) -> tuple[np.ndarray, np.ndarray]:
    east, north = _transformer(projection).transform(as_array(longitude), as_array(latitude))
    missing = ~np.isfinite(east)
    return np.where(missing, np.nan, east), np.where(missing, np.nan, north)


@lru_cache
def _transformer(projection: str) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs("EPSG:4326", projection, always_xy=True)
