"""Seconds, peak memory and ratio to ``pandas.read_csv`` for cleaning proposals and survey responses.

    python tests/bench/registry.py [rows ...]      default: 10000 100000 1000000

Each size runs in a process of its own, so that the peak memory is its own. The ratio is to reading the same file with
``pandas.read_csv`` in the same process; it is the figure to bring down. Both are seconds of the processor, of all
threads together, so that a busy machine changes neither. Where the time goes is told by a run under the profiler.
"""

import cProfile
import multiprocessing
import pstats
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

ROOT = Path(__file__).resolve().parents[2]
SIZES = (10_000, 100_000, 1_000_000)
CITY = {
    "id": "bench", "name": {"en": "Bench", "es": "Bench", "it": "Bench"}, "country": "AR", "languages": ["es"],
    "currency": "ARS", "time_zone": "UTC", "projection": "EPSG:5347", "periods": ["2022"],
}  # fmt: skip
DISTRICTS = ("Norte", "Noroeste", "Centro", "Oeste", "Sudoeste", "Sur")


def proposals(rows: int, rng: np.random.Generator) -> pd.DataFrame:
    """Proposals as a platform exports them: dates day first, money in words of the country, labels in Spanish."""
    days = pd.Timestamp("2018-01-01") + pd.to_timedelta(rng.integers(0, 1500, rows), unit="D")
    return pd.DataFrame({
        "proposal_id": np.char.add("p-", np.arange(rows).astype(str)),
        "instance_id": "ben-pp",
        "title": np.char.add("Más árboles en la calle ", rng.integers(0, 50_000, rows).astype(str)),
        "submitted_at": days.strftime("%d/%m/%Y"),
        "territory_id": rng.choice(DISTRICTS, rows),
        "theme": rng.choice(["Ambiente", "Movilidad", "Salud", "Obras públicas"], rows),
        "cost": np.char.add("$ ", rng.integers(1000, 900_000, rows).astype(str)),
        "supports": rng.integers(0, 5_000, rows),
        "winner": rng.choice(["Sí", "No", ""], rows),
    })  # fmt: skip


def survey_responses(rows: int, rng: np.random.Generator) -> pd.DataFrame:
    """Answers of a survey with some not given."""
    scale = {
        name: rng.choice(["1", "2", "3", "4", "5", "ND"], rows) for name in ("s_overall", "s_influence", "s_respect")
    }
    return pd.DataFrame({
        "response_id": np.char.add("r-", np.arange(rows).astype(str)),
        "wave_id": "ben-wave",
        "instance_id": "ben-pp",
        "period": "2022",
        "responded_at": "2022-05-10",
        "mode": rng.choice(["Online", "Papel"], rows, p=[0.999, 0.001]),
        **scale,
        "gender": rng.choice(["Mujer", "Varón", "Sin declarar"], rows),
        "age_band": rng.choice(["18-29", "30-44", "45-59", "75+"], rows),
        "territory_id": rng.choice(DISTRICTS, rows),
    }).replace({"mode": {"Papel": "En papel", "Online": "En línea"}})  # fmt: skip


TABLES = {"proposals": proposals, "survey_responses": survey_responses}

STAGES = {
    "read": "_read_source", "recognise, type": "parse_column", "personal data": "_without_personal",
    "changes": "_changes", "references": "broken_references", "merge": "merge_duplicates", "place": "place_rows",
    "gaps": "missing_expected", "check": "validate", "accounts": "accounts", "write": "save",
}  # fmt: skip
"""Function of the registry that does each stage."""


def lay_out(folder: Path, table: str, rows: int) -> Path:
    """A city with nothing but the table; returns its file."""
    place = folder / "data" / "raw" / "bench"
    place.mkdir(parents=True)
    (folder / "methodology").symlink_to(ROOT / "methodology")
    (folder / "reports").symlink_to(ROOT / "reports")
    names = "".join(f"ben-d-{name.lower()},district,{name}\n" for name in DISTRICTS)
    (place / "territories.csv").write_text("territory_id,level,name\n" + names, encoding="utf-8")
    (place / "instances.csv").write_text(
        "instance_id,name,instance_type,promoter_type,promoter_name,status,start_date,territory_scope,reported_by,"
        "verification_status\nben-pp,PP,device,state,M,running,2018-01-01,city,M,documented\n"
    )
    (place / "survey_waves.csv").write_text("wave_id,period\nben-wave,2022\n")
    TABLES[table](rows, np.random.default_rng(1)).to_csv(place / f"{table}.csv", index=False)
    files = ["territories", "instances", "survey_waves", table]
    source = {
        "id": "bench", "title": "Bench", "format": "table", "language": "es",
        "files": [f"{name}.csv" for name in files],
        "tables": [{"table": name, "files": f"{name}.csv"} for name in files],
    }  # fmt: skip
    (place / "city.yml").write_text(yaml.safe_dump({**CITY, "sources": [source]}), encoding="utf-8")
    return place / f"{table}.csv"


def measure(table: str, rows: int, answers: multiprocessing.Queue) -> None:
    """Put (table, rows, seconds, ratio, peak memory in MB) into the queue."""
    from helpers import registry
    from helpers.config import load_city, load_dictionary

    with tempfile.TemporaryDirectory() as folder:
        path = lay_out(Path(folder), table, rows)
        started = time.process_time()
        pd.read_csv(path)
        plain = time.process_time() - started
        city, dictionary = load_city(Path(folder), "bench"), load_dictionary(Path(folder))
        started = time.process_time()
        clean = registry.clean(city, dictionary, Path(folder))
        seconds = time.process_time() - started
        if len(clean.tables[table]) != rows or clean.blocked:
            raise AssertionError(f"{table}: {len(clean.tables[table])} of {rows} rows, {clean.blocked}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    answers.put((table, rows, seconds, seconds / plain, peak))


def profile(table: str, rows: int, answers: multiprocessing.Queue) -> None:
    """Put the seconds of each stage into the queue."""
    from helpers import registry
    from helpers.config import load_city, load_dictionary

    with tempfile.TemporaryDirectory() as folder, cProfile.Profile(time.process_time) as profiler:
        lay_out(Path(folder), table, rows)
        clean = registry.clean(load_city(Path(folder), "bench"), load_dictionary(Path(folder)), Path(folder))
        registry.save(clean, Path(folder) / "clean")
    spent = {
        name: total
        for (file, _, name), (_, _, _, total, _) in pstats.Stats(profiler).stats.items()
        if "helpers/registry/" in file
    }
    answers.put({stage: spent[name] for stage, name in STAGES.items()})


def answer_of(work: Callable, table: str, rows: int) -> object:
    """What a function puts into its queue, in a process of its own."""
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    child = context.Process(target=work, args=(table, rows, answers))
    child.start()
    child.join()
    if child.exitcode:
        sys.exit(child.exitcode)
    return answers.get()


def main(sizes: tuple[int, ...]) -> None:
    """Print one line per table and size, then one per stage."""
    print(f"{'table':18}{'rows':>10}{'seconds':>10}{'ratio':>8}{'peak MB':>9}")
    for table in TABLES:
        for size in sizes:
            name, count, seconds, ratio, peak = answer_of(measure, table, size)
            print(f"{name:18}{count:>10,}{seconds:>10.2f}{ratio:>8.1f}{peak:>9.0f}", flush=True)
    stages = {table: answer_of(profile, table, max(sizes)) for table in TABLES}
    print(f"\n{f'seconds, {max(sizes):,} rows':28}" + "".join(f"{table:>18}" for table in TABLES))
    for stage in STAGES:
        print(f"{stage:28}" + "".join(f"{spent[stage]:>18.2f}" for spent in stages.values()))


if __name__ == "__main__":
    main(tuple(int(text) for text in sys.argv[1:]) or SIZES)
