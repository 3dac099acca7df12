"""A small city in a folder of its own, written row by row by each test."""

import shutil
from pathlib import Path

import pytest
import yaml

from helpers import registry
from helpers.config import load_city, load_dictionary

CITY = {
    "id": "prueba",
    "name": {"es": "Prueba", "en": "Trial", "it": "Prova"},
    "country": "AR",
    "languages": ["es", "en", "it"],
    "currency": "ARS",
    "time_zone": "America/Argentina/Cordoba",
    "projection": "EPSG:5347",
    "periods": ["2022"],
}
TERRITORIES = (
    "territory_id,level,name,aliases,parent_id\n"
    "pru-city,city,Prueba,,\n"
    "pru-d-norte,district,Norte,,pru-city\n"
    "pru-d-noroeste,district,Noroeste,,pru-city\n"
    "pru-d-sur,district,Sur,Zona Sud,pru-city\n"
)
INSTANCES = (
    "instance_id,name,instance_type,promoter_type,promoter_name,status,start_date,territory_scope,territory_ids,"
    "reported_by,verification_status,responsible_unit\n"
    "pru-pp,Presupuesto,device,state,Municipio,running,2022-03-01,city,Prueba,Municipio,documented,Secretaría A\n"
)


@pytest.fixture(scope="session")
def dictionary(root):
    return load_dictionary(root)


@pytest.fixture
def place(tmp_path, root):
    """A folder with the method and texts of the house, and no city yet."""
    shutil.copytree(root / "methodology", tmp_path / "methodology")
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "text").symlink_to(root / "reports" / "text")
    return tmp_path


@pytest.fixture
def build(place, dictionary):
    """``build(files, tables, **source)``: the registry of a city with these files (name -> text) and mapping."""

    def _build(content: dict[str, str | bytes], tables: list[dict] | None = None, sources=None, **source):
        folder = place / "data" / "raw" / "prueba"
        folder.mkdir(parents=True, exist_ok=True)
        files = {"territories.csv": TERRITORIES, "instances.csv": INSTANCES, **content}
        for name, text in files.items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text if isinstance(text, bytes) else text.encode())
        base = {
            "id": "base",
            "title": "Base",
            "publisher": "Municipio",
            "language": "es",
            "format": "table",
            "files": ["territories.csv", "instances.csv"],
            "tables": [
                {"table": "territories", "files": "territories.csv"},
                {"table": "instances", "files": "instances.csv"},
            ],
        }
        extra = {"id": "prueba-1", "title": "Planilla", "language": "es", "format": "table", **source}
        if tables is not None:
            extra["files"] = extra.get("files") or [name for name in files if name not in base["files"]]
            extra["tables"] = tables
        described = {**CITY, "sources": [base, *([extra] if tables is not None else []), *(sources or [])]}
        (folder / "city.yml").write_text(yaml.safe_dump(described, allow_unicode=True), encoding="utf-8")
        return registry.clean(load_city(place, "prueba"), dictionary, place)

    return _build


@pytest.fixture
def folder(place) -> Path:
    return place / "data" / "raw" / "prueba"
