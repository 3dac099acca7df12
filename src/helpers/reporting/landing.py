"""The landing page over cities and periods; what is simulated is said first."""

from collections.abc import Sequence
from pathlib import Path

from markupsafe import Markup

from helpers.config import find_root
from helpers.files import write_text
from helpers.language import Texts
from helpers.reporting.check import check_page
from helpers.reporting.frame import HEADER_WORDS, fill, footer_html, style_folder, words
from helpers.reporting.page import Card, Link

WORDS = ("name", "landing_title", "landing_lead", "simulated", "documents", "open", "earlier_periods")


def landing_html(root: Path, cards: Sequence[Card], language: str, languages: Sequence[Link] = ()) -> str:
    """The landing page of one language (full tag), cities in the order given."""
    texts = Texts(root, language.partition("-")[0])
    invented = [card.city for card in cards if card.simulated]
    place = {"home": "", "city": "", "period": "", "periods": (), "documents": (), "simulated": False}
    header = fill(root, "header.html", page=place | {"languages": languages}, words=words(texts, HEADER_WORDS))
    said = texts("reporting.landing_simulated", cities=invented) if invented else ""
    return fill(
        root,
        "landing.html",
        tag=language,
        words=words(texts, WORDS) | {"landing_simulated": said},
        css=Markup((style_folder(root) / "style.css").read_text(encoding="utf-8")),
        header=Markup(header),
        footer=Markup(footer_html(root, (), texts)),
        simulated_cities=invented,
        cards=cards,
    )


def write_landing(
    path: Path,
    cards: Sequence[Card],
    language: str,
    languages: Sequence[Link] = (),
    *,
    root: Path | None = None,
) -> Path:
    """Write the landing page, checked like every other page."""
    html = landing_html(root or find_root(Path(__file__)), cards, language, languages)
    check_page(html, path.name)
    return write_text(path, html)
