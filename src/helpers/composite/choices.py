"""Uncertain choices: addresses in a method (nested plain data) with alternatives or distributions.

A choice is a mapping: {"address": "treat.winmax", "alternatives": [1, 2, 3]}, or with a distribution such as
{"address": "normalise.lower", "distribution": {"kind": "uniform", "lo": 0, "hi": 5}}. An address is a dotted path or a
list of keys (for keys that hold dots); numbers point into lists. "name" is optional.
"""

import copy
import difflib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from scipy import stats

from .errors import CompositeError
from .weight import dirichlet_weights, noisy_weights


class Choice(NamedTuple):
    """A checked choice: name, path, and its alternatives or its distribution (the other is None)."""

    name: str
    path: tuple
    alternatives: list | None
    distribution: dict | None


class Plan(NamedTuple):
    """u (draws, choices) in [0, 1); values: per choice the list of values used; index (draws, choices) into them."""

    u: np.ndarray
    values: list[list]
    index: np.ndarray


def path_of(address) -> tuple:
    return tuple(address.split(".")) if isinstance(address, str) else tuple(address)


def value_at(spec, address):
    """What stands at an address; an address that does not exist is an error with the nearest that does."""
    here = spec
    path = path_of(address)
    for depth, key in enumerate(path):
        here = _inside(here, key, path, depth)
    return here


def _inside(here, key, path, depth):
    dotted = ".".join(map(str, path))
    if isinstance(here, Mapping):
        if key in here:
            return here[key]
        near = difflib.get_close_matches(str(key), [str(k) for k in here], n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there is {', '.join(map(str, here)) or 'nothing'}"
        raise CompositeError(f"the method has no address {dotted!r}: {key!r} is not there; {hint}")
    if isinstance(here, Sequence) and not isinstance(here, str) and str(key).isdigit() and int(key) < len(here):
        return here[int(key)]
    raise CompositeError(f"the method has no address {dotted!r}: it ends before {key!r} (part {depth + 1})")


def with_value(spec, address, value):
    """A copy of the spec with another value at an address that exists; only the way to it is copied."""
    path = path_of(address)
    value_at(spec, path)
    return _replaced(spec, path, value)


def _replaced(here, path, value):
    if not path:
        return value
    changed = copy.copy(here) if isinstance(here, Mapping) else list(here)
    key = path[0] if isinstance(here, Mapping) else int(path[0])
    changed[key] = _replaced(here[key], path[1:], value)
    return changed


def with_values(spec, changes):
    """Several changes; whole branches before their twigs, so that both take effect."""
    for path, value in sorted(changes, key=lambda change: len(change[0])):
        spec = with_value(spec, path, value)
    return spec


def check_choices(choices, spec) -> list[Choice]:
    """Choices made explicit; errors for missing addresses, empty alternatives and doubled names."""
    checked = []
    for choice in choices:
        unknown = set(choice) - {"name", "address", "alternatives", "distribution"}
        if unknown:
            raise CompositeError(
                f"a choice has the unknown key {min(unknown)!r}: use address, alternatives, distribution, name"
            )
        path = path_of(choice["address"])
        value_at(spec, path)
        alternatives, distribution = choice.get("alternatives"), choice.get("distribution")
        if (alternatives is None) == (distribution is None) or alternatives == []:
            raise CompositeError(f"the choice {choice['address']!r} needs either alternatives or a distribution")
        name = choice.get("name") or ".".join(map(str, path))
        checked.append(Choice(name, path, alternatives, distribution))
    names = [choice.name for choice in checked]
    if not names or len(set(names)) < len(names):
        raise CompositeError("give at least one choice, and different names if two have the same address")
    return checked


def plan_draws(u: np.ndarray, choices: list[Choice], spec, seed: int, weight_groups=None) -> Plan:
    """Values for a sample u (draws, choices) of the unit cube; `weight_groups` as for `_weight_sets`."""
    values, index = [], np.empty(u.shape, dtype=np.int64)
    for column, choice in enumerate(choices):
        found, index[:, column] = _realise(u[:, column], choice, spec, [seed, column], weight_groups)
        values.append(found)
    return Plan(u, values, index)


def _realise(u, choice: Choice, spec, seed, weight_groups) -> tuple[list, np.ndarray]:
    if choice.alternatives is not None:
        return list(choice.alternatives), _cell(u, len(choice.alternatives))
    rule = dict(choice.distribution)
    kind = rule.pop("kind", None)
    try:
        if kind in ("noise", "dirichlet"):
            sets = _weight_sets(kind, value_at(spec, choice.path), seed, weight_groups, **rule)
            return sets, _cell(u, len(sets))
        if kind not in _QUANTILES:
            raise CompositeError(f"{choice.name!r} has the unknown distribution {kind!r}: use {', '.join(KINDS)}")
        drawn = _QUANTILES[kind](u, **rule)
    except TypeError as error:
        raise CompositeError(f"the distribution {kind!r} of {choice.name!r} is not complete: {error}") from None
    unique, index = np.unique(drawn, return_inverse=True)
    return unique.tolist(), index


def _cell(u, count: int) -> np.ndarray:
    """Equal parts of the unit interval, whatever the sample happens to reach."""
    return np.minimum((np.asarray(u) * count).astype(np.int64), count - 1)


def _weight_sets(kind, base, seed, groups, sets=1000, factor=None, concentration=None) -> list[dict]:
    """Random weights for a mapping {code: weight}; one number of the sample chooses one of `sets` prepared sets.

    groups: lists of keys whose weights compete with each other (the children of one parent); default all together.
    A Dirichlet keeps the sum of each group.
    """
    if not isinstance(base, Mapping):
        raise CompositeError("noise and dirichlet distributions need an address that holds a mapping of weights")
    rng, keys = np.random.default_rng(seed), list(base)
    drawn = np.tile(np.array([float(base[key]) for key in keys]), (sets, 1))
    for group in groups(keys) if groups else [keys]:
        at = [keys.index(key) for key in group]
        own = drawn[0, at]
        if kind == "noise":
            drawn[:, at] = noisy_weights(own, _given(factor, "factor"), sets, rng, group)
        else:
            drawn[:, at] = own.sum() * dirichlet_weights(own, _given(concentration, "concentration"), sets, rng, group)
    return [dict(zip(keys, row, strict=True)) for row in drawn.tolist()]


def _given(value, name):
    if value is None:
        raise TypeError(f"it needs {name!r}")
    return value


_QUANTILES = {
    "uniform": lambda u, lo, hi: lo + u * (hi - lo),
    "normal": lambda u, mean, sd: stats.norm.ppf(np.clip(u, 1e-12, 1 - 1e-12), mean, sd),
    "triangular": lambda u, lo, mode, hi: stats.triang.ppf(u, (mode - lo) / (hi - lo), lo, hi - lo),
    "integers": lambda u, lo, hi: lo + _cell(u, hi - lo + 1),
}
KINDS = (*_QUANTILES, "noise", "dirichlet")
