"""What stands beside the index is shown with its value, interval and n, or with the reason why there is none."""

from types import SimpleNamespace

import pandas as pd

from helpers.index import annex
from helpers.language import Texts


def row(indicator, form, **figures):
    empty = dict.fromkeys(["value", "n", "ci_low", "ci_high", "process_low", "process_high"])
    return {"level": "city", "indicator": indicator, "form": form, "status": "ok", "reason": "", **empty, **figures}


def test_the_annex_holds_companions_and_what_is_switched_off_and_nothing_of_the_index(method, root):
    values = pd.DataFrame(
        [
            row("Q7", "pooled", value=80.0, n=40.0, process_low=66.0, process_high=91.0),
            row("S6", "pooled", status="not_collected", reason="measures.no_rows"),
            row("Q1", "instance_mean", value=50.0, n=3.0),
        ]
    )
    found = annex(SimpleNamespace(values=values, method=method), Texts(root, "en")).set_index("id")
    assert list(found.index) == ["Q7", "S6", "Q3-money", "Q3-stock", "D4-evenness"]
    assert found.loc["Q7", ["amount", "interval", "n"]].tolist() == ["80%", "66.0 to 91.0", 40]
    said = "Nothing that this indicator counts was recorded for the period."
    assert found.loc["S6", ["amount", "note"]].tolist() == ["–", said]
    assert found.loc["Q3-money", "note"] == "not collected"
