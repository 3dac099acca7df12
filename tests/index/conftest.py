"""Indicator values of a made-up city, by the method that is shipped."""

import numpy as np
import pandas as pd
import pytest

from helpers.config import load_method
from helpers.measures import Measurement

EMPTY = ["value", "numerator", "denominator", "n", "lower", "upper", "ci_low", "ci_high", "process_low", "process_high"]


@pytest.fixture(scope="session")
def method(root):
    return load_method(root, "v1")


@pytest.fixture
def values(method):
    """Builds values in which every indicator of a dimension has the dimension's score; None: not collected."""

    def build(scores, level="city", unit_id="villa", **columns):
        rows = [
            {"indicator": one.id, "form": one.form, "score": scores[name], "status": "ok"}
            for name in method.dimensions
            for one in method.of_dimension(name)
        ]
        frame = pd.DataFrame(rows).astype({"score": "Float64"})
        frame["status"] = frame["status"].mask(frame["score"].isna(), "not_collected")
        fixed = {
            "city": "villa",
            "period": "2022",
            "method_version": method.version,
            "reason": "",
            "data_status": "final",
        }
        frame = frame.assign(level=level, unit_id=unit_id, **fixed)
        for name in EMPTY:
            frame[name] = pd.Series([pd.NA] * len(frame), dtype="Float64")
        return frame.assign(**columns)

    return build


def as_measured(values, draws=None):
    """Values as they come out of the measures, with draws (rows, draws) or none."""
    values = values.reset_index(drop=True)
    drawn = np.full((len(values), 0), np.nan) if draws is None else draws
    return Measurement(values, pd.DataFrame(), drawn)


@pytest.fixture
def rng():
    return np.random.default_rng(7)
