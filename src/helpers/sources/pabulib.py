"""Pabulib: one text file per participatory-budget vote with the sections META, PROJECTS and VOTES.

Format: Faliszewski et al. (2023), "Participatory Budgeting: Data, Tools, and Analysis", arXiv 2012.06539.
"""

import csv
import io
from pathlib import Path

import pandas as pd

from helpers.files import MonitorError
from helpers.sources.delimited import parse_records
from helpers.sources.encoding import text_of
from helpers.sources.frame import text_frame

SECTIONS = ("META", "PROJECTS", "VOTES")
NEEDED = {"META": (), "PROJECTS": ("project_id", "cost"), "VOTES": ("voter_id", "vote")}
CARRIED = ("unit", "district", "subunit", "instance", "date_begin", "date_end", "currency")


def read_pabulib(path: Path, carry: list[str] | None = None) -> dict[str, pd.DataFrame]:
    """The tables ``meta`` (one row per file), ``projects``, ``votes`` and the totals that the file states.

    ``carry`` names the META keys that each project and vote repeats, as ``meta/<key>``.
    """
    lines = text_of(path).split("\n")
    starts = _starts(lines, path)
    ends = {"META": starts["PROJECTS"], "PROJECTS": starts["VOTES"], "VOTES": len(lines)}
    meta = _meta(lines[starts["META"] + 1 : ends["META"]], path)
    frames = {"meta": text_frame(pd.DataFrame([meta]), path, "META", [starts["META"] + 1])}
    carried = {f"meta/{key}": meta.get(key) for key in carry or CARRIED}
    for section in ("PROJECTS", "VOTES"):
        frame = _section(lines, starts[section] + 1, ends[section], section, path)
        frames[section.lower()] = frame.assign(**{name: _constant(text, len(frame)) for name, text in carried.items()})
    return {**frames, "_checks": _checks(meta, frames, path)}


def _starts(lines: list[str], path: Path) -> dict[str, int]:
    """0-based line of each section's title; sections stand in the fixed order."""
    starts = {}
    for number, line in enumerate(lines):
        title = line.strip().strip(";")
        if title in SECTIONS and title not in starts:
            starts[title] = number
    for section in SECTIONS:
        if section not in starts:
            raise MonitorError(f"the section {section} is missing", where=path, remedy="fetch the file again")
    return starts


def _meta(lines: list[str], path: Path) -> dict[str, str]:
    records = csv.reader(io.StringIO("\n".join(lines)), delimiter=";")
    meta = {row[0].strip(): ";".join(row[1:]).strip() for row in records if row and row[0].strip()}
    meta.pop("key", None)
    if not meta:
        raise MonitorError("the section META is empty", where=path, remedy="fetch the file again")
    return meta


def _section(lines: list[str], start: int, end: int, section: str, path: Path) -> pd.DataFrame:
    frame = parse_records("\n".join(lines[start:end]).rstrip("\n").encode(), ";", path, first_row=start + 1)
    for column in NEEDED[section]:
        if column not in frame.columns:
            raise MonitorError(
                f"the section {section} has no column {column!r}", where=f"{path}, row {start + 1}", remedy="add it"
            )
    return frame.assign(_sheet=section)


def _constant(text: str | None, length: int) -> pd.Series:
    return pd.Series([text], dtype="str").repeat(length).reset_index(drop=True)


def _checks(meta: dict[str, str], frames: dict[str, pd.DataFrame], path: Path) -> pd.DataFrame:
    """Totals that META and PROJECTS state, beside what the sections hold."""
    projects, votes = frames["projects"], frames["votes"]
    checks = [
        {"what": "num_projects", "key": "", "stated": meta.get("num_projects", ""), "computed": str(len(projects))},
        {"what": "num_votes", "key": "", "stated": meta.get("num_votes", ""), "computed": str(len(votes))},
    ]
    if meta.get("vote_type") == "approval" and "votes" in projects.columns:
        counted = votes["vote"].dropna().str.split(",").explode().str.strip().value_counts()
        computed = projects["project_id"].map(counted).fillna(0).astype("int64").astype("str")
        stated = projects["votes"].fillna("")
        differing = projects[stated != computed]
        checks += [
            {"what": "votes", "key": key, "stated": stated[index], "computed": computed[index]}
            for index, key in differing["project_id"].items()
        ]
    return text_frame(pd.DataFrame(checks), path, "META", [1] * len(checks))
