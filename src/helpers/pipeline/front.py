"""The landing pages: every rendered city and period, one page for each language."""

from pathlib import Path

from helpers.config import City, Period, list_cities, load_city, site_folder
from helpers.files import write_bytes
from helpers.language import Texts
from helpers.pipeline.pages import document_links
from helpers.reporting import Card, CardPeriod, Link, write_landing


def front_pages(root: Path) -> Path | None:
    """Write ``index.<language>.html`` for each language of a rendered city; None where nothing has been rendered.

    Returns ``index.html``, which is the page in the first language of the first city: real ones before simulated ones.
    """
    site = site_folder(root)
    built = [load_city(root, name) for name in list_cities(root) if any((site / name).glob("*/*/*.html"))]
    if not built:
        return None
    order = sorted(built, key=lambda city: (city.simulated, city.id))
    languages = list(dict.fromkeys(language for city in order for language in city.languages))
    for language in languages:
        texts = Texts(root, language)
        links = [_link(Texts(root, other), other == language) for other in languages]
        cards = [_card(root, city, texts) for city in order]
        write_landing(site / f"index.{language}.html", cards, texts.tag, links, root=root)
    return write_bytes(site / "index.html", (site / f"index.{languages[0]}.html").read_bytes())


def _link(texts: Texts, current: bool) -> Link:
    return Link(texts.language, f"index.{texts.language}.html", current, texts.tag)


def _card(root: Path, city: City, texts: Texts) -> Card:
    """A city in the language of the page, or in its own first language where it does not speak that one."""
    own = texts if texts.language in city.languages else Texts(root, city.languages[0])
    return Card(
        id=city.id,
        city=texts.pick(city.name),
        country="" if city.simulated else texts.country(city.country),
        summary=texts.pick(city.notes) if city.notes else "",
        language="" if own is texts else own.tag,
        simulated=city.simulated,
        periods=tuple(_period(city, one, own) for one in _rendered(root, city, own.language)),
    )


def _rendered(root: Path, city: City, language: str) -> list[Period]:
    """Periods that have a page in the language, newest first."""
    first = f"{language}/{city.documents[0]}.html"
    place = site_folder(root) / city.id
    return [one for one in reversed(city.ordered_periods) if (place / str(one) / first).is_file()]


def _period(city: City, period: Period, texts: Texts) -> CardPeriod:
    folder = f"{city.id}/{period}/{texts.language}/"
    links = document_links(city, texts, folder)
    return CardPeriod(texts.period(period), links[0].href, links)
