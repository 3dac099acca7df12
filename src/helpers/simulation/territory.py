"""The ground of the simulated city: districts, neighbourhoods, blocks and who lives there."""

import json

import numpy as np
import pandas as pd
from pyproj import Transformer

from helpers.simulation import words
from helpers.simulation.latent import PREFIX, PROJECTION, World

ORIGIN = (5_470_000.0, 6_100_000.0)
"""South-west corner in metres."""

DISTRICT_SIDE = 4_000.0
"""Length of a district's side in metres, before the outlines are bent."""

GRID = (3, 2)
"""Columns and rows of districts."""

AGE_BANDS = ("0-12", "13-15", "16-17", "18-29", "30-44", "45-59", "60-74", "75+")
AGE_SHARES = np.array([0.19, 0.045, 0.03, 0.185, 0.215, 0.165, 0.115, 0.055])
AGING = np.array([-1.2, -0.8, -0.5, 0.2, 0.0, 0.1, 0.8, 1.2])
"""How the bands change from a young district to an old one."""

CENSUS_YEAR = 2020
DENSITY = (1.5, 0.8, 1.1, 0.9, 1.2, 0.7)
"""Inhabitants of the districts relative to each other."""


def build_territories(world: World) -> pd.DataFrame:
    """City, districts, neighbourhoods, blocks and priority areas with outlines, inhabitants and coordinates."""
    rng = world.stream("territory")
    grid = _Grid(world, rng)
    rows = [grid.row("city", PREFIX, words.CITY, None, (0, grid.columns, 0, grid.rows), "")]
    for number, name in enumerate(words.DISTRICTS):
        rows += _district_rows(grid, number, name, world)
    frame = pd.DataFrame(rows)
    frame["_population"] = _inhabitants(frame, world, rng)
    return frame


def _district_rows(grid: "_Grid", number: int, name: str, world: World) -> list[dict]:
    """A district with everything in it; every second one has a priority area."""
    column, row = number % GRID[0], number // GRID[0]
    across, up = world.size.neighbourhoods
    width, height = grid.columns // GRID[0], grid.rows // GRID[1]
    key = f"{PREFIX}-d-{_slug(name)}"
    west, south = column * width, row * height
    rows = [grid.row("district", key, name, PREFIX, (west, west + width, south, south + height), key)]
    for index in range(across * up):
        cell = (west + index % across * width // across, south + index // across * height // up)
        box = (cell[0], cell[0] + width // across, cell[1], cell[1] + height // up)
        label = words.NEIGHBOURHOODS[number * 4 + index]
        area = f"{PREFIX}-b-{_slug(label)}"
        rows.append(grid.row("neighbourhood", area, label, key, box, key))
        if number % 2 and index == 0:
            rows.append(
                grid.row("priority_area", f"{PREFIX}-ap-{_slug(label)}", f"Área prioritaria {label}", key, box, key)
            )
        for block, (x, y) in enumerate((x, y) for y in range(box[2], box[3]) for x in range(box[0], box[1])):
            name_of = f"Manzana {_slug(label)}-{block + 1}"
            rows.append(
                grid.row("block", f"{area.replace('-b-', '-m-')}-{block + 1}", name_of, area, (x, x + 1, y, y + 1), key)
            )
    return rows


class _Grid:
    """Bent grid whose cells are the blocks, so that outlines of neighbours share their corners."""

    def __init__(self, world: World, rng: np.random.Generator):
        (across, up), (columns, rows) = world.size.neighbourhoods, world.size.blocks
        self.columns, self.rows = GRID[0] * across * columns, GRID[1] * up * rows
        step = DISTRICT_SIDE * GRID[0] / self.columns, DISTRICT_SIDE * GRID[1] / self.rows
        x, y = np.meshgrid(np.arange(self.columns + 1) * step[0], np.arange(self.rows + 1) * step[1], indexing="ij")
        phase = rng.uniform(0, 2 * np.pi, 4)
        bent_x = x + 160 * np.sin(y / 1900 + phase[0]) + 90 * np.sin(x / 2300 + phase[1])
        bent_y = y + 160 * np.sin(x / 2100 + phase[2]) + 90 * np.sin(y / 1700 + phase[3])
        self.nodes = np.stack([bent_x + ORIGIN[0], bent_y + ORIGIN[1]], axis=-1)
        self._to_degrees = Transformer.from_crs(PROJECTION, "EPSG:4326", always_xy=True)

    def row(self, level: str, key: str, name: str, parent: str | None, box: tuple, district: str) -> dict:
        """A territory over the cells of a box (west, east, south, north)."""
        ring = self._outline(*box)
        centre = ring[:-1].mean(axis=0)
        longitude, latitude = self.degrees(centre[None])[0]
        return {
            "territory_id": key,
            "level": level,
            "name": name,
            "aliases": _aliases(level, name),
            "parent_id": parent,
            "area_km2": round(_area(ring) / 1e6, 2),
            "latitude": latitude,
            "longitude": longitude,
            "_district": district,
            "_x": centre[0],
            "_y": centre[1],
            "_geometry": self.degrees(ring),
        }

    def _outline(self, west: int, east: int, south: int, north: int) -> np.ndarray:
        """Corners along the edge, anticlockwise, the first again at the end."""
        nodes = self.nodes
        sides = [
            nodes[west:east, south],
            nodes[east, south:north],
            nodes[east:west:-1, north],
            nodes[west, north:south:-1],
        ]
        ring = np.concatenate(sides)
        return np.concatenate([ring, ring[:1]])

    def degrees(self, points: np.ndarray) -> np.ndarray:
        """Longitude and latitude with six decimals (a decimetre)."""
        longitude, latitude = self._to_degrees.transform(points[:, 0], points[:, 1])
        return np.round(np.column_stack([longitude, latitude]), 6)


def _area(ring: np.ndarray) -> float:
    """Area of a closed ring by the shoelace formula."""
    x, y = ring[:, 0], ring[:, 1]
    return 0.5 * abs(float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])))


def _aliases(level: str, name: str) -> str | None:
    if level != "district":
        return None
    return f"Distrito {name};Dto. {name}"


def _inhabitants(frame: pd.DataFrame, world: World, rng: np.random.Generator) -> pd.Series:
    """Inhabitants of the blocks, added up for what they lie in."""
    blocks = frame["level"] == "block"
    density = dict(zip([f"{PREFIX}-d-{_slug(name)}" for name in words.DISTRICTS], DENSITY, strict=True))
    weight = rng.lognormal(0, 0.35, blocks.sum()) * frame.loc[blocks, "_district"].map(density).to_numpy()
    people = pd.Series(0, index=frame.index)
    people[blocks] = np.round(weight / weight.sum() * world.size.inhabitants).astype(int)
    of_area = people[blocks].groupby(frame.loc[blocks, "parent_id"]).sum()
    areas = frame["level"].isin(["neighbourhood"])
    people[areas] = frame.loc[areas, "territory_id"].map(of_area)
    of_district = people[blocks].groupby(frame.loc[blocks, "_district"]).sum()
    districts = frame["level"] == "district"
    people[districts] = frame.loc[districts, "territory_id"].map(of_district)
    people[frame["level"] == "city"] = people[blocks].sum()
    priority = frame["level"] == "priority_area"
    people[priority] = frame.loc[priority, "territory_id"].str.replace("-ap-", "-b-").map(of_area)
    return people.astype(int)


def build_population(world: World) -> pd.DataFrame:
    """Reference population: totals everywhere; gender, age, nationality and disability of districts and city."""
    territories = world["territories"]
    rows = [
        (key, "total", "total", count)
        for key, count in zip(territories["territory_id"], territories["_population"], strict=True)
    ]
    districts = territories[territories["level"] == "district"]
    whole: dict[tuple[str, str], int] = {}
    for number, (key, total) in enumerate(zip(districts["territory_id"], districts["_population"], strict=True)):
        for (dimension, category), count in _composition(int(total), number).items():
            rows.append((key, dimension, category, count))
            whole[dimension, category] = whole.get((dimension, category), 0) + count
    rows += [(PREFIX, dimension, category, count) for (dimension, category), count in whole.items()]
    frame = pd.DataFrame(rows, columns=["territory_id", "dimension", "category", "population"])
    return frame.assign(census_year=CENSUS_YEAR, is_estimate=False)


def _composition(total: int, number: int) -> dict[tuple[str, str], int]:
    """Inhabitants of a district by one characteristic at a time."""
    aging = (number - 2.5) / 2.5 * 0.12
    ages = AGE_SHARES * (1 + aging * AGING)
    women = 0.515 + 0.008 * aging / 0.12
    foreign, disability = 0.05 + 0.015 * (number % 3), 0.10
    parts = {
        "gender": (("woman", "man"), [women, 1 - women]),
        "age_band": (AGE_BANDS, ages / ages.sum()),
        "nationality": (("national", "foreign"), [1 - foreign, foreign]),
        "disability": (("with_disability", "without_disability"), [disability, 1 - disability]),
    }
    return {
        (dimension, category): count
        for dimension, (categories, shares) in parts.items()
        for category, count in zip(categories, _whole_parts(total, np.asarray(shares)), strict=True)
    }


def _whole_parts(total: int, shares: np.ndarray) -> list[int]:
    """Shares of a total as whole numbers that add up to it."""
    edges = np.round(np.cumsum(shares) * total).astype(int)
    return [int(count) for count in np.diff(np.concatenate([[0], edges]))]


def as_geojson(territories: pd.DataFrame, properties: pd.DataFrame) -> bytes:
    """A feature collection of the outlines with the given properties, marked as simulated."""
    features = [
        {
            "type": "Feature",
            "properties": {key: value for key, value in row.items() if value != ""},
            "geometry": {"type": "Polygon", "coordinates": [ring.tolist()]},
        }
        for row, ring in zip(properties.to_dict("records"), territories["_geometry"], strict=True)
    ]
    collection = {"type": "FeatureCollection", "name": "territorios simulados", "features": features}
    return (json.dumps(collection, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def build_venues(world: World) -> pd.DataFrame:
    """Places for events: some in every district, more of them accessible as the number grows."""
    rng = world.stream("venues")
    blocks = world.territories("block")
    rows = []
    for number, name in enumerate(words.DISTRICTS):
        district = f"{PREFIX}-d-{_slug(name)}"
        inside = blocks[blocks["_district"] == district]
        for index in range(world.size.venues):
            block = inside.iloc[int(rng.integers(len(inside)))]
            step_free = bool(rng.random() < 0.68)
            rows.append(_venue(number, index, name, block, step_free, bool(step_free and rng.random() < 0.78), rng))
    frame = pd.DataFrame(rows)
    frame["evidence_id"] = [
        world.cite("photo", f"Registro fotográfico de {name}", pd.Timestamp("2021-01-20").date(), f"venues:{key}")
        for name, key in zip(frame["name"], frame["venue_id"], strict=True)
    ]
    return frame


def _venue(number: int, index: int, district: str, block: pd.Series, step_free: bool, toilet: bool, rng) -> dict:
    kind = words.VENUE_KINDS[index % len(words.VENUE_KINDS)]
    label = f"{kind} {100 + number * 10 + index}" if kind.startswith("Escuela") else f"{kind} {district}"
    return {
        "venue_id": f"{PREFIX}-lug-{number + 1}{index + 1}",
        "name": label,
        "address": f"Calle {10 + number * 7 + index} N.º {int(rng.integers(100, 2500))}",
        "latitude": block["latitude"],
        "longitude": block["longitude"],
        "territory_id": block["_district"],
        "step_free": step_free,
        "accessible_toilet": toilet,
        "hearing_support": bool(rng.random() < 0.2),
        "checked_on": pd.Timestamp("2021-01-20"),
        "_district": block["_district"],
        "_x": block["_x"],
        "_y": block["_y"],
    }


def _slug(text: str) -> str:
    """Lower-case ASCII words joined by hyphens."""
    plain = text.lower().translate(str.maketrans("áéíóúñ", "aeioun"))
    return "-".join("".join(mark if mark.isalnum() else " " for mark in plain).split())
