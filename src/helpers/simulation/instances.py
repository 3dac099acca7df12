"""The instances of the simulated city: who they are and how well each of them works."""

import pandas as pd

from helpers.simulation import words
from helpers.simulation.description import described
from helpers.simulation.latent import PREFIX, World, half_of

PERMANENT = {
    "recurrence": "permanent",
    "status": "running",
    "start_date": "2015-03-01",
    "method_oecd": "permanent_body",
}
FOREVER = pd.NaT


def build_instances(world: World) -> pd.DataFrame:
    """One row per instance, families and editions included.

    Columns that start with ``_``: `_district` ("" if city-wide), `_family` (root ancestor), `_decision` (somebody
    decides on what comes out), `_care` (how well it works beside the others), `_meetings`, `_proposals`,
    `_people` (per half-year), `_responses` (per survey wave), `_closes` (last day to propose).
    """
    rows = [
        *_councils(world),
        *_city_bodies(world),
        *[row for year in world.size.years for row in _devices(world, year)],
        *_civic(world),
        *_tools(),
    ]
    frame = pd.DataFrame([{**_DEFAULTS, **row} for row in rows])
    rng = world.stream("instances")
    parents = set(frame["parent_id"].dropna())
    for name in ("start_date", "end_date", "_closes"):
        frame[name] = pd.to_datetime(frame[name])
    complete = [described(row, number, world) for number, row in enumerate(frame.to_dict("records"))]
    return pd.DataFrame(complete, index=frame.index).assign(
        _family=frame["parent_id"].fillna(frame["instance_id"]),
        _leaf=~frame["instance_id"].isin(parents),
        _care=rng.normal(0, 0.07, len(frame)).round(4),
    )


_DEFAULTS = {
    "parent_id": None,
    "edition_label": None,
    "promoter_type": "state",
    "promoter_name": "Municipalidad de Ciudad Modelo",
    "territory_scope": "city",
    "territory_ids": PREFIX,
    "end_date": None,
    "status": "finished",
    "recurrence": "one_off",
    "min_age": 16,
    "max_age": None,
    "influence_level": "consult",
    "verification_status": "documented",
    "uses_digital": True,
    "_district": "",
    "_decision": True,
    "_meetings": 0,
    "_proposals": 0,
    "_people": 40,
    "_responses": 0,
    "_closes": None,
}


def _councils(world: World) -> list[dict]:
    """Neighbourhood councils and district tables: two families with members in every district."""
    rows = [
        {**PERMANENT, "instance_id": f"{PREFIX}-consejos", "name": "Consejos Barriales", "instance_type": "space",
         "theme_primary": "cross_cutting"},
        {**PERMANENT, "instance_id": f"{PREFIX}-mesas", "name": "Mesas Distritales", "instance_type": "table",
         "theme_primary": "public_works"},
    ]  # fmt: skip
    areas = world.territories("neighbourhood")
    local = list(areas.groupby("_district", sort=False))[: world.size.districts]
    for number, (district, inside) in enumerate(local):
        for area in inside.head(world.size.councils).to_dict("records"):
            rows.append(_council(area, district, number, world))
        rows.append(_district_table(words.DISTRICTS[number], district, number, world))
    return rows


def _council(area: dict, district: str, number: int, world: World) -> dict:
    return {
        **PERMANENT,
        "instance_id": f"{PREFIX}-consejo-{area['territory_id'].split('-b-')[1]}",
        "name": f"Consejo Barrial {area['name']}",
        "parent_id": f"{PREFIX}-consejos",
        "instance_type": "space",
        "territory_scope": "neighbourhood",
        "territory_ids": area["territory_id"],
        "theme_primary": words.THEMES[number % len(words.THEMES)],
        "influence_level": "involve",
        "uses_digital": number % 2 == 0,
        "_district": district,
        "_meetings": world.size.meetings,
        "_proposals": 9,
        "_people": 55,
        "_responses": 16,
    }


def _district_table(name: str, district: str, number: int, world: World) -> dict:
    return {
        **PERMANENT,
        "instance_id": f"{PREFIX}-mesa-{district.split('-d-')[1]}",
        "name": f"Mesa Distrital {name}",
        "parent_id": f"{PREFIX}-mesas",
        "instance_type": "table",
        "promoter_type": "mixed",
        "territory_scope": "district",
        "territory_ids": district,
        "theme_primary": "public_works",
        "influence_level": "collaborate",
        "verification_status": "verified",
        "uses_digital": number % 3 != 0,
        "_district": district,
        "_meetings": max(world.size.meetings - 2, 1),
        "_proposals": 4,
        "_people": 30,
        "_responses": 13,
    }


def _city_bodies(world: World) -> list[dict]:
    """City-wide councils and tables."""
    bodies = [
        ("consejo-mayores", "Consejo de Personas Mayores", "space", "social_rights_gender", "consult", "state", 60),
        ("consejo-infancias", "Consejo de las Infancias", "space", "children_youth", "consult", "state", 0),
        ("consejo-generos", "Consejo de Géneros y Diversidad", "space", "social_rights_gender", "involve", "mixed", 16),
        ("mesa-abierta", "Mesa de Gobierno Abierto", "table", "budget_and_transparency", "collaborate", "mixed", 16),
        ("mesa-ambiental", "Mesa Ambiental del Río Manso", "table", "environment", "involve", "mixed", 16),
        ("mesa-movilidad", "Mesa de Movilidad Activa", "table", "mobility", "involve", "state", 16),
    ]
    return [
        {
            **PERMANENT,
            "instance_id": f"{PREFIX}-{key}",
            "name": name,
            "instance_type": kind,
            "theme_primary": theme,
            "influence_level": level,
            "promoter_type": promoter,
            "min_age": least,
            "max_age": 12 if key == "consejo-infancias" else None,
            "verification_status": "declared" if key == "mesa-movilidad" else "documented",
            "_meetings": max(world.size.meetings - 2, 1),
            "_proposals": 4,
            "_people": 45,
            "_responses": 0 if key == "consejo-infancias" else 14,
        }
        for key, name, kind, theme, level, promoter, least in bodies[: world.size.bodies]
    ]


def _devices(world: World, year: int) -> list[dict]:
    """Participatory budgets, hearing and consultations of a year; every second year an assembly by lot."""
    rows = []
    if year == world.size.years[0]:
        budget = {**PERMANENT, "instance_type": "device", "method_oecd": "participatory_budgeting"}
        for key, name in (("pp", "Presupuesto Participativo"), ("ppj", "Presupuesto Participativo Joven")):
            names = {"instance_id": f"{PREFIX}-{key}", "name": name, "theme_primary": "budget_and_transparency"}
            rows.append({**budget, **names})
    rows += [_budget(year, world), _young_budget(year, world), _hearing(year)]
    rows += [_consultation(world, year, number) for number in range(world.size.consultations)]
    if year % 2 == 0:
        rows.append(_assembly(year))
    return rows


def _budget(year: int, world: World) -> dict:
    return {
        "instance_id": f"{PREFIX}-pp-{year}",
        "name": f"Presupuesto Participativo {year + 1}",
        "parent_id": f"{PREFIX}-pp",
        "edition_label": f"PP {year + 1} (votado en {year})",
        "instance_type": "device",
        "method_oecd": "participatory_budgeting",
        "theme_primary": "budget_and_transparency",
        "recurrence": "annual",
        "influence_level": "empower",
        "verification_status": "verified",
        "start_date": f"{year}-03-10",
        "end_date": f"{year}-09-30",
        "_closes": f"{year}-05-31",
        "_meetings": world.size.meetings + 4,
        "_proposals": 420,
        "_people": 2600,
        "_responses": 70,
    }


def _young_budget(year: int, world: World) -> dict:
    return {
        **_budget(year, world),
        "instance_id": f"{PREFIX}-ppj-{year}",
        "name": f"Presupuesto Participativo Joven {year + 1}",
        "parent_id": f"{PREFIX}-ppj",
        "edition_label": f"PP Joven {year + 1} (votado en {year})",
        "theme_primary": "children_youth",
        "verification_status": "documented",
        "min_age": 13,
        "max_age": 17,
        "_meetings": 4,
        "_proposals": 80,
        "_people": 500,
        "_responses": 0,
    }


def _hearing(year: int) -> dict:
    return {
        "instance_id": f"{PREFIX}-audiencia-{year}",
        "name": f"Audiencia pública del presupuesto {year + 1}",
        "instance_type": "device",
        "method_oecd": "open_meeting",
        "theme_primary": "budget_and_transparency",
        "recurrence": "annual",
        "influence_level": "inform",
        "uses_digital": False,
        "start_date": f"{year}-10-01",
        "end_date": f"{year}-10-31",
        "_meetings": 3,
        "_people": 120,
        "_responses": 12,
    }


def _consultation(world: World, year: int, number: int) -> dict:
    position = (year - world.size.years[0]) * 2 + number
    theme, name = words.CONSULTATIONS[position % len(words.CONSULTATIONS)]
    month, shelved = 3 + number * 5, position in (3, 5)
    district = world.territories("district")["territory_id"].iloc[position % 6]
    local = position % 3 == 1
    return {
        "instance_id": f"{PREFIX}-consulta-{year}-{number + 1}",
        "name": f"Consulta pública: {name}",
        "instance_type": "device",
        "method_oecd": "consultation",
        "theme_primary": theme,
        "status": ("suspended", "cancelled")[position == 5] if shelved else "finished",
        "territory_scope": "district" if local else "city",
        "territory_ids": district if local else PREFIX,
        "verification_status": "contested" if position == 6 else "documented",
        "start_date": f"{year}-{month:02d}-05",
        "end_date": f"{year}-{month + 2:02d}-15",
        "_closes": f"{year}-{month + 1:02d}-20",
        "_district": district if local else "",
        "_meetings": 3,
        "_proposals": 60,
        "_people": 180,
        "_responses": 24,
    }


def _assembly(year: int) -> dict:
    return {
        "instance_id": f"{PREFIX}-asamblea-{year}",
        "name": f"Asamblea ciudadana por sorteo {year}",
        "instance_type": "device",
        "method_oecd": "deliberative",
        "theme_primary": "environment",
        "influence_level": "collaborate",
        "promoter_type": "mixed",
        "start_date": f"{year}-04-05",
        "end_date": f"{year}-08-30",
        "_closes": f"{year}-07-15",
        "_meetings": 4,
        "_proposals": 20,
        "_people": 60,
        "_responses": 30,
    }


def _civic(world: World) -> list[dict]:
    """Initiatives of civil society; only the one of the university has a public body that decides."""
    return [
        {
            **PERMANENT,
            "instance_id": key,
            "name": name,
            "instance_type": ("space", "table")[number % 2],
            "method_oecd": "civic_monitoring",
            "theme_primary": theme,
            "promoter_type": "civil_society",
            "promoter_name": promoter,
            "influence_level": "involve",
            "verification_status": "declared" if number == 2 else "documented",
            "_decision": "Universidad" in promoter,
            "_meetings": max(world.size.meetings - 2, 1),
            "_people": 35,
            "_responses": 12 if "Universidad" in promoter else 0,
        }
        for number, (key, name, theme, promoter) in enumerate(words.CIVIC[: world.size.civic])
    ]


def _tools() -> list[dict]:
    tools = [
        ("plataforma", "Participa Ciudad Modelo"),
        ("linea-147", "Línea 147"),
        ("buzon", "Buzón Vecinal"),
    ]
    return [
        {**PERMANENT, "instance_id": f"{PREFIX}-{key}", "name": name, "instance_type": "tool",
         "method_oecd": "information", "theme_primary": "cross_cutting", "influence_level": "inform",
         "uses_digital": key != "buzon", "min_age": None}
        for key, name in tools
    ]  # fmt: skip


def active_halves(row: dict, world: World) -> list[str]:
    """Half-years in which an instance was active; a parent is where its children are."""
    if pd.isna(row["end_date"]):
        return world.halves
    if row["status"] == "cancelled":
        return [half_of(row["start_date"])]
    between = [half_of(row["start_date"]), half_of(row["end_date"])]
    return [half for half in world.halves if between[0] <= half <= between[1]]
