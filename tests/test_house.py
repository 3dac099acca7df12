"""The house is in order: its rooms, its notebooks, its words, its files."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from tests.conftest import ROOT

ROOMS = [
    "config", "files", "language", "sources", "registry", "simulation", "measures", "composite", "index", "figures",
    "reporting", "publishing", "pipeline", "cli",
]  # fmt: skip

TOP_LEVEL = {
    "CHANGELOG.md", "CITATION.cff", "CONTRIBUTING.md", "LICENSE", "Makefile", "README.md", "data", "methodology",
    "notebooks", "pyproject.toml", "reports", "requirements-lab.lock", "requirements.lock", "src", "tests",
}  # fmt: skip

NOTEBOOKS = sorted([*(ROOT / "notebooks").rglob("*.ipynb"), *(ROOT / "reports").glob("*.ipynb")])


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    return listed.stdout.splitlines()


def test_every_room_is_there():
    rooms = {path.stem for path in (ROOT / "src" / "helpers").iterdir() if not path.name.startswith(("_", "."))}
    assert rooms == set(ROOMS)


def test_data_flow_one_way_through_the_rooms():
    program = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_only_figures_import_plotting_libraries():
    plotting = re.compile(r"^\s*(?:import|from) (?:matplotlib|seaborn)", re.MULTILINE)
    rooms = {
        path.relative_to(ROOT / "src" / "helpers").parts[0]
        for path in (ROOT / "src" / "helpers").rglob("*.py")
        if plotting.search(path.read_text(encoding="utf-8"))
    }
    assert rooms <= {"figures"}


def test_only_composite_and_nobody_else_takes_weighted_means():
    means = re.compile(r"np\.average|gmean|geometric_mean")
    rooms = {
        path.relative_to(ROOT / "src" / "helpers").parts[0]
        for path in (ROOT / "src" / "helpers").rglob("*.py")
        if means.search(path.read_text(encoding="utf-8"))
    }
    assert rooms <= {"composite"}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_tells_the_story_and_defines_nothing(path):
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert len(code) <= 14
    assert not any(cell.outputs or cell.execution_count for cell in code)
    assert sum("parameters" in cell.metadata.get("tags", []) for cell in code) == 1
    for cell in code:
        nodes = ast.walk(ast.parse(cell.source))
        assert not [node for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda)]


def test_the_top_level_holds_these_and_no_others():
    names = {path.split("/")[0] for path in tracked() if not path.startswith(".")}
    if not names:
        pytest.skip("not a git checkout")
    assert names == TOP_LEVEL


def test_the_product_knows_no_folder_of_this_machine_and_no_shared_folder():
    for path in (ROOT / "src").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "/shared" not in text and not re.search(r"[\"'](?:/home|/root|/Users|/tmp)/", text), path


def test_the_lock_names_no_registry():
    for name in ("requirements.lock", "requirements-lab.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text and "--index" not in text and "--find-links" not in text
        assert "--hash=sha256:" in text


def test_every_dependency_is_pinned():
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8").lower().replace("_", "-")
    wanted = re.findall(r'^    "([A-Za-z0-9_.-]+)', project, re.MULTILINE)
    missing = [name for name in wanted if f"\n{name.lower().replace('_', '-')}==" not in f"\n{lock}"]
    assert [name for name in missing if not name.startswith("helpers.")] == []


def test_make_help_lists_every_target():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = set(re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split())
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert phony == set(re.findall(r"^  make ([a-z-]+)", shown, re.MULTILINE))


def test_no_committed_file_holds_an_address_of_a_person():
    mail = re.compile(r"[\w.+-]+@(?!.*example\.)[\w-]+\.[a-z]{2,}")
    for name in tracked():
        if name.startswith("data/") and (ROOT / name).is_file():
            assert not mail.search((ROOT / name).read_text(encoding="utf-8", errors="replace")), name
