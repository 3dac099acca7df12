"""Static map of the districts, coloured by fixed classes."""

import textwrap
from collections.abc import Mapping, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke

from helpers.figures.districts import told_apart
from helpers.figures.drawing import Drawing, Imprint, add_key, alt_text, canvas
from helpers.figures.style import (
    BAND_EDGES,
    BAND_FILLS,
    FAINT,
    HATCH,
    INK,
    PAPER,
    STAMP,
    in_house_style,
)
from helpers.figures.words import WITHHELD, as_floats, interval_of, said_value, status_word
from helpers.language import Texts

BLUR = "//"
"""Hatch of a district that cannot be told apart from any other."""
HALO = [withStroke(linewidth=2.2, foreground=PAPER)]


def classes(values: pd.Series, edges: Sequence[float]) -> pd.Series:
    """Number of the half-open class [edge, next edge) of each value, the last one closed; missing stays missing.

    The edges are given, never found from the data, so that a colour means the same in every period.
    """
    places = np.digitize(values.astype("float64"), list(edges)[1:-1])
    return pd.Series(places, index=values.index).where(values.notna()).astype("Int64")


@in_house_style
def choropleth(
    territories: gpd.GeoDataFrame,
    values: pd.DataFrame,
    names: Mapping[str, str],
    title: str,
    texts: Texts,
    imprint: Imprint,
    *,
    edges: Sequence[float] = BAND_EDGES,
    digits: int = 1,
) -> Drawing:
    """Districts coloured by fixed classes, with their intervals; hatched where there is no value to show, and where a
    district cannot be told apart from any other.

    Parameters
    ----------
    territories : column territory_id and geometry.
    values : one row per district: unit_id, value, status; where known lower, upper, ci_low, ci_high.
    title : what is shown, with its unit.
    edges : edges of four half-open classes, fixed across periods (default: the bands of scores).
    """
    shapes = territories[territories["territory_id"].isin(list(names))]
    rows = as_floats(values).set_index("unit_id").reindex(list(names)).reset_index()
    rows["status"] = rows["status"].fillna("not_collected")
    rows["unit_name"] = list(names.values())
    rows["class"] = classes(rows["value"], edges)
    sampled = rows[["ci_low", "lower"]].notna().any(axis=None)  # a full count has no interval
    rows["blurred"] = sampled & rows["value"].notna() & ~told_apart(rows)
    merged = shapes.merge(rows, left_on="territory_id", right_on="unit_id", how="left")
    figure, area = canvas(map_height(shapes) + 0.9, imprint, texts)
    axes = area.subplots()
    for (place, status, blurred), part in merged.groupby([merged["class"].fillna(-1), "status", "blurred"], sort=True):
        part.plot(ax=axes, **_look(int(place), status, blurred))
    _labels(axes, merged, texts, digits)
    frame(axes, title, texts, imprint)
    _class_key(area, rows, edges, texts)
    items = "; ".join(_said(row, texts, digits) for row in rows.to_dict("records"))
    sentence = texts("figures.alt_choropleth", city=imprint.city, period=imprint.period, title=title, items=items)
    columns = ["unit_id", "unit_name", "value", "lower", "upper", "ci_low", "ci_high", "class", "blurred", "status"]
    return Drawing(figure, alt_text(with_schematic(sentence, imprint, texts), imprint, texts), rows[columns])


def _said(row: Mapping, texts: Texts, digits: int) -> str:
    """A district with its value, its interval and whether it can be told apart, for the alt text."""
    said = f"{row['unit_name']} {said_value(row, texts, digits)}"
    return texts("figures.map_not_apart", value=said) if row["blurred"] else said


def _look(place: int, status: str, blurred: bool) -> dict:
    if place < 0:
        return {"facecolor": PAPER, "edgecolor": FAINT, "hatch": HATCH, "linewidth": 0.8}
    hatch = BLUR if blurred else ".." if status == "low_precision" else None
    return {"facecolor": BAND_FILLS[place], "edgecolor": FAINT if blurred else PAPER, "linewidth": 1.0, "hatch": hatch}


def map_height(shapes: gpd.GeoDataFrame, width: float = 5.4, least: float = 3.0, most: float = 6.5) -> float:
    """Height in inches of a map so wide, from the shape of the city, within limits; by default across the page."""
    left, bottom, right, top = shapes.total_bounds
    geographic = shapes.crs is not None and shapes.crs.is_geographic
    squeeze = np.cos(np.radians((bottom + top) / 2)) if geographic else 1.0
    return float(np.clip(width * (top - bottom) / max((right - left) * squeeze, 1e-9), least, most))


def _labels(axes: Axes, merged: gpd.GeoDataFrame, texts: Texts, digits: int) -> None:
    size = 8.0 if len(merged) <= 10 else 6.5
    for row, point in zip(merged.to_dict("records"), merged.representative_point(), strict=True):
        shown, limits = texts.number(row["value"], digits), interval_of(row)
        if limits:
            low, high = (texts.number(limit, digits) for limit in limits)
            shown = f"{shown}\n{texts('index.span', low=low, high=high)}"
        if row["status"] in WITHHELD:
            shown = textwrap.fill(status_word(row["status"], texts), 16)
        axes.text(
            point.x,
            point.y,
            f"{row['unit_name']}\n{shown}",
            ha="center",
            va="center",
            fontsize=size,
            color=INK,
            path_effects=HALO,
        )


def frame(axes: Axes, title: str, texts: Texts, imprint: Imprint) -> None:
    """Title of a map, and the word for a schematic one on the map itself."""
    axes.set_axis_off()
    axes.set_title(title)
    if imprint.schematic:
        axes.text(
            0.5,
            -0.02,
            texts("figures.schematic"),
            transform=axes.transAxes,
            ha="center",
            va="top",
            fontsize=8,
            weight="bold",
            bbox=STAMP,
        )


def with_schematic(sentence: str, imprint: Imprint, texts: Texts) -> str:
    """The sentence of an alt text, with the word for a schematic map."""
    return f"{sentence} {texts('figures.schematic')}." if imprint.schematic else sentence


def _class_key(area, rows: pd.DataFrame, edges: Sequence[float], texts: Texts) -> None:
    handles = [
        Patch(facecolor=fill, edgecolor=FAINT, linewidth=0.5, label=words)
        for fill, words in zip(BAND_FILLS, class_words(edges, texts), strict=True)
    ]
    if rows["status"].isin(WITHHELD).any():
        handles.append(
            Patch(facecolor=PAPER, edgecolor=FAINT, hatch=HATCH, linewidth=0.6, label=texts("figures.key_withheld"))
        )
    if rows["blurred"].any():
        look = {"facecolor": BAND_FILLS[1], "edgecolor": FAINT, "hatch": BLUR, "linewidth": 0.6}
        handles.append(Patch(**look, label=texts("figures.map_key_not_apart")))
    if (rows["status"] == "low_precision").any():
        handles.append(
            Patch(
                facecolor=PAPER, edgecolor=FAINT, hatch="..", linewidth=0.6, label=status_word("low_precision", texts)
            )
        )
    add_key(area, handles)


def class_words(edges: Sequence[float], texts: Texts) -> list[str]:
    """The words of each class: from its lower edge to under the next, the last one closed."""
    digits = 0 if all(float(edge).is_integer() for edge in edges) else 1
    numbers = [texts.number(edge, digits) for edge in edges]
    pairs = list(zip(numbers, numbers[1:], strict=False))
    keys = ["figures.class_open"] * (len(pairs) - 1) + ["figures.class_closed"]
    return [texts(key, low=low, high=high) for key, (low, high) in zip(keys, pairs, strict=True)]
