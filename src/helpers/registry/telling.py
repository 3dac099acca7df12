"""Problems as people are told them: causes without their consequences, and each cell once."""

import json

import pandas as pd

from helpers.registry.problems import SEVERITY_ORDER


def told(problems: pd.DataFrame) -> pd.DataFrame:
    """The problems to tell, gravest first, with ``fields``: the pairs (table, field) that the same cell fills.

    A row that was set aside takes along what refers to it. In that row itself this is not said again; elsewhere it
    is a note, as there is nothing to mend there.
    """
    said = problems["values"].map(json.loads)
    caused = (problems["severity"] == "block") & said.map(lambda one: "cause" in one).astype(bool)
    severity = problems["severity"].mask(caused, "note")
    rows = problems.assign(severity=severity, unit=problems["unit"].fillna(""))
    return _each_once(rows[~_of_its_own_row(problems, said)])


def _of_its_own_row(problems: pd.DataFrame, said: pd.Series) -> pd.Series:
    """Whether what fell out refers to a row of the registry made from the very row in which it stands."""
    places = zip(problems["file"].fillna(""), problems["sheet"].fillna(""), said, strict=True)
    same = [one.get("cause") == [file, sheet, *one["rows"]] for file, sheet, one in places]
    return pd.Series(same, problems.index, dtype="bool")


def _each_once(problems: pd.DataFrame) -> pd.DataFrame:
    """Problems of one kind with the same text in the same cells joined; those that name no row stay as they are."""
    said = problems["values"].map(json.loads)
    pairs = list(zip(problems["table"], problems["field"], strict=True))
    column = said.map(lambda one: one.get("heading")).fillna(problems["field"])
    rows = [str(one["rows"] or label) for label, one in said.items()]
    places = problems[["source_id", "file", "sheet", "code", "value"]].assign(column=column, rows=rows).fillna("")
    alike = places.groupby(list(places.columns), sort=False).ngroup()
    fields = pd.Series(pairs, problems.index, dtype="object").groupby(alike).agg(list)
    ranks = problems["severity"].map(SEVERITY_ORDER)
    first = problems.assign(fields=alike.map(fields))[~alike.duplicated()]
    return first.loc[ranks[first.index].sort_values(kind="stable").index]
