"""The grammar of filters: from text to a tree of tests."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from helpers.config import MonitorError

_TOKEN = re.compile(
    r"\s*(?:(?P<date>\d{4}-\d{2}-\d{2})|(?P<number>-?\d+(?:\.\d+)?(?![\w+-]))|(?P<op><=|>=|!=|[=<>()\[\],])"
    r"|'(?P<quoted>[^']*)'|(?P<word>[A-Za-z0-9_][\w.+-]*))"
)
ORDERED = ("<", "<=", ">", ">=")


class FilterError(MonitorError):
    """A filter that cannot be read or that names something that does not exist."""


@dataclass(frozen=True)
class Test:
    """One comparison of a field; `operand` is a tuple of words, a number, a date, a field name or a state."""

    field: str
    operator: str
    operand: object
    position: int


@dataclass(frozen=True)
class Both:
    left: object
    right: object


@dataclass(frozen=True)
class Either:
    left: object
    right: object


@dataclass(frozen=True)
class Negation:
    inner: object


class Token(NamedTuple):
    kind: str
    text: str
    position: int


@lru_cache(maxsize=512)
def parse(text: str) -> object:
    """The filter as a tree; raises FilterError with the position (1-based character) of the mistake."""
    return _Parser(text).whole()


def fields_of(tree: object) -> list[str]:
    """Names of the fields that a filter reads, in order, each once."""
    if isinstance(tree, Test):
        other = [tree.operand[1]] if tree.operator in ORDERED and isinstance(tree.operand, tuple) else []
        return [tree.field, *other]
    inner = [tree.inner] if isinstance(tree, Negation) else [tree.left, tree.right]
    return list(dict.fromkeys(name for part in inner for name in fields_of(part)))


def tests_of(tree: object) -> list[Test]:
    """The comparisons of a filter, in order."""
    if isinstance(tree, Test):
        return [tree]
    inner = [tree.inner] if isinstance(tree, Negation) else [tree.left, tree.right]
    return [test for part in inner for test in tests_of(part)]


class _Parser:
    def __init__(self, text: str):
        self.text, self.tokens, self.at = text, list(_tokens(text)), 0

    def whole(self) -> object:
        tree = self.filter()
        if self.peek().kind != "end":
            self.fail(f"{self.peek().text!r} is one word too many", "join tests with `and` or `or`")
        return tree

    def filter(self) -> object:
        tree = self.all()
        while self.take("or"):
            tree = Either(tree, self.all())
        return tree

    def all(self) -> object:
        tree = self.one()
        while self.take("and"):
            tree = Both(tree, self.one())
        return tree

    def one(self) -> object:
        if self.take("not"):
            return Negation(self.one())
        if self.take("("):
            tree = self.filter()
            self.need(")")
            return tree
        return self.test()

    def test(self) -> object:
        name = self.next()
        if name.kind != "word":
            self.fail(f"a field was expected, not {name.text or 'the end'!r}", "write `field = value`", name)
        if self.take("is"):
            state = self.next()
            if state.text not in ("known", "missing", "not_applicable"):
                self.fail(f"{state.text!r} is no state", "write known, missing or not_applicable", state)
            return Test(name.text, "is", state.text, name.position)
        if self.take("not"):
            self.need("in")
            return Negation(self.members(name))
        if self.take("in"):
            return self.members(name)
        operator = self.next()
        if operator.text in ("=", "!="):
            test = Test(name.text, "in", (self.value(),), name.position)
            return Negation(test) if operator.text == "!=" else test
        if operator.text in ORDERED:
            return Test(name.text, operator.text, self.operand(), name.position)
        remedy = "use =, !=, <, <=, >, >=, in or is"
        return self.fail(f"{operator.text or 'the end'!r} is no comparison", remedy, operator)

    def members(self, name: Token) -> object:
        if self.take("period"):
            return Test(name.text, "in period", None, name.position)
        self.need("[")
        words = [self.value()]
        while self.take(","):
            words.append(self.value())
        self.need("]")
        return Test(name.text, "in", tuple(words), name.position)

    def value(self) -> str:
        token = self.next()
        if token.kind not in ("word", "quoted", "number"):
            self.fail(f"a value was expected, not {token.text or 'the end'!r}", "write a word or a number", token)
        return token.text

    def operand(self) -> object:
        token = self.next()
        if token.kind == "number":
            return float(token.text)
        if token.kind == "date":
            return pd.Timestamp(token.text)
        if token.kind == "word":
            return ("field", token.text)
        return self.fail(f"{token.text or 'the end'!r} cannot be compared", "write a number, a date or a field", token)

    def peek(self) -> Token:
        return self.tokens[self.at]

    def next(self) -> Token:
        token = self.tokens[self.at]
        self.at = min(self.at + 1, len(self.tokens) - 1)
        return token

    def take(self, text: str) -> bool:
        found = self.peek().text == text and self.peek().kind in ("word", "op")
        self.at += found
        return found

    def need(self, text: str) -> None:
        if not self.take(text):
            self.fail(f"{text!r} was expected, not {self.peek().text or 'the end'!r}", f"write {text!r} there")

    def fail(self, what: str, remedy: str, token: Token | None = None) -> None:
        raise filter_error(self.text, (token or self.peek()).position, what, remedy)


def _tokens(text: str):
    at, text_end = 0, len(text.rstrip())
    while at < text_end:
        match = _TOKEN.match(text, at)
        if not match:
            start = at + len(text[at:]) - len(text[at:].lstrip())
            raise filter_error(text, start, f"{text[start]!r} has no meaning in a filter", "remove it")
        kind = match.lastgroup
        yield Token(kind, match[kind], match.start(kind))
        at = match.end()
    yield Token("end", "", text_end)


def filter_error(text: str, position: int, what: str, remedy: str) -> FilterError:
    """The error of a mistake at a position (from 0) of a filter."""
    return FilterError(what, where=f"filter `{text}`, character {position + 1}", remedy=remedy)
