"""What the tests of documents need."""

import importlib.util

from tests.conftest import require

__all__ = ["documents", "require"]


def documents(module: str) -> None:
    """A reader of PDF or DOCX."""
    require("documents", importlib.util.find_spec(module) is not None, f"{module} is not installed")
