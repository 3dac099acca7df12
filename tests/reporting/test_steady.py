"""Two renders elsewhere, in another time zone and locale, are the same bytes."""

import os
import subprocess
import sys

RUN = """
import sys; sys.path.insert(0, {tests!r})
from pathlib import Path
import sample
from helpers.reporting import render
folder = Path({folder!r})
render(sample.write_notebook(folder, "it"), folder / "monitor", sample.page("it"), "pandoc", root=Path({root!r}))
"""


def render_elsewhere(folder, root, **environment):
    script = RUN.format(tests=str(root / "tests" / "reporting"), folder=str(folder), root=str(root))
    subprocess.run([sys.executable, "-c", script], env=os.environ | environment, check=True, cwd=folder.parent)
    return {path.suffix: path.read_bytes() for path in folder.glob("monitor.*")}


def test_two_renders_are_identical(tmp_path, root):
    one, two = tmp_path / "one", tmp_path / "a longer" / "way to two"
    for folder in (one, two):
        folder.mkdir(parents=True)
    first = render_elsewhere(one, root, TZ="UTC", LC_ALL="C.UTF-8", PYTHONHASHSEED="1")
    second = render_elsewhere(two, root, TZ="Pacific/Kiritimati", LC_ALL="it_IT.UTF-8", PYTHONHASHSEED="2")
    assert sorted(first) == [".docx", ".html", ".pdf"]
    for suffix, content in first.items():
        assert content == second[suffix], f"{suffix} differs"
