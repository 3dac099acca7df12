"""What happens in the instances: meetings, proposals and their answers, outputs and their delivery."""

import numpy as np
import pandas as pd

from helpers.simulation import words
from helpers.simulation.instances import active_halves
from helpers.simulation.latent import HOLIDAYS, KNOWN_UNTIL, PREFIX, WORKING_DAY_ENDS, World, clip, half_dates

MINUTES_DAYS = 30
ANSWER_DAYS = 60
FINAL_DOCUMENT_DAYS = 60


def practice(world: World, instance: dict, year: int) -> dict[str, float]:
    """How an instance works in a year: the probabilities and means that everything else is drawn from.

    Practice improves with the years, differs between districts and follows the care of the instance.
    """
    gone, care = world.progress(year), instance["_care"]
    district = sum(map(ord, instance["_district"])) % 7 / 7 - 0.5 if instance["_district"] else 0.0
    lift = 0.25 * gone + care + 0.10 * district
    return {
        "reasoned": clip(0.42 + lift),
        "delivered": clip(0.38 + lift),
        "evidence": clip(0.90 + care),
        "rule": clip(0.52 + lift),
        "minutes": clip(0.45 + lift),
        "final_document": clip(0.50 + lift),
        "guarantee": clip(0.40 + lift),
        "effort": clip(0.32 + lift),
        "plain": clip(0.35 + lift),
        "outside_hours": clip(0.45 + 0.15 * gone + care),
        "childcare": clip(0.18 + 0.25 * gone + care),
        "conciliation": clip(0.25 + 0.25 * gone + care),
        "second_channel": clip(0.35 + 0.30 * gone + care),
        "notice_days": 6.0 + 5.0 * gone + 20 * care,
        "women": clip(0.58 - 0.04 * gone + 0.3 * care, 0.3, 0.75),
        "satisfaction": 3.1 + 0.45 * gone + 2.0 * care + 0.5 * district,
    }


def build_practice(world: World) -> pd.DataFrame:
    """One row per instance and half-year in which it was active, with the parameters of its practice."""
    rows = [
        {"instance_id": row["instance_id"], "period": half, **practice(world, row, int(half[:4]))}
        for row in world["instances"].to_dict("records")
        if row["_leaf"]
        for half in active_halves(row, world)
    ]
    return pd.DataFrame(rows)


def build_events(world: World) -> pd.DataFrame:
    """Meetings of all instances, in local time."""
    rng = world.stream("events")
    instances = world.instances()
    venues = world["venues"].to_dict("records")
    rows = []
    for now in world["practice"].to_dict("records"):
        instance = instances[now["instance_id"]]
        first, last = _span(instance, now["period"])
        for number in range(int(instance["_meetings"])):
            rows.append(_event(now, instance, first, last, number, venues, rng))
    frame = pd.DataFrame(rows).sort_values(["starts_at", "instance_id"], kind="stable", ignore_index=True)
    return frame.assign(event_id=[f"{PREFIX}-reu-{number:05d}" for number in range(1, len(frame) + 1)])


def _span(instance: dict, period: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Days of a half-year in which the instance is at work; one that was cancelled stops after a month."""
    first, last = half_dates(period)
    if pd.notna(instance["end_date"]):
        first = max(first, instance["start_date"])
        last = min(last, instance["end_date"])
    if instance["status"] in ("cancelled", "suspended"):
        last = min(last, first + pd.Timedelta(days=35))
    return first, last


def _event(now: dict, instance: dict, first, last, number: int, venues: list[dict], rng) -> dict:
    days = max((last - first).days, 1)
    share = (number + rng.uniform(0.05, 0.95)) / max(int(instance["_meetings"]), 1)
    day = first + pd.Timedelta(days=int(days * share))
    mode = str(rng.choice(["in_person", "hybrid", "online", "async"], p=[0.68, 0.16, 0.12, 0.04]))
    late = rng.random() < now["outside_hours"]
    hour = int(rng.integers(WORKING_DAY_ENDS, 21)) if late else int(rng.integers(9, WORKING_DAY_ENDS))
    starts = day + pd.Timedelta(hours=hour, minutes=int(rng.choice([0, 30])))
    venue = _venue(instance["_district"], venues, rng) if mode in ("in_person", "hybrid") else None
    notice = int(max(round(rng.normal(now["notice_days"], 3.0)), 0))
    attendance = int(max(3, rng.poisson(min(instance["_people"] * 0.4, 60))))
    in_time = rng.random() < now["minutes"]
    published = day + pd.Timedelta(days=int(rng.integers(2, 29) if in_time else rng.integers(40, 120)))
    return {
        "instance_id": now["instance_id"],
        "title": f"Reunión {number + 1} de {instance['name']}",
        "starts_at": starts,
        "ends_at": starts + pd.Timedelta(minutes=120),
        "announced_at": day - pd.Timedelta(days=notice),
        "mode": mode,
        "venue_id": venue["venue_id"] if venue else None,
        "territory_id": venue["territory_id"] if venue else None,
        "childcare": bool(rng.random() < now["childcare"]),
        "attendance": attendance,
        "count_quality": "actual",
        "minutes_url": f"https://ciudad-modelo.example.org/actas/{now['instance_id']}" if in_time else None,
        "minutes_published_at": published if in_time or rng.random() < 0.5 else pd.NaT,
        "public": True,
        "_district": venue["_district"] if venue else instance["_district"],
        "_outside_hours": outside_hours(starts),
        "_x": venue["_x"] if venue else np.nan,
        "_y": venue["_y"] if venue else np.nan,
    }


def outside_hours(starts: pd.Timestamp) -> bool:
    """Weekend, holiday, or from the end of the working day on."""
    return starts.day_of_week >= 5 or starts.strftime("%m-%d") in HOLIDAYS or starts.hour >= WORKING_DAY_ENDS


def _venue(district: str, venues: list[dict], rng) -> dict:
    near = [venue for venue in venues if venue["_district"] == district] or venues
    return near[int(rng.integers(len(near)))]


def build_proposals(world: World) -> pd.DataFrame:
    """Proposals with their answers; where the phase closes, the clock starts there."""
    rng = world.stream("proposals")
    instances = world.instances()
    areas = world.territories("neighbourhood").to_dict("records")
    weights = np.array([area["_population"] for area in areas], dtype=float)
    rows = []
    for now in world["practice"].to_dict("records"):
        instance = instances[now["instance_id"]]
        first, last = _span(instance, now["period"])
        if pd.notna(instance["_closes"]):
            last = min(last, instance["_closes"])
        if not instance["_proposals"] or last <= first:
            continue
        count = max(1, round(instance["_proposals"] * world.size.proposals))
        local = [area for area in areas if area["_district"] == instance["_district"]]
        for _ in range(count):
            where = (
                local[int(rng.integers(len(local)))]
                if local
                else areas[int(rng.choice(len(areas), p=weights / weights.sum()))]
            )
            rows.append(_proposal(now, instance, where, first, last, rng))
    frame = pd.DataFrame(rows).sort_values(["submitted_at", "instance_id"], kind="stable", ignore_index=True)
    return frame.assign(proposal_id=[f"{PREFIX}-prop-{number:05d}" for number in range(1, len(frame) + 1)])


def _proposal(now: dict, instance: dict, where: dict, first, last, rng) -> dict:
    theme = str(rng.choice(words.THEMES))
    submitted = first + pd.Timedelta(days=int(rng.integers((last - first).days + 1)))
    closes = instance["_closes"]
    starts = closes if pd.notna(closes) else submitted
    answer = _answer(now, starts, rng)
    if instance["status"] in ("cancelled", "suspended"):
        answer = {**_NO_ANSWER, "_reasoned": False}
    voted = instance["method_oecd"] == "participatory_budgeting"
    accepted = str(answer["answer_type"]).startswith("accepted")
    return {
        "instance_id": now["instance_id"],
        "title": str(rng.choice(words.PROPOSALS[theme])).format(place=where["name"]),
        "submitted_at": submitted,
        "phase_closes_on": closes,
        "answer_deadline_days": ANSWER_DAYS,
        "channel": str(rng.choice(["in_person", "online", "paper"], p=[0.5, 0.4, 0.1])),
        "territory_id": where["territory_id"],
        "theme": theme,
        "cost": int(rng.integers(5, 400)) * 10_000,
        "currency": "ARS",
        "supports": int(rng.poisson(18)),
        "evaluated": answer["answer_type"] != "none",
        "feasible": accepted,
        **{key: value for key, value in answer.items() if not key.startswith("_")},
        "votes": int(rng.poisson(60)) if voted and accepted else None,
        "winner": bool(voted and accepted and rng.random() < 0.15),
        "_district": where["_district"],
        "_answer_due": starts + pd.Timedelta(days=ANSWER_DAYS),
        "_reasoned": answer["_reasoned"],
        "_parameter": now["reasoned"],
    }


_NO_ANSWER = {"answer_at": pd.NaT, "answer_type": "none", "reasons_given": None}


def _answer(now: dict, starts: pd.Timestamp, rng) -> dict:
    """An answer: reasoned in time with the probability of the instance, else late, without reasons or none."""
    if rng.random() < 0.04:
        kind = str(rng.choice(["withdrawn", "merged"]))
        return {"answer_at": pd.NaT, "answer_type": kind, "reasons_given": None, "_reasoned": None}
    if rng.random() < now["reasoned"]:
        kind = str(rng.choice(["accepted", "accepted_modified", "rejected_reasoned"], p=[0.35, 0.2, 0.45]))
        delay, reasons, good = int(rng.integers(5, ANSWER_DAYS + 1)), True, True
    else:
        kind = str(rng.choice(["none", "rejected_unreasoned", "accepted", "late"], p=[0.45, 0.2, 0.15, 0.2]))
        delay = int(rng.integers(5, ANSWER_DAYS)) if kind != "late" else int(rng.integers(ANSWER_DAYS + 1, 150))
        reasons, good = kind == "late", False
        kind = "rejected_reasoned" if kind == "late" else kind
    answered = starts + pd.Timedelta(days=delay)
    if kind == "none" or answered > KNOWN_UNTIL:
        return {**_NO_ANSWER, "_reasoned": good and answered > KNOWN_UNTIL}
    return {"answer_at": answered, "answer_type": kind, "reasons_given": reasons, "_reasoned": good}


def build_outputs(world: World) -> pd.DataFrame:
    """Outputs agreed from accepted proposals, due after nine to fifteen months, delivered or not."""
    rng = world.stream("outputs")
    proposals = world["proposals"]
    voted = proposals["instance_id"].str.contains("-pp")
    agreed = proposals[
        (voted & proposals["winner"]) | (~voted & proposals["feasible"] & (rng.random(len(proposals)) < 0.45))
    ]
    known = {row["instance_id"]: row for row in world["practice"].to_dict("records")}
    sown = [*agreed.to_dict("records"), *_earlier(world, rng)]
    frame = pd.DataFrame([_output(row, number, known, world, rng) for number, row in enumerate(sown, start=1)])
    linked = dict(zip(agreed["proposal_id"], frame["result_id"].head(len(agreed)), strict=True))
    world.tables["proposals"] = proposals.assign(linked_result_id=proposals["proposal_id"].map(linked))
    return frame


def _earlier(world: World, rng) -> list[dict]:
    """What the councils and tables had agreed in the year before the first one, so that it falls due in it."""
    first = world.size.years[0]
    standing = [
        row for row in world.instances().values() if row["_leaf"] and row["_district"] and pd.isna(row["end_date"])
    ]
    return [
        {
            "instance_id": row["instance_id"],
            "title": f"Acuerdo {number} de {row['name']} ({first - 1})",
            "theme": row["theme_primary"],
            "territory_id": row["_district"],
            "answer_at": pd.Timestamp(f"{first - 1}-03-01") + pd.Timedelta(days=int(rng.integers(0, 200))),
            "cost": int(rng.integers(5, 400)) * 10_000,
            "_district": row["_district"],
        }
        for row in standing
        for number in (1, 2, 3)
    ]


def _output(row: dict, number: int, known: dict[str, dict], world: World, rng) -> dict:
    key = f"{PREFIX}-res-{number:04d}"
    now = known[row["instance_id"]]
    agreed = (row["answer_at"] if pd.notna(row["answer_at"]) else row["submitted_at"]) + pd.Timedelta(days=30)
    due = agreed + pd.Timedelta(days=int(rng.integers(270, 450)))
    in_time = rng.random() < now["delivered"]
    late = rng.random() < 0.5
    delivered = (
        due - pd.Timedelta(days=int(rng.integers(0, 80)))
        if in_time
        else due + pd.Timedelta(days=int(rng.integers(200, 500)))
    )
    delivered = delivered if (in_time or late) and delivered <= KNOWN_UNTIL else pd.NaT
    proven = pd.notna(delivered) and rng.random() < now["evidence"]
    evidence = (
        world.cite("document", f"Acta de entrega de {row['title']}", delivered.date(), f"outputs:{key}")
        if proven
        else None
    )
    moved = pd.isna(delivered) and rng.random() < 0.4
    return {
        "result_id": key,
        "instance_id": row["instance_id"],
        "title": row["title"],
        "theme": row["theme"],
        "territory_id": row["territory_id"],
        "agreed_at": agreed,
        "first_due_date": due,
        "due_date": due + pd.Timedelta(days=180) if moved else due,
        "progress_pct": 100 if pd.notna(delivered) else int(rng.integers(0, 9)) * 10,
        "delivered_at": delivered,
        "cost_planned": row["cost"],
        "cost_executed": round(row["cost"] * rng.uniform(0.8, 1.4)) if pd.notna(delivered) else None,
        "currency": "ARS",
        "unplanned": False,
        "evidence_id": evidence,
        "status": "finished" if pd.notna(delivered) else str(rng.choice(["not_started", "in_progress", "stuck"])),
        "_district": row["_district"],
        "_parameter": now["delivered"] * now["evidence"],
    }


def add_final_documents(world: World) -> pd.DataFrame:
    """The instances with the day on which their final document became public, if it did."""
    rng = world.stream("documents")
    known = world["practice"].drop_duplicates("instance_id", keep="last").set_index("instance_id")["final_document"]
    frame = world["instances"]
    chance = frame["instance_id"].map(known).fillna(0.5).to_numpy()
    in_time = rng.random(len(frame)) < chance
    delay = np.where(in_time, rng.integers(5, FINAL_DOCUMENT_DAYS + 1, len(frame)), rng.integers(80, 200, len(frame)))
    published = frame["end_date"] + pd.to_timedelta(delay, unit="D")
    never = ~in_time & (rng.random(len(frame)) < 0.5)
    published = published.mask(never | frame["status"].isin(["cancelled", "suspended"]) | (published > KNOWN_UNTIL))
    return frame.assign(
        final_document_published_at=published,
        final_document_approved=published.notna().where(frame["end_date"].notna()),
        final_document_url=published.notna().map({True: "https://ciudad-modelo.example.org/documentos", False: None}),
    )
