"""The uncertain choices of a method, checked: which parts of it each alternative changes, and how draws combine them.

A choice is an address of the method file with alternatives (`assumptions.yml`). Four more come from C.9: the weights,
the form of every indicator, what becomes of missing cells, and which indicator is left out.
"""

from typing import Any, NamedTuple

from helpers import composite
from helpers.config import Method, MonitorError
from helpers.config.indicator import Indicator
from helpers.config.method import method_with

WEIGHTS, FORM, MISSING, LEFT_OUT = "weights", "form", "missing", "left_out"
AS_IT_IS = "as_it_is"
POOLED, INSTANCE_MEAN = "pooled", "instance_mean"
AVAILABLE, STRICT = "available_case", "strict"
FORMS = (POOLED, INSTANCE_MEAN)


class Option(NamedTuple):
    """One value of a choice: the method with that value alone, and whether anything must be measured again."""

    value: Any
    method: Method
    remeasured: bool


class Choice(NamedTuple):
    """An uncertain choice of the method file; the first option is what the method says."""

    name: str
    address: str
    options: list[Option]


def choices_of(method: Method) -> list[Choice]:
    """The choices of the method file, every address and alternative checked.

    Raises MonitorError where an address does not exist (it names the nearest) or an alternative is not possible.
    """
    return [_choice(name, method) for name in method.assumptions]


def _choice(name: str, method: Method) -> Choice:
    assumption = method.assumptions[name]
    nominal = _nominal(method, assumption.address, name)
    options = [Option(nominal, method, False)]
    for alternative in assumption.alternatives:
        changed = _changed(method, assumption.address, alternative.value, name)
        options.append(Option(alternative.value, changed, _measures_differently(method, changed)))
    return Choice(name, assumption.address, options)


def _nominal(method: Method, address: str, name: str) -> Any:
    """What the method says at an address."""
    try:
        return composite.value_at(method.model_dump(), address)
    except composite.CompositeError as error:
        what, _, remedy = str(error).partition("; ")
        raise _error(name, what, remedy or "correct the address") from error


def _changed(method: Method, address: str, value: Any, name: str) -> Method:
    try:
        return method_with(method, {address: value})
    except MonitorError as error:
        raise _error(name, error.what, error.remedy) from error


def _error(name: str, what: str, remedy: str | None) -> MonitorError:
    return MonitorError(f"the assumption {name!r}: {what}", where="assumptions.yml", remedy=(remedy or "").rstrip("?"))


def scored_indicators(method: Method, choices: list[Choice]) -> list[Indicator]:
    """Indicators of a dimension that the method, or any alternative, switches on, in the order of the file."""
    methods = [method, *(option.method for choice in choices for option in choice.options)]
    on = {one.id for each in methods for one in each.indicators.values() if one.enabled and one.dimension}
    return [one for one in method.indicators.values() if one.id in on]


def may_be_left_out(method: Method) -> list[str]:
    """Indicators whose dimension has others."""
    members = [[one.id for one in method.of_dimension(name) if one.weight > 0] for name in method.dimensions]
    return [name for dimension in members if len(dimension) > 1 for name in dimension]


def _measures_differently(method: Method, changed: Method) -> bool:
    """Whether the two differ in more than weights, forms, switches and rules of aggregation."""
    return _measured_part(method) != _measured_part(changed)


_NOT_MEASURED = {
    "aggregation", "dimensions", "assumptions", "bands", "context", "references", "standards", "examples", "history",
    "robustness",
}  # fmt: skip


def _measured_part(method: Method) -> dict:
    part = method.model_dump(exclude=_NOT_MEASURED)
    for indicator in part["indicators"].values():
        for key in ("form", "weight", "enabled"):
            del indicator[key]
    return part
