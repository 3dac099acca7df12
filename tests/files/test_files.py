"""Files are read whatever their encoding, written whole with the same bytes, and checked when fetched."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.files import (
    MonitorError,
    download,
    locate,
    read_csv,
    read_text,
    sha256,
    write_bytes,
    write_csv,
    write_json,
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_is_read_in_any_usual_encoding(tmp_path, encoding):
    text = "año;niñez;participación\nMaría dijo: ¿cuántos?;1;2\n" * 20
    path = tmp_path / "file.csv"
    path.write_bytes(text.encode(encoding))
    assert read_text(path) == text


def test_a_binary_or_missing_file_is_one_sentence(tmp_path):
    path = tmp_path / "picture.csv"
    path.write_bytes(b"\x89PNG\x00\x00\x01")
    with pytest.raises(MonitorError, match=r"picture.csv: this is not a text file; export it as CSV or XLSX\.$"):
        read_text(path)
    with pytest.raises(MonitorError, match="none.csv: the file is not there"):
        read_text(tmp_path / "none.csv")


def test_types_are_written_as_iso_and_yes_no_and_missing_as_empty(tmp_path):
    frame = pd.DataFrame(
        {
            "id": pd.Series(["a", None], dtype="str"),
            "count": pd.Series([3, None], dtype="Int64"),
            "share": [0.1, float("nan")],
            "known": pd.Series([True, None], dtype="boolean"),
            "day": pd.to_datetime(["2022-06-15", None]),
            "moment": pd.to_datetime(["2022-06-15 18:30", None]).tz_localize("UTC"),
        }
    )
    path = write_csv(tmp_path / "t.csv", frame)
    expected = "id,count,share,known,day,moment\na,3,0.1,yes,2022-06-15,2022-06-15T18:30:00Z\n,,,,,\n"
    assert path.read_bytes() == expected.encode()
    assert read_csv(path).isna().iloc[1].all()


@pytest.mark.parametrize("cell", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", " =1"])
def test_a_formula_is_neutralised(tmp_path, cell):
    path = write_csv(tmp_path / "t.csv", pd.DataFrame({"a": [cell]}))
    assert read_csv(path)["a"][0] == f"'{cell}"


@pytest.mark.parametrize("cell", ["-3,5", "+54", "-12 %", "a=b", "2022-05-01", "- 5"])
def test_numbers_and_words_stay_as_they_are(tmp_path, cell):
    path = write_csv(tmp_path / "t.csv", pd.DataFrame({"a": [cell]}))
    assert read_csv(path)["a"][0] == cell


@given(st.lists(st.text(alphabet="=+-@a1\t ", min_size=1, max_size=6), min_size=1, max_size=5))
def test_no_written_cell_can_start_a_formula(tmp_path_factory, cells):
    from helpers.files import neutralise_formulas

    for cell in neutralise_formulas(pd.DataFrame({"a": pd.Series(cells, dtype="str")}))["a"]:
        starts = cell.lstrip(" \t\r")[:1] in tuple("=@")
        assert not starts or cell.startswith("'")


def test_a_failed_write_leaves_the_old_file_and_no_rubbish(tmp_path, monkeypatch):
    path = write_bytes(tmp_path / "out.txt", b"old")

    def full_disk(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full_disk)
    with pytest.raises(MonitorError, match="No space left on device; check free space"):
        write_bytes(path, b"new")
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.txt"]


def test_json_has_the_same_bytes_whatever_the_order_of_keys(tmp_path):
    one = write_json(tmp_path / "a.json", {"b": 1, "a": [1, 2]})
    two = write_json(tmp_path / "b.json", {"a": [1, 2], "b": 1})
    assert sha256(one) == sha256(two)


@pytest.fixture
def city(tmp_path, monkeypatch):
    """A city with one registered file that is only in the mirror."""
    folder, mirror = tmp_path / "data" / "raw" / "villa", tmp_path / "mirror"
    folder.mkdir(parents=True)
    mirror.mkdir()
    (mirror / "votes.csv").write_bytes(b"a,b\n1,2\n")
    digest = sha256(b"a,b\n1,2\n")
    (folder / "checksums.csv").write_text(
        f"path,sha256,bytes,url,mirror,origin,licence,note\nvotes.csv,{digest},8,,votes.csv,,,\n"
    )
    monkeypatch.setenv("MONITOR_MIRROR", str(mirror))
    return tmp_path


def test_a_registered_file_is_found_in_the_mirror(city):
    assert locate(city, "villa", "votes.csv").read_text() == "a,b\n1,2\n"


def test_an_altered_file_is_refused(city):
    (city / "mirror" / "votes.csv").write_bytes(b"a,b\n1,3\n")
    with pytest.raises(MonitorError, match="is not the one that was registered"):
        locate(city, "villa", "votes.csv")


def test_without_mirror_the_sentence_says_how_to_get_it(city, monkeypatch):
    monkeypatch.delenv("MONITOR_MIRROR")
    with pytest.raises(MonitorError, match="make data CITY=villa"):
        locate(city, "villa", "votes.csv")
    assert list(download(city, "villa")) == [("votes.csv", "no_address")]


def test_what_is_at_hand_is_not_downloaded_again(city):
    assert list(download(city, "villa")) == [("votes.csv", "present")]


@pytest.mark.parametrize("answer", ["registered", "other"])
def test_a_download_is_kept_only_with_the_checksum_of_its_address(city, monkeypatch, answer):
    """The mirror holds a derived file; what comes from the address has a checksum of its own."""
    import io

    folder = city / "data" / "raw" / "villa"
    origin = b"a;b\n1;2\n"
    (folder / "checksums.csv").write_text(
        "path,sha256,bytes,url,mirror,origin_sha256\n"
        f"votes.csv,{sha256(b'derived')},8,https://example.org/votes.csv,,{sha256(origin)}\n"
    )
    content = origin if answer == "registered" else b"<html>gone</html>"
    monkeypatch.setattr("urllib.request.urlopen", lambda *_, **__: io.BytesIO(content))
    if answer == "registered":
        assert list(download(city, "villa")) == [("votes.csv", "fetched")]
        assert locate(city, "villa", "votes.csv").read_bytes() == origin
    else:
        with pytest.raises(MonitorError, match="is not the registered file"):
            list(download(city, "villa"))
        assert not (folder / "received").exists()
