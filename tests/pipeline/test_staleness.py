"""Staleness is decided by content: times alone mean nothing, and memory never lies."""

import os

import pytest

from helpers.pipeline import staleness
from helpers.pipeline.staleness import ABSENT, fingerprint, hash_file, read_record, reasons, write_record

A = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"  # sha256 of "a"
B = "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d"  # sha256 of "b"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "raw" / "sub").mkdir(parents=True)
    (tmp_path / "raw" / "a.csv").write_text("a")
    (tmp_path / "raw" / "sub" / "b.csv").write_text("b")
    return tmp_path


def test_a_fingerprint_shows_every_file_from_the_root(folder):
    for hidden in ("raw/.DS_Store", "raw/.building-1/x.csv", "raw/__pycache__/x.pyc", "raw/run.json"):
        (folder / hidden).parent.mkdir(exist_ok=True)
        (folder / hidden).write_text("x")
    found = fingerprint([folder / "raw", folder / "city.yml"], folder, without="run.json")
    assert found == {"raw/a.csv": A, "raw/sub/b.csv": B, "city.yml": ABSENT}


def test_the_same_size_and_times_do_not_hide_a_change(folder):
    file = folder / "raw" / "a.csv"
    assert hash_file(file) == A
    times = file.stat()
    file.write_text("b")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert hash_file(file) == B


def test_a_settled_file_is_read_once(folder, monkeypatch):
    file = folder / "raw" / "a.csv"
    reads = []
    monkeypatch.setattr(staleness, "sha256", lambda path: reads.append(path) or A)
    monkeypatch.setattr(staleness, "_SETTLED", 0)
    assert hash_file(file) == hash_file(file) == A
    assert reads == [file]


def test_reasons_name_what_changed():
    before = {"inputs": {"a": "1", "b": "1", "c": "1"}, "parameters": {"draws": 1}, "outputs": {"x": "1"}}
    now = {"inputs": {"a": "2", "c": "1", "d": "1"}, "parameters": {"draws": 2}, "outputs": {"x": ABSENT}}
    assert reasons(before, now) == [
        "input a changed",
        "input b is gone",
        "input d is new",
        "parameter draws changed",
        "output x is gone",
    ]
    assert reasons(before, before) == []
    assert reasons(None, now) == ["never run"]


def test_a_file_that_comes_or_goes_is_a_change():
    def change(before, now):
        part = {"parameters": {}, "outputs": {}}
        return reasons({"inputs": {"a": before}, **part}, {"inputs": {"a": now}, **part})

    assert change(ABSENT, "1") == ["input a is new"]
    assert change("1", ABSENT) == ["input a is gone"]
    assert change(ABSENT, ABSENT) == []


def test_a_broken_record_only_costs_a_run(tmp_path):
    path = tmp_path / "index.json"
    assert read_record(path) is None
    path.write_text("{half")
    assert read_record(path) is None
    write_record(path, {"a": "1"}, {}, {"x": "2"})
    assert read_record(path) == {"inputs": {"a": "1"}, "parameters": {}, "outputs": {"x": "2"}}
