"""Executed notebook to HTML, PDF and DOCX, by either engine, written whole or not at all."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from nbformat import NotebookNode

from helpers.config import choose_engine, find_root
from helpers.files import MonitorError, sha256, write_bytes, write_text
from helpers.language import Texts
from helpers.reporting import pandoc, quarto
from helpers.reporting.annex import Executed, annex_notebook
from helpers.reporting.check import check_page
from helpers.reporting.docx import steady_docx
from helpers.reporting.frame import closing_markdown, opening_markdown
from helpers.reporting.notebook import pictures, prepare, read_notebook, to_markdown
from helpers.reporting.page import Manifest, Page
from helpers.reporting.stage import copy_pictures, stage

FORMATS = ("html", "pdf", "docx")


def render(
    notebook: Path,
    target: Path,
    page: Page,
    engine: str,
    formats: Sequence[str] = FORMATS,
    *,
    root: Path | None = None,
) -> Manifest:
    """Render an executed notebook as ``<target>.html``, ``.pdf`` and ``.docx``.

    Parameters
    ----------
    notebook: the canonical executed notebook.
    target: path of the files without suffix; pictures named ``fig/x.png`` are looked for beside it, then beside
        the notebook.
    engine: ``auto``, ``quarto`` or ``pandoc``; what was used stands in the manifest.
    formats: a selection of html, pdf and docx.
    root: the folder of the monitor; found from here where it is not given.

    Raises
    ------
    MonitorError: the notebook shows something else than Markdown, a cross-reference points to nothing, a picture is
        missing or has no text alternative, or the page would load something from another host. Nothing is written then.
    """
    sources = (target.parent, notebook.parent)
    return _rendered(read_notebook(notebook), notebook.name, sources, target, page, engine, formats, root)


def render_annex(
    intro: str, executed: Sequence[Executed], target: Path, page: Page, engine: str, *, root: Path | None = None
) -> Manifest:
    """Render executed notebooks with their code as ``<target>.html``, below an introduction in Markdown."""
    notebook = annex_notebook(intro, executed)
    return _rendered(notebook, target.name, (target.parent,), target, page, engine, ("html",), root)


def _rendered(
    notebook: NotebookNode,
    name: str,
    sources: Sequence[Path],
    target: Path,
    page: Page,
    engine: str,
    formats: Sequence[str],
    root: Path | None,
) -> Manifest:
    """Make the formats of a page in a folder of its own; ``name`` is what errors call the notebook."""
    _require_known(formats)
    root = root or find_root(Path(__file__))
    texts = Texts(root, page.language.partition("-")[0])
    engine = choose_engine(engine)
    prepared = prepare(notebook, name, opening_markdown(page, texts), closing_markdown(page, texts))
    with tempfile.TemporaryDirectory(prefix="page-") as temporary:
        folder = Path(temporary)
        stage(root, folder, page, texts, target.name, formats)
        markdown = to_markdown(prepared)
        copy_pictures(pictures(markdown), sources, folder, name)
        write_text(folder / "page.md", markdown)
        if engine == "quarto":
            pandoc.check_notation(folder, page, texts, name)
            quarto.stage_quarto(root, folder, prepared, page, texts)
            made = quarto.render_quarto(folder, page, formats, name)
        else:
            made = pandoc.render_pandoc(folder, page, texts, formats, name)
    return _write(made, target, page, engine)


def _require_known(formats: Sequence[str]) -> None:
    unknown = sorted({*formats} - {*FORMATS})
    if unknown:
        raise MonitorError(f"there is no format {unknown[0]!r}", remedy="choose of html, pdf and docx")


def _write(made: dict[str, bytes], target: Path, page: Page, engine: str) -> Manifest:
    """Check the page, steady the DOCX, write everything and say what was written."""
    if "html" in made:
        check_page(made["html"].decode("utf-8"), target.with_name(f"{target.name}.html").name)
    if "docx" in made:
        made["docx"] = steady_docx(made["docx"], page.date)
    files = {}
    for kind, content in made.items():
        path = write_bytes(target.with_name(f"{target.name}.{kind}"), content)
        files[path.name] = {"sha256": sha256(content), "bytes": len(content)}
    programs = quarto.versions() if engine == "quarto" else pandoc.versions()
    return Manifest(engine, programs, files)
