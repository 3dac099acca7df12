"""The Quarto engine: one page at a time, in a temporary folder, without executing anything.

Written as Quarto documents it and tested up to its door; it is tried for real before each release.
"""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from helpers.config import quarto_program
from helpers.files import MonitorError, write_bytes, write_json, write_text
from helpers.language import Texts
from helpers.reporting.metadata import metadata, typst_date
from helpers.reporting.page import Page
from helpers.reporting.pandoc import problems_in, steady_environment

FORMATS = {"html": ("html", "page.html"), "pdf": ("typst", "page.pdf"), "docx": ("docx", "page.docx")}
TIME_LIMIT = 300


def versions() -> dict[str, str]:
    """Version of the quarto program."""
    done = subprocess.run([quarto_program() or "quarto", "--version"], capture_output=True, text=True, encoding="utf-8")
    return {"quarto": done.stdout.strip()}


def command(quarto: str, kind: str) -> list[str]:
    """The command line for one format (html, pdf, docx), to be run in the staged folder."""
    to, output = FORMATS[kind]
    fixed = ["--no-execute", "--metadata-file", "metadata.json", "--output", output, "--quiet"]
    return [quarto, "render", "page.ipynb", "--to", to, *fixed]


def quarto_metadata(page: Page, texts: Texts) -> dict[str, Any]:
    """The metadata of the page with the date as Quarto wants it: fixed, never today."""
    return {**metadata(page, texts), "date": page.date.isoformat()}


def stage_quarto(root: Path, folder: Path, notebook: NotebookNode, page: Page, texts: Texts) -> None:
    """Add to a staged folder what only Quarto needs: its options, the notebook, metadata and Typst template."""
    shutil.copyfile(root / "reports" / "_quarto.yml", folder / "_quarto.yml")
    write_bytes(folder / "page.ipynb", nbformat.writes(notebook).encode("utf-8"))
    write_json(folder / "metadata.json", quarto_metadata(page, texts))
    write_text(folder / "date.typ", typst_date(page))
    template = (folder / "page.typ").read_text(encoding="utf-8")
    # Quarto's own definitions must stand in every template that replaces its own.
    write_text(folder / "page-quarto.typ", "$definitions.typ()$\n" + template)


def render_quarto(folder: Path, page: Page, formats: Sequence[str], where: object) -> dict[str, bytes]:
    """Files of one page by format, from a folder staged for Quarto."""
    quarto = quarto_program()
    if quarto is None:
        raise MonitorError("quarto is not on this machine", where="ENGINE", remedy="write ENGINE=pandoc, or install it")
    made = {}
    for kind in formats:
        _run(command(quarto, kind), folder, page, where)
        output = folder / FORMATS[kind][1]
        if not output.is_file():
            raise MonitorError(f"quarto wrote no {kind}", where=where, remedy="write ENGINE=pandoc")
        made[kind] = output.read_bytes()
    return made


def _run(line: list[str], folder: Path, page: Page, where: object) -> None:
    try:
        done = subprocess.run(
            line,
            cwd=folder,
            env=steady_environment(page),
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=TIME_LIMIT,
        )
    except subprocess.TimeoutExpired as error:
        raise MonitorError(
            f"quarto took more than {TIME_LIMIT} seconds", where=where, remedy="write ENGINE=pandoc"
        ) from error
    if done.returncode:
        found = problems_in(done.stderr + done.stdout)
        message = found or f"quarto failed: {(done.stderr or done.stdout).strip()[-800:]}"
        raise MonitorError(message, where=where, remedy="mend it in the notebook or its text, or write ENGINE=pandoc")
