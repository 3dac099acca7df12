"""Good practice as it is read: the facts, tables and instance cards of its page, in the language of the texts."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from helpers.index import good_practice as practice
from helpers.index.findings import Findings
from helpers.index.instance_scores import dimension_bars
from helpers.language import Texts
from helpers.measures.derive import prepare

PAGE = "good-practice"
CLOSED_FIELDS = ("instance_type", "promoter_type", "status", "verification_status", "influence_level")
OPEN_FIELDS = ("promoter_name", "how_it_works", "decision_holder")
"""Fields of an instance that its card shows: those of a closed list, and those in the words of the registry."""


@dataclass(frozen=True)
class Practice:
    """Good practice of a city in a period: the instances at work and everything that their cards show."""

    instances: pd.DataFrame
    answers: pd.DataFrame
    verdicts: pd.DataFrame
    funnel: pd.DataFrame
    surveys: pd.DataFrame
    unplaced: int


class Card(NamedTuple):
    """The card of an instance: its Markdown, and its funnel with a caption where it has proposals of the period."""

    id: str
    text: str
    caption: str
    funnel: pd.DataFrame | None


def practice_of(findings: Findings) -> Practice:
    """Good practice drawn from the registry and from the published figures of the findings."""
    ready = prepare(findings.registry.tables, findings.method, findings.city, findings.period)
    chosen = practice.instances_of_period(ready)
    given = practice.answers(chosen, findings.method.standards)
    return Practice(
        instances=chosen,
        answers=given,
        verdicts=practice.verdicts(given),
        funnel=practice.funnel(ready, chosen),
        surveys=practice.last_surveys(findings.values_so_far),
        unplaced=practice.unplaced_proposals(ready, chosen),
    )


def practice_facts(found: Practice, findings: Findings, texts: Texts) -> dict[str, Any]:
    """Facts for the pages of prose."""
    standards = findings.method.standards.values()
    told = found.verdicts["verdict"].value_counts()
    return {
        "city": texts.pick(findings.city.name),
        "period": texts.period(findings.period),
        "method_version": findings.method.version,
        "standards": len(standards),
        "core": [texts.pick(one.labels) for one in standards if one.core],
        "full": practice.FULL,
        "instances": len(found.instances),
        "checked": int((found.verdicts["answered"] > 0).sum()),
        "proposals": int(found.funnel.loc[found.funnel["step"] == practice.STEPS[0], "number"].sum()),
        "unplaced": found.unplaced,
        **{name: int(told.get(name, 0)) for name in practice.VERDICTS},
    }


def standards_table(found: Practice, findings: Findings, texts: Texts) -> pd.DataFrame:
    """How many instances have each answer, per standard: the standard, then the answers that occur."""
    rows = practice.tally(found.answers)
    given = [answer for answer in practice.ANSWERS if rows[answer].any()]
    labels = {number: _standard_label(number, findings, texts) for number in findings.method.standards}
    return rows.assign(standard=rows["standard"].map(labels))[["standard", *given]]


def _standard_label(number: str, findings: Findings, texts: Texts) -> str:
    one = findings.method.standards[number]
    label = texts(f"{PAGE}.standard", number=number, label=texts.pick(one.labels))
    return texts(f"{PAGE}.core_standard", label=label) if one.core else label


def verdicts_table(found: Practice, texts: Texts) -> pd.DataFrame:
    """One row per instance: instance, meets (word), score, answered (text, of how many asked)."""
    names = found.instances.set_index("instance_id")["name"]
    rows = found.verdicts
    return pd.DataFrame(
        {
            "instance": rows["instance_id"].map(names),
            "meets": [texts(f"{PAGE}.verdict_{verdict}") for verdict in rows["verdict"]],
            "score": rows["score"].astype("Float64"),
            "answered": [
                texts(f"{PAGE}.of", number=number, total=total)
                for number, total in zip(rows["answered"], rows["asked"], strict=True)
            ],
        }
    )


def funnel_table(counts: pd.DataFrame, texts: Texts) -> pd.DataFrame:
    """The steps of proposals in order: step in words, number (missing where not on record), known."""
    rows = counts.set_index("step").reindex(list(practice.STEPS)).reset_index()
    return rows.assign(step=[texts(f"{PAGE}.step_{step}") for step in rows["step"]])


def city_funnel(found: Practice, texts: Texts) -> pd.DataFrame:
    """The funnel of all instances together, as ``funnel_table`` gives it."""
    return funnel_table(practice.city_funnel(found.funnel), texts)


def instance_cards(found: Practice, findings: Findings, texts: Texts) -> list[Card]:
    """The card of each instance, by name."""
    verdicts = found.verdicts.set_index("instance_id")
    surveys = found.surveys.set_index("instance_id")
    bars = dimension_bars(findings, texts)
    funnels = dict(iter(found.funnel.groupby("instance_id")))
    cards = []
    for row in found.instances.to_dict("records"):
        name = row["instance_id"]
        text = texts.page(
            f"{PAGE}/card",
            **_identity(row, findings, texts),
            **_standing(found.answers[found.answers["instance_id"] == name], findings, texts),
            full=practice.FULL,
            dimensions=bars.get(name, []),
            proposals=name in funnels,
            verdict=texts(f"{PAGE}.sentence_{verdicts.at[name, 'verdict']}"),
            survey=_survey(surveys.loc[name], texts) if name in surveys.index else None,
            period=texts.period(findings.period),
        )
        counts = funnels.get(name)
        caption = texts(f"{PAGE}.table_card", name=row["name"])
        cards.append(Card(name, text, caption, funnel_table(counts, texts) if counts is not None else None))
    return cards


def _identity(row: dict, findings: Findings, texts: Texts) -> dict[str, Any]:
    """What the instance is, in words; a field that is not collected is None."""
    fields = findings.dictionary.tables["instances"].fields
    words = {name: row[name] if _known(row.get(name)) else None for name in (*CLOSED_FIELDS, *OPEN_FIELDS)}
    for name in CLOSED_FIELDS:
        labels = findings.dictionary.vocabularies[fields[name].vocabulary]
        words[name] = words[name] and texts.pick(labels[words[name]])
    level = row.get("influence_level")
    return {
        **words,
        "id": row["instance_id"],
        "name": row["name"],
        "contested": row["verification_status"] == "contested",
        "promise": texts(f"{PAGE}.promise_{level}") if _known(level) else None,
        "promise_borne_out": level not in ("collaborate", "empower") or _known(row.get("influence_evidence_id")),
    }


def _known(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _standing(given: pd.DataFrame, findings: Findings, texts: Texts) -> dict[str, Any]:
    """The standards of one instance by answer, each a list of labels."""
    return {
        "answers": [
            {
                "answer": texts(f"{PAGE}.answer_{answer}"),
                "standards": [
                    _standard_label(number, findings, texts)
                    for number in given.loc[given["answer"] == answer, "standard"]
                ],
            }
            for answer in practice.ANSWERS
            if (given["answer"] == answer).any()
        ],
        "checked": bool(given["answer"].isin(list(practice.POINTS)).any()),
        "total": len(given),
    }


def _survey(row: pd.Series, texts: Texts) -> dict[str, Any]:
    return {
        "value": row["score"],
        "low": row["ci_low"],
        "high": row["ci_high"],
        "n": row["n"],
        "period": texts.period(row["period"]),
    }
