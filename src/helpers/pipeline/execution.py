"""One notebook run: parameters checked, executed by Papermill, written in canonical form or not at all."""

import os
import platform
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from helpers.files import MonitorError, write_text
from helpers.pipeline.canonical import canonical_notebook, cell_times, machine_places
from helpers.pipeline.parameters import check, declared, read_notebook


class RunError(MonitorError):
    """Work that stopped; its sentence names notebook and cell unless the error was already made for people.

    ``traceback`` is the whole error and ``executed`` the canonical notebook up to it, for whoever debugs.
    """

    def __init__(self, what: str, *, where: object = None, remedy: str | None = None, traceback="", executed=""):
        super().__init__(what, where=where, remedy=remedy)
        self.traceback, self.executed = traceback, executed


@dataclass(frozen=True)
class Notebook:
    """A notebook to run.

    Parameters
    ----------
    source: the notebook without outputs; it works in the folder that it stands in, as in JupyterLab.
    target: where the executed notebook goes; None keeps none.
    parameters: values by name; a Path is passed as text, relative to the folder of the source and with ``/``, so
        that the executed notebook names no machine.
    root: the folder of the house; paths in outputs are shown from here.
    epoch: what stands for "now" in files, in seconds since 1970: the end of the period.
    """

    source: Path
    target: Path | None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    root: Path = field(default_factory=Path.cwd)
    epoch: int = 0

    @property
    def label(self) -> str:
        """The notebook as people know it: its path from the root."""
        path, root = self.source.resolve(), self.root.resolve()
        return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name

    def values(self) -> dict[str, Any]:
        """The parameters as they enter the notebook.

        Raises
        ------
        MonitorError for anything that the notebook's parameters cell does not allow.
        """
        folder, where = self.source.resolve().parent, Path(self.label)
        parameters = declared(read_notebook(self.source), where)
        values = {name: _relative(value, folder) for name, value in self.parameters.items()}
        check(values, parameters, where)
        return values

    def perform(self, scratch: Path, engine: str, announce: Callable[[str], None]) -> dict[str, Any]:
        """Run it in this process, which must be a child of its own; returns the facts for ``run.json``.

        Raises
        ------
        RunError where a cell raised; the target is then as it was before.
        """
        from helpers.pipeline.engines import execute  # only children need Papermill, which takes a second

        values = self.values()
        executed, stop = execute(self.source, values, engine, scratch, announce)
        text = canonical_notebook(executed, machine_places(self.root))
        if stop:
            what, where = _explanation(stop.name, stop.text, f"{self.label}, cell {stop.cell}")
            raise RunError(what, where=where, traceback=stop.traceback, executed=text)
        if self.target:
            write_text(self.target, text)
        return {"notebook": self.label, "parameters": values, "engine": engine, **_facts(executed)}


def _relative(value: Any, folder: Path) -> Any:
    return Path(os.path.relpath(value, folder)).as_posix() if isinstance(value, Path) else value


def _explanation(name: str, text: str, where: str) -> tuple[str, str | None]:
    """What to say of an exception and where it was; one that was made for people is told as it is."""
    if name in _names_for_people(MonitorError):
        return text.removesuffix("."), None
    return _last_line(name, text), where


def unexpected(error: Exception, where: str) -> RunError:
    """An exception that nobody prepared a sentence for, as one sentence with the place."""
    trace = "".join(traceback.format_exception(error))
    return RunError(_last_line(type(error).__name__, str(error)), where=where, traceback=trace)


def _last_line(name: str, text: str) -> str:
    """An exception as the last line of its traceback shows it: class, colon, last line of its text."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return f"{name}: {lines[-1]}" if lines else name


def _names_for_people(kind: type[MonitorError]) -> set[str]:
    # By name, because a kernel sends nothing else about an exception.
    return {kind.__name__}.union(*(_names_for_people(below) for below in kind.__subclasses__()))


def _facts(executed) -> dict[str, Any]:
    run = executed.metadata.papermill
    return {
        "start": run.start_time,
        "end": run.end_time,
        "duration": run.duration,
        "cells": list(cell_times(executed)),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "papermill": version("papermill"),
    }
