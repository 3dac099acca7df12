"""Good practice: how each instance of a period stands to the minimum standards, and what became of its proposals.

Everything comes from the registry (E.1 and E.3 of the method's sources): the answers are the rows of ``checks`` in the
period, the funnel counts proposals and what was delivered of them. "Does not apply" and "not checked" are two
different answers and never share a number.
"""

import pandas as pd

from helpers.config.method import Standard
from helpers.measures.derive import Prepared
from helpers.measures.periods import latest_of_period

ANSWERS = ("yes", "partly", "no", "not_applicable", "not_checked")
"""What can be said of a standard in an instance."""

POINTS = {"yes": 1.0, "partly": 0.5, "no": 0.0}

FULL = 100
"""Score of an instance that meets every standard that was answered."""

VERDICTS = ("meets", "fails", "cannot_tell")
"""Whether the core standards are met; where none fails but one was not checked, it cannot be told."""

STEPS = ("received", "evaluated", "feasible", "voted", "chosen", "done")
"""From a proposal to what was done of it."""

GOING_ON = ("running", "suspended")
"""Statuses in which an instance without a last day goes on."""

ACCEPTED = ("accepted", "accepted_modified")


def instances_of_period(prepared: Prepared) -> pd.DataFrame:
    """Spaces, tables and devices at work in the period, one row each, by name.

    An instance is at work if its row of the period says so; where it has none, if its dates meet the period or if
    proposals or events of the period belong to it. A parent does not stand beside its children (R4), and tools are
    left out: they count in accessibility only.
    """
    every = prepared.tables["instances"]
    rows = every[every["instance_type"].fillna("") != "tool"]
    by_facts = rows["instance_id"].isin(_with_facts(prepared))
    at_work = rows[_said(rows, prepared).fillna(_dates_meet(rows, prepared) | by_facts).astype(bool)]
    leaves = at_work[~at_work["instance_id"].isin(at_work["parent_id"].dropna())]
    return leaves.sort_values(["name", "instance_id"], ignore_index=True)


def _said(rows: pd.DataFrame, prepared: Prepared) -> pd.Series:
    """Whether the row of the period marks the instance as active; missing where there is none."""
    periods = prepared.raw.get("instance_periods")
    if periods is None or periods.empty:
        return pd.Series(pd.NA, index=rows.index, dtype="boolean")
    own = latest_of_period(periods, prepared.period, "instance_id").set_index("instance_id")["active"]
    return rows["instance_id"].map(own).astype("boolean")


def _dates_meet(rows: pd.DataFrame, prepared: Prepared) -> pd.Series:
    """Whether the days of an instance meet the period; without a last day it goes on only if its status says so."""
    first, last = _ends(prepared)
    begun = (rows["start_date"].isna() | (rows["start_date"] <= last)) & (rows["status"].fillna("") != "planned")
    goes_on = rows["end_date"].isna() & rows["status"].isin(GOING_ON)
    return begun & (goes_on | (rows["end_date"].fillna(rows["start_date"]) >= first))


def _with_facts(prepared: Prepared) -> set[str]:
    """Instances to which proposals or events of the period belong."""
    found = set(proposals_of_period(prepared)["instance_id"].dropna())
    events = prepared.tables.get("events")
    if events is not None:
        found |= set(events.loc[events["held_on"].between(*_ends(prepared)), "instance_id"].dropna())
    return found


def _ends(prepared: Prepared) -> tuple[pd.Timestamp, pd.Timestamp]:
    return pd.Timestamp(prepared.period.start), pd.Timestamp(prepared.period.end)


def proposals_of_period(prepared: Prepared) -> pd.DataFrame:
    """Proposals submitted in the period, and those without a day whose instance lies in it.

    An instance lies in the period if it began there and did not go on beyond its end. The rest of the proposals
    without a day cannot be placed (``unplaced_proposals``).
    """
    frame = prepared.tables.get("proposals")
    if frame is None:
        return pd.DataFrame({"instance_id": pd.Series(dtype="str")})
    undated = frame["submitted_on"].isna()
    return frame[frame["submitted_on"].between(*_ends(prepared)) | (undated & _of_instance_inside(frame, prepared))]


def unplaced_proposals(prepared: Prepared, chosen: pd.DataFrame) -> int:
    """Number of proposals of the chosen instances without a day, which may or may not be of the period."""
    frame = prepared.tables.get("proposals")
    if frame is None:
        return 0
    own = frame["instance_id"].isin(chosen["instance_id"])
    return int((own & frame["submitted_on"].isna() & ~_of_instance_inside(frame, prepared)).sum())


def _of_instance_inside(frame: pd.DataFrame, prepared: Prepared) -> pd.Series:
    first, last = _ends(prepared)
    known = prepared.instances
    over = known["end_date"].between(first, last) | (known["end_date"].isna() & ~known["status"].isin(GOING_ON))
    inside = known["start_date"].between(first, last) & over
    return frame["instance_id"].isin(known.index[inside])


def answers(chosen: pd.DataFrame, standards: dict[str, Standard]) -> pd.DataFrame:
    """One row per instance and standard: instance_id, standard, stage, core, answer (one of ANSWERS)."""
    frames = []
    for number, one in standards.items():
        column = f"check_{one.item}"
        given = chosen[column] if column in chosen else pd.Series(pd.NA, index=chosen.index, dtype="str")
        refused = chosen["not_applicable"].fillna("").str.split(";").map(lambda names, name=column: name in names)
        answer = given.mask(refused, "not_applicable").fillna("not_checked")
        known = {"standard": number, "stage": one.stage, "core": one.core}
        frames.append(pd.DataFrame({"instance_id": chosen["instance_id"], **known, "answer": answer}))
    return pd.concat(frames, ignore_index=True)


def tally(given: pd.DataFrame) -> pd.DataFrame:
    """Number of instances per standard and answer: standard, stage, core and one column per answer."""
    counts = given.groupby(["standard", "stage", "core", "answer"], sort=False).size().unstack(fill_value=0)
    return counts.reindex(columns=list(ANSWERS), fill_value=0).reset_index()


def verdicts(given: pd.DataFrame) -> pd.DataFrame:
    """One row per instance: verdict on the core standards, score (0 to 100) of the others, answered, asked.

    The core standards are pass or fail, and "partly" does not pass. The score is the mean of the other standards that
    were answered, as in the checklists of the method; it is missing where none was. ``asked`` leaves out what does
    not apply; ``answered`` also what was not checked.
    """
    rows = given.assign(points=given["answer"].map(POINTS), asked=given["answer"] != "not_applicable")
    rows["answered"] = rows["points"].notna()
    core, rest = rows[rows["core"]], rows[~rows["core"]]
    keys = rows["instance_id"].unique()
    failing = (core["points"] < 1).groupby(core["instance_id"]).any()
    open_ = (core["answer"] == "not_checked").groupby(core["instance_id"]).any()
    met = (core["points"] == 1).groupby(core["instance_id"]).any()
    told = pd.Series("cannot_tell", index=met.index).mask(met & ~open_, "meets").mask(failing, "fails")
    sums = rows.groupby("instance_id")[["answered", "asked"]].sum()
    return pd.DataFrame(
        {
            "instance_id": keys,
            "verdict": told.reindex(keys).to_numpy(),
            "score": (FULL * rest.groupby("instance_id")["points"].mean()).reindex(keys).to_numpy(),
            "answered": sums["answered"].reindex(keys).to_numpy(),
            "asked": sums["asked"].reindex(keys).to_numpy(),
        }
    )


def funnel(prepared: Prepared, chosen: pd.DataFrame) -> pd.DataFrame:
    """What became of the proposals of the period: instance_id, step, number, known.

    ``known`` says of how many proposals the registry knows whether they reached the step; where it knows it of none,
    the number is missing, not zero. A step is reached by the end of the period only if what it rests on is dated so.
    """
    rows = proposals_of_period(prepared)
    rows = rows[rows["instance_id"].isin(chosen["instance_id"])]
    reached = {step: None for step in STEPS} if rows.empty else _reached(rows, prepared)
    frames = [
        pd.DataFrame({"instance_id": rows["instance_id"], "step": step, "reached": found})
        for step, found in reached.items()
    ]
    long = pd.concat(frames, ignore_index=True).astype({"reached": "boolean"})
    counts = long.groupby(["instance_id", "step"], sort=False)["reached"].agg(number="sum", known="count").reset_index()
    counts = counts.astype({"number": "Int64", "known": "Int64"})
    return counts.assign(number=counts["number"].mask(counts["known"] == 0))


def _reached(rows: pd.DataFrame, prepared: Prepared) -> dict[str, pd.Series]:
    """For each step whether each proposal reached it, missing where the registry does not say."""
    voted = rows["votes"].notna()
    anyone = voted.groupby(rows["instance_id"]).transform("any")
    accepted = rows["answer_type"].isin(ACCEPTED).astype("boolean").mask(rows["answer_type"].isna())
    linked = rows["linked_result_id"].notna()
    return {
        "received": pd.Series(True, index=rows.index),
        "evaluated": rows["evaluated"],
        "feasible": rows["feasible"],
        "voted": voted.astype("boolean").mask(~anyone),
        "chosen": (rows["winner"] | accepted).fillna(rows["winner"]).fillna(accepted),
        "done": rows["linked_result_id"].isin(_delivered(prepared)).astype("boolean").mask(~linked),
    }


def _delivered(prepared: Prepared) -> set[str]:
    """Results delivered by the end of the period."""
    outputs = prepared.tables.get("outputs")
    if outputs is None:
        return set()
    return set(outputs.loc[outputs["delivered_on"] <= _ends(prepared)[1], "result_id"])


def city_funnel(counts: pd.DataFrame) -> pd.DataFrame:
    """The funnels of all instances together, one row per step: step, number, known."""
    sums = counts.groupby("step")[["number", "known"]].sum(min_count=1).reindex(list(STEPS))
    return sums.reset_index()


def last_surveys(values: pd.DataFrame) -> pd.DataFrame:
    """Overall satisfaction of each instance in the last period that has it: instance_id, period, value, n.

    ``values`` are published figures of several periods, oldest first: small ones are hidden there already.
    """
    rows = values[(values["indicator"] == "S1") & (values["level"] == "instance") & values["score"].notna()]
    rows = rows.drop_duplicates("unit_id", keep="last").rename(columns={"unit_id": "instance_id"})
    return rows[["instance_id", "period", "score", "ci_low", "ci_high", "n"]].reset_index(drop=True)
