"""Survey microdata: words of agreement and satisfaction as 1 to 5, reversed items, several columns of one question."""

import re
from fnmatch import fnmatchcase
from pathlib import Path

import pandas as pd

from helpers.config import nearest
from helpers.files import MonitorError
from helpers.sources.frame import table_columns
from helpers.sources.labelled import plain
from helpers.sources.table import read_table

SCALE = {
    1: (
        "strongly disagree", "very dissatisfied", "very poor", "never", "muy en desacuerdo",
        "totalmente en desacuerdo", "muy insatisfecho", "muy insatisfecha", "nada satisfecho", "nada satisfecha",
        "fortemente in disaccordo", "per niente d accordo", "molto insoddisfatto", "molto insoddisfatta", "nada",
        "per niente", "not at all", "molt en desacord",
        "totalment en desacord", "molt insatisfet", "molt insatisfeta", "gens", "gens satisfet", "mai",
        "pas du tout d accord", "tout a fait en desaccord", "tres insatisfait", "tres insatisfaite", "pas du tout",
        "pas du tout satisfait", "pas du tout satisfaite", "jamais", "discordo totalmente", "muito insatisfeito",
        "muito insatisfeita", "discordo completamente", "nunca", "mai soddisfatto", "completamente in disaccordo",
        "muy malo", "muy mala", "muito ruim", "tres mauvais", "pessimo",
    ),
    2: (
        "disagree", "dissatisfied", "poor", "rarely", "en desacuerdo", "insatisfecho", "insatisfecha", "poco",
        "in disaccordo", "poco d accordo", "insoddisfatto", "insoddisfatta", "somewhat disagree", "en desacord",
        "algo en desacuerdo", "insatisfet", "insatisfeta", "poc", "poc satisfet", "plutot pas d accord",
        "pas d accord", "plutot en desaccord", "insatisfait", "insatisfaite", "peu satisfait", "peu satisfaite",
        "plutot insatisfait", "plutot insatisfaite", "peu", "rarement", "discordo", "discordo parcialmente",
        "insatisfeito", "insatisfeita", "pouco", "pouco satisfeito", "pouco satisfeita", "raramente", "rara vez",
        "poco satisfecho", "poco satisfecha", "poco soddisfatto", "poco soddisfatta", "malo", "mala", "ruim",
    ),
    3: (
        "neither agree nor disagree", "neutral", "neither", "neither satisfied nor dissatisfied", "fair", "sometimes",
        "ni de acuerdo ni en desacuerdo", "neutro", "regular", "indiferente", "ne d accordo ne in disaccordo",
        "neutrale", "abbastanza", "no opinion neutral", "neither agree or disagree",
        "ni d acord ni en desacord", "neutral ni d acord ni en desacord", "ni satisfet ni insatisfet", "indiferent",
        "ni d accord ni pas d accord", "ni en accord ni en desaccord", "ni satisfait ni insatisfait", "neutre",
        "nem concordo nem discordo", "nao concordo nem discordo", "nem satisfeito nem insatisfeito", "indiferente",
        "ni satisfecho ni insatisfecho", "ni satisfecha ni insatisfecha", "ne soddisfatto ne insoddisfatto",
        "parfois", "a veces", "as vezes", "a volte",
    ),
    4: (
        "agree", "satisfied", "good", "often", "de acuerdo", "satisfecho", "satisfecha", "bastante", "d accordo",
        "soddisfatto", "soddisfatta", "somewhat agree", "d acord",
        "algo de acuerdo", "satisfet", "satisfeta", "bastant", "plutot d accord", "satisfait", "satisfaite",
        "plutot satisfait", "plutot satisfaite", "souvent", "concordo", "concordo parcialmente", "satisfeito",
        "satisfeita", "abbastanza d accordo", "bastante satisfecho", "bastante satisfecha", "abbastanza soddisfatto",
        "abbastanza soddisfatta", "bueno", "buena", "bom", "boa", "somewhat satisfied",
    ),
    5: (
        "strongly agree", "very satisfied", "very good", "always", "muy de acuerdo", "totalmente de acuerdo",
        "muy satisfecho", "muy satisfecha", "mucho", "molto d accordo", "fortemente d accordo", "molto soddisfatto",
        "molto soddisfatta", "completamente d accordo", "excellent", "molt d acord",
        "totalment d acord", "molt satisfet", "molt satisfeta", "molt", "sempre", "tout a fait d accord",
        "tres satisfait", "tres satisfaite", "tout a fait satisfait", "tout a fait satisfaite", "toujours",
        "concordo totalmente", "concordo completamente", "muito satisfeito", "muito satisfeita", "muito",
        "completely agree", "totally agree", "completely satisfied", "siempre", "muy bueno", "muy buena",
    ),
}  # fmt: skip
"""Answers of five-point scales, folded."""

_VALUE = {word: value for value, words in SCALE.items() for word in words}

NUMBERED = re.compile(r"([1-5])(?:[.,]0+|\s*[-–.:)=]\s*[^\W\d].*)?", re.DOTALL)
"""A point of the scale, alone, as a decimal number ("4,0"), or before its words ("4 - Agree")."""

UNTICKED = {"", "0", "no", "false", "not selected", "unchecked"}


def read_survey(
    path: Path,
    items: list[str] | None = None,
    reversed: list[str] | None = None,
    multiple: dict[str, dict[str, str]] | None = None,
    no_answer: list[str] | None = None,
    encoding: str | None = None,
    separator: str | None = None,
    sheets: list[str] | None = None,
) -> dict[str, pd.DataFrame]:
    """The tables of a survey export, with scales as numbers.

    Parameters
    ----------
    items: headers (or patterns such as "3.*") of five-point items; words become 1 to 5, other texts stay.
    reversed: those of them in which agreeing is a bad sign; 1 becomes 5.
    multiple: for a question with a column per answer, its new column -> {header: value}; ticked values are joined.
    no_answer: codes of items that mean no answer, such as 98 and 99.
    """
    frames = read_table(path, separator=separator, encoding=encoding, sheets=sheets)
    for name, frame in frames.items():
        frame = frame.assign(
            **{
                column: scale_values(frame[column], no_answer or [], column in _chosen(frame, reversed or [], path))
                for column in _chosen(frame, items or [], path)
            }
        )
        joined = {new: _ticked(frame, answers, path) for new, answers in (multiple or {}).items()}
        frames[name] = frame.assign(**joined)
    return frames


def _chosen(frame: pd.DataFrame, patterns: list[str], path: Path) -> list[str]:
    """Columns that the patterns name, compared without regard to blanks and case."""
    columns = {" ".join(name.casefold().split()): name for name in table_columns(frame)}
    chosen = []
    for pattern in patterns:
        wanted = " ".join(str(pattern).casefold().split())
        found = [name for folded, name in columns.items() if folded == wanted or fnmatchcase(folded, wanted)]
        if not found:
            close = nearest(pattern, set(columns.values()))
            remedy = f"did you mean {close!r}" if close else "correct city.yml"
            raise MonitorError(f"there is no column {pattern!r}", where=path, remedy=remedy)
        chosen += found
    return list(dict.fromkeys(chosen))


def scale_values(cells: pd.Series, no_answer: list[str], reverse: bool) -> pd.Series:
    """Answers as "1" to "5"; codes of no answer emptied; what is neither stays, to be listed as unreadable."""
    codes, distinct = pd.factorize(cells)
    read = [_scale_value(text, no_answer, reverse) for text in distinct]
    return pd.Series(read, dtype="str").reindex(codes).set_axis(cells.index)


def _scale_value(text: str, no_answer: list[str], reverse: bool) -> str | None:
    bare = text.strip()
    if not bare or bare in [str(code) for code in no_answer]:
        return None
    value = _VALUE.get(plain(bare))
    if value is None and (numbered := NUMBERED.fullmatch(bare)):
        value = int(numbered[1])
    if value is None:
        return bare
    return str(6 - value if reverse else value)


def _ticked(frame: pd.DataFrame, answers: dict[str, str], path: Path) -> pd.Series:
    """Values of the ticked columns joined by semicolons; missing where none is ticked, which may be no answer."""
    result = pd.Series("", frame.index, dtype="str")
    for header, value in answers.items():
        column = _chosen(frame, [header], path)[0]
        ticked = ~frame[column].fillna("").str.strip().str.casefold().isin(UNTICKED)
        result = result.mask(ticked, result + ";" + value)
    result = result.str.removeprefix(";")
    return result.mask(result == "")
