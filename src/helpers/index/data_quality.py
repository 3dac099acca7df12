"""Quality of the data: what became of the rows, what was rewritten, where sources differ, what is missing, and where.

Drawn from the clean registry and its ledgers; each function takes findings and texts and returns a frame whose columns
the page names. Values of microdata are never shown, not even the wrong ones.
"""

import json
from typing import Any

import numpy as np
import pandas as pd

from helpers.index.briefing import row_fates
from helpers.index.findings import Findings
from helpers.index.revisions import publication_days, revisions
from helpers.index.suppression import SUPPRESSED
from helpers.language import Texts
from helpers.measures.filters import not_applicable
from helpers.registry.accounts import COUNTS
from helpers.registry.consistency import FIGURES
from helpers.registry.letters import message
from helpers.registry.privacy import MASK, RESTRICTED

PAGE = "data-quality"


def quality_facts(findings: Findings, texts: Texts) -> dict[str, Any]:
    """Facts for the pages of prose."""
    books = findings.registry
    problems = books.problems.assign(count=_counts(books.problems))
    masked = problems[problems["code"] == "personal_data"]
    cells = field_coverage(findings, texts)
    filled, due = int(cells["filled"].sum()), int((cells["filled"] + cells["not_collected"]).sum())
    return {
        "city": texts.pick(findings.city.name),
        "period": texts.period(findings.period),
        **row_fates(books),
        "set_aside": int((problems["severity"] == "block").sum()),
        "sources": books.accounts["source_id"].nunique(),
        "conflicts": len(conflicts(findings, texts)),
        "revised": len(revisions(findings, texts)),
        "recorded": publication_days(findings),
        "contested": int((books.tables["instances"]["verification_status"] == "contested").sum()),
        "filled": filled,
        "due": due,
        "complete": filled / due if due else None,
        "fields": len(cells),
        "masked": int(masked["count"].sum()),
        "never_read": sum(
            one.personal for table in findings.dictionary.tables.values() for one in table.fields.values()
        ),
        "hidden": int(hidden_by_reason(findings, texts)["number"].sum()),
        "k": findings.method.thresholds.k,
    }


def hidden_by_reason(findings: Findings, texts: Texts) -> pd.DataFrame:
    """How many figures of the period, and counts of the registry, are hidden: thing, why (texts) and number."""
    scores = findings.scores[findings.scores["status"] == SUPPRESSED].assign(table="scores")
    rows = pd.concat([findings.suppressed[["table", "reason"]], scores[["table", "reason"]]])
    rows["table"] = rows["table"].where(rows["table"].isin(["indicators", "context", "scores"]), "registry")
    sizes = rows.groupby(["table", "reason"], sort=True).size().rename("number").reset_index()
    return sizes.assign(
        thing=[texts(f"{PAGE}.hidden_{table}") for table in sizes["table"]],
        why=[texts(reason) for reason in sizes["reason"]],
    )


def _counts(problems: pd.DataFrame) -> list[int]:
    """Number of rows that each problem stands for."""
    return [json.loads(text)["count"] for text in problems["values"]]


def sources_in_and_out(findings: Findings) -> pd.DataFrame:
    """Rows received, kept, merged and set aside per source: rows_in, kept, merged, quarantined, source."""
    titles = findings.registry.tables["sources"].set_index("source_id")["title"]
    sums = findings.registry.accounts.groupby("source_id", sort=False)[COUNTS].sum().reset_index()
    return sums.assign(source=sums["source_id"].map(titles).fillna(sums["source_id"]))


def rewritings(findings: Findings, texts: Texts) -> pd.DataFrame:
    """Cells rewritten by each rule, with one example of a raw text and what it became: cells, rule, raw, clean.

    What stands in a table that is not published is no example.
    """
    changes = findings.registry.changes
    changes = changes.assign(rule=changes["rule"].str.split().str[0])
    first = changes[~changes["table"].isin(RESTRICTED)].drop_duplicates("rule").set_index("rule")
    cells = changes.groupby("rule", sort=False)["rows"].sum().sort_values(ascending=False, kind="stable")
    example = first[["raw", "clean"]].fillna(texts.missing).reindex(cells.index, fill_value=texts(f"{PAGE}.not_shown"))
    return pd.DataFrame(
        {
            "cells": cells.to_numpy(),
            "rule": [texts(f"{PAGE}.rule_{rule}") for rule in cells.index],
            "raw": example["raw"].to_numpy(),
            "clean": example["clean"].to_numpy(),
        }
    )


def conflicts(findings: Findings, texts: Texts) -> pd.DataFrame:
    """Figures of the same thing that sources give differently, side by side.

    Columns amount (text with its unit), used (text), thing, label (period or year), source, why.
    """
    tables = findings.registry.tables
    sources = tables["sources"].set_index("source_id")["title"]
    names = tables["instances"].set_index("instance_id")["name"]
    places = tables["territories"].set_index("territory_id")["name"]
    rows = pd.concat([_differing(tables[name], *FIGURES[name]) for name in FIGURES], ignore_index=True)
    rows = rows.drop_duplicates(["instance_id", "territory_id", "label", "amount", "unit", "source_id"])
    units = {value: texts.pick(labels) for value, labels in findings.dictionary.vocabularies["count_unit"].items()}
    said = {True: "index.used", False: "index.not_used"}
    return rows.assign(
        thing=rows["instance_id"].map(names).fillna(rows["territory_id"].map(places)),
        amount=[_figure(*pair, units, texts) for pair in zip(rows["amount"], rows["unit"], strict=True)],
        used=[texts(said[used]) if used in said else texts(f"{PAGE}.not_chosen") for used in rows["preferred"]],
        source=rows["source_id"].map(sources).fillna(rows["source_id"]),
    )


def _figure(amount: float, unit: object, units: dict[str, str], texts: Texts) -> str:
    label = units.get(unit, "")
    return texts(f"{PAGE}.figure", number=texts.number(amount), unit=label.lower()) if label else texts.number(amount)


_CONFLICT = ["instance_id", "territory_id", "label", "amount", "unit", "preferred", "why", "source_id"]


def _differing(frame: pd.DataFrame, figure: str, keys: list[str]) -> pd.DataFrame:
    """Rows of a table whose figure is given otherwise in another row for the same thing and unit, or is set aside."""
    preferred = frame.get("preferred", pd.Series(pd.NA, index=frame.index, dtype="boolean"))
    same = [frame[key] for key in keys]
    several = frame[figure].groupby(same, dropna=False, sort=False).transform("nunique") > 1
    rows = frame[(several | preferred.notna()) & frame[figure].notna()]  # a few persons are not shown here either
    return pd.DataFrame(
        {
            "instance_id": rows.get("instance_id"),
            "territory_id": rows.get("territory_id"),
            "label": rows["period"] if "period" in rows else rows["census_year"].astype("str"),
            "amount": rows[figure].astype("Float64"),
            "unit": rows.get("count_unit"),
            "preferred": preferred[rows.index],
            "why": rows.get("preferred_reason"),
            "source_id": rows["source_id"],
        },
        index=rows.index,
        columns=_CONFLICT,
    )


def _filled(frame: pd.DataFrame, field: str) -> np.ndarray:
    """Where a cell has a value; one that is hidden has."""
    filled = frame[field].notna()
    return (filled | (frame["suppressed"] == field).fillna(False) if "suppressed" in frame else filled).to_numpy()


def field_coverage(findings: Findings, texts: Texts) -> pd.DataFrame:
    """How complete each required or expected field of the tables with rows is.

    Columns table, name (of the field), field (its label), table_label; cells filled, not_applicable, not_collected;
    share (0 to 100, of the cells that apply).
    """
    rows = []
    for name, table in findings.dictionary.tables.items():
        frame = findings.registry.tables[name]
        fields = [one for one in table.published_fields if one.requirement != "optional"] if len(frame) else []
        for field in fields:
            filled = _filled(frame, field.name)
            beside = not_applicable(frame, field.name) & ~filled
            states = (int(filled.sum()), int(beside.sum()), int((~filled & ~beside).sum()))
            rows.append((name, field.name, texts.pick(field.labels), texts.pick(table.labels), *states))
    columns = ["table", "name", "field", "table_label", "filled", "not_applicable", "not_collected"]
    found = pd.DataFrame(rows, columns=columns)
    due = found["filled"] + found["not_collected"]
    return found.assign(share=(100 * found["filled"] / due.where(due > 0)).astype("Float64"))


def table_coverage(findings: Findings, texts: Texts) -> pd.DataFrame:
    """The coverage of each table's fields together: label, filled, not_applicable, not_collected."""
    cells = field_coverage(findings, texts)
    states = ["filled", "not_applicable", "not_collected"]
    return cells.groupby("table_label", sort=False)[states].sum().reset_index(names="label")


def emptiest_fields(findings: Findings, texts: Texts, most: int) -> pd.DataFrame:
    """The fields with the smallest share of filled cells, at most so many: share, not_collected, field, table_label."""
    cells = field_coverage(findings, texts)
    return cells[cells["not_collected"] > 0].sort_values(["share", "table", "name"], kind="stable").head(most)


def unit_coverage(findings: Findings, texts: Texts) -> pd.DataFrame:
    """How complete the expected cells of each responsible unit are: share (0 to 100), not_collected, set_aside, unit.

    A row belongs to the unit of its instance, else to the publisher of its source.
    """
    parts = []
    for name, table in findings.dictionary.tables.items():
        frame = findings.registry.tables[name]
        for field in table.published_fields if len(frame) else []:
            if field.requirement != "optional":
                filled = _filled(frame, field.name)
                asked = filled | ~not_applicable(frame, field.name)
                cells = pd.DataFrame({"unit": _units(frame, findings), "filled": filled, "asked": asked})
                parts.append(cells.groupby("unit")[["filled", "asked"]].sum())
    sums = pd.concat(parts).groupby(level="unit").sum()
    problems = findings.registry.problems
    blocked = problems.loc[problems["severity"] == "block", "unit"].value_counts()
    rows = sums.assign(
        share=(100 * sums["filled"] / sums["asked"]).astype("Float64"),
        not_collected=sums["asked"] - sums["filled"],
        set_aside=blocked.reindex(sums.index).fillna(0).astype(int),
    )
    return rows.reset_index().sort_values(["share", "unit"], kind="stable", ignore_index=True)


def _units(frame: pd.DataFrame, findings: Findings) -> pd.Series:
    tables = findings.registry.tables
    publishers = tables["sources"].set_index("source_id")["publisher"]
    published = frame["source_id"].map(publishers) if "source_id" in frame else pd.Series(pd.NA, index=frame.index)
    if "responsible_unit" in frame:
        return frame["responsible_unit"].fillna(published)
    if "instance_id" in frame:
        own = tables["instances"].set_index("instance_id")["responsible_unit"]
        return frame["instance_id"].map(own).fillna(published)
    return published


def set_aside(findings: Findings, texts: Texts) -> pd.DataFrame:
    """Rows that cannot stand, in words: what, unit, where, remedy."""
    problems = findings.registry.problems
    rows = problems[problems["severity"] == "block"]
    rows = rows.assign(value=rows["value"].mask(rows["table"].isin(RESTRICTED), MASK))
    said = [message(row, texts, findings.dictionary) for _, row in rows.iterrows()]
    return pd.DataFrame(said, columns=["what", "where", "remedy"]).assign(unit=rows["unit"].to_numpy())
