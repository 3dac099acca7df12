"""What both engines are told about a page, as metadata of the document."""

import re
from typing import Any

from helpers.language import Texts
from helpers.reporting.frame import FILTER_WORDS, words
from helpers.reporting.page import Page

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#$@^~|])")


def literal(text: str) -> str:
    """Text that Markdown leaves as it is; metadata is read as Markdown."""
    return _SPECIAL.sub(r"\\\1", text)


def metadata(page: Page, texts: Texts) -> dict[str, Any]:
    """Title, language and words of a page, named as the templates and the filter expect them."""
    language, _, region = page.language.partition("-")
    place = f"{page.city} · {page.period}"
    mark = texts("reporting.simulated") if page.simulated else ""
    title = f"{page.title} · {place}" + (f" · {mark}" if mark else "")
    entries = {
        "title": page.title,
        "pagetitle": title,
        "subtitle": page.subtitle,
        "description-meta": page.description or f"{page.title}, {page.city}, {page.period}",
        "kicker": place,
        "date-line": date_line(page, texts),
        "running-foot": texts("reporting.name"),
        "simulated-word": texts("reporting.simulated_mark") if mark else "",
        "toc-title": texts("reporting.contents"),
    }
    return {
        **{name: literal(text) for name, text in entries.items() if text},
        "lang": page.language,
        "text-lang": language,
        "text-region": region,
        "words": {name: literal(text) for name, text in words(texts, FILTER_WORDS).items()},
    }


def date_line(page: Page, texts: Texts) -> str:
    """The line below the title: up to which day the data reach, how settled they are, and by which method."""
    method = page.method or texts.missing
    return texts("reporting.date_line", date=texts.date(page.date), status=page.status, method=method)


def typst_date(page: Page) -> str:
    """The statement that fixes the date inside a PDF, put before the body by both engines."""
    day = page.date
    return f"#set document(date: datetime(year: {day.year}, month: {day.month}, day: {day.day}))\n"
