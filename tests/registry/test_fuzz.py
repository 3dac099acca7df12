"""Whatever is in a file: a clean table, a row set aside, or one sentence; never a traceback, never a lost row."""

import csv
import gzip
import io
import zipfile

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from helpers import registry
from helpers.files import MonitorError
from helpers.sources import FORMATS, read

FIXED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]

FIELDS = (
    "proposal_id",
    "instance_id",
    "title",
    "submitted_at",
    "territory_id",
    "latitude",
    "longitude",
    "cost",
    "votes",
)

AWKWARD = st.sampled_from([
    "", " ", "ND", "NA", "-5", "31/02/2022", "29.02.1900", "44562", "99999999999999999999", "1e400", "=1+1", "@SUM(A1)",
    "+1", "«más de 50»", "más de", "quasi un centinaio", "1.2.3", "1,2,3", "0", "NaN", "inf", "Norte", "N.", "ТЕСНО",
    "\u202e\u0000x", "a;b;;c", "a\nb", 'a"b', "%", "€", "12:61", "2022-13-45T99:99", "ñ" * 300, "\ufeff", "pru-pp",
])  # fmt: skip
CELL = AWKWARD | st.text(max_size=12) | st.integers().map(str) | st.floats().map(str) | st.dates().map(str)


def one_sentence(error: MonitorError) -> bool:
    return "\n" not in str(error).strip() and str(error).endswith(".")


@pytest.mark.parametrize("format", sorted(FORMATS))
@pytest.mark.parametrize(
    "name", ["x.csv", "x.xlsx", "x.geojson", "x.gml", "x.pb.gz", "x.txt", "x.zip", "x.ods", "x.xls"]
)
@settings(max_examples=6, deadline=None, suppress_health_check=FIXED)
@given(content=st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
@example(b"")
@example(b"PK\x03\x04" + b"\x00" * 40)
@example(b"\xff\xfe\x00\x00")
@example(b"\x1f\x8b\x08\x00")
@example(b'{"type":"FeatureCollection","features":[{}]}')
@example(b'{"type":"FeatureCollection","features":[{"geometry":null,"properties":[1]}]}')
@example(b'a,b\n"1,2\n3,4\n')
@example(b"META\nPROJECTS\nVOTES\n")
@example(b"About the end-of-commitment report")
@example(b"META\nkey;value\na;b\nPROJECTS\nproject_id;cost\nVOTES\nvoter_id;vote\n")
def test_any_bytes_in_any_format(tmp_path, format, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    try:
        frames = read(format, path)
    except MonitorError as error:
        assert one_sentence(error), str(error)
    else:
        assert all({"_file", "_sheet", "_row"} <= set(frame.columns) for frame in frames.values())


def packed(rows: list[list[str]], separator: str, encoding: str) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue().encode(encoding, errors="replace")


@settings(max_examples=10, deadline=None, suppress_health_check=FIXED)
@given(
    rows=st.lists(st.lists(CELL, min_size=len(FIELDS), max_size=len(FIELDS)), min_size=1, max_size=6),
    separator=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]),
    cut=st.integers(min_value=0, max_value=60),
)
def test_any_cells_in_any_wrapping(build, tmp_path_factory, rows, separator, encoding, cut):
    content = packed([list(FIELDS), *rows], separator, encoding)
    content = content[: len(content) - cut]
    entry = {"table": "proposals", "columns": {name: name for name in FIELDS}}
    try:
        clean = build({"p.csv": content}, [entry], options={"quarantine": "accept"})
    except MonitorError as error:
        assert one_sentence(error), str(error)
        return
    accounts = clean.accounts
    assert (accounts["rows_in"] == accounts["kept"] + accounts["merged"] + accounts["quarantined"]).all()
    folder = tmp_path_factory.mktemp("out")
    registry.save(clean, folder)
    for path in folder.glob("*.csv"):
        for line in csv.reader(path.read_text(encoding="utf-8").splitlines()):
            assert not any(cell.startswith(("=", "@", "\t")) for cell in line), line


@settings(max_examples=8, deadline=None, suppress_health_check=FIXED)
@given(header=st.lists(st.text(max_size=15) | st.sampled_from(FIELDS), min_size=1, max_size=8))
def test_any_header(build, header):
    try:
        clean = build({"p.csv": packed([header, ["x"] * len(header)], ",", "utf-8")}, [{"table": "proposals"}])
    except MonitorError as error:
        assert one_sentence(error), str(error)
    else:
        assert (clean.accounts["rows_in"] >= 0).all()


def test_a_gzip_bomb_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("helpers.sources.archive.MAX_UNPACKED", 1_000_000)
    path = tmp_path / "x.pb.gz"
    path.write_bytes(gzip.compress(b"0" * 5_000_000))
    with pytest.raises(MonitorError, match="unpacks to more than 1 GB"):
        read("pabulib", path)


def test_a_workbook_bomb_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("helpers.sources.workbook.MAX_UNPACKED", 1_000_000)
    path = tmp_path / "x.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 5_000_000)
    with pytest.raises(MonitorError, match="unpacks to more than 1 GB"):
        read("table", path)


def test_a_law_repeated_cleaning_changes_nothing(build, tmp_path, dictionary):
    """What was saved, read again as a source of its own, comes out the same."""
    rows = 'p1,pru-pp,Más  árboles ,14/12/2021,Norte,"1.200,50",más de 50\np2,pru-pp,Luz,2021-12,Sur,NA,ND\n'
    header = "proposal_id,instance_id,title,submitted_at,territory_id,cost,votes\n"
    first = build({"p.csv": header + rows}, [{"table": "proposals"}], options={"quarantine": "accept"})
    registry.save(first, tmp_path / "one")
    again = (tmp_path / "one" / "proposals.csv").read_bytes()
    entry = {"table": "proposals", "ignore": ["not_applicable", "origin"]}
    second = build({"p.csv": again}, [entry], options={"quarantine": "accept", "decimal": "."})
    left, right = first.tables["proposals"], second.tables["proposals"]
    assert left.drop(columns=["origin", "not_applicable"]).equals(right.drop(columns=["origin", "not_applicable"]))
