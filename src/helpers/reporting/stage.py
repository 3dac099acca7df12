"""The temporary folder in which an engine works: style, frame, Markdown and the pictures that the page shows."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from helpers.files import MonitorError, write_bytes, write_text
from helpers.language import Texts
from helpers.reporting.docx import reference_docx
from helpers.reporting.frame import download_links, footer_html, header_html, style_folder
from helpers.reporting.page import Page

STYLE_FILES = ("report.lua", "page.html", "page.typ", "style.css")


def stage(root: Path, folder: Path, page: Page, texts: Texts, name: str, formats: Sequence[str]) -> None:
    """Put style, frame and the DOCX reference of a page into the folder."""
    for file in STYLE_FILES:
        shutil.copyfile(style_folder(root) / file, folder / file)
    write_text(folder / "header.html", header_html(root, page, texts))
    write_text(folder / "footer.html", footer_html(root, download_links(name, formats, texts), texts))
    mark = texts("reporting.simulated_mark") if page.simulated else ""
    header = f"{page.title} · {page.city} · {page.period}"
    write_bytes(folder / "reference.docx", reference_docx(root, page.language, header, texts("reporting.name"), mark))


def copy_pictures(names: Sequence[str], sources: Sequence[Path], folder: Path, where: object) -> None:
    """Copy each picture from the first source folder that has it; a missing one is an error naming it."""
    for name in names:
        if "//" in name:
            raise MonitorError(
                f"the picture {name} is on another host",
                where=where,
                remedy="save it beside the page and name it",
            )
        found = next((base / name for base in sources if (base / name).is_file()), None)
        if found is None:
            raise MonitorError(f"the picture {name} is not there", where=where, remedy="run the notebook again")
        target = folder / name
        if not target.resolve().is_relative_to(folder.resolve()):
            raise MonitorError(
                f"the picture {name} is outside the page's folder",
                where=where,
                remedy="save it beside the page",
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(found, target)
