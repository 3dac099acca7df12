"""From an executed notebook to the Markdown of a report.

Markdown cells and the Markdown outputs of code cells that start with ``#| output: asis`` are the report; code and
every other output stay behind. Both engines read the same prepared notebook.
"""

import re
from pathlib import Path

import nbformat
from nbconvert import MarkdownExporter
from nbformat import NotebookNode

from helpers.files import MonitorError

ASIS = re.compile(r"^\s*#\|\s*output:\s*asis\s*$", re.MULTILINE)
PARAMETER_TAGS = {"parameters", "injected-parameters"}
PICTURE = re.compile(r"!\[[^\]]*(?:\][^\[\](]*\[[^\]]*)*\]\(([^)\s]+)")


def read_notebook(path: Path) -> NotebookNode:
    """The notebook at a path; a missing or broken file is an error for people."""
    if not path.is_file():
        raise MonitorError("the executed notebook is not there", where=path, remedy="run the notebook first")
    try:
        return nbformat.read(path, as_version=4)
    except (nbformat.reader.NotJSONError, nbformat.ValidationError, ValueError) as error:
        raise MonitorError(
            f"the notebook cannot be read: {error}", where=path, remedy="run the notebook again"
        ) from error


def prepare(notebook: NotebookNode, where: object, opening: str = "", closing: str = "") -> NotebookNode:
    """A copy with only what the report shows, between an opening and a closing Markdown cell.

    Raises
    ------
    MonitorError: a cell failed, shows HTML, or a report cell shows something else than Markdown.
    """
    cells = [_markdown_cell("opening", opening)] if opening else []
    for number, cell in enumerate(notebook.cells, start=1):
        place = f"{where}, cell {number}"
        if cell.cell_type == "markdown" and cell.source.strip():
            cells.append(_markdown_cell(f"cell-{number}", cell.source))
        elif cell.cell_type == "code":
            shown = [_checked(output, place) for output in cell.outputs]
            if ASIS.search(cell.source):
                cells.append(_report_cell(number, cell.source, [text for text in shown if text], place))
    if closing:
        cells.append(_markdown_cell("closing", closing))
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return nbformat.v4.new_notebook(cells=cells, metadata=metadata)


def to_markdown(prepared: NotebookNode) -> str:
    """The Markdown of a prepared notebook, code left out, a blank line between displays."""
    exporter = MarkdownExporter(exclude_input=True, exclude_input_prompt=True, exclude_output_prompt=True)
    body, _ = exporter.from_notebook_node(prepared)
    return re.sub(r"\n{3,}", "\n\n", body).strip() + "\n"


def pictures(markdown: str) -> list[str]:
    """Addresses of the pictures that the Markdown shows, in order, each once."""
    return list(dict.fromkeys(PICTURE.findall(markdown)))


def _markdown_cell(name: str, source: str) -> NotebookNode:
    return nbformat.v4.new_markdown_cell(source, id=name)


def _report_cell(number: int, source: str, texts: list[str], place: str) -> NotebookNode:
    if not texts and "Markdown" in source:
        raise MonitorError(
            "the report cell shows no Markdown",
            where=place,
            remedy="show its text with display(Markdown(...))",
        )
    outputs = [nbformat.v4.new_output("display_data", {"text/markdown": text.strip("\n") + "\n"}) for text in texts]
    return nbformat.v4.new_code_cell(source, id=f"cell-{number}", outputs=outputs, execution_count=None)


def _checked(output: NotebookNode, place: str) -> str:
    """The Markdown of one output, or nothing; HTML and errors are refused."""
    if output.output_type == "error":
        raise MonitorError(
            f"the cell failed with {output.ename}: {output.evalue}",
            where=place,
            remedy="mend it and run again",
        )
    data = output.get("data", {})
    if "text/html" in data:
        raise MonitorError(
            "the cell shows HTML, which would bring scripts of other hosts into the page",
            where=place,
            remedy="show the table as Markdown",
        )
    return "".join(data.get("text/markdown", ""))
