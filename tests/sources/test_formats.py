"""Every format in every wrapping: the same rows come out; what is broken is one sentence that names the file."""

import gzip
import json
import zipfile

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from helpers.files import MonitorError
from helpers.sources import read
from tests.sources.books import book_bytes

ROWS = [["Título", "Año", "Monto"], ["Más árboles", "2022", "1.200,50"], ["Ñandú; plaza", "2023", "7"]]


def as_csv(separator=";"):
    quoted = [[f'"{cell}"' if separator in cell else cell for cell in row] for row in ROWS]
    return "\r\n".join(separator.join(row) for row in quoted) + "\r\n"


def records(frame):
    names = [name for name in frame.columns if not name.startswith("_")]
    return [names, *frame[names].values.tolist()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("wrapping", ["plain", "gzip", "zip"])
def test_text_in_any_encoding_separator_and_wrapping(tmp_path, encoding, separator, wrapping):
    content = as_csv(separator).encode(encoding)
    path = tmp_path / {"plain": "a.csv", "gzip": "a.csv.gz", "zip": "a.zip"}[wrapping]
    if wrapping == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("README.txt", "what this is")
            archive.writestr("__MACOSX/._a.csv", b"\x00")
            archive.writestr("export/a.csv", content)
    else:
        path.write_bytes(gzip.compress(content) if wrapping == "gzip" else content)
    frame = read("table", path)["table"]
    assert records(frame) == ROWS
    assert set(frame["_file"]) == {path.name} and frame["_row"].tolist() == [2, 3]


@pytest.mark.parametrize("suffix", [".xlsx", ".ods"])
def test_workbooks(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    path.write_bytes(book_bytes(suffix, ROWS))
    frame = read("table", path)["Hoja"]
    assert records(frame) == ROWS and set(frame["_sheet"]) == {"Hoja"}


SHAPE = {"type": "Polygon", "coordinates": [[[0, 0], [0, 1], [1, 1], [1, 0], [0, 0]]]}


DRIVERS = ["GPKG", "ESRI Shapefile", "GML", "GeoJSON"]
WRAPPED = [(driver, wrapping) for driver in DRIVERS for wrapping in ("plain", "zip")]
SINGLE = [(driver, "gzip") for driver in DRIVERS if driver != "ESRI Shapefile"]


@pytest.mark.parametrize(("driver", "wrapping"), WRAPPED + SINGLE)
def test_the_same_shapes_from_every_file_of_geography(tmp_path, driver, wrapping):
    suffix = {"GPKG": "gpkg", "ESRI Shapefile": "shp", "GML": "gml", "GeoJSON": "geojson"}[driver]
    shapes = gpd.GeoDataFrame.from_features(
        [{"type": "Feature", "properties": {"barrio": "Ñu"}, "geometry": SHAPE}], crs="EPSG:4326"
    )
    folder = tmp_path / "in"
    folder.mkdir()
    path = folder / f"b.{suffix}"
    shapes.to_crs("EPSG:3857" if driver != "GeoJSON" else "EPSG:4326").to_file(path, driver=driver)
    if wrapping == "zip":
        packed = tmp_path / "b.zip"
        with zipfile.ZipFile(packed, "w") as archive:
            for part in folder.iterdir():
                archive.write(part, f"shapes/{part.name}")
        path = packed
    elif wrapping == "gzip":
        packed = tmp_path / f"b.{suffix}.gz"
        packed.write_bytes(gzip.compress(path.read_bytes()))
        path = packed
    frame = read("geo", path)["features"]
    bounds = [round(side, 4) for side in shapely.from_geojson(frame["geometry"].iloc[0]).bounds]
    assert frame["barrio"].tolist() == ["Ñu"] and bounds == [0, 0, 1, 1]


def test_properties_written_as_text(tmp_path):
    path = tmp_path / "b.json"
    feature = {"type": "Feature", "properties": json.dumps({"barrio": "Sur"}), "geometry": SHAPE}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    assert read("geo", path)["features"]["barrio"].tolist() == ["Sur"]


def test_a_list_of_records(tmp_path):
    path = tmp_path / "r.json"
    path.write_text('[{"title": "Centro", "n": 1}, {"title": "Norte", "tags": ["a"]}]')
    frame = read("table", path)["table"]
    assert frame["title"].tolist() == ["Centro", "Norte"] and frame["tags"].tolist()[1] == '["a"]'
    path.write_text("[1, 2]")
    with pytest.raises(MonitorError, match="no table of records"):
        read("table", path)


def test_several_files_in_one_zip_are_several_tables(tmp_path):
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "x,y\n1,2\n")
        archive.writestr("b.csv", "x,y\n3,4\n")
    frames = read("table", path)
    assert {name: frame["_sheet"].tolist() for name, frame in frames.items()} == {"a": ["a.csv"], "b": ["b.csv"]}


def nested(path):
    inner = path.parent / "inner.zip"
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.csv", "x\n1\n")
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(inner, "inner.zip")


def twins(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("2021/a.csv", "x\n1\n")
        archive.writestr("2022/a.csv", "x\n1\n")


def nothing(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("photo.jpg", b"\xff\xd8")


@pytest.mark.parametrize(
    ("make", "words"),
    [(nested, "packed twice"), (twins, "two files in the zip are called 'a.csv'"), (nothing, "no data file")],
)
def test_a_zip_that_cannot_be_read_is_one_sentence(tmp_path, make, words):
    path = tmp_path / "x.zip"
    make(path)
    with pytest.raises(MonitorError, match=words):
        read("table", path)


def test_no_name_in_a_zip_leads_out_of_its_folder(tmp_path):
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../escaped.csv", "x,y\n1,2\n")
        archive.writestr("..\\..\\other.csv", "x,y\n1,2\n")
    assert sorted(read("table", path)) == ["escaped", "other"]
    assert [found.name for found in tmp_path.rglob("*")] == ["x.zip"]


LIKERT = {
    "es": ["Muy en desacuerdo", "En desacuerdo", "Ni de acuerdo ni en desacuerdo", "De acuerdo", "Muy de acuerdo"],
    "en": ["Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree"],
    "it": ["Per niente d'accordo", "Poco d'accordo", "Né d'accordo né in disaccordo", "D'accordo", "Molto d'accordo"],
    "ca": ["Molt en desacord", "En desacord", "Ni d'acord ni en desacord", "D'acord", "Molt d'acord"],
    "fr": [
        "Pas du tout d’accord", "Plutôt pas d’accord", "Ni d’accord ni pas d’accord", "Plutôt d’accord",
        "Tout à fait d’accord",
    ],
    "pt": ["Discordo totalmente", "Discordo", "Não concordo nem discordo", "Concordo", "Concordo totalmente"],
    "numbers": ["1", "2,0", "3.0", "4 - De acuerdo", "5) Muy"],
}  # fmt: skip


@pytest.mark.parametrize("language", sorted(LIKERT))
def test_words_of_agreement_in_each_language_and_reversed(tmp_path, language):
    path = tmp_path / "s.csv"
    pd.DataFrame({"q1": LIKERT[language], "q2": LIKERT[language]}).to_csv(path, index=False)
    frame = read("survey", path, {"items": ["q1", "q2"], "reversed": ["q2"]})["table"]
    assert frame["q1"].tolist() == list("12345") and frame["q2"].tolist() == list("54321")


PB = """META
key;value
country;Switzerland
unit;Zürich
instance;2021
num_projects;2
num_votes;2
budget;100
vote_type;{kind}
rule;greedy
PROJECTS
project_id;cost
a;10
b;20
VOTES
voter_id;vote{column}
1;"a,b"{first}
2;b{second}
"""


@pytest.mark.parametrize(
    ("kind", "column", "first", "second"),
    [
        ("approval", "", "", ""),
        ("ordinal", "", "", ""),
        ("cumulative", ";points", ";3,2", ";5"),
        ("scoring", ";points", ";1,-1", ";1"),
    ],
)
def test_pabulib_of_any_vote_type_without_optional_fields(tmp_path, kind, column, first, second):
    path = tmp_path / "z.pb"
    path.write_text(PB.format(kind=kind, column=column, first=first, second=second), encoding="utf-8")
    tables = read("pabulib", path)
    assert tables["votes"]["vote"].tolist() == ["a,b", "b"] and len(tables["projects"]) == 2
    assert tables["meta"]["unit"].tolist() == ["Zürich"]
    checks = tables["_checks"]
    assert (checks["stated"] == checks["computed"]).all()
