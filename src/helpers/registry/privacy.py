"""Personal data: recognised by its form, taken out of every text that is kept, and looked for in raw files.

E-mail addresses, phone numbers and numbers of documents can be told by their form, names of persons only by the words
around them (``helpers.registry.names``); columns that hold them are recognised by their header and never read.
"""

import re
from pathlib import Path

import pandas as pd
import pyarrow as pa
from pyarrow import compute

from helpers.config import City
from helpers.files import MonitorError, data_files, locate
from helpers.registry import names
from helpers.registry.folding import fold, map_distinct
from helpers.registry.mapping import REGISTRY_OPTIONS
from helpers.registry.names import RULES
from helpers.sources import CHECKS, read, table_columns

MASK = "[…]"

RESTRICTED = ("survey_responses",)
"""Tables of microdata whose rows are never named in anything published."""

EMAIL = re.compile(r"[\w.+\-]+\s?@\s?[\w\-]+(?:\s?\.\s?[A-Za-z]{2,})+")

_MARKED_PHONE = (
    r"(?i:\b(?:tel|tel[eé]fono|phone|ph|cel|celular|m[oó]vil|mobile|whats?app|wsp|fax|cellulare)\b[\s.:°º]*)"
)
_NUMBER = r"\+?\(?\d[\d\s().\-/]{5,16}\d"
MARKED_PHONE = re.compile(_MARKED_PHONE + _NUMBER)
BARE_PHONE = re.compile(
    r"(?<![\w.,/\-])(?:\+\d{1,3}[\s\-]?\(?\d{1,4}\)?(?:[\s\-]?\d{2,4}){2,4}|\(0?\d{2,4}\)[\s\-]?\d{2,4}(?:[\s\-]?\d{2,4}){1,2}"
    r"|\d{2,4}(?:[\s\-]\d{2,4}){2,3})(?![\w/\-]|,\d)"
)

DOCUMENT = re.compile(
    r"(?i:\b(?:D\.?N\.?I\.?|N\.?I\.?E\.?|RUT|PESEL|CUIT|CUIL|passport|pasaporte|passaporto|codice fiscale)\b"
    r"[\s:.º°]*(?:n[º°.]\s*)?)[A-Z]?\d[\d.\-]{5,}[A-Z\d]"
    r"|\b[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]\b|\b\d{8}[A-HJ-NP-TV-Z]\b|\b[XYZ]\d{7}[A-Z]\b"
)

KINDS = ("email", "document", "phone", "name")

_SUSPECT = rf"@|\p{{Nd}}[\p{{Nd}}\s\pZ().\-/]{{4,}}[\p{{Nd}}A-Z]|[A-Z]{{6}}\d{{2}}[A-Z]|{names.SUSPECT}"
"""What every text with personal data shows, as RE2 reads it; the rest is not looked at closely."""

PUBLIC_MAILBOXES = RULES["mailboxes"]
"""Providers at which no institution has its address."""

HEADERS = {fold(header) for header in RULES["headers"]}
"""Folded headers of columns that hold data of persons."""


def redact(cells: pd.Series) -> pd.Series:
    """The cells with e-mail addresses, phone and document numbers and announced names masked."""
    text = cells.astype("str")
    suspect = _is_suspect(text)
    return text.mask(suspect, map_distinct(text.where(suspect), redact_text)) if suspect.any() else text


def _is_suspect(text: pd.Series) -> pd.Series:
    """Which texts may hold personal data, told by Arrow in one pass."""
    found = compute.match_substring_regex(pa.array(text.array, pa.large_string()), _SUSPECT)
    return pd.Series(found.fill_null(False).to_numpy(zero_copy_only=False), text.index)


def redact_text(text: str) -> str:
    """A text with what can be told to be personal by its form masked."""
    text = names.mask_names(text, MASK)
    for pattern in (EMAIL, DOCUMENT, MARKED_PHONE):
        text = pattern.sub(MASK, text)
    return BARE_PHONE.sub(lambda found: MASK if _is_phone(found[0]) else found[0], text)


def redact_contact(text: str) -> str:
    """A public contact without names, and addresses that are a person's: of a free provider, or name.surname."""
    text = EMAIL.sub(lambda found: found[0] if _is_institutional(found[0]) else MASK, text)
    return names.mask_names(text, MASK)


def _is_institutional(address: str) -> bool:
    mailbox, _, domain = address.replace(" ", "").casefold().partition("@")
    return domain.partition(".")[0] not in PUBLIC_MAILBOXES and not re.fullmatch(r"[a-z]{2,}[._][a-z]{2,}\d*", mailbox)


def _is_phone(text: str) -> bool:
    """Nine to thirteen digits that are no row of years, no date and no number with its thousands apart."""
    groups = re.findall(r"\d+", text)
    digits = sum(map(len, groups))
    if text.startswith(("+", "(")):
        return 8 <= digits <= 15
    if not 9 <= digits <= 11 or any(re.fullmatch(r"(?:19|20)\d\d", group) for group in groups):
        return False
    return not (" " in text and len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:]))


def kinds_in(text: str) -> list[str]:
    """The kinds of personal data that a text shows."""
    phone = MARKED_PHONE.search(text) or any(_is_phone(found[0]) for found in BARE_PHONE.finditer(text))
    found = (EMAIL.search(text), DOCUMENT.search(text), phone, names.has_name(text))
    return [kind for kind, is_there in zip(KINDS, found, strict=True) if is_there]


SCAN = ["source_id", "file", "publishable", "may_publish", "reason", *KINDS, "columns"]


def scan(city: City, root: Path) -> pd.DataFrame:
    """Which raw files of a city could be published, and why others not.

    Columns: source_id, file, publishable (city.yml says so), may_publish, reason (a code: ok, restricted, not_declared,
    personal_data, absent, unreadable), the number of cells with each kind, and the headers that name personal data.
    """
    rows = []
    for source in city.sources:
        for file in dict.fromkeys(name for pattern in source.files for name in data_files(root, city.id, pattern)):
            found = _scan_file(city, source, file, root)
            rows.append({"source_id": source.id, "file": file, "publishable": source.publishable, **found})
    return pd.DataFrame(rows, columns=SCAN)


def _scan_file(city: City, source: object, file: str, root: Path) -> dict:
    nothing = {kind: 0 for kind in KINDS} | {"columns": ""}
    if "restricted" in Path(file).parts:
        return {"may_publish": False, "reason": "restricted", **nothing}
    options = {name: value for name, value in source.options.items() if name not in REGISTRY_OPTIONS}
    try:
        frames = read(source.format, locate(root, city.id, file), options)
    except MonitorError as error:
        reason = "absent" if "not there" in error.what else "unreadable"
        return {"may_publish": False, "reason": reason, **nothing}
    found = _count({name: frame for name, frame in frames.items() if name != CHECKS})
    personal = any(found[kind] for kind in KINDS) or bool(found["columns"])
    reason = "personal_data" if personal else "ok" if source.publishable else "not_declared"
    return {"may_publish": reason == "ok", "reason": reason, **found}


def _count(frames: dict[str, pd.DataFrame]) -> dict:
    counts, headers = dict.fromkeys(KINDS, 0), []
    for frame in frames.values():
        for name in table_columns(frame):
            if fold(name) in HEADERS:
                headers.append(name)
            cells = frame[name].dropna()
            sizes = cells[_is_suspect(cells)].value_counts()
            for text, size in sizes.items():
                for kind in kinds_in(text):
                    counts[kind] += int(size)
    return {**counts, "columns": "; ".join(headers)}
