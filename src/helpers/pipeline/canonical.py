"""One form of an executed notebook: the same run gives the same bytes, on another day and in another folder.

What a run leaves behind and nobody asked for is taken out: Papermill's times and paths, random cell ids,
memory addresses, process numbers, folders of this machine, and the order in which two streams happened to
arrive. The times are facts of the run and go to ``run.json``.
"""

import hashlib
import re
import sysconfig
import tempfile
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

import nbformat

INJECTED = "injected-parameters"
# Without the Python version, which belongs to the run; pygments_lexer is what nbconvert colours by.
LANGUAGE_INFO = {"name": "python", "file_extension": ".py", "mimetype": "text/x-python", "pygments_lexer": "ipython3"}
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
# Folders in which a stage builds its outputs; their content moves to the folder around them (see ``stages``).
BUILDING = ".building-"
_BUILDING = re.compile(rf"[/\\]{re.escape(BUILDING)}\w+(?=[/\\])")
_ADDRESS = re.compile(r"\bat 0x[0-9A-Fa-f]{6,16}\b")
_STREAM_ORDER = {"stdout": 0, "stderr": 1}


def canonical_notebook(notebook: nbformat.NotebookNode, places: Mapping[str, str]) -> str:
    """The notebook as text: keys sorted, LF, ids from sources, outputs without traces of machine and moment.

    Parameters
    ----------
    notebook: as Papermill leaves it; not changed.
    places: folder of this machine -> what stands for it ("" drops it), as ``machine_places`` gives them.
    """
    cells = [_cell(cell, position, places) for position, cell in enumerate(notebook.cells)]
    kept = {name: value for name, value in notebook.metadata.items() if name not in ("papermill", "widgets")}
    metadata = {**kept, "kernelspec": KERNEL, "language_info": LANGUAGE_INFO}
    plain = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return nbformat.writes(nbformat.from_dict(plain), version=4).rstrip("\n") + "\n"


def machine_places(root: Path) -> dict[str, str]:
    """Folders whose names would betray the machine, and the words that replace them."""
    paths = sysconfig.get_paths()
    places = {
        str(Path.home()): "~",
        paths["stdlib"]: "python",
        paths["platlib"]: "site-packages",
        paths["purelib"]: "site-packages",
        str(root.resolve()): "",
    }
    return {place: word for place, word in places.items() if len(Path(place).parts) > 1}


def cell_times(notebook: nbformat.NotebookNode) -> Iterator[dict[str, Any]]:
    """Start, end and duration (seconds) of each executed cell of the source, by its number."""
    for number, cell in enumerate(filter(is_own_code, notebook.cells), start=1):
        times = cell.metadata.get("papermill", {})
        if times.get("duration") is not None:
            yield {
                "cell": number,
                "start": times["start_time"],
                "end": times["end_time"],
                "duration": times["duration"],
            }


def is_own_code(cell: nbformat.NotebookNode) -> bool:
    """Whether it is a code cell of the source, not the one that Papermill injects."""
    return cell.cell_type == "code" and INJECTED not in cell.metadata.get("tags", [])


def cell_number(notebook: nbformat.NotebookNode, index: int) -> int:
    """Number of a cell among the source's code cells: its In[n] when run from top to bottom in JupyterLab."""
    return sum(map(is_own_code, notebook.cells[: index + 1]))


def _cell(cell: nbformat.NotebookNode, position: int, places: Mapping[str, str]) -> dict[str, Any]:
    injected = INJECTED in cell.metadata.get("tags", [])
    source = _without_machine(cell.source, places) if injected else cell.source
    plain = {"id": _cell_id(source, position), "cell_type": cell.cell_type, "source": source}
    plain["metadata"] = _cell_metadata(cell.metadata)
    if "attachments" in cell:
        plain["attachments"] = cell.attachments
    if cell.cell_type == "code":
        plain["execution_count"] = cell.execution_count
        plain["outputs"] = [_output(output, places) for output in _merge_streams(cell.outputs)]
    return plain


def _cell_id(source: str, position: int) -> str:
    # The position keeps the ids of two equal cells apart.
    return hashlib.sha256(f"{position}\n{source}".encode()).hexdigest()[:12]


def _cell_metadata(metadata: Mapping[str, Any]) -> dict[str, Any]:
    dropped = {"papermill", "execution"} | ({"tags"} if not metadata.get("tags") else set())
    return {name: value for name, value in metadata.items() if name not in dropped}


def _merge_streams(outputs: list[nbformat.NotebookNode]) -> Iterator[Mapping[str, Any]]:
    """Outputs with the text between two displays as one stdout, then one stderr: a kernel cuts and mixes by chance."""
    for streams, group in groupby(outputs, key=lambda output: output.output_type == "stream"):
        if not streams:
            yield from group
            continue
        texts: dict[str, str] = {}
        for output in group:
            texts[output.name] = texts.get(output.name, "") + output.text
        for name in sorted(texts, key=_STREAM_ORDER.__getitem__):
            yield {"output_type": "stream", "name": name, "text": texts[name]}


def _output(output: Mapping[str, Any], places: Mapping[str, str]) -> dict[str, Any]:
    """The output with every text in it cleared of the machine; images and other data as they are."""
    cleared = dict(output)
    if "data" in cleared:
        cleared["data"] = {
            kind: _clear(value, places) if kind.startswith("text/") else value
            for kind, value in cleared["data"].items()
        }
    for name in ("text", "evalue", "traceback"):
        if name in cleared:
            cleared[name] = _clear(cleared[name], places)
    return cleared


def _clear(value: Any, places: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_clear(item, places) for item in value]
    return _ADDRESS.sub("at 0x0", _without_machine(value, places)) if isinstance(value, str) else value


def _without_machine(text: str, places: Mapping[str, str]) -> str:
    """The text with cells' temporary files named ``<cell>`` and the folders of this machine replaced."""
    temporary = re.escape(tempfile.gettempdir())
    text = _BUILDING.sub("", text)
    text = re.sub(rf"(?:{temporary}|\S*)[/\\]ipykernel_\d+[/\\]\d+\.py", "<cell>", text)
    for place in sorted(places, key=len, reverse=True):
        text = _replace_folder(text, place, places[place])
    return text


def _replace_folder(text: str, folder: str, word: str) -> str:
    # Only whole names at the start of a path: /srv/app is neither the start of /srv/apples nor the end of an address.
    whole = rf"(?<![\w./\\-]){re.escape(folder)}(?=[/\\]|[^\w.-]|$)"
    if word:
        return re.sub(whole, lambda _: word, text)
    text = re.sub(whole + r"[/\\]", "", text)
    return re.sub(whole, ".", text)
