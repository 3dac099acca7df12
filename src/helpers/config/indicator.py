"""Models of an indicator and of a context figure: what a definition may say, checked when it is read."""

from functools import cached_property
from typing import Literal

from pydantic import Field as Setting
from pydantic import model_validator

from helpers.config.dictionary import Labels, Strict

LANGUAGES = ("en", "es", "it")
Level = Literal["instance", "territory", "city"]
Form = Literal["pooled", "instance_mean"]
Measure = Literal[
    "share", "scale", "checklist", "overlap", "balance", "evenness", "distinct", "median", "gap", "coverage", "mean"
]
ContextMeasure = Literal["count", "sum", "ratio", "median", "coverage"]

NEEDS: dict[str, tuple[str, ...]] = {
    "share": ("done",),
    "scale": ("field", "points"),
    "checklist": ("items",),
    "overlap": ("field", "count", "reference"),
    "balance": ("field", "count", "reference"),
    "evenness": ("field", "count", "categories"),
    "distinct": ("field", "categories"),
    "median": ("field",),
    "gap": ("field", "points", "groups"),
    "coverage": ("radius_m", "min_events"),
    "mean": (),
}
"""What the rows of each measure must say besides their table."""


class Goalposts(Strict):
    """The values that score 0 and 100, fixed for a MAJOR version, and why these."""

    lo: float
    hi: float
    why: Labels = {}

    @model_validator(mode="after")
    def _differ(self) -> "Goalposts":
        if self.lo >= self.hi:
            raise ValueError("`lo` must be below `hi`; use `direction: -1` where less is better")
        return self


class Cap(Strict):
    """The most that a row may score unless the filter holds (a claim without evidence)."""

    at: float
    unless: str


class Item(Strict):
    """One item of a checklist: points of a field, a filter that is met or not, or the mean of several fields."""

    field: str | None = None
    fields: list[str] = []
    points: str | dict[str, float] = "yes_no"
    done: str | None = None
    applies: str | None = None
    """Where this filter is known to be false, the item does not apply."""
    labels: Labels = {}

    @model_validator(mode="after")
    def _one_way(self) -> "Item":
        if sum((self.field is not None, bool(self.fields), self.done is not None)) != 1:
            raise ValueError("an item says exactly one of `field`, `fields` and `done`")
        return self


class Rows(Strict):
    """Which rows an indicator looks at and what it reads from each."""

    table: str
    where: str | None = None
    """Filter of the denominator; a row for which it cannot be decided counts in the bounds only."""
    done: str | None = None
    """Filter of the numerator."""
    field: str | None = None
    points: str | dict[str, float] | None = None
    cap: Cap | None = None
    items: dict[str, Item] = {}
    min_items: int = 1
    weight: str | None = None
    """Field that weighs a row (money); 1 where it is not given."""
    count: str | None = None
    """Field that holds a number of persons."""
    total: str | None = None
    """Field of the instance that holds all its persons, stated or not."""
    categories: list[str] = []
    recode: dict[str, str] = {}
    reference: str | None = None
    """Dimension of the reference population to compare with."""
    bands: list[int] = []
    """Lower edges of the age bands that ages are brought to."""
    groups: list[str] = []
    min_group: int = 1
    radius_m: float | None = None
    min_events: float | None = None
    floor: float | None = None
    place: Literal["row", "instance"] = "row"
    """Whether a row belongs to the district that it names itself or to those of its instance."""
    indicative: str | None = None
    """Rows for which this holds are shown but never scored."""


class Part(Strict):
    """A measure inside a mean of parts, on its own goalposts."""

    measure: Measure
    rows: list[Rows] = Setting(min_length=1)
    goalposts: Goalposts = Goalposts(lo=0, hi=100)
    labels: Labels = {}

    @model_validator(mode="after")
    def _rows_say_enough(self) -> "Part":
        _check_rows(self.measure, self.rows)
        return self


class Risk(Strict):
    """How an indicator could be gamed and what guards against it."""

    risk: Labels
    guard: Labels


class Decision(Strict):
    """Who decided on an indicator, when, and where it is written down; all empty for a proposal."""

    date: str | None = None
    body: str | None = None
    minutes: str | None = None
    record: str
    """Heading in decisions.md."""


class Indicator(Strict):
    """Everything that is known about an indicator; the engine reads the rules and the codebook the rest."""

    id: str = ""
    dimension: str | None = None
    """None for a companion figure that is computed for the annex and belongs to no dimension."""
    enabled: bool = True
    weight: float = Setting(default=1, ge=0)
    labels: Labels
    help: Labels
    formula: str
    """LaTeX."""
    words: Labels
    """The formula in words."""
    unit: Literal["percent", "points", "days", "years"]
    direction: Literal[1, -1] = 1
    goalposts: Goalposts
    measure: Measure
    rows: list[Rows] = []
    parts: dict[str, Part] = {}
    form: Form
    """The form that is scored; both are kept."""
    levels: list[Level] = Setting(min_length=1)
    population: str | None = None
    """Named filter on instances; None for all that may be counted."""
    needs_activity: bool = False
    """Only instances active in the period; facts with a date of their own count without."""
    unknown: Literal["leave_out", "not_done", "not_done_if_any_known"] = "leave_out"
    empty: Literal["not_applicable", "not_collected"] = "not_applicable"
    interval: Literal["process", "sampling"] = "process"
    units: Literal["instances", "rows", "persons"] = "rows"
    """What n counts."""
    min_n: dict[Level, int] = {}
    low_n: dict[Level, int] = {}
    """From here to min_n a value has low precision; below, it is not scored. Default: min_n."""
    min_instances: dict[Level, int] = {}
    min_rows_per_instance: int = 0
    min_coverage: float | None = Setting(default=None, ge=0, le=1)
    min_stated: float = Setting(default=0, ge=0, le=1)
    sensitive: bool = False
    """Counts of persons in sensitive groups: suppressed below k_sensitive."""
    gaming: Risk
    sources: list[str]
    decided: Decision

    @model_validator(mode="after")
    def _complete(self) -> "Indicator":
        if self.measure == "mean" and len(self.parts) < 2:
            raise ValueError("a mean needs two `parts` or more")
        if self.measure != "mean":
            if not self.rows:
                raise ValueError("the key `rows` is missing")
            _check_rows(self.measure, self.rows)
        for text in (self.labels, self.help, self.words, self.goalposts.why, self.gaming.risk, self.gaming.guard):
            _check_languages(text)
        return self

    @cached_property
    def legs(self) -> list[tuple[str, Part]]:
        """Parts by name; an indicator without parts is its own only part."""
        if self.parts:
            return list(self.parts.items())
        return [("", Part(measure=self.measure, rows=self.rows, goalposts=self.goalposts))]

    @cached_property
    def main(self) -> Part:
        """The only part, or the first of several: its rows are what n counts."""
        return self.legs[0][1]

    def minimum(self, level: str) -> int:
        """Units from which a value of that level is fully precise."""
        return self.min_n.get(level, 1)

    def scored_from(self, level: str) -> int:
        """Units from which a value of that level is scored."""
        return self.low_n.get(level, self.minimum(level))


class Quantity(Strict):
    """A sum, a count, a median, a ratio of two sums or a coverage by district, one figure of a context entry."""

    measure: ContextMeasure
    table: str
    where: str | None = None
    field: str | None = None
    by: str | None = None
    """Field by whose values the figure is split; sums of unlike units of count are never added."""
    over: "Quantity | None" = None
    per: float = 1
    """What a ratio is multiplied by; for a coverage, the inhabitants for whom a district needs one row."""
    unit: str
    labels: Labels = {}

    @model_validator(mode="after")
    def _complete(self) -> "Quantity":
        if self.measure in ("sum", "median") and not self.field:
            raise ValueError(f"a {self.measure} needs a `field`")
        if self.measure == "ratio" and not (self.over and self.field):
            raise ValueError("a ratio needs `field` (what is summed above) and `over` (what is summed below)")
        return self


class ContextFigure(Strict):
    """A figure beside the index, never inside it."""

    id: str = ""
    labels: Labels
    help: Labels
    levels: list[Level] = ["city", "territory"]
    figures: dict[str, Quantity] = Setting(min_length=1)
    sources: list[str] = []


def _check_rows(measure: str, rows: list[Rows]) -> None:
    for entry in rows:
        missing = next((key for key in NEEDS[measure] if not getattr(entry, key)), None)
        if missing:
            raise ValueError(f"the rows of a {measure} need the key `{missing}`")


def _check_languages(text: Labels) -> None:
    missing = next((language for language in LANGUAGES if not text.get(language)), None)
    if missing:
        raise ValueError(f"a text is missing in the language {missing!r}")
