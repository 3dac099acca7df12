"""An outsider who has every file that a city ever published, and a linear programme. Knows none of our code.

What is used: which districts an instance is in (instances.csv), that a city is its instances, a district its own, a
year its halves, a total the sum of its periods, a share its two sides, and that no count is negative.
"""

from collections import defaultdict
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import linprog

MEANS = ("S1", "S2", "S3", "S4", "S5")
COMPOSED = ("D1", "D2", "D4-evenness")
SHARES = {"X4": "new", "X5": "online"}
HALVES = ("S1", "S2")


class Attack:
    """Unknown counts by name, and the equations that published files give.

    packages: folder of each published period, by its label. A count is named (figure, side, unit, period), with the
    side "all", "yes" (of a share) or "new" and "online" (of participants). ``across``: use, too, that those of known
    gender or age are some of the participants. women: their share in the population, to find how many took part.
    """

    def __init__(self, packages: dict[str, Path], across: bool = False, women: float | None = None):
        self.packages, self.women = packages, women
        self.tables = {
            period: {name: pd.read_csv(folder / f"{name}.csv") for name in ("values", "context", "instances", "events")}
            for period, folder in packages.items()
        }
        self.place: dict[tuple, int] = defaultdict(lambda: len(self.place))
        self.equal: list[tuple[dict[int, float], float]] = []
        self.below: list[tuple[dict[int, float], float]] = []
        self.hidden: list[tuple] = []
        folder = next(reversed(packages.values()))
        last = next(reversed(self.tables.values()))["instances"]
        leaves = last[~last["instance_id"].isin(last["parent_id"].dropna())]
        leaves = leaves[leaves["verification_status"].isin(["documented", "verified"])]  # the others count nowhere
        homes = leaves["territory_ids"].fillna("").astype(str).map(_district(folder / "territories.csv"))
        self.home = dict(zip(leaves["instance_id"], homes.fillna(""), strict=True))
        self.alone = leaves.loc[leaves["count_unit"] == "unique_persons", "instance_id"].tolist()
        for period, tables in self.tables.items():
            self._values(period, tables["values"])
            self._context(period, tables["context"], across)
            self._requests(period, tables["context"])
        self._years()
        self._totals(last)

    def narrowed(self, k: int, few: bool = False) -> list[tuple]:
        """Hidden counts that may have fewer than k values, with the least and the greatest; nobody is no secret.

        few: only those that may be fewer than k persons. How many took part may be known; who they were, if few, not.
        """
        found = []
        for name in self.hidden:
            low, high = self.bounds(name)
            if (few and low >= k) or high < 0.5:
                continue
            if np.floor(high + 1e-6) - np.ceil(low - 1e-6) + 1 < k:
                found.append((name, low, high))
        return found

    def bounds(self, name: tuple) -> tuple[float, float]:
        """The least and the greatest that a count can be."""
        size = len(self.place)
        goal = np.zeros(size)
        goal[self.place[name]] = 1
        options = dict(zip(("A_eq", "b_eq"), _matrix(self.equal, size), strict=True))
        options |= dict(zip(("A_ub", "b_ub"), _matrix(self.below, size), strict=True))
        ends = [linprog(side * goal, **options, bounds=(0, None), method="highs") for side in (1, -1)]
        assert all(one.status in (0, 3) for one in ends), f"{name}: {[one.message for one in ends]}"
        return tuple(side * one.fun if one.status == 0 else np.inf for side, one in zip((1, -1), ends, strict=True))

    def _say(self, weights: dict[tuple, float], value: float = 0.0, slack: float = 0.0) -> None:
        row = defaultdict(float)
        for name, weight in weights.items():
            row[self.place[name]] += weight
        if not slack:
            self.equal.append((row, value))
            return
        self.below += [(row, value + slack), ({key: -one for key, one in row.items()}, slack - value)]

    def _sums(self, figure: str, side: str, period: str, city: str) -> None:
        """A district is its instances and the city is all of them; whoever has no home may be anywhere."""
        every = {(figure, side, name, period): 1.0 for name in self.home}
        self._say({(figure, side, city, period): -1.0, (figure, side, "nowhere", period): 1.0} | every)
        for district in {home for home in self.home.values() if home}:
            own = {(figure, side, name, period): 1.0 for name, home in self.home.items() if home == district}
            self._say({(figure, side, district, period): -1.0} | own)

    def _values(self, period: str, values: pd.DataFrame) -> None:
        city = values.loc[values["level"] == "city", "unit_id"].iloc[0]
        for figure in (*MEANS, *COMPOSED):
            rows = values[values["indicator"] == figure]
            sides = ("all", "yes") if figure in ("S5", "D1") else ("all",)
            for side in sides:
                self._sums(figure, side, period, city)
            for row in rows.to_dict("records"):
                names = {side: (figure, side, row["unit_id"], period) for side in sides}
                self._row(figure, names, row)

    def _row(self, figure: str, names: dict[str, tuple], row: dict) -> None:
        if "yes" in names:
            self.below.append(({self.place[names["yes"]]: 1.0, self.place[names["all"]]: -1.0}, 0.0))
        if row["status"] == "suppressed":
            self.hidden += names.values()
        elif row["n"] > 0 and row["reason"] != "measures.indicative":  # an open link counts nowhere else
            self._say({names["all"]: 1.0}, row["n"])
            if figure == "S5" and (row["form"] == "pooled" or row["level"] == "instance"):
                self._say({names["yes"]: 1.0}, round(row["value"] / 100 * row["n"]))
            if figure == "D1" and self.women and (row["form"] == "pooled" or row["level"] == "instance"):
                self._say({names["yes"]: 1.0}, round(row["value"] / 100 * self.women * row["n"]))

    def _context(self, period: str, context: pd.DataFrame, across: bool) -> None:
        rows = context[(context["category"] == "unique_persons") & context["context"].isin(["X3", *SHARES])]
        rows = rows[rows["part"].isin(["participants", "first_time", "online"])]
        if rows.empty:
            return
        city = rows.loc[rows["level"] == "city", "unit_id"].iloc[0]
        for side in ("all", *SHARES.values()):
            self._sums("X3", side, period, city)
        for unit in self.alone if across else ():
            for figure in ("D1", "D2"):
                pair = self.place[figure, "all", unit, period], self.place["X3", "all", unit, period]
                self.below.append(({pair[0]: 1.0, pair[1]: -1.0}, 0.0))
        for row in rows.to_dict("records"):
            side = SHARES.get(row["context"], "all")
            name, whole = ("X3", side, row["unit_id"], period), ("X3", "all", row["unit_id"], period)
            if row["status"] == "suppressed":
                self.hidden.append(name)
            elif row["context"] == "X3":
                self._say({name: 1.0}, row["value"])
            else:
                share = row["value"] / 100
                self._say({name: 1.0, whole: -share}, slack=1e-3)
        for unit in (*self.home, *set(self.home.values()) - {""}, city):
            for side in SHARES.values():
                pair = self.place["X3", side, unit, period], self.place["X3", "all", unit, period]
                self.below.append(({pair[0]: 1.0, pair[1]: -1.0}, 0.0))

    def _requests(self, period: str, context: pd.DataFrame) -> None:
        """Requests of each kind, and those answered: the city's are those of its districts, or of no district."""
        rows = context[context["context"] == "X9"].fillna({"category": ""})
        for (part, kind), found in rows.groupby(["part", "category"]):
            side = kind or part
            districts = {("X9", side, unit, period): 1.0 for unit in set(self.home.values()) - {""}}
            city = found.loc[found["level"] == "city", "unit_id"].iloc[0]
            self._say({("X9", side, city, period): -1.0, ("X9", side, "nowhere", period): 1.0} | districts)
            for row in found.to_dict("records"):
                name = ("X9", side, row["unit_id"], period)
                if row["status"] == "suppressed":
                    self.hidden.append(name)
                elif row["status"] == "ok":
                    self._say({name: 1.0}, row["n"])

    def _years(self) -> None:
        """A year is its two halves."""
        for figure, side, unit, period in list(self.place):
            halves = [f"{period}-{half}" for half in HALVES]
            if unit != "nowhere" and all(half in self.tables for half in halves):
                self._say({(figure, side, unit, period): -1.0} | {(figure, side, unit, half): 1.0 for half in halves})

    def _totals(self, instances: pd.DataFrame) -> None:
        """What an instance counted in all is the sum of its periods, and a parent's that of its children."""
        shortest = [period for period in self.tables if f"{period}-{HALVES[0]}" not in self.tables]
        for row in instances.to_dict("records"):
            if row["count_unit"] != "unique_persons":
                continue
            name = ("total", "all", row["instance_id"], "")
            below = instances.loc[instances["parent_id"] == row["instance_id"], "instance_id"]
            if len(below):
                self._say({name: -1.0} | {("total", "all", child, ""): 1.0 for child in below})
            elif row["instance_id"] in self.home:
                self._say({name: -1.0} | {("X3", "all", row["instance_id"], period): 1.0 for period in shortest})
            if row.get("suppressed") == "participants_total":
                self.hidden.append(name)
            elif pd.notna(row["participants_total"]):
                self._say({name: 1.0}, row["participants_total"])


def _district(path: Path) -> dict[str, str]:
    """District of each territory inside one, and of each district itself."""
    rows = pd.read_csv(path).set_index("territory_id")
    districts = rows.index[rows["level"] == "district"]
    inside = rows.loc[rows["parent_id"].isin(districts), "parent_id"] if "parent_id" in rows else pd.Series(dtype="str")
    return dict(zip(districts, districts, strict=True)) | inside.to_dict()


def _matrix(rows: list[tuple[dict[int, float], float]], size: int) -> tuple:
    from scipy.sparse import csr_array

    entries = [(weight, line, column) for line, (row, _) in enumerate(rows) for column, weight in row.items()]
    weights, lines, columns = zip(*entries, strict=True)
    return csr_array((weights, (lines, columns)), shape=(len(rows), size)), np.array([value for _, value in rows])
