"""A monitor of its own in a temporary folder, with a tiny city whose every number can be worked out by hand."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CITY = """\
id: villa
name: {es: Villa, en: Villa, it: Villa}
country: AR
languages: [es]
currency: ARS
time_zone: America/Argentina/Cordoba
projection: EPSG:22185
periods: [2021, 2022]
contact: https://villa.example.org
documents: [monitor, districts, good-practice, methodology, data-quality, verification]
sources:
  - id: ours
    title: Planilla de la Villa
    publisher: Municipalidad de Villa
    licence: CC-BY-4.0
    format: table
    files: [instances.csv, participation_counts.csv, instance_periods.csv]
    tables:
      - {table: instances, files: instances.csv}
      - {table: participation_counts, files: participation_counts.csv}
      - {table: instance_periods, files: instance_periods.csv}
  - id: outlines
    title: Distritos de la Villa
    format: geo
    files: [districts.geojson]
    tables:
      - table: territories
        columns: {territory_id: id, name: name, level: {value: district}}
"""

INSTANCES = """\
instance_id,name,instance_type,promoter_type,promoter_name,status,start_date,end_date,date_precision,territory_scope,\
reported_by,verification_status,recurrence
vil-pp,Presupuesto Participativo,device,state,Municipalidad,running,2015-03-01,,day,city,Municipalidad,documented,annual
vil-foro,Foro Vecinal,space,civil_society,Vecinal,running,2018-05-01,,day,district,Vecinal,documented,monthly
"""

COUNTS = """\
instance_id,period,dimension,category,territory_id,count,count_unit,count_quality
vil-pp,2022,total,total,,1234,voters,actual
vil-pp,2022,place,within_city,vil-norte,700,voters,actual
vil-pp,2022,place,within_city,vil-sur,534,voters,actual
"""

PERIODS = """\
instance_id,period,active,participants,count_unit
vil-pp,2022,yes,1234,voters
vil-foro,2022,yes,,
vil-pp,2021,yes,,
"""


def district(identifier, name, west):
    ring = [[west, -32], [west + 0.1, -32], [west + 0.1, -32.1], [west, -32.1], [west, -32]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": {"id": identifier, "name": name}, "geometry": shape}


class House:
    """A monitor in a folder of its own."""

    def __init__(self, folder: Path):
        self.folder, self.raw = folder, folder / "data" / "raw" / "villa"

    def write(self, name: str, text: str) -> None:
        (self.raw / name).write_text(text, encoding="utf-8")

    def publish_only(self, document: str) -> None:
        """Of the city's documents this one alone, where a test looks at no other."""
        settings = (self.raw / "city.yml").read_text(encoding="utf-8")
        self.write("city.yml", re.sub(r"(?m)^documents: .*$", f"documents: [{document}]", settings))

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
        """The command as a person calls it, in a process of its own, without Quarto and without a mirror."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith("MONITOR_")}
        return subprocess.run(
            [sys.executable, "-m", "helpers", *arguments],
            cwd=self.folder,
            env={**kept, "ENGINE": "pandoc", **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    def files(self, *patterns: str) -> dict[str, bytes]:
        """Content of the built files by their path, without what must vary."""
        patterns = patterns or ("data/processed/**/*", "reports/site/**/*")
        found = sorted({path for pattern in patterns for path in self.folder.glob(pattern) if path.is_file()})
        return {str(path.relative_to(self.folder)): path.read_bytes() for path in found if path.name != "run.json"}


def build_house(folder: Path, root: Path) -> House:
    """A house with the tiny city, whose pages are all that there are."""
    for name in ("methodology", "notebooks"):
        shutil.copytree(root / name, folder / name)
    shutil.copytree(root / "reports", folder / "reports", ignore=shutil.ignore_patterns("site", "gallery"))
    shutil.copy(root / "requirements.lock", folder)
    house = House(folder)
    house.raw.mkdir(parents=True)
    tables = {"city.yml": CITY, "instances.csv": INSTANCES, "participation_counts.csv": COUNTS}
    shapes = [district("vil-norte", "Norte", -60.7), district("vil-sur", "Sur", -60.6)]
    outlines = json.dumps({"type": "FeatureCollection", "features": shapes})
    for name, text in {**tables, "instance_periods.csv": PERIODS, "districts.geojson": outlines}.items():
        house.write(name, text)
    return house


@pytest.fixture
def house(tmp_path, root):
    """A fresh house in which nothing has been built."""
    return build_house(tmp_path / "house", root)


@pytest.fixture(scope="module")
def built(tmp_path_factory, root):
    """A house after `monitor run`; tests that use it leave it as it was."""
    house = build_house(tmp_path_factory.mktemp("built") / "house", root)
    done = house.run("run", "--city", "villa")
    assert done.returncode == 0, done.stderr
    house.log = done
    return house
