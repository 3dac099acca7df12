"""Rows to districts by coordinate or venue, and coordinates that cannot be right."""

import json

import pandas as pd
import pytest

from helpers.registry.parse.categories import Names, read_names

SQUARES = {"pru-d-norte": (-60.7, -32.9), "pru-d-sur": (-60.7, -33.0)}


def square(west, south, side=0.1):
    ring = [[west, south], [west, south + side], [west + side, south + side], [west + side, south], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def shapes() -> str:
    features = [
        {"type": "Feature", "properties": {"id": name}, "geometry": square(*corner)} for name, corner in SQUARES.items()
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


@pytest.fixture
def placed(build):
    def _placed(
        rows: str, header="proposal_id,instance_id,territory_id,latitude,longitude", table="proposals", **files
    ):
        polygons = {
            "id": "polygons",
            "title": "Polygons",
            "format": "geo",
            "files": ["d.geojson"],
            "tables": [
                {
                    "table": "territories",
                    "columns": {"territory_id": "id", "level": {"value": "district"}, "name": "id"},
                }
            ],
        }
        content = {
            "p.csv": f"{header}\n{rows}\n",
            "d.geojson": shapes(),
            **{f"{name}.csv": text for name, text in files.items()},
        }
        tables = [{"table": table, "files": "p.csv"}, *({"table": name, "files": f"{name}.csv"} for name in files)]
        names = ["p.csv", *(f"{name}.csv" for name in files)]
        return build(content, tables, files=names, sources=[polygons])

    return _placed


@pytest.mark.parametrize(
    ("row", "territory", "latitude", "code"),
    [
        ("p1,pru-pp,,-32.85,-60.65", "pru-d-norte", -32.85, None),
        ("p1,pru-pp,,-60.65,-32.95", "pru-d-sur", -32.95, "point_swapped"),
        ("p1,pru-pp,,0,0", None, None, "point_zero"),
        ("p1,pru-pp,,-34.6,-58.4", None, None, "point_outside"),
        ("p1,pru-pp,Norte,-32.95,-60.65", "pru-d-norte", -32.95, "point_elsewhere"),
        ("p1,pru-pp,Prueba,-32.95,-60.65", "pru-city", -32.95, None),
        ("p1,pru-pp,,6350000,5430000", None, None, "not_degrees"),
    ],
)
def test_points(placed, row, territory, latitude, code):
    clean = placed(row)
    proposal = clean.tables["proposals"].iloc[0]
    assert (None if pd.isna(proposal["territory_id"]) else proposal["territory_id"]) == territory
    assert (None if pd.isna(proposal["latitude"]) else proposal["latitude"]) == latitude
    told = set(clean.problems["code"]) & {
        "point_swapped",
        "point_zero",
        "point_outside",
        "point_elsewhere",
        "not_degrees",
    }
    assert told == ({code} if code else set())
    assert clean.blocked is None


def test_an_event_is_where_its_venue_is(placed):
    venues = "venue_id,name,latitude,longitude\nv1,Vecinal,-32.85,-60.65\n"
    header = "event_id,instance_id,venue_id,starts_at"
    clean = placed("e1,pru-pp,v1,2022-03-01 18:00", header, "events", venues=venues)
    assert clean.tables["venues"]["territory_id"].tolist() == ["pru-d-norte"]
    assert clean.tables["events"]["territory_id"].tolist() == ["pru-d-norte"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Praga Płd.", "waw-d-praga-poludnie"),
        ("praga południe", "waw-d-praga-poludnie"),
        ("Dzielnica Wola", "waw-d-wola"),
        ("Praga", None),
        ("Pr. Płn.", "waw-d-praga-polnoc"),
        ("Pr. P.", None),
        ("None", None),
    ],
)
def test_names_with_accents_and_abbreviations(text, found):
    from helpers.registry.geography import territory_names

    names = ["Praga Południe", "Praga Północ", "Wola"]
    rows = pd.DataFrame({
        "territory_id": ["waw-d-praga-poludnie", "waw-d-praga-polnoc", "waw-d-wola"],
        "level": "district", "name": names, "aliases": None,
    })  # fmt: skip
    read = read_names(pd.Series([text], dtype="str"), Names(territory_names(rows), "unknown_territory"), is_list=False)
    assert (None if pd.isna(read["value"].iloc[0]) else read["value"].iloc[0]) == found


def test_a_point_lies_in_the_outline_that_held_on_its_day(build):
    """The north was drawn again in July 2022: the same point, in March and in September, and without a day."""
    versions = [("pru-d-viejo", None, "2022-06-30"), ("pru-d-norte", "2022-07-01", None)]
    outline = square(*SQUARES["pru-d-norte"])
    features = [
        {"type": "Feature", "properties": {"id": name, "since": since, "until": until}, "geometry": outline}
        for name, since, until in versions
    ]
    named = {"level": {"value": "district"}, "name": {"value": "Norte"}}
    columns = {"territory_id": "id", **named, "valid_from": "since", "valid_to": "until"}
    polygons = {
        "id": "polygons", "title": "Polygons", "format": "geo", "files": ["d.geojson"],
        "tables": [{"table": "territories", "columns": columns}],
    }  # fmt: skip
    rows = (
        "proposal_id,instance_id,submitted_at,latitude,longitude,territory_id\n"
        "p1,pru-pp,2022-03-05,-32.85,-60.65,\np2,pru-pp,2022-09-05,-32.85,-60.65,\np3,pru-pp,,-32.85,-60.65,\n"
        "p4,pru-pp,2022-09-05,,,Norte\np5,pru-pp,2022-03-05,,,Norte\np6,pru-pp,,,,Norte\n"
        "p7,pru-pp,2022-03-05,-32.85,-60.65,pru-d-norte\np8,pru-pp,2022-09-05,,,pru-d-viejo\n"
    )
    files = {
        "p.csv": rows,
        "d.geojson": json.dumps({"type": "FeatureCollection", "features": features}),
        "territories.csv": "territory_id,level,name,aliases,parent_id\npru-city,city,Prueba,,\n",
    }
    clean = build(files, [{"table": "proposals"}], files=["p.csv"], sources=[polygons])
    found = clean.tables["proposals"].set_index("proposal_id")["territory_id"]
    old, new = "pru-d-viejo", "pru-d-norte"
    # p4 to p8 state the place, by a name that both outlines bear or by an id: it means the outline of their day.
    assert found.to_list() == [old, new, new, new, old, new, old, new]
    moved = clean.problems.query("code == 'territory_of_the_day'")
    assert moved["value"].tolist() == [f"{new} → {old}", f"{old} → {new}"] and (moved["severity"] == "note").all()
    assert clean.problems.query("code == 'point_elsewhere'").empty
