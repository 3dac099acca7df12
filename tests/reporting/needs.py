"""Honest skips: a missing program or library skips with a reason, or fails where MONITOR_REQUIRE names it."""

import importlib.util
import os

import pytest


def require(need: str, present: bool, reason: str) -> None:
    """Skip where ``need`` is absent; fail instead where MONITOR_REQUIRE names it."""
    if present:
        return
    if need in os.environ.get("MONITOR_REQUIRE", "").split(","):
        pytest.fail(f"{need} is required here: {reason}")
    pytest.skip(reason)


def documents(module: str) -> None:
    """A reader of PDF or DOCX."""
    require("documents", importlib.util.find_spec(module) is not None, f"{module} is not installed")
