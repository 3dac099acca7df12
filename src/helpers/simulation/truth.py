"""The truth: what each indicator is in the latent city, computed from its complete tables and parameters.

An implementation of its own, written from the methodology, so that the measures have something to be held to.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from helpers.simulation import truth_people as people
from helpers.simulation import truth_practice as practice
from helpers.simulation.latent import World
from helpers.simulation.scene import Facts, Scene, families, levels, median, pooled

COLUMNS = ["period", "indicator", "level", "unit_id", "value", "score", "parameter", "n"]


_FACTS: dict[str, tuple[Callable[[Scene], Facts], Callable[[Facts], float]]] = {
    "Q1": (practice.influence, families),
    "Q2": (practice.reasoned, pooled),
    "Q3": (practice.fulfilled, pooled),
    "Q4": (practice.rules, families),
    "Q5": (practice.published, families),
    "Q6": (practice.guarantees, families),
    "D4": (people.sectors, families),
    "D5": (people.groups, families),
    "A1": (practice.channels, families),
    "A2": (practice.step_free, pooled),
    "A3": (practice.times, pooled),
    "A4": (practice.plain, families),
    "A5": (practice.notice, median),
}


_WHOLES: dict[str, Callable[[Scene], list[dict]]] = {
    "D1": people.gender,
    "D2": people.age,
    "D3": people.residence,
    "D6": people.plurality,
    "A6": practice.proximity,
    "S1": people.satisfaction("s_overall"),
    "S2": people.satisfaction("s_influence"),
    "S3": people.satisfaction("s_respect"),
    "S4": people.satisfaction("s_information"),
    "S5": people.satisfaction("s_return", top_two=True),
}


def build_truth(world: World) -> pd.DataFrame:
    """True value and score of every indicator for each half-year and year, by city, district and instance.

    Columns: period, indicator, level (city, territory, instance), unit_id, value (in the indicator's unit), score (0
    to 100), parameter (expectation under the generator's parameters, where there is one), n (rows or persons).
    """
    rows: list[dict] = []
    for period in [*world.halves, *map(str, world.size.years)]:
        scene = Scene(world, period)
        for name, (facts, combine) in _FACTS.items():
            rows += [{"period": period, "indicator": name, **row} for row in levels(facts(scene), combine, scene)]
        for name, compute in _WHOLES.items():
            rows += [{"period": period, "indicator": name, **row} for row in compute(scene)]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    order = {"city": 0, "territory": 1, "instance": 2}
    key = [frame["period"], frame["indicator"], frame["level"].map(order), frame["unit_id"]]
    frame = frame.iloc[np.lexsort([column.to_numpy() for column in reversed(key)])].reset_index(drop=True)
    return frame.round({"value": 6, "score": 6, "parameter": 6})
