"""The card of an instance shows the dimensions that enough of its published indicators support, and no other."""

from types import SimpleNamespace

import pandas as pd
import pytest

from helpers.config import load_method
from helpers.index.instance_scores import instance_dimensions


@pytest.fixture(scope="module")
def method(root):
    return load_method(root, "v1")


def of(method, dimension):
    return [one for one in method.indicators.values() if one.enabled and one.dimension == dimension]


def found(method, rows):
    """Dimensions of instances whose published indicators are rows of (instance, indicator, score, status)."""
    columns = ["unit_id", "indicator", "score", "status"]
    values = pd.DataFrame(rows, columns=columns).assign(level="instance")
    values["form"] = values["indicator"].map({name: one.form for name, one in method.indicators.items()})
    return instance_dimensions(SimpleNamespace(method=method, values=values))


def test_a_dimension_is_the_weighted_mean_of_its_indicators(method):
    asked = of(method, "satisfaction")
    scores = dict(zip([one.id for one in asked], [50.0, 60.0, 70.0, 80.0, 90.0], strict=True))
    (row,) = found(method, [("a", name, score, "ok") for name, score in scores.items()]).to_dict("records")
    weights = {one.id: one.weight for one in asked}
    mean = sum(scores[name] * weights[name] for name in scores) / sum(weights.values())
    assert row == {"instance_id": "a", "node": "satisfaction", "value": pytest.approx(mean), "used": 5, "asked": 5}


def test_with_too_few_indicators_there_is_none(method):
    assert found(method, [("a", "S1", 50.0, "ok")]).empty


def test_a_dimension_with_a_hidden_indicator_is_not_shown_and_others_are(method):
    names = [one.id for one in of(method, "satisfaction")]
    hidden = [("a", names[0], None, "suppressed"), *(("a", name, 50.0, "ok") for name in names[1:])]
    shown = [("b", name, 50.0, "ok") for name in names]
    assert list(found(method, hidden + shown)["instance_id"]) == ["b"]
