"""The open-data package of a city and period: CSV and GeoJSON files, a descriptor generated from the field
dictionary (Data Package v2), and the checksums of everything in it.

Only figures that passed the suppression step and tables without microdata are in it.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from helpers.config import Field, Table
from helpers.files import sha256, write_csv, write_json, write_text
from helpers.index import Findings
from helpers.language import Texts
from helpers.publishing.twin import MARK, SEED, synthetic_survey

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"

FIGURES = ("values", "scores", "context", "suppressed")
TABLES = ("instances", "events", "territories", "sources")
"""Registry tables that are published: none of them holds a row about a person."""

TWIN = "synthetic_survey_responses"
"""Stands in the package where the restricted answers would."""

TYPES = {
    "integer": "integer",
    "decimal": "number",
    "boolean": "boolean",
    "date": "date",
    "datetime": "datetime",
    "year": "year",
}
"""Field types of the dictionary that have a type of their own in a Table Schema; the others are text."""

BOOLEANS = {"trueValues": ["yes"], "falseValues": ["no"]}


def publish_data(findings: Findings, texts: Texts, folder: Path) -> list[Path]:
    """Write the package into ``folder``; returns its files. Labels are in the language of ``texts``."""
    files, resources = [], []
    for name in FIGURES:
        frame = getattr(findings, name)
        files.append(write_csv(folder / f"{name}.csv", frame))
        resources.append(_resource(name, files[-1], [_plain_field(frame[column]) for column in frame.columns]))
    for name in TABLES:
        table, frame = findings.dictionary.table(name), findings.registry.tables[name]
        files.append(write_csv(folder / f"{name}.csv", frame))
        resources.append(_resource(name, files[-1], _fields(table, frame, texts), texts.pick(table.labels), table.key))
    twin = synthetic_survey(findings.values, findings.method, np.random.default_rng(SEED))
    if len(twin):
        files.append(write_csv(folder / f"{TWIN}.csv", twin))
        about = {"description": texts("publishing.twin"), MARK: True}
        fields = [_plain_field(twin[column]) for column in twin.columns]
        resources.append(_resource(TWIN, files[-1], fields, texts("publishing.twin_title")) | about)
    if len(findings.geometry):
        files.append(write_text(folder / "districts.geojson", _districts(findings)))
        resources.append({"name": "districts", "path": "districts.geojson", "format": "geojson"})
    files.append(write_text(folder / "README.md", _readme(findings, texts, resources)))
    files.append(write_json(folder / "datapackage.json", _descriptor(findings, texts, resources)))
    files.append(write_text(folder / "SHA256SUMS", "\n".join(f"{sha256(path)}  {path.name}" for path in files)))
    return files


def _readme(findings: Findings, texts: Texts, resources: list[dict]) -> str:
    """What is in the package, for somebody who opens it."""
    return texts.page(
        "publishing/readme",
        city=texts.pick(findings.city.name),
        period=texts.period(findings.period),
        simulated=findings.city.simulated,
        files=[{"path": one["path"], "title": one.get("title", "")} for one in resources],
        twin=any(one["name"] == TWIN for one in resources),
        k=findings.method.thresholds.k,
    )


def _descriptor(findings: Findings, texts: Texts, resources: list[dict]) -> dict[str, Any]:
    sources = findings.registry.tables["sources"]
    return {
        "$schema": PROFILE,
        "name": f"participation-{findings.city.id}-{str(findings.period).lower()}",
        "title": texts("publishing.title", city=texts.pick(findings.city.name), period=findings.period),
        "description": texts("publishing.simulated") if findings.city.simulated else texts("publishing.description"),
        "version": findings.method.version,
        "sources": [
            {"title": row["title"]} | ({"path": row["url"]} if isinstance(row["url"], str) else {})
            for row in sources.to_dict("records")
        ],
        "resources": resources,
    }


def _resource(name: str, path: Path, fields: list[dict], title: str = "", key: list[str] | None = None) -> dict:
    schema = {"fields": fields, "missingValues": [""]} | ({"primaryKey": key} if key else {})
    content = path.read_bytes()
    facts = {"bytes": len(content), "hash": f"sha256:{sha256(content)}", "encoding": "utf-8", "format": "csv"}
    return {
        "name": name,
        "path": path.name,
        "type": "table",
        "schema": schema,
        **({"title": title} if title else {}),
        **facts,
    }


def _fields(table: Table, frame: pd.DataFrame, texts: Texts) -> list[dict]:
    return [
        _field(table.fields[name], texts) if name in table.fields else {"name": name, "type": "string"}
        for name in frame.columns
    ]


def _field(field: Field, texts: Texts) -> dict[str, Any]:
    kind = TYPES.get(field.type, "string")
    described = {
        "name": field.name,
        "type": kind,
        "title": texts.pick(field.labels),
        "description": texts.pick(field.help),
    }
    return described | (BOOLEANS if kind == "boolean" else {})


def _plain_field(column: pd.Series) -> dict[str, str]:
    return {"name": str(column.name), "type": "number" if pd.api.types.is_numeric_dtype(column) else "string"}


def _districts(findings: Findings) -> str:
    """Districts with the value of each node in the period, as GeoJSON with six decimals (0.1 m)."""
    scores = findings.scores[findings.scores["level"] == "territory"]
    wide = scores.pivot(index="unit_id", columns="node", values="value").astype("float64")
    frame = findings.geometry.merge(wide, left_on="territory_id", right_index=True, how="left")
    frame = frame.assign(period=str(findings.period), simulated=findings.city.simulated)
    frame["geometry"] = frame.geometry.set_precision(1e-6)
    collection = json.loads(frame.to_json(drop_id=True, na="null"))
    return json.dumps(collection, ensure_ascii=False, sort_keys=True)
