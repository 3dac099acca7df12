"""The pandoc engine: HTML and DOCX by pandoc, PDF through its Typst writer and the Typst compiler."""

import os
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import pypandoc
import typst

from helpers.files import MonitorError, write_json, write_text
from helpers.language import Texts
from helpers.reporting.metadata import metadata, typst_date
from helpers.reporting.page import Page

READER = "markdown-yaml_metadata_block"
_PROBLEM_START, _PROBLEM_END = "REPORT: ", " :REPORT"


def versions() -> dict[str, str]:
    """Versions of the programs of this engine."""
    return {"pandoc": pypandoc.get_pandoc_version(), "typst": version("typst")}


def epoch(page: Page) -> int:
    """The page's date as seconds, for SOURCE_DATE_EPOCH."""
    day = page.date
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def steady_environment(page: Page) -> dict[str, str]:
    """The environment in which an engine runs: fixed date, time zone and locale."""
    fixed = {"SOURCE_DATE_EPOCH": str(epoch(page)), "TZ": "UTC", "LC_ALL": "C.UTF-8"}
    return {**os.environ, **fixed}


def problems_in(message: str) -> str | None:
    """What the filter complained of, taken out of an engine's error output."""
    if _PROBLEM_START not in message:
        return None
    return " ".join(message.split(_PROBLEM_START, 1)[1].split(_PROBLEM_END, 1)[0].split())


def run_pandoc(arguments: Sequence[str], folder: Path, page: Page, where: object) -> None:
    """Run pandoc in the folder; what the filter refuses becomes an error for people."""
    command = [pypandoc.get_pandoc_path(), *arguments]
    done = subprocess.run(
        command, cwd=folder, env=steady_environment(page), capture_output=True, text=True, encoding="utf-8"
    )
    if done.returncode == 0:
        return
    found = problems_in(done.stderr)
    if found:
        raise MonitorError(found, where=where, remedy="mend it in the notebook or its text")
    raise MonitorError(f"pandoc failed: {done.stderr.strip()}", where=where, remedy="look at the page's Markdown")


def common_arguments(to: str, output: str) -> list[str]:
    """What every call has: reader, filter, metadata."""
    filters = ["--lua-filter=report.lua", "--metadata-file=metadata.json"]
    return ["page.md", f"--from={READER}", f"--to={to}", "--standalone", *filters, f"--output={output}"]


def arguments(kind: str, output: str) -> list[str]:
    """The command line of one format (html, docx, typst) in a staged folder."""
    extra = {
        "html": [
            "--template=page.html",
            "--css=style.css",
            "--embed-resources",
            "--mathml",
            "--toc",
            "--toc-depth=2",
            "--wrap=preserve",
            "--include-before-body=header.html",
            "--include-after-body=footer.html",
        ],
        "docx": ["--reference-doc=reference.docx"],
        "typst": ["--template=page.typ", "--toc", "--include-before-body=date.typ", "--wrap=preserve"],
    }
    return common_arguments(kind, output) + extra[kind]


def render_pandoc(folder: Path, page: Page, texts: Texts, formats: Sequence[str], where: object) -> dict[str, bytes]:
    """Files of one page by format, from a folder staged with the style, the frame and ``page.md``."""
    write_json(folder / "metadata.json", metadata(page, texts))
    write_text(folder / "date.typ", typst_date(page))
    made = {}
    for kind in formats:
        step = "typst" if kind == "pdf" else kind
        output = {"typst": "page-out.typ"}.get(step, f"out.{step}")
        run_pandoc(arguments(step, output), folder, page, where)
        made[kind] = compile_pdf(folder / output, page, where) if kind == "pdf" else (folder / output).read_bytes()
    return made


def check_notation(folder: Path, page: Page, texts: Texts, where: object) -> None:
    """Raise what the filter refuses in ``page.md``, before another engine is called."""
    write_json(folder / "metadata.json", metadata(page, texts))
    run_pandoc(common_arguments("html", "check.html"), folder, page, where)
    (folder / "check.html").unlink()


def compile_pdf(source: Path, page: Page, where: object) -> bytes:
    """The tagged PDF/UA of a Typst file, with the fonts that Typst brings along and no other."""
    try:
        return typst.compile(
            source,
            root=source.parent,
            font_paths=[],
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=["ua-1"],
            timestamp=epoch(page),
        )
    except typst.TypstError as error:
        hints = "; ".join(error.hints)
        raise MonitorError(
            f"the PDF cannot be made: {error.message}" + (f" ({hints})" if hints else ""),
            where=where,
            remedy="mend it in the notebook or its text",
        ) from error
