"""Files without defects through registry and measures: every indicator at every level is the truth."""

import numpy as np
import pytest

from helpers import simulation
from helpers.config import Period
from helpers.config.method import load_method
from helpers.measures import measure


def compared(city, registry, method, settings, period):
    """Measured and true scores side by side, for values that are scored."""
    values = measure(registry.tables, method, Period.parse(period), settings, np.random.default_rng(1)).values
    form = values["indicator"].map({name: one.form for name, one in method.indicators.items()})
    values = values[values["form"] == form]
    truth = city.truth[city.truth["period"] == period]
    both = truth.merge(values, on=["indicator", "level", "unit_id"], how="left", suffixes=("_true", ""))
    return both.assign(difference=(both["score"].astype(float) - both["score_true"]).abs())


@pytest.mark.parametrize("period", ["2024", "2024-S1", "2024-S2"])
def test_the_measures_find_the_truth(root, flawless, flawless_registry, settings, period):
    both = compared(flawless, flawless_registry, load_method(root, "v1"), settings, period)
    scored = both[both["score"].notna()]
    assert scored["indicator"].nunique() >= 15
    worst = scored.nlargest(3, "difference")[["indicator", "level", "unit_id", "score", "score_true"]]
    assert scored["difference"].max() < 1e-5, worst.to_string()


@pytest.mark.slow
def test_the_measures_find_the_truth_in_the_large_city(root, dictionary, cleaned, settings):
    city = simulation.simulate(simulation.SEED, dictionary, with_defects=False)
    both = compared(city, cleaned(city), load_method(root, "v1"), settings, "2024")
    whole = both[both["level"] == "city"]
    assert len(whole) == 23 and whole["score"].notna().all()
    assert both["difference"].max() < 1e-5


@pytest.mark.slow
def test_defects_move_the_city_by_little(root, dictionary, cleaned, settings):
    city = simulation.simulate(simulation.SEED, dictionary)
    both = compared(city, cleaned(city), load_method(root, "v1"), settings, "2024")
    assert both[both["level"] == "city"]["difference"].max() < 3
