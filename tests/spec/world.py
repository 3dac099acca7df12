"""Small worlds for readable tests: tables written as text, typed as the registry delivers them."""

from functools import cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd

from helpers.config import Period, load_dictionary, load_method
from helpers.config.method import method_with
from helpers.measures import measure

ROOT = Path(__file__).resolve().parents[2]
CITY = SimpleNamespace(
    id="town", time_zone="America/Argentina/Cordoba", projection="EPSG:32720", working_hours={}, holidays=[],
    budgets={2022: 1_000_000.0}, sources=[],
)  # fmt: skip
DTYPES = {"integer": "Int64", "year": "Int64", "decimal": "Float64", "boolean": "boolean"}
USUAL = {
    "instances": {
        "instance_type": "device", "promoter_type": "state", "verification_status": "documented",
        "recurrence": "annual", "territory_scope": "city", "method_oecd": "consultation",
    },
    "instance_periods": {"period": "2022", "active": "yes", "data_status": "final", "count_unit": "unique_persons"},
    "events": {"mode": "in_person", "public": "yes"},
    "participation_counts": {"period": "2022", "count_unit": "unique_persons", "preferred": "yes"},
    "checks": {"period": "2022", "answer": "yes", "checked_on": "2022-12-01"},
    "reference_population": {"census_year": "2022"},
    "territories": {"level": "district"},
    "survey_responses": {
        "responded_at": "2022-06-01", "respondent_kind": "participant", "wave_id": "w", "period": "2022",
    },
    "survey_waves": {"period": "2022"},
}  # fmt: skip


@cache
def dictionary():
    return load_dictionary(ROOT)


@cache
def method():
    return load_method(ROOT, "v1")


def changed(**changes):
    """The method with other values; "__" stands for a dot in the address."""
    return method_with(method(), {name.replace("__", "."): value for name, value in changes.items()})


def world(**tables: str | list[dict]) -> dict[str, pd.DataFrame]:
    """Typed tables from text: the first line names the fields, the others hold values; "-" is not collected and
    "NA" not applicable. Fields that are not named have their usual value, or none."""
    return {name: typed(name, rows(content)) for name, content in tables.items()}


def rows(content: str | list[dict]) -> list[dict]:
    if not isinstance(content, str):
        return content
    lines = [[cell.strip() for cell in line.split("|")] for line in content.strip().splitlines()]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def typed(table: str, records: list[dict]) -> pd.DataFrame:
    fields = dictionary().tables[table].fields
    full = [{**USUAL.get(table, {}), **record} for record in records]
    unknown = {name for record in full for name in record} - set(fields)
    assert not unknown, f"{table} has no field {unknown}"
    columns = {}
    for name, field in fields.items():
        values = [_cell(record.get(name)) for record in full]
        columns[name] = _column(values, field.type)
        if field.bound:
            bounds = ["exact" if value is not None else None for value in values]
            columns[f"{name}_bound"] = pd.Series(bounds, dtype="str")
    refused = [";".join(name for name, value in record.items() if value == "NA") for record in full]
    return pd.DataFrame({**columns, "not_applicable": pd.Series(refused, dtype="str")}, index=range(len(full)))


def _cell(value: object) -> str | None:
    return None if value in (None, "", "-", "NA") else str(value)


def _column(values: list[str | None], kind: str) -> pd.Series:
    if kind == "boolean":
        return pd.Series([None if value is None else value == "yes" for value in values], dtype="boolean")
    if kind in DTYPES:
        numbers = [pd.NA if value is None else float(value) for value in values]
        return pd.Series(numbers, dtype="Float64").astype(DTYPES[kind])
    if kind == "date":
        return pd.to_datetime(pd.Series(values, dtype="str")).astype("datetime64[s]")
    if kind == "datetime":
        moments = pd.to_datetime(pd.Series(values, dtype="str"), utc=True, format="ISO8601")
        return moments.astype("datetime64[s, UTC]")
    return pd.Series(values, dtype="str")


def instances(*names: str, **fields: str) -> str:
    """Active, documented instances of those names."""
    return [{"instance_id": name, **fields} for name in names]


def measured(tables, period="2022", how=None, city=CITY, seed=1):
    """Everything that the method measures in those tables."""
    how = how or changed(thresholds__draws=0)
    return measure(tables, how, Period.parse(period), city, np.random.default_rng(seed))


def row(tables, indicator, unit="town", level="city", form=None, **options):
    """The one row of values of an indicator, in its scored form."""
    how = options.get("how") or method()
    values = measured(tables, **options).values
    form = form or how.indicators[indicator].form
    found = values[
        (values["indicator"] == indicator)
        & (values["level"] == level)
        & (values["unit_id"] == unit)
        & (values["form"] == form)
    ]
    assert len(found) == 1, f"{len(found)} rows"
    return found.iloc[0]
