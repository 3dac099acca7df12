"""A synthetic twin of the survey: made-up answers that look like the restricted file and rest on nobody (M7).

It is drawn from released figures alone, the suppressed and rounded means and shares of each question by instance, and
never from an answer: whoever has the release could make it too. Only these one-way margins are kept. What people said
to two questions, or who they are, is not in it, so that it serves to try programs and not to study people.
"""

import numpy as np
import pandas as pd

from helpers.config import Method
from helpers.config.indicator import Indicator
from helpers.measures import asks_persons

SEED = 2021
MARK = "synthetic"
SCALES = ("agreement", "top_two")
"""How the answers 1 to 5 are counted: as a mean from 0 to 100, or as the share of 4 and 5."""


def synthetic_survey(values: pd.DataFrame, method: Method, rng: np.random.Generator) -> pd.DataFrame:
    """Made-up questionnaires of a period, one row each: response_id, synthetic, period, instance_id and the answers.

    values: indicators as they are published. An instance whose figures are hidden has no rows. The answers to each
    question are drawn on their own; the number of answers is that of the release.
    """
    questions = _questions(method)
    rows = values[(values["level"] == "instance") & values["indicator"].isin(questions) & values["value"].notna()]
    frames = [_instance(name, own, questions, rng) for name, own in rows.groupby("unit_id", sort=True)]
    columns = [*dict.fromkeys(one.main.rows[0].field for one in questions.values())]
    frame = pd.concat([pd.DataFrame(columns=["instance_id", *columns]), *frames], ignore_index=True)
    frame = frame.astype(dict.fromkeys(columns, "Int64"))
    ids = [f"{MARK}-{number:05d}" for number in range(1, len(frame) + 1)]
    period = values["period"].iloc[0] if len(values) else pd.NA
    lead = pd.DataFrame({"response_id": ids, MARK: "yes", "period": period}, index=frame.index)
    return pd.concat([lead, frame], axis=1)


def _questions(method: Method) -> dict[str, Indicator]:
    """Indicators that are a mean or share of answers to one question on the scale of agreement."""
    known = {name: one for name, one in method.indicators.items() if asks_persons(one) and one.measure == "scale"}
    return {name: one for name, one in known.items() if one.main.rows[0].points in SCALES}


def _instance(
    name: str, rows: pd.DataFrame, questions: dict[str, Indicator], rng: np.random.Generator
) -> pd.DataFrame:
    """Rows of an instance: as many as its question with most answers, the others with gaps."""
    size = int(rows["n"].max())
    answers = {"instance_id": np.full(size, name, dtype=object)}
    for row in rows.sort_values("indicator").to_dict("records"):
        rule = questions[row["indicator"]].main.rows[0]
        drawn = _answers(row["value"] / 100, int(row["n"]), rule.points, rng)
        answers[rule.field] = pd.array([*drawn, *[pd.NA] * (size - len(drawn))], dtype="Int64")
    return pd.DataFrame(answers)


def _answers(share: float, number: int, scale: str, rng: np.random.Generator) -> np.ndarray:
    """Answers 1 to 5 whose expected mean, or share of 4 and 5, is the released one."""
    if scale == "agreement":
        return 1 + rng.binomial(4, share, number)
    satisfied = rng.random(number) < share
    return np.where(satisfied, rng.integers(4, 6, number), rng.integers(1, 4, number))
