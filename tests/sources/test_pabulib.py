"""Pabulib files: three sections, totals that are checked, rows as a spreadsheet shows them."""

import gzip

import pytest

from helpers.files import MonitorError
from helpers.sources import read

FILE = """META
key;value
description;PB, a; test
district;Śródmieście
instance;2023
num_projects;2
num_votes;3
vote_type;approval
date_end;30.06.2022
PROJECTS
project_id;cost;votes;name
7;100;2;"Park; nowy"
8;200;1;Ścieżka
VOTES
voter_id;vote;age;sex
1;7;30;F
2;7,8;110;M
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "a.pb"
    path.write_text(FILE, encoding="utf-8")
    return path


def test_sections_become_tables_that_carry_the_meta(file):
    tables = read("pabulib", file)
    assert tables["projects"]["name"].tolist() == ["Park; nowy", "Ścieżka"]
    assert tables["projects"]["_row"].tolist() == [12, 13]
    assert tables["votes"]["_row"].tolist() == [16, 17]
    assert tables["votes"]["meta/district"].unique().tolist() == ["Śródmieście"]
    assert tables["meta"]["description"].tolist() == ["PB, a; test"]


def test_totals_are_held_against_the_sections(file):
    checks = read("pabulib", file)["_checks"]
    wrong = checks[checks["stated"] != checks["computed"]]
    assert wrong[["what", "stated", "computed"]].values.tolist() == [["num_votes", "3", "2"]]


def test_gzip_is_told_by_its_bytes(file, tmp_path):
    packed = tmp_path / "b.pb"
    packed.write_bytes(gzip.compress(FILE.encode()))
    assert len(read("pabulib", packed)["votes"]) == 2


def test_a_missing_section_and_a_broken_archive_are_one_sentence(file, tmp_path):
    short = tmp_path / "short.pb"
    short.write_text(FILE.split("VOTES")[0])
    with pytest.raises(MonitorError, match="short.pb: the section VOTES is missing"):
        read("pabulib", short)
    broken = tmp_path / "broken.pb.gz"
    broken.write_bytes(gzip.compress(FILE.encode())[:-20])
    with pytest.raises(MonitorError, match="not whole gzip"):
        read("pabulib", broken)
