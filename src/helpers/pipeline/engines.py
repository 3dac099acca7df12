"""Two Papermill engines that leave the same notebook behind: a shell in this process, and a kernel of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
import papermill
from papermill.engines import Engine, NBClientEngine, papermill_engines
from papermill.exceptions import PapermillExecutionError, strip_color
from papermill.execute import remove_error_markers

from helpers.pipeline.canonical import cell_number, is_own_code
from helpers.pipeline.shell import run_cell, start_shell

Announce = Callable[[str], None]


@dataclass(frozen=True)
class Stop:
    """The exception that ended a notebook: its class and text, the whole traceback, the cell's number."""

    name: str
    text: str
    traceback: str
    cell: int


class ShellEngine(Engine):
    """Papermill engine that runs the cells in this process: a child that was forked for this notebook."""

    @classmethod
    def execute_managed_notebook(cls, nb_man, kernel_name, *, scratch, announce, **_):
        """Cells in order until one raises."""
        shell = start_shell(scratch)
        for index, cell in enumerate(nb_man.nb.cells):
            _tell(announce, nb_man.nb, index)
            nb_man.cell_start(cell, index)
            succeeded = run_cell(shell, cell)
            if not succeeded:
                nb_man.cell_exception(cell, index)
            nb_man.cell_complete(cell, index)
            if not succeeded:
                break


class KernelEngine(NBClientEngine):
    """Papermill's default engine, for systems without fork."""

    @classmethod
    def execute_managed_notebook(cls, nb_man, kernel_name, *, scratch, announce, **kwargs):
        """Cells in order until one raises; each is announced before it starts."""
        start = nb_man.cell_start

        def announced_start(cell, cell_index=None, **more):
            _tell(announce, nb_man.nb, cell_index)
            start(cell, cell_index, **more)

        nb_man.cell_start = announced_start
        # ipykernel 7.3 and later warns of unencrypted local transport at every start, and of its own shutdown.
        quiet = ["--log-level=CRITICAL"]
        super().execute_managed_notebook(nb_man, kernel_name, extra_arguments=quiet, **kwargs)


ENGINES = {"shell": ShellEngine, "kernel": KernelEngine}
for _name, _engine in ENGINES.items():
    papermill_engines.register(_name, _engine)


def execute(
    source: Path, values: dict, engine: str, scratch: Path, announce: Announce
) -> tuple[nbformat.NotebookNode, Stop | None]:
    """The notebook as Papermill leaves it, and what stopped it if anything did.

    Parameters
    ----------
    source: the notebook; its folder is the working folder, as in JupyterLab.
    values: parameters, already checked.
    engine: "shell" or "kernel".
    scratch: an empty folder for the run's own files.
    announce: receives "cell n" before each cell of the source.
    """
    executed, stop = scratch / "executed.ipynb", None
    try:
        papermill.execute_notebook(
            _literal(source.resolve()),
            _literal(executed),
            parameters=values,
            engine_name=engine,
            kernel_name="python3",
            language="python",
            progress_bar=False,
            request_save_on_cell_execute=False,
            cwd=source.resolve().parent,
            scratch=scratch,
            announce=announce,
        )
    except PapermillExecutionError as error:
        stop = error
    # On an error Papermill adds two cells of its own and counts without them.
    notebook = remove_error_markers(nbformat.read(executed, as_version=4))
    return notebook, stop and _stop(stop, notebook)


def _stop(error: PapermillExecutionError, notebook: nbformat.NotebookNode) -> Stop:
    traceback = strip_color("\n".join(error.traceback))
    return Stop(error.ename, error.evalue, traceback, cell_number(notebook, error.cell_index))


def _tell(announce: Announce, notebook: nbformat.NotebookNode, index: int) -> None:
    if is_own_code(notebook.cells[index]):
        announce(f"cell {cell_number(notebook, index)}")


def _literal(path: Path) -> str:
    # Papermill takes a path for a template.
    return str(path).replace("{", "{{").replace("}", "}}")
