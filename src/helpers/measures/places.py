"""Districts: which of them a territory lies in."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from helpers.config import Period
from helpers.registry.geography import valid_on


@dataclass(frozen=True)
class Places:
    """Territories of a city.

    city: id of the territory that is the whole city; districts: ids in the order of the table; inside: district of
    every territory that lies in one; level: level of every territory; parent: its parent.
    """

    city: str
    districts: tuple[str, ...] = ()
    inside: Mapping[str, str] = field(default_factory=dict)
    level: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, raw: Mapping[str, pd.DataFrame], city: object, period: Period) -> "Places":
        """Places of the `territories` table, districts as they are at the end of the period; without one the city has
        no districts."""
        table = raw.get("territories")
        if table is None or table.empty:
            return cls(city.id)
        table = table[valid_on(table, period.end)]
        table = table.drop_duplicates("territory_id", keep="last").set_index("territory_id")
        level = table["level"].to_dict()
        parent = {key: value for key, value in _parents(table).items() if isinstance(value, str)}
        districts = tuple(key for key, value in level.items() if value == "district")
        inside = {key: _district(key, level, parent) for key in level}
        whole = next((key for key, value in level.items() if value == "city"), city.id)
        return cls(whole, districts, {key: value for key, value in inside.items() if value}, level)

    def units_of(self, territories: pd.Series) -> pd.Series:
        """Districts of ";"-joined territory ids, each once, ";"-joined; "" where there is none."""
        known = {text: self._joined(text) for text in territories.dropna().unique()}
        return territories.map(known).astype("str").fillna("")

    def _joined(self, text: str) -> str:
        found = (self.inside.get(part.strip()) for part in text.split(";"))
        return ";".join(dict.fromkeys(one for one in found if one))


def _parents(table: pd.DataFrame) -> dict[str, object]:
    name = next((name for name in ("parent_id", "part_of") if name in table), None)
    return table[name].to_dict() if name else {}


def _district(key: str, level: Mapping[str, str], parent: Mapping[str, str]) -> str | None:
    seen: set[str] = set()
    while key and key not in seen:
        if level.get(key) == "district":
            return key
        seen.add(key)
        key = parent.get(key, "")
    return None
