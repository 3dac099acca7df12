"""An indicator at work in a period: its facts, the instances that may count, and what its statistics need."""

from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.config.indicator import Indicator, Part
from helpers.config.period import MONTHS
from helpers.measures.columns import Facts
from helpers.measures.derive import Prepared
from helpers.measures.facts import eligible_instances, facts_of
from helpers.measures.geography import Blocks, blocks_of, near_blocks
from helpers.measures.reference import expected_shares, number_of_categories
from helpers.measures.statistics import CATEGORIES, Setting


class Unit(NamedTuple):
    """A unit of a level."""

    level: str
    id: str


class Case:
    """An indicator in a period, with what is looked up once and used in every unit."""

    def __init__(self, indicator: Indicator, prepared: Prepared):
        self.indicator, self.prepared = indicator, prepared
        self.eligible = eligible_instances(indicator, prepared)
        self.facts = facts_of(indicator, prepared, self.eligible)
        self._expected: dict[tuple[str, str], np.ndarray | None] = {}

    @cached_property
    def active(self) -> pd.DataFrame:
        """Eligible leaves that are active in the period."""
        return self.eligible[self.eligible["active"].astype(bool) & self.eligible["leaf"].astype(bool)]

    def instances_of(self, unit: Unit) -> list[str]:
        """Eligible instances of a unit."""
        if unit.level == "instance":
            return [unit.id]
        if unit.level == "city":
            return list(self._places)
        return [name for name, units in self._places.items() if unit.id in units.split(";")]

    @cached_property
    def _places(self) -> dict[str, str]:
        return dict(zip(self.eligible["instance_id"], self.eligible["units"], strict=True))

    @cached_property
    def blocks(self) -> Blocks | None:
        """Blocks with people and place."""
        return blocks_of(self.prepared)

    def setting(self, part: Part, facts: Facts, unit: Unit) -> Setting | None:
        """What the statistic of a part needs in a unit; None where the population to compare with is not known."""
        rows = part.rows[0]
        if part.measure in ("overlap", "balance"):
            shares = self._shares(part, facts, unit)
            size = number_of_categories(rows, self.prepared)
            return None if shares is None else Setting(rows, size, expected=shares[facts["instance"]])
        if part.measure in CATEGORIES:
            return Setting(rows, number_of_categories(rows, self.prepared))
        if part.measure != "coverage":
            return Setting(rows)
        near = near_blocks(facts, rows, self.blocks, unit, self.prepared.city.projection)
        least = np.ceil(rows.min_events * MONTHS[self.prepared.period.kind] / MONTHS["year"])
        return None if near is None else Setting(rows, near=near[0], population=near[1], least=least)

    def _shares(self, part: Part, facts: Facts, unit: Unit) -> np.ndarray | None:
        """Expected shares by instance code: (instances, categories)."""
        place = unit.id if unit.level == "territory" else self.prepared.places.city
        if unit.level == "instance" and len(facts):
            own = facts["units"][0].split(";")
            place = own[0] if len(own) == 1 and own[0] else place
        key = (part.rows[0].field, place)
        if key not in self._expected:
            self._expected[key] = expected_shares(part.rows[0], self.prepared, place, list(facts.instances))
        return self._expected[key]
