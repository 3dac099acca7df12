"""The sample report, rendered once per language, and what the tests of finished files need."""

import pytest

from helpers.reporting import render

from . import sample


@pytest.fixture(scope="session", params=["es", "en", "it"])
def rendered(request, tmp_path_factory, root):
    """Language, folder and manifest of the sample; the English one is not simulated."""
    folder = tmp_path_factory.mktemp(request.param)
    notebook = sample.write_notebook(folder, request.param)
    page = sample.page(request.param, simulated=request.param != "en")
    return request.param, folder, render(notebook, folder / "monitor", page, "pandoc", root=root)
