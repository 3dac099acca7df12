"""Geography: GeoJSON, GeoJSON in a column of a table, and GML, GeoPackage or shapefile through GDAL.

Geometry leaves as GeoJSON text in WGS84 (longitude, latitude) in the column ``geometry``.
"""

import json
import shutil
import tempfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely
from pyproj.exceptions import CRSError

from helpers.files import MonitorError
from helpers.sources.encoding import text_of
from helpers.sources.frame import own_rows, table_columns, text_frame
from helpers.sources.table import read_table

WGS84 = "EPSG:4326"
GDAL_FORMATS = {".gml", ".gpkg", ".shp", ".kml"}


def read_geo(
    path: Path, geometry_column: str | None = None, layer: str | None = None, crs: str | None = None
) -> dict[str, pd.DataFrame]:
    """The features of a file as the table ``features``: properties and ``geometry``.

    Parameters
    ----------
    geometry_column: the column of a table that holds GeoJSON, where there is more than one.
    layer: the layer of a file that has several.
    crs: the reference system ("EPSG:5347") of a file that does not name its own.
    """
    suffix = path.suffix.lower()
    if suffix in GDAL_FORMATS:
        frame = _from_gdal(path, layer, crs)
    elif suffix in (".json", ".geojson"):
        frame = _from_geojson(path, crs)
    else:
        frame = _from_table(path, geometry_column)
    return {"features": frame}


def _from_geojson(path: Path, crs: str | None) -> pd.DataFrame:
    try:
        content = json.loads(text_of(path))
        features = content["features"] if content.get("type") == "FeatureCollection" else [content]
        shapes = [shapely.from_geojson(json.dumps(feature.get("geometry"))) for feature in features]
    except (ValueError, KeyError, TypeError, AttributeError, shapely.errors.ShapelyError) as error:
        raise _broken(path, str(error)) from error
    properties = pd.DataFrame([_properties(feature.get("properties")) for feature in features])
    named = crs or ((content.get("crs") or {}).get("properties") or {}).get("name") or WGS84
    return _frame(properties, gpd.GeoSeries(shapes, crs=_known(named, path)), path)


def _properties(given: object) -> dict:
    """Properties of a feature, also where an export wrote them as text; what is neither says nothing."""
    if isinstance(given, str):
        try:
            given = json.loads(given)
        except ValueError:
            given = {"properties": given} if given.strip() else {}
    return given if isinstance(given, dict) else {}


def _from_gdal(path: Path, layer: str | None, crs: str | None) -> pd.DataFrame:
    """GDAL writes a schema beside a GML that it reads, so it is given a copy: raw files stay alone."""
    if not path.is_file():
        raise MonitorError("the file is not there", where=path, remedy="put it in place or correct its name")
    with tempfile.TemporaryDirectory() as folder:
        for part in path.parent.glob(f"{path.stem}.*"):
            if part.is_file():
                shutil.copy(part, folder)
        try:
            data = gpd.read_file(Path(folder) / path.name, layer=layer)
        except Exception as error:  # GDAL's drivers raise many kinds
            raise _broken(path, str(error).replace(folder, "")) from error
    if data.crs is None:
        data = data.set_crs(_known(crs or WGS84, path))
    return _frame(pd.DataFrame(data.drop(columns="geometry")), data.geometry, path)


def _from_table(path: Path, geometry_column: str | None) -> pd.DataFrame:
    frame = next(iter(read_table(path).values()))
    holding = [name for name in table_columns(frame) if _holds_geojson(own_rows(frame)[name])]
    column = geometry_column or (holding[0] if holding else None)
    if column not in frame.columns:
        raise MonitorError(
            f"there is no column {column!r} with GeoJSON" if column else "no column holds GeoJSON",
            where=path,
            remedy="name the column as `geometry_column` in city.yml",
        )
    rows = own_rows(frame)
    shapes = [_shape_of(cell, path, row) for cell, row in zip(rows[column], rows["_row"], strict=True)]
    return frame.drop(columns=column).assign(geometry=pd.Series(shapes, rows.index, dtype="str"))


def _holds_geojson(column: pd.Series) -> bool:
    text = column.dropna()
    return bool(len(text)) and bool((text.str.startswith("{") & text.str.contains('"type"', regex=False)).all())


def _shape_of(cell: str, path: Path, row: int) -> str | None:
    """GeoJSON text of the geometry in a cell that holds a feature (whatever its properties) or a geometry."""
    if not isinstance(cell, str):
        return None
    try:
        content = json.loads(cell)
        return shapely.to_geojson(shapely.from_geojson(json.dumps(content.get("geometry", content))))
    except (ValueError, AttributeError, TypeError, shapely.errors.ShapelyError) as error:
        raise _broken(f"{path}, row {row}", str(error)) from error


def _frame(properties: pd.DataFrame, shapes: gpd.GeoSeries, path: Path) -> pd.DataFrame:
    bounds = shapes.total_bounds
    if shapes.crs == WGS84 and not (abs(bounds[[0, 2]]) <= 180).all():
        raise MonitorError(
            "the coordinates are not longitude and latitude, and the file does not say what they are",
            where=path,
            remedy="name the reference system as `crs` (such as EPSG:5347) in city.yml",
        )
    text = shapely.to_geojson(shapes.to_crs(WGS84).to_numpy())
    columns = {name: _as_text(properties[name]) for name in properties.columns}
    return text_frame({**columns, "geometry": text}, path, "", range(1, len(shapes) + 1))


def _as_text(column: pd.Series) -> list[str]:
    return ["" if pd.isna(cell) else str(cell) for cell in column.astype("object")]


def _known(crs: str, path: Path) -> str:
    """The name of a reference system; OGC's CRS84 is WGS84 with longitude first, as everywhere here."""
    if crs.upper().endswith("CRS84"):
        return WGS84
    try:
        return gpd.GeoSeries([], crs=crs).crs.to_string()
    except CRSError as error:
        raise MonitorError(f"unknown reference system {crs!r}", where=path, remedy="write it as EPSG:4326") from error


def _broken(where: object, reason: str) -> MonitorError:
    return MonitorError(
        f"the geometry cannot be read ({reason.strip().splitlines()[0] if reason.strip() else 'no reason given'})",
        where=where,
        remedy="export it again as GeoJSON in EPSG:4326",
    )
