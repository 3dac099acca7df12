"""Small invented frames in the shapes that the other rooms give."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

from helpers.config import Period
from helpers.figures import Imprint
from helpers.language import Texts

LABELS = {
    "quality": "Quality",
    "diversity": "Diversity",
    "accessibility": "Accessibility",
    "satisfaction": "Satisfaction",
}
NAMES = {"t-1": "Norte", "t-2": "Centro", "t-3": "Oeste", "t-4": "Sur", "t-5": "Noroeste", "t-6": "Sudoeste"}


def score_row(period="2022", level="city", unit="city", node="quality", value=50.0, spread=5.0, status="ok", **more):
    """One row of the scores frame; without a value its limits are missing too."""
    known = value is not None
    limits = {"lower": value - spread, "upper": value + spread} if known else {"lower": None, "upper": None}
    return {
        "city": "x",
        "period": period,
        "level": level,
        "unit_id": unit,
        "node": node,
        "value": value,
        **limits,
        "ci_low": None,
        "ci_high": None,
        "weight_available": 0.8 if known else 0.0,
        "status": status,
        "reason": None,
        "method_version": "1.0.0",
        **more,
    }


@pytest.fixture
def texts(root):
    """English texts."""
    return Texts(root, "en")


@pytest.fixture
def imprint():
    """A real city in 2022."""
    return Imprint(city="Rosario", period=Period.parse("2022"), source="Registry of participation")


@pytest.fixture
def labels():
    """Names of the four dimensions."""
    return dict(LABELS)


@pytest.fixture
def names():
    """Names of six districts."""
    return dict(NAMES)


@pytest.fixture
def scores():
    """Three dimensions of a city with a value, the fourth not collected, and six districts."""
    city = [
        score_row(node="quality", value=62.4, spread=6.0, n=41),
        score_row(node="diversity", value=48.0, spread=0.0, ci_low=44.5, ci_high=51.2, n=1204),
        score_row(node="accessibility", value=71.3, spread=9.0, status="low_precision", n=12),
        score_row(node="satisfaction", value=None, status="not_collected", reason="index.nothing_measured"),
    ]
    spots = np.linspace(35, 80, 6)
    district = [
        score_row(level="territory", unit=unit, node=node, value=float(value), spread=4.0)
        for node in ("quality", "diversity", "accessibility")
        for unit, value in zip(NAMES, spots, strict=True)
    ]
    district += [score_row(level="territory", unit="t-1", node="satisfaction", value=None, status="suppressed")]
    return pd.DataFrame(city + district)


def make_territories() -> gpd.GeoDataFrame:
    """Six squares in two rows, in degrees."""
    corners = [(-60.72 + 0.03 * (place % 3), -32.98 + 0.03 * (place // 3)) for place in range(6)]
    shapes = [box(x, y, x + 0.03, y + 0.03) for x, y in corners]
    return gpd.GeoDataFrame({"territory_id": list(NAMES)}, geometry=shapes, crs="EPSG:4326")


@pytest.fixture
def territories():
    """Six squares in two rows."""
    return make_territories()
