"""What the participation map tells of each instance, and what its filters look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers.config import Dictionary
from helpers.figures.places import split
from helpers.figures.words import status_word
from helpers.language import Texts

FACETS = {
    "type": "instance_type",
    "promoter": "promoter_type",
    "theme": "theme_primary",
    "influence": "influence_level",
    "ways": "ways_to_take_part",
    "channels": "channels",
    "status": "status",
    "verification": "verification_status",
}
"""Name in the link to a selection -> field of `instances`, in the order of the filters."""
CARD = (
    "promoter_type",
    "promoter_name",
    "theme_primary",
    "influence_level",
    "ways_to_take_part",
    "who_can_take_part",
    "channels",
    "responsible_unit",
    "address",
)
"""Fields told on a card; each one without a value says so."""
ACCESS = ("step_free", "accessible_toilet", "hearing_support", "childcare", "digital_support", "plain_language")
"""Signs of accessibility, from the instance, its events and their venues."""
MARKED = ("declared", "contested")
"""States of verification that a reader must see before opening a card."""


@dataclass(frozen=True)
class Words:
    """Labels of fields and of closed values in one language."""

    dictionary: Dictionary
    texts: Texts

    def field(self, name: str, table: str = "instances") -> str:
        """The label of a field."""
        return self.texts.pick(self.dictionary.tables[table].fields[name].labels)

    def table(self, name: str) -> str:
        """The label of a table."""
        return self.texts.pick(self.dictionary.tables[name].labels)

    def values(self, name: str) -> dict[str, str]:
        """The closed values of a field of `instances` with their labels."""
        vocabulary = self.dictionary.tables["instances"].fields[name].vocabulary
        return {value: self.texts.pick(labels) for value, labels in self.dictionary.vocabularies[vocabulary].items()}

    def value(self, name: str, value: str, table: str = "instances") -> str:
        """The label of a value of a field; of a free text the text itself."""
        vocabulary = self.dictionary.tables[table].fields[name].vocabulary
        labels = self.dictionary.vocabularies.get(vocabulary, {}).get(value)
        return self.texts.pick(labels) if labels else value

    def cell(self, row: Mapping, name: str) -> str:
        """The words of a cell of `instances`; without a value why there is none."""
        if not isinstance(row.get(name), str):
            absent = "not_applicable" if name in split(row.get("not_applicable")) else "not_collected"
            return status_word(absent, self.texts)
        several = self.dictionary.tables["instances"].fields[name].type == "list"
        parts = split(row[name]) if several else [row[name]]
        return self.texts.list(self.value(name, part) for part in parts)


def iso(value: Any) -> str | None:
    """ISO date of a cell, or None."""
    return None if pd.isna(value) else f"{value:%Y-%m-%d}"


def accessibility(instances: pd.DataFrame, events: pd.DataFrame, venues: pd.DataFrame) -> dict[str, dict[str, bool]]:
    """instance -> sign -> yes or no, for the signs that were recorded: yes where any venue or event has it."""
    held = events.reindex(columns=["instance_id", "venue_id", "childcare"])
    columns = ["venue_id", "step_free", "accessible_toilet", "hearing_support"]
    held = held.merge(venues.reindex(columns=columns), on="venue_id", how="left")
    own = instances.reindex(columns=["instance_id", "childcare", "digital_support", "plain_language"])
    signs = pd.concat([held, own]).groupby("instance_id")
    found: dict[str, dict[str, bool]] = {}
    for instance, rows in signs:
        known = {sign: rows[sign].dropna() for sign in ACCESS}
        found[str(instance)] = {sign: bool(cells.astype("bool").any()) for sign, cells in known.items() if len(cells)}
    return found


def dates_words(row: Mapping, texts: Texts) -> str:
    """When an instance began and ended, with the precision that is known."""
    step = row.get("date_precision") if isinstance(row.get("date_precision"), str) else "day"
    if pd.isna(row.get("start_date")):
        return texts("figures.start_not_collected")
    start = texts.date(row["start_date"], step)
    if pd.isna(row.get("end_date")):
        return texts("figures.since", start=start)
    return texts("figures.from_to", start=start, end=texts.date(row["end_date"], step))


def actors(tables: Mapping[str, pd.DataFrame], words: Words) -> list[dict[str, Any]]:
    """Actors by name, each with its sector and its role (words) in each of its instances."""
    every = tables["actors"].sort_values(["name", "actor_id"], kind="stable").to_dict("records")
    ties = tables["instance_actors"]
    return [
        {
            "id": row["actor_id"],
            "name": row["name"],
            "sector": words.value("sector", row["sector"], "actors") if isinstance(row["sector"], str) else None,
            "roles": _roles(ties[ties["actor_id"] == row["actor_id"]], words),
        }
        for row in every
    ]


def _roles(ties: pd.DataFrame, words: Words) -> dict[str, str]:
    """instance -> roles of one actor in it, in words."""
    told = ties.dropna(subset=["role"]).groupby("instance_id", sort=True)["role"]
    return {
        str(instance): words.texts.list(words.value("role", role, "instance_actors") for role in dict.fromkeys(roles))
        for instance, roles in told
    }


def cards(
    tables: Mapping[str, pd.DataFrame],
    people: Sequence[Mapping],
    names: Mapping[str, str],
    words: Words,
    bars: Mapping[str, Sequence[Mapping]],
) -> list[dict[str, Any]]:
    """One card per instance, by name: what the list shows and what the filters look at.

    Parameters
    ----------
    tables : instances, events and venues of the registry.
    people : the ``actors``.
    names : territory_id -> name of the districts.
    bars : instance -> its dimensions, each with name, value (0 to 100) and said (words).
    """
    signs = accessibility(tables["instances"], tables["events"], tables["venues"])
    rows = tables["instances"].sort_values(["name", "instance_id"], kind="stable").to_dict("records")
    return [
        _card(row, signs.get(row["instance_id"], {}), people, names, words) | {"bars": bars.get(row["instance_id"], [])}
        for row in rows
    ]


def _card(
    row: Mapping, access: Mapping[str, bool], people: Sequence[Mapping], names: Mapping[str, str], words: Words
) -> dict[str, Any]:
    texts, state = words.texts, row["verification_status"]
    units = [unit for unit in split(row.get("territory_ids")) if unit in names]
    own = [actor for actor in people if row["instance_id"] in actor["roles"]]
    facets = {key: split(row.get(field)) for key, field in FACETS.items()}
    facets |= {"access": [sign for sign, yes in access.items() if yes], "district": units}
    where = texts.list(names[unit] for unit in units) if units else texts("figures.map_city_wide")
    return {
        "id": row["instance_id"],
        "name": row["name"],
        "type": row.get("instance_type"),
        "summary": [*(words.value(name, row[name]) for name in ("instance_type", "status")), where],
        "description": row["short_description"] if isinstance(row.get("short_description"), str) else None,
        "dates": dates_words(row, texts),
        "lines": [*_lines(row, words), _access_line(access, texts), _actors_line(own, row["instance_id"], words)],
        "url": row["platform_url"] if str(row.get("platform_url")).startswith(("https://", "http://")) else None,
        "contact": row["contact_public"] if isinstance(row.get("contact_public"), str) else None,
        "verification": words.value("verification_status", state),
        "mark": state if state in MARKED else None,
        "facets": facets | {"actor": [actor["id"] for actor in own]},
        "span": [iso(row.get("start_date")), iso(row.get("end_date"))],
    }


Line = tuple[str, str]
"""Label and words of something told on a card."""


def _lines(row: Mapping, words: Words) -> list[Line]:
    return [(words.field(field), words.cell(row, field)) for field in CARD]


def _access_line(access: Mapping[str, bool], texts: Texts) -> Line:
    answers = {True: texts("figures.yes"), False: texts("figures.no")}
    signs = [
        texts("figures.map_sign", sign=texts(f"figures.access_{sign}"), yes=answers[yes])
        for sign, yes in access.items()
    ]
    return texts("figures.map_access"), texts.list(signs) if signs else status_word("not_collected", texts)


def _actors_line(own: Sequence[Mapping], instance: str, words: Words) -> Line:
    texts = words.texts
    said = [texts("figures.map_role", name=actor["name"], role=actor["roles"][instance]) for actor in own]
    return words.table("actors"), texts.list(said) if said else status_word("not_collected", texts)


def filters(found: Sequence[Mapping], people: Sequence[Mapping], names: Mapping[str, str], words: Words) -> list[dict]:
    """Filters with the values that occur; a filter with fewer than two choices is left out."""
    texts = words.texts
    every = [(facet, words.field(field), words.values(field)) for facet, field in FACETS.items()]
    every.append(("access", texts("figures.map_access"), {sign: texts(f"figures.access_{sign}") for sign in ACCESS}))
    every.append(("district", texts("figures.map_district"), names))
    every.append(("actor", texts("figures.map_actor"), {actor["id"]: actor["name"] for actor in people}))
    offered = [
        {"name": facet, "label": label, "choices": choices(found, facet, values)} for facet, label, values in every
    ]
    return [one for one in offered if len(one["choices"]) > 1]


def choices(found: Sequence[Mapping[str, Any]], facet: str, label: Mapping[str, str]) -> list[dict[str, Any]]:
    """Values of a facet that occur, in the order of ``label``, with how many cards have each."""
    tally: dict[str, int] = {}
    for card in found:
        for value in card["facets"][facet]:
            tally[value] = tally.get(value, 0) + 1
    return [{"value": value, "label": label[value], "count": tally[value]} for value in label if value in tally]
