"""Where a district lies: the outline of the city with one district filled, small enough to stand beside a text."""

import textwrap

import geopandas as gpd
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from helpers.figures.drawing import Drawing, Imprint, alt_text
from helpers.figures.maps import map_height, with_schematic
from helpers.figures.style import COUNT, FAINT, INK, PAPER, STAMP, in_house_style
from helpers.language import Texts

WIDTH = 1.9
"""Inches."""
LINE = 0.13
"""Height in inches of a line of the words below the map."""


@in_house_style
def locator(territories: gpd.GeoDataFrame, district: str, name: str, texts: Texts, imprint: Imprint) -> Drawing:
    """All districts in outline and one of them filled; no value is shown.

    territories : columns territory_id and geometry.     district : id of the filled one, which has the ``name``.
    """
    here = territories["territory_id"] == district
    words = [texts(f"figures.{word}") for word in ("simulated", "schematic") if getattr(imprint, word)]
    said = [textwrap.fill(one, 34) for one in words]
    strip = LINE * sum(2 + one.count("\n") for one in said)
    figure = Figure(figsize=(WIDTH, map_height(territories, WIDTH, 1.0, 2.4) + strip))
    axes = figure.add_axes((0.01, strip / figure.get_figheight(), 0.98, 0.99 - strip / figure.get_figheight()))
    territories.plot(ax=axes, facecolor=PAPER, edgecolor=FAINT, linewidth=0.6)
    territories[here].plot(ax=axes, facecolor=COUNT, edgecolor=INK, linewidth=0.6)
    axes.set_axis_off()
    figure.text(0.5, 0.02, "\n\n".join(said), fontsize=6, ha="center", va="bottom", bbox=STAMP if said else None)
    sentence = texts("figures.alt_locator", city=imprint.city, name=name, count=len(territories))
    data = pd.DataFrame({"unit_id": territories["territory_id"], "filled": np.where(here, "yes", "no")})
    return Drawing(figure, alt_text(with_schematic(sentence, imprint, texts), imprint, texts), data)
