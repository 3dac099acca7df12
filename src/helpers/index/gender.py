"""The gender view: who came, how far gender was recorded, and what was done to reach women.

Shares are of persons who stated that they are women or men. They are shown only from the number of persons that the
method asks of its gender indicator, and where neither part is so small that somebody could be recognised.
"""

from typing import Any

import pandas as pd

from helpers.index import exhibits
from helpers.index.findings import Findings
from helpers.index.good_practice import instances_of_period
from helpers.index.highlights import scored_indicators
from helpers.language import Texts
from helpers.measures.derive import Prepared, prepare
from helpers.measures.instances import PERSON_UNITS
from helpers.measures.periods import rows_of_period

INDICATOR = "D1"
"""The indicator of gender balance."""

SEXES = ("woman", "man")


def gender_facts(findings: Findings, texts: Texts) -> dict[str, Any]:
    """Facts for the prose of the gender view."""
    ready = prepare(findings.registry.tables, findings.method, findings.city, findings.period)
    chosen = instances_of_period(ready)
    balance = scored_indicators(findings.values, findings.method).set_index("id")
    efforts = chosen.get("check_effort_women", pd.Series(dtype="str"))
    return {
        "balance": balance.loc[INDICATOR].to_dict() if INDICATOR in balance.index else None,
        "recorded": int(chosen["instance_id"].isin(_counts(ready)["instance_id"]).sum()),
        "at_work": len(chosen),
        "efforts": int((efforts == "yes").sum()),
        "efforts_partly": int((efforts == "partly").sum()),
        "efforts_checked": int(efforts.notna().sum()),
        "women_in_population": _women_in_population(findings),
        "enough": findings.method.indicators[INDICATOR].minimum("city"),
    }


def _counts(ready: Prepared) -> pd.DataFrame:
    """Counts of persons by gender in the period, a hidden one missing, without those set aside for another source."""
    counts = ready.raw["participation_counts"]
    known = counts["count"].notna() | counts["suppressed"].notna()
    rows = counts[(counts["dimension"] == "gender") & known & counts["preferred"].fillna(True)]
    return rows_of_period(rows[rows["count_unit"].isin(PERSON_UNITS)], ready.period, ["instance_id"])


def _women_in_population(findings: Findings) -> float | None:
    """Share of women in the population of the city, in its latest census or estimate."""
    people = findings.registry.tables["reference_population"]
    tables = findings.registry.tables
    cities = tables["territories"].loc[tables["territories"]["level"] == "city", "territory_id"]
    rows = people[people["territory_id"].isin(cities) & people["category"].isin(SEXES)]
    rows = rows[(rows["dimension"] == "gender") & (rows["census_year"] == rows["census_year"].max())]
    sums = rows.groupby("category")["population"].sum().reindex(list(SEXES))
    return float(sums["woman"] / sums.sum()) if sums.notna().all() and sums.sum() else None


def women_by_type(findings: Findings, texts: Texts) -> pd.DataFrame:
    """Share of women by type of instance and unit of count: kind, share (text), n (persons), unit_name.

    Parents are left out beside their children; a row of too few persons has no figures and says so. So does one in
    which an instance stands of which a count or the balance is hidden: without the others, the row would tell it.
    """
    ready = prepare(findings.registry.tables, findings.method, findings.city, findings.period)
    rows = _counts(ready)
    leaves = instances_of_period(ready).set_index("instance_id")
    rows = rows[rows["instance_id"].isin(leaves.index) & rows["category"].isin(SEXES)]
    kinds = rows["instance_id"].map(leaves["instance_type"]).rename("kind")
    sums = rows.groupby([kinds, "count_unit", "category"])["count"].sum().unstack().reindex(columns=list(SEXES))
    sums = sums.dropna().astype("Float64").reset_index()
    total = sums["woman"] + sums["man"]
    least, k = findings.method.indicators[INDICATOR].minimum("city"), findings.method.thresholds.k
    told = (total >= least) & (sums[list(SEXES)].min(axis=1) >= k)
    told &= ~sums["kind"].isin(kinds[rows["count"].isna() | _delicate(rows, findings)])
    types = exhibits.vocabulary(findings, "instance_type", texts)
    units = exhibits.vocabulary(findings, "count_unit", texts)
    return pd.DataFrame(
        {
            "kind": sums["kind"].map(types),
            "share": (100 * sums["woman"] / total).where(told),
            "n": total.where(told).astype("Int64"),
            "unit_name": sums["count_unit"].map(units),
            "status": told.map({True: "ok", False: "suppressed"}),
        }
    )


def _delicate(rows: pd.DataFrame, findings: Findings) -> pd.Series:
    """Counts of instances with a few women or men, or whose balance is hidden for another's sake."""
    persons = rows.groupby([rows["instance_id"], "category"])["count"].transform("sum")
    listed = findings.suppressed
    hidden = listed.loc[(listed["figure"] == INDICATOR) & (listed["level"] == "instance"), "unit_id"]
    few = (persons > 0) & (persons < findings.method.thresholds.k)
    return few.astype(bool) | rows["instance_id"].isin(hidden)
