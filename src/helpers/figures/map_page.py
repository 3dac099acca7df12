"""The participation map: one page that opens from a file, with everything in it and no call to any host."""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import xstatic.pkg.leaflet
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from helpers.config import Dictionary
from helpers.figures.drawing import Imprint
from helpers.figures.map_agenda import LIMIT, agenda
from helpers.figures.map_cards import Words, actors, cards, filters
from helpers.figures.map_layers import Layer, districts_data, score_layers
from helpers.figures.maps import class_words
from helpers.figures.places import positions
from helpers.language import Texts

SHAPES = {
    "space": "M10 3a7 7 0 1 0 0 14a7 7 0 1 0 0-14z",
    "table": "M4 4h12v12H4z",
    "device": "M10 2.5 17.5 16.5h-15z",
    "tool": "M10 2 18 10 10 18 2 10z",
}
"""Outline of each type's sign on a field of 20 by 20: circle, square, triangle, diamond, as on the static maps."""


@dataclass(frozen=True)
class Around:
    """What stands around the map: HTML of the site's frame, and where to say that something is wrong: whom to tell,
    and the address of the sheet to say it in."""

    header: str
    footer: str
    contact: str | None = None
    form: str | None = None


def participation_map(
    tables: Mapping[str, pd.DataFrame],
    territories: gpd.GeoDataFrame,
    scores: pd.DataFrame,
    texts: Texts,
    imprint: Imprint,
    around: Around,
    *,
    dictionary: Dictionary,
    labels: Mapping[str, str],
    names: Mapping[str, str],
    root: Path,
    counted: Layer | None = None,
    bars: Mapping[str, list[dict]] | None = None,
    time_zone: str = "UTC",
    incomplete: bool = False,
) -> str:
    """The map of a city's instances of participation as one HTML page.

    Parameters
    ----------
    tables : of the registry: instances (as ``placed_instances`` gives them), events, venues, actors, instance_actors.
    territories : districts, with territory_id; an empty frame gives a page without a district layer.
    scores : contract frame `scores`; the rows of the districts in the imprint's period are shown.
    labels : dimension -> label.      names : territory_id -> name, in the order of listing.
    counted : a count per district to colour by, beside the dimensions, such as voters.
    bars : instance -> its dimensions for its card, each with name, value (0 to 100) and said (words).
    time_zone : of the city, for the hours of activities.
    incomplete : some rows of instances were set aside, so that a district without any does not say none.

    Returns
    -------
    HTML. The same input gives the same bytes; scripts and styles run under a content-security policy by hash.
    """
    words = Words(dictionary, texts)
    layers = _layers(scores, labels, imprint) | ({"counted": counted} if counted else {})
    planned = {"agenda": agenda(tables, words, time_zone, imprint.period), "agenda_limit": LIMIT}
    context = _contents(tables, territories, layers, names, words, imprint, bars or {}) | planned
    data = context["data"] | {"none": texts("figures.status_not_collected") if incomplete else texts.number(0)}
    return _page(context | {"imprint": imprint, "data": data}, around, texts, root / "reports" / "style")


def _contents(
    tables: Mapping[str, pd.DataFrame],
    territories: gpd.GeoDataFrame,
    layers: Mapping[str, Layer],
    names: Mapping[str, str],
    words: Words,
    imprint: Imprint,
    bars: Mapping[str, list[dict]],
) -> dict[str, Any]:
    """What list, filters and map of the page show of instances, actors and districts."""
    people = actors(tables, words)
    found = cards(tables, people, names, words, bars)
    areas = districts_data(territories, layers, names, words.texts) if len(territories) else []
    spots = positions(tables["instances"], territories, names)
    return {
        "cards": found,
        "filters": filters(found, people, names, words),
        "without": len(found) - len(spots),
        **_people_and_types(people, words),
        **_district_layers(areas, layers, words.texts),
        "data": {**_data(found, areas, spots, words.texts), "to_scale": not imprint.schematic},
    }


def _layers(scores: pd.DataFrame, labels: Mapping[str, str], imprint: Imprint) -> dict[str, Layer]:
    """The dimensions that colour the districts in the imprint's period."""
    now = scores[(scores["level"] == "territory") & (scores["period"].astype("str") == str(imprint.period))]
    return score_layers(now, labels)


def _people_and_types(people: list[dict[str, Any]], words: Words) -> dict[str, Any]:
    """What the page says of actors and of the signs of types."""
    return {
        "actors_title": words.table("actors"),
        "actors": [actor for actor in people if actor["roles"]],
        "types": {kind: words.value("instance_type", kind) for kind in SHAPES},
    }


def _district_layers(areas: list[dict], layers: Mapping[str, Layer], texts: Texts) -> dict[str, Any]:
    """What the page says of districts; without outlines there is no layer to choose."""
    return {
        "areas": areas,
        "layers": dict(layers) if areas else {},
        "keys": {key: class_words(layer.edges, texts) for key, layer in layers.items()},
    }


def _data(found: list[dict], areas: list[dict], spots: Mapping[str, tuple], texts: Texts) -> dict[str, Any]:
    """What the script of the page needs to know beyond what stands in the page."""
    return {
        "instances": [_instance(card, spots.get(card["id"]), texts) for card in found],
        "districts": [area for area in areas if area["outline"]],
        "shapes": SHAPES,
        "words": {key: texts(f"figures.map_{key}") for key in ("count", "zoom_in", "zoom_out")},
    }


def _instance(card: Mapping[str, Any], spot: tuple | None, texts: Texts) -> dict[str, Any]:
    """What the script knows of an instance; ``notes`` stand beside its name on the map."""
    notes = [card["verification"]] if card["mark"] else []
    if spot and spot[2]:
        notes.append(texts("figures.map_approximate"))
    known = {key: card[key] for key in ("id", "name", "type", "facets", "span")}
    return {**known, "notes": notes, "at": spot}


def _page(context: dict[str, Any], around: Around, texts: Texts, style: Path) -> str:
    """The page with its styles, scripts and data inside, and the policy that lets only those run."""
    library = Path(xstatic.pkg.leaflet.BASE_DIR)
    styles = [_leaflet_css(library / "leaflet.css"), _read(style / "style.css"), _read(style / "map.css")]
    scripts = [_leaflet_js(library / "leaflet.js"), _read(style / "map.js")]
    environment = Environment(
        loader=FileSystemLoader(style), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"number": texts.number}
    return (
        environment.get_template("map.html").render(
            **{**context, "data": Markup(_json(context["data"]))},
            header=Markup(around.header),
            footer=Markup(around.footer),
            contact=around.contact,
            form=around.form,
            t=texts,
            shapes=SHAPES,
            styles=[Markup(text) for text in styles],
            scripts=[Markup(text) for text in scripts],
            policy=_policy(styles, scripts),
        )
        + "\n"
    )


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip()


def _leaflet_css(path: Path) -> str:
    """Leaflet's style without its pictures, which the page does not use."""
    return re.sub(r"url\([^)]*\)", "none", _read(path)).replace("behavior: none;", "")


def _leaflet_js(path: Path) -> str:
    """Leaflet without the note that makes a browser's tools look for another file."""
    return re.sub(r"\n?//# sourceMappingURL=.*$", "", _read(path)).strip()


def _json(value: Any) -> str:
    """JSON that cannot end the script element it stands in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _policy(styles: list[str], scripts: list[str]) -> str:
    """A content-security policy that allows these styles and scripts, pictures inside the page, and nothing else."""
    return (
        f"default-src 'none'; style-src {_hashes(styles)}; script-src {_hashes(scripts)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hashes(texts: list[str]) -> str:
    digests = (hashlib.sha256(text.encode("utf-8")).digest() for text in texts)
    return " ".join(f"'sha256-{base64.b64encode(digest).decode('ascii')}'" for digest in digests)
