"""An IPython shell that runs notebook cells inside this process and keeps their outputs as a kernel would send them.

It is used in a child that exists for one notebook only (see ``forking``), so it may take over what belongs to the
whole process: ``sys.stdout``, ``sys.modules['__main__']``, the display hook.
"""

import io
import sys
import types
from pathlib import Path
from typing import Any

import nbformat
from ipykernel.compiler import XCachingCompiler
from ipykernel.jsonutil import encode_images, json_clean
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config


class Recorder:
    """The outputs of the cell that runs, and the displays of all cells that may still be updated."""

    def __init__(self) -> None:
        self.outputs: list[nbformat.NotebookNode] = []
        self.displays: dict[str, list[nbformat.NotebookNode]] = {}
        self.clear_at_next = False

    def start_cell(self) -> None:
        """A new list for the next cell; updates still reach the displays of earlier cells."""
        self.outputs, self.clear_at_next = [], False

    def add(self, kind: str, display_id: str | None = None, **content: Any) -> None:
        """Append one output of a kind of the notebook format."""
        if self.clear_at_next:
            self.outputs.clear()
            self.clear_at_next = False
        output = nbformat.v4.new_output(kind, **json_clean(content))
        self.outputs.append(output)
        if display_id:
            self.displays.setdefault(display_id, []).append(output)

    def update(self, display_id: str | None, data: dict, metadata: dict) -> None:
        """Give every display with this id new content."""
        for output in self.displays.get(display_id or "", []):
            output.update(nbformat.from_dict(json_clean({"data": data, "metadata": metadata})))


class Stream(io.TextIOBase):
    """Standard output or standard error of the cells."""

    encoding = "utf-8"

    def __init__(self, recorder: Recorder, name: str) -> None:
        self.recorder, self.name = recorder, name

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if text:
            self.recorder.add("stream", name=self.name, text=text)
        return len(text)


class Publisher(DisplayPublisher):
    """Displays go to the recorder."""

    recorder: Recorder

    def publish(self, data, metadata=None, *, transient=None, update=False, **_):
        self._validate_data(data, metadata)
        content, metadata = encode_images(data), metadata or {}
        display_id = (transient or {}).get("display_id")
        if update:
            self.recorder.update(display_id, content, metadata)
        else:
            self.recorder.add("display_data", display_id, data=content, metadata=metadata)

    def clear_output(self, wait=False):
        self.recorder.clear_at_next = wait
        if not wait:
            self.recorder.outputs.clear()


class ResultHook(DisplayHook):
    """The value of a cell's last expression goes to the recorder."""

    recorder: Recorder

    def write_output_prompt(self):
        """Nothing: the notebook keeps the number, not the prompt."""

    def write_format_data(self, format_dict, md_dict=None):
        self.recorder.add(
            "execute_result",
            execution_count=self.prompt_count,
            data=encode_images(format_dict),
            metadata=md_dict or {},
        )

    def finish_displayhook(self):
        self._is_active = False


class NotebookShell(InteractiveShell):
    """IPython without a terminal, a history file or an event loop of a window system."""

    compiler_class = Type(XCachingCompiler)  # names cells in warnings as a kernel does
    display_pub_class = Type(Publisher)
    displayhook_class = Type(ResultHook)
    recorder: Recorder

    def enable_gui(self, gui=None):
        """Nothing to do: figures are drawn without a window."""

    def _showtraceback(self, etype, evalue, stb):
        self.recorder.add("error", ename=etype.__name__, evalue=str(evalue), traceback=stb)


def start_shell(folder: Path) -> NotebookShell:
    """A shell for one notebook, with its files in ``folder``; from here on the process belongs to it."""
    config = Config()
    config.HistoryManager.enabled = False
    shell = NotebookShell.instance(
        config=config, ipython_dir=str(folder), user_module=types.ModuleType("__main__"), parent=None
    )
    recorder = Recorder()
    shell.recorder = shell.display_pub.recorder = shell.displayhook.recorder = recorder
    sys.stdout, sys.stderr = Stream(recorder, "stdout"), Stream(recorder, "stderr")
    sys.path.insert(0, "")  # a kernel finds modules beside the notebook
    return shell


def run_cell(shell: NotebookShell, cell: nbformat.NotebookNode) -> bool:
    """Run one code cell and put its outputs and number into it; False if it raised.

    Cells that are empty or of another type count as run, and get no number, as in a kernel.
    """
    if cell.cell_type != "code" or not cell.source.strip():
        return True
    shell.recorder.start_cell()
    cell.outputs, cell.execution_count = shell.recorder.outputs, shell.execution_count
    result = shell.run_cell(cell.source, store_history=True)
    return result.success
