"""The texts of one language, from ``reports/text/<language>/``.

``terms/*.yml`` hold short texts by key, ``**/*.md`` hold prose that staff can edit. Both are Jinja templates in
which every name must be given; the filters ``number``, ``percent``, ``money``, ``date``, ``period``, ``list`` and
``plural`` format values in the language.
"""

from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined, TemplateError, UndefinedError
from jinja2.sandbox import SandboxedEnvironment

from helpers.config import MonitorError, Period, nearest, read_yaml
from helpers.language.formats import Formats


def list_languages(root: Path) -> list[str]:
    """Languages that have a folder of texts."""
    return sorted(path.parent.name for path in (root / "reports" / "text").glob("*/terms"))


class Texts(Formats):
    """Texts and formats of one language.

    ``texts("pipeline.done", city="Rosario")`` renders a short text, ``texts.page("monitor/intro", ...)`` a page of
    prose, ``texts.has("figures.map")`` tells whether a key exists.
    """

    def __init__(self, root: Path, language: str):
        if language not in list_languages(root):
            known = list_languages(root)
            raise MonitorError(
                f"there are no texts in the language {language!r}",
                where=root / "reports" / "text",
                remedy=f"choose one of {', '.join(known)}, or add a folder for it",
            )
        self.language = language
        self.folder = root / "reports" / "text" / language
        super().__init__(**{name: self.terms_entry(f"language.{name}") for name in ("tag", "percent", "month")})

    def __call__(self, key: str, /, **values: Any) -> str:
        """The short text of a key, with its values put in."""
        return self._render(self.terms_entry(key), key, values)

    def has(self, key: str) -> bool:
        """Whether there is a short text of that key."""
        return key in self.terms

    def terms_entry(self, key: str) -> str:
        """The raw template of a key; an unknown key is an error with the nearest one."""
        if key not in self.terms:
            close = nearest(key, set(self.terms))
            remedy = f"did you mean {close}" if close else "add it"
            raise MonitorError(f"there is no text {key!r}", where=self.folder / "terms", remedy=remedy)
        return self.terms[key]

    def page(self, name: str, /, **values: Any) -> str:
        """The prose ``<name>.md`` with its values put in."""
        path = self.folder / f"{name}.md"
        if not path.is_file():
            raise MonitorError("the text is not there", where=path, remedy="write it, or correct the name")
        return self._render(path.read_text(encoding="utf-8"), path, values).strip()

    def pick(self, labels: dict[str, str]) -> str:
        """The label of this language, or the first one there is (a new language need not translate the method)."""
        return labels.get(self.language) or next(iter(labels.values()))

    def headers(self, page: str, columns: list[str]) -> dict[str, str]:
        """Column -> header of a table, from the short texts ``<page>.column_<column>``."""
        return {column: self(f"{page}.column_{column}") for column in columns}

    def period(self, period: Period | str) -> str:
        """A period in words."""
        period = period if isinstance(period, Period) else Period.parse(period)
        if period.kind == "month":
            return self.date(period.start, "month")
        if period.kind == "year":
            return period.label
        return self(f"language.{period.kind}", number=self.half_or_quarter(period), year=period.start.year)

    def plural(self, count: Any, **forms: str) -> str:
        """The form (``one=``, ``other=``) that goes with a count."""
        return forms.get(self.plural_form(count), forms["other"])

    @cached_property
    def terms(self) -> dict[str, str]:
        """All short texts by key; a key given in two files is an error."""
        merged: dict[str, str] = {}
        for path in sorted((self.folder / "terms").glob("*.yml")):
            entries = read_yaml(path) or {}
            twice = sorted(merged.keys() & entries.keys())
            if twice:
                raise MonitorError(
                    f"the text {twice[0]!r} is given in two files", where=path, remedy="keep one of them"
                )
            merged |= {key: str(text) for key, text in entries.items()}
        return merged

    @cached_property
    def _environment(self) -> Environment:
        environment = SandboxedEnvironment(
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            # {#sec-x} names a heading in our notation; Jinja would take it for a comment
            comment_start_string="<#--",
            comment_end_string="--#>",
        )
        names = ("number", "percent", "money", "date", "time", "period", "list", "plural")
        environment.filters |= {name: getattr(self, name) for name in names}
        return environment

    def _render(self, template: str, where: object, values: dict[str, Any]) -> str:
        if "{" not in template:
            return template
        try:
            return self._environment.from_string(template).render(values)
        except UndefinedError as error:
            raise MonitorError(
                f"the text names a value that the page does not give: {error.message}",
                where=where,
                remedy="correct the name",
            ) from error
        except TemplateError as error:
            raise MonitorError(
                f"the text cannot be read as a template: {error}", where=where, remedy="check its braces"
            ) from error
