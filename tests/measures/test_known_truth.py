"""The simulated city knows the truth of every indicator: the measures find it, and their intervals hold it."""

import shutil

import numpy as np
import pandas as pd
import pytest
from pytest import approx

from helpers import registry
from helpers.config import Period, load_city
from helpers.config.method import method_with
from helpers.measures import measure
from helpers.simulation import SEED, simulate, write
from tests.spec.world import CITY, ROOT, changed, dictionary, instances, measured, method, world

KEY = ["level", "unit_id", "indicator"]
SURVEY = ("S1", "S2", "S3", "S4", "S5")


def delivered(folder, size, with_defects, seed=SEED):
    """The simulated city after the way that every city goes: files, city.yml, cleaning."""
    home = folder / "data" / "raw" / "ciudad-modelo"
    home.mkdir(parents=True)
    for name in ("methodology", "reports"):
        (folder / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / "data" / "raw" / "ciudad-modelo" / "city.yml", home)
    city = simulate(seed, dictionary(), size, with_defects)
    write(city, home)
    described = load_city(folder, "ciudad-modelo")
    return registry.clean(described, dictionary(), folder).tables, described, city.truth


@pytest.fixture(scope="module")
def flawless(tmp_path_factory):
    return delivered(tmp_path_factory.mktemp("city"), "tiny", with_defects=False)


def compared(tables, described, truth, period):
    """Measured values in the published form beside the true ones."""
    values = measure(
        tables, changed(thresholds__draws=0), Period.parse(period), described, np.random.default_rng(1)
    ).values
    form = values["indicator"].map({name: one.form for name, one in method().indicators.items()})
    values = values[values["form"] == form]
    true = truth[truth["period"] == period].replace({"unit_id": {truth_city(truth): described.id}})
    return values.merge(true[[*KEY, "value", "score"]], on=KEY, suffixes=("", "_true"))


def truth_city(truth):
    return truth.loc[truth["level"] == "city", "unit_id"].iloc[0]


def test_without_defects_every_registry_indicator_is_found_exactly(flawless):
    tables, described, truth = flawless
    period = sorted(label for label in truth["period"].unique() if len(label) == 4)[-1]
    both = compared(tables, described, truth, period)
    both = both[~both["indicator"].isin(SURVEY)]
    assert len(set(both["indicator"])) == 18, "all but the five of the survey"
    both = both[both["value"].notna()]
    assert set(both["level"]) == {"city", "territory", "instance"}
    assert both["value"].to_numpy() == approx(both["value_true"].to_numpy(), abs=1e-5)


def test_the_survey_is_found_up_to_its_non_response(flawless):
    tables, described, truth = flawless
    period = sorted(label for label in truth["period"].unique() if len(label) == 4)[-1]
    both = compared(tables, described, truth, period)
    both = both[both["indicator"].isin(SURVEY) & (both["level"] == "city") & both["value"].notna()]
    assert len(both) == 5
    assert (both["value"] - both["value_true"]).abs().max() < 3


@pytest.mark.slow
def test_the_whole_city_with_its_defects_and_every_alternative_of_the_method(tmp_path):
    tables, described, truth = delivered(tmp_path, "full", with_defects=True)
    both = compared(tables, described, truth, "2024")
    city = both[(both["level"] == "city") & ~both["indicator"].isin(SURVEY)].set_index("indicator")
    assert (city["score"] - city["score_true"]).abs().max() < 3, "planted defects move little"

    def values(how):
        return measure(tables, how, Period.parse("2024"), described, np.random.default_rng(1)).values

    base = values(changed(thresholds__draws=0))
    for name, assumption in method().assumptions.items():
        if assumption.address.startswith("aggregation") or assumption.address.endswith(".form"):
            continue  # these change what the index does with the values
        for alternative in assumption.alternatives:
            address = assumption.address.replace(".", "__")
            found = values(changed(thresholds__draws=0, **{address: alternative.value}))
            assert not found[["value", "score"]].equals(base[["value", "score"]]), (name, alternative.value)


def only(name, draws=400):
    """The method with one indicator, at the level of the city."""
    one = {**method().indicators[name].model_dump(), "levels": ["city"]}
    alone = {"indicators": {name: one}, "context": {}, "evaluation": {}}
    return method_with(method(), alone | {"thresholds.draws": draws})


SEEDS = 200


def share_that_holds(town_of, name, truth, low, high):
    """Share of seeds whose interval holds the truth."""
    how, held = only(name), 0
    for seed in range(SEEDS):
        tables = town_of(np.random.default_rng(seed))
        values = measure(tables, how, Period.parse("2022"), CITY, np.random.default_rng(10_000 + seed)).values
        row = values[values["form"] == how.indicators[name].form].iloc[0]
        held += row[low] <= truth <= row[high]
    return held / SEEDS


@pytest.mark.slow
def test_over_200_seeds_the_survey_interval_holds_the_truth_in_90_to_99_percent():
    shares = np.array([[0.1, 0.1, 0.2, 0.3, 0.3], [0.3, 0.2, 0.2, 0.2, 0.1], [0.05, 0.1, 0.25, 0.4, 0.2]])
    truth = 25 * (shares @ np.arange(5)).mean()
    waves = "wave_id | sampling | population_invited | completed\nw | random | 900 | 180"
    base = world(instances=instances("a", "b", "c"), survey_waves=waves)

    def town(rng):
        answers = [
            {"response_id": f"{name}{n}", "instance_id": name, "s_overall": answer + 1}
            for name, p in zip("abc", shares, strict=True)
            for n, answer in enumerate(rng.choice(5, size=60, p=p))
        ]
        return {**base, **world(survey_responses=answers)}

    assert 0.90 <= share_that_holds(town, "S1", truth, "ci_low", "ci_high") <= 0.99


@pytest.mark.slow
def test_over_200_seeds_the_process_interval_holds_the_truth_in_90_to_99_percent():
    """Forty families whose own rates scatter around 0.6, ten to thirty proposals each."""
    base = world(instances=instances(*(f"i{n}" for n in range(40))))

    def town(rng):
        rates, numbers = rng.beta(6, 4, size=40), rng.integers(10, 31, size=40)
        proposals = [
            {
                "proposal_id": f"p{who}-{n}", "instance_id": f"i{who}", "submitted_at": "2022-01-10",
                "answer_type": "accepted", "reasons_given": "yes" if rng.random() < rates[who] else "no",
                "answer_at": "2022-02-01",
            }
            for who in range(40)
            for n in range(numbers[who])
        ]  # fmt: skip
        return {**base, **world(proposals=proposals)}

    assert 0.90 <= share_that_holds(town, "Q2", 60, "process_low", "process_high") <= 0.99


def test_draws_stand_beside_the_scores_they_belong_to():
    tables = world(
        instances=instances(*(f"i{n}" for n in range(12))),
        instance_periods=[
            {"instance_id": f"i{n}", "influence_level": "involve" if n % 3 else "inform"} for n in range(12)
        ],
    )
    found = measured(tables, how=changed(thresholds__draws=200))
    assert found.draws.shape == (len(found.values), 200)
    values = found.values
    q1 = values[(values["indicator"] == "Q1") & (values["level"] == "city") & (values["form"] == "instance_mean")]
    place = q1.index[0]
    assert np.median(found.draws[place]) == approx(q1["score"].iloc[0], abs=1e-3)
    assert np.isnan(found.draws[pd.isna(values["process_low"]) & pd.isna(values["ci_low"])]).all()
