"""Forms of civil society taken in: each becomes a file of its own, named after its instance, or nothing happens."""

import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from helpers.config import City, Dictionary, Field, declared_folder, load_city, raw_folder
from helpers.files import MonitorError, sha256, write_bytes
from helpers.language import Texts
from helpers.registry.applying import field_headers
from helpers.registry.building import clean
from helpers.registry.folding import fold, slug
from helpers.registry.letters import message
from helpers.sources import read, table_columns

EARLIER = "declared-earlier"
"""Folder for forms that a newer one of the same instance replaced; nothing that was received is lost."""

LONGEST_SLUG = 60


@dataclass(frozen=True)
class Taken:
    """A form that was taken in: its instance, its file, whether it is new, replaced or known, and what to look at."""

    instance_id: str
    path: Path
    outcome: str
    remarks: list[tuple[str, str, str]]
    """What, where and remedy of each."""


def take_in(path: Path, city: City, dictionary: Dictionary, root: Path, texts: Texts) -> Taken:
    """Put a filled form into the city's folder; it is then read like any other source.

    A form of an instance (same name and promoter) that is there already replaces it. Raises MonitorError, and leaves
    everything as it was, where the form cannot be read or its row could not stand.
    """
    folder = declared_folder(root, city.id)
    who = _identity(path, dictionary)
    before = next((form for form in sorted(folder.glob("*.*")) if _identity(form, dictionary) == who), None)
    if before and sha256(before) == sha256(path):
        return Taken(before.stem, before, "known", [])
    instance_id = before.stem if before else _free_id(city, who[0], folder)
    target = folder / f"{instance_id}{path.suffix.lower()}"
    kept = _set_apart(before, root, city) if before else None
    try:
        write_bytes(target, path.read_bytes())
        remarks = _remarks(target, city, dictionary, root, texts)
    except MonitorError:
        target.unlink(missing_ok=True)
        if kept:
            kept.replace(before)
        raise
    finally:
        _remove_if_empty(folder)
    return Taken(instance_id, target, "replaced" if before else "new", remarks)


def _identity(path: Path, dictionary: Dictionary) -> tuple[str, str]:
    """Folded name and promoter, by which a form is known again."""
    table = dictionary.table(dictionary.declaration.table)
    frame = read("form", path)["form"]
    headers = field_headers(table)
    answers = {headers.get(fold(column)): frame[column].iloc[0] for column in table_columns(frame)}
    for name in dictionary.declaration.given:
        if name in answers:
            asked = _in_words(table.fields[name])
            raise MonitorError(f"the form may not say {asked}", where=path, remedy="remove the question")
    if not slug(answers.get("name", "")):
        asked = _in_words(table.fields["name"])
        raise MonitorError(f"the question {asked} is not answered", where=path, remedy="answer it and try again")
    return slug(answers["name"]), fold(answers.get("promoter_name", ""))


def _in_words(field: Field) -> str:
    """The field's label in all languages, since a form may be in any of them."""
    return " / ".join(dict.fromkeys(field.labels.values()))


def _free_id(city: City, name: str, folder: Path) -> str:
    """An id that no form has or had: letters of the city, cs for civil society, the name."""
    stem = f"{re.sub('[^a-z]', '', city.id)[:3]}-cs-{name[:LONGEST_SLUG].strip('-')}"
    used = {form.stem for form in folder.glob("*.*")}
    return next(name for name in (stem, *(f"{stem}-{n}" for n in range(2, len(used) + 3))) if name not in used)


def _set_apart(form: Path, root: Path, city: City) -> Path:
    """Move a form that is being replaced out of the source, under a name that says which version it is."""
    kept = raw_folder(root, city.id) / EARLIER / f"{form.stem}-{sha256(form)[:8]}{form.suffix}"
    kept.parent.mkdir(exist_ok=True)
    return form.replace(kept)


def _remarks(target: Path, city: City, dictionary: Dictionary, root: Path, texts: Texts) -> list[tuple[str, str, str]]:
    """What cleaning says about the form; a row that cannot stand is an error."""
    registry = clean(load_city(root, city.id), dictionary, root)
    file = target.relative_to(raw_folder(root, city.id)).as_posix()
    found = registry.problems
    own = found[(found["file"] == file) & (found["code"] != "missing_expected")]
    told = [message(problem, texts, dictionary) for _, problem in own.iterrows()]
    blocking = pd.Series(told, own.index)[own["severity"] == "block"]
    if len(blocking):
        what = "; ".join(what for what, _, _ in blocking)
        raise MonitorError(what, where=target.name, remedy="; ".join(dict.fromkeys(todo for *_, todo in blocking)))
    rows = registry.tables[dictionary.declaration.table]
    same = rows.loc[rows["origin"].str.contains(f"{file}[:#]") & (rows["instance_id"] != target.stem), "instance_id"]
    return told + [_as_remark(texts, file, other) for other in same]


def _as_remark(texts: Texts, file: str, other: str) -> tuple[str, str, str]:
    return texts("registry.intake_merged", id=other), file, texts("registry.remedy_intake_merged")


def _remove_if_empty(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
