r"""How the tables of a source become tables of the registry: the grammar of ``sources[].tables[]`` in city.yml.

Each entry fills one registry table from the tables that the source's adapter read. All cells are still text when
a mapping is applied; money, dates, yes/no, numbers with bounds, labels of categories (in any language) and names
of territories are understood afterwards by the type of the field, so a mapping names columns, not conversions.

    tables:
      - table: proposals              # the registry table (required)
        from: projects                # table of the adapter (sheet, section); a pattern such as "zona*" takes several.
                                      #   Default: all. Names: delimited text "table", geo "features",
                                      #   pabulib "meta", "projects", "votes"; a workbook has its sheets.
        files: "*_2022.csv"           # only rows from these files of the source. Default: all
        where: {Sexo: [Varón, Mujer]} # only rows that fulfil every condition: a value, a list of values,
                                      #   {not: [...]}, {missing: yes|no} or {pattern: "^PP"}; compared without
                                      #   regard to case, accents and outer blanks. Rows that no entry takes are listed.
        auto: yes                     # take every column whose header is a field's name or its label in any language
                                      #   (also "<field>_bound"). Default: yes without `columns`, no with them.
                                      #   A column that is then no field is an error, unless listed in
        ignore: [Observaciones]       #   `ignore`.
        columns:                      # field: where its text comes from
          name: Nombre                #   a column, by its header
          currency: {value: PLN}      #   a constant
          title: {columns: [title/ca, title/es]}                # the first of them that is not empty; names that a
                                      #   file lacks are passed over, so columns may be renamed between periods
          instance_id: {template: "waw-{meta/instance}-{meta/district|slug}"}   # text with columns put in; a row in
                                      #   which one of them is empty has no value. Changes: slug lower year tail stem
                                      #   pad2; {_sheet} and {_file} are columns too.
          theme_primary: {column: category, take: first, split: ",", map: {sport: culture_sport}, else: cross_cutting}
                                      #   split and take (first, last, all): items of a cell; `all` gives a list.
                                      #   map: raw text -> value; else: value for texts that map does not name
                                      #   (default: left as they are; "missing" empties them).
          period: {column: date_end, period: year}              # the year, half, quarter or month of a date
          age_band: {column: Edad, bands: yes, maximum: 100}    # age in years -> age band; above maximum: missing
          latitude: {column: lat, missing: ["0", "-"], default: ND}   # more texts that mean nothing was collected;
                                      #   default: text where there is none
        unpivot:                      # one row per column instead of one row with many columns
          columns: "^\\d"             #   headers: a pattern, a list, or {header: text}
          to: category                #   field that gets the header (or the text given for it)
          values: population          #   field that gets the cell
          bands: yes                  #   headers are age ranges ("0-4", "95 o más"): summed into the age bands of
                                      #   reference_population; a range across two bands is split evenly by years
                                      #   of age and both are marked is_estimate
        count:                        # microdata -> counts; the rows themselves are never stored
          of: voter_id                #   distinct values are counted (each person once)
          within: [meta/instance]     #   of is unique only together with these. Default: within a file
          into: count                 #   field that gets the number. Default: count
          by:                         #   one set of rows per item: dimension, and the column that gives the category
            - {dimension: total, category: total}
            - {dimension: gender, column: sex, map: {M: man, F: woman}, missing_as: not_stated}
            - {dimension: age_band, column: age, bands: yes, maximum: 100, missing_as: not_stated}
                                      #   the other `columns` of the entry (instance_id, period ...) group the rows.
        geometry: geometry            # territories only: column with the shape; default where format is geo
        schematic: yes                # territories only: the shapes are tiles of a scheme, not outlines; every map
                                      #   drawn from them says so, and they have no area
      - ignore: "meta*"               # tables of the adapter that are left out on purpose
        reason: repeated in the other sections

How a source is read stands below its key ``options``, as in ``options: {quarantine: accept, header_row: 4}``:
``quarantine`` ("accept": rows that cannot stand are set aside, listed, and the run goes on; otherwise they stop it),
``decimal`` ("," or "."; otherwise found per column), ``date_order`` (day_first, the default, or month_first),
``time_zone`` (of times that name none; the city's by default), and what its adapter takes: of spreadsheets and text
``header_row`` (counted from 1, where the header is not the first full row), ``sheets`` (names; all by default),
``totals`` ("keep": rows called total at the end are data), ``separator`` and ``encoding``.

What needs no mapping: ``source_id`` is the source's id where no column gives it; a field that refers to a territory
takes its id, name, label or alias in any spelling; rows with the same key from several sources become one row, the
source that city.yml names first wins and the others fill what it does not say, with all origins kept. The table
``sources`` gets a row for every source of city.yml without any entry. Empty and "ND" mean not collected, "NA" not
applicable.
"""

import re
from fnmatch import fnmatchcase
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator, model_validator
from pydantic import Field as Setting

from helpers.config import City, Dictionary, Source, nearest
from helpers.files import MonitorError

OPEN = "?"
"""What a proposal or an offered correction leaves for a person to fill in."""

REGISTRY_OPTIONS = ("decimal", "date_order", "time_zone", "quarantine")
"""Options of a source that are not its adapter's."""


class Strict(BaseModel):
    """A frozen model that refuses keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Column(Strict):
    """Where the text of one field comes from."""

    column: str | None = None
    columns: list[str] = []
    value: str | None = None
    template: str | None = None
    split: str | None = None
    take: Literal["first", "last", "all"] = "first"
    map: dict[str, str] = {}
    otherwise: str | None = Setting(default=None, alias="else")
    period: Literal["year", "half", "quarter", "month"] | None = None
    bands: bool = False
    maximum: float | None = None
    missing: list[str] = []
    default: str | None = None

    @field_validator("value", "default", "otherwise", mode="before")
    @classmethod
    def _as_text(cls, value: Any) -> Any:
        """YAML reads 2022 as a number and yes as true."""
        return plain_text(value)

    @field_validator("map", mode="before")
    @classmethod
    def _map_as_text(cls, value: Any) -> Any:
        return {plain_text(key): plain_text(text) for key, text in value.items()} if isinstance(value, dict) else value

    @field_validator("missing", mode="before")
    @classmethod
    def _tokens_as_text(cls, value: Any) -> Any:
        return [plain_text(item) for item in value] if isinstance(value, list) else value

    @model_validator(mode="after")
    def _one_origin(self) -> "Column":
        given = [name for name in ("column", "columns", "value", "template") if getattr(self, name)]
        if len(given) != 1 and self.value != "":
            raise ValueError("give one of `column`, `columns`, `value` or `template`")
        return self

    @property
    def names(self) -> list[str]:
        """Source columns that it reads."""
        if self.template:
            return [name for name, _ in TEMPLATE_PART.findall(self.template)]
        return [self.column] if self.column else list(self.columns)


TEMPLATE_PART = re.compile(r"\{([^{}|]+)(?:\|(\w+))?\}")


class Condition(Strict):
    """What a cell must be for its row to be taken."""

    values: list[str] = []
    without: list[str] = Setting(default=[], alias="not")
    missing: bool | None = None
    pattern: str | None = None

    @field_validator("values", "without", mode="before")
    @classmethod
    def _texts(cls, value: Any) -> Any:
        return [plain_text(item) for item in (value if isinstance(value, list) else [value])]


class Unpivot(Strict):
    """Columns that become rows."""

    columns: str | list[str] | dict[str, str]
    to: str = "category"
    values: str
    bands: bool = False


class By(Column):
    """One composition that microdata are counted by."""

    dimension: str
    category: str | None = None
    missing_as: str | None = None

    @model_validator(mode="after")
    def _one_origin(self) -> "By":
        if bool(self.column) == bool(self.category):
            raise ValueError("give `column` (or `category` for a plain total)")
        return self


class Count(Strict):
    """Microdata that become counts of distinct persons."""

    of: str
    within: list[str] = []
    into: str = "count"
    by: list[By] = []


class Entry(Strict):
    """One entry of ``tables``."""

    table: str | None = None
    ignore: str | list[str] = []
    reason: str | None = None
    source_tables: str | None = Setting(default=None, alias="from")
    files: str | None = None
    where: dict[str, Condition] = {}
    auto: bool | None = None
    columns: dict[str, Column] = {}
    unpivot: Unpivot | None = None
    count: Count | None = None
    geometry: str | None = None
    schematic: bool = False

    @field_validator("columns", mode="before")
    @classmethod
    def _short_forms(cls, value: Any) -> Any:
        """``field: Header`` is short for ``field: {column: Header}``."""
        if not isinstance(value, dict):
            return value
        return {
            field: spec if isinstance(spec, dict) else {"column": plain_text(spec)} for field, spec in value.items()
        }

    @field_validator("where", mode="before")
    @classmethod
    def _conditions(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {name: given if isinstance(given, dict) else {"values": given} for name, given in value.items()}

    @property
    def ignored_columns(self) -> list[str]:
        """Columns left out on purpose, in an entry that fills a table."""
        return [self.ignore] if isinstance(self.ignore, str) else list(self.ignore)

    @property
    def is_automatic(self) -> bool:
        """Whether columns are found by their header."""
        return not self.columns if self.auto is None else self.auto

    def takes(self, source_table: str, file: str) -> bool:
        """Whether the entry is about this table of this file."""
        pattern = self.source_tables if self.table else "|".join(self.ignored_columns)
        names = (pattern or "*").split("|")
        return any(fnmatchcase(source_table, name) for name in names) and fnmatchcase(file, self.files or "*")


def read_entries(source: Source, dictionary: Dictionary, where: str) -> list[Entry]:
    """The checked mapping entries of a source; a source without any is mapped by its headers to nothing."""
    return [_entry(given, number, source, dictionary, where) for number, given in enumerate(source.tables, start=1)]


def open_questions(city: City, dictionary: Dictionary) -> list[MonitorError]:
    """For each entry with question marks of a proposal, which fields wait for an answer."""
    place = f"data/raw/{city.id}/city.yml"
    return [
        MonitorError(
            f"nobody has answered yet what {entry.table} has in {', '.join(fields)}",
            where=f"{place}, source {source.id}, table {number}",
            remedy=f'put a value, a column or a template in place of each "{OPEN}"',
        )
        for source in city.sources
        for number, entry in enumerate(read_entries(source, dictionary, place), start=1)
        if (fields := [field for field, column in entry.columns.items() if column.value == OPEN])
    ]


def _entry(given: dict, number: int, source: Source, dictionary: Dictionary, where: str) -> Entry:
    place = f"{where}, source {source.id}, table {number}"
    try:
        entry = Entry.model_validate(given)
    except ValidationError as error:
        raise _explain(error, place) from error
    if entry.table is None:
        if not entry.ignored_columns:
            raise MonitorError("the entry names no table", where=place, remedy="add `table:` or `ignore:`")
        return entry
    table = dictionary.table(entry.table)
    fields = [*entry.columns, *([entry.unpivot.to, entry.unpivot.values] if entry.unpivot else [])]
    bounds = {f"{field.name}_bound" for field in table.fields.values() if field.bound}
    for field in fields:
        if field not in table.fields and field not in bounds:
            labels = {label.casefold(): one.name for one in table.fields.values() for label in one.labels.values()}
            close = labels.get(field.casefold()) or nearest(field, set(table.fields))
            remedy = f"did you mean {close!r}" if close else f"the fields are {', '.join(table.fields)}"
            raise MonitorError(f"{entry.table} has no field {field!r}", where=place, remedy=remedy)
    return entry


def _explain(error: ValidationError, place: str) -> MonitorError:
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        known = {"from", "else", "not", *Entry.model_fields, *Column.model_fields, *By.model_fields}
        close = nearest(str(first["loc"][-1]), known | set(Unpivot.model_fields) | set(Count.model_fields))
        remedy = f"did you mean {close!r}" if close else "remove it"
        return MonitorError(f"the key {name!r} is not known", where=place, remedy=remedy)
    message = first["msg"].removeprefix("Value error, ")
    return MonitorError(f"{name}: {message}", where=place, remedy="see the grammar in helpers.registry.mapping")


def plain_text(value: Any) -> Any:
    """The text of a YAML scalar, yes and no as they were typed."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if isinstance(value, int | float) else value
