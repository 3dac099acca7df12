"""The command line: help for every command, one sentence and status 1 for what a person must mend."""

import subprocess
import sys

import pytest

from helpers import cli
from tests.monitor.conftest import build_house


@pytest.fixture
def house(tmp_path, root, monkeypatch):
    made = build_house(tmp_path / "house", root)
    monkeypatch.setenv("MONITOR_ROOT", str(made.folder))
    return made


@pytest.mark.parametrize("command", ["run", "data", "validate", "scan", "new-city", "template", "what-if"])
def test_every_command_has_help(command, capsys):
    with pytest.raises(SystemExit) as left:
        cli.main([command, "--help"])
    assert left.value.code == 0
    assert "usage: monitor" in capsys.readouterr().out


def test_validate_prints_letters_or_writes_them(house, capsys, tmp_path):
    assert cli.main(["validate", "villa", "--language", "es"]) == 0
    assert "Municipalidad de Villa" in capsys.readouterr().out
    assert cli.main(["validate", "villa", "--folder", str(tmp_path / "letters")]) == 0
    assert {path.suffix for path in (tmp_path / "letters").iterdir()} == {".txt", ".csv", ".xlsx"}


def test_letters_are_not_written_while_a_proposal_waits_for_answers(house, capsys, tmp_path):
    settings = (house.raw / "city.yml").read_text(encoding="utf-8")
    house.write("city.yml", settings.replace("level: {value: district}", 'level: {value: "?"}'))
    assert cli.main(["validate", "villa"]) == 1
    assert "nobody has answered yet what territories has in level" in capsys.readouterr().err
    assert cli.main(["validate", "villa", "--folder", str(tmp_path / "letters")]) == 1
    assert not (tmp_path / "letters").exists()


def test_scan_says_why_a_file_is_not_to_be_published(house, capsys):
    assert cli.main(["scan", "villa"]) == 0
    assert "instances.csv: not to be published: not declared" in capsys.readouterr().out


def test_a_new_city_is_proposed_with_its_doubts_and_is_not_overwritten(house, capsys, tmp_path):
    file = tmp_path / "propuestas.csv"
    file.write_text("Nro,Título,Fecha,Barrio,Votos\n1,Más árboles,03/05/2022,Norte,12\n2,Luces,04/05/2022,Sur,9\n")
    assert cli.main(["new-city", "pueblo", "--from", str(file), "--country", "AR"]) == 0
    text = (house.folder / "data/raw/pueblo/city.yml").read_text(encoding="utf-8")
    assert 'title: "Título"' in text and "?" in text
    assert (house.folder / "data/raw/pueblo/propuestas.csv").read_bytes() == file.read_bytes()
    assert cli.main(["new-city", "pueblo", "--from", str(file)]) == 1
    assert "has a folder already" in capsys.readouterr().err


def test_templates_are_written_in_the_language_asked_for(house, capsys, tmp_path):
    assert cli.main(["template", "events", "--folder", str(tmp_path), "--language", "it"]) == 0
    assert "titolo" in (tmp_path / "events.csv").read_text(encoding="utf-8-sig").lower()


def test_an_unknown_table_names_the_nearest(house, capsys, tmp_path):
    assert cli.main(["template", "event", "--folder", str(tmp_path)]) == 1
    assert "did you mean 'events'" in capsys.readouterr().err


def test_a_reader_who_has_seen_enough_is_no_error(house):
    """As with ``monitor validate villa | head -1``."""
    command = f"set -o pipefail; {sys.executable} -m helpers validate villa | true"
    done = subprocess.run(["bash", "-c", command], cwd=house.folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
