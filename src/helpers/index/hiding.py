"""The list of everything that is hidden, of every period in the order in which they are published."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from helpers.config import City, Method, Period, load_method
from helpers.index.protection import COLUMNS, protect
from helpers.index.registry_counts import registry_counts
from helpers.measures import counted


def publication_order(periods: Iterable[Period]) -> list[Period]:
    """Periods in the order in which they can be published: by their last day, the shorter one first."""
    return sorted(periods, key=lambda one: (one.end, -one.start.toordinal()))


def methods_so_far(root: Path, city: City, period: Period) -> dict[Period, Method]:
    """The method of every period that a city publishes up to this one, in the order of publication."""
    order = publication_order({*city.ordered_periods, period})
    return {one: load_method(root, city.method_of(one), city.id) for one in order[: order.index(period) + 1]}


def hidden_figures(tables: Mapping[str, pd.DataFrame], methods: Mapping[Period, Method], city: City) -> pd.DataFrame:
    """Every figure that may not be published, with its reason: ``period``, the row that it is, and ``reason``.

    tables: the clean registry. methods: the periods to publish in their order, each with its method.

    The counts that the registry itself publishes come first, as the period "registry". Each period is held against all
    before it, which stay as they are: it hides of its own what would uncover theirs. So a list grows with the periods
    and never changes, and it follows from registry and methods alone.
    """
    persons = [registry_counts(tables)]
    hidden = pd.DataFrame(columns=COLUMNS)
    first = next(iter(methods.values()))
    if len(persons[0]):
        hidden = protect(persons[0], hidden, first)
    for period, method in methods.items():
        persons.append(counted(tables, method, period, city).assign(period=str(period)))
        if len(persons[-1]):
            found = protect(pd.concat(persons, ignore_index=True), hidden, method)
            hidden = pd.concat([hidden, found], ignore_index=True)
    return hidden
