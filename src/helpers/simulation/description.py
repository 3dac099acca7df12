"""What the registry of the simulated city says about an instance in words and attributes."""

import pandas as pd

from helpers.simulation import words
from helpers.simulation.latent import World


def described(row: dict, number: int, world: World) -> dict:
    """The row with everything else that a registry asks for."""
    return {**row, **_told(row, number), **_governed(row, number), **_arranged(row, number), **_contested(row, world)}


def _told(row: dict, number: int) -> dict:
    """What it is and how it works."""
    civic, voted = row["promoter_type"] == "civil_society", "pp" in row["instance_id"]
    return {
        "short_description": f"{row['name']}: instancia simulada de participación en {words.CITY}.",
        "responsible_unit": row["promoter_name"] if civic else words.UNITS[number % len(words.UNITS)],
        "contact_public": "https://ciudad-modelo.example.org/participa",
        "date_precision": "day",
        "theme_other": "cross_cutting" if number % 4 == 0 else None,
        "scope_of_intervention": "general" if row["recurrence"] == "permanent" else "specific_theme",
        "objectives": "Decidir en conjunto sobre asuntos del barrio y de la ciudad.",
        "expected_results": "Acuerdos con fecha y responsable.",
        "achieved_results": "Acuerdos publicados." if row["status"] in ("finished", "running") else "NA",
        "how_it_works": "Se anuncia, se propone, se evalúa, se responde y se hace el seguimiento.",
        "ways_to_take_part": "vote;propose" if voted else "attend;propose;comment",
        "who_can_take_part": "Residentes de la ciudad.",
        "registration_required": "verified_id" if voted else "name",
        "languages": "es;sign_language" if number % 4 == 0 else "es",
        "sdg": "11;16",
        "reported_by": row["promoter_name"],
        "last_modified": pd.Timestamp("2025-02-10"),
    }


def _governed(row: dict, number: int) -> dict:
    """Law, money and who decides."""
    civic, tool = row["promoter_type"] == "civil_society", row["instance_type"] == "tool"
    budgeting = row["method_oecd"] == "participatory_budgeting"
    return {
        "proponent_kind": "Organización social" if civic else "Municipio de más de 100.000 habitantes",
        "decision_holder": "Secretaría competente" if row["_decision"] and not tool else "NA",
        "nature": "ordinary",
        "total_cost": 150_000 + 1_000 * row["_people"],
        "currency": "ARS",
        "budget_decided": 90_000_000 if budgeting and row["parent_id"] else None,
        "legal_basis": "voluntary" if civic else "voluntary_regulated",
        "legal_reference": "NA" if civic else f"Ordenanza simulada {1000 + number}",
        "policy_stage": "monitoring" if civic else "design",
        "codecision": row["influence_level"] in ("collaborate", "empower"),
        "formal_commitment": row["_decision"] and not tool,
        "count_unit": "voters" if budgeting else "unique_persons",
        "count_quality": "actual",
    }


def _arranged(row: dict, number: int) -> dict:
    """How people are invited, received and accompanied."""
    return {
        "selection_method": "stratified_random" if row["method_oecd"] == "deliberative" else "open",
        "inclusion_methods": "social_media;contact_points;official_invitations",
        "target_groups": "youth;women" if number % 2 else "older_persons;migrants",
        "channels": "in_person;online" if row["uses_digital"] else "in_person;paper",
        "facilitation": ("none", "internal", "external")[number % 3],
        "guarantee_committee": number % 3 == 0,
        "csos_on_steering": number % 5,
        "worklife_conciliation": number % 2 == 0,
        "childcare": number % 3 == 0,
        "women_recorded": True,
        "final_document_planned": bool(pd.notna(row["end_date"])),
        "external_evaluation": ("none", "self", "independent")[number % 3],
    }


def _contested(row: dict, world: World) -> dict:
    """Who contests the row, since when and on what ground."""
    if row["verification_status"] != "contested":
        return {"contested_by": None, "contested_on": None, "contest_evidence_id": None}
    day = pd.Timestamp("2024-11-20")
    ground = world.cite(
        "document", f"Nota de impugnación de {row['name']}", day.date(), f"instances:{row['instance_id']}"
    )
    return {"contested_by": "Asociación Sin Barreras", "contested_on": day, "contest_evidence_id": ground}
