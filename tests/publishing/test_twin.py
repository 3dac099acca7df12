"""The synthetic twin of the survey keeps what is released of each question and instance, and knows nothing else."""

import numpy as np
import pandas as pd

from helpers.publishing.twin import synthetic_survey
from tests.spec.world import method


def released(**instances):
    """Published rows: instance -> question -> (value, n); None is hidden."""
    rows = [
        {
            "period": "2022", "level": "instance", "unit_id": name, "indicator": question, "form": "instance_mean",
            "value": told[0] if told else None, "n": told[1] if told else None,
            "status": "ok" if told else "suppressed",
        }
        for name, questions in instances.items()
        for question, told in questions.items()
    ]  # fmt: skip
    return pd.DataFrame(rows).astype({"value": "Float64", "n": "Float64"})


def twin(values, seed=1):
    return synthetic_survey(values, method(), np.random.default_rng(seed))


def test_means_shares_and_numbers_of_answers_are_those_of_the_release():
    shown = twin(released(big={"S1": (62.5, 4000), "S5": (30.0, 3000)}))
    assert len(shown) == 4000
    assert shown["s_overall"].count() == 4000 and shown["s_return"].count() == 3000
    assert abs(25 * (shown["s_overall"].mean() - 1) - 62.5) < 2
    assert abs(100 * (shown["s_return"] >= 4).sum() / 3000 - 30) < 3
    assert all(shown[name].dropna().between(1, 5).all() for name in ("s_overall", "s_return"))


def test_every_row_says_that_it_is_synthetic_and_none_is_about_a_person():
    shown = twin(released(a={"S1": (50.0, 12)}))
    assert shown["synthetic"].eq("yes").all() and shown["response_id"].str.startswith("synthetic-").all()
    answers = {name for name in shown if name.startswith("s_")}
    assert set(shown) - answers == {"response_id", "synthetic", "period", "instance_id"}  # no gender, age or district


def test_what_is_hidden_is_not_drawn_and_answers_do_not_hang_together():
    shown = twin(released(a={"S1": (50.0, 3000), "S2": (50.0, 3000), "S5": None}, b={"S1": None}))
    assert set(shown["instance_id"]) == {"a"} and shown["s_return"].isna().all()
    assert abs(np.corrcoef(shown["s_overall"].astype(float), shown["s_influence"].astype(float))[0, 1]) < 0.1


def test_the_release_alone_makes_it_and_the_seed_makes_it_the_same():
    values = released(a={"S1": (62.5, 20)}, b={"S2": (40.0, 15)})
    pd.testing.assert_frame_equal(twin(values), twin(values.sample(frac=1, random_state=3)))
    assert not twin(values)["s_overall"].equals(twin(values, seed=2)["s_overall"])
    assert twin(released(a={"S1": None})).empty
