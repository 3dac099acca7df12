"""The frame of a page, written once for both engines: navigation, the simulated banner, the reader's reply."""

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from helpers.language import Texts
from helpers.reporting.page import Link, Page

FILTER_WORDS = (
    "fig", "tbl", "sec", "eq", "note", "tip", "warning", "important", "caution", "contents", "table",
)  # fmt: skip
HEADER_WORDS = (
    "skip", "name", "languages", "periods", "other_periods", "documents", "simulated", "simulated_text",
)  # fmt: skip


def style_folder(root: Path) -> Path:
    """Where style sheet, partials, filter and templates stand."""
    return root / "reports" / "style"


def words(texts: Texts, names: Sequence[str]) -> dict[str, str]:
    """Texts of this room by their short names."""
    return {name: texts(f"reporting.{name}") for name in names}


def fill(root: Path, template: str, **values: object) -> str:
    """An HTML partial of ``reports/style`` with its values put in and escaped."""
    environment = Environment(
        loader=FileSystemLoader(style_folder(root)),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(template).render(values)


def header_html(root: Path, page: Page, texts: Texts) -> str:
    """Skip link, the site's navigation and, for a simulated city, the banner."""
    return fill(root, "header.html", page=page, words=words(texts, HEADER_WORDS))


def footer_html(root: Path, downloads: Sequence[Link], texts: Texts) -> str:
    """The last lines of a page, with the same document in its other formats."""
    return fill(root, "footer.html", downloads=downloads, words=words(texts, ("about", "downloads")))


def download_links(name: str, formats: Sequence[str], texts: Texts) -> list[Link]:
    """Links from the HTML to the same document as PDF and DOCX."""
    others = [kind for kind in ("pdf", "docx") if kind in formats]
    return [Link(texts(f"reporting.download_{kind}"), f"{name}.{kind}") for kind in others]


def opening_markdown(page: Page, texts: Texts) -> str:
    """What stands before the content of a PDF or DOCX; in HTML the frame says it."""
    if not page.simulated:
        return ""
    text = texts("reporting.simulated_text")
    return f"::: {{.simulated}}\n**{texts('reporting.simulated')}.** {text}\n:::\n"


def closing_markdown(page: Page, texts: Texts) -> str:
    """ "Is this wrong?" and the colophon, the same words in every format."""
    reply = [texts("reporting.wrong_text")]
    if page.contact:
        reply.append(texts("reporting.wrong_contact", contact=_contact(page.contact)))
    else:
        reply.append(texts("reporting.wrong_nobody"))
    if page.form:
        reply.append(texts("reporting.wrong_form", form=page.form))
    lines = [f"- {line}" for line in _colophon(page, texts)]
    return "\n".join(
        [
            "::: {.closing}",
            f"## {texts('reporting.wrong_title')} {{#reply .unnumbered .unlisted}}\n",
            " ".join(reply) + "\n",
            texts("reporting.wrong_contested") + "\n",
            f"## {texts('reporting.colophon_title')} {{#colophon .unnumbered .unlisted}}\n",
            *lines,
            ":::\n",
        ]
    )


def _colophon(page: Page, texts: Texts) -> list[str]:
    day = texts.date(page.date)
    lines = [texts("reporting.colophon_period", period=page.period, date=day)]
    for name in ("method", "sources", "licence"):
        value = getattr(page, name)
        if value:
            lines.append(texts(f"reporting.colophon_{name}", **{name: value}))
    return lines


def _contact(contact: str) -> str:
    if contact.startswith(("http://", "https://", "mailto:")):
        return f"<{contact}>"
    return f"[{contact}](mailto:{contact})" if "@" in contact and " " not in contact else contact
