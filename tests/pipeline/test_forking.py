"""Notebooks run in forked children: what they leave, what they may not share, and how failures are told."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import nbformat
import pytest

from helpers.files import MonitorError
from helpers.pipeline.forking import Call, Notebook, run_all, run_notebook
from tests.pipeline.toy_notebooks import outputs, text, write_notebook

EPOCH = 1672444800

EVERYTHING = [
    'city: str = "rosario"\ndraws: int = 1',
    "import sys, warnings\nprint(city, draws)\nwarnings.warn('low coverage')\n"
    "print('note', file=sys.stderr)\nprint('end')",
    "from IPython.display import Markdown, display\nfor n in range(2):\n    display(Markdown(f'## {n}'))\n    print(n)",
    "%matplotlib inline\nimport matplotlib.pyplot as plt\nfigure, axes = plt.subplots()\naxes.plot([1, 3, 2]);",
    "figure",
    "import pandas as pd\npd.DataFrame({'district': ['Norte', 'Sur'], 'score': [61.25, None]})",
    "display(object(), display_id='later');",
    "display('changed', display_id='later', update=True)\n{'b', 'a', 'c'}",
    "from IPython.display import clear_output\nprint('gone')\nclear_output(wait=True)\nprint('stays')",
    "",
    "async def answer():\n    return 42\nawait answer()",
    "class Row:\n    pass\nRow.__module__, __name__",
    "def share(part, whole):\n    return part / whole\nshare(1, 0)",
    "print('never reached')",
]


@pytest.fixture
def run(tmp_path):
    """Runs cells as the notebook a.ipynb and returns the path of the executed one."""

    def run(*sources, **options):
        source = write_notebook(tmp_path / "notebooks" / "a.ipynb", "city: str = 'x'", *sources)
        run_notebook(source, tmp_path / "out" / "a.ipynb", {}, root=tmp_path, epoch=EPOCH, **options)
        return tmp_path / "out" / "a.ipynb"

    return run


def test_the_forked_shell_and_a_kernel_leave_the_same_notebook(tmp_path, capfd):
    source = write_notebook(tmp_path / "notebooks" / "all.ipynb", *EVERYTHING)
    job = Notebook(source, None, {"draws": 5}, tmp_path, EPOCH)
    errors = [next(run_all([job], kernel=kernel)).error for kernel in (False, True)]
    assert str(errors[0]) == str(errors[1]) == "notebooks/all.ipynb, cell 13: ZeroDivisionError: division by zero."
    assert errors[0].executed == errors[1].executed
    assert errors[0].traceback == errors[1].traceback
    assert capfd.readouterr().err == ""  # no warning of a kernel about its transport
    cells = json.loads(errors[0].executed)["cells"]
    kinds = [[output["output_type"] for output in cell["outputs"]] for cell in cells]
    assert kinds == [
        [],
        [],
        ["stream", "stream"],
        ["display_data", "stream"] * 2,
        ["display_data"],
        ["execute_result"],
        ["execute_result"],
        ["display_data"],
        ["execute_result"],
        ["stream"],
        [],
        ["execute_result"],
        ["execute_result"],
        ["error"],
        [],
    ]
    assert cells[2]["outputs"][0]["text"] == ["rosario 5\n", "end\n"]
    assert cells[2]["outputs"][1]["text"][0] == "<cell>:3: UserWarning: low coverage\n"
    assert cells[4]["outputs"][0]["data"]["image/png"] == cells[5]["outputs"][0]["data"]["image/png"]
    assert cells[7]["outputs"][0]["data"]["text/plain"] == ["'changed'"]
    assert cells[9]["outputs"][0]["text"] == ["stays\n"]
    assert cells[12]["outputs"][0]["data"]["text/plain"] == ["('__main__', '__main__')"]


def test_the_same_run_gives_the_same_bytes_elsewhere(tmp_path):
    written = []
    for name in ("here", "other place {x}"):
        root = tmp_path / name
        source = write_notebook(
            root / "notebooks" / "a.ipynb", "folder: str = '.'", "import os\nprint(os.getcwd(), folder)\nobject()"
        )
        parameters = {"folder": root / "data" / ".building-x1y2z3a4" / "2022"}
        run_notebook(source, root / "a.ipynb", parameters, root=root, epoch=EPOCH)
        written.append((root / "a.ipynb").read_bytes())
    assert written[0] == written[1]
    assert b"notebooks ../data/2022" in written[0]


def test_facts_for_the_run_file(tmp_path):
    source = write_notebook(tmp_path / "a.ipynb", "n: int = 1", "n", "n + 1")
    facts = run_notebook(source, tmp_path / "b.ipynb", {"n": 2}, root=tmp_path, epoch=EPOCH)
    assert facts["notebook"] == "a.ipynb"
    assert facts["parameters"] == {"n": 2}
    assert facts["python"] == ".".join(map(str, sys.version_info[:3]))
    assert [entry["cell"] for entry in facts["cells"]] == [1, 2, 3]
    assert facts["start"] < facts["end"] and facts["duration"] > 0
    assert facts["start"].startswith(time.strftime("%Y", time.gmtime()))
    assert outputs(tmp_path / "b.ipynb")[-1].data["text/plain"] == "3"


def test_the_environment_is_the_same_for_everyone(run, monkeypatch, tmp_path):
    monkeypatch.setenv("TZ", "America/Argentina/Buenos_Aires")
    monkeypatch.setenv("LC_ALL", "it_IT.UTF-8")
    monkeypatch.setenv("MPLBACKEND", "pdf")
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "7")
    monkeypatch.setenv("SOMEBODYS_SETTING", "1")
    monkeypatch.setenv("MONITOR_MIRROR", "mirror")
    names = ["TZ", "LC_ALL", "MPLBACKEND", "OPENBLAS_NUM_THREADS", "SOURCE_DATE_EPOCH", "SOMEBODYS_SETTING"]
    executed = run(
        f"import os, sys, time\nprint([os.environ.get(name) for name in {names}])",
        "print(sys.flags.hash_randomization, time.tzname[0])",
        "print(os.path.isabs(os.environ['MONITOR_MIRROR']))",  # the notebook works in another folder
    )
    assert text(executed).splitlines() == [f"['UTC', 'C.UTF-8', 'agg', '1', '{EPOCH}', None]", "0 UTC", "True"]
    assert os.environ["TZ"] == "America/Argentina/Buenos_Aires"


def test_nothing_leaks_from_one_notebook_to_the_next(run):
    run(
        "import os, sys, warnings, matplotlib\nmatplotlib.rcParams['font.size'] = 99\nwarnings.simplefilter('error')\n"
        "sys.modules['leak'] = sys; os.environ['LEAK'] = '1'"
    )
    executed = run(
        "import matplotlib, os, sys",
        "matplotlib.rcParams['font.size'], 'leak' in sys.modules, 'LEAK' in os.environ",
    )
    assert outputs(executed)[0].data["text/plain"] == "(10.0, False, False)"


def test_a_notebook_may_use_processes_of_its_own(run):
    executed = run(
        "import multiprocessing\nwith multiprocessing.get_context('fork').Pool(2) as pool:\n"
        "    print(pool.map(abs, [-1, -2]))"
    )
    assert text(executed) == "[1, 2]\n"


def test_an_error_made_for_people_is_told_as_it_is(run):
    with pytest.raises(MonitorError) as error:
        run("import helpers.files\nraise helpers.files.MonitorError('no sheet 2022', where='a.xlsx', remedy='add it')")
    assert str(error.value) == "a.xlsx: no sheet 2022; add it."
    assert "Traceback" in error.value.traceback


def test_a_subclass_of_it_too(run):
    with pytest.raises(MonitorError) as error:
        run("from helpers.pipeline.execution import RunError\nraise RunError('too few rows')")
    assert str(error.value) == "too few rows."


@pytest.mark.parametrize(
    "cell, sentence",
    [
        ("{}['rosario']", "notebooks/a.ipynb, cell 2: KeyError: 'rosario'."),
        ("raise ValueError('one\\ntwo\\n')", "notebooks/a.ipynb, cell 2: ValueError: two."),
        ("raise StopIteration", "notebooks/a.ipynb, cell 2: StopIteration."),
        ("1 +", "notebooks/a.ipynb, cell 2: SyntaxError: invalid syntax"),
    ],
)
def test_any_other_error_is_one_sentence_with_the_cell(run, cell, sentence):
    with pytest.raises(MonitorError) as error:
        run(cell)
    assert str(error.value).startswith(sentence)
    assert "\n" not in str(error.value)


def test_a_failed_run_leaves_the_last_good_notebook(run, tmp_path):
    before = run("print('good')").read_bytes()
    with pytest.raises(MonitorError):
        run("1 / 0")
    assert (tmp_path / "out" / "a.ipynb").read_bytes() == before
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a.ipynb"]


def test_the_watchdog_stops_what_does_not_end(run, tmp_path):
    started = time.monotonic()
    with pytest.raises(MonitorError, match=r"notebooks/a.ipynb: stopped in cell 3 because it took too long; allow it"):
        run(
            "import subprocess\nchild = subprocess.Popen(['sleep', '60'])\nopen('pid', 'w').write(str(child.pid))",
            "child.wait()",
            timeout=1,
        )
    assert time.monotonic() - started < 10
    grandchild = int((tmp_path / "notebooks" / "pid").read_text())
    assert not _alive(grandchild)


def _alive(process: int) -> bool:
    status = Path(f"/proc/{process}/stat")
    for _ in range(40):
        if not status.exists() or status.read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return False
        time.sleep(0.05)
    return True


def test_a_child_that_dies_is_an_error_that_says_where(run):
    with pytest.raises(MonitorError, match=r"its process ended in cell 2 without a result \(signal SIGKILL\)"):
        run("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")


def test_parameters_are_checked_before_anything_starts(tmp_path):
    source = write_notebook(tmp_path / "a.ipynb", "period: str = ...", "open('started', 'w')")
    with pytest.raises(MonitorError, match="a.ipynb: the parameter 'period' must be text, not 2022"):
        run_notebook(source, tmp_path / "b.ipynb", {"period": 2022}, root=tmp_path, epoch=EPOCH)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.ipynb"]


def test_several_at_a_time_and_an_error_stops_no_other(tmp_path):
    source = write_notebook(tmp_path / "a.ipynb", "n: int = 1", "12 // n")
    jobs = [Notebook(source, tmp_path / f"{n}.ipynb", {"n": n}, tmp_path, EPOCH) for n in (1, 0, 3)]
    lines = []
    found = {outcome.task.parameters["n"]: outcome for outcome in run_all(jobs, workers=2, log=lines.append)}
    assert set(found) == {0, 1, 3}
    assert "ZeroDivisionError" in str(found[0].error) and found[1].error is found[3].error is None
    assert outputs(tmp_path / "3.ipynb")[0].data["text/plain"] == "4"
    assert not (tmp_path / "0.ipynb").exists()
    assert lines.count("a.ipynb, cell 2") == 3


def test_calls_run_in_children_too():
    calls = [Call("hash", hash, {}, EPOCH), Call("power", pow, {"base": 2, "exp": 5}, EPOCH)]
    found = {outcome.task.label: outcome for outcome in run_all(calls)}
    assert found["power"].result == 32
    assert str(found["hash"].error) == "hash: TypeError: hash() takes exactly one argument (0 given)."


@dataclass(frozen=True)
class Page:
    """A task of one's own: a notebook and what follows it, in one child."""

    notebook: Notebook
    label: str = "page"
    epoch: int = EPOCH

    def perform(self, scratch, engine, announce):
        facts = self.notebook.perform(scratch, engine, announce)
        return facts["parameters"], text(self.notebook.target).upper()


def test_a_task_may_be_a_notebook_and_what_follows(tmp_path):
    source = write_notebook(tmp_path / "a.ipynb", "city: str = 'x'", "print(city)")
    page = Page(Notebook(source, tmp_path / "b.ipynb", {"city": "villa"}, tmp_path, EPOCH))
    (outcome,) = run_all([page])
    assert outcome.facts() == ({"city": "villa"}, "VILLA\n")


def test_a_notebook_that_was_run_is_an_ordinary_one(run):
    notebook = nbformat.read(run("city"), as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"


@pytest.mark.slow
def test_a_script_without_a_main_guard_may_run_notebooks(tmp_path):
    write_notebook(tmp_path / "a.ipynb", "n: int = 1", "print(n)")
    (tmp_path / "script.py").write_text(
        "from pathlib import Path\nfrom helpers.pipeline import run_notebook\nprint('script')\n"
        "run_notebook(Path('a.ipynb'), Path('b.ipynb'), {'n': 2}, root=Path(), epoch=0)\n"
    )
    done = subprocess.run([sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "script\n", "")
    assert text(tmp_path / "b.ipynb") == "2\n"


@pytest.mark.slow
def test_an_interrupted_run_ends_its_children(tmp_path):
    write_notebook(
        tmp_path / "a.ipynb",
        "n: int = 1",
        "import os, time\nopen('pid', 'w').write(str(os.getpid()))",
        "time.sleep(60)",
    )
    script = (
        "from pathlib import Path\nfrom helpers.pipeline import run_notebook\n"
        "run_notebook(Path('a.ipynb'), Path('b.ipynb'), {}, root=Path(), epoch=0)\n"
    )
    # Whoever runs the tests in the background has Ctrl-C ignored; the run must not inherit that here.
    listening = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    parent = subprocess.Popen(
        [sys.executable, "-c", script], cwd=tmp_path, stderr=subprocess.DEVNULL, preexec_fn=listening
    )
    while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
        assert parent.poll() is None
        time.sleep(0.05)
    parent.send_signal(signal.SIGINT)
    assert parent.wait(timeout=10) != 0
    assert not _alive(int((tmp_path / "pid").read_text()))
    assert not (tmp_path / "b.ipynb").exists()
