"""Reading the YAML files that people edit: a mistake is answered with file, line and the nearest right key."""

import difflib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError

from helpers.config.errors import MonitorError

_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The C parser reads the method files ten times faster than the Python one."""


Model = TypeVar("Model", bound=BaseModel)


class _UniqueKeys(_PARSER):
    """YAML keeps the last of two equal keys without a word; a person who typed both wants to know."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                problem = f"the key {key.value!r} stands twice"
                raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def read_yaml(path: Path) -> Any:
    """The value of a YAML file; raises MonitorError with file and line where it cannot be read."""
    try:
        return yaml.load(_text(path), Loader=_UniqueKeys)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f":{mark.line + 1}" if mark else ""
        remedy = "check indentation, quotes and colons on that line"
        raise MonitorError(f"not valid YAML, {error.problem}", where=f"{path}{line}", remedy=remedy) from error
    except yaml.YAMLError as error:
        raise MonitorError("not valid YAML", where=path, remedy="save it as plain UTF-8 text") from error


def read_model(path: Path, model: type[Model], extra: dict | None = None) -> Model:
    """The YAML file as a checked ``model``; ``extra`` adds keys that the file does not hold.

    Raises MonitorError that names file, line and, for an unknown key, the nearest key that exists.
    """
    value = read_yaml(path)
    if not isinstance(value, dict):
        raise MonitorError("the file holds no keys", where=path, remedy="start it with `key: value` lines")
    try:
        return model.model_validate({**value, **(extra or {})})
    except ValidationError as error:
        raise explain(error, path, model) from error


def nearest(name: object, known: Iterator[str] | list[str] | set[str]) -> str | None:
    """The known name that somebody who wrote ``name`` probably meant, or None."""
    close = difflib.get_close_matches(str(name), sorted(known), n=1, cutoff=0.6)
    return close[0] if close else None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise MonitorError("the file is not there", where=path, remedy="create it or correct its name") from error
    except UnicodeDecodeError as error:
        raise MonitorError("the file is not UTF-8 text", where=path, remedy="save it as UTF-8") from error


def explain(error: ValidationError, path: Path, model: type[BaseModel]) -> MonitorError:
    """The first mistake in a file as one sentence with its line; an unknown key comes with the nearest right one."""
    errors = error.errors()
    # A misspelt key is also a missing one; what was typed is what the person can find.
    first = next((entry for entry in errors if entry["type"] == "extra_forbidden"), errors[0])
    location = [part for part in first["loc"] if isinstance(part, (str, int))]
    where = f"{path}:{_line_of(path, location)}"
    name = ".".join(str(part) for part in location)
    if first["type"] == "extra_forbidden":
        close = nearest(location[-1], set(_field_names(model)))
        inside = " or, if it says how a source is read, put it below `options`" if location[0] == "sources" else ""
        remedy = f"did you mean {close!r}" if close else f"remove it{inside}"
        return MonitorError(f"the key {name!r} is not known", where=where, remedy=remedy)
    if first["type"] == "missing":
        return MonitorError(f"the key {name!r} is missing", where=where, remedy="add it")
    message = first["msg"].removeprefix("Value error, ").rstrip(".")
    given = "" if isinstance(first["input"], (dict, list)) else f" (it says {first['input']!r})"
    return MonitorError(f"{name}: {message}{given}", where=where, remedy="correct it")


def _field_names(model: type[BaseModel], seen: frozenset = frozenset()) -> Iterator[str]:
    """Names of all fields of a model and of the models inside it."""
    for name, field in model.model_fields.items():
        yield field.alias or name
        for inner in _models_in(field.annotation):
            if inner not in seen:
                yield from _field_names(inner, seen | {model, inner})


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)


def _line_of(path: Path, location: list) -> int:
    """1-based line of the node at ``location``, or of the deepest part of it that stands in the file."""
    node = yaml.compose(_text(path), Loader=_PARSER)
    line = 1
    for part in location:
        child = _child(node, part)
        if child is None:
            break
        mark, node = child
        line = mark.line + 1
    return line


def _child(node: yaml.Node, part: str | int) -> tuple[yaml.Mark, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        return next(((key.start_mark, value) for key, value in node.value if key.value == str(part)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part].start_mark, node.value[part]
    return None
