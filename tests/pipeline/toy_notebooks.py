"""Small notebooks and functions for the tests of this folder."""

import os
from pathlib import Path

import nbformat

from helpers.files import MonitorError


def write_notebook(path: Path, *sources: str) -> Path:
    """A notebook whose first cell is tagged ``parameters``, with random cell ids as JupyterLab gives them."""
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    cells[0].metadata["tags"] = ["parameters"]
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def outputs(path: Path) -> list[dict]:
    """All outputs of a written notebook, in order."""
    notebook = nbformat.read(path, as_version=4)
    return [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]


def text(path: Path) -> str:
    """What the cells of a written notebook printed."""
    return "".join(output.text for output in outputs(path) if output.output_type == "stream")


def clean_rows(source: Path, output: Path) -> None:
    """Work of a stage: the rows of a file in order, unless one is bad."""
    rows = source.read_text().split()
    if "bad" in rows:
        raise MonitorError("a bad row", where="rows.txt")
    (output / "rows.csv").write_text("\n".join(sorted(rows)))


def write_summary(folder: Path) -> None:
    """Work with two outputs, a file and a folder."""
    (folder / "summary.json").write_text("{}")
    (folder / "maps" / "a.geojson").write_text(str(os.environ["SOURCE_DATE_EPOCH"]))


def divide(by: int) -> float:
    """Work that may be mistaken."""
    return 1 / by


def do_nothing() -> None:
    """Work that forgets its output."""
