"""The stages of the monitor itself: simulate, registries, index, the documents, the pages, the landing page."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from helpers.config import (
    City,
    Period,
    draft_folder,
    list_cities,
    load_city,
    load_dictionary,
    period_folder,
    raw_folder,
    registry_folder,
    site_folder,
)
from helpers.files import RECEIVED, registered_files
from helpers.index import periods_so_far
from helpers.language import Texts
from helpers.pipeline.progress import progress_on
from helpers.pipeline.stages import Result, Stage, Step, Target, run_rounds, steps_of

EMBEDDED = ("rosario", "ciudad-modelo")
"""Cities of a default run: they need no download."""

SIMULATED = "ciudad-modelo"
"""Its raw files are made anew from a seed, never committed."""


def run_monitor(root: Path, cities: Sequence[str] | None, period: str | None, only: str | None) -> int:
    """Run what is stale for the cities and their period; 0 if nothing failed.

    ``period``: a label, ``all``, or None for the newest of each city. ``only``: registries, index or reports alone.
    """
    plans = [_plan(root, load_city(root, name), period, only) for name in cities or EMBEDDED]
    progress = progress_on(sys.stderr, sum(len(steps) for plan in plans for steps in plan))
    results = [result for plan in plans for result in run_rounds(plan, root=root, progress=progress)]
    progress.close()
    if only in (None, "reports"):
        write_front_page(root)
    return _report(root, results)


def _plan(root: Path, city: City, period: str | None, only: str | None) -> list[list[Step]]:
    """The rounds of a city, in the order in which they run."""
    chosen = _periods(city, period)
    computed = sorted({one for last in chosen for one in periods_so_far(city, last)})
    targets, earlier = ([Target(city.id, str(one)) for one in periods] for periods in (chosen, computed))
    documents = [step for stage in _documents(root, city) for step in steps_of(stage, targets)]
    groups = {
        "registries": [steps_of(stage, targets) for stage in _registries(root, city)],
        "index": [steps_of(_index(root, city), earlier)],
        "reports": [documents, steps_of(_pages(root, city), targets)],
    }
    return groups[only] if only else [steps for group in groups.values() for steps in group]


def _periods(city: City, period: str | None) -> list[Period]:
    if period == "all":
        return city.ordered_periods
    return [city.period(period) if period else city.newest_period]


def _registries(root: Path, city: City) -> Iterator[Stage]:
    if city.id == SIMULATED:
        yield Stage(
            name="simulate",
            work=lambda target, folder: _simulate(root, folder),
            inputs=lambda target: [root / "methodology" / "registry.yml"],
            outputs=lambda target: [raw_folder(root, target.city) / RECEIVED],
            per_period=False,
        )
    yield Stage(
        name="registries",
        work=root / "notebooks" / "1_clean_registries.ipynb",
        inputs=lambda target: [
            raw_folder(root, target.city),
            root / "methodology" / "registry.yml",
            *registered_files(root, target.city),
        ],
        outputs=lambda target: [registry_folder(root, target.city)],
        parameters=lambda target, folder: {"city": target.city, "root": root, "output": folder / "registry"},
        per_period=False,
    )


def _simulate(root: Path, folder: Path) -> Mapping[str, Any]:
    from helpers.simulation import SEED, simulate, write  # only this city needs it

    write(simulate(SEED, load_dictionary(root)), folder / RECEIVED)
    return {"seed": SEED}


def _index(root: Path, city: City) -> Stage:
    raw = raw_folder(root, city.id)
    own = [path for path in (raw / "method.yml",) if path.is_file()]
    return Stage(
        name="index",
        work=root / "notebooks" / "2_compute_index.ipynb",
        inputs=lambda target: [registry_folder(root, target.city), root / "methodology", raw / "city.yml", *own],
        outputs=lambda target: [period_folder(root, target.city, target.period)],
        parameters=lambda target, folder: {
            "city": target.city,
            "period": target.period,
            "root": root,
            "output": folder / target.period,
        },
    )


def _documents(root: Path, city: City) -> list[Stage]:
    """One stage per document and language: the executed notebook and its figures."""
    return [_document(root, city, name, language) for name in city.documents for language in city.languages]


def _document(root: Path, city: City, name: str, language: str) -> Stage:
    def inputs(target: Target) -> list[Path]:
        computed = [period_folder(root, city.id, one) for one in periods_so_far(city, Period.parse(target.period))]
        texts = root / "reports" / "text" / language
        return [registry_folder(root, city.id), *computed, texts, root / "methodology", raw_folder(root, city.id)]

    return Stage(
        name=f"{name} {language}",
        work=root / "reports" / f"{name}.ipynb",
        inputs=inputs,
        outputs=lambda target: [draft_folder(root, city.id, target.period, language, name)],
        parameters=lambda target, folder: {
            "city": target.city,
            "period": target.period,
            "language": language,
            "root": root,
            "output": folder / name,
        },
    )


def _pages(root: Path, city: City) -> Stage:
    def drafts(target: Target) -> list[Path]:
        pairs = [(language, name) for language in city.languages for name in city.documents]
        return [draft_folder(root, city.id, target.period, language, name) for language, name in pairs]

    style = [root / "reports" / "style", root / "reports" / "_quarto.yml"]
    texts = [root / "reports" / "text" / language / "terms" for language in city.languages]
    return Stage(
        name="pages",
        work=lambda target, folder: _render(root, city, target, folder),
        inputs=lambda target: [*drafts(target), *style, *texts, raw_folder(root, city.id) / "city.yml"],
        outputs=lambda target: [site_folder(root) / target.city / target.period],
        parameters=lambda target, folder: {"engine": _engine()},
    )


def _engine() -> str:
    from helpers.reporting import choose_engine

    return choose_engine(os.environ.get("ENGINE", "auto"))


def _render(root: Path, city: City, target: Target, folder: Path) -> Mapping[str, Any]:
    from helpers.index import load_findings
    from helpers.pipeline.pages import render_documents, write_maps
    from helpers.publishing import publish_data

    place = folder / target.period
    findings = load_findings(root, target.city, target.period)
    publish_data(findings, Texts(root, city.languages[0]), place / "data")
    write_maps(root, city, findings, place)
    return render_documents(root, city, target, place, _engine())


def write_front_page(root: Path) -> Path | None:
    """The landing page over everything that has been rendered; None where nothing has."""
    from helpers.pipeline.pages import front_page

    built = {
        name: load_city(root, name) for name in list_cities(root) if any((site_folder(root) / name).glob("*/*/*.html"))
    }
    return front_page(root, built) if built else None


def _report(root: Path, results: Sequence[Result]) -> int:
    """Say how it went and where to look; the exit status."""
    failures = [result.error for result in results if result.status == "failed"]
    for error in failures:
        print(f"monitor: {error}", file=sys.stderr)
    if failures:
        return 1
    if all(result.status == "fresh" for result in results):
        print("Everything is up to date.")
    front = site_folder(root) / "index.html"
    if front.is_file():
        print(f"Open {front}")
    return 0
