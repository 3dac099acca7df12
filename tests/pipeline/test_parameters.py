"""A notebook's parameters are checked before it starts: names, missing values, types."""

from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.files import MonitorError
from helpers.pipeline.parameters import REQUIRED, Kind, check, declared, read_notebook

WHERE = Path("notebooks/2_compute_index.ipynb")
CELL = '''
"""Which index to compute."""
city: str = "rosario"
period: str = ...
draws: int = 500   # of the uncertainty analysis
share: float = 0.5
publish: bool = False
languages: list[str] = ["es", "en"]
method: str | None = None
'''


def notebook(*sources, tags=("parameters",)):
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    cells[0].metadata["tags"] = list(tags)
    return nbformat.v4.new_notebook(cells=cells)


@pytest.fixture
def parameters():
    return declared(notebook(CELL, "other: int = 3"), WHERE)


def test_declares_names_types_and_defaults(parameters):
    assert list(parameters) == ["city", "period", "draws", "share", "publish", "languages", "method"]
    assert parameters["city"].default == "rosario"
    assert parameters["period"].default is REQUIRED
    assert parameters["languages"].kind == Kind("str", many=True)
    assert parameters["method"].kind == Kind("str", optional=True)


@pytest.mark.parametrize(
    "annotation, kind",
    [
        ("Optional[int]", Kind("int", optional=True)),
        ("typing.Optional[list[str]]", Kind("str", many=True, optional=True)),
        ("None | bool", Kind("bool", optional=True)),
        ("list[float] | None", Kind("float", many=True, optional=True)),
    ],
)
def test_spellings_of_a_type(annotation, kind):
    assert declared(notebook(f"x: {annotation}"), WHERE)["x"].kind == kind


def test_values_that_fit_pass(parameters):
    check({"period": "2022-S1", "draws": 10, "share": 1, "languages": [], "method": None}, parameters, WHERE)


@pytest.mark.parametrize(
    "given, words",
    [
        ({"period": "2022", "perod": "2023"}, "no parameter 'perod'; the nearest name is 'period'"),
        ({"period": "2022", "zz": 1}, "no parameter 'zz'; it has city, period, draws"),
        ({}, "the parameter 'period' has no value; give it text"),
        ({"period": 2022}, "'period' must be text, not 2022"),
        ({"period": True}, "'period' must be text, not True"),
        ({"period": "2022", "draws": "010"}, "'draws' must be a whole number, not '010'"),
        ({"period": "2022", "draws": True}, "'draws' must be a whole number, not True"),
        ({"period": "2022", "draws": 5.0}, "'draws' must be a whole number, not 5.0"),
        ({"period": "2022", "share": "0.5"}, "'share' must be a number, not '0.5'"),
        ({"period": "2022", "share": False}, "'share' must be a number, not False"),
        ({"period": "2022", "publish": "true"}, "'publish' must be True or False, not 'true'"),
        ({"period": "2022", "publish": 1}, "'publish' must be True or False, not 1"),
        ({"period": "2022", "languages": "es"}, "'languages' must be a list of str, not 'es'"),
        ({"period": "2022", "languages": ["es", 1]}, "'languages' must be a list of str"),
        ({"period": None}, "'period' must be text, not None"),
        ({"period": "2022", "method": 1}, "'method' must be text or None, not 1"),
    ],
)
def test_values_that_do_not_fit_are_refused(parameters, given, words):
    with pytest.raises(MonitorError) as error:
        check(given, parameters, WHERE)
    assert words in str(error.value)
    assert str(error.value).startswith("notebooks/2_compute_index.ipynb: ")


@pytest.mark.parametrize(
    "source, words",
    [
        ("import os", "line 1 of the parameters cell is not a parameter: 'import os'"),
        ("city = 'rosario'", "write `name: type = default`"),
        ("today: str = str(1)", "the default of 'today' is computed"),
        ("when: date = None", "has the type 'date'"),
        ("names: dict[str, int] = {}", "has the type 'dict[str, int]'"),
        ("draws: int = '10'", "the default of the parameter 'draws' must be a whole number, not '10'"),
        ("draws: int = 010", "not valid Python, line 1"),
    ],
)
def test_a_parameters_cell_that_is_not_plain_is_refused(source, words):
    with pytest.raises(MonitorError) as error:
        declared(notebook(source), WHERE)
    assert words in str(error.value)


def test_no_parameters_cell_is_an_error():
    with pytest.raises(MonitorError, match="no cell tagged 'parameters'"):
        declared(notebook("x: int = 1", tags=()), WHERE)


def test_two_parameters_cells_are_an_error():
    double = notebook("x: int = 1", "y: int = 2")
    double.cells[1].metadata["tags"] = ["parameters"]
    with pytest.raises(MonitorError, match="2 cells tagged 'parameters'"):
        declared(double, WHERE)


def test_a_file_that_is_no_notebook_is_an_error(tmp_path):
    (tmp_path / "a.ipynb").write_text("not json")
    with pytest.raises(MonitorError, match="not a notebook that can be read"):
        read_notebook(tmp_path / "a.ipynb")
    with pytest.raises(MonitorError, match="does not exist"):
        read_notebook(tmp_path / "b.ipynb")


@given(st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.lists(st.text()), st.none()))
def test_text_never_passes_for_a_number_nor_a_number_for_text(value):
    assert Kind("str").accepts(value) == isinstance(value, str)
    assert Kind("bool").accepts(value) == isinstance(value, bool)
    assert Kind("int").accepts(value) == (isinstance(value, int) and not isinstance(value, bool))
    assert Kind("str", many=True).accepts(value) == isinstance(value, list)
