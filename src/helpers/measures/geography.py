"""Who lives near an event: blocks of known population and the straight line to their middle."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pyproj

from helpers.config.indicator import Rows
from helpers.measures.columns import Facts
from helpers.measures.derive import Prepared, as_array


class Blocks(NamedTuple):
    """Blocks of a city: middle in metres of its projection, people, district; arrays of one length."""

    east: np.ndarray
    north: np.ndarray
    population: np.ndarray
    district: np.ndarray


def near_blocks(
    facts: Facts, rows: Rows, blocks: Blocks | None, unit: object, projection: str
) -> tuple[np.ndarray, np.ndarray] | None:
    """Which event lies within the radius of which block, (events, blocks), and the people of each block.

    None where the unit has no blocks with a place and a population.
    """
    if blocks is None:
        return None
    here = np.ones(len(blocks.east), bool) if unit.level != "territory" else blocks.district == unit.id
    if not here.any():
        return None
    east, north = _metres(facts["longitude"], facts["latitude"], projection)
    with np.errstate(invalid="ignore"):
        distance = np.hypot(east[:, None] - blocks.east[here], north[:, None] - blocks.north[here])
        return (distance <= rows.radius_m).astype(float), blocks.population[here]


def blocks_of(prepared: Prepared) -> Blocks | None:
    """Blocks with a middle and, in the newest census up to the period, a population."""
    territories, people = prepared.raw.get("territories"), prepared.raw.get("reference_population")
    if territories is None or people is None or territories.empty or people.empty:
        return None
    blocks = territories[(territories["level"] == "block") & territories["latitude"].notna()]
    total = people[(people["dimension"] == "total") & (people["census_year"] <= prepared.period.end.year)]
    newest = total.sort_values("census_year").drop_duplicates("territory_id", keep="last").set_index("territory_id")
    population = blocks["territory_id"].map(newest["population"])
    blocks = blocks.assign(population=population)[population.notna()]
    if blocks.empty:
        return None
    east, north = _metres(as_array(blocks["longitude"]), as_array(blocks["latitude"]), prepared.city.projection)
    district = blocks["territory_id"].map(prepared.places.inside).to_numpy(dtype=object)
    return Blocks(east, north, as_array(blocks["population"]), district)


def _metres(longitude: np.ndarray, latitude: np.ndarray, projection: str) -> tuple[np.ndarray, np.ndarray]:
    east, north = _transformer(projection).transform(longitude, latitude)
    missing = ~np.isfinite(east)
    return np.where(missing, np.nan, east), np.where(missing, np.nan, north)


@lru_cache
def _transformer(projection: str) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs("EPSG:4326", projection, always_xy=True)
