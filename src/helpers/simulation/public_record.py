"""Bodies, their roles, and the open government commitment of the simulated city."""

import pandas as pd

from helpers.simulation import words
from helpers.simulation.latent import PREFIX, World

COMMITMENT = f"{PREFIX.upper()}0001"


def build_actors(world: World) -> pd.DataFrame:
    """Bodies of the stakeholder map."""
    return pd.DataFrame(
        [
            {
                "actor_id": f"{PREFIX}-act-{number:02d}",
                "name": name,
                "aliases": name.replace("Municipalidad", "Municipio") if "Municipalidad" in name else None,
                "sector": sector,
                "territory_id": PREFIX,
                "website": f"https://ciudad-modelo.example.org/actores/{number:02d}",
            }
            for number, (name, sector) in enumerate(words.ACTORS, start=1)
        ]
    )


def build_instance_actors(world: World) -> pd.DataFrame:
    """Roles in the instances: the municipality leads, others support, watch or take part; some never came."""
    rng = world.stream("actors")
    others = world["actors"]["actor_id"].tolist()[1:]
    rows = []
    for row in world.instances().values():
        if not row["_leaf"]:
            continue
        civic = row["promoter_type"] == "civil_society"
        lead = _actor_of(world, row["promoter_name"]) if civic else f"{PREFIX}-act-01"
        rows.append(_role(row, lead, "lead", True, rng))
        for actor in rng.choice(others, size=3, replace=False):
            if actor != lead:
                role = str(rng.choice(["support", "participant", "oversight"], p=[0.3, 0.6, 0.1]))
                rows.append(_role(row, str(actor), role, bool(rng.random() < 0.75), rng))
    return pd.DataFrame(rows).drop_duplicates(["instance_id", "actor_id", "role"], ignore_index=True)


def _actor_of(world: World, name: str) -> str:
    actors = world["actors"].set_index("name")["actor_id"]
    return actors.get(name, f"{PREFIX}-act-01")


def _role(row: dict, actor: str, role: str, came: bool, rng) -> dict:
    return {
        "instance_id": row["instance_id"],
        "actor_id": actor,
        "role": role,
        "interest": int(rng.integers(2, 6)),
        "influence": 5 if role == "lead" else int(rng.integers(1, 5)),
        "affected": int(rng.integers(1, 6)),
        "position": "A favor" if role in ("lead", "support") else "Con reparos",
        "invited": True,
        "took_part": came,
        "since": row["start_date"],
        "until": row["end_date"],
    }


def build_commitments(world: World) -> pd.DataFrame:
    """The commitment to build this monitor."""
    first = world.size.years[0]
    return pd.DataFrame(
        [
            {
                "commitment_id": COMMITMENT,
                "title": "Monitor simulado de participación ciudadana",
                "problem": "No se sabe qué pasa con las propuestas de la gente.",
                "status_quo": "Cada área lleva su propia planilla.",
                "action": "Reunir los registros y publicar un índice por período.",
                "contribution": "Permite comparar y pedir cuentas.",
                "long_term_goal": "Que toda propuesta tenga una respuesta fundada.",
                "start_date": pd.Timestamp(f"{first}-08-01"),
                "end_date": pd.Timestamp(f"{first + 1}-12-31"),
                "date_precision": "month",
                "lead_government": f"{PREFIX}-act-01",
                "lead_nongov": f"{PREFIX}-act-04",
                "other_stakeholders": f"{PREFIX}-act-05;{PREFIX}-act-06",
                "policy_area": "Participación ciudadana",
                "sector": "Gobierno local",
                "ogp_value": "transparency;public_participation_inclusion",
                "resources_secured": "partially",
                "budget": None,
                "currency": "ARS",
                "inception_verifiable": True,
                "inception_relevance": True,
                "inception_newness": "continuation",
                "inception_ambition": "positive_not_binding",
                "url": "https://ciudad-modelo.example.org/compromiso",
            }
        ]
    )


_MILESTONES = (
    ("Relevar todas las instancias de participación", "finished"),
    ("Acordar el índice con la academia y la sociedad civil", "finished"),
    ("Publicar el mapa y el índice", "in_progress"),
    ("Elaborar la guía de buenas prácticas", "not_started"),
)


def build_milestones(world: World) -> pd.DataFrame:
    """Milestones as the form and the public page word them; the page gives no status."""
    first = world.size.years[0]
    rows = []
    for number, (text, status) in enumerate(_MILESTONES, start=1):
        when = pd.Timestamp(f"{first + number // 3}-{(number * 4) % 12 + 1:02d}-01")
        proof = world.cite(
            "document", f"Constancia del hito {number}", when.date(), f"milestones:{COMMITMENT}-{number}"
        )
        for document in ("form", "page"):
            rows.append(
                {
                    "commitment_id": COMMITMENT,
                    "n": number,
                    "source_doc": document,
                    "text": text,
                    "source_text": text if document == "form" else text.replace("mapa y el índice", "índice"),
                    "start_date": when,
                    "end_date": when + pd.Timedelta(days=180),
                    "date_precision": "month",
                    "responsible": words.UNITS[0],
                    "status": status if document == "form" else None,
                    "status_asof": pd.Timestamp(f"{first + 1}-12-31") if document == "form" else None,
                    "status_by": "Municipalidad de Ciudad Modelo" if document == "form" else None,
                    "evidence_id": proof if status == "finished" and document == "form" else None,
                }
            )
    return pd.DataFrame(rows)


def build_assessments(world: World) -> pd.DataFrame:
    """An evaluation at the end of the commitment."""
    year = world.size.years[0] + 2
    proof = world.cite(
        "interview", "Entrevistas de cierre", pd.Timestamp(f"{year}-02-10").date(), f"commitments:{COMMITMENT}"
    )
    return pd.DataFrame(
        [
            {
                "assessment_id": f"{PREFIX}-eval-1",
                "commitment_id": COMMITMENT,
                "assessed_on": pd.Timestamp(f"{year}-03-01"),
                "assessor_body": "Universidad del Llano",
                "completion": "substantial",
                "q11_progress": "Dos de cuatro hitos terminados.",
                "q12_factors": "Cambio de autoridades.",
                "q13_as_planned": "most",
                "q13_text": "La guía se pospuso.",
                "q211": True,
                "q211_degree": "major",
                "q211_text": "Los registros son públicos.",
                "q212": True,
                "q212_degree": "marginal",
                "q212_text": "Hay un canal más.",
                "q213": True,
                "q213_degree": "major",
                "q213_text": "Se publica qué respuestas faltan.",
                "q214": False,
                "q214_degree": "not_applicable",
                "q214_text": None,
                "q22_addressed": True,
                "q22_text": "En parte: aún faltan respuestas fundadas.",
                "q3_lessons": "Conviene fijar antes quién carga los datos.",
                "evidence_ids": proof,
            }
        ]
    )
