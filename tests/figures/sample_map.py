"""An invented registry for the map: as many instances as asked for, events, venues, actors."""

from pathlib import Path

import numpy as np
import pandas as pd

from helpers.config import load_dictionary
from helpers.figures import Around, participation_map
from helpers.reporting import Link, Page, footer_html, header_html

from .conftest import LABELS, NAMES, score_row

TYPES = ["space", "table", "device", "tool"]
THEMES = ["health", "mobility", "environment", "education", "public_works"]
LEVELS = ["inform", "consult", "involve", "collaborate", None]


def make_instances(count: int) -> pd.DataFrame:
    """Instances with and without coordinates, of one district, of several, and of the whole city."""
    rng = np.random.default_rng(7)
    rows = [_instance(number, rng) for number in range(count)]
    return pd.DataFrame(rows).astype({"latitude": "Float64", "longitude": "Float64"})


def _instance(number: int, rng: np.random.Generator) -> dict:
    placed = number % 3 == 0
    unit = list(NAMES)[number % 6]
    return {
        "instance_id": f"mod-{number:03d}",
        "name": "Mesa de Diálogo «Ñandú» <b>" if number == 0 else f"Consejo {number:03d}",
        "short_description": "Se reúne todos los meses en la plaza para decidir con la vecindad.",
        "instance_type": TYPES[number % 4],
        "promoter_type": ["state", "civil_society", "mixed"][number % 3],
        "promoter_name": "Municipalidad",
        "responsible_unit": "Secretaría de Cercanía" if number % 4 else None,
        "status": ["running", "finished"][number % 2],
        "start_date": pd.Timestamp("2020-01-01") + pd.Timedelta(days=11 * number) if number % 7 else pd.NaT,
        "end_date": pd.Timestamp("2022-11-30") if number % 2 else pd.NaT,
        "date_precision": "month",
        "territory_ids": None if number % 5 == 4 else f"{unit};t-2" if number % 11 == 10 else unit,
        "latitude": round(-32.96 + rng.uniform(-0.02, 0.04), 5) if placed else None,
        "longitude": round(-60.68 + rng.uniform(-0.03, 0.05), 5) if placed else None,
        "address": "Calle 123" if placed else None,
        "theme_primary": THEMES[number % 5],
        "influence_level": LEVELS[number % 5],
        "ways_to_take_part": "vote;propose" if number % 2 else "attend",
        "who_can_take_part": "Residents aged 16 or more; no registration",
        "channels": "in_person;online",
        "digital_support": True if number % 4 == 0 else pd.NA,
        "platform_url": "https://example.org/participa",
        "contact_public": "participa@example.org",
        "verification_status": {1: "contested", 3: "declared"}.get(number, "documented"),
        "not_applicable": "influence_level" if number % 10 == 4 else None,
    }


def make_events() -> pd.DataFrame:
    """Three activities: one before the period, one in it, one far ahead."""
    return pd.DataFrame(
        {
            "event_id": ["e-1", "e-2", "e-3"],
            "instance_id": ["mod-000", "mod-000", "mod-001"],
            "title": ["Before", "Asamblea abierta", "Encuentro futuro"],
            "starts_at": pd.to_datetime(["2021-05-01T12:00Z", "2022-05-02T01:30Z", "2099-03-04T21:00Z"]),
            "mode": ["in_person", "hybrid", "online"],
            "venue_id": ["v-1", "v-1", None],
            "childcare": pd.array([pd.NA, True, pd.NA], "boolean"),
        }
    )


VENUES = pd.DataFrame(
    {
        "venue_id": ["v-1"],
        "name": ["Centro Municipal"],
        "step_free": pd.array([True], "boolean"),
        "accessible_toilet": pd.array([False], "boolean"),
        "hearing_support": pd.array([pd.NA], "boolean"),
    }
)


ACTORS = pd.DataFrame(
    {
        "actor_id": ["a-2", "a-1", "a-3"],
        "name": ["Vecinal Norte", "Municipalidad", "Nobody's"],
        "sector": ["cso", "executive", None],
    }
)
TIES = pd.DataFrame(
    {
        "instance_id": ["mod-000", "mod-000", "mod-003", "mod-003"],
        "actor_id": ["a-1", "a-2", "a-1", "a-1"],
        "role": ["lead", "oversight", "lead", "coordinate"],
    }
)


def make_scores() -> pd.DataFrame:
    """Quality told apart in two districts, hatched elsewhere; diversity of one district suppressed."""
    values = dict(zip(NAMES, (30.0, 50.0, 52.0, 54.0, 56.0, 78.0), strict=True))
    rows = [score_row(level="territory", unit=unit, value=value, spread=12.0) for unit, value in values.items()]
    rows.append(score_row(level="territory", unit="t-3", node="diversity", value=47.3, status="suppressed"))
    return pd.DataFrame(rows)


def make_page(root: Path, territories, texts, imprint, count: int = 40, **settings) -> str:
    """The page of the invented registry, in the frame of the site."""
    place = {"city": imprint.city, "period": str(imprint.period), "date": imprint.period.end, "language": texts.tag}
    tabs = (Link("Report", "monitor.html"), Link("Map", "map.html", True))
    frame = Page("Map", **place, simulated=imprint.simulated, documents=tabs)
    given = {
        "names": NAMES,
        "time_zone": "America/Argentina/Buenos_Aires",
        **settings,
    }
    return participation_map(
        {
            "instances": make_instances(count),
            "events": make_events(),
            "venues": VENUES,
            "actors": ACTORS,
            "instance_actors": TIES,
        },
        territories,
        make_scores(),
        texts,
        imprint,
        Around(header_html(root, frame, texts), footer_html(root, (), texts), "participa@example.org"),
        dictionary=load_dictionary(root),
        labels=LABELS,
        root=root,
        **given,
    )
