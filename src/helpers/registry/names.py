"""Names of private persons in free text, told by the words around them: a title, an introduction, a signature.

A name that no such word announces is not found, and none is looked up in a list. Names of streets, venues, bodies and
of persons in a public office stay. The words are data: ``personal.yml`` beside this module.
"""

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from helpers.config.reading import read_yaml
from helpers.registry.folding import fold

RULES = read_yaml(Path(__file__).with_name("personal.yml"))
CUES = RULES["names"]

_UPPER = "A-ZÀ-ÖØ-ÞĄĆĘŁŃŚŹŻČŠŽŐŰĞİŞ"
_GAP = r"[^\S\n]+"
_TOKEN = rf"(?:[{_UPPER}](?:[^\W\d_]|['’\-](?=[^\W\d_]))+|[{_UPPER}]\.)"
_ARABIC = r"[\u0621-\u064a]+"


def _any(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first, whatever blanks stand in them."""
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(words, key=len, reverse=True))


_NEXT = rf"{_GAP}(?:(?:{_any(CUES['particles'])}){_GAP})?{_TOKEN}"
NAME = rf"(?P<name>{_TOKEN}(?:{_NEXT}){{0,3}})"
FULL_NAME = rf"(?P<name>{_TOKEN}(?:{_NEXT}){{1,3}})"

_TITLE = rf"(?:(?i:{_any(CUES['titles'])})\.|(?:{_any(CUES['titles'])})(?=\s)|(?i:{_any(CUES['words'])})(?=\s))"

TITLED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<![\w.]){_TITLE}\s*{NAME}",
        rf"(?<!\w)(?i:{_any(CUES['introductions'])})\s*[:.,]?\s*{NAME}",
        rf"(?:{_any(CUES['arabic'])})\s+(?P<name>{_ARABIC}(?:\s+{_ARABIC})?)",
    )
)
"""What only a person's name follows."""

ANNOUNCED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<!\w)(?i:{_any(CUES['weak'])})\s+{FULL_NAME}",
        rf"(?<!\w)(?i:{_any(CUES['labels'])})(?:\s*[/(](?:a|o|as|os)\)?)?\s*[:–—-]\s*{FULL_NAME}",
        rf"(?<!\w)(?i:{_any(CUES['signatures'])})[\s:.,–—-]*{FULL_NAME}",
        rf"(?<!\w)(?i:{_any(CUES['closings'])})[\s.,;:!–—-]*{NAME}(?=[\s.!]*(?:$|\n|[,;(\[–—-]))",
        rf"{FULL_NAME}(?=[\s,;(–—-]+(?i:con\s+)?(?i:{_any(CUES['documents'])})[^\w\n]*\w?\d)",
    )
)
"""What the name of a body or a place may follow too."""

_BEFORE = ("titles", "words", "introductions", "weak", "labels", "signatures", "closings")
SUSPECT = (
    rf"(?i:\b(?:{_any(word for kind in _BEFORE for word in CUES[kind])}))"
    rf"(?:\s*[/(](?:a|o|as|os)\)?)?[\s\pZ.,;:!–—-]*\p{{Lu}}"
    rf"|{_any(CUES['arabic'])}"
)
"""What every text shows in which a name can be found, as RE2 reads it; a document shows its digits."""

_BODIES = {fold(word) for word in CUES["bodies"]}
_OFFICES = {fold(word) for word in CUES["offices"]}
_PLACES = {fold(word) for word in CUES["places"]}
_ENDINGS = {fold(word) for word in CUES["endings"]}
_WORD = re.compile(r"[^\W_]+")
_SENTENCE = re.compile(r"[;:()!?\n]|(?<=[^\W\d_]{4})\.")
_WORDS_BEFORE = 3
"""How many words before a title say whose name follows: Hospital Dr. ..., the councillor, Dr. ..."""


def mask_names(text: str, mask: str) -> str:
    """A text with the names that a cue announces masked."""
    for patterns, is_private in ((TITLED, _is_no_ending), (ANNOUNCED, _is_no_body)):
        for pattern in patterns:
            text = pattern.sub(lambda found, check=is_private: _masked(found, check, mask), text)
    return text


def has_name(text: str) -> bool:
    """Whether a cue announces the name of a private person."""
    return mask_names(text, "") != text


def _masked(found: re.Match, is_private: Callable[[list[str]], bool], mask: str) -> str:
    """What was found with the name masked; as it is where the name is that of a place, a body or an office."""
    sentence = _SENTENCE.split(found.string[: found.start()])[-1]
    words = [*re.finditer(r"\S+", found["name"])]
    office = next((word.start() for word in words if fold(word[0]) in _OFFICES), len(found["name"]))
    name = found["name"][:office].rstrip()
    taken = _PLACES & _words_of_place(sentence) or _OFFICES & _last_words(sentence)
    if not name or taken or not is_private([fold(word) for word in _WORD.findall(name)]):
        return found[0]
    start = found.start("name") - found.start()
    return found[0][:start] + mask + found[0][start + len(name) :]


def _words_of_place(sentence: str) -> set[str]:
    """Words that may say that a place is named next: those just before, or in a list how the item before begins."""
    *items, last = sentence.split(",")
    listed = items and not last.strip()
    return {fold(word) for word in _WORD.findall(items[-1])[:1]} if listed else _last_words(last)


def _last_words(text: str) -> set[str]:
    return {fold(word) for word in _WORD.findall(text)[-_WORDS_BEFORE:]}


def _is_no_ending(words: list[str]) -> bool:
    return words[-1] not in _ENDINGS and words[0] not in _BODIES


def _is_no_body(words: list[str]) -> bool:
    return (_BODIES | _PLACES).isdisjoint(words)
