"""What a page is told about itself: its words, its place among the other pages, and what came out of rendering it."""

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Link:
    """A way to another page: text, address relative to this page, and whether it is this page itself.

    ``language`` is the full tag of the page behind the link, for links to other languages.
    """

    text: str
    href: str
    current: bool = False
    language: str = ""


@dataclass(frozen=True)
class Page:
    """What stands around the notebook's own content, the same for every format and engine.

    Attributes
    ----------
    title, subtitle, description: plain text; the description is for search engines and PDF readers.
    language: full tag such as ``es-AR``; its first part names the folder of texts.
    date: last day of the data (never today), used wherever a file wants a date.
    city, period: as people read them.
    simulated: says so on the page, in its title and on every sheet of the PDF and DOCX.
    home: address of the landing page.
    documents, languages, periods: the site's own navigation.
    sources, licence, method: for the closing block; Markdown.
    status: provisional, revised or final, as people read it.
    contact: e-mail, web address or plain words; without one the page says where else to turn.
    form: address of the form to mend a record.
    """

    title: str
    language: str
    date: date
    city: str
    period: str
    subtitle: str = ""
    description: str = ""
    simulated: bool = False
    home: str = ""
    documents: tuple[Link, ...] = ()
    languages: tuple[Link, ...] = ()
    periods: tuple[Link, ...] = ()
    sources: str = ""
    licence: str = ""
    method: str = ""
    status: str = ""
    contact: str = ""
    form: str = ""


@dataclass(frozen=True)
class CardPeriod:
    """A period on a card of the landing page, with its documents."""

    text: str
    href: str
    documents: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Card:
    """A city on the landing page; periods newest first.

    ``id`` is the place of the card on the page; ``language`` the full tag of its pages where it is not the page's own.
    """

    id: str
    city: str
    country: str
    summary: str
    language: str = ""
    simulated: bool = False
    periods: tuple[CardPeriod, ...] = ()


@dataclass(frozen=True)
class Manifest:
    """What rendering wrote: the engine, versions of its programs, and SHA-256 and size of each file by name."""

    engine: str
    versions: dict[str, str]
    files: dict[str, dict[str, Any]] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for run.json."""
        return asdict(self)
