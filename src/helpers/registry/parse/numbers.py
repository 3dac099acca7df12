"""Counts, measures and amounts of money as people write them, with the bound that their words set.

``20.000,00 €`` is 20000; ``más de 50`` is 50 and a lower bound; ``8 Mayo`` is 8; ``59.174 mil personas`` is 59174.
"""

import math
import re
from collections.abc import Iterable
from typing import NamedTuple

from helpers.registry.folding import fold

LARGEST = 9_007_199_254_740_992
"""Beyond this a decimal no longer holds every whole number."""


class Number(NamedTuple):
    """A value, what kind of bound its words make it, and whether a point or comma in it could be read two ways."""

    value: float
    bound: str = "exact"
    ambiguous: bool = False


BOUND_WORDS = {
    "lower": (
        "mas de", "more than", "over", "above", "oltre", "piu di", "al menos", "at least", "almeno", "minimo",
        "minimum", "por sobre", "sobre", "mas", "superior a", "superiore a", "not less than",
    ),
    "upper": (
        "menos de", "less than", "fewer than", "under", "below", "meno di", "hasta", "up to", "fino a", "at most",
        "al massimo", "como maximo", "maximo", "not more than",
    ),
    "approx": (
        "casi", "almost", "nearly", "quasi", "circa", "ca", "c", "about", "around", "roughly", "unos", "unas", "some",
        "alrededor", "alrededor de", "aproximadamente", "aprox", "approximately", "approx", "cerca", "cerca de",
        "mas o menos", "more or less", "piu o meno", "estimado", "estimados", "stima",
    ),
}  # fmt: skip
_BOUND_OF = {fold(word): bound for bound, words in BOUND_WORDS.items() for word in words}
_BOUND_PATTERN = re.compile(r"\b(" + "|".join(sorted(map(re.escape, _BOUND_OF), key=len, reverse=True)) + r")\b")
_SIGNS = {">": "lower", "≥": "lower", "<": "upper", "≤": "upper", "~": "approx", "≈": "approx", "±": "approx"}

_MULTIPLIERS = {
    **dict.fromkeys(("k", "mil", "mila", "miles", "thousand", "thousands"), 1_000),
    **dict.fromkeys(("m", "mill", "millon", "millones", "million", "millions", "milione", "milioni", "mln"), 1_000_000),
}
_COLLECTIVES = {
    **dict.fromkeys(("docena", "dozen", "dozzina"), 12),
    **dict.fromkeys(("centenar", "centena", "centinaio", "hundred", "ciento", "cento", "cien"), 100),
    **dict.fromkeys(("millar", "migliaio", "thousand", "mil", "mille"), 1_000),
}
_FILLERS = {"un", "una", "uno", "a", "an", "the", "los", "las", "el", "la", "lo", "de", "di", "of", "que", "y", "e"}
_CURRENCY = re.compile(
    r"[€$£₡¥]|\b(?:EUR|ARS|AR\$|USD|US\$|GBP|CLP|PLN|TND|CAD|BRL|UYU|pesos?|euros?|zł|dollars?|d[oó]lares?)(?=[\s\d.,]|$)"
    r"|(?<=\d)\s*(?:EUR|ARS|USD|PLN|CLP)\b",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"(?:[-−–+]\s*)?[.,]?\d(?:[\d.,'’ \u00a0\u202f]*\d)?(?:[eE][+-]?\d+)?")


def parse_number(text: str, decimal: str | None = None) -> Number | None:
    """The number in a text, or None where there is none or more than one.

    ``decimal`` ("." or ",") settles ``1.756`` and ``1,756``; without it they are thousands.
    """
    bare, percent = _CURRENCY.sub(" ", text).strip(), "%" in text
    bare = bare.replace("%", " ").strip()
    sign_bound = next((bound for mark, bound in _SIGNS.items() if mark in bare), None)
    for mark in (*_SIGNS, "="):
        bare = bare.replace(mark, " ")
    if re.fullmatch(r"\(\s*[\d.,\s]+\)", bare):
        bare = "-" + bare.strip("() ")
    tokens = list(_TOKEN.finditer(bare))
    if not tokens:
        return None if percent else _collective(bare)
    if len(tokens) > 1:
        return None
    return _with_words(bare, tokens[0], decimal, sign_bound)


def _with_words(text: str, token: re.Match, decimal: str | None, sign_bound: str | None) -> Number | None:
    """The number of a token together with the words before and after it."""
    if text[: token.start()][-1:].isalnum():
        return None
    before, after = fold(text[: token.start()]), text[token.end() :]
    if re.match(r"\s*[/:\-–]\s*\w|[_\d]", after) or re.search(r"[/:]\s*$", text[: token.start()]):
        return None
    bound, rest = _take_bound(before)
    if set(rest.split()) - _FILLERS:
        return None
    plus = after.lstrip().startswith("+")
    words = fold(after).split()
    multiplier = _MULTIPLIERS.get(words[0], 1) if words else 1
    read = read_digits(token.group(), decimal, multiplier)
    if read is None:
        return None
    value, ambiguous = read
    trailing = _take_bound(" ".join(words[1:] if multiplier > 1 else words))[0] if words else None
    found = bound or sign_bound or ("lower" if plus else None) or (trailing if trailing == "approx" else None)
    return Number(value * multiplier, found or "exact", ambiguous)


def _take_bound(words: str) -> tuple[str | None, str]:
    """The bound that folded words set, and the words left."""
    found = _BOUND_PATTERN.search(words)
    if not found:
        return None, words
    return _BOUND_OF[found[1]], _BOUND_PATTERN.sub(" ", words).strip()


def _collective(text: str) -> Number | None:
    """``quasi un centinaio``: a word for a round number, with a bound."""
    bound, rest = _take_bound(fold(text))
    words = [word for word in rest.split() if word not in _FILLERS]
    if not words or words[0] not in _COLLECTIVES:
        return None
    return Number(float(_COLLECTIVES[words[0]]), bound or "approx")


def read_digits(token: str, decimal: str | None, multiplier: int = 1) -> tuple[float, bool] | None:
    """Value of digits with separators, and whether another reading was possible; None where the groups are wrong."""
    token = re.sub(r"[\s\u00a0\u202f'’](?=\d{3}(?:\D|$))", "", token.replace("−", "-").replace("–", "-"))
    token = token.lstrip("+-") if token.startswith("+") else token
    token = re.sub(r"^-\s+", "-", token)
    if re.search(r"[\s'’]", token):
        return None
    mark, ambiguous = _decimal_mark(token)
    if mark is None:
        return None
    if ambiguous and (multiplier == 1_000 or decimal == mark):
        pass  # 59.174 mil is 59,174 either way; grouped digits are never multiplied again
    elif ambiguous:
        mark = ""
    plain = token.replace("," if mark == "." else ".", "") if mark else re.sub(r"[.,]", "", token)
    return _checked(plain.replace(",", "."), ambiguous)


def _decimal_mark(token: str) -> tuple[str | None, bool]:
    """The decimal mark ("" where there is none, None where groups are wrong), and whether it may group thousands."""
    marks = re.findall(r"[.,]", token)
    if not marks:
        return "", False
    kinds = set(marks)
    if len(kinds) == 2:
        last, other = marks[-1], (kinds - {marks[-1]}).pop()
        whole = token[: token.rfind(last)]
        return (last, False) if marks.count(last) == 1 and _is_grouped(whole, other) else (None, False)
    mark = marks[0]
    if len(marks) > 1:
        return ("", False) if _is_grouped(token, mark) else (None, False)
    whole, fraction = token.split(mark)
    return mark, bool(re.fullmatch(r"-?[1-9]\d{0,2}", whole)) and bool(re.fullmatch(r"\d{3}", fraction))


def _is_grouped(digits: str, mark: str) -> bool:
    return bool(re.fullmatch(rf"-?\d{{1,3}}(?:{re.escape(mark)}\d{{3}})+", digits))


def _checked(plain: str, ambiguous: bool) -> tuple[float, bool] | None:
    try:
        value = float(plain)
    except ValueError:
        return None
    return (value, ambiguous) if math.isfinite(value) and abs(value) <= LARGEST else None


def find_decimal_mark(texts: Iterable[str]) -> str | None:
    """The decimal mark that the unambiguous numbers of a column use, if they agree on one."""
    found = set()
    for text in texts:
        token = _TOKEN.search(text)
        if token and re.search(r"[.,]", token.group()):
            mark, ambiguous = _decimal_mark(token.group().strip())
            if mark is not None and not ambiguous:
                found.add(mark or ("," if "." in token.group() else "."))
    return found.pop() if len(found) == 1 else None
