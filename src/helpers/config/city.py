"""Cities: names, languages, periods, sources and method, from ``data/raw/<city>/city.yml``."""

from pathlib import Path
from typing import Any, Literal

from pydantic import Field as Setting
from pydantic import field_validator, model_validator

from helpers.config.dictionary import Labels, Strict, load_dictionary
from helpers.config.errors import MonitorError
from helpers.config.period import Period
from helpers.config.places import DECLARED, declared_folder
from helpers.config.reading import nearest, read_model


class Source(Strict):
    """A source of rows: where it comes from, which files hold it and how they become tables."""

    id: str
    title: str
    publisher: str | None = None
    url: str | None = None
    licence: str | None = None
    retrieved_at: str | None = None
    published_at: str | None = None
    language: str | None = None
    reliability: Literal["official", "academic", "press", "self_declared"] = "official"
    publishable: bool = False
    optional: bool = False
    """Where none of its files is at hand the run goes on without it and says so."""
    simulated: bool = False
    derived: str | None = None
    """How the file at hand was derived from the one that was published."""
    format: str
    files: list[str] = Setting(min_length=1)
    options: dict[str, Any] = {}
    tables: list[dict[str, Any]] = []
    """How the source's tables become registry tables; the registry room checks each entry."""


class City(Strict):
    """A city as its city.yml describes it."""

    id: str = Setting(pattern=r"^[a-z][a-z0-9-]*$")
    name: Labels
    country: str = Setting(min_length=2, max_length=2)
    languages: list[str] = Setting(min_length=1)
    """The first is the one the report opens in."""
    currency: str = Setting(pattern=r"^[A-Z]{3}$")
    time_zone: str
    projection: str = Setting(pattern=r"^EPSG:\d+$")
    """For lengths and areas in metres."""
    simulated: bool = False
    contact: str | None = None
    """Institutional address for corrections; never a person's."""
    periods: list[str] = Setting(min_length=1)
    method: str = "v1"
    method_per_period: dict[str, str] = {}
    budgets: dict[int, float] = {}
    """Municipal budget per year in the city's currency."""
    working_hours: dict[str, Any] = {}
    holidays: list[str] = []
    documents: list[str] = ["monitor", "districts", "good-practice", "methodology", "data-quality", "verification"]
    """Notebooks of ``reports/`` that make a page each, in the order of the navigation."""
    notes: Labels = {}
    sources: list[Source] = Setting(min_length=1)

    @field_validator("periods", mode="before")
    @classmethod
    def _labels_as_text(cls, value: object) -> object:
        """YAML reads a bare 2022 as a number."""
        return [str(label) for label in value] if isinstance(value, list) else value

    @field_validator("method_per_period", mode="before")
    @classmethod
    def _keys_as_text(cls, value: object) -> object:
        return {str(key): text for key, text in value.items()} if isinstance(value, dict) else value

    @field_validator("periods")
    @classmethod
    def _periods_exist(cls, value: list[str]) -> list[str]:
        try:
            return [str(Period.parse(label)) for label in value]
        except MonitorError as error:
            raise ValueError(str(error)) from error

    @model_validator(mode="after")
    def _names_are_unique(self) -> "City":
        ids = [source.id for source in self.sources]
        repeated = next((name for name in ids if ids.count(name) > 1), None)
        if repeated:
            raise ValueError(f"two sources are called {repeated!r}")
        missing = [language for language in self.languages if language not in self.name]
        if missing:
            raise ValueError(f"the name of the city is missing in {missing[0]!r}")
        return self

    @property
    def ordered_periods(self) -> list[Period]:
        """All periods, oldest first."""
        return sorted(Period.parse(label) for label in self.periods)

    @property
    def newest_period(self) -> Period:
        """The period a default run computes: the last one named in city.yml."""
        return Period.parse(self.periods[-1])

    def periods_so_far(self, period: Period) -> list[Period]:
        """Periods up to this one and of its kind, oldest first: what a trend is drawn over."""
        return [one for one in self.ordered_periods if one <= period and one.kind == period.kind]

    def method_of(self, period: Period) -> str:
        """The method version that a period is published with."""
        return self.method_per_period.get(str(period), self.method)

    def recast_periods(self, period: Period) -> list[Period]:
        """Earlier periods that were published by another version of the method than this one, oldest first."""
        return [one for one in self.periods_so_far(period) if self.method_of(one) != self.method_of(period)]

    def period(self, label: str) -> Period:
        """The period of a label, which must be one that the city publishes."""
        period = Period.parse(label)
        if str(period) not in self.periods:
            raise MonitorError(
                f"{self.id} has no data for the period {label}",
                where=f"data/raw/{self.id}/city.yml",
                remedy=f"choose one of {', '.join(self.periods)}, or add it to `periods`",
            )
        return period


def list_cities(root: Path) -> list[str]:
    """Ids of the cities that have a city.yml."""
    return sorted(path.parent.name for path in (root / "data" / "raw").glob("*/city.yml"))


def load_city(root: Path, name: str) -> City:
    """The checked description of a city; an unknown one is an error with the nearest name."""
    known = list_cities(root)
    if name not in known:
        close = nearest(name, set(known))
        remedy = f"did you mean {close}" if close else f"the cities are {', '.join(known) or 'none yet'}"
        raise MonitorError(f"there is no city {name!r}", where=root / "data" / "raw", remedy=remedy)
    city = read_model(root / "data" / "raw" / name / "city.yml", City)
    if city.id != name:
        raise MonitorError(
            f"the folder is called {name!r} and the city in it {city.id!r}",
            where=f"data/raw/{name}/city.yml",
            remedy="give both the same name",
        )
    return city.model_copy(update={"sources": [*city.sources, *_declarations(root, city)]})


def _declarations(root: Path, city: City) -> list[Source]:
    """Forms of civil society that were taken in are a source like any other, which needs no entry in city.yml.

    The name of each form is the id of its instance; what the form of the field dictionary does not ask is given.
    """
    form = load_dictionary(root).declaration if any(declared_folder(root, city.id).glob("*.*")) else None
    if form is None:
        return []
    given = {field: {"value": value} for field, value in form.given.items()}
    key = {"instance_id": {"template": "{_file|stem}"}}
    source = Source(
        id=DECLARED,
        title=form.labels.get(city.languages[0], form.labels["en"]),
        reliability="self_declared",
        format="form",
        files=[f"{DECLARED}/*.*"],
        tables=[{"table": form.table, "auto": True, "columns": {**key, **given}}],
    )
    return [source]
