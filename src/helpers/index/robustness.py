"""How far the index rests on choices that could have been made otherwise (C.9; OECD/JRC Handbook, step 8).

Every draw takes one option of each uncertain choice at random: weights around those of the method, the mean, the form,
missing cells, an indicator left out, and the alternatives of the method file. The first-order effect of a choice is the
share of the variance that goes with it alone (Sobol 2001).
"""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from helpers import composite
from helpers.composite.choices import check_choices, plan_draws
from helpers.config import City, Method, MonitorError, Period
from helpers.index.alternatives import alternatives
from helpers.index.branches import Branches
from helpers.index.remeasure import Remeasuring

NODES = [
    "city", "period", "method_version", "level", "unit_id", "node", "value", "median", "p05", "p95", "draws",
    "change", "same_sign",
]  # fmt: skip
CHANGES = ["level", "unit_id", "node", "change", "same_sign", "draws"]
EFFECTS = ["level", "unit_id", "node", "choice", "first", "first_low", "first_high", "total", "rows"]
SILENT = ["choice", "value", "reason"]
SEED = 2021


class Robustness(NamedTuple):
    """A robustness run.

    nodes: one row per unit and node: the value that the method gives, median and 5 and 95 % quantiles over the draws
        that gave one (their number is ``draws``), the change since the earlier period (on the indicators available
        in both, by this method) and the share of draws in which it has the same sign.
    changes: that change and share for nodes and indicators; no rows without an earlier period.
    effects: one row per unit, node and choice: first-order and total effect (0 to 1, estimates may lie just outside)
        with bootstrap bounds, and the rows of the base sample that gave the node a value in every run; missing where
        it does not vary or hardly a row is complete.
    silent: alternatives that change nothing in this city and period.
    alternatives: every alternative of the method file taken alone, for the nodes of the city.
    record: what ``replay`` needs, with the draws that failed, as plain data.
    """

    nodes: pd.DataFrame
    changes: pd.DataFrame
    effects: pd.DataFrame
    silent: pd.DataFrame
    alternatives: pd.DataFrame
    record: dict[str, Any]


def robustness(
    tables: Mapping[str, pd.DataFrame],
    method: Method,
    city: City,
    period: Period,
    previous: Period | None = None,
    *,
    draws: int | None = None,
    seed: int = SEED,
    concentration: float | None = None,
    base: int | None = None,
) -> Robustness:
    """Spread of every dimension and index of a period over the uncertain choices of the method.

    tables: the clean registry. previous: the earlier period to compare with, measured by the same method.
    draws: default those of the method's thresholds; concentration, base: those of its ``robustness``.

    Raises MonitorError for an address or alternative that the method does not have.
    """
    draws = method.thresholds.draws if draws is None else draws
    concentration = concentration or method.robustness.concentration
    base = base or method.robustness.base
    periods = [Remeasuring(tables, method, city, one) for one in (period, previous) if one is not None]
    model = Branches(method, *periods)
    choices = model.uncertain(concentration, draws)
    runs = composite.monte_carlo(model, model.spec, choices, draws, seed)
    record = {
        "city": city.id, "period": str(period), "previous": str(previous) if previous else None,
        "method_version": method.version, "draws": draws, "seed": seed, "concentration": concentration, "base": base,
        "choices": {one["name"]: len(one.get("alternatives", [])) for one in choices}, "failed": dict(runs.failures),
    }  # fmt: skip
    changes = _changes(runs, model)
    nodes = _spread(runs, model).merge(changes[["level", "unit_id", "node", "change", "same_sign"]], how="left")
    nodes = nodes.assign(city=city.id, period=str(period), method_version=method.version)[NODES]
    alone = alternatives(model.periods[0], model.choices)
    return Robustness(nodes, changes, _effects(model, choices, base, seed), _silent(runs), alone, record)


def spreads(
    tables: Mapping[str, pd.DataFrame], methods: Sequence[Method], city: City, period: Period
) -> list[pd.DataFrame]:
    """The spread of dimensions and index by several methods, as in the nodes of `robustness`; what the methods have in
    common is measured once."""
    bench, found = Remeasuring(tables, methods[0], city, period), []
    for method in methods:
        model, draws = Branches(method, bench), method.thresholds.draws
        choices = model.uncertain(method.robustness.concentration, draws)
        found.append(_spread(composite.monte_carlo(model, model.spec, choices, draws, SEED), model))
    return found


def replay(record: Mapping[str, Any], tables: Mapping[str, pd.DataFrame], method: Method, city: City) -> Robustness:
    """The same run again from its record; raises MonitorError where city or method are not those of the record."""
    for name, now in (("city", city.id), ("method_version", method.version)):
        if record[name] != now:
            raise MonitorError(
                f"the run was made with the {name} {record[name]!r}, not {now!r}", remedy="load that one"
            )
    previous = Period.parse(record["previous"]) if record["previous"] else None
    settings = {name: record[name] for name in ("draws", "seed", "concentration", "base")}
    return robustness(tables, method, city, Period.parse(record["period"]), previous, **settings)


def require_live(result: Robustness, method: Method, city: City) -> pd.DataFrame:
    """Alternatives of the method file that change nothing, to be noted: choice, value, reason.

    For a simulated city, which has everything that can be measured in every official period, there may be none:
    raises MonitorError naming the first.
    """
    silent = result.silent[result.silent["choice"].isin(list(method.assumptions))].reset_index(drop=True)
    official = Period.parse(result.record["period"]).kind == method.periods["official"]
    if city.simulated and official and len(silent):
        first = silent.iloc[0]
        raise MonitorError(
            f"the alternative {first['value']} of the assumption {first['choice']!r} changes nothing in {city.id} "
            f"{result.record['period']}",
            where="assumptions.yml",
            remedy="delete it, or let the simulated city have what it is about",
        )
    return silent


def _spread(runs: composite.Robustness, model: Branches) -> pd.DataFrame:
    """Quantiles of every node of every unit over the draws that gave it a value."""
    places = _places(model, model.nodes)
    scores, nominal = runs.scores[:, : len(places)], runs.nominal_scores[: len(places)]
    known = (~np.isnan(scores)).sum(axis=0)
    cut = np.full((3, len(places)), np.nan)
    cut[:, known > 0] = np.nanquantile(scores[:, known > 0], [0.05, 0.5, 0.95], axis=0)
    return places.assign(value=nominal, median=cut[1], p05=cut[0], p95=cut[2], draws=known)


def _changes(runs: composite.Robustness, model: Branches) -> pd.DataFrame:
    """Change of nodes and indicators since the earlier period, and how many draws agree with its sign."""
    if len(model.periods) < 2:
        return pd.DataFrame(columns=CHANGES).astype({"change": float, "same_sign": float})
    places = pd.concat([_places(model, model.nodes), _places(model, model.names)], ignore_index=True)
    first = len(_places(model, model.nodes))
    scores, nominal = runs.scores[:, first:], runs.nominal_scores[first:]
    known = (~np.isnan(scores)).sum(axis=0)
    alike = (np.sign(scores) == np.sign(nominal)).sum(axis=0)
    share = np.where((known > 0) & ~np.isnan(nominal), alike / np.maximum(known, 1), np.nan)
    return places.assign(change=nominal, same_sign=share, draws=known)[CHANGES]


def _effects(model: Branches, choices: list[dict], base: int, seed: int) -> pd.DataFrame:
    """First-order and total effect of every choice on every node."""
    checked = check_choices(choices, model.spec)
    sample = composite.saltelli_sample(len(checked), base, seed)
    found = model.evaluate(model.spec, checked, plan_draws(sample, checked, model.spec, seed, model.weight_groups))
    names, bootstraps = [choice.name for choice in checked], model.method.robustness.bootstraps
    frames = [
        pd.DataFrame({**place, "choice": names, **_indices(found.scores[:, number], len(names), bootstraps, seed)})
        for number, place in enumerate(_places(model, model.nodes).to_dict("records"))
    ]
    return pd.concat(frames, ignore_index=True)[EFFECTS]


def _indices(scores: np.ndarray, choices: int, bootstraps: int, seed: int) -> dict[str, Any]:
    """Indices of one node, from the rows of the base sample in which every run gave it a value."""
    columns = ("first", "first_low", "first_high", "total")
    nothing = {**dict.fromkeys(columns, np.full(choices, np.nan)), "rows": 0}
    if np.isnan(scores).all():
        return nothing
    try:
        found = composite.sobol_indices(scores, choices, bootstraps, 0.95, np.random.default_rng([seed, 1]))
    except composite.CompositeError:  # hardly a row is complete
        return nothing
    return {**{name: getattr(found, name)[0] for name in columns}, "rows": found.used}


def _silent(runs: composite.Robustness) -> pd.DataFrame:
    rows = [(one["choice"], str(one["value"]), one["reason"]) for one in runs.silent]
    return pd.DataFrame(rows, columns=SILENT)


def _places(model: Branches, names: list[str]) -> pd.DataFrame:
    """Unit and node of each output, in the order of the model."""
    rows = [(level, unit, name) for (level, unit), name in product(model.periods[0].units, names)]
    return pd.DataFrame(rows, columns=["level", "unit_id", "node"])
