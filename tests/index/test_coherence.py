"""Coherence is computed where there are enough instances, and said to be unreadable where there are not."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from helpers.index import coherence
from helpers.language import Texts


@pytest.fixture
def findings(method, values):
    """Instances whose two first quality indicators are x and x plus noise, the others the same for all."""

    def build(instances):
        rng = np.random.default_rng(3)
        one, two = (indicator.id for indicator in method.of_dimension("quality")[:2])
        frames = []
        for number in range(instances):
            frame = values(dict.fromkeys(method.dimensions, 50), "instance", f"vil-{number}")
            x = float(rng.uniform(20, 80))
            frame.loc[frame["indicator"] == one, "score"] = x
            frame.loc[frame["indicator"] == two, "score"] = x + float(rng.normal(0, 1))
            frames.append(frame)
        return SimpleNamespace(method=method, values=pd.concat(frames, ignore_index=True))

    return build


def test_two_indicators_that_say_the_same_have_an_alpha_near_one(findings, root, method):
    table = coherence(findings(30), Texts(root, "en")).set_index("name")
    row = table.loc["Quality"]
    assert (row["indicators"], row["units"]) == (2, 30)
    assert float(row["alpha"]) > 0.98
    assert row["strongest"].startswith("Q1, Q2: 1.00") or row["strongest"].startswith("Q1, Q2: 0.99")
    assert table.loc["Diversity", "alpha"] == "–"


def test_a_handful_of_instances_says_nothing(findings, root):
    row = coherence(findings(6), Texts(root, "en")).iloc[0]
    assert row["alpha"] == row["strongest"] == "–"
    assert "too few" in row["verdict"]
