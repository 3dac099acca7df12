"""Text folded for matching, never for showing: case, accents, punctuation and look-alike letters set aside."""

import re
import unicodedata

import pandas as pd

_LOOK_ALIKES = str.maketrans(
    "АВЕКМНОРСТУХЅІЈаеорсухѕіјΑΒΕΖΗΙΚΜΝΟΡΤΥΧοɡ",
    "ABEKMHOPCTYXSIJaeopcyxsijABEZHIKMNOPTYXog",
)
"""Cyrillic and Greek letters that look like Latin ones (TECHO is typed in Cyrillic in a real form)."""

_NO_DECOMPOSITION = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ı": "i", "æ": "ae"})
_NOT_WORD = re.compile(r"[^\w]+")


def fold(text: str) -> str:
    """Lower-case Latin letters and digits with single blanks between words."""
    plain = unicodedata.normalize("NFKC", text).translate(_LOOK_ALIKES).translate(_NO_DECOMPOSITION)
    bare = "".join(mark for mark in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(mark))
    return _NOT_WORD.sub(" ", bare.casefold().replace("_", " ")).strip()


def slug(text: str) -> str:
    """Folded words joined by hyphens, for ids."""
    return fold(text).replace(" ", "-")


def fold_series(series: pd.Series) -> pd.Series:
    """``fold`` of every cell, computed once per distinct text."""
    return map_distinct(series, fold)


def map_distinct(series: pd.Series, function) -> pd.Series:
    """A text function of every cell that is not missing, called once per distinct text."""
    codes, distinct = pd.factorize(series)
    results = pd.Series([function(text) for text in distinct], dtype="str")
    return results.reindex(codes).set_axis(series.index)
