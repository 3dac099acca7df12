"""The canonical form of an executed notebook: what it drops, and what it must not touch."""

import json
import sysconfig
import tempfile
from pathlib import Path

import nbformat
import pytest

from helpers.pipeline.canonical import canonical_notebook, cell_times, machine_places

ROOT = Path("/srv/monitor")
PLACES = machine_places(ROOT)


def cell(source="1", outputs=(), tags=(), seconds=1):
    made = nbformat.v4.new_code_cell(source, outputs=list(outputs), execution_count=1)
    moment = f"2024-05-01T10:00:{seconds:02}+00:00"
    made.metadata.update(
        tags=list(tags),
        papermill={"start_time": moment, "end_time": moment, "duration": float(seconds), "status": "completed"},
        execution={"iopub.status.busy": moment},
    )
    return made


def canonical(*cells, **metadata):
    notebook = nbformat.v4.new_notebook(cells=list(cells), metadata=metadata)
    return json.loads(canonical_notebook(notebook, PLACES))


def shown(text):
    """How a printed text comes out."""
    stream = nbformat.v4.new_output("stream", name="stdout", text=text)
    return "".join(canonical(cell(outputs=[stream]))["cells"][0]["outputs"][0]["text"])


def test_two_runs_give_the_same_bytes():
    runs = []
    for seconds, version in [(1, "3.11.7"), (2, "3.12.1")]:
        metadata = {
            "papermill": {"start_time": str(seconds), "input_path": f"/home/{seconds}/a.ipynb"},
            "language_info": {"name": "python", "version": version},
            "title": "Índice",
        }
        cells = [cell("a = 1", seconds=seconds), cell("a", seconds=seconds)]
        runs.append(canonical_notebook(nbformat.v4.new_notebook(cells=cells, metadata=metadata), PLACES))
    assert runs[0] == runs[1]
    assert "papermill" not in runs[0]
    assert "execution" not in json.loads(runs[0])["cells"][0]["metadata"]
    assert json.loads(runs[0])["metadata"]["title"] == "Índice"
    assert runs[0].endswith("}\n") and "\r" not in runs[0]


def test_ids_come_from_source_and_position():
    first, second, third = canonical(cell("a"), cell("a"), cell("b"))["cells"]
    assert len({first["id"], second["id"], third["id"]}) == 3
    assert canonical(cell("a"), cell("changed"))["cells"][0]["id"] == first["id"]


def test_the_canonical_form_is_a_valid_notebook_and_stays_as_it_is():
    text = canonical_notebook(nbformat.v4.new_notebook(cells=[cell("a"), nbformat.v4.new_markdown_cell("b")]), PLACES)
    notebook = nbformat.reads(text, as_version=4)
    nbformat.validate(notebook)
    assert canonical_notebook(notebook, PLACES) == text


def test_the_argument_is_not_changed():
    notebook = nbformat.v4.new_notebook(cells=[cell("a", [nbformat.v4.new_output("stream", text="at 0x7f0000000001")])])
    before = nbformat.writes(notebook)
    canonical_notebook(notebook, PLACES)
    assert nbformat.writes(notebook) == before


def test_streams_are_joined_between_displays():
    def stream(name, text):
        return nbformat.v4.new_output("stream", name=name, text=text)

    display = nbformat.v4.new_output("display_data", data={"text/markdown": "# x"})
    parts = [stream("stdout", "a"), stream("stderr", "w"), stream("stdout", "b"), display, stream("stdout", "c")]
    outputs = canonical(cell(outputs=parts))["cells"][0]["outputs"]
    assert [(output.get("name"), output.get("text")) for output in outputs] == [
        ("stdout", ["ab"]),
        ("stderr", ["w"]),
        (None, None),
        ("stdout", ["c"]),
    ]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("<object object at 0x7f3b2c1d4e50>", "<object object at 0x0>"),
        ("mask 0xFF at 0x10", "mask 0xFF at 0x10"),
        ("/srv/monitor/src/helpers/a.py:3: UserWarning: x", "src/helpers/a.py:3: UserWarning: x"),
        ("in '/srv/monitor'", "in '.'"),
        ("/srv/monitoring/a", "/srv/monitoring/a"),
        ("https://example.org/srv/monitor/a", "https://example.org/srv/monitor/a"),
        ("../x/.building-ab12cd34/2022/a.csv", "../x/2022/a.csv"),
        (f"{sysconfig.get_paths()['purelib']}/pandas/a.py:1", "site-packages/pandas/a.py:1"),
        (f"{tempfile.gettempdir()}/ipykernel_4242/123456.py:1: UserWarning: x", "<cell>:1: UserWarning: x"),
        ("3 / 4 is 0.75", "3 / 4 is 0.75"),
    ],
)
def test_traces_of_the_machine_are_replaced(text, expected):
    assert shown(text) == expected


def test_sources_stay_except_the_injected_parameters():
    source = 'folder = "../processed/.building-ab12cd34/2022"  # at 0x7f3b2c1d4e50'
    own, injected = canonical(cell(source), cell(source, tags=["injected-parameters"]))["cells"]
    assert "".join(own["source"]) == source
    assert "".join(injected["source"]) == 'folder = "../processed/2022"  # at 0x7f3b2c1d4e50'


def test_images_are_not_touched():
    image = nbformat.v4.new_output("display_data", data={"image/png": "at 0x7f3b2c1d4e50"})
    assert canonical(cell(outputs=[image]))["cells"][0]["outputs"][0]["data"]["image/png"] == "at 0x7f3b2c1d4e50"


def test_times_by_number_of_the_source_cell():
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# t"),
            cell("a", seconds=1),
            cell("b", tags=["injected-parameters"], seconds=9),
            cell("c", seconds=2),
        ]
    )
    assert [(entry["cell"], entry["duration"]) for entry in cell_times(notebook)] == [(1, 1.0), (2, 2.0)]
