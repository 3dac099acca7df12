"""What each draw of a plan takes: options of the uncertain choices, forms, bounds, weights and rules of aggregation."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from helpers import composite
from helpers.composite.choices import Plan
from helpers.config import Method
from helpers.config.method import Aggregation
from helpers.index.choices import (
    AS_IT_IS,
    AVAILABLE,
    FORM,
    FORMS,
    LEFT_OUT,
    MISSING,
    STRICT,
    WEIGHTS,
    Choice,
)
from helpers.index.scoring import INDEX

ALMOST_NOTHING = 1e-9
"""Weight of the empty place that stands for a dimension without indicators."""


class Settings(NamedTuple):
    """Settings of a block of draws."""

    options: dict[str, np.ndarray]
    """choice of the method file -> option taken, (draws,)"""
    cell: np.ndarray
    """(draws, indicators) into the first axis of ``Remeasuring.cells``"""
    weights: np.ndarray
    """(draws, edges)"""
    rules: list[tuple]
    """(draws,) of values of ``Aggregation``, in the order of its fields"""


class Draws:
    """Reads plans of ``composite`` over the choices of a method.

    choices: as given to ``composite``; those that are not among them stay as the method says.
    """

    def __init__(self, method: Method, choices: Sequence[Choice], names: Sequence[str]):
        self.method, self.choices, self.names = method, choices, names
        self.structure = structure_of(method, self.names)

    def settings(self, choices: Sequence, plan: Plan, rows: np.ndarray) -> Settings:
        """Settings of the draws of a plan that stand in ``rows``."""
        self._plan, self._rows = plan, rows
        self._column = {choice.name: number for number, choice in enumerate(choices)}
        options = {choice.name: self._option(choice) for choice in self.choices}
        return Settings(options, self._cells(options), self._weights(options), self._rules(options))

    def _taken(self, name: str, otherwise: object) -> tuple[list, np.ndarray]:
        """Values of a choice, and which of them each draw takes."""
        if name not in self._column:
            return [otherwise], np.zeros(len(self._rows), dtype=np.int64)
        return self._plan.values[self._column[name]], self._plan.index[self._rows, self._column[name]]

    def _values(self, name: str, otherwise: str) -> np.ndarray:
        values, index = self._taken(name, otherwise)
        return np.array(values)[index]

    def _option(self, choice: Choice) -> np.ndarray:
        known = [option.value for option in choice.options]
        values, index = self._taken(choice.name, known[0])
        return np.array([known.index(value) for value in values])[index]

    def _follow(self, options: dict, setting: Callable[[Method], Sequence]) -> np.ndarray:
        """(draws, ...) of a setting of the method, as changed by the options that change it."""
        nominal = np.asarray(setting(self.method))
        found = np.repeat(nominal[None], len(self._rows), axis=0)
        for choice in self.choices:
            table = np.array([setting(option.method) for option in choice.options])
            if (table != nominal).any():
                here = table[options[choice.name]]
                found = np.where(here != nominal, here, found)
        return found

    def _cells(self, options: dict) -> np.ndarray:
        forms = self._follow(options, lambda method: [FORMS.index(method.indicators[name].form) for name in self.names])
        form = self._values(FORM, AS_IT_IS)
        for number, name in enumerate(FORMS):
            forms[form == name] = number
        return 2 * forms + (self._values(MISSING, AVAILABLE) == STRICT)[:, None]

    def _weights(self, options: dict) -> np.ndarray:
        """Weights of the draw; an option with another weight moves that of the draw in proportion."""
        sets, index = self._taken(WEIGHTS, None)
        drawn = np.array([self.structure.weight_vector(one) for one in sets])[index]
        nominal = self.structure.weights
        wanted = self._follow(options, lambda method: structure_of(method, self.names).weights)
        scaled = np.divide(drawn * wanted, nominal, out=wanted.copy(), where=nominal > 0)
        edges = np.array([child for child, _ in self.structure.edges])
        return np.where(self._values(LEFT_OUT, "")[:, None] == edges, 0.0, scaled)

    def _rules(self, options: dict) -> list[tuple]:
        fields = [
            self._follow(options, lambda m, key=key: getattr(m.aggregation, key)) for key in Aggregation.model_fields
        ]
        return list(zip(*(values.tolist() for values in fields), strict=True))


def structure_of(method: Method, names: Sequence[str]) -> composite.Structure:
    """The index, its dimensions and these indicators as a structure; an indicator that is switched off weighs nothing.

    A dimension in which nothing has weight gets an empty place after the indicators, so that it stays missing.
    """
    members = [method.indicators[name] for name in names]
    rows = [{"code": INDEX}]
    rows += [{"code": name, "parent": INDEX, "weight": one.weight} for name, one in method.dimensions.items()]
    rows += [{"code": one.id, "parent": one.dimension, "weight": one.weight * one.enabled} for one in members]
    full = {one.dimension for one in members if one.weight * one.enabled > 0}
    return composite.structure_table(
        rows
        + [
            {"code": f"nothing in {name}", "parent": name, "weight": ALMOST_NOTHING}
            for name in method.dimensions
            if name not in full
        ]
    )
