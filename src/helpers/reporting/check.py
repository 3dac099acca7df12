"""Checks of a finished page: it calls no other host and gives everyone a way in."""

import re
from html.parser import HTMLParser

from helpers.files import MonitorError

RESOURCE_ATTRIBUTES = {
    "src",
    "srcset",
    "poster",
    "data",
    "background",
    "action",
    "formaction",
    "ping",
    "xlink:href",
}
LINKS = {"a", "area"}
REMOTE = re.compile(r"^\s*(?:https?:|ftp:|wss?:)?//", re.IGNORECASE)
REMOTE_IN_STYLE = re.compile(r"(?:url\(\s*['\"]?|@import\s+['\"])\s*((?:https?:)?//[^)'\"\s]+)", re.IGNORECASE)


class _Reader(HTMLParser):
    """Collects what the checks need in one reading."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.remote: list[str] = []
        self.without_alt: list[str] = []
        self.ids: list[str] = []
        self.anchors: list[str] = []
        self.language, self.title, self.mains, self.firsts = "", "", 0, 0
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.remote += _remote_in(tag, given)
        if "id" in given:
            self.ids.append(given["id"])
        if tag in LINKS and given.get("href", "").startswith("#"):
            self.anchors.append(given["href"][1:])
        if tag == "img" and not given.get("alt", "").strip():
            self.without_alt.append(given.get("src", "")[:60])
        if tag == "html":
            self.language = given.get("lang", "")
        self.mains += tag == "main"
        self.firsts += tag == "h1"
        self._inside = tag if tag in ("title", "style") else ""

    def handle_data(self, data: str) -> None:
        if self._inside == "title":
            self.title += data
        if self._inside == "style":
            self.remote += REMOTE_IN_STYLE.findall(data)

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""


def _remote_in(tag: str, attributes: dict[str, str]) -> list[str]:
    found = [attributes[name] for name in RESOURCE_ATTRIBUTES & attributes.keys() if REMOTE.match(attributes[name])]
    if tag not in LINKS and REMOTE.match(attributes.get("href", "")):
        found.append(attributes["href"])
    return found + REMOTE_IN_STYLE.findall(attributes.get("style", ""))


def page_problems(html: str) -> list[str]:
    """What is wrong with a page, one phrase each; empty where nothing is.

    A plain link to another site is allowed; a picture, script, style sheet, frame or form of another host is not.
    """
    reader = _Reader()
    reader.feed(html)
    problems = [f"it loads {address} from another host" for address in reader.remote]
    problems += [f"the picture {source} has no text alternative" for source in reader.without_alt]
    twice = sorted({name for name in reader.ids if reader.ids.count(name) > 1})
    problems += [f"the name {name} is given twice" for name in twice]
    problems += [f"the link #{name} leads nowhere" for name in sorted({*reader.anchors} - {*reader.ids, ""})]
    expected = {
        "it has no language": bool(reader.language),
        "it has no title": bool(reader.title.strip()),
        "it does not have exactly one main part": reader.mains == 1,
        "it does not have exactly one main heading": reader.firsts == 1,
    }
    return problems + [words for words, holds in expected.items() if not holds]


def check_page(html: str, where: object = None) -> None:
    """Raise a MonitorError naming everything that is wrong with a page."""
    problems = page_problems(html)
    if problems:
        raise MonitorError(
            "the page cannot be published: " + "; ".join(problems),
            where=where,
            remedy="mend it in the notebook or its text",
        )
