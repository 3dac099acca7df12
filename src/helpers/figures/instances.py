"""Static map of the instances of participation, for paper."""

import textwrap
from collections.abc import Mapping

import geopandas as gpd
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from helpers.figures.drawing import Drawing, Imprint, add_key, alt_text, canvas
from helpers.figures.maps import HALO, frame, map_height, with_schematic
from helpers.figures.places import positions, split
from helpers.figures.style import FAINT, INK, NEUTRAL, PAPER, TYPE_COLOURS, TYPE_MARKERS, in_house_style
from helpers.language import Texts

CROWDED = 10
"""More districts than these get smaller names, over several lines, and smaller signs."""


@in_house_style
def instance_map(
    territories: gpd.GeoDataFrame,
    instances: pd.DataFrame,
    names: Mapping[str, str],
    type_labels: Mapping[str, str],
    texts: Texts,
    imprint: Imprint,
    *,
    incomplete: bool = False,
) -> Drawing:
    """Districts with their instances by type: filled signs at an address, hollow ones only in their district.

    Instances of several districts or of the whole city have no sign; each district says how many instances it has,
    and the title how many have no sign. Where the rows are ``incomplete`` (some were set aside), a district without
    any does not say none.
    """
    shapes = territories[territories["territory_id"].isin(list(names))].to_crs("EPSG:4326")
    rows = _placed(instances, shapes, names)
    figure, area = canvas(map_height(shapes) + 1.0, imprint, texts)
    axes = area.subplots()
    shapes.plot(ax=axes, facecolor="#F4F4F2", edgecolor=FAINT, linewidth=0.8)
    _name_districts(axes, shapes, rows, names, texts, incomplete)
    _signs(axes, rows, type_labels, size=36 if len(shapes) <= CROWDED else 16)
    tally = {place: int((rows["place"] == place).sum()) for place in ("address", "district", "unplaced")}
    frame(axes, texts("figures.title_instance_map", **tally), texts, imprint)
    kinds = rows["instance_type"].value_counts()
    add_key(area, [_handle(kind, f"{label} ({texts.number(kinds.get(kind, 0))})", True)
                   for kind, label in type_labels.items()]
            + [_handle("", texts("figures.map_approximate"), False)])
    items = texts.list(f"{label} {texts.number(kinds.get(kind, 0))}" for kind, label in type_labels.items())
    sentence = texts("figures.alt_instance_map", city=imprint.city, period=imprint.period, items=items, **tally)
    return Drawing(figure, alt_text(with_schematic(sentence, imprint, texts), imprint, texts), rows)


def _placed(instances: pd.DataFrame, shapes: gpd.GeoDataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """The instances with where they stand on the map (degrees) and how that is known: address, district or unplaced."""
    spots = positions(instances, shapes, names)
    known = [spots.get(instance, (float("nan"), float("nan"), None)) for instance in instances["instance_id"]]
    words = {None: "unplaced", True: "district", False: "address"}
    columns = ["instance_id", "name", "instance_type", "territory_ids"]
    return instances[[name for name in columns if name in instances]].assign(
        latitude=[spot[0] for spot in known],
        longitude=[spot[1] for spot in known],
        place=[words[spot[2]] for spot in known],
    )


def _name_districts(
    axes: Axes, shapes: gpd.GeoDataFrame, rows: pd.DataFrame, names: Mapping[str, str], texts: Texts, incomplete: bool
) -> None:
    units = [unit for cell in rows["territory_ids"] for unit in split(cell)]
    size, width, held = (7, 40, "center") if len(shapes) <= CROWDED else (5.5, 12, "bottom")
    for unit, point in zip(shapes["territory_id"], shapes.representative_point(), strict=True):
        known = unit in units or not incomplete
        label = f"{names[unit]} ({texts.number(units.count(unit)) if known else texts('figures.status_not_collected')})"
        lines = textwrap.fill(label, width, break_long_words=False, break_on_hyphens=False)
        axes.text(point.x, point.y, lines, ha="center", va=held, fontsize=size, color=INK, path_effects=HALO)


def _signs(axes: Axes, rows: pd.DataFrame, type_labels: Mapping[str, str], size: int) -> None:
    for kind in type_labels:
        colour = TYPE_COLOURS.get(kind, NEUTRAL)
        for place, face, edge in (("district", PAPER, colour), ("address", colour, PAPER)):
            here = rows[(rows["instance_type"] == kind) & (rows["place"] == place)]
            axes.scatter(here["longitude"], here["latitude"], s=size, marker=TYPE_MARKERS.get(kind, "o"),
                         facecolors=face, edgecolors=edge, linewidths=1.0, zorder=3)


def _handle(kind: str, label: str, filled: bool) -> Line2D:
    colour = TYPE_COLOURS.get(kind, NEUTRAL)
    return Line2D([], [], linestyle="none", marker=TYPE_MARKERS.get(kind, "o"), color=colour, markersize=7,
                  markerfacecolor=colour if filled else PAPER, label=label)
