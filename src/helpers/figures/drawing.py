"""What every chart returns, where it says its period and source, and how it is saved with the same bytes."""

import io
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure

from helpers.config import Period
from helpers.figures.style import FAINT, STAMP, WIDTH_INCHES, in_house_style
from helpers.files import write_bytes, write_csv
from helpers.language import Texts

FOOT_CHARACTERS = 112
"""Characters of the foot that fit into one line of a chart."""


KEY_CHARACTERS = 100
"""Characters that fit beside each other in a legend, with seven for each sign."""


@dataclass(frozen=True)
class Imprint:
    """What stands below every chart: city, period and source, and what a reader must know first."""

    city: str
    """Name in the language of the chart."""
    period: Period
    source: str
    """Title of the source or sources."""
    simulated: bool = False
    schematic: bool = False
    """The polygons show neither true places nor true areas."""

    def foot(self, texts: Texts) -> str:
        """City, period with its first and last day, and source."""
        return texts(
            "figures.foot",
            city=self.city,
            start=self.period.start,
            end=self.period.end,
            source=self.source,
        )


@dataclass(frozen=True)
class Drawing:
    """A chart, the words that stand in for it, and the table behind it."""

    figure: Figure
    alt: str
    data: pd.DataFrame


def canvas(
    height: float, imprint: Imprint, texts: Texts, *, notes: Sequence[str] = (), width: float = WIDTH_INCHES
) -> tuple[Figure, SubFigure]:
    """A figure and the part of it to draw in (``height`` inches), between the word for simulated data and the foot.

    ``notes`` are said in the foot, a line each.
    Head and foot have strips of their own, since a legend outside the axes would otherwise lie on them.
    """
    foot = "\n".join(textwrap.fill(line, FOOT_CHARACTERS) for line in (*notes, imprint.foot(texts)))
    strips = [0.26 if imprint.simulated else 0.02, height, 0.08 + 0.13 * (foot.count("\n") + 1)]
    figure = Figure(figsize=(width, sum(strips)), layout="constrained")
    head, area, tail = figure.subfigures(3, 1, height_ratios=strips)
    tail.text(0.01, 0.5, foot, ha="left", va="center", fontsize=7, color=FAINT)
    if imprint.simulated:
        stamp = texts("figures.simulated")
        head.text(0.012, 0.5, stamp, ha="left", va="center", fontsize=8.5, weight="bold", bbox=STAMP)
    return figure, area


def add_key(area: SubFigure, handles: Sequence[Artist]) -> None:
    """A legend below the charts, in as many columns as its longest words leave room for."""
    if handles:
        longest = max(len(str(handle.get_label())) for handle in handles)
        columns = max(1, min(len(handles), KEY_CHARACTERS // (longest + 7)))
        area.legend(handles=handles, loc="outside lower left", ncols=columns, handlelength=2.0, columnspacing=1.4)


def alt_text(sentence: str, imprint: Imprint, texts: Texts) -> str:
    """The text alternative in one line, with simulated said first."""
    said = [texts("figures.simulated") + "."] if imprint.simulated else []
    return " ".join(" ".join([*said, sentence]).split())


def settle(figure: Figure) -> None:
    """Lay the figure out once and fix every place to a ten-thousandth of its size.

    The layout's solver gives places that differ in the last bit from one process to the next; unrounded they would
    give the same picture other bytes.
    """
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    for part in figure.findobj(SubFigure):
        part.bbox_relative.set_points(part.bbox_relative.get_points().round(4))
    for axes in figure.findobj(Axes):
        axes.set_position([round(value, 4) for value in axes.get_position(original=True).bounds])
    for part in figure.findobj(SubFigure):
        for text in part.texts:
            text.set_position([round(float(value), 4) for value in text.get_position()])


@in_house_style
def picture(figure: Figure, suffix: str) -> bytes:
    """A figure as ``png`` or ``svg``, without the day or the program that made it."""
    absent = {"png": {"Software": None}, "svg": {"Date": None, "Creator": None}}
    buffer = io.BytesIO()
    extra = {"pil_kwargs": {"optimize": True}} if suffix == "png" else {}
    figure.savefig(buffer, format=suffix, metadata=absent[suffix], **extra)
    return buffer.getvalue()


@in_house_style
def save(drawing: Drawing, folder: Path, name: str) -> dict[str, Path]:
    """Write ``name.png``, ``name.svg`` and ``name.csv``; the same drawing always gives the same bytes.

    Returns the three paths by suffix. The figure is cleared: a report draws dozens.
    """
    settle(drawing.figure)
    paths = {"csv": write_csv(folder / f"{name}.csv", drawing.data)}
    for suffix in ("png", "svg"):
        paths[suffix] = write_bytes(folder / f"{name}.{suffix}", picture(drawing.figure, suffix))
    drawing.figure.clear()
    return paths
