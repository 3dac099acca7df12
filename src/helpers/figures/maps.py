"""Static maps: districts coloured by fixed classes, and instances of participation as points."""

import textwrap
from collections.abc import Mapping, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke

from helpers.figures.drawing import Drawing, Imprint, alt_text, canvas
from helpers.figures.style import (
    BAND_EDGES,
    BAND_FILLS,
    FAINT,
    HATCH,
    INK,
    NEUTRAL,
    PAPER,
    STAMP,
    TYPE_COLOURS,
    TYPE_MARKERS,
    in_house_style,
)
from helpers.figures.words import WITHHELD, as_floats, said_value, status_word
from helpers.language import Texts

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
    """Districts coloured by fixed classes, hatched where there is no value to show.

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
    merged = shapes.merge(rows, left_on="territory_id", right_on="unit_id", how="left")
    figure, area = canvas(_height(shapes) + 0.9, imprint, texts)
    axes = area.subplots()
    for (place, status), part in merged.groupby([merged["class"].fillna(-1), "status"], sort=True):
        part.plot(ax=axes, **_look(int(place), status))
    _labels(axes, merged, texts, digits)
    _frame(axes, title, texts, imprint)
    _class_key(area, rows, edges, texts)
    items = "; ".join(f"{row['unit_name']} {said_value(row, texts)}" for row in rows.to_dict("records"))
    sentence = texts("figures.alt_choropleth", city=imprint.city, period=imprint.period, title=title, items=items)
    columns = ["unit_id", "unit_name", "value", "lower", "upper", "ci_low", "ci_high", "class", "status"]
    return Drawing(figure, alt_text(_with_schematic(sentence, imprint, texts), imprint, texts), rows[columns])


def _look(place: int, status: str) -> dict:
    if place < 0:
        return {"facecolor": PAPER, "edgecolor": FAINT, "hatch": HATCH, "linewidth": 0.8}
    hatch = ".." if status == "low_precision" else None
    return {"facecolor": BAND_FILLS[place], "edgecolor": PAPER, "linewidth": 1.0, "hatch": hatch}


def _height(shapes: gpd.GeoDataFrame) -> float:
    """Height in inches of a map across the page, from the shape of the city, between 3 and 6.5."""
    left, bottom, right, top = shapes.total_bounds
    geographic = shapes.crs is not None and shapes.crs.is_geographic
    squeeze = np.cos(np.radians((bottom + top) / 2)) if geographic else 1.0
    return float(np.clip(5.4 * (top - bottom) / max((right - left) * squeeze, 1e-9), 3.0, 6.5))


def _labels(axes: Axes, merged: gpd.GeoDataFrame, texts: Texts, digits: int) -> None:
    size = 8.0 if len(merged) <= 10 else 6.5
    for row, point in zip(merged.to_dict("records"), merged.representative_point(), strict=True):
        shown = texts.number(row["value"], digits)
        if row["status"] in WITHHELD:
            shown = textwrap.fill(status_word(row["status"], texts), 16)
        axes.text(point.x, point.y, f"{row['unit_name']}\n{shown}", ha="center", va="center", fontsize=size,
                  color=INK, path_effects=HALO)


def _frame(axes: Axes, title: str, texts: Texts, imprint: Imprint) -> None:
    axes.set_axis_off()
    axes.set_title(title)
    if imprint.schematic:
        axes.text(0.5, -0.02, texts("figures.schematic"), transform=axes.transAxes, ha="center", va="top",
                  fontsize=8, weight="bold", bbox=STAMP)


def _with_schematic(sentence: str, imprint: Imprint, texts: Texts) -> str:
    return f"{sentence} {texts('figures.schematic')}." if imprint.schematic else sentence


def _class_key(area, rows: pd.DataFrame, edges: Sequence[float], texts: Texts) -> None:
    limits = list(zip(edges, edges[1:], strict=False))
    handles = [
        Patch(facecolor=fill, edgecolor=FAINT, linewidth=0.5, label=_class_words(low, high, high == edges[-1], texts))
        for (low, high), fill in zip(limits, BAND_FILLS, strict=True)
    ]
    if rows["status"].isin(WITHHELD).any():
        handles.append(Patch(facecolor=PAPER, edgecolor=FAINT, hatch=HATCH, linewidth=0.6,
                             label=texts("figures.key_withheld")))
    if (rows["status"] == "low_precision").any():
        handles.append(Patch(facecolor=PAPER, edgecolor=FAINT, hatch="..", linewidth=0.6,
                             label=status_word("low_precision", texts)))
    area.legend(handles=handles, loc="outside lower left", ncols=4, columnspacing=1.2, handlelength=1.6)


def _class_words(low: float, high: float, last: bool, texts: Texts) -> str:
    digits = 0 if float(low).is_integer() and float(high).is_integer() else 1
    key = "figures.class_closed" if last else "figures.class_open"
    return texts(key, low=texts.number(low, digits), high=texts.number(high, digits))


@in_house_style
def instance_map(
    territories: gpd.GeoDataFrame,
    instances: pd.DataFrame,
    names: Mapping[str, str],
    type_labels: Mapping[str, str],
    texts: Texts,
    imprint: Imprint,
) -> Drawing:
    """Districts with the instances that have coordinates, by type; how many have none is said in words."""
    shapes = territories[territories["territory_id"].isin(list(names))]
    points = instances.assign(
        latitude=pd.to_numeric(instances["latitude"], errors="coerce").astype("float64"),
        longitude=pd.to_numeric(instances["longitude"], errors="coerce").astype("float64"),
    )
    placed = points.dropna(subset=["latitude", "longitude"])
    figure, area = canvas(_height(shapes) + 1.0, imprint, texts)
    axes = area.subplots()
    shapes.plot(ax=axes, facecolor="#F4F4F2", edgecolor=FAINT, linewidth=0.8)
    for name, point in zip(shapes["territory_id"].map(names), shapes.representative_point(), strict=True):
        axes.text(point.x, point.y, name, ha="center", va="center", fontsize=7, color=FAINT)
    spots = gpd.GeoSeries(gpd.points_from_xy(placed["longitude"], placed["latitude"]), index=placed.index,
                          crs="EPSG:4326")
    spots = spots.to_crs(shapes.crs) if shapes.crs is not None else spots
    for kind in type_labels:
        here = spots[placed["instance_type"] == kind]
        axes.scatter(here.x, here.y, s=42, marker=TYPE_MARKERS.get(kind, "o"), color=TYPE_COLOURS.get(kind, NEUTRAL),
                     edgecolors=PAPER, linewidths=0.8, zorder=3)
    without = len(points) - len(placed)
    _frame(axes, texts("figures.title_instance_map", shown=len(placed), without=without), texts, imprint)
    tally = points["instance_type"].value_counts()
    handles = [
        Line2D([], [], linestyle="none", marker=TYPE_MARKERS.get(kind, "o"), color=TYPE_COLOURS.get(kind, NEUTRAL),
               markersize=7, label=f"{label} ({texts.number(tally.get(kind, 0))})")
        for kind, label in type_labels.items()
    ]
    area.legend(handles=handles, loc="outside lower left", ncols=2)
    items = texts.list(f"{label} {texts.number(tally.get(kind, 0))}" for kind, label in type_labels.items())
    sentence = texts("figures.alt_instance_map", city=imprint.city, period=imprint.period, shown=len(placed),
                     without=without, items=items)
    columns = ["instance_id", "name", "instance_type", "territory_ids", "latitude", "longitude"]
    data = points[[name for name in columns if name in points]]
    return Drawing(figure, alt_text(_with_schematic(sentence, imprint, texts), imprint, texts), data)

