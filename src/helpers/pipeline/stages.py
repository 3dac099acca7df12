"""The stages of the monitor as data, and the one way in which they run: only what is stale, whole or not at all.

A stage builds its outputs in a folder beside their place, and they are moved in when it has succeeded. A stage
that fails leaves the last good outputs and their record; its city stops after that round, the others go on.
"""

import platform
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from datetime import time as midnight
from functools import partial
from pathlib import Path
from typing import Any, Literal

import helpers
from helpers.config import Period
from helpers.files import MonitorError, write_json
from helpers.pipeline.building import RUN_FILE, is_folder, move_in, open_building, require_made
from helpers.pipeline.execution import Notebook
from helpers.pipeline.forking import TIMEOUT, Call, Outcome, Task, run_all
from helpers.pipeline.progress import Lines
from helpers.pipeline.staleness import fingerprint, read_record, reasons, write_record

RECORDS = ".monitor"
Run = Callable[[list[Task]], Iterator[Outcome]]
_FIRST_MOMENT = 315532800  # 1980: zip files know no earlier date


@dataclass(frozen=True)
class Target:
    """What a stage is run for: a city, and a period unless the stage serves all periods of the city at once."""

    city: str
    period: str | None = None

    def __str__(self) -> str:
        return f"{self.city} {self.period}" if self.period else self.city

    @property
    def epoch(self) -> int:
        """Seconds since 1970 at the start of the period's last day: what stands for "now" in its files."""
        if self.period is None:
            return _FIRST_MOMENT
        return int(datetime.combine(Period.parse(self.period).end, midnight(), UTC).timestamp())


@dataclass(frozen=True)
class Stage:
    """One step from inputs to outputs.

    Parameters
    ----------
    name: as in ``make <name>``.
    work: a notebook, or a function of a module, which may return facts for ``run.json``; either runs in a child.
    inputs: files and folders that it reads, beyond its notebook and what all stages share.
    outputs: files or folders that it owns; each is replaced as a whole, in one folder with the others.
    parameters: values for the work, given the target and the folder that stands for the outputs' folder; for a
        notebook a Path becomes relative to it.
    per_period: whether it runs for each period, or once for a city.
    """

    name: str
    work: Path | Callable[..., Mapping[str, Any] | None]
    inputs: Callable[[Target], Sequence[Path]]
    outputs: Callable[[Target], Sequence[Path]]
    parameters: Callable[[Target, Path], Mapping[str, Any]] = field(default=lambda target, folder: {})
    per_period: bool = True


Step = tuple[Stage, Target]


@dataclass(frozen=True)
class Result:
    """How a stage ended for a target."""

    stage: str
    target: Target
    status: Literal["done", "fresh", "failed", "skipped"]
    error: MonitorError | None = None
    seconds: float = 0.0


class _Build:
    """A stage for a target: its state before the run, and the folder in which it builds."""

    def __init__(self, stage: Stage, target: Target, root: Path) -> None:
        self.stage, self.target, self.root = stage, target, root.resolve()
        self.label = f"{stage.name} {target}"
        self.outputs = [path.resolve() for path in stage.outputs(target)]
        self.record = self.root / RECORDS / target.city / (target.period or "all") / f"{stage.name}.json"
        self.building: Path | None = None
        notebook = [stage.work] if isinstance(stage.work, Path) else []
        read = [path.resolve() for path in (*notebook, *stage.inputs(target), *shared_inputs(self.root))]
        # run.json holds times: a stage that ran again with the same result makes nothing after it stale.
        self.inputs = fingerprint(read, self.root, without=RUN_FILE) | {"python": platform.python_version()}
        given = stage.parameters(target, self.outputs[0].parent)
        self.parameters = {name: self._plain(value) for name, value in given.items()}

    def why(self) -> list[str]:
        """What changed since the record."""
        record = read_record(self.record)
        recorded = [self.root / name for name in (record or {}).get("outputs", {})]
        missing = [path for path in self.outputs if not path.exists()]
        made = fingerprint([*recorded, *missing], self.root)
        return reasons(record, {"inputs": self.inputs, "parameters": self.parameters, "outputs": made})

    def task(self) -> Task:
        """The work of the stage in its building folder; a notebook stays among the first output."""
        self.building = open_building(self.outputs)
        work, epoch = self.stage.work, self.target.epoch
        values = self.stage.parameters(self.target, self.building)
        if isinstance(work, Path):
            return Notebook(work, self.building / self.outputs[0].name / work.name, values, self.root, epoch)
        return Call(self.label, timed, {"work": work, "values": values}, epoch)

    def keep(self, facts: Mapping[str, Any]) -> None:
        """Put what was built in its place and note what it came from."""
        require_made(self.building, self.outputs, self.label)
        if is_folder(self.outputs[0]):
            known = {"stage": self.stage.name, "city": self.target.city, "period": self.target.period}
            known |= {"inputs": self.inputs, "parameters": self.parameters}
            write_json(self.building / self.outputs[0].name / RUN_FILE, known | dict(facts))
        move_in(self.building, self.outputs)
        write_record(self.record, self.inputs, self.parameters, fingerprint(self.outputs, self.root))

    def _plain(self, value: Any) -> Any:
        if isinstance(value, Path):
            path = value.resolve()
            return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else path.as_posix()
        return value


def shared_inputs(root: Path) -> list[Path]:
    """What every stage depends on: the code that runs and the versions of the lock."""
    return [Path(helpers.__file__).parent, root / "requirements.lock"]


def steps_of(stages: Iterable[Stage], targets: Sequence[Target]) -> list[Step]:
    """Each stage with each of its targets; a stage of a city has it once."""
    return [
        (stage, target)
        for stage in stages
        for target in dict.fromkeys(targets if stage.per_period else [Target(each.city) for each in targets])
    ]


def why_stale(stage: Stage, target: Target, root: Path) -> list[str]:
    """What changed since the stage last succeeded for the target; empty if it is fresh."""
    return _Build(stage, target, root).why()


def timed(work: Callable[..., Mapping[str, Any] | None], values: Mapping[str, Any]) -> dict[str, Any]:
    """What a function says of its work, with when it ran and how long (seconds)."""
    started = datetime.now(UTC)
    facts = work(**values) or {}
    ended = datetime.now(UTC)
    times = {"start": started.isoformat(), "end": ended.isoformat()}
    return {**times, "duration": (ended - started).total_seconds(), **facts}


def is_fresh(stage: Stage, target: Target, root: Path) -> bool:
    """Whether the stage has nothing to do for the target."""
    return not why_stale(stage, target, root)


def run_rounds(
    rounds: Iterable[Sequence[Step]],
    *,
    root: Path,
    progress: Lines,
    workers: int | None = None,
    timeout: float = TIMEOUT,
    force: bool = False,
) -> list[Result]:
    """Run what is stale, round after round; the steps of one round run at the same time.

    Parameters
    ----------
    rounds: steps that do not depend on each other, after the rounds that they depend on.
    root: folder of the house; records are kept in its ``.monitor``.
    progress: hears of every step; its total is the number of steps.
    workers, timeout: as for ``run_all``.
    force: run fresh ones too.
    """
    run = partial(run_all, workers=workers, timeout=timeout, log=progress.at)
    results: list[Result] = []
    for steps in rounds:
        stopped = {result.target.city for result in results if result.status in ("failed", "skipped")}
        for result in _run_round(steps, stopped, root, run, force):
            results.append(result)
            _tell(progress, result)
    return results


def _run_round(steps: Sequence[Step], stopped: set[str], root: Path, run: Run, force: bool) -> Iterator[Result]:
    stale = []
    for stage, target in steps:
        if target.city in stopped:
            yield Result(stage.name, target, "skipped")
            continue
        try:
            build = _Build(stage, target, root)
        except MonitorError as error:  # what a city declares could not be read
            yield Result(stage.name, target, "failed", error)
            continue
        if force or build.why():
            stale.append(build)
        else:
            yield Result(stage.name, target, "fresh")
    try:
        yield from _run_stale(stale, run)
    finally:
        for building in filter(None, (build.building for build in stale)):
            shutil.rmtree(building, ignore_errors=True)


def _run_stale(builds: list[_Build], run: Run) -> Iterator[Result]:
    """Results as they come."""
    jobs = [(build.task(), build) for build in builds]
    for outcome in run([task for task, _ in jobs]):
        yield _settled(next(build for task, build in jobs if task is outcome.task), outcome)


def _settled(build: _Build, outcome: Outcome) -> Result:
    """The result of a step once its work is done or has failed."""
    try:
        facts = outcome.facts()
        build.keep(facts)
    except MonitorError as error:
        return Result(build.stage.name, build.target, "failed", error)
    return Result(build.stage.name, build.target, "done", seconds=facts["duration"])


def _tell(progress: Lines, result: Result) -> None:
    label = f"{result.stage} {result.target}"
    if result.status == "done":
        progress.done(label, result.seconds)
    elif result.status == "failed":
        progress.failed(label, str(result.error))
    elif result.status == "fresh":
        progress.fresh(label)
    else:
        progress.skipped(label)
