"""Small notebooks for the tests of this folder."""

from pathlib import Path

import nbformat


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
