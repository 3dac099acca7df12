"""An outsider with all published files of all periods cannot narrow a hidden count to fewer than k values."""

import json
import shutil

import nbformat
import pandas as pd
import pytest
from bs4 import BeautifulSoup

from helpers.config import load_method
from helpers.index import load_findings
from helpers.language import Texts
from helpers.pipeline.monitor import run_monitor
from helpers.publishing import publish_data
from tests.monitor.attack import Attack
from tests.monitor.conftest import build_house, district

pytestmark = pytest.mark.slow  # its laws in the small are tests/index/test_protection.py and test_suppression.py

HOMES = {"vil-a": "norte", "vil-b": "norte", "vil-c": "sur", "vil-d": "este", "vil-e": "oeste"}
DISTRICTS = sorted(set(HOMES.values()))
TOOK_PART = {  # instance -> half -> (took part, for the first time, online, women)
    "vil-a": {"2022-S1": (3, 1, 0, 1), "2022-S2": (60, 9, 2, 20)},
    "vil-b": {"2022-S1": (14, 6, 0, 6), "2022-S2": (11, 6, 5, 5)},
    "vil-c": {"2022-S1": (22, 3, 8, 11), "2022-S2": (9, 4, 4, 4)},
    "vil-d": {"2022-S1": (30, 12, 6, 3), "2022-S2": (25, 12, 9, 12)},
    "vil-e": {"2022-S1": (70, 30, 30, 33), "2022-S2": (90, 30, 40, 40)},
}
ANSWERED = {"vil-a": (10, 1), "vil-b": (12, 6), "vil-c": (13, 6), "vil-d": (11, 5), "vil-e": (30, 15)}
"""Answers, and how many of them would come again."""

KINDS = ("complaint", "information")
ASKED = {"norte": (2, 9), "sur": (14, 3), "este": (20, 11), "oeste": (31, 22)}
"""Complaints and questions to the municipality by district; all of the first half, answered in the second."""


def table(rows):
    return pd.DataFrame(rows).to_csv(index=False)


def people():
    """The raw tables of a city in which few take part here and there, so that much can be found by subtraction."""
    common = {"instance_type": "device", "promoter_type": "state", "promoter_name": "Municipalidad",
              "status": "running", "start_date": "2015-03-01", "date_precision": "day", "territory_scope": "district",
              "recurrence": "annual", "reported_by": "Municipalidad", "verification_status": "documented",
              "count_unit": "unique_persons"}  # fmt: skip
    total = {name: sum(half[0] for half in halves.values()) for name, halves in TOOK_PART.items()}
    instances = [{"instance_id": name, "name": name, **common, "territory_ids": f"vil-{home}",
                  "participants_total": total[name]} for name, home in HOMES.items()]  # fmt: skip
    halves = [(name, half, *numbers) for name, of in TOOK_PART.items() for half, numbers in of.items()]
    unit = {"count_unit": "unique_persons", "count_quality": "actual"}
    periods = [{"instance_id": name, "period": half, "active": "yes", "participants": n, "new_participants": new,
                "online_participants": online, **unit} for name, half, n, new, online, _ in halves]  # fmt: skip
    gender = [{"instance_id": name, "period": half, "dimension": "gender", "category": category, "count": count, **unit}
              for name, half, n, _, _, women in halves
              for category, count in (("woman", women), ("man", n - women))]  # fmt: skip
    wave = {"wave_id": "w", "name": "w", "period": "2022-S2", "starts_on": "2022-11-01", "ends_on": "2022-11-30",
            "sampling": "census_of_attendees", "population_invited": 100, "completed": 76}  # fmt: skip
    answers = [{"response_id": f"{name}-{number}", "wave_id": "w", "instance_id": name, "period": "2022-S2",
                "responded_at": "2022-11-10", "respondent_kind": "participant", "s_overall": 4,
                "s_return": 5 if number < again else 2}
               for name, (n, again) in ANSWERED.items() for number in range(n)]  # fmt: skip
    events = [{"event_id": f"{name}-{number}", "instance_id": name, "starts_at": "2022-05-20T18:00:00-03:00",
               "mode": "in_person", "public": "yes", "attendance": number + 3}
              for name in HOMES for number in range(3)]  # fmt: skip
    population = [{"territory_id": place, "dimension": "gender", "category": category, "population": 500,
                   "census_year": 2020} for place in (f"vil-{one}" for one in DISTRICTS)
                  for category in ("woman", "man")]  # fmt: skip
    requests = [{"request_id": f"{home}-{kind}-{number}", "kind": kind, "territory_id": f"vil-{home}",
                 "received_at": "2022-05-20", "answered_at": "2022-07-20", "legal_deadline_days": 30}
                for home, numbers in ASKED.items() for kind, n in zip(KINDS, numbers, strict=True)
                for number in range(n)]  # fmt: skip
    return {"instances": instances, "instance_periods": periods, "participation_counts": gender, "events": events,
            "survey_waves": [wave], "survey_responses": answers, "reference_population": population,
            "service_requests": requests}  # fmt: skip


@pytest.fixture(scope="module")
def packages(tmp_path_factory, root):
    """Folder of published files of each period of the city, oldest first."""
    house = build_house(tmp_path_factory.mktemp("small") / "house", root)
    tables = people()
    settings = (house.raw / "city.yml").read_text(encoding="utf-8")
    settings = settings.replace("periods: [2021, 2022]", "periods: [2022-S1, 2022-S2, 2022]")
    start = settings.index("    files: [instances.csv")
    listed = "".join(f"      - {{table: {name}, files: {name}.csv}}\n" for name in tables)
    names = ", ".join(f"{name}.csv" for name in tables)
    house.write("city.yml", settings[:start] + f"    files: [{names}]\n    tables:\n{listed}" + settings[
        settings.index("  - id: outlines"):])  # fmt: skip
    for name, rows in tables.items():
        house.write(f"{name}.csv", table(rows))
    shapes = [district(f"vil-{name}", name, -60.7 + place / 10) for place, name in enumerate(DISTRICTS)]
    house.write("districts.geojson", json.dumps({"type": "FeatureCollection", "features": shapes}))
    house.write("method.yml", "extends: v1\nthresholds: {draws: 20}\n")  # intervals hide nothing and take long
    for stage in ("registries", "index"):
        done = house.run("run", "--city", "villa", "--period", "all", "--only", stage)
        assert done.returncode == 0, done.stderr
    return published(house.folder, "villa", ("2022-S1", "2022-S2", "2022"), house.folder / "out")


def published(root, city, periods, folder):
    for period in periods:
        publish_data(load_findings(root, city, period), Texts(root, "es"), folder / period)
    return {period: folder / period for period in periods}


def test_nobody_finds_a_hidden_count_of_a_small_city(packages, root):
    attack = Attack(packages, women=0.5)
    assert len(attack.hidden) > 20  # there is something to find
    assert {("X9", "complaint", "vil-norte", "2022"), ("X9", "information", "vil-sur", "2022-S1")} <= {*attack.hidden}
    assert attack.narrowed(load_method(root, "v1").thresholds.k) == []
    assert Attack(packages, across=True, women=0.5).narrowed(load_method(root, "v1").thresholds.k, few=True) == []


@pytest.mark.parametrize("period", ["2022-S1", "2022"])
def test_one_figure_more_and_the_outsider_finds_one(packages, root, tmp_path, period):
    """The planted leak: a district that was hidden for the sake of another is written into its file again."""
    leaking = {name: shutil.copytree(folder, tmp_path / name) for name, folder in packages.items()}
    path = leaking[period] / "context.csv"
    rows = pd.read_csv(path)
    hidden = rows[(rows["reason"] == "index.few_people_elsewhere") & (rows["context"] == "X4")].iloc[0]
    halves = [one for one in ("2022-S1", "2022-S2") if one.startswith(period)]
    here = [name for name, home in HOMES.items() if f"vil-{home}" == hidden["unit_id"]]
    inside = [TOOK_PART[name][half] for name in here for half in halves]
    share = 100 * sum(new for _, new, _, _ in inside) / sum(n for n, *_ in inside)
    rows.loc[hidden.name, ["value", "status"]] = [share, "ok"]
    rows.to_csv(path, index=False)
    assert Attack(leaking, women=0.5).narrowed(load_method(root, "v1").thresholds.k)


def test_nobody_finds_a_hidden_count_of_the_simulated_city(root, tmp_path):
    """All twelve periods, as the monitor itself computes them."""
    for stage in ("registries", "index"):
        assert run_monitor(root, ["ciudad-modelo"], "all", stage) == 0
    periods = [f"{year}{part}" for year in range(2021, 2025) for part in ("-S1", "-S2", "")]
    attack = Attack(published(root, "ciudad-modelo", periods, tmp_path))
    assert attack.hidden
    assert attack.narrowed(load_method(root, "v1").thresholds.k) == []
    assert Attack(attack.packages, across=True).narrowed(load_method(root, "v1").thresholds.k, few=True) == []


def test_the_executed_notebooks_show_no_figure_that_is_not_published(packages):
    """Their tables are what is in the files; what was rewritten is told by how often, never by its values."""
    home = packages["2022"].parents[1] / "data" / "processed" / "villa"
    cleaned = frames_of(home / "registry" / "1_clean_registries.ipynb")
    assert {column for frame in cleaned for column in frame} <= {
        "row", "source", "title", "format", *ACCOUNTS, "severity", "table", "field", "code", "rule", "rows",
    }  # fmt: skip
    assert all("survey_responses" not in set(frame["table"]) for frame in cleaned if "field" in frame)
    for period in packages:
        scores, values, *_ = frames_of(home / period / "2_compute_index.ipynb")
        for shown, name, key in ((scores, "scores", ["node"]), (values, "indicators", ["indicator", "form"])):
            file = pd.read_csv(home / period / f"{name}.csv").query("level == 'city'").set_index(key)
            shown = shown.set_index(key).reindex(file.index)
            for column in {"value", "score", "lower", "upper", "ci_low", "ci_high", "n"} & {*shown} & {*file}:
                said = pd.to_numeric(shown[column].mask(shown[column].isin(["<NA>", "NaN"])))
                assert said.round(4).equals(file[column].astype("float64").round(4)), (period, name, column)


ACCOUNTS = ("source_id", "file", "sheet", "table", "rows_in", "kept", "merged", "quarantined")


def frames_of(notebook):
    """The tables that an executed notebook shows, as text."""
    outputs = [one for cell in nbformat.read(notebook, 4).cells for one in cell.get("outputs", [])]
    return [
        frame_of(BeautifulSoup(one.data["text/html"], "html.parser"))
        for one in outputs
        if "<td" in one.get("data", {}).get("text/html", "")
    ]


def frame_of(table):
    head, *rows = [[cell.get_text() for cell in row.select("th, td")] for row in table.select("tr")]
    return pd.DataFrame(rows, columns=["row", *head[1:]])
