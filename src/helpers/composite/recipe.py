"""An index as plain data: a `spec` names the steps, in order, and their parameters.

    spec = {
        "denominate": {"by": {"flights": "population"}},
        "impute": {"method": "mean", "groups": "continent"},
        "screen": {"min_available": 0.9},
        "treat": {"winmax": 5},
        "normalise": {"method": "minmax", "lower": 0, "upper": 100},
        "weights": {"flights": 1, "trade": 2},
        "aggregate": {"kind": "arithmetic", "nodes": {"index": {"kind": "geometric"}}},
    }

A step that is absent or None is passed over. Two steps of a kind get a second name and an "op", such as
{"fill later": {"op": "impute", ...}}. Steps run in the order of the spec; weights and aggregate come last.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from .aggregate import aggregate
from .denominate import denominate
from .errors import CompositeError, as_values
from .impute import carry_forward, impute, interpolate
from .normalise import normalise
from .rank import rank
from .screen import screen
from .structure import Structure
from .treat import treat

FINAL = ("weights", "aggregate")


@dataclass(frozen=True)
class Data:
    """values (units, indicators) or (periods, units, indicators); groups and denominators by name, per unit.

    units: their codes. times: of the periods, for imputation along time.
    """

    values: np.ndarray
    units: tuple = ()
    groups: Mapping[str, np.ndarray] = field(default_factory=dict)
    denominators: Mapping[str, np.ndarray] = field(default_factory=dict)
    times: np.ndarray | None = None


class State(NamedTuple):
    """Values on their way, and which units of the data they still hold."""

    values: np.ndarray
    included: np.ndarray


class Results(NamedTuple):
    """stages: {step: values} in the order of the spec; scores (..., units, nodes); ranks (..., units) of the top.

    Units that were screened out have NaN in scores and ranks; in the stages after screening they have no row.
    """

    stages: dict[str, np.ndarray]
    included: np.ndarray
    scores: np.ndarray
    ranks: np.ndarray


def default_spec(structure: Structure, **steps) -> dict:
    """A spec with the weights of the structure written out, so that each of them has an address."""
    codes = [child for child, _ in structure.edges]
    named = [c if codes.count(c) == 1 else f"{c}>{p}" for c, p in structure.edges]
    weights = dict(zip(named, map(float, structure.weights), strict=True))
    return {**steps, "weights": weights, "aggregate": steps.get("aggregate", {"kind": "arithmetic"})}


def run(spec: Mapping, data: Data, structure: Structure, top: str | None = None) -> Results:
    """Every step of the spec, in order."""
    state, stages = start(data, structure), {}
    for name in data_steps(spec):
        state = take_step(name, spec[name], state, data, structure)
        stages[name] = state.values
    weights = structure.weight_vector(spec.get("weights"))
    scores = aggregate(full_rows(state), structure, weights=weights, **aggregate_keywords(spec.get("aggregate")))
    column = structure.nodes.index(top or structure.roots[0])
    return Results(stages, state.included, scores, rank(scores[..., column]))


def start(data: Data, structure: Structure) -> State:
    """The data as they come; an error if the columns are not the indicators of the structure."""
    values = as_values(data.values, structure.indicators)
    if values.ndim < 2 or values.shape[-1] != len(structure.indicators):
        raise CompositeError(
            f"values of shape {values.shape} for {len(structure.indicators)} indicators: one column each"
        )
    return State(values, np.ones(values.shape[-2], dtype=bool))


def data_steps(spec: Mapping) -> list[str]:
    """Names of the steps that change the data, in order; an unknown operation is an error."""
    names = [name for name in spec if name not in FINAL]
    for name in names:
        if operation(name, spec[name]) not in OPERATIONS:
            raise CompositeError(f"the recipe has the unknown step {name!r}: use {', '.join((*OPERATIONS, *FINAL))}")
    return names


def operation(name: str, parameters: Mapping | None) -> str:
    return (parameters or {}).get("op", name)


def take_step(name: str, parameters: Mapping | None, state: State, data: Data, structure: Structure) -> State:
    """One step; None leaves the state as it is."""
    if parameters is None:
        return state
    own = {key: value for key, value in parameters.items() if key != "op"}
    try:
        return OPERATIONS[operation(name, parameters)](state, data, structure, own)
    except TypeError as error:
        raise CompositeError(f"step {name!r} does not take these parameters: {error}") from None


def full_rows(state: State) -> np.ndarray:
    """Values with a row of NaN for each unit that was screened out."""
    if state.included.all():
        return state.values
    shape = (*state.values.shape[:-2], len(state.included), state.values.shape[-1])
    full = np.full(shape, np.nan)
    full[..., state.included, :] = state.values
    return full


def aggregate_keywords(parameters: Mapping | None) -> dict:
    """Keywords of `aggregate`: what is not levels or nodes is the rule for all."""
    parameters = dict(parameters or {})
    return {
        "levels": parameters.pop("levels", None),
        "nodes": parameters.pop("nodes", None),
        "rule": parameters,
    }


def _per_indicator(value, structure: Structure, default=np.nan):
    """{code: number} as an array with one entry per indicator; anything else as it is."""
    if not isinstance(value, Mapping):
        return value
    _known(value, structure)
    return np.array([value.get(code, default) for code in structure.indicators])


def _known(codes, structure: Structure) -> None:
    for code in codes:
        if code not in structure.indicators:
            raise CompositeError(f"{code!r} is not an indicator of the structure: correct the code")


def _table(named: Mapping, key: str, what: str) -> np.ndarray:
    if key not in named:
        raise CompositeError(f"the data have no {what} called {key!r}: they have {', '.join(named) or 'none'}")
    return np.asarray(named[key])


def _denominate(state, data, structure, parameters) -> State:
    by = parameters.get("by", {})
    _known(by, structure)
    blank = np.full(state.values.shape[:-1], np.nan)
    columns = [
        np.broadcast_to(_table(data.denominators, by[code], "denominator")[..., state.included], blank.shape)
        if code in by
        else blank
        for code in structure.indicators
    ]
    scale = parameters.get("scale", 1.0)
    done = denominate(
        state.values, np.stack(columns, axis=-1), _per_indicator(scale, structure, 1.0), structure.indicators
    )
    return state._replace(values=done)


def _screen(state, data, structure, parameters) -> State:
    if state.values.ndim > 2:
        raise CompositeError("units are screened in one period at a time: run the recipe by period")
    units = list(data.units)
    lists = {k: [units.index(u) for u in parameters[k]] for k in ("keep", "drop") if k in parameters}
    kept = screen(state.values, **{**parameters, **lists}).included
    included = state.included.copy()
    included[included] = kept
    return State(state.values[kept], included)


def _impute(state, data, structure, parameters) -> State:
    own = dict(parameters)
    if own.get("groups") is not None:
        own["groups"] = _table(data.groups, own["groups"], "grouping")[state.included]
    if own.get("within") == "parent":
        parents = dict(structure.edges)
        own["within"] = [parents[code] for code in structure.indicators]
    done = impute(state.values, direction=structure.direction, names=structure.indicators, **own)
    return state._replace(values=done.values)


def _carry(state, data, structure, parameters) -> State:
    return state._replace(values=carry_forward(state.values, data.times, **parameters).values)


def _interpolate(state, data, structure, parameters) -> State:
    return state._replace(values=interpolate(state.values, data.times, **parameters).values)


def _treat(state, data, structure, parameters) -> State:
    return state._replace(values=treat(state.values, names=structure.indicators, **parameters).values)


def _normalise(state, data, structure, parameters) -> State:
    own = {key: _per_indicator(value, structure) for key, value in parameters.items() if key != "each"}
    methods = [own.get("method"), *(rule.get("method") for rule in parameters.get("each", {}).values())]
    if {"goalposts", "scaled"} & set(methods):
        own.setdefault("lo", structure.lo)
        own.setdefault("hi", structure.hi)
    if own.get("unit") is not None:
        own["unit"] = int(np.flatnonzero(np.asarray(data.units)[state.included] == own["unit"])[0])
    _known(parameters.get("each", {}), structure)
    own["each"] = {structure.indicators.index(code): rule for code, rule in parameters.get("each", {}).items()}
    own.setdefault("direction", structure.direction)
    return state._replace(values=normalise(state.values, names=structure.indicators, **own))


OPERATIONS = {
    "denominate": _denominate,
    "screen": _screen,
    "impute": _impute,
    "carry_forward": _carry,
    "interpolate": _interpolate,
    "treat": _treat,
    "normalise": _normalise,
}
