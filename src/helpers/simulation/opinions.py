"""What people say: satisfaction surveys, requests to the municipality, campaigns that invite them."""

from statistics import NormalDist

import numpy as np
import pandas as pd

from helpers.simulation import words
from helpers.simulation.latent import PREFIX, World

ITEMS = {"s_overall": 0.0, "s_influence": -0.45, "s_respect": 0.35, "s_information": -0.1, "s_return": 0.2}
"""Items of the questionnaire and how far their mean lies from that of the overall satisfaction."""

CUTS = np.array([1.5, 2.5, 3.5, 4.5])
"""Where a feeling on a scale around 3 turns into one of the answers 1 to 5; its standard deviation is 1."""

SHARED = 0.6
"""Part of the standard deviation that the items of a person share."""

ADULT_BANDS = ("16-17", "18-29", "30-44", "45-59", "60-74", "75+")
REQUEST_KINDS = ("information", "complaint", "suggestion", "claim", "congratulation")
BARRIERS = ("time", "distance", "information", "digital", "care", "language", "disability", "trust")
INCENTIVES = ("closer_venue", "better_hours", "childcare", "clear_information", "see_results", "online_option")


def answer_shares(mean: float) -> np.ndarray:
    """Probabilities of the answers 1 to 5 where the feeling is normal around `mean` with standard deviation 1."""
    below = [NormalDist(mean).cdf(cut) for cut in CUTS]
    return np.diff([0.0, *below, 1.0])


def build_waves(world: World) -> pd.DataFrame:
    """One wave a year among all who took part, and one by open link, which is indicative only."""
    rows = []
    for year in world.size.years:
        asked = world["responses"]
        for kind, name in (
            ("census_of_attendees", "Encuesta a participantes"),
            ("open_link", "Consulta por enlace abierto"),
        ):
            key = _wave_id(year, kind)
            completed = int((asked["wave_id"] == key).sum())
            rows.append(
                {
                    "wave_id": key,
                    "name": f"{name} {year}",
                    "period": f"{year}-S2",
                    "starts_on": pd.Timestamp(f"{year}-11-01"),
                    "ends_on": pd.Timestamp(f"{year}-11-30"),
                    "sampling": kind,
                    "population_invited": round(completed / 0.36) if kind == "census_of_attendees" else None,
                    "completed": completed,
                    "questionnaire_version": "1.0",
                    "instrument_url": "https://ciudad-modelo.example.org/cuestionario",
                }
            )
    return pd.DataFrame(rows)


def _wave_id(year: int, kind: str) -> str:
    return f"{PREFIX}-enc-{year}" + ("" if kind == "census_of_attendees" else "-abierta")


def build_responses(world: World) -> pd.DataFrame:
    """Questionnaires of every year; `_mean_<item>` is the mean feeling that the instance arouses."""
    frames = []
    instances = world.instances()
    for year in world.size.years:
        now = world["practice"][world["practice"]["period"].str.startswith(str(year))]
        now = now.drop_duplicates("instance_id", keep="last")
        for key, mean in zip(now["instance_id"], now["satisfaction"], strict=True):
            instance = instances[key]
            count = round(instance["_responses"] * world.size.responses)
            if count and instance["status"] in ("finished", "running"):
                rng = world.stream(f"responses {key} {year}")
                frames.append(_answers(world, year, key, instance["_district"], float(mean), count, rng))
        rng = world.stream(f"open link {year}")
        open_link = _answers(world, year, None, "", 2.6, max(round(40 * world.size.responses), 4), rng)
        frames.append(open_link.assign(wave_id=_wave_id(year, "open_link"), respondent_kind="service_user"))
    frame = pd.concat(frames, ignore_index=True)
    order = world.stream("response order").permutation(len(frame))
    frame = frame.iloc[order].reset_index(drop=True)
    return frame.assign(response_id=[f"{PREFIX}-r-{number:05d}" for number in range(1, len(frame) + 1)])


def _answers(world: World, year: int, key: str | None, district: str, mean: float, count: int, rng) -> pd.DataFrame:
    shared = rng.normal(0, SHARED, count)
    own = np.sqrt(1 - SHARED**2)
    items = {}
    for name, shift in ITEMS.items():
        items[name] = 1 + np.searchsorted(CUTS, mean + shift + shared + rng.normal(0, own, count))
        items[f"_mean_{name}"] = mean + shift
    districts = world.territories("district")["territory_id"].to_numpy(dtype="object")
    elsewhere = districts[rng.integers(len(districts), size=count)]
    home = np.where(rng.random(count) < 0.85, district, elsewhere) if district else elsewhere
    return pd.DataFrame(
        {
            "wave_id": _wave_id(year, "census_of_attendees"),
            "instance_id": key,
            "period": f"{year}-S2",
            "responded_at": pd.Timestamp(f"{year}-11-01") + pd.to_timedelta(rng.integers(0, 30, count), unit="D"),
            "mode": rng.choice(["paper", "online", "phone", "face"], count, p=[0.4, 0.4, 0.1, 0.1]),
            "respondent_kind": "participant",
            **items,
            "s_barriers": _some(BARRIERS, count, rng),
            "i_topics": _some(words.THEMES, count, rng),
            "i_incentives": _some(INCENTIVES, count, rng),
            "first_time": rng.random(count) < 0.35,
            "gender": rng.choice(["woman", "man", "other", "not_stated"], count, p=[0.55, 0.4, 0.01, 0.04]),
            "age_band": rng.choice(ADULT_BANDS, count, p=[0.03, 0.2, 0.27, 0.25, 0.18, 0.07]),
            "territory_id": home,
            "disability": rng.random(count) < 0.08,
            "nationality_group": rng.choice(["national", "foreign"], count, p=[0.95, 0.05]),
        }
    )  # fmt: skip


def _some(names: tuple[str, ...], count: int, rng) -> list[str]:
    """One or two of the names for each person."""
    first, second = rng.integers(len(names), size=count), rng.integers(len(names), size=count)
    return [names[a] if a == b else f"{names[a]};{names[b]}" for a, b in zip(first, second, strict=True)]


def build_requests(world: World) -> pd.DataFrame:
    """Requests of residents, most of them answered within the legal deadline."""
    rng = world.stream("requests")
    count = world.size.requests * len(world.size.years)
    years = np.repeat(world.size.years, world.size.requests)
    received = pd.to_datetime(pd.Series(years).astype(str) + "-01-01") + pd.to_timedelta(
        rng.integers(0, 365, count), unit="D"
    )
    days = pd.Series(rng.gamma(2.0, 8.0, count).astype(int))
    answered = (received + pd.to_timedelta(days, unit="D")).mask(rng.random(count) < 0.12)
    areas = world.territories("neighbourhood")["territory_id"].to_numpy()
    return pd.DataFrame(
        {
            "request_id": [f"{PREFIX}-147-{number:05d}" for number in range(1, count + 1)],
            "received_at": received,
            "channel": rng.choice(["in_person", "online", "phone"], count, p=[0.2, 0.4, 0.4]),
            "kind": rng.choice(REQUEST_KINDS, count, p=[0.2, 0.2, 0.1, 0.45, 0.05]),
            "theme": rng.choice(words.THEMES, count),
            "territory_id": rng.choice(areas, count),
            "unit": rng.choice(words.UNITS, count),
            "answered_at": answered,
            "closed_at": answered + pd.to_timedelta(rng.integers(0, 10, count), unit="D"),
            "legal_deadline_days": 20,
            "status": np.where(answered.isna(), "open", "closed"),
            "reopened": rng.random(count) < 0.05,
            "rating": pd.Series(rng.integers(1, 6, count)).where(rng.random(count) < 0.3).astype("Int64"),
        }
    )  # fmt: skip


def build_campaigns(world: World) -> pd.DataFrame:
    """Two campaigns a year for the participatory budget and its young edition."""
    rows = []
    for year in world.size.years:
        for number, (channel, audience) in enumerate(
            (("social_media", "Jóvenes"), ("contact_points", "Personas mayores"))
        ):
            rows.append(
                {
                    "campaign_id": f"{PREFIX}-camp-{year}-{number + 1}",
                    "name": f"Tu voz cuenta {year} ({audience.lower()})",
                    "instance_id": f"{PREFIX}-pp-{year}",
                    "channel": channel,
                    "audience": audience,
                    "territory_id": PREFIX,
                    "starts_on": pd.Timestamp(f"{year}-02-15"),
                    "ends_on": pd.Timestamp(f"{year}-03-31"),
                    "cost": 300_000 + 100_000 * number,
                    "currency": "ARS",
                    "message": "Contanos qué necesita tu barrio.",
                }
            )
    return pd.DataFrame(rows)
