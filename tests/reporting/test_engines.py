"""The choice of engine, and the Quarto engine up to its door."""

import json
import os
import shutil
import sys

import pytest
import yaml

from helpers.config import choose_engine
from helpers.files import MonitorError
from helpers.reporting import quarto, render

from . import sample
from .needs import require

FAKE = """#!{python}
import json, os, pathlib, sys
arguments = sys.argv[1:]
if arguments == ["--version"]:
    print("1.10.19")
    raise SystemExit
here = pathlib.Path.cwd()
call = {{
    "arguments": arguments,
    "files": sorted(str(path.relative_to(here)) for path in here.rglob("*") if path.is_file()),
    "environment": {{name: os.environ.get(name) for name in ("SOURCE_DATE_EPOCH", "TZ", "LC_ALL")}},
    "metadata": json.loads(pathlib.Path("metadata.json").read_text(encoding="utf-8")),
    "notebook": json.loads(pathlib.Path("page.ipynb").read_text(encoding="utf-8")),
    "date": pathlib.Path("date.typ").read_text(encoding="utf-8"),
    "typst": pathlib.Path("page-quarto.typ").read_text(encoding="utf-8")[:30],
}}
with open({log!r}, "a", encoding="utf-8") as log:
    log.write(json.dumps(call) + "\\n")
if os.environ.get("FAKE_FAILS"):
    sys.exit(os.environ["FAKE_FAILS"])
output = pathlib.Path(arguments[arguments.index("--output") + 1])
if output.suffix == ".docx":
    output.write_bytes(pathlib.Path("reference.docx").read_bytes())
else:
    output.write_text('<html lang="es-AR"><title>T</title><main><h1>H</h1></main></html>', encoding="utf-8")
"""


@pytest.fixture
def fake(tmp_path, monkeypatch):
    """A program named quarto on the path that records how it is called and writes a file."""
    if os.name == "nt":
        pytest.skip("a script with a first line that names its interpreter needs Unix")
    log = tmp_path / "calls.jsonl"
    program = tmp_path / "bin" / "quarto"
    program.parent.mkdir()
    program.write_text(FAKE.format(python=sys.executable, log=str(log)), encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    return log


@pytest.fixture
def no_quarto(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))


def test_choice_without_quarto(no_quarto):
    assert choose_engine("auto") == "pandoc"
    assert choose_engine("pandoc") == "pandoc"
    with pytest.raises(MonitorError, match="not on this machine"):
        choose_engine("quarto")
    with pytest.raises(MonitorError, match="there is no engine 'latex'"):
        choose_engine("latex")


def test_choice_with_quarto(fake):
    assert choose_engine("auto") == "quarto"
    assert choose_engine("pandoc") == "pandoc"


def test_command_line_is_as_documented():
    assert quarto.command("quarto", "pdf") == [
        "quarto", "render", "page.ipynb", "--to", "typst", "--no-execute",
        "--metadata-file", "metadata.json", "--output", "page.pdf", "--quiet",
    ]  # fmt: skip


def test_options_of_every_page(root):
    options = yaml.safe_load((root / "reports" / "_quarto.yml").read_text(encoding="utf-8"))
    assert "project" not in options
    assert options["execute"] == {"enabled": False, "echo": False, "warning": False}
    html = options["format"]["html"]
    assert (html["theme"], html["embed-resources"], html["html-math-method"]) == ("none", True, "mathml")
    assert options["format"]["typst"]["include-before-body"] == "date.typ"
    style = root / "reports" / "style"
    assert (style / html["template"]).is_file()
    assert (style / html["css"]).is_file()
    assert (style / options["filters"][0]["path"]).is_file()


def test_each_format_is_one_call_in_a_staged_folder(fake, tmp_path, root):
    notebook = sample.write_notebook(tmp_path, "es")
    manifest = render(notebook, tmp_path / "monitor", sample.page("es"), "auto", root=root)
    calls = [json.loads(line) for line in fake.read_text(encoding="utf-8").splitlines()]
    assert [call["arguments"][3] for call in calls] == ["html", "typst", "docx"]
    assert manifest.engine == "quarto"
    assert manifest.versions == {"quarto": "1.10.19"}
    assert sorted(manifest.files) == ["monitor.docx", "monitor.html", "monitor.pdf"]
    needed = {
        "_quarto.yml",
        "report.lua",
        "page.html",
        "style.css",
        "header.html",
        "footer.html",
        "fig/index.png",
    }
    assert needed <= set(calls[0]["files"])
    assert calls[0]["environment"] == {"SOURCE_DATE_EPOCH": "1656547200", "TZ": "UTC", "LC_ALL": "C.UTF-8"}
    assert (calls[0]["metadata"]["lang"], calls[0]["metadata"]["date"]) == ("es-AR", "2022-06-30")
    assert calls[1]["date"] == "#set document(date: datetime(year: 2022, month: 6, day: 30))\n"
    assert calls[1]["typst"].startswith("$definitions.typ()$")


def test_the_notebook_for_quarto_shows_only_the_report(fake, tmp_path, root):
    notebook = sample.write_notebook(tmp_path, "es")
    render(notebook, tmp_path / "monitor", sample.page("es"), "quarto", ("html",), root=root)
    staged = json.loads(fake.read_text(encoding="utf-8"))["notebook"]
    code = [cell for cell in staged["cells"] if cell["cell_type"] == "code"]
    assert len(code) == 4
    assert all("".join(cell["source"]).startswith("#| output: asis") for cell in code)
    assert {name for cell in code for output in cell["outputs"] for name in output["data"]} == {"text/markdown"}
    assert "¿Hay algo mal?" in "".join(staged["cells"][-1]["source"])
    assert all("\n" in "".join(output["data"]["text/markdown"])[-1:] for cell in code for output in cell["outputs"])


def test_faults_are_found_before_quarto_is_called(fake, tmp_path, root):
    notebook = sample.write_notebook(tmp_path, "es", [sample.report_cell("See @fig-nowhere.")])
    with pytest.raises(MonitorError, match="@fig-nowhere points to nothing"):
        render(notebook, tmp_path / "monitor", sample.page("es"), "quarto", ("html",), root=root)
    assert not fake.exists()


def test_a_failing_quarto_is_reported_and_nothing_written(fake, tmp_path, root, monkeypatch):
    monkeypatch.setenv("FAKE_FAILS", "ERROR: typst not found")
    notebook = sample.write_notebook(tmp_path, "es")
    with pytest.raises(MonitorError, match="quarto failed: ERROR: typst not found"):
        render(notebook, tmp_path / "monitor", sample.page("es"), "quarto", root=root)
    assert not list(tmp_path.glob("monitor.*"))


def test_both_engines_say_the_same(tmp_path, root):
    from bs4 import BeautifulSoup

    require("quarto", shutil.which("quarto") is not None, "quarto is not on this machine")
    texts = []
    for engine in ("pandoc", "quarto"):
        folder = tmp_path / engine
        folder.mkdir()
        render(sample.write_notebook(folder, "es"), folder / "monitor", sample.page("es"), engine, root=root)
        page = BeautifulSoup((folder / "monitor.html").read_text(encoding="utf-8"), "html.parser")
        texts.append(page.main.get_text(" ").split())
    assert texts[0] == texts[1]
