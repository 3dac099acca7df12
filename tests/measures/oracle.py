"""A slow and obvious implementation of some indicators: plain loops over plain dicts, no arrays, no weights.

Each function takes records as the test wrote them (strings, "-" for not collected) and returns a number or None.
"""

from datetime import date, timedelta
from itertools import product
from statistics import mean, median

POINTS = {"inform": 0, "consult": 25, "involve": 50, "collaborate": 75, "empower": 100}


def by_family(values, family):
    """Mean over families of the mean over their instances; values and family by instance."""
    families = {}
    for instance, value in values.items():
        families.setdefault(family[instance], []).append(value)
    return mean(mean(members) for members in families.values()) if families else None


def influence(periods, family):
    """Q1 in the published form."""
    values = {}
    for one in periods:
        if one["influence_level"] == "-":
            continue
        points = POINTS[one["influence_level"]]
        if one["influence_evidence_id"] == "-":
            points = min(points, 50)
        values[one["instance_id"]] = points
    return by_family(values, family)


def reasoned(proposals, first=date(2022, 1, 1), last=date(2022, 12, 31)):
    """Q2: numerator and denominator."""
    done = due = 0
    for one in proposals:
        if one["answer_type"] in ("withdrawn", "merged"):
            continue
        term = date.fromisoformat(one["submitted_at"]) + timedelta(days=60)
        if not first <= term <= last:
            continue
        due += 1
        answered = one["answer_at"] != "-" and date.fromisoformat(one["answer_at"]) <= term
        gives = one["reasons_given"] == "yes" or (
            one["reasons_given"] == "-" and one["answer_type"] == "rejected_reasoned"
        )
        done += answered and gives and one["answer_type"] in ("accepted", "accepted_modified", "rejected_reasoned")
    return done, due


def satisfaction(responses, family):
    """S1 in the published form."""
    answers = {}
    for one in responses:
        if one["s_overall"] != "-":
            answers.setdefault(one["instance_id"], []).append(int(one["s_overall"]))
    values = {name: 100 * (mean(given) - 1) / 4 for name, given in answers.items() if len(given) >= 10}
    return by_family(values, family)


def notice(days):
    """A5 from days of notice."""
    known = [max(0, one) for one in days if one is not None]
    return median(known) if known else None


def overlap(counts, people):
    """D2 without age limits, from counts and population by band."""
    n, total = sum(counts.values()), sum(people.values())
    return 100 * sum(min(counts.get(band, 0) / n, number / total) for band, number in people.items()) if n else None


def extremes(function, cells, choices):
    """Least and greatest value of a function over every way to fill the gaps (None) in the cells."""
    gaps = [place for place, cell in enumerate(cells) if cell is None]
    found = []
    for filling in product(choices, repeat=len(gaps)):
        full = list(cells)
        for place, value in zip(gaps, filling, strict=True):
            full[place] = value
        found.append(function(full))
    return min(found), max(found)
