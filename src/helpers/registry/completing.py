"""What is done once all tables are clean: areas, places, names to match by, contradictions, what is still missing."""

from collections.abc import Iterator

import geopandas as gpd
import pandas as pd

from helpers.config import Table
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
    gaps = [part for table in work.dictionary.tables.values() for part in _gaps(work, table)]
    if not gaps:
        return []
    grouped = pd.concat(gaps).groupby(["table", "field", "source_id", "unit"], sort=False, dropna=False)
    counts = grouped.agg(count=("count", "sum"), files=("_file", "nunique"), _file=("_file", "first")).reset_index()
    counts["_file"] = counts["_file"].where(counts.pop("files") == 1, "")
    return [counts.assign(code="missing_expected", severity="note", _sheet="", value=pd.NA, _row=pd.NA)]


def _gaps(work: CleanTables, table: Table) -> Iterator[pd.DataFrame]:
    """For each expected field of a table, how many rows lack it per source, unit and file, in order of appearance."""
    frame = work.tables[table.name]
    if frame.empty:
        return
    keys = pd.DataFrame({"source_id": frame["_source"], "unit": work.units(frame), "_file": frame["_file"]})
    group = keys.groupby(list(keys.columns), sort=False, dropna=False).ngroup()
    kinds = keys[~group.duplicated()].reset_index(drop=True)
    listed = ";" + frame["not_applicable"].dropna() + ";"
    for field in table.published_fields:
        if field.requirement == "expected":
            excused = listed.index[listed.str.contains(f";{field.name};", regex=False)]
            sizes = group[frame[field.name].isna()].drop(excused, errors="ignore").value_counts(sort=False)
            yield kinds.loc[sizes.index].assign(table=table.name, field=field.name, count=sizes)
