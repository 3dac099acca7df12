"""Intervals of an indicator in all units of a level at once, by redrawing its rows."""

import numpy as np

from helpers.config.indicator import Indicator
from helpers.measures.case import Case, Unit
from helpers.measures.columns import Facts
from helpers.measures.levels import row_weights
from helpers.measures.resample import at_full_size, redrawn
from helpers.measures.respondents import Respondents
from helpers.measures.statistics import ADDITIVE, CATEGORIES, OF_THE_WHOLE, STATISTICS
from helpers.measures.value import score_of

Drawn = dict[str, np.ndarray]
"""Draws by unit."""


def drawn_scores(case: Case, units: dict[str, np.ndarray], level: str, respondents: Respondents) -> Drawn:
    """Scores of redrawn rows in the scored form, per unit (draws,); a unit that leaves nothing to draw is absent.

    Survey measures redraw respondents within their instance, the same for every item. All others redraw families,
    then the rows inside them; inside a single instance its rows. A form that no weighing of rows can give has no
    interval.
    """
    draws, form = case.prepared.method.thresholds.draws, case.indicator.form
    measures = {part.measure for _, part in case.indicator.legs}
    if not draws or (form == "instance_mean" and not measures <= {*ADDITIVE, *OF_THE_WHOLE}):
        return {}
    cells = _Cells(case, units, level, form)
    if not len(cells.names):
        return {}
    weights = cells.redrawn(draws, respondents)
    return {name: _score(case, weights, cells, place, Unit(level, name)) for place, name in enumerate(cells.names)}


class _Cells:
    """Known rows of all units that leave something to draw; those that are alike stand together with their number,
    unless they are respondents, who are drawn one by one."""

    def __init__(self, case: Case, units: dict[str, np.ndarray], level: str, form: str):
        self.indicator, self.level = case.indicator, level
        parts, names, owns = [], [], []
        for name, rows in units.items():
            facts, own = _known_and_weighed(case, case.facts.take(rows).that_can_speak(), form)
            if _something_to_draw(facts, case.indicator, level):
                names.append(name)
                parts.append(facts)
                owns.append(own)
        self.names = names
        self.unit = np.repeat(np.arange(len(parts)), [len(facts) for facts in parts])
        if names:
            together = {name: np.concatenate([facts[name] for facts in parts]) for name in parts[0].columns}
            self.facts, self.own = Facts(together, case.facts.instances), np.concatenate(owns)
            if self.indicator.interval == "process":
                self._put_together()

    def _put_together(self) -> None:
        """Rows that no statistic can tell apart become one with their number."""
        names = ["part", "family", "instance", "category", "x", "fpc"]
        names += [name for name in self.facts.columns if name.startswith("group_")]
        if "latitude" in self.facts.columns:
            names += ["latitude", "longitude"]
        key = np.column_stack([self.unit, self.own, *(self.facts[name].astype(float) for name in names)])
        _, first, code = np.unique(key, axis=0, return_index=True, return_inverse=True)
        count = np.bincount(code.ravel(), weights=self.facts["count"])
        facts = self.facts.take(first)
        self.facts = Facts({**facts.columns, "count": count}, facts.instances)
        self.unit, self.own = self.unit[first], self.own[first]

    def redrawn(self, draws: int, respondents: Respondents) -> np.ndarray:
        """How often each row counts in each draw: (draws, rows)."""
        facts = self.facts
        if self.indicator.interval == "sampling":
            stratum = _codes(self.unit, facts["instance"] + 1, facts["part"])
            drawn = at_full_size(respondents.drawn(self.indicator, facts["row_id"]), stratum)
            return 1 + facts["fpc"] * (drawn - 1)
        family = facts["instance"] + 1 if self.level == "instance" else facts["family"]
        cluster = _codes(self.unit, family)
        return redrawn(facts["count"], _codes(cluster, facts["part"]), cluster, self.unit, draws, respondents.rng)


def _known_and_weighed(case: Case, facts: Facts, form: str) -> tuple[Facts, np.ndarray]:
    """Rows that the value is made of, with their weight in the form, which is reckoned part by part."""
    own = np.zeros(len(facts))
    known = np.zeros(len(facts), dtype=bool)
    for place, (_, part) in enumerate(case.indicator.legs):
        there = facts["category"] >= 0 if part.measure in CATEGORIES else ~np.isnan(facts["x"])
        here = np.flatnonzero((facts["part"] == place) & there)
        known[here] = True
        own[here] = row_weights(facts.take(here), form, case.prepared.method)
    return facts.take(known), own[known]


def _something_to_draw(facts: Facts, indicator: Indicator, level: str) -> bool:
    if not len(facts):
        return False
    if level != "instance" and indicator.interval == "process" and (facts["family"] != facts["family"][0]).any():
        return True
    return bool(facts["count"].sum() > 1)


def _codes(*columns: np.ndarray) -> np.ndarray:
    """One code for each combination of codes."""
    code = columns[0].astype(np.int64)
    for column in columns[1:]:
        code = code * (int(column.max()) + 1) + column
    return code


def _score(case: Case, weights: np.ndarray, cells: _Cells, place: int, unit: Unit) -> np.ndarray:
    """Scores of one unit, moved so that their middle is the score of the rows themselves.

    Redrawing leaves some rows out, which lowers every measure that grows with variety (overlap, coverage, distinct);
    moved by that bias the draws show the spread alone.
    """
    here = np.flatnonzero(cells.unit == place)
    facts, own = cells.facts.take(here), cells.own[here]
    drawn = _score_of_parts(case, weights[:, here], facts, own, unit)
    exact = _score_of_parts(case, facts["count"][None, :], facts, own, unit)[0]
    usable = drawn[~np.isnan(drawn)]
    return np.clip(drawn + exact - np.median(usable), 0, 100) if len(usable) else drawn


def _score_of_parts(case: Case, weights: np.ndarray, facts: Facts, own: np.ndarray, unit: Unit) -> np.ndarray:
    indicator = case.indicator
    scores = []
    for place, (_, part) in enumerate(indicator.legs):
        here = np.flatnonzero(facts["part"] == place)
        rows = facts.take(here)
        setting = case.setting(part, rows, unit) if len(here) else None
        if setting is None:
            return np.full(len(weights), np.nan)
        value = STATISTICS[part.measure](weights[:, here], rows, setting._replace(own=own[here]))
        posts = part.goalposts if indicator.parts else indicator.goalposts
        scores.append(score_of(value, posts, 1 if indicator.parts else indicator.direction))
    return np.mean(scores, axis=0)
