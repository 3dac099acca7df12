"""Stages run when something changed, in order, whole or not at all."""

import io
import json
import os
import re
import time
from pathlib import Path

import nbformat
import pytest

from helpers.files import MonitorError
from helpers.pipeline import stages as module
from helpers.pipeline.progress import Lines, Words
from helpers.pipeline.stages import Stage, Target, is_fresh, run_rounds, steps_of, why_stale
from tests.pipeline.toy_notebooks import clean_rows, divide, do_nothing, text, write_notebook, write_summary

VILLA, SECOND, OTHER = Target("villa", "2022"), Target("villa", "2023-S1"), Target("pueblo", "2022")
INDEX = """
from pathlib import Path
rows = Path(registry, "rows.csv").read_text().split()
Path(output, "index.csv").write_text(f"{period},{sum(map(int, rows))}")
print(f"{city} {period}: {rows} -> {output}")
"""


class House:
    """Two stages over toy cities: rows.txt -> registry/rows.csv (a function) -> <period>/index.csv (a notebook)."""

    def __init__(self, root: Path) -> None:
        self.root, self.log = root, io.StringIO()
        for city in ("villa", "pueblo"):
            (root / "raw" / city).mkdir(parents=True)
            (root / "raw" / city / "rows.txt").write_text("2 1")
        parameters = "city: str = ...\nperiod: str = '2022'\nregistry: str = '.'\noutput: str = '.'"
        self.notebook = write_notebook(root / "notebooks" / "index.ipynb", parameters, INDEX)
        self.registries = Stage(
            "registries",
            clean_rows,
            inputs=lambda target: [root / "raw" / target.city],
            outputs=lambda target: [root / "processed" / target.city / "registry"],
            parameters=lambda target, folder: {
                "source": root / "raw" / target.city / "rows.txt",
                "output": folder / "registry",
            },
            per_period=False,
        )
        self.index = Stage(
            "index",
            self.notebook,
            inputs=lambda target: [root / "processed" / target.city / "registry"],
            outputs=lambda target: [root / "processed" / target.city / target.period],
            parameters=lambda target, folder: {
                "city": target.city,
                "period": target.period,
                "registry": root / "processed" / target.city / "registry",
                "output": folder / target.period,
            },
        )

    def run(self, *targets: Target, stages=None, **options) -> list[str]:
        """Statuses in order."""
        stages = stages or [self.registries, self.index]
        rounds = [steps_of([stage], targets) for stage in stages]
        progress = Lines(sum(map(len, rounds)), self.log, Words())
        self.results = run_rounds(rounds, root=self.root, progress=progress, **options)
        return [result.status for result in self.results]

    def processed(self, *parts: str) -> Path:
        return self.root.joinpath("processed", *parts)


@pytest.fixture
def house(tmp_path):
    return House(tmp_path)


def test_stages_run_in_order_then_rest(house):
    assert house.run(VILLA, SECOND, OTHER) == ["done"] * 5
    assert sorted(str(result.target) for result in house.results[:2]) == ["pueblo", "villa"]
    assert house.processed("villa", "2023-S1", "index.csv").read_text() == "2023-S1,3"
    assert house.run(VILLA, SECOND, OTHER) == ["fresh"] * 5
    lines = house.log.getvalue().splitlines()
    assert re.match(r"\[1/5\] registries (pueblo|villa) \.\.\. 0\.", lines[0])
    assert lines[-1] == "[5/5] index pueblo 2022 ... up to date"


def test_the_executed_notebook_names_the_final_folder(house):
    house.run(VILLA)
    executed = house.processed("villa", "2022", "index.ipynb")
    assert text(executed) == "villa 2022: ['1', '2'] -> ../processed/villa/2022\n"
    injected = nbformat.read(executed, as_version=4).cells[1].source
    assert 'output = "../processed/villa/2022"' in injected


def test_the_run_file_tells_what_a_result_came_from(house):
    house.run(VILLA)
    run = json.loads(house.processed("villa", "2022", "run.json").read_text())
    assert (run["stage"], run["city"], run["period"]) == ("index", "villa", "2022")
    assert run["notebook"] == "notebooks/index.ipynb"
    assert "processed/villa/registry/rows.csv" in run["inputs"]
    assert "processed/villa/registry/run.json" not in run["inputs"]
    assert any(name.endswith("helpers/pipeline/stages.py") for name in run["inputs"])


def test_touching_changes_nothing(house):
    house.run(VILLA)
    for file in house.root.rglob("*"):
        os.utime(file)
    assert house.run(VILLA) == ["fresh", "fresh"]


def test_a_new_input_runs_what_depends_on_it(house):
    house.run(VILLA, OTHER)
    (house.root / "raw" / "villa" / "rows.txt").write_text("5 1")
    assert house.run(VILLA, OTHER) == ["fresh", "done", "fresh", "done"]
    assert house.processed("villa", "2022", "index.csv").read_text() == "2022,6"


def test_the_same_result_stops_the_wave(house):
    house.run(VILLA)
    (house.root / "raw" / "villa" / "rows.txt").write_text("1 2")  # sorted: the same registry
    assert house.run(VILLA) == ["done", "fresh"]


@pytest.mark.parametrize("harm", [Path.unlink, lambda path: path.write_text("2022,99")])
def test_a_deleted_or_edited_output_is_made_again(house, harm):
    house.run(VILLA)
    harm(house.processed("villa", "2022", "index.csv"))
    assert why_stale(house.index, VILLA, house.root)[0].startswith("output processed/villa/2022/index.csv ")
    assert house.run(VILLA) == ["fresh", "done"]
    assert house.processed("villa", "2022", "index.csv").read_text() == "2022,3"


def test_a_deleted_output_folder_is_made_again(house):
    house.run(VILLA)
    for file in house.processed("villa", "2022").iterdir():
        file.unlink()
    house.processed("villa", "2022").rmdir()
    assert not is_fresh(house.index, VILLA, house.root)


def test_the_notebook_and_the_lock_count(house):
    house.run(VILLA)
    write_notebook(house.notebook, house.notebook.read_text() and "city: str = ...", "print(1)")
    assert why_stale(house.index, VILLA, house.root) == ["input notebooks/index.ipynb changed"]
    (house.root / "requirements.lock").write_text("pandas==3.1.1")
    assert "input requirements.lock is new" in why_stale(house.registries, Target("villa"), house.root)


def test_a_parameter_counts(house):
    house.run(VILLA)
    declared = (house.registries.inputs, house.registries.outputs)
    parameters = {"source": house.root / "raw" / "villa" / "rows.txt", "output": house.root / "elsewhere"}
    changed = Stage("registries", clean_rows, *declared, parameters=lambda *_: parameters, per_period=False)
    assert why_stale(changed, Target("villa"), house.root) == ["parameter output changed"]


def test_a_failed_function_leaves_the_last_good_output(house):
    house.run(VILLA, OTHER)
    (house.root / "raw" / "villa" / "rows.txt").write_text("bad")
    assert house.run(VILLA, OTHER) == ["fresh", "failed", "skipped", "fresh"]
    assert house.processed("villa", "registry", "rows.csv").read_text() == "1\n2"
    assert "registries villa ... failed: rows.txt: a bad row." in house.log.getvalue()
    assert house.run(VILLA, OTHER) == ["fresh", "failed", "skipped", "fresh"]  # the old record did not become the new
    (house.root / "raw" / "villa" / "rows.txt").write_text("2 1")
    assert house.run(VILLA, OTHER) == ["fresh"] * 4


def test_a_failed_notebook_leaves_the_last_good_output(house):
    house.run(VILLA, OTHER)
    (house.root / "raw" / "villa" / "rows.txt").write_text("x")
    assert house.run(VILLA, OTHER) == ["fresh", "done", "fresh", "failed"]
    assert house.processed("villa", "2022", "index.csv").read_text() == "2022,3"
    assert str(house.results[-1].error).startswith("notebooks/index.ipynb, cell 2: ValueError: invalid literal")
    assert not list(house.root.rglob(".building-*"))


def test_a_wrong_parameter_stops_its_target_alone(house):
    def parameters(target, folder):
        return house.index.parameters(target, folder) | ({"perod": "x"} if target == VILLA else {})

    wrong = Stage("index", house.notebook, house.index.inputs, house.index.outputs, parameters)
    assert sorted(house.run(VILLA, OTHER, stages=[house.registries, wrong])) == ["done", "done", "done", "failed"]
    (failed,) = [result for result in house.results if result.status == "failed"]
    assert failed.target == VILLA
    assert "no parameter 'perod'; the nearest name is 'period'" in str(failed.error)


def test_a_mistake_in_the_code_is_one_sentence_with_its_traceback(house):
    outputs = house.registries.outputs
    broken = Stage("broken", divide, lambda target: [], outputs, parameters=lambda target, folder: {"by": 0})
    assert house.run(VILLA, stages=[broken]) == ["failed"]
    assert str(house.results[0].error) == "broken villa 2022: ZeroDivisionError: division by zero."
    assert "Traceback" in house.results[0].error.traceback


def test_an_output_that_was_not_made_is_an_error(house):
    lazy = Stage("lazy", do_nothing, lambda target: [], house.registries.outputs, per_period=False)
    assert house.run(VILLA, stages=[lazy]) == ["failed"]
    assert str(house.results[0].error).startswith("lazy villa: registry was not made")


def test_several_outputs_files_and_folders(house):
    site = house.root / "site"
    stage = Stage(
        "site",
        write_summary,
        lambda target: [],
        lambda target: [site / "summary.json", site / "maps"],
        parameters=lambda target, folder: {"folder": folder},
    )
    assert house.run(VILLA, stages=[stage]) == ["done"]
    assert (site / "maps" / "a.geojson").read_text() == "1672444800"  # 31 December 2022
    assert sorted(path.name for path in site.iterdir()) == ["maps", "summary.json"]
    assert house.run(VILLA, stages=[stage]) == ["fresh"]
    assert house.run(VILLA, stages=[stage], force=True) == ["done"]


def test_what_a_city_declares_may_be_wrong(house):
    def inputs(target):
        raise MonitorError("unknown key", where=f"raw/{target.city}/city.yml")

    assert house.run(VILLA, stages=[Stage("x", clean_rows, inputs, house.registries.outputs)]) == ["failed"]


def test_folders_of_killed_runs_are_cleared(house, monkeypatch):
    left, recent = house.processed("villa", ".building-left"), house.processed("villa", ".building-recent")
    left.mkdir(parents=True)
    recent.mkdir()
    os.utime(left, (time.time() - 2 * 86400,) * 2)
    house.run(VILLA)
    assert not left.exists() and recent.exists()


def test_shared_inputs_are_the_code_and_the_lock(tmp_path):
    code, lock = module.shared_inputs(tmp_path)
    assert (code / "pipeline" / "stages.py").is_file()
    assert lock == tmp_path / "requirements.lock"
