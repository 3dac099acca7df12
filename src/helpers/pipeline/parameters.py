"""Strict notebook parameters: what a notebook declares, and whether given values fit.

Papermill itself passes an unknown parameter with one log line, runs without a parameters cell and ignores
annotations; a period typed ``010`` reached a notebook as 8. Here each of these stops the run before it starts.
"""

import ast
import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from helpers.files import MonitorError, read_text

SCALARS: dict[str, type] = {"str": str, "int": int, "float": float, "bool": bool}
REQUIRED = ...
_WORDS = {"str": "text", "int": "a whole number", "float": "a number", "bool": "True or False"}


@dataclass(frozen=True)
class Kind:
    """A type that a parameter may have: a scalar, a list of one scalar, either of them optional."""

    scalar: str
    many: bool = False
    optional: bool = False

    def accepts(self, value: Any) -> bool:
        """Whether the value has this very type: nothing is coerced, and True is not 1."""
        if value is None:
            return self.optional
        if self.many:
            return type(value) is list and all(_is_scalar(self.scalar, item) for item in value)
        return _is_scalar(self.scalar, value)

    def __str__(self) -> str:
        words = f"a list of {self.scalar}" if self.many else _WORDS[self.scalar]
        return f"{words} or None" if self.optional else words


@dataclass(frozen=True)
class Parameter:
    """One line of a parameters cell; ``default`` is ``REQUIRED`` where the caller must give a value."""

    name: str
    kind: Kind
    default: Any = REQUIRED


def read_notebook(path: Path) -> nbformat.NotebookNode:
    """The notebook at the path, in the current format.

    Raises
    ------
    MonitorError where the file is absent or is not a notebook.
    """
    if not path.is_file():
        raise MonitorError("this notebook does not exist", where=path, remedy="check its name")
    try:
        return nbformat.reads(read_text(path), as_version=4)
    except (ValueError, nbformat.ValidationError) as error:
        raise MonitorError(
            "this file is not a notebook that can be read", where=path, remedy="save it again from JupyterLab"
        ) from error


def declared(notebook: nbformat.NotebookNode, where: Path) -> dict[str, Parameter]:
    """The parameters of a notebook by name, from its one cell tagged ``parameters``.

    Raises
    ------
    MonitorError where the cell is absent or holds anything but annotated assignments of plain values.
    """
    cells = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    if len(cells) != 1:
        found = "no cell" if not cells else f"{len(cells)} cells"
        raise MonitorError(
            f"{found} tagged 'parameters'",
            where=where,
            remedy="give exactly one code cell the tag 'parameters' (JupyterLab: property inspector)",
        )
    parameters = [_parameter(statement, where) for statement in _statements(cells[0].source, where)]
    return {parameter.name: parameter for parameter in parameters}


def check(given: Mapping[str, Any], parameters: Mapping[str, Parameter], where: Path) -> None:
    """Refuse an unknown name, a missing value and a value of another type than declared.

    Raises
    ------
    MonitorError naming the parameter, and the nearest right name for an unknown one.
    """
    for name in given:
        if name not in parameters:
            raise MonitorError(f"no parameter {name!r}", where=where, remedy=_nearest(name, parameters))
    for parameter in parameters.values():
        if parameter.name not in given and parameter.default is REQUIRED:
            raise MonitorError(
                f"the parameter {parameter.name!r} has no value", where=where, remedy=f"give it {parameter.kind}"
            )
        if parameter.name in given and not parameter.kind.accepts(given[parameter.name]):
            raise MonitorError(
                f"the parameter {parameter.name!r} must be {parameter.kind}, not {given[parameter.name]!r}",
                where=where,
                remedy=f"give a value of type {_spelling(parameter.kind)}; nothing is converted silently",
            )


def _is_scalar(name: str, value: Any) -> bool:
    # A whole number is a number (PEP 484), and it stays the whole number it is; True and False are neither.
    return type(value) is SCALARS[name] or (name == "float" and type(value) is int)


def _statements(source: str, where: Path) -> list[ast.stmt]:
    try:
        body = ast.parse(source).body
    except SyntaxError as error:
        raise MonitorError(
            f"the parameters cell is not valid Python, line {error.lineno}", where=where, remedy="correct the line"
        ) from error
    return [statement for statement in body if not _is_text(statement)]


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _parameter(statement: ast.stmt, where: Path) -> Parameter:
    if not (isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name)):
        raise MonitorError(
            f"line {statement.lineno} of the parameters cell is not a parameter: {ast.unparse(statement)!r}",
            where=where,
            remedy="write `name: type = default`, one per line, and move everything else to another cell",
        )
    name, kind = statement.target.id, _kind(statement.annotation)
    if kind is None:
        raise MonitorError(
            f"the parameter {name!r} has the type {ast.unparse(statement.annotation)!r}",
            where=where,
            remedy="use str, int, float, bool or list[...] of one of them, with `| None` where it may be absent",
        )
    default = _default(statement, where)
    if default is not REQUIRED and not kind.accepts(default):
        raise MonitorError(
            f"the default of the parameter {name!r} must be {kind}, not {default!r}", where=where, remedy="correct it"
        )
    return Parameter(name, kind, default)


def _kind(annotation: ast.expr) -> Kind | None:
    """The kind written as ``str``, ``list[str]``, ``str | None`` or ``Optional[str]``; None for anything else."""
    text = ast.unparse(annotation).replace("typing.", "")
    bare = re.sub(r"^Optional\[(.*)\]$|^(.*) \| None$|^None \| (.*)$", r"\1\2\3", text)
    listed = re.fullmatch(r"[Ll]ist\[(\w+)\]", bare)
    scalar = listed[1] if listed else bare
    return Kind(scalar, many=bool(listed), optional=bare != text) if scalar in SCALARS else None


def _default(statement: ast.AnnAssign, where: Path) -> Any:
    if statement.value is None:
        return REQUIRED
    try:
        return ast.literal_eval(statement.value)
    except ValueError as error:
        raise MonitorError(
            f"the default of {ast.unparse(statement.target)!r} is computed: {ast.unparse(statement.value)!r}",
            where=where,
            remedy="write a plain value, and compute in another cell",
        ) from error


def _nearest(name: str, parameters: Mapping[str, Parameter]) -> str:
    close = difflib.get_close_matches(name, parameters, n=1)
    if close:
        return f"the nearest name is {close[0]!r}"
    return f"it has {', '.join(parameters) or 'none'}"


def _spelling(kind: Kind) -> str:
    bare = f"list[{kind.scalar}]" if kind.many else kind.scalar
    return f"{bare} | None" if kind.optional else bare
