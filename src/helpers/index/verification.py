"""What an evaluator asks and what the registry can answer: milestones, questions with the facts beside them, inputs.

The questions are those of the end-of-commitment report (D.1); which figures stand beside each is data of the method
(``evaluation.yml``). A status is shown only as a source states it, and no figure is said to be caused by anything.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from helpers.config import Field, Period
from helpers.config.indicator import Indicator
from helpers.files import MonitorError, data_files, locate, sha256
from helpers.index import exhibits
from helpers.index.codebook import with_unit
from helpers.index.findings import Findings
from helpers.language import Texts

PAGE = "verification"
QUESTIONS = ("q11", "q12", "q13", "q211", "q212", "q213", "q214", "q22", "q3")
"""Questions of the report, by the first part of the names of their fields in ``assessments``."""


class Question(NamedTuple):
    """A question of the report: its label and Markdown, and the figures that stand beside it, without rows for none."""

    id: str
    label: str
    text: str
    figures: pd.DataFrame


def verification_facts(findings: Findings, texts: Texts) -> dict[str, Any]:
    """Facts for the pages of prose."""
    tables = findings.registry.tables
    stones = tables["milestones"]
    first = _first_measured(findings)
    return {
        "city": texts.pick(findings.city.name),
        "period": texts.period(findings.period),
        "quality_page": "data-quality.html",
        "city_id": findings.city.id,
        "period_id": str(findings.period),
        "first": texts.period(first) if first else None,
        "method_version": findings.method.version,
        "commitments": len(tables["commitments"]),
        "milestones": stones.drop_duplicates(["commitment_id", "n"]).shape[0],
        "differing": int(_differing(stones)["n"].nunique()) if len(stones) else 0,
        "without_status": int(stones["status"].isna().sum()),
        "assessments": len(tables["assessments"]),
        "problems": int((findings.registry.problems["severity"] == "block").sum()),
        "unplanned": _unplanned(findings),
    }


def _differing(stones: pd.DataFrame) -> pd.DataFrame:
    """Milestones that two sources word differently."""
    words = stones["source_text"].fillna(stones["text"])
    return stones[words.groupby([stones["commitment_id"], stones["n"]]).transform("nunique") > 1]


def _unplanned(findings: Findings) -> int:
    """Results that nobody had planned, delivered by the end of the period."""
    outputs = findings.registry.tables["outputs"]
    delivered = outputs["delivered_at"] <= pd.Timestamp(findings.period.end)
    return int((outputs["unplanned"].fillna(False).astype(bool) & delivered).sum())


def commitment_text(row: dict[str, Any], findings: Findings, texts: Texts) -> str:
    """Markdown on a commitment (a row of ``commitments``): what it is, when, who leads it, with its source."""
    tables = findings.registry.tables
    actors = tables["actors"].set_index("actor_id")["name"]
    sources = tables["sources"].set_index("source_id")["title"]
    lead = [actors.get(name, name) for field in ("lead_government", "lead_nongov") for name in _split(row[field])]
    precision = row["date_precision"] if isinstance(row["date_precision"], str) else "day"
    secured = findings.dictionary.vocabularies["resources_secured"]
    return texts.page(
        f"{PAGE}/commitment",
        id=row["commitment_id"],
        title=row["title"],
        problem=_said(row["problem"]),
        action=_said(row["action"]),
        start=texts.date(row["start_date"], precision),
        end=texts.date(row["end_date"], precision),
        lead=lead,
        resources=texts.pick(secured[row["resources_secured"]]) if _said(row["resources_secured"]) else None,
        source=sources.get(row["source_id"], row["source_id"]),
        url=_said(row["url"]),
    )


def _said(cell: Any) -> str | None:
    return cell if isinstance(cell, str) and cell else None


def _split(cell: Any) -> list[str]:
    return cell.split(";") if isinstance(cell, str) else []


def milestones(commitment: str, findings: Findings, texts: Texts) -> pd.DataFrame:
    """Milestones of a commitment, one row per source, each with that source's own words.

    Columns n, document, words, dates, and status: what the source states and as of which day, else that it states none.
    """
    tables, vocabularies = findings.registry.tables, findings.dictionary.vocabularies
    stones = tables["milestones"]
    rows = stones[stones["commitment_id"] == commitment].sort_values(["n", "source_doc"], kind="stable")
    documents = {key: texts.pick(labels) for key, labels in vocabularies["milestone_source"].items()}
    statuses = {key: texts.pick(labels) for key, labels in vocabularies["progress_status"].items()}
    return rows.assign(
        document=rows["source_doc"].map(documents).fillna(rows["source_id"]),
        words=rows["source_text"].fillna(rows["text"]),
        dates=[_span(row, texts) for row in rows.to_dict("records")],
        status=[_status(row, statuses, texts) for row in rows.to_dict("records")],
    ).reset_index(drop=True)


def _status(row: dict[str, Any], statuses: dict[str, str], texts: Texts) -> str:
    if not _said(row["status"]):
        return texts(f"{PAGE}.no_status")
    label = statuses[row["status"]]
    return (
        label
        if pd.isna(row["status_asof"])
        else texts(f"{PAGE}.status_on", status=label, day=texts.date(row["status_asof"]))
    )


def _span(row: dict[str, Any], texts: Texts) -> str:
    precision = row["date_precision"] if isinstance(row["date_precision"], str) else "day"
    first, last = (texts.date(row[name], precision) for name in ("start_date", "end_date"))
    return texts("index.span", low=first, high=last)


def questions(commitment: str, facts: dict[str, Any], findings: Findings, texts: Texts) -> list[Question]:
    """The questions of the report on a commitment: what the assessment says, and the figures beside each."""
    every = findings.registry.tables["assessments"]
    rows = every[every["commitment_id"] == commitment].sort_values("assessed_on", kind="stable")
    given = rows.iloc[-1].to_dict() if len(rows) else {}
    found = []
    for name in QUESTIONS:
        said = _question(name, given, findings, texts)
        text = texts.page(f"{PAGE}/question", commitment=commitment, **facts, **said)
        beside = figures_beside(findings.method.evaluation.get(name, []), findings, texts)
        found.append(Question(name, said["label"], text, beside))
    return found


def _question(name: str, given: dict[str, Any], findings: Findings, texts: Texts) -> dict[str, Any]:
    """Label, help and answers of a question; its fields and their words are those of the field dictionary."""
    fields = findings.dictionary.tables["assessments"].fields
    own = [field for key, field in fields.items() if key.partition("_")[0] == name]
    asked = [fields["completion"], *own] if name == QUESTIONS[0] else own
    answers = [_answer(field, given[field.name], findings, texts) for field in asked] if given else []
    return {
        "id": name,
        "label": texts.pick(own[0].labels),
        "help": texts.pick(own[0].help),
        "body": _said(given.get("assessor_body")),
        "day": texts.date(given.get("assessed_on")),
        "answers": [answer for answer in answers if answer],
    }


def _answer(field: Field, value: Any, findings: Findings, texts: Texts) -> str | None:
    """A cell of the assessment in words; None where it is empty."""
    if pd.isna(value):
        return None
    if field.vocabulary:
        return texts.pick(findings.dictionary.vocabularies[field.vocabulary][value])
    return texts("figures.yes" if value else "figures.no") if field.type == "boolean" else value


def figures_beside(names: list[str], findings: Findings, texts: Texts) -> pd.DataFrame:
    """Figures of the city in the first measured period and in this one: figure, before, now (texts).

    names: ids of indicators and context figures.
    """
    first = _first_measured(findings)
    rows = [_indicator_row(name, first, findings, texts) for name in names if name in findings.method.indicators]
    frame = pd.DataFrame(rows, columns=["figure", "before", "now"])
    wanted = [name for name in names if name in findings.method.context]
    return pd.concat([frame, _context_rows(wanted, first, findings, texts)], ignore_index=True)


def _first_measured(findings: Findings) -> Period | None:
    """The first period before this one in which anything of the city was measured."""
    values = findings.values_so_far
    measured = set(values.loc[(values["level"] == "city") & values["score"].notna(), "period"])
    return next((one for one in findings.periods[:-1] if str(one) in measured), None)


def _indicator_row(name: str, first: Period | None, findings: Findings, texts: Texts) -> tuple[str, str, str]:
    indicator = findings.method.indicators[name]
    label = texts(f"{PAGE}.figure", id=name, label=texts.pick(indicator.labels))
    return label, *(_value(indicator, one, findings, texts) for one in (first, findings.period))


def _value(indicator: Indicator, period: Period | None, findings: Findings, texts: Texts) -> str:
    """The city's value with n, and its score with the interval; or why there is none."""
    values = findings.values_so_far
    rows = values[(values["indicator"] == indicator.id) & (values["form"] == indicator.form)]
    rows = rows[(rows["level"] == "city") & (rows["period"] == str(period))]
    if period is None or rows.empty:
        return texts("index.status_not_collected") if period else texts.missing
    row = rows.iloc[0]
    if pd.isna(row["value"]):
        return texts(f"index.status_{row['status']}")
    said = {"value": with_unit(row["value"], indicator.unit, texts), "n": texts.number(row["n"])}
    low, high = (row[f"ci_{end}"] if pd.notna(row[f"ci_{end}"]) else row[f"process_{end}"] for end in ("low", "high"))
    if pd.isna(low):
        return texts(f"{PAGE}.value", **said)
    span = texts("index.span", low=texts.number(low, 1), high=texts.number(high, 1))
    return texts(f"{PAGE}.value_interval", score=texts.number(row["score"], 1), span=span, **said)


def _context_rows(names: list[str], first: Period | None, findings: Findings, texts: Texts) -> pd.DataFrame:
    if not names:
        return pd.DataFrame(columns=["figure", "before", "now"])
    keys = ["context", "part", "category", "unit"]
    sides = {}
    for side, period in {"before": first, "now": findings.period}.items():
        rows = findings.context_so_far[findings.context_so_far["period"] == str(period)]
        shown = exhibits.context(replace(findings, context=rows[rows["context"].isin(names)]), texts)
        said = [f"{amount} {unit}" for amount, unit in zip(shown["amount"], shown["unit_name"], strict=True)]
        shown = shown.assign(**{side: pd.Series(said, shown.index, dtype="str")}).fillna({"category": ""})
        sides[side] = shown[[*keys, "figure", side]]
    both = sides["before"].merge(sides["now"], on=[*keys, "figure"], how="outer", sort=False)
    order = both["context"].map({name: place for place, name in enumerate(names)})
    both = both.assign(_order=order).sort_values(["_order", "part", "category"], kind="stable")
    return both[["figure", "before", "now"]].fillna(texts.missing)


def evidence(commitment: str, findings: Findings, texts: Texts) -> pd.DataFrame:
    """Evidence on a commitment, its milestones and its assessment: title, state, captured (day), link."""
    tables, vocabularies = findings.registry.tables, findings.dictionary.vocabularies
    every, stones = tables["evidence"], tables["milestones"]
    named = set(stones.loc[stones["commitment_id"] == commitment, "evidence_id"].dropna())
    given = tables["assessments"]
    for cell in given.loc[given["commitment_id"] == commitment, "evidence_ids"].dropna():
        named |= set(cell.split(";"))
    supports = every["supports"].fillna("").str.split(";").map(lambda parts: f"commitments:{commitment}" in parts)
    rows = every[supports.astype(bool) | every["evidence_id"].isin(named)]
    return rows.assign(
        state=[
            texts.pick(vocabularies["evidence_status"][one]) if _said(one) else texts.missing for one in rows["status"]
        ],
        captured=[texts.date(day) for day in rows["captured_at"]],
        link=rows["url"].fillna(texts.missing),
    ).reset_index(drop=True)


def inputs(root: Path, findings: Findings) -> pd.DataFrame:
    """The raw files that the registry is made from: file, source, licence, sha256, mark (its first characters).

    The checksum is missing where the file is not at hand.
    """
    rows = []
    for source in findings.city.sources:
        names = (name for pattern in source.files for name in data_files(root, findings.city.id, pattern))
        for name in dict.fromkeys(names):
            rows.append((name, source.title, source.licence, _checksum(root, findings.city.id, name)))
    frame = pd.DataFrame(rows, columns=["file", "source", "licence", "sha256"])
    frame = frame.drop_duplicates("file", ignore_index=True)
    return frame.assign(mark=frame["sha256"].str[:12])


def _checksum(root: Path, city: str, name: str) -> str | None:
    try:
        return sha256(locate(root, city, name))
    except MonitorError:
        return None
