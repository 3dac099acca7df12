"""The method as data: dimensions, indicators, context figures and rules, from ``methodology/<version>/indicators.yml``.

A city may extend a version in ``data/raw/<city>/method.yml``: the file says ``extends: v1`` (or ``[v1, v2]`` where it
serves both) and then only what differs.
"""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from pydantic import Field as Setting
from pydantic import ValidationError, field_validator, model_validator

from helpers.config.dictionary import Labels, Strict
from helpers.config.errors import MonitorError
from helpers.config.indicator import ContextFigure, Indicator
from helpers.config.reading import explain, nearest, read_yaml


class Dimension(Strict):
    """One of the dimensions of the index."""

    weight: float = Setting(ge=0)
    labels: Labels
    help: Labels


class Aggregation(Strict):
    """Rules from indicators to dimensions and from dimensions to the index (C.7)."""

    within: Literal["arithmetic", "geometric"]
    across: Literal["arithmetic", "geometric"]
    floor: float = Setting(ge=0)
    min_dimension_weight: float = Setting(ge=0, le=1)
    require_all_dimensions: bool


class Thresholds(Strict):
    """Conventions on small numbers and coverage (C.1, C.10)."""

    k: int = Setting(ge=1)
    k_sensitive: int = Setting(ge=1)
    min_mean_n: int = Setting(ge=1)
    min_coverage: float = Setting(ge=0, le=1)
    draws: int = Setting(ge=0)
    confidence: float = Setting(gt=0, lt=1)
    fpc_from_response: float = Setting(ge=0, le=1)
    min_response: float = Setting(ge=0, le=1)


class Deadlines(Strict):
    """Terms where an instance publishes none of its own."""

    answer_days: int = Setting(ge=0)
    final_document_days: int = Setting(ge=0)
    minutes_days: int = Setting(ge=0)
    accessibility_test_months: int = Setting(ge=1)


class Band(Strict):
    """A word for a range of scores, half-open; never used in computing."""

    lo: float
    hi: float
    labels: Labels


class Presence(Strict):
    """When a group counts as present in an instance: enough persons in these categories of a dimension.

    Of several rules for a group any one that holds is enough; where none was recorded nobody knows.
    """

    dimension: str
    categories: list[str] = Setting(min_length=1)
    at_least: int | Literal["k", "k_sensitive"] = 1
    """A number, or the threshold of that name."""


class Reference(Strict):
    """A source that the method quotes."""

    title: str
    url: str | None = None


class Alternative(Strict):
    """Another value for an uncertain choice."""

    value: Any
    labels: Labels


class Assumption(Strict):
    """An uncertain choice: its address in the method, the other values it could have, and how sure it is."""

    address: str
    labels: Labels
    why: Labels
    rating: Literal["low", "medium", "high"]
    """How much the choice is open to doubt."""
    alternatives: list[Alternative] = Setting(min_length=1)


class Spread(Strict):
    """How robustness is drawn, and when the draws agree enough to call a change one (C.9)."""

    concentration: float = Setting(gt=0)
    """Of the Dirichlet draws of weights: a weight b has the variance b (1 - b) / (concentration + 1)."""
    base: int = Setting(ge=2)
    """Rows of the base sample of the effects; a power of two."""
    bootstraps: int = Setting(ge=1)
    """Resamples of the base sample behind the bounds of an effect."""
    agreement: float = Setting(gt=0, le=1)
    """Share of the draws that must have the sign of a change."""


class Example(Strict):
    """A worked example of an indicator or context figure in the period 2022, run by a test."""

    tables: dict[str, str]
    """Rows as text by table: a line of field names, then a line per row, cells between ``|``; ``-`` is no value."""
    words: Labels
    arithmetic: str
    """What is reckoned by hand, in plain signs."""
    value: float
    score: float | None = None
    """Given where it is not the value itself."""
    part: str = ""
    category: str = ""


class Change(Strict):
    """What a version of the method changed, and for which indicators (none named: all)."""

    version: str
    what: Labels
    indicators: list[str] = []


class Standard(Strict):
    """A minimum standard for an instance; a core one is pass or fail."""

    stage: Literal["before", "during", "after"]
    core: bool = False
    item: str
    labels: Labels


class Method(Strict):
    """One version of the method."""

    version: str = Setting(pattern=r"^\d+\.\d+\.\d+(\+[a-z0-9-]+)?$")
    extends: str | None = None
    why: Labels = {}
    """What a city's own method changes, and why."""
    periods: dict[Literal["official", "provisional"], Literal["year", "half", "quarter", "month"]]
    thresholds: Thresholds
    deadlines: Deadlines
    verification: list[str] = Setting(min_length=1)
    """Verification statuses of the rows that count."""
    instance_weight: Literal["equal", "sqrt_capped"] = "equal"
    family_weight: Literal["equal", "leaves"] = "equal"
    populations: dict[str, str] = {}
    scales: dict[str, dict[str, float]] = {}
    presence: dict[str, list[Presence]] = {}
    aggregation: Aggregation
    bands: list[Band]
    dimensions: dict[str, Dimension] = Setting(min_length=1)
    indicators: dict[str, Indicator] = Setting(min_length=1)
    context: dict[str, ContextFigure] = {}
    references: dict[str, Reference] = {}
    robustness: Spread
    assumptions: dict[str, Assumption] = {}
    standards: dict[str, Standard] = {}
    evaluation: dict[str, list[str]] = {}
    """Indicators and context figures that stand beside each question of the end-of-commitment report."""
    examples: dict[str, Example] = {}
    history: list[Change] = []

    @field_validator("indicators", "context", mode="before")
    @classmethod
    def _ids_from_keys(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {key: {**entry, "id": key} if isinstance(entry, dict) else entry for key, entry in value.items()}

    @model_validator(mode="after")
    def _names_exist(self) -> "Method":
        for name, known, what in self._references_made():
            if name not in known:
                close = nearest(name, list(known))
                raise ValueError(f"{what} {name!r} does not exist" + (f", did you mean {close!r}" if close else ""))
        edges = [(one.hi, other.lo) for one, other in itertools.pairwise(self.bands)]
        if any(hi != lo for hi, lo in edges):
            raise ValueError("the bands must follow each other without gap or overlap")
        if abs(sum(dimension.weight for dimension in self.dimensions.values()) - 1) > 1e-9:
            raise ValueError("the weights of the dimensions must sum to 1")
        return self

    def _references_made(self) -> Iterator[tuple[str, Any, str]]:
        for key, indicator in self.indicators.items():
            if indicator.dimension is not None:
                yield indicator.dimension, self.dimensions, f"indicators.{key}: the dimension"
            if indicator.population is not None:
                yield indicator.population, self.populations, f"indicators.{key}: the population"
            for source in indicator.sources:
                yield source, self.references, f"indicators.{key}: the source"
            for rows in itertools.chain.from_iterable(part.rows for _, part in indicator.legs):
                for points in (rows.points, *(item.points for item in rows.items.values())):
                    if isinstance(points, str):
                        yield points, self.scales, f"indicators.{key}: the scale"
        for question, names in self.evaluation.items():
            for name in names:
                yield name, {**self.indicators, **self.context}, f"evaluation.{question}: the figure"

    def points(self, points: str | dict[str, float]) -> dict[str, float]:
        """Points per answer, given by name or in full."""
        return self.scales[points] if isinstance(points, str) else points

    def band(self, score: float) -> Band:
        """The word for a score: bands are half-open, the last one closed."""
        return next((band for band in self.bands if band.lo <= score < band.hi), self.bands[-1])

    def of_dimension(self, dimension: str) -> list[Indicator]:
        """Enabled indicators of a dimension, in the order of the file."""
        return [one for one in self.indicators.values() if one.dimension == dimension and one.enabled]


def load_method(root: Path, version: str, city: str | None = None) -> Method:
    """The checked method of a version, as extended by a city where it has a ``method.yml`` of its own.

    Raises MonitorError with file, line and the nearest right key.
    """
    folder = root / "methodology" / version
    if not (folder / "indicators.yml").is_file():
        known = sorted(path.parent.name for path in (root / "methodology").glob("*/indicators.yml"))
        remedy = f"choose one of {', '.join(known)}" if known else "add methodology/v1/indicators.yml"
        raise MonitorError(f"there is no method version {version!r}", where=root / "methodology", remedy=remedy)
    path = folder / "indicators.yml"
    value = read_yaml(path)
    for key, name in _BESIDE.items():
        if (folder / name).is_file():
            value = {**value, key: read_yaml(folder / name)}
    value["robustness"] = value.get("assumptions", {}).pop("robustness", None)
    own = root / "data" / "raw" / city / "method.yml" if city else None
    if own is not None and own.is_file():
        return _extended(value, own, version, city)
    return _checked(value, path)


def method_with(method: Method, changes: dict[str, Any]) -> Method:
    """The method with other values at some addresses such as ``indicators.Q1.enabled``; checked again.

    Raises MonitorError where an address does not exist.
    """
    value = method.model_dump()
    for address, new in changes.items():
        *path, last = address.split(".")
        node = value
        for part in path:
            node = _step(node, part, address)
        _step(node, last, address)
        node[last if isinstance(node, dict) else int(last)] = new
    return _checked(value, None)


def _step(node: Any, part: str, address: str) -> Any:
    if isinstance(node, list) and part.isdigit() and int(part) < len(node):
        return node[int(part)]
    if isinstance(node, dict) and part in node:
        return node[part]
    close = nearest(part, list(node)) if isinstance(node, dict) else None
    remedy = f"did you mean {close!r}" if close else "correct the address"
    raise MonitorError(f"the method has nothing at {address!r}", remedy=remedy)


def _extended(base: dict, path: Path, version: str, city: str) -> Method:
    own = read_yaml(path)
    extended = own.get("extends", []) if isinstance(own, dict) else []
    if version not in (extended if isinstance(extended, list) else [extended]):
        remedy = f"write `extends: {version}` in it, or `extends: [..., {version}]` if it serves several versions"
        raise MonitorError(f"the method of {city} does not extend {version}", where=path, remedy=remedy)
    merged = {**_merge(base, own), "extends": version}
    merged["version"] = f"{base['version']}+{city}"
    return _checked(merged, path)


def _merge(base: Any, own: Any) -> Any:
    """``own`` over ``base``: mappings key by key, everything else replaced."""
    if isinstance(base, dict) and isinstance(own, dict):
        return {**base, **{key: _merge(base.get(key), value) for key, value in own.items()}}
    return own


def _checked(value: dict, path: Path | None) -> Method:
    try:
        return Method.model_validate(value)
    except ValidationError as error:
        if path is None:
            first = error.errors()[0]
            name = ".".join(str(part) for part in first["loc"])
            what = f"{name}: {first['msg'].removeprefix('Value error, ')}"
            raise MonitorError(what, where="the changed method", remedy="correct the change") from error
        first_key = error.errors()[0]["loc"][0] if error.errors()[0]["loc"] else ""
        raise explain(error, path.with_name(_BESIDE.get(first_key, path.name)), Method) from error


_BESIDE = {
    "assumptions": "assumptions.yml",
    "standards": "minimum-standards.yml",
    "examples": "examples.yml",
    "history": "history.yml",
    "evaluation": "evaluation.yml",
}
"""Files of a version that hold one key each; `robustness` stands at the head of the assumptions."""
