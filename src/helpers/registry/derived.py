"""Fields that follow from others: computed where a source does not give them, never overwriting it."""

import pandas as pd

from helpers.config import City
from helpers.registry.folding import fold

EVENING_STARTS = 18
"""Hour from which an event is outside working hours, where city.yml says nothing else."""


def derive(tables: dict[str, pd.DataFrame], city: City) -> dict[str, pd.DataFrame]:
    """The tables with answer_due, days_to_answer, outside_working_hours and name_normalised filled."""
    changes = {
        "proposals": _answers,
        "events": lambda frame: _working_hours(frame, city),
        "actors": lambda frame: frame.assign(
            name_normalised=frame["name_normalised"].fillna(frame["name"].map(fold, na_action="ignore"))
        ),
    }
    return {name: changes[name](frame) if name in changes and len(frame) else frame for name, frame in tables.items()}


def _answers(proposals: pd.DataFrame) -> pd.DataFrame:
    """The clock starts when the phase closes, or at submission where phases are not known (section 0, R6)."""
    start = proposals["phase_closes_on"].fillna(proposals["submitted_at"])
    days = pd.to_timedelta(proposals["answer_deadline_days"].astype("Float64"), unit="D")
    taken = (proposals["answer_at"] - start).dt.days.astype("Int64")
    return proposals.assign(
        answer_due=proposals["answer_due"].fillna((start + days).astype("datetime64[s]")),
        days_to_answer=proposals["days_to_answer"].fillna(taken),
    )


def _working_hours(events: pd.DataFrame, city: City) -> pd.DataFrame:
    """Weekends, holidays, evenings, and whatever is done in one's own time (section 0, A3)."""
    local = events["starts_at"].dt.tz_convert(city.time_zone)
    start, end = _limits(city)
    hour = local.dt.hour + local.dt.minute / 60
    free_day = (local.dt.dayofweek >= 5) | local.dt.strftime("%Y-%m-%d").isin(city.holidays)
    outside = (free_day | (hour >= end) | (hour < start)).astype("boolean").mask(local.isna())
    outside = outside.mask((events["mode"] == "async").fillna(False).astype(bool), True)
    return events.assign(outside_working_hours=events["outside_working_hours"].fillna(outside))


def _limits(city: City) -> tuple[float, float]:
    """First and last hour of work; only the evening counts where city.yml gives no start."""
    return _hour(city.working_hours.get("start"), 0.0), _hour(city.working_hours.get("end"), float(EVENING_STARTS))


def _hour(text: object, usual: float) -> float:
    if text is None:
        return usual
    hour, _, minute = str(text).partition(":")
    return int(hour) + int(minute or 0) / 60
