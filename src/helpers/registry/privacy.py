"""Personal data: recognised in text, taken out of everything that is written."""

import re

import pandas as pd

EMAIL = r"[\w.+\-]+\s?@\s?[\w\-]+(?:\s?\.\s?[A-Za-z]{2,})+"
PHONE = r"(?<![\w.,/\-])\+?(?:\(?\d{2,4}\)?[\s.\-]){1,3}\d{3,4}[\s.\-]?\d{3,4}(?![\w,/\-])|(?<!\w)\+\d{9,14}(?!\w)"
DOCUMENT = (
    r"(?i:\b(?:DNI|D\.N\.I\.?|NIE|RUT|PESEL|passport|pasaporte|passaporto|C\.?F\.?)\b[\s:.ºn°]*[\w.\-]*\d[\w.\-]*)"
    r"|\b[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]\b|\b\d{8}-?[A-HJ-NP-TV-Z]\b|\b[XYZ]-?\d{7}-?[A-Z]\b"
)

KINDS = {"email": EMAIL, "document": DOCUMENT, "phone": PHONE}
"""Pattern of each kind of personal data that can be told by its form."""

MASK = "[…]"

_ANY = re.compile("|".join(KINDS.values()))


def redact(cells: pd.Series) -> pd.Series:
    """The cells with e-mail addresses, phone and document numbers masked."""
    text = cells.astype("str")
    return text.str.replace(_ANY, MASK, regex=True) if text.notna().any() else text
