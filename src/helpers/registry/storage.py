"""Clean registries on disk: one CSV per table, shapes as GeoJSON, problems, changes and accounts; byte-stable."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from helpers.config import Dictionary
from helpers.files import MonitorError, read_csv, write_csv, write_text
from helpers.registry.accounts import COUNTS
from helpers.registry.parse.column import dtype_of
from helpers.registry.schema import empty_table

LEDGERS = ("problems", "changes", "accounts")

SHAPES = "territories.geojson"

COORDINATE_DIGITS = 6
"""About a decimetre."""


@dataclass(frozen=True)
class Registry:
    """Clean tables by name, and what was found on the way."""

    tables: dict[str, pd.DataFrame]
    problems: pd.DataFrame
    changes: pd.DataFrame
    accounts: pd.DataFrame
    geometry: gpd.GeoDataFrame = field(default_factory=gpd.GeoDataFrame)
    blocked: MonitorError | None = None
    """The first row that cannot stand, where its source does not accept quarantine."""


def save(registry: Registry, folder: Path) -> None:
    """Write everything; a registry with rows that stop the run is not written, so the last good one stays."""
    if registry.blocked:
        raise registry.blocked
    for name, table in registry.tables.items():
        write_csv(folder / f"{name}.csv", table)
    for name in LEDGERS:
        write_csv(folder / f"{name}.csv", getattr(registry, name))
    write_text(folder / SHAPES, _geojson(registry.geometry))


def load(folder: Path, dictionary: Dictionary) -> Registry:
    """What ``save`` wrote, with its types."""
    tables = {name: _read_table(folder / f"{name}.csv", dictionary, name) for name in dictionary.tables}
    ledgers = {name: _read_ledger(folder / f"{name}.csv") for name in LEDGERS}
    return Registry(tables, **ledgers, geometry=load_geometry(folder))


def load_geometry(folder: Path) -> gpd.GeoDataFrame:
    """territory_id, schematic and geometry in EPSG:4326; empty where the city has no shapes."""
    try:
        features = json.loads((folder / SHAPES).read_text(encoding="utf-8"))["features"]
    except FileNotFoundError as error:
        raise _absent(folder / SHAPES) from error
    identifiers = pd.Series([feature["properties"]["territory_id"] for feature in features], dtype="str")
    shapes = [shapely.from_geojson(json.dumps(feature["geometry"])) for feature in features]
    schematic = pd.Series([feature["properties"]["schematic"] for feature in features], dtype="bool")
    return gpd.GeoDataFrame({"territory_id": identifiers, "schematic": schematic}, geometry=shapes, crs="EPSG:4326")


def _geojson(shapes: gpd.GeoDataFrame) -> str:
    """One feature per line, sorted by id, coordinates rounded: two versions can be compared line by line."""
    lines = []
    for identifier, schematic, shape in zip(shapes["territory_id"], shapes["schematic"], shapes.geometry, strict=True):
        rounded = shapely.normalize(shapely.set_precision(shape, 10**-COORDINATE_DIGITS, mode="pointwise"))
        feature = {
            "type": "Feature",
            "properties": {"territory_id": identifier, "schematic": bool(schematic)},
            "geometry": json.loads(shapely.to_geojson(rounded)),
        }
        lines.append(json.dumps(_rounded(feature), ensure_ascii=False, separators=(",", ":")))
    return '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}"


def _rounded(value: object) -> object:
    """Numbers at the declared digits, so that no platform's last bit shows."""
    if isinstance(value, float):
        return round(value, COORDINATE_DIGITS)
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    return {key: _rounded(item) for key, item in value.items()} if isinstance(value, dict) else value


def _read_table(path: Path, dictionary: Dictionary, name: str) -> pd.DataFrame:
    text = _unmarked(_read_text(path))
    table = dictionary.tables[name]
    if list(text.columns) != table.columns:
        raise MonitorError(
            "the clean table is of another version of the field dictionary",
            where=path,
            remedy="run `make registries` again",
        )
    if text.empty:
        return empty_table(table)
    types = {field.name: dtype_of(field) for field in table.published_fields}
    return text.assign(**{column: _typed(text[column], types.get(column, "str")) for column in text.columns})


def _unmarked(text: pd.DataFrame) -> pd.DataFrame:
    """Text without the apostrophe that keeps spreadsheets from running it."""
    return text.apply(lambda column: column.str.replace(r"^'(?=\s*[=+\-@\t\r])", "", regex=True))


def _typed(text: pd.Series, dtype: str) -> pd.Series:
    if dtype == "boolean":
        return text.map({"yes": True, "no": False}).astype("boolean")
    if dtype == "datetime64[s]":
        return pd.to_datetime(text, format="%Y-%m-%d").astype(dtype)
    if dtype == "datetime64[s, UTC]":
        return pd.to_datetime(text, format="%Y-%m-%dT%H:%M:%SZ", utc=True).astype(dtype)
    return pd.to_numeric(text).astype(dtype) if dtype in ("Int64", "Float64") else text.astype(dtype)


def _read_ledger(path: Path) -> pd.DataFrame:
    frame = _read_text(path)
    numbers = [name for name in ("rows", "first_row", *COUNTS) if name in frame]
    return frame.assign(**{name: pd.to_numeric(frame[name]).astype("int64") for name in numbers})


def _read_text(path: Path) -> pd.DataFrame:
    if not path.is_file():
        raise _absent(path)
    return read_csv(path)


def _absent(path: Path) -> MonitorError:
    return MonitorError("the clean table is not there", where=path, remedy="run `make registries` first")
