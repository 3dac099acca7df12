"""Geography in its several wrappings comes out as the same shapes."""

import json

import pytest
import shapely

from helpers.files import MonitorError
from helpers.sources import read

SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [0, 1], [1, 1], [1, 0], [0, 0]]]}


def shape_of(text: str):
    return shapely.from_geojson(text)


def test_geojson_with_properties_that_are_an_empty_string(tmp_path):
    path = tmp_path / "a.geojson"
    features = [{"type": "Feature", "properties": "", "geometry": SQUARE}]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    frame = read("geo", path)["features"]
    assert shape_of(frame["geometry"].iloc[0]).area == 1 and frame["_row"].tolist() == [1]


def test_geojson_in_a_cell_of_a_table(tmp_path):
    path = tmp_path / "a.csv"
    cell = json.dumps({"type": "Feature", "properties": "", "geometry": SQUARE}).replace('"', '""')
    path.write_text(f'DISTRITO,GEOJSON\nNORTE,"{cell}"\n')
    frame = read("geo", path)["features"]
    assert frame["DISTRITO"].tolist() == ["NORTE"] and frame["_row"].tolist() == [2]
    assert shape_of(frame["geometry"].iloc[0]).area == 1


def test_a_broken_cell_names_its_row(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('DISTRITO,GEOJSON\nNORTE,"{""type"": ""Feature"""\n')
    with pytest.raises(MonitorError, match="row 2: the geometry cannot be read"):
        read("geo", path, {"geometry_column": "GEOJSON"})


def test_metres_without_a_reference_system_are_refused(tmp_path):
    path = tmp_path / "a.geojson"
    point = {"type": "Feature", "properties": {"n": 1}, "geometry": {"type": "Point", "coordinates": [430000, 4580000]}}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [point]}))
    with pytest.raises(MonitorError, match="not longitude and latitude"):
        read("geo", path)
    inside = shape_of(read("geo", path, {"crs": "EPSG:25831"})["features"]["geometry"].iloc[0])
    assert inside.x == pytest.approx(2.16, abs=0.05) and inside.y == pytest.approx(41.37, abs=0.05)


def test_rosario_districts_are_the_same_from_csv_and_gml(mirror):
    from_csv = read("geo", mirror / "rosario-geo/distritos_descentralizados_json.csv")["features"]
    from_gml = read("geo", mirror / "rosario-geo/distritos_descentralizados.gml")["features"]
    left = {row.DISTRITO: shape_of(row.geometry) for row in from_csv.itertuples()}
    right = {row.DISTRITO: shape_of(row.geometry) for row in from_gml.itertuples()}
    assert sorted(left) == ["CENTRO", "NOROESTE", "NORTE", "OESTE", "SUDOESTE", "SUR"] == sorted(right)
    assert all(left[name].symmetric_difference(right[name]).area < 1e-9 for name in left)


def test_every_file_of_geography_of_the_mirror_is_read(mirror):
    expected = {
        "rosario-geo/Barrios.csv": 53,
        "rosario-geo/Barrios.gml": 53,
        "rosario-geo/barrios_rosario_2020.gml": 50,
        "rosario-geo/renabap_2023_rosario.xlsx": 173,
        "warsaw-pb/warszawa-dzielnice.geojson": 19,
        "barcelona/districtes_geo.json": 10,
        "barcelona/barris_geo.json": 73,
    }
    found = {name: read("geo", mirror / name)["features"] for name in expected}
    assert {name: len(frame) for name, frame in found.items()} == expected
    assert all(frame["geometry"].notna().all() for frame in found.values())
