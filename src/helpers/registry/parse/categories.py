"""Values of closed lists, lists of values and names of territories, in any spelling and any of the languages."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from helpers.registry.folding import fold

SEPARATORS = re.compile(r"\s*(?:;|\||\n)[\s;]*(?:[-•*·]\s+)?")
"""Between items of a list; ``;; -`` and ``; -`` occur in real records."""


@dataclass(frozen=True)
class Names:
    """Folded names with the value that each stands for (None where it stands for several)."""

    values: Mapping[str, str | None]
    problem: str = "unknown_category"

    def find(self, text: str) -> str | None:
        """The value of a text: by its folded name, by its digits and signs, or by an abbreviation of one name."""
        exact = self.values.get(text.strip()) or self.values.get(fold(text))
        return exact if exact or "." not in text else self._abbreviated(text)

    def _abbreviated(self, text: str) -> str | None:
        """``Praga Płd.`` is Praga Południe, if no other name could be meant."""
        words = [word for word in re.split(r"[\s\-]+|(?<=\.)", text) if fold(word)]
        for shortens in (_starts, _runs_through):
            found = {
                value for name, value in self.values.items() if value and _abbreviates(words, name.split(), shortens)
            }
            if found:
                return found.pop() if len(found) == 1 else None
        return None


def _abbreviates(words: list[str], name: list[str], shortens: Callable[[str, str], bool]) -> bool:
    """Whether each word is, or with its point shortens, the word of the name in its place."""
    if len(words) != len(name) or not words:
        return False
    pairs = [(fold(word), whole, "." in word) for word, whole in zip(words, name, strict=True)]
    return all(short == whole or (dotted and shortens(short, whole)) for short, whole, dotted in pairs)


def _starts(short: str, whole: str) -> bool:
    """``Prag.`` or, without the vowels, ``Płn.``: the first letters, or the first consonants."""
    consonants = whole[:1] + re.sub(r"[aeiouy]", "", whole[1:])
    return whole.startswith(short) or consonants.startswith(short)


def _runs_through(short: str, whole: str) -> bool:
    """The first letter and others in their order."""
    return whole[:1] == short[:1] and re.search(".*".join(short), whole) is not None


def vocabulary_names(vocabulary: Mapping[str, Mapping[str, str]]) -> Names:
    """Every value of a closed list by its own name and by its label in each language.

    The value itself counts more than a label of another value; a label that two values share counts for none.
    """
    names: dict[str, str | None] = {}
    for value, labels in vocabulary.items():
        for label in {fold(label) for label in labels.values()}:
            names[label] = value if names.get(label, value) == value else None
    return Names({**names, **{fold(value): value for value in vocabulary}, **{value: value for value in vocabulary}})


def read_names(raw: pd.Series, names: Names, is_list: bool) -> pd.DataFrame:
    """The values that texts name; in a list every item must be known."""
    if not is_list:
        found = [names.find(text) for text in raw]
        problems = [None if value else names.problem for value in found]
        return _frame(found, problems, raw)
    found = [[names.find(item) for item in _items_named(text, names)] for text in raw]
    values = [";".join(dict.fromkeys(item for item in items if item)) for items in found]
    problems = [names.problem if None in items else None for items in found]
    return _frame(values, problems, raw)


def _frame(values: list, problems: list, raw: pd.Series) -> pd.DataFrame:
    columns = {"value": values, "problem": problems}
    return pd.DataFrame({name: pd.Series(cells, raw.index, "str") for name, cells in columns.items()})


def _items_named(text: str, names: Names) -> list[str]:
    """Items of a list; commas separate only where the whole between two semicolons is no name itself."""
    items = []
    for part in split_items(text):
        items += [part] if names.find(part) else [item.strip() for item in part.split(",") if item.strip()]
    return items


def read_list(raw: pd.Series) -> pd.DataFrame:
    """Free items, each once, joined by semicolons."""
    values = [";".join(dict.fromkeys(split_items(text))) or None for text in raw]
    return pd.DataFrame({"value": pd.Series(values, raw.index, "str")})


def split_items(text: str) -> list[str]:
    """Items of a text without their bullets and outer blanks."""
    parts = (re.sub(r"^[-•*·]\s+", "", part.strip()).strip() for part in SEPARATORS.split(text))
    return [re.sub(r"\s+", " ", part) for part in parts if part]
