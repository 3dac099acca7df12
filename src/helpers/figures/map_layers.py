"""What the districts of the participation map are coloured by: dimensions with their intervals, or a count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from helpers.figures.districts import told_apart
from helpers.figures.maps import classes
from helpers.figures.style import BAND_EDGES
from helpers.figures.words import WITHHELD, as_floats, reason_words, value_with_interval
from helpers.language import Texts

SIMPLIFY_DEGREES = 0.0001
"""About ten metres: finer than the map can show, and a quarter of the weight."""


@dataclass(frozen=True)
class Layer:
    """Something to colour the districts by: one value per district in four fixed half-open classes."""

    title: str
    """What it is, with its unit."""
    values: pd.DataFrame
    """Columns unit_id, value, status; where known lower, upper, ci_low, ci_high."""
    edges: Sequence[float] = BAND_EDGES
    digits: int = 1
    uncertain: bool = True
    """Whether a district whose interval meets those of all others is hatched; a full count has no interval."""


def score_layers(scores: pd.DataFrame, labels: Mapping[str, str]) -> dict[str, Layer]:
    """One layer per dimension."""
    return {node: Layer(label, scores[scores["node"] == node]) for node, label in labels.items()}


def districts_data(
    territories: gpd.GeoDataFrame, layers: Mapping[str, Layer], names: Mapping[str, str], texts: Texts
) -> list[dict[str, Any]]:
    """Each district with its simplified outline and, per layer, its class and words.

    The class is ``band-0`` to ``band-3``, with ``blurred`` where the district cannot be told apart from any other,
    or ``none`` where there is no value to show.
    """
    shapes = territories[territories["territory_id"].isin(list(names))].to_crs("EPSG:4326")
    outlines = dict(zip(shapes["territory_id"], _outlines(shapes.geometry), strict=True))
    middles = {
        unit: [round(point.y, 5), round(point.x, 5)]
        for unit, point in zip(shapes["territory_id"], shapes.representative_point(), strict=True)
    }
    cells = {key: _cells(layer.values, names, layer, texts) for key, layer in layers.items()}
    return [
        {
            "id": unit,
            "name": name,
            "outline": outlines.get(unit),
            "middle": middles.get(unit),
            "cells": {key: cells[key][unit] for key in layers},
        }
        for unit, name in names.items()
    ]


def _outlines(shapes: gpd.GeoSeries) -> list[dict[str, Any]]:
    """GeoJSON geometries, simplified together so that neighbours keep their common border."""
    simple = shapely.coverage_simplify(shapes.to_numpy(), SIMPLIFY_DEGREES)
    rounded = shapely.transform(simple, lambda points: np.round(points, 5))
    return [shapely.geometry.mapping(shape) for shape in rounded]


def _cells(values: pd.DataFrame, names: Mapping[str, str], layer: Layer, texts: Texts) -> dict[str, dict[str, str]]:
    rows = as_floats(values).set_index("unit_id").reindex(list(names)).reset_index()
    rows["status"] = rows["status"].fillna("not_collected")
    apart = told_apart(rows) if layer.uncertain else pd.Series(True, index=rows.index)
    bands = classes(rows["value"], layer.edges)
    cells = {}
    for row, band, distinct in zip(rows.to_dict("records"), bands, apart, strict=True):
        if row["status"] in WITHHELD:
            cells[row["unit_id"]] = {"look": "none", "words": reason_words(row, texts)}
            continue
        words = value_with_interval(row, texts, layer.digits)
        if not distinct:
            words = texts("figures.map_not_apart", value=words)
        cells[row["unit_id"]] = {"look": f"band-{band}" + ("" if distinct else " blurred"), "words": words}
    return cells
