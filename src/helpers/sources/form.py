"""Forms of one page: questions one below the other, each with its answer beside it, become one row."""

from pathlib import Path

import pandas as pd

from helpers.files import MonitorError
from helpers.sources.frame import column_names, table_columns, text_frame
from helpers.sources.table import read_table

NAMES = "field"
"""Header of the column that names each question for programs, so that its wording may be in any language."""


def read_form(path: Path) -> dict[str, pd.DataFrame]:
    """One table ``form`` with one row: a column per question, named by ``field`` or else by the question itself.

    The form is the first sheet, or the text, whose first column holds questions and whose second holds answers.
    The row is that of the first answer. Raises MonitorError where nothing is answered.
    """
    frame = next(iter(read_table(path, totals="keep").values()))
    columns = table_columns(frame)
    if len(columns) < 2:
        raise MonitorError("the form has no column of answers", where=path, remedy="answer beside each question")
    question, answer = columns[:2]
    asked = frame[NAMES].fillna(frame[question]) if NAMES in columns else frame[question]
    answered = frame[answer].notna() & asked.notna()
    if not answered.any():
        raise MonitorError("no question of the form is answered", where=path, remedy="answer beside each question")
    answers = dict(zip(column_names(asked[answered]), frame.loc[answered, answer], strict=True))
    first, sheet = frame.loc[answered, "_row"].iloc[0], frame["_sheet"].iloc[0]
    return {"form": text_frame({name: [text] for name, text in answers.items()}, path, sheet, [first])}
