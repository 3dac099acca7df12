"""Where things are kept below the root of the monitor."""

from pathlib import Path

from helpers.config.period import Period

DECLARED = "declared"
"""Folder, and id of the source, of what civil society declares about its own instances."""


def raw_folder(root: Path, city: str) -> Path:
    """The files as received, with city.yml."""
    return root / "data" / "raw" / city


def declared_folder(root: Path, city: str) -> Path:
    """The forms that were taken in, one per instance."""
    return raw_folder(root, city) / DECLARED


def publications_file(root: Path, city: str) -> Path:
    """What a city published on which day, kept for the table of revisions; not there before the first time."""
    return root / "data" / "published" / f"{city}.csv"


def registry_folder(root: Path, city: str) -> Path:
    """The clean tables of a city."""
    return root / "data" / "processed" / city / "registry"


def period_folder(root: Path, city: str, period: Period | str) -> Path:
    """Indicators, scores and context of a city in a period."""
    return root / "data" / "processed" / city / str(period)


def recomputed_folder(root: Path, city: str, version: str, period: Period | str) -> Path:
    """The same of a period by another version of the method than the one it is published with."""
    return root / "data" / "processed" / city / "as-of" / version / str(period)


def site_folder(root: Path) -> Path:
    """The built pages."""
    return root / "reports" / "site"


def page_folder(root: Path, city: str, period: Period | str, language: str) -> Path:
    """The pages of a city and period in one language."""
    return site_folder(root) / city / str(period) / language


def draft_folder(root: Path, city: str, period: Period | str, language: str, document: str) -> Path:
    """The executed notebook of a document, with its figures, before it is rendered."""
    return root / "data" / "processed" / city / "documents" / str(period) / language / document
