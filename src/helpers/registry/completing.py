"""What is done once all tables are clean: areas, places, names to match by, contradictions, what is still missing."""

import geopandas as gpd
import numpy as np
import pandas as pd

from helpers.registry.consistency import contradictions
from helpers.registry.folding import fold_series
from helpers.registry.geography import AREA_TOLERANCE
from helpers.registry.placing import place_rows
from helpers.registry.problems import issue_frame, severity_of
from helpers.registry.tables import CleanTables
from helpers.registry.versions import DATED, on_their_day, versions_of


def compare_areas(work: CleanTables, computed: pd.Series) -> None:
    """Fill areas that nobody states; list those that differ from the shape's."""
    frame = work.tables["territories"]
    area = frame["territory_id"].map(computed).astype("Float64")
    stated = frame["area_km2"]
    wrong = ((stated - area).abs() > AREA_TOLERANCE * area).fillna(False).astype(bool)
    if wrong.any():
        value = stated[wrong].map("{:g}".format) + " ≠ " + area[wrong].map("{:g}".format)
        issues = issue_frame(frame[wrong], "area_km2", "stated_differs", value)
        work.note([issues.assign(table="territories", severity="warn")], frame)
    work.tables["territories"] = frame.assign(area_km2=stated.fillna(area))


def date_territories(work: CleanTables) -> None:
    """Let what a row states about its place mean the version of the territory that held on its day."""
    versions = versions_of(work.tables["territories"])
    for name in DATED if versions else ():
        table = work.dictionary.tables[name]
        work.tables[name], moved = on_their_day(work.tables[name], table, versions)
        work.note([moved.assign(table=name, severity="note")], work.tables[name])


def locate(work: CleanTables, shapes: gpd.GeoDataFrame) -> None:
    """Put rows with coordinates or venues into territories."""
    placing = place_rows(work.tables, shapes)
    for name, found in placing.issues.items():
        work.note(
            [part.assign(table=name, severity=severity_of(part["code"].iloc[0], False)) for part in found],
            work.tables[name],
        )
    work.tables = placing.tables


def normalise_names(work: CleanTables) -> None:
    """Fill the names by which actors are matched."""
    actors = work.tables["actors"]
    normalised = actors["name_normalised"].fillna(fold_series(actors["name"]))
    work.tables["actors"] = actors.assign(name_normalised=normalised)


def list_contradictions(work: CleanTables) -> None:
    """Note what the clean tables contradict in themselves."""
    for name, found in contradictions(work.tables).items():
        for severity, issues in found:
            work.note([issues.assign(table=name, severity=severity)], work.tables[name])


def missing_expected(work: CleanTables) -> list[pd.DataFrame]:
    """Per table, field and unit, how many rows lack what is expected of them."""
    issues = []
    for table in work.dictionary.tables.values():
        frame = work.tables[table.name]
        expected = [field.name for field in table.published_fields if field.requirement == "expected"]
        if frame.empty or not expected:
            continue
        keys = pd.DataFrame({"source_id": frame["_source"], "unit": work.units(frame), "_file": frame["_file"]})
        group = keys.groupby(list(keys.columns), sort=False, dropna=False).ngroup().to_numpy()
        kinds = keys[~pd.Series(group, keys.index).duplicated()].reset_index(drop=True)
        gaps = pd.concat([_gaps(frame, name, group) for name in expected])
        gaps = gaps.join(kinds, on="group").sort_values(["place", "first"])
        by_unit = gaps.groupby(["place", "field", "source_id", "unit"], sort=False, dropna=False)
        counts = by_unit.agg(count=("count", "sum"), files=("_file", "nunique"), _file=("_file", "first")).reset_index()
        counts["_file"] = counts["_file"].where(counts["files"] == 1, "")
        label = {"table": table.name, "code": "missing_expected", "severity": "note"}
        issues.append(counts.drop(columns=["place", "files"]).assign(**label, _sheet="", value=pd.NA, _row=pd.NA))
    return issues


def _gaps(frame: pd.DataFrame, field: str, group: np.ndarray) -> pd.DataFrame:
    """Of each group of rows that lack a field, the first and how many."""
    gap = (frame[field].isna() & ~_is_not_applicable(frame, field)).to_numpy(dtype=bool)
    found, first, size = np.unique(group[gap], return_index=True, return_counts=True)
    place = frame.columns.get_loc(field)
    return pd.DataFrame({"place": place, "field": field, "group": found, "first": first, "count": size})


def _is_not_applicable(frame: pd.DataFrame, name: str) -> pd.Series:
    if frame["not_applicable"].isna().all():
        return pd.Series(False, frame.index)
    listed = ";" + frame["not_applicable"].fillna("") + ";"
    return listed.str.contains(f";{name};", regex=False)
