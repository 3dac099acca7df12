"""The files of the simulated city: the same for a seed, marked as simulated, every defect where it is said to be."""

import hashlib
import os
import subprocess
import sys

import pytest

from helpers import simulation
from helpers.simulation.latent import HOLIDAYS, WORKING_DAY_ENDS
from helpers.sources import read

DEFECTS = {
    "no_answer", "email_in_text",
    "missing_expected", "serial_date", "impossible_date", "misspelt_category", "negative_count",
    "unknown_district", "lower_bound", "formula", "out_of_scale", "unknown_category", "repeated_row", "repeated_id",
    "missing_required", "broken_reference", "totals_row", "name_in_text", "words_for_number", "unknown_evidence",
    "serial_date_of_assessment",
}  # fmt: skip
ONLY_IN_LARGE = {"district_abbreviated", "grouped_number"}


def digest(files):
    return hashlib.sha256(b"".join(name.encode() + content for name, content in sorted(files.items()))).hexdigest()


def cells_of(city, sheet_row, folder):
    """The cells of the row of a planted defect, as the adapter reads them."""
    path = folder / sheet_row.file
    path.write_bytes(city.files[sheet_row.file])
    frame = read("table", path, {"totals": "keep"})[sheet_row.sheet or "table"]
    return frame[frame["_row"] == sheet_row.row].iloc[0].dropna().astype(str).tolist()


def test_a_seed_gives_the_same_bytes_in_another_process_place_and_zone(tiny, root, tmp_path):
    code = (
        "import hashlib; from pathlib import Path; from helpers import simulation; "
        "from helpers.config import load_dictionary; "
        f"files = simulation.simulate(7, load_dictionary(Path({str(root)!r})), 'tiny').files; "
        "print(hashlib.sha256(b''.join(n.encode() + c for n, c in sorted(files.items()))).hexdigest())"
    )
    environment = {**os.environ, "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "1", "LC_ALL": "C", "OPENBLAS_NUM_THREADS": "1"}
    out = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert out.stdout.strip() == digest(tiny.files), out.stderr


def test_another_seed_gives_another_city(tiny, dictionary):
    other = simulation.simulate(8, dictionary, "tiny")
    assert other.files.keys() == tiny.files.keys()
    assert other.files["simulado_periodos.csv"] != tiny.files["simulado_periodos.csv"]
    assert not other.truth["score"].equals(tiny.truth["score"])


def test_the_room_knows_no_measure():
    code = "import sys, helpers.simulation; print([m for m in sys.modules if m.startswith('helpers.measures')])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_nobody_can_take_the_files_for_real(tiny, settings):
    assert all(name.startswith("simulado_") for name in tiny.files)
    assert settings.simulated
    assert all(
        source.simulated and "simulad" in f"{source.title} {source.publisher}".lower() for source in settings.sources
    )
    assert b"simulados" in tiny.files["simulado_territorios.geojson"][:80]


def test_city_yml_describes_what_is_generated(tiny, settings):
    described = [name for source in settings.sources for name in source.files]
    assert sorted(described) == sorted(tiny.files)
    assert settings.projection == simulation.PROJECTION
    assert settings.working_hours["ends"] == f"{WORKING_DAY_ENDS}:00"
    years = simulation.SIZES["full"].years
    assert sorted(settings.holidays) == sorted(f"{year}-{day}" for year in years for day in HOLIDAYS)
    assert set(settings.periods) == {f"{year}{half}" for year in years for half in ("", "-S1", "-S2")}
    assert str(settings.newest_period) == "2024"


def test_every_defect_is_planted_and_listed(tiny):
    assert set(tiny.planted["defect"]) - ONLY_IN_LARGE == DEFECTS
    assert set(tiny.planted["expected"]) <= {"mended", "merged", "not_collected", "reported", "quarantined"}


def test_a_listed_defect_stands_in_its_row(tiny, tmp_path):
    valued = tiny.planted[tiny.planted["value"] != ""]
    for row in valued.itertuples():
        assert row.value in cells_of(tiny, row, tmp_path), f"{row.defect} in {row.file}, row {row.row}"


def test_files_without_defects_hold_none(flawless, tiny):
    assert flawless.planted.empty
    text = b"".join(flawless.files[name] for name in flawless.files if name.endswith(".csv"))
    assert b"HYPERLINK" not in text and b"inexistente" not in text
    assert flawless.files["simulado_territorios.geojson"] == tiny.files["simulado_territorios.geojson"]


def test_written_files_come_with_truth_and_defects(tiny, tmp_path):
    paths = simulation.write(tiny, tmp_path / "raw")
    names = {path.name for path in paths}
    assert names == {*tiny.files, "simulado_defectos.csv", "simulado_verdad.csv"}
    again = simulation.write(tiny, tmp_path / "again")
    assert [path.read_bytes() for path in paths] == [path.read_bytes() for path in again]


@pytest.mark.slow
def test_the_large_city_has_the_size_that_is_promised(dictionary, tmp_path):
    city = simulation.simulate(simulation.SEED, dictionary)
    world = city.world
    assert set(city.planted["defect"]) == ONLY_IN_LARGE | DEFECTS
    assert 40 <= len(world["instances"]) <= 60
    assert world["instances"]["instance_type"].nunique() == 4
    assert 2_000 <= len(world["proposals"]) <= 5_000
    assert 1_200 <= len(world["responses"]) <= 2_500
    assert len(world.territories("district")) == 6
    assert set(city.truth["period"]) == {f"{year}{half}" for year in range(2021, 2025) for half in ("", "-S1", "-S2")}
    year = city.truth[(city.truth["period"] == "2024") & (city.truth["level"] == "city")]
    assert len(year) == 23 and year["score"].between(1, 99).all()
