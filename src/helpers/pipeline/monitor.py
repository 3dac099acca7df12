"""The stages of the monitor itself: simulate, registries, index, the documents, the pages, the landing page.

What the work itself needs is imported by the child that does it, so that finding nothing to do takes no time.
"""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from helpers.config import (
    City,
    Period,
    choose_engine,
    draft_folder,
    load_city,
    load_dictionary,
    load_method,
    page_folder,
    period_folder,
    publications_file,
    raw_folder,
    recomputed_folder,
    registry_folder,
    site_folder,
)
from helpers.files import RECEIVED, read_csv, registered_files
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
    if only in (None, "reports") and not (_all_fresh(results) and _front(root).is_file()):
        _make_front(root)
    return _report(root, results)


def _plan(root: Path, city: City, period: str | None, only: str | None) -> list[list[Step]]:
    """The rounds of a city, in the order in which they run."""
    chosen = _periods(city, period)
    computed = sorted({one for last in chosen for one in city.periods_so_far(last)})
    targets, earlier = ([Target(city.id, str(one)) for one in periods] for periods in (chosen, computed))
    site = [_data(root, city), *(_pages(root, city, language) for language in city.languages)]
    groups = {
        "registries": [steps_of([stage], targets) for stage in _registries(root, city)],
        "index": [steps_of([_index(root, city)], earlier), *_recast(root, city, chosen)],
        "reports": [steps_of(_documents(root, city), targets), steps_of(site, targets)],
    }
    return groups[only] if only else [steps for group in groups.values() for steps in group]


def recompute(root: Path, cities: Sequence[str] | None, period: str | None, as_of: str) -> int:
    """Compute periods again by a version of the method, beside what is published; 0 if nothing failed.

    Prints dimensions and index of each city by that version and as published.
    """
    for name in cities or EMBEDDED:
        load_method(root, as_of, name)
    plans = {name: _recomputation(root, load_city(root, name), period, as_of) for name in cities or EMBEDDED}
    progress = progress_on(sys.stderr, sum(len(steps) for plan in plans.values() for steps in plan))
    results = [result for plan in plans.values() for result in run_rounds(plan, root=root, progress=progress)]
    progress.close()
    computed = [one.target for one in results if one.stage.startswith("index") and one.status in ("done", "fresh")]
    for target in computed:
        print(*_beside_published(root, target, as_of), sep="\n")
    return _failures(results)


def _recomputation(root: Path, city: City, period: str | None, as_of: str) -> list[list[Step]]:
    targets = [Target(city.id, str(one)) for one in _periods(city, period)]
    return [steps_of([stage], targets) for stage in (*_registries(root, city), _index(root, city, as_of))]


def _beside_published(root: Path, target: Target, as_of: str) -> Iterator[str]:
    """A line for each node of the city, then where the tables are."""
    folder = recomputed_folder(root, target.city, as_of, target.period)
    again, published = (_city_scores(place) for place in (folder, period_folder(root, target.city, target.period)))
    for node, value in again.items():
        yield f"{target} {node}: {value or 'not computed'} as of {as_of}, {published.get(node) or 'nothing'} published"
    yield f"Tables in {folder}"


def _city_scores(folder: Path) -> dict[str, str | None]:
    """Node -> score of the city as it is written, None where it was not computed; empty without a computation."""
    if not (folder / "scores.csv").is_file():
        return {}
    rows = read_csv(folder / "scores.csv").query("level == 'city'")
    return dict(zip(rows["node"], rows["value"].astype(object).where(rows["value"].notna(), None), strict=True))


def _periods(city: City, period: str | None) -> list[Period]:
    if period == "all":
        return city.ordered_periods
    return [city.period(period) if period else city.newest_period]


def _registries(root: Path, city: City) -> Iterator[Stage]:
    if city.id == SIMULATED:
        yield Stage(
            name="simulate",
            work=make_simulated,
            inputs=lambda target: [root / "methodology" / "registry.yml"],
            outputs=lambda target: [raw_folder(root, target.city) / RECEIVED],
            parameters=lambda target, folder: {"root": root, "output": folder / RECEIVED},
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


def make_simulated(root: Path, output: Path) -> Mapping[str, Any]:
    """The raw files of the simulated city."""
    from helpers.simulation import SEED, simulate, write

    write(simulate(SEED, load_dictionary(root)), output)
    return {"seed": SEED}


def _recast(root: Path, city: City, chosen: Sequence[Period]) -> list[list[Step]]:
    """Earlier periods of another version, computed by that of a chosen one: the trend shows them beside the break."""
    pairs = sorted({(city.method_of(last), one) for last in chosen for one in city.recast_periods(last)})
    return [steps_of([_index(root, city, version)], [Target(city.id, str(one))]) for version, one in pairs]


def _index(root: Path, city: City, as_of: str = "") -> Stage:
    """Indicators and index of a period; ``as_of``: by this version instead of the one it is published with."""
    place = partial(recomputed_folder, root, city.id, as_of) if as_of else partial(period_folder, root, city.id)
    return Stage(
        name=f"index as of {as_of}" if as_of else "index",
        work=root / "notebooks" / "2_compute_index.ipynb",
        inputs=lambda target: [registry_folder(root, target.city), *_settings(root, city)],
        outputs=lambda target: [place(target.period)],
        parameters=lambda target, folder: {
            "city": target.city,
            "period": target.period,
            "as_of": as_of,
            "root": root,
            "output": folder / target.period,
        },
    )


def _settings(root: Path, city: City) -> list[Path]:
    """The method, and what a city declares and changes in it."""
    own = [raw_folder(root, city.id) / name for name in ("city.yml", "method.yml")]
    return [root / "methodology", *(path for path in own if path.is_file())]


def _computed(root: Path, city: City, target: Target) -> list[Path]:
    """Everything that a report of the period draws on."""
    last = Period.parse(target.period)
    folders = [period_folder(root, city.id, one) for one in city.periods_so_far(last)]
    folders += [recomputed_folder(root, city.id, city.method_of(last), one) for one in city.recast_periods(last)]
    record = [path for path in [publications_file(root, city.id)] if path.is_file()]
    return [registry_folder(root, city.id), *folders, *record, *_settings(root, city)]


def _documents(root: Path, city: City) -> list[Stage]:
    """One stage per document and language: the executed notebook and its figures."""
    return [_document(root, city, name, language) for name in city.documents for language in city.languages]


def _document(root: Path, city: City, name: str, language: str) -> Stage:
    return Stage(
        name=f"{name} {language}",
        work=root / "reports" / f"{name}.ipynb",
        inputs=lambda target: [
            root / "reports" / "text" / language,
            *_computed(root, city, target),
            *registered_files(root, city.id),
        ],
        outputs=lambda target: [draft_folder(root, city.id, target.period, language, name)],
        parameters=lambda target, folder: {
            "city": target.city,
            "period": target.period,
            "language": language,
            "root": root,
            "output": folder / name,
        },
    )


def _pages(root: Path, city: City, language: str) -> Stage:
    """The site of a city and period in one language."""

    def inputs(target: Target) -> list[Path]:
        drafts = [draft_folder(root, city.id, target.period, language, name) for name in city.documents]
        style = [root / "reports" / name for name in ("style", "_quarto.yml", f"text/{language}/terms")]
        names = [root / "reports" / "text" / other / "terms" / "language.yml" for other in city.languages]
        return [*drafts, *style, *names, *_computed(root, city, target)]

    return Stage(
        name=f"pages {language}",
        work=make_pages,
        inputs=inputs,
        outputs=lambda target: [page_folder(root, target.city, target.period, language)],
        parameters=lambda target, folder: {
            "root": root,
            "city": target.city,
            "period": target.period,
            "language": language,
            "engine": choose_engine(os.environ.get("ENGINE", "auto")),
            "output": folder / language,
        },
    )


def _data(root: Path, city: City) -> Stage:
    """The open data of a city and period, beside its pages."""
    return Stage(
        name="data",
        work=make_data,
        inputs=lambda target: _computed(root, city, target),
        outputs=lambda target: [site_folder(root) / target.city / target.period / "data"],
        parameters=lambda target, folder: {
            "root": root,
            "city": target.city,
            "period": target.period,
            "output": folder / "data",
        },
    )


def make_pages(**values: Any) -> Mapping[str, Any]:
    """The pages of a city and period in one language."""
    from helpers.pipeline import pages

    return pages.make_pages(**values)


def make_data(**values: Any) -> None:
    """The open data of a city and period."""
    from helpers.pipeline import pages

    pages.make_data(**values)


def _report(root: Path, results: Sequence[Result]) -> int:
    """Say how it went and where to look; the exit status."""
    if _failures(results):
        return 1
    for city in dict.fromkeys(result.target.city for result in results if result.stage == "registries"):
        print(_accounts(root, city))
    if _all_fresh(results):
        print("Everything is up to date.")
    if _front(root).is_file():
        print(f"Open {_front(root)}")
    return 0


def _all_fresh(results: Sequence[Result]) -> bool:
    return all(result.status == "fresh" for result in results)


def _front(root: Path) -> Path:
    return site_folder(root) / "index.html"


def _make_front(root: Path) -> None:
    from helpers.pipeline.front import front_pages

    front_pages(root)


def _accounts(root: Path, city: str) -> str:
    """What became of the rows of a city, and where to read what to mend."""
    accounts = read_csv(registry_folder(root, city) / "accounts.csv")
    counts = accounts[["rows_in", "kept", "merged", "quarantined"]].astype(int)
    balance = "{rows_in} rows in = {kept} kept + {merged} merged + {quarantined} quarantined".format(**counts.sum())
    titles = counts.loc[accounts["table"].isna(), "quarantined"].sum()
    of_these = f", {titles} of them titles, totals, notes or unused sheets" if titles else ""
    return f"{city}: {balance}{of_these}; what to mend: `monitor validate {city}`"


def _failures(results: Sequence[Result]) -> int:
    """Say what failed; the exit status."""
    failures = [result.error for result in results if result.status == "failed"]
    for error in failures:
        print(f"monitor: {error}", file=sys.stderr)
    return 1 if failures else 0
