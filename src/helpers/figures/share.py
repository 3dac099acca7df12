"""Images to share: one message each, with its number, interval, n, dates and source."""

import math
import textwrap
from dataclasses import dataclass

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from helpers.config import MonitorError
from helpers.figures.drawing import Drawing, Imprint
from helpers.figures.style import COUNT, FAINT, INK, in_house_style
from helpers.language import Texts

SIZES = {"square": (1080, 1080), "vertical": (1080, 1350), "wide": (1200, 630)}
"""Width and height in pixels of each form."""
DOTS = 100
MARGIN = 0.075
"""Of the width."""


@dataclass(frozen=True)
class Message:
    """What one image says, as people read it: ``interval`` is missing only for a full count, ``n`` says what the
    number rests on."""

    name: str
    what: str
    number: str
    n: str
    source: str
    interval: str | None = None


@in_house_style
def share_image(message: Message, form: str, texts: Texts, imprint: Imprint) -> Drawing:
    """The image of a message in one of the ``SIZES``.

    Raises
    ------
    MonitorError for a simulated city: torn from its page, the number would pass for a real one.
    """
    if imprint.simulated:
        raise MonitorError("a simulated city has no images to share", remedy="share real cities only")
    width, height = SIZES[form]
    figure = Figure(figsize=(width / DOTS, height / DOTS), dpi=DOTS)
    figure.add_artist(Rectangle((0, 0), 0.02, 1, color=COUNT, transform=figure.transFigure))
    head, foot = _head_and_foot(message, texts, imprint)
    unit = 0.9 * math.sqrt(width * height) / DOTS  # type grows with the image
    _write(figure, 0.91, head, 3.0 * unit, weight="bold", color=COUNT)
    figure.text(MARGIN, 0.64, message.number, fontsize=_fitting(message.number, form), weight="bold", color=INK,
                va="center")  # fmt: skip
    below = message.what + (f"\n{message.interval}" if message.interval else "")
    _write(figure, 0.48, below, 3.4 * unit, color=INK)
    _write(figure, 0.06, foot, 2.0 * unit, color=FAINT, va="bottom")
    row = {"what": message.what, "value": message.number, "interval": message.interval, "n": message.n}
    return Drawing(figure, share_words(message, texts, imprint), pd.DataFrame([row]))


def share_words(message: Message, texts: Texts, imprint: Imprint) -> str:
    """What the image of a message says, the same in each form: its text alternative."""
    head, foot = _head_and_foot(message, texts, imprint)
    sentence = texts("figures.alt_share", head=head, what=message.what, number=message.number,
                     interval=message.interval, foot=foot.replace("\n", ". "))  # fmt: skip
    return " ".join(sentence.split())


def _head_and_foot(message: Message, texts: Texts, imprint: Imprint) -> tuple[str, str]:
    head = texts("figures.share_place", city=imprint.city, period=imprint.period)
    foot = texts("figures.share_foot", n=message.n, start=imprint.period.start, end=imprint.period.end,
                 source=message.source)  # fmt: skip
    return head, foot


def _write(figure: Figure, y: float, text: str, size: float, **look) -> None:
    """Lines of text from a height (share of the image), broken where they would leave it: a letter is 0.62 em wide."""
    characters = int((1 - 2 * MARGIN) * figure.get_figwidth() * 72 / (0.62 * size))
    lines = [textwrap.fill(line, characters) for line in text.splitlines()]
    figure.text(MARGIN, y, "\n".join(lines), fontsize=size, linespacing=1.35, **{"va": "top", **look})


def _fitting(number: str, form: str) -> float:
    """The type size in points at which a number fills the image, up to a limit: a bold digit is 0.75 em wide."""
    width, height = (pixels * 72 / DOTS for pixels in SIZES[form])
    return min(0.2 * width, 0.26 * height, (1 - 2 * MARGIN) * width / (0.75 * len(number)))
