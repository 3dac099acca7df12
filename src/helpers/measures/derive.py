"""Fields that follow from others, each derived in one place: deadlines, notice, local times, families, presence.

`prepare` gives the tables as the filters of the method see them in one period. Every row of a fact table carries
`row_id`, `instance_id` and `units` (the districts that it belongs to, ";"-joined).
"""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

import numpy as np
import pandas as pd

from helpers.config import Period
from helpers.config.method import Method
from helpers.measures.instances import Known, instance_frame, once
from helpers.measures.links import found_dead
from helpers.measures.periods import rows_of_period
from helpers.measures.places import Places

Tables = Mapping[str, pd.DataFrame]


class CitySettings(Protocol):
    """What the measures need to know of a city; `helpers.config.City` has it."""

    id: str
    time_zone: str
    projection: str
    working_hours: dict
    holidays: list[str]
    budgets: dict[int, float]
    sources: list


class Prepared(NamedTuple):
    """The tables of one period with their derived fields, and where everything lies."""

    tables: dict[str, pd.DataFrame]
    instances: pd.DataFrame
    """The table of instances by id."""
    places: Places
    raw: Tables
    method: Method
    period: Period
    city: CitySettings


def prepare(raw: Tables, method: Method, city: CitySettings, period: Period, known: Known | None = None) -> Prepared:
    """Tables with derived fields for one period; a table that is missing stays missing.

    known: what earlier calls for the same registry, city and period left, so that a method pays only for what it
    changes; the outcome is the same without it.
    """
    known = {} if known is None else known
    places = once(known, "places", lambda: Places.read(raw, city, period))
    instances = instance_frame(raw, method, period, places, known)
    by_id = instances.set_index("instance_id")
    settings = method.model_dump_json(include={"deadlines", "thresholds"})  # all that deriving takes from a method
    tables = {"instances": instances}
    for name, derive in _DERIVED.items():
        if name in raw and len(raw[name]):

            def derived(name=name, derive=derive) -> pd.DataFrame:
                return _attached(derive(raw[name], raw, method, city, period), name, by_id["units"], places)

            tables[name] = once(known, (name, settings), derived)
    return Prepared(tables, by_id, places, raw, method, period, city)


def column(frame: pd.DataFrame, name: str, dtype: str = "str") -> pd.Series:
    """The column, or one without values where the table has none of that name."""
    return frame[name] if name in frame else pd.Series(pd.NA, index=frame.index, dtype=dtype)


def dates(frame: pd.DataFrame, name: str, zone: str | None = None) -> pd.Series:
    """A date column as naive days, in the city's time zone where it holds moments."""
    found = column(frame, name, "datetime64[s]")
    if isinstance(found.dtype, pd.DatetimeTZDtype):
        found = found.dt.tz_convert(zone or "UTC").dt.tz_localize(None)
    return found.astype("datetime64[s]").dt.normalize()


def days_between(start: pd.Series, end: pd.Series) -> pd.Series:
    """Whole days from start to end, missing where either is."""
    return (end - start).dt.days.astype("Float64")


def shifted(start: pd.Series, days: pd.Series | int) -> pd.Series:
    """Dates moved by a number of days."""
    return start + pd.to_timedelta(days, unit="D")


def events(frame: pd.DataFrame, raw: Tables, method: Method, city: CitySettings, period: Period) -> pd.DataFrame:
    """Events with local day and hour, notice, term and link of the minutes, and what is known of their venue."""
    zone = city.time_zone
    frame = _with_venue(frame, raw)
    starts = frame["starts_at"].dt.tz_convert(zone)
    day = starts.dt.tz_localize(None).dt.normalize()
    due = shifted(dates(frame, "ends_at", zone).fillna(day), method.deadlines.minutes_days)
    return frame.assign(
        held_on=day,
        notice_days=days_between(dates(frame, "announced_at", zone), day),
        outside_working_hours=outside_working_hours(starts, city),
        minutes_due=due,
        minutes_dead=found_dead(
            column(frame, "minutes_url"), raw.get("evidence"), period, method.deadlines.minutes_days
        ),
    )


def outside_working_hours(starts: pd.Series, city: CitySettings) -> pd.Series:
    """Whether a local time lies on a weekend or holiday, or at or after the end of the working day (default 18:00)."""
    hours = city.working_hours or {}
    first, last = _hour(hours.get("starts", "00:00")), _hour(hours.get("ends", "18:00"))
    working_days = set(hours.get("days", range(1, 6)))
    hour = starts.dt.hour + starts.dt.minute / 60
    day = starts.dt.tz_localize(None).dt.normalize()
    holiday = day.isin(pd.to_datetime(list(city.holidays)))
    outside = ~(starts.dt.day_of_week + 1).isin(working_days) | holiday | (hour >= last) | (hour < first)
    return outside.astype("boolean").mask(starts.isna())


def proposals(frame: pd.DataFrame, raw: Tables, method: Method, city: CitySettings, period: Period) -> pd.DataFrame:
    """Proposals with the day their answer is due (the clock starts when the phase closes) and the days it took."""
    submitted = dates(frame, "submitted_at", city.time_zone)
    start = dates(frame, "phase_closes_on", city.time_zone).fillna(submitted)
    allowed = column(frame, "answer_deadline_days", "Int64").astype("Float64").fillna(method.deadlines.answer_days)
    answered = dates(frame, "answer_at", city.time_zone)
    return frame.assign(
        submitted_on=submitted,
        answered_on=answered,
        answer_due=shifted(start, allowed.astype(float)),
        days_to_answer=days_between(start, answered),
    )


def outputs(frame: pd.DataFrame, raw: Tables, method: Method, city: CitySettings, period: Period) -> pd.DataFrame:
    """Outputs with their first agreed date, and by how many years they are late at the end of the period."""
    due = dates(frame, "first_due_date").fillna(dates(frame, "due_date"))
    delivered = dates(frame, "delivered_at")
    end = pd.Series(pd.Timestamp(period.end), index=frame.index)
    open_at_end = delivered.isna() | (delivered > end)
    late = (days_between(due, end) / 365.25).where(open_at_end & (due <= end))
    return frame.assign(due_on=due, delivered_on=delivered, years_overdue=late)


def participation_counts(
    frame: pd.DataFrame, raw: Tables, method: Method, city: CitySettings, period: Period
) -> pd.DataFrame:
    """Preferred counts of the period, and where the persons counted live.

    Counts of a half-year make up the year where the year has none of its own. Where a dimension is counted for the
    instance and for its districts beside each other, the districts are left out.
    """
    if "preferred" in frame:
        frame = frame[frame["preferred"].fillna(True).astype(bool)]
    frame = rows_of_period(frame, period, by=["instance_id", "dimension"])
    place = column(frame, "territory_id")
    whole = place.isna() & ~frame["dimension"].isin(PLACED)
    beside = whole.groupby([frame["instance_id"], frame["dimension"]]).transform("any") & ~whole
    frame = frame[~(beside & ~frame["dimension"].isin(PLACED))]
    home = Places.read(raw, city, period).units_of(column(frame, "territory_id"))
    return frame.assign(residence=home.where(home != "", frame["category"]))


PLACED = ("residence", "place")
"""Dimensions whose category is a territory."""


def survey_responses(
    frame: pd.DataFrame, raw: Tables, method: Method, city: CitySettings, period: Period
) -> pd.DataFrame:
    """Responses with their day and whether their wave can speak for those who took part.

    A response without a day counts on the last day of the period that it was filed under.
    A wave is indicative with an open link, with less than the least response rate, or with an unknown one: an
    empty number of invited people does not make a survey representative.
    """
    responded = dates(frame, "responded_at", city.time_zone).fillna(_last_day(frame))
    waves = raw.get("survey_waves")
    if waves is None or not len(waves):
        unknown = pd.Series(pd.NA, index=frame.index, dtype="Float64")
        return frame.assign(responded_on=responded, response_rate=unknown, indicative=True, finite_factor=1.0)
    rate = column(waves, "completed", "Int64").astype("Float64") / column(waves, "population_invited", "Int64")
    open_link = (column(waves, "sampling") == "open_link").fillna(True)
    indicative = open_link | (rate < method.thresholds.min_response).fillna(True)
    facts = pd.DataFrame({"wave_id": waves["wave_id"], "response_rate": rate, "indicative": indicative.astype(bool)})
    joined = frame.merge(facts.drop_duplicates("wave_id"), on="wave_id", how="left").set_index(frame.index)
    return joined.assign(
        responded_on=responded,
        indicative=joined["indicative"].astype("boolean").fillna(True),
        finite_factor=finite_factor(joined["response_rate"], method.thresholds.fpc_from_response),
    )


def _last_day(frame: pd.DataFrame) -> pd.Series:
    """Last day of the period of each row, missing where it has none."""
    labels = column(frame, "period")
    ends = {label: pd.Timestamp(Period.parse(label).end) for label in labels.dropna().unique()}
    return pd.to_datetime(labels.map(ends))


def finite_factor(rate: pd.Series, least: float) -> np.ndarray:
    """sqrt(1 - n/N) where nearly everyone answered, else 1: below that, silence is not known to be at random."""
    share = np.clip(as_array(rate), 0, 1)
    return np.where(share >= least, np.sqrt(1 - share), 1.0)


def service_requests(
    frame: pd.DataFrame, raw: Tables, method: Method, city: CitySettings, period: Period
) -> pd.DataFrame:
    """Requests with the day their answer is due by law and the days it took."""
    received = dates(frame, "received_at", city.time_zone)
    answered = dates(frame, "answered_at", city.time_zone)
    allowed = column(frame, "legal_deadline_days", "Int64").astype("Float64")
    return frame.assign(
        received_on=received,
        answered_on=answered,
        answer_due=shifted(received, allowed.astype(float)),
        days_to_answer=days_between(received, answered),
    )


def instance_periods(
    frame: pd.DataFrame, raw: Tables, method: Method, city: CitySettings, period: Period
) -> pd.DataFrame:
    """Figures of instances in the period."""
    return rows_of_period(frame, period, by=["instance_id"])


def unchanged(frame: pd.DataFrame, raw: Tables, method: Method, city: CitySettings, period: Period) -> pd.DataFrame:
    """Tables whose rows need nothing derived."""
    return frame


_DERIVED = {
    "events": events,
    "proposals": proposals,
    "outputs": outputs,
    "participation_counts": participation_counts,
    "instance_periods": instance_periods,
    "survey_responses": survey_responses,
    "service_requests": service_requests,
    "survey_waves": unchanged,
    "instance_actors": unchanged,
    "campaigns": unchanged,
}

DERIVED_FIELDS: dict[str, dict[str, str]] = {
    "instances": {
        "family": "id",
        "units": "list",
        "permanent": "boolean",
        "starts_on": "date",
        "ends_on": "date",
        "final_document_due": "date",
        "final_document_dead": "boolean",
        "persons": "decimal",
    },
    "events": {
        "held_on": "date",
        "notice_days": "decimal",
        "outside_working_hours": "boolean",
        "minutes_due": "date",
        "minutes_dead": "boolean",
        "step_free": "boolean",
        "accessible_toilet": "boolean",
        "hearing_support": "boolean",
    },
    "proposals": {
        "submitted_on": "date",
        "answered_on": "date",
        "answer_due": "date",
        "days_to_answer": "decimal",
    },
    "outputs": {"due_on": "date", "delivered_on": "date", "years_overdue": "decimal"},
    "participation_counts": {"residence": "category"},
    "survey_responses": {"responded_on": "date", "response_rate": "decimal", "indicative": "boolean"},
    "service_requests": {
        "received_on": "date",
        "answered_on": "date",
        "answer_due": "date",
        "days_to_answer": "decimal",
    },
}
"""Derived fields by table, with the types that filters check them by."""

_VENUE_FIELDS = ("step_free", "accessible_toilet", "hearing_support", "latitude", "longitude", "territory_id")


def _with_venue(frame: pd.DataFrame, raw: Tables) -> pd.DataFrame:
    """What an event does not say itself is taken from its venue."""
    venues = raw.get("venues")
    names = [name for name in _VENUE_FIELDS if name in frame or (venues is not None and name in venues)]
    if venues is None or not len(venues) or "venue_id" not in frame:
        return frame.assign(**{name: column(frame, name) for name in _VENUE_FIELDS})
    known = venues.drop_duplicates("venue_id").set_index("venue_id")
    filled = {}
    for name in names:
        of_venue = frame["venue_id"].map(known[name]) if name in known else None
        own = frame.get(name)
        filled[name] = of_venue if own is None else own if of_venue is None else own.fillna(of_venue)
    return frame.assign(**filled)


def _attached(frame: pd.DataFrame, table: str, units: pd.Series, places: Places) -> pd.DataFrame:
    """The rows with their id, their instance and the districts they belong to."""
    rows = pd.Series([f"{table}-{place + 1}" for place in frame.index], dtype="str")  # of the clean table
    frame = frame.reset_index(drop=True)
    row_id = frame.get(_KEYS.get(table), rows)
    if "instance_id" not in frame:
        frame = frame.assign(instance_id=pd.Series(pd.NA, index=frame.index, dtype="str"))
    of_instance = frame["instance_id"].map(units).astype("str").fillna("")
    if "territory_id" in frame and table in _OWN_PLACE:
        own = places.units_of(frame["territory_id"])
        # An instance of a single district settles where its rows belong; a wider one does not.
        of_instance = own.where(own != "", of_instance.where(~of_instance.str.contains(";"), ""))
    return frame.assign(row_id=row_id.astype("str"), units=of_instance)


_KEYS = {
    "events": "event_id",
    "proposals": "proposal_id",
    "outputs": "result_id",
    "survey_responses": "response_id",
    "service_requests": "request_id",
    "survey_waves": "wave_id",
}
_OWN_PLACE = ("events", "proposals", "outputs", "service_requests")


def _hour(text: object) -> float:
    hours, _, minutes = str(text).partition(":")
    return int(hours) + (int(minutes) if minutes else 0) / 60


def as_array(values: pd.Series) -> np.ndarray:
    """Numbers as floats with NaN for missing."""
    return values.to_numpy(dtype=float, na_value=np.nan)
