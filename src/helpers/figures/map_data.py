"""What the participation map knows: cards of instances, agenda, districts with their scores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from helpers.config import Dictionary
from helpers.figures.districts import told_apart
from helpers.figures.maps import classes
from helpers.figures.places import split
from helpers.figures.style import BAND_EDGES
from helpers.figures.words import WITHHELD, as_floats, reason_words, status_word, value_with_interval
from helpers.language import Texts

FACETS = {
    "type": "instance_type",
    "promoter": "promoter_type",
    "theme": "theme_primary",
    "influence": "influence_level",
    "ways": "ways_to_take_part",
    "status": "status",
}
"""Name in the link to a selection -> field of `instances`, in the order of the filters."""
CARD = ("promoter_type", "promoter_name", "theme_primary", "influence_level", "ways_to_take_part",
        "who_can_take_part", "channels", "responsible_unit", "address")
"""Fields told on a card; each one without a value says so."""
ACCESS = ("step_free", "accessible_toilet", "hearing_support", "childcare", "digital_support", "plain_language")
"""Signs of accessibility, from the instance, its events and their venues."""

SIMPLIFY_DEGREES = 0.0001
"""About ten metres: finer than the map can show, and a quarter of the weight."""


@dataclass(frozen=True)
class Words:
    """Labels of fields and of closed values in one language."""

    dictionary: Dictionary
    texts: Texts

    def field(self, name: str, table: str = "instances") -> str:
        """The label of a field."""
        return self.texts.pick(self.dictionary.tables[table].fields[name].labels)

    def value(self, name: str, value: str, table: str = "instances") -> str:
        """The label of a value of a field; of a free text the text itself."""
        vocabulary = self.dictionary.tables[table].fields[name].vocabulary
        labels = self.dictionary.vocabularies.get(vocabulary, {}).get(value)
        return self.texts.pick(labels) if labels else value

    def cell(self, row: Mapping, name: str) -> str:
        """The words of a cell of `instances`; without a value why there is none."""
        if not isinstance(row.get(name), str):
            absent = "not_applicable" if name in split(row.get("not_applicable")) else "not_collected"
            return status_word(absent, self.texts)
        several = self.dictionary.tables["instances"].fields[name].type == "list"
        parts = split(row[name]) if several else [row[name]]
        return self.texts.list(self.value(name, part) for part in parts)


def iso(value: Any) -> str | None:
    """ISO date of a cell, or None."""
    return None if pd.isna(value) else f"{value:%Y-%m-%d}"


def accessibility(instances: pd.DataFrame, events: pd.DataFrame, venues: pd.DataFrame) -> dict[str, dict[str, bool]]:
    """instance -> sign -> yes or no, for the signs that were recorded: yes where any venue or event has it."""
    held = events.reindex(columns=["instance_id", "venue_id", "childcare"])
    columns = ["venue_id", "step_free", "accessible_toilet", "hearing_support"]
    held = held.merge(venues.reindex(columns=columns), on="venue_id", how="left")
    own = instances.reindex(columns=["instance_id", "childcare", "digital_support", "plain_language"])
    signs = pd.concat([held, own]).groupby("instance_id")
    found: dict[str, dict[str, bool]] = {}
    for instance, rows in signs:
        known = {sign: rows[sign].dropna() for sign in ACCESS}
        found[str(instance)] = {sign: bool(cells.astype("bool").any()) for sign, cells in known.items() if len(cells)}
    return found


def dates_words(row: Mapping, texts: Texts) -> str:
    """When an instance began and ended, with the precision that is known."""
    step = row.get("date_precision") if isinstance(row.get("date_precision"), str) else "day"
    if pd.isna(row.get("start_date")):
        return texts("figures.start_not_collected")
    start = texts.date(row["start_date"], step)
    if pd.isna(row.get("end_date")):
        return texts("figures.since", start=start)
    return texts("figures.from_to", start=start, end=texts.date(row["end_date"], step))


def cards(
    instances: pd.DataFrame,
    access: Mapping[str, Mapping[str, bool]],
    names: Mapping[str, str],
    words: Words,
) -> list[dict[str, Any]]:
    """One card per instance, by name: what the list shows and what the filters look at."""
    rows = instances.sort_values(["name", "instance_id"], kind="stable").to_dict("records")
    return [_card(row, access.get(row["instance_id"], {}), names, words) for row in rows]


def _card(row: Mapping, access: Mapping[str, bool], names: Mapping[str, str], words: Words) -> dict[str, Any]:
    texts = words.texts
    districts = [names[unit] for unit in split(row.get("territory_ids")) if unit in names]
    facets = {key: split(row.get(field)) for key, field in FACETS.items()}
    facets["access"] = [sign for sign, yes in access.items() if yes]
    facets["district"] = [unit for unit in split(row.get("territory_ids")) if unit in names]
    return {
        "id": row["instance_id"],
        "name": row["name"],
        "type": row.get("instance_type"),
        "summary": [words.value("instance_type", row["instance_type"]), words.value("status", row["status"]),
                    texts.list(districts) if districts else texts("figures.map_city_wide")],
        "description": row["short_description"] if isinstance(row.get("short_description"), str) else None,
        "dates": dates_words(row, texts),
        "lines": _lines(row, access, words),
        "url": row["platform_url"] if str(row.get("platform_url")).startswith(("https://", "http://")) else None,
        "contact": row["contact_public"] if isinstance(row.get("contact_public"), str) else None,
        "verification": words.value("verification_status", row["verification_status"]),
        "contested": row["verification_status"] == "contested",
        "facets": facets,
        "span": [iso(row.get("start_date")), iso(row.get("end_date"))],
    }


def _lines(row: Mapping, access: Mapping[str, bool], words: Words) -> list[tuple[str, str]]:
    """Label and words of the fields of a card."""
    texts = words.texts
    lines = [(words.field(field), words.cell(row, field)) for field in CARD]
    signs = [texts("figures.map_sign", sign=texts(f"figures.access_{sign}"), yes=texts("figures.yes" if yes else
             "figures.no")) for sign, yes in access.items()]
    lines.append((texts("figures.map_access"), texts.list(signs) if signs else status_word("not_collected", texts)))
    return lines


def agenda(
    events: pd.DataFrame,
    instances: pd.DataFrame,
    venues: pd.DataFrame,
    words: Words,
    time_zone: str,
    since: pd.Timestamp,
    limit: int,
) -> list[dict[str, Any]]:
    """Activities from the first day of the period on, in order of time: at most the last ``limit``."""
    texts = words.texts
    named = instances.set_index("instance_id")["name"]
    places = venues.set_index("venue_id")["name"] if "venue_id" in venues else pd.Series(dtype="str")
    local = events["starts_at"].dt.tz_convert(time_zone)
    rows = events.assign(local=local)[(local >= since.tz_localize(time_zone)) & events["instance_id"].isin(named.index)]
    rows = rows.sort_values(["starts_at", "event_id"], kind="stable").tail(limit)
    return [
        {
            "title": row["title"] if isinstance(row["title"], str) else named[row["instance_id"]],
            "instance": row["instance_id"],
            "instance_name": named[row["instance_id"]],
            "day": iso(row["local"]),
            "when": texts.time(row["local"].to_pydatetime()),
            "mode": words.value("mode", row["mode"], "events") if isinstance(row["mode"], str) else None,
            "place": places.get(row.get("venue_id")) if isinstance(row.get("venue_id"), str) else None,
        }
        for row in rows.to_dict("records")
    ]


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
    middles = {unit: [round(point.y, 5), round(point.x, 5)] for unit, point in
               zip(shapes["territory_id"], shapes.representative_point(), strict=True)}
    cells = {key: _cells(layer.values, names, layer, texts) for key, layer in layers.items()}
    return [
        {"id": unit, "name": name, "outline": outlines.get(unit), "middle": middles.get(unit),
         "cells": {key: cells[key][unit] for key in layers}}
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


def choices(found: Sequence[Mapping[str, Any]], facet: str, label: Mapping[str, str]) -> list[dict[str, Any]]:
    """Values of a facet that occur, in the order of ``label``, with how many cards have each."""
    tally: dict[str, int] = {}
    for card in found:
        for value in card["facets"][facet]:
            tally[value] = tally.get(value, 0) + 1
    return [{"value": value, "label": label[value], "count": tally[value]} for value in label if value in tally]
