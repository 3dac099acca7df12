"""Work in children: one child for each notebook, several at a time, each forked from one warmed parent.

The parent is the fork server of ``multiprocessing``: a process of its own that imports the heavy libraries once,
reads no data and starts no threads. It is started in the environment of a run, so that hash seed and thread
counts hold from the first instruction, and nothing of the caller (settings, warnings, open files) reaches a
notebook. Where fork is not there, each child is started afresh and runs a plain kernel; the notebook comes out
the same (held by a test).
"""

import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import time
import types
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Protocol

from helpers.files import MonitorError
from helpers.pipeline.environment import applied, run_environment
from helpers.pipeline.execution import Notebook, RunError, unexpected

Announce = Callable[[str], None]
TIMEOUT = 900.0
CAN_FORK = "forkserver" in multiprocessing.get_all_start_methods()


class Task(Protocol):
    """Work for a child: a notebook or a call."""

    epoch: int

    @property
    def label(self) -> str:
        """What people call it."""

    def perform(self, scratch: Path, engine: str, announce: Announce) -> Any:
        """Do it; the result travels back to the parent."""


@dataclass(frozen=True)
class Call:
    """A function with its arguments, all of which another process can import or receive."""

    label: str
    function: Callable[..., Any]
    arguments: Mapping[str, Any] = field(default_factory=dict)
    epoch: int = 0

    def perform(self, scratch: Path, engine: str, announce: Announce) -> Any:
        """The value of the function."""
        return self.function(**self.arguments)


@dataclass(frozen=True)
class Outcome:
    """What became of a task: its result (facts of a notebook, value of a call), or the error that ended it."""

    task: Task
    result: Any = None
    error: RunError | None = None

    def facts(self) -> Any:
        """The result; raises the error where there is one."""
        if self.error:
            raise self.error
        return self.result


@dataclass
class _Child:
    task: Task
    process: multiprocessing.process.BaseProcess
    connection: Connection
    scratch: Path
    deadline: float
    place: str = "its start"


def warm() -> None:
    """Start the warmed parent now; otherwise the first task does. It ends with this process."""
    if CAN_FORK:
        from multiprocessing import forkserver

        with applied(run_environment(0, Path(tempfile.gettempdir()))):
            multiprocessing.set_forkserver_preload(["helpers.pipeline.preload"])
            forkserver.ensure_running()


def run_notebook(
    source: Path,
    target: Path,
    parameters: Mapping[str, Any],
    *,
    root: Path,
    epoch: int,
    log: Announce = lambda line: None,
    timeout: float = TIMEOUT,
    kernel: bool = not CAN_FORK,
) -> dict[str, Any]:
    """Run one notebook; returns the facts for ``run.json``. See ``Notebook`` for the parameters.

    Raises
    ------
    MonitorError in one sentence; the target is then as it was before.
    """
    job = Notebook(source, target, parameters, root, epoch)
    job.values()  # before anything starts
    (outcome,) = run_all([job], log=log, timeout=timeout, kernel=kernel)
    return outcome.facts()


def run_all(
    tasks: Sequence[Task],
    *,
    workers: int | None = None,
    timeout: float = TIMEOUT,
    log: Announce = lambda line: None,
    kernel: bool = not CAN_FORK,
) -> Iterator[Outcome]:
    """Outcomes of the tasks as they come, ``workers`` at a time (the number of cores); an error stops no other task.

    Parameters
    ----------
    timeout: seconds that one task may take before it is stopped.
    log: receives a line when a task comes to its next cell.
    kernel: run notebooks by plain kernels instead of by forked shells.
    """
    waiting, running = deque(tasks), []
    try:
        while waiting or running:
            while waiting and len(running) < (workers or os.cpu_count() or 1):
                running.append(_start(waiting.popleft(), timeout, kernel))
            for child, outcome in list(_finished(running, log)):
                running.remove(child)
                _end(child, grace=0 if outcome.error else 2)
                yield outcome
    finally:
        for child in running:
            _end(child)


def _start(task: Task, timeout: float, kernel: bool) -> _Child:
    scratch = Path(tempfile.mkdtemp(prefix="monitor-"))
    environment = run_environment(task.epoch, scratch)
    ours, theirs = multiprocessing.Pipe(duplex=False)
    if not kernel:
        warm()
    context = multiprocessing.get_context("spawn" if kernel else "forkserver")
    arguments = (task, scratch, "kernel" if kernel else "shell", environment, theirs)
    process = context.Process(target=_work, args=arguments, name=task.label)
    with applied(environment), _without_main():
        process.start()
    theirs.close()
    return _Child(task, process, ours, scratch, time.monotonic() + timeout)


@contextmanager
def _without_main() -> Iterator[None]:
    """Hide the caller's script, which multiprocessing would run again in each child."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _finished(running: list[_Child], log: Announce) -> Iterator[tuple[_Child, Outcome]]:
    """Wait for the next sign of life, death or timeout, and give the children that came to an end."""
    left = min(child.deadline for child in running) - time.monotonic()
    signs = [sign for child in running for sign in (child.connection, child.process.sentinel)]
    ready = wait(signs, timeout=max(left, 0))
    for child in running:
        outcome = None
        if child.connection in ready or child.process.sentinel in ready:
            outcome = _receive(child, log)
        elif time.monotonic() >= child.deadline:
            outcome = Outcome(child.task, error=_late(child))
        if outcome:
            yield child, outcome


def _receive(child: _Child, log: Announce) -> Outcome | None:
    """The next message of a child as an outcome; None for a mere announcement."""
    try:
        if not child.connection.poll():
            return Outcome(child.task, error=_dead(child))
        kind, content = child.connection.recv()
    except (EOFError, OSError):
        return Outcome(child.task, error=_dead(child))
    if kind == "place":
        child.place = content
        log(f"{child.task.label}, {content}")
        return None
    if kind == "error":
        return Outcome(child.task, error=RunError(**content))
    return Outcome(child.task, content)


def _end(child: _Child, grace: float = 0) -> None:
    """Stop a child with all processes that it started, after ``grace`` seconds to leave by itself."""
    child.process.join(timeout=grace)
    with suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg") and child.process.pid:
            os.killpg(child.process.pid, signal.SIGKILL)
    child.process.kill()
    child.process.join()
    child.connection.close()
    shutil.rmtree(child.scratch, ignore_errors=True)


def _late(child: _Child) -> RunError:
    return RunError(
        f"stopped in {child.place} because it took too long",
        where=child.task.label,
        remedy="allow it more time, or look there for what does not end",
    )


def _dead(child: _Child) -> RunError:
    child.process.join(timeout=5)
    code = child.process.exitcode
    why = f"signal {signal.Signals(-code).name}" if code and code < 0 else f"exit code {code}"
    return RunError(
        f"its process ended in {child.place} without a result ({why})",
        where=child.task.label,
        remedy="free memory and run it again; run fewer at a time if it comes back",
    )


def _work(task: Task, scratch: Path, engine: str, environment: dict[str, str], connection: Connection) -> None:
    """The life of a child."""
    if hasattr(os, "setsid"):
        os.setsid()  # Ctrl-C goes to the parent, which ends this whole group
    with applied(environment):
        connection.send(_attempt(task, scratch, engine, lambda place: connection.send(("place", place))))


def _attempt(task: Task, scratch: Path, engine: str, announce: Announce) -> tuple[str, Any]:
    try:
        _require_fixed_hashes()
        return "result", task.perform(scratch, engine, announce)
    except MonitorError as error:
        return "error", _portable(error)
    except Exception as error:
        return "error", _portable(unexpected(error, task.label))


def _portable(error: MonitorError) -> dict[str, Any]:
    where = None if error.where is None else str(error.where)
    more = {name: getattr(error, name, "") for name in ("traceback", "executed")}
    return {"what": error.what, "where": where, "remedy": error.remedy, **more}


def _require_fixed_hashes() -> None:
    # Only a parent started by warm() has the seed; another would make the order of sets differ between runs.
    if sys.flags.hash_randomization:
        raise MonitorError(
            "the parent of the children was started outside the environment of a run",
            remedy="call warm() before anything else uses multiprocessing, without the flags -E and -I",
        )
