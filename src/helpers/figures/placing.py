"""Putting a drawing into a report: its files beside the page, its Markdown into the text."""

from pathlib import Path

from helpers.figures.drawing import Drawing, save
from helpers.figures.tables import figure


def place(drawing: Drawing, folder: Path, name: str, caption: str) -> str:
    """Save the drawing below ``folder/fig`` and return the Markdown that shows it, as ``@fig-<name>``."""
    save(drawing, folder / "fig", name)
    return figure(caption, f"fig/{name}.png", name, drawing.alt)
