"""Two coders are two rows: how far they agree, by the indicator that their items feed."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from helpers.config import Period
from helpers.index import agreement
from helpers.index.agreement import cohen_kappa, items_of
from helpers.language import Texts


def coded(*rows, period="2022-S1", coders=("x", "y")):
    """Checks of one instance: item, then the answer of each coder."""
    return pd.DataFrame(
        [
            {"instance_id": "a", "period": period, "item": item, "answer": answer, "coder": who}
            for item, *answers in rows
            for who, answer in zip(coders, answers, strict=False)
        ]
    )


def test_agreement_is_the_share_of_like_answers_and_kappa_takes_chance_off(method, root):
    checks = coded(
        ("rules_calendar", "yes", "yes"), ("rules_objective", "yes", "no"), ("rules_how_decided", "no", "no"),
        ("rules_personal_data", "no", "no"), ("guarantee_body", "yes"),
    )  # fmt: skip
    later = coded(("rules_calendar", "yes", "no"), period="2023")
    tables = {"checks": pd.concat([checks, later], ignore_index=True)}
    findings = SimpleNamespace(
        registry=SimpleNamespace(tables=tables), period=Period.parse("2022"), method=method
    )  # fmt: skip
    (row,) = agreement(findings, Texts(root, "en")).to_dict("records")
    by_chance = (2 / 4) * (1 / 4) + (2 / 4) * (3 / 4)
    assert (row["id"], row["pairs"], row["alike"]) == ("Q4", 4, 75)
    assert float(row["kappa"]) == pytest.approx((0.75 - by_chance) / (1 - by_chance))


def test_coders_who_always_say_the_same_word_leave_nothing_to_tell():
    same = pd.Series(["yes", "yes"])
    assert np.isnan(cohen_kappa(same, same))
    assert cohen_kappa(pd.Series(["yes", "no"]), pd.Series(["yes", "no"])) == 1


def test_the_items_of_an_indicator_are_those_that_its_definition_reads(method):
    assert len(items_of(method.indicators["Q4"])) == 10
    assert items_of(method.indicators["A4"]) == {
        "digital_accessibility", "plain_language", "sign_or_second_language", "digital_support",
    }  # fmt: skip
    assert items_of(method.indicators["Q2"]) == set()
