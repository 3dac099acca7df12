"""Who takes part: figures per period, composition of participants, and what coders found in each instance."""

import numpy as np
import pandas as pd

from helpers.simulation.latent import PREFIX, World, half_dates
from helpers.simulation.territory import AGE_BANDS

SECTORS = ("residents", "civil_society", "academia", "private_sector", "public_body")
KIND_OF_SECTOR = {
    "civil_society": "cso_representative",
    "academia": "academic",
    "private_sector": "private_sector",
    "public_body": "government",
}
CHANNELS = ("in_person", "online", "phone_paper")
NEEDS_EVIDENCE = ("collaborate", "empower")

RULES = (
    "rules_objective", "rules_what_is_decided", "rules_how_decided", "rules_who_can_take_part",
    "rules_how_to_take_part", "rules_calendar", "rules_influence_promise", "rules_responsible_unit",
    "rules_answer_deadline", "rules_personal_data",
)  # fmt: skip
GUARANTEES = (
    "neutral_facilitation", "steering_non_government", "guarantee_body", "evaluation_published", "participants_survey",
)  # fmt: skip
GROUPS = ("women", "youth", "older_persons", "persons_with_disability", "migrants", "vulnerable_neighbourhoods")
DIGITAL = ("digital_accessibility", "digital_support")
LANGUAGE = ("plain_language", "sign_or_second_language")
OTHER_STANDARDS = (
    "problem_and_decision_defined", "formal_commitment", "stakeholder_map", "target_groups_and_inclusion",
    "rules_published_in_time", "accessible_venue_time_care", "resources_assigned", "balanced_information",
    "attendance_by_category", "minutes_in_time", "final_document", "reasoned_answers",
    "results_to_participants_first", "follow_up_until_delivered",
)  # fmt: skip


def build_periods(world: World) -> pd.DataFrame:
    """instance_periods: what an instance was in each half-year; the same through both halves of a year."""
    instances = world.instances()
    rows = []
    for (key, year), halves in world["practice"].groupby([world["practice"]["instance_id"], _years(world["practice"])]):
        instance = instances[key]
        rng = world.stream(f"period {key} {year}")
        fixed = _attributes(key, int(year), instance, halves.iloc[0].to_dict(), world, rng)
        for half in halves["period"]:
            rows.append({"instance_id": key, "period": half, **fixed, **_figures(instance, half, world, rng)})
    frame = pd.DataFrame(rows)
    order = pd.Categorical(frame["instance_id"], categories=world["instances"]["instance_id"], ordered=True)
    return frame.assign(_order=order).sort_values(["_order", "period"], ignore_index=True).drop(columns="_order")


def _years(frame: pd.DataFrame) -> pd.Series:
    return frame["period"].str[:4].rename("year")


def _attributes(key: str, year: int, instance: dict, now: dict, world: World, rng) -> dict:
    """What is scored and stays the same through a year."""
    level = instance["influence_level"]
    if level == "consult" and now["rule"] > 0.75:
        level = "involve"
    proven = level in NEEDS_EVIDENCE and rng.random() < 0.75
    title = f"Acuerdo sobre el nivel de influencia de {instance['name']} ({year})"
    evidence = (
        world.cite("document", title, pd.Timestamp(f"{year}-02-01").date(), f"instances:{key}") if proven else None
    )
    tool = instance["instance_type"] == "tool"
    deliberates = instance["instance_type"] in ("space", "table")
    chance = (1.0, 0.8, 0.45, 0.4, 0.75)
    present = [sector for sector, likely in zip(SECTORS, chance, strict=True) if rng.random() < likely]
    channels = ["phone_paper" if key.endswith(("147", "buzon")) else "online"] if tool else ["in_person"]
    channels += [name for name in CHANNELS[1:] if name not in channels and rng.random() < now["second_channel"] * 0.75]
    return {
        "active": True,
        "influence_level": level,
        "influence_evidence_id": evidence,
        "sectors_present": ";".join(present) if deliberates else "NA",
        "channels_complete": ";".join(channels),
        "worklife_conciliation": bool(rng.random() < now["conciliation"]),
        "min_age": instance["min_age"],
        "max_age": instance["max_age"],
        "verification_status": instance["verification_status"],
    }


def _figures(instance: dict, half: str, world: World, rng) -> dict:
    """Counts and money of a half-year."""
    growth = 1 + 0.15 * world.progress(int(half[:4]))
    people = int(rng.poisson(max(instance["_people"] * growth * max(world.size.proposals, 0.15), 12)))
    voted = instance["method_oecd"] == "participatory_budgeting"
    decided = instance["budget_decided"] if voted and half.endswith("S2") else None
    return {
        "participants": people,
        "count_unit": instance["count_unit"],
        "count_quality": "actual",
        "new_participants": int(rng.binomial(people, 0.35)),
        "online_participants": int(rng.binomial(people, 0.3)) if instance["uses_digital"] else 0,
        "invitations_sent": int(people * rng.uniform(2, 5)),
        "eligible_population": int(world.size.inhabitants * 0.765),
        "eligible_rule": "Residentes de 16 años y más" if instance["min_age"] == 16 else "Según edad de la instancia",
        "population_source_id": "sim-poblacion",
        "budget_decided": decided,
        "budget_executed": round(decided * 0.6) if decided else None,
        "cost": int(20_000 + 400 * people),
        "currency": "ARS",
        "data_status": "provisional" if half.startswith("2024") else "final",
    }


def add_totals(world: World) -> pd.DataFrame:
    """The instances with all who took part and all meetings so far; a parent has those of its children."""
    frame = world["instances"]
    people = world["periods"].groupby("instance_id")["participants"].sum()
    meetings = world["events"].groupby("instance_id").size()
    return frame.assign(
        participants_total=_with_children(frame, people),
        participants_target=(_with_children(frame, people) * 1.1).round(-1),
        public_meetings=_with_children(frame, meetings),
        final_document_approved=frame["final_document_approved"]
        .astype("object")
        .where(frame["end_date"].notna(), "NA"),
    )


def _with_children(frame: pd.DataFrame, numbers: pd.Series) -> pd.Series:
    own = frame["instance_id"].map(numbers).fillna(0)
    of_children = own.groupby(frame["parent_id"]).sum()
    return own + frame["instance_id"].map(of_children).fillna(0)


def build_counts(world: World) -> pd.DataFrame:
    """participation_counts: every instance and half-year by one characteristic at a time."""
    instances = world.instances()
    population = world["reference_population"]
    territories = world["territories"]
    ages = population[(population["territory_id"] == PREFIX) & (population["dimension"] == "age_band")]
    districts = territories[territories["level"] == "district"].set_index("territory_id")["_population"]
    women = world["practice"].set_index(["instance_id", "period"])["women"].to_dict()
    rows = []
    for now in world["periods"].to_dict("records"):
        instance = instances[now["instance_id"]]
        if instance["instance_type"] == "tool":
            continue
        rng = world.stream(f"counts {now['instance_id']} {now['period']}")
        share = women[now["instance_id"], now["period"]]
        found = _compose(now, instance, share, ages.set_index("category")["population"], districts, rng)
        for dimension, category, territory, count in found:
            rows.append((now["instance_id"], now["period"], dimension, category, territory, count, now["count_unit"]))
    names = ["instance_id", "period", "dimension", "category", "territory_id", "count", "count_unit"]
    return pd.DataFrame(rows, columns=names).assign(count_quality="actual")


def _compose(now: dict, instance: dict, women: float, ages: pd.Series, districts: pd.Series, rng) -> list[tuple]:
    """Rows dimension, category, territory, count of one instance and half-year."""
    people = now["participants"]
    parts: dict[str, dict[str, int]] = {"total": {"total": people}}
    stated = people - int(rng.binomial(people, 0.05))
    other = int(rng.binomial(stated, 0.01))
    female = int(rng.binomial(stated - other, women))
    parts["gender"] = {"woman": female, "man": stated - other - female, "other": other, "not_stated": people - stated}
    parts["age_band"] = _ages(people, now, ages, rng)
    parts["kind"] = _kinds(people, now, rng)
    foreign, disabled = int(rng.binomial(people, 0.045)), int(rng.binomial(people, 0.06))
    parts["nationality"] = {"national": people - foreign, "foreign": foreign}
    parts["disability"] = {"with_disability": disabled, "without_disability": people - disabled}
    parts["first_time"] = {"first_time": now["new_participants"], "returning": people - now["new_participants"]}
    parts["channel"] = {"in_person": people - now["online_participants"], "online": now["online_participants"]}
    if instance["method_oecd"] == "participatory_budgeting":
        parts["education"] = _split(people, ("primary", "secondary", "tertiary"), [0.3, 0.45, 0.25], rng)
    bands = parts["age_band"]
    parts["target_group"] = {
        "women": int(rng.binomial(people, 0.08)),
        "youth": sum(bands.get(band, 0) for band in AGE_BANDS[:4]),
        "older_persons": sum(bands.get(band, 0) for band in AGE_BANDS[6:]),
        "persons_with_disability": disabled,
        "migrants": foreign,
        "vulnerable_neighbourhoods": int(rng.binomial(people, 0.12)),
    }
    rows = [(name, category, None, count) for name, of in parts.items() for category, count in of.items()]
    return rows + _residence(people, instance["_district"], districts, rng)


def _ages(people: int, now: dict, ages: pd.Series, rng) -> dict[str, int]:
    """Ages among those admitted, older people a little more than their share; some do not state theirs."""
    first = 0 if pd.isna(now["min_age"]) else now["min_age"]
    last = 200 if pd.isna(now["max_age"]) else now["max_age"]
    admitted = [band for band in AGE_BANDS if first <= int(band.rstrip("+").split("-")[0]) <= last]
    tilt = np.array([1 + 0.12 * (AGE_BANDS.index(band) - 4) for band in admitted])
    shares = ages.reindex(admitted).to_numpy(dtype=float) * tilt
    stated = people - int(rng.binomial(people, 0.04))
    return {**_split(stated, admitted, shares / shares.sum(), rng), "not_stated": people - stated}


def _kinds(people: int, now: dict, rng) -> dict[str, int]:
    """Kinds of participants that agree with the sectors present; none where sectors do not apply."""
    if now["sectors_present"] == "NA":
        return {}
    sectors = now["sectors_present"].split(";")
    kinds = {KIND_OF_SECTOR[sector]: int(rng.integers(1, 4)) for sector in sectors if sector in KIND_OF_SECTOR}
    left = people - sum(kinds.values())
    neighbours = _split(left, ("deliberative_council_unaffiliated", "workshop_unaffiliated"), [0.7, 0.3], rng)
    return {**neighbours, **kinds}


def _residence(people: int, district: str, districts: pd.Series, rng) -> list[tuple]:
    """District of residence; a local instance draws on its own district, a wide one on the centre."""
    shares = districts.to_numpy(dtype=float) * np.array([1.5, 1.0, 1.1, 0.9, 0.8, 0.7])[: len(districts)]
    shares = shares / shares.sum()
    if district:
        shares = 0.15 * shares + 0.85 * (districts.index == district)
    unknown, outside = int(rng.binomial(people, 0.05)), int(rng.binomial(people, 0.01))
    inside = _split(people - unknown - outside, districts.index, shares, rng)
    rows = [("residence", "within_city", key, count) for key, count in inside.items()]
    return [*rows, ("residence", "outside_city", None, outside), ("residence", "not_stated", None, unknown)]


def _split(people: int, names, shares, rng) -> dict[str, int]:
    """People over names by a multinomial draw."""
    return dict(zip(names, map(int, rng.multinomial(max(people, 0), shares)), strict=True))


def build_checks(world: World) -> pd.DataFrame:
    """checks: answers to every item per instance and half-year; two coders on a tenth of the instances."""
    instances = world.instances()
    online = world["periods"].set_index(["instance_id", "period"])["channels_complete"].str.contains("online")
    practice = world["practice"]
    rows = []
    for (key, year), halves in practice.groupby([practice["instance_id"], _years(practice)], sort=False):
        rng = world.stream(f"checks {key} {year}")
        now = {**halves.iloc[0].to_dict(), "online": bool(online[key, halves["period"].iloc[0]])}
        instance = instances[key]
        proof = world.cite(
            "web", f"Página de {instance['name']} ({year})", pd.Timestamp(f"{year}-03-01").date(), f"instances:{key}"
        )
        found = _answers(instance, now, rng)
        for half in halves["period"]:
            rows += _coded(key, half, instance, found, proof, rng)
    return pd.DataFrame(rows)


def _answers(instance: dict, now: dict, rng) -> dict[str, tuple[str, float]]:
    """Answer of each item, and for a rule whether it was public early (days before the start)."""
    if instance["instance_type"] == "tool":
        return _digital(now, rng)
    answers = {item: _rule(now["rule"], rng) for item in RULES}
    third = now["guarantee"]
    chance = {"yes": 0.6 * third, "partly": 0.4}
    answers["neutral_facilitation"] = (_graded(chance, rng), np.nan)
    answers["evaluation_published"] = (_graded({"yes": 0.5 * third, "partly": 0.3}, rng), np.nan)
    for item in ("steering_non_government", "guarantee_body"):
        answers[item] = (_graded({"yes": third}, rng), np.nan)
    answers["participants_survey"] = ("yes" if instance["_responses"] else "no", np.nan)
    answers |= {f"effort_{group}": (_graded({"yes": now["effort"]}, rng), np.nan) for group in GROUPS}
    answers |= _digital(now, rng)
    good = {"yes": now["rule"], "partly": (1 - now["rule"]) / 2}
    return answers | {item: (_graded(good, rng), np.nan) for item in OTHER_STANDARDS}


def _rule(chance: float, rng) -> tuple[str, float]:
    """A rule is public early, public late, or not public."""
    if rng.random() < chance:
        return "yes", float(rng.integers(5, 60))
    return ("yes", -float(rng.integers(3, 30))) if rng.random() < 0.3 else ("no", np.nan)


def _digital(now: dict, rng) -> dict[str, tuple[str, float]]:
    answers = {item: (_graded({"yes": now["plain"] * 0.8, "partly": 0.2}, rng), np.nan) for item in LANGUAGE}
    for item in DIGITAL:
        given = _graded({"yes": now["plain"], "partly": 0.25 if item == "digital_accessibility" else 0}, rng)
        answers[item] = (given if now["online"] else "NA", np.nan)
    return answers


def _graded(chance: dict[str, float], rng) -> str:
    """One of the named answers by its probability, else no."""
    draw, edge = rng.random(), 0.0
    for answer, share in chance.items():
        edge += min(share, 1 - edge)
        if draw < edge:
            return answer
    return "no"


def _coded(key: str, half: str, instance: dict, found: dict, proof: str, rng) -> list[dict]:
    """Rows of one half-year; the start beside which a rule is early is that of the year for a permanent body."""
    last = half_dates(half)[1]
    start = half_dates(half[:4])[0] if instance["recurrence"] == "permanent" else instance["start_date"]
    rows = [
        {
            "instance_id": key,
            "period": half,
            "item": item,
            "answer": answer,
            "public_since": start - pd.Timedelta(days=days) if pd.notna(days) else pd.NaT,
            "checked_on": last - pd.Timedelta(days=10),
            "evidence_id": proof if answer in ("yes", "partly") else None,
            "coder": "A",
        }
        for item, (answer, days) in found.items()
    ]
    twice = sum(map(ord, key)) % 10 == 0
    return rows + [{**row, "coder": "B"} for row in rows if twice and row["item"] in (*RULES, *GUARANTEES)]
