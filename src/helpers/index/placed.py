"""Instances as a map shows them: by district, and at the point of their neighbourhood."""

import pandas as pd

from helpers.index.findings import Findings
from helpers.measures.places import Places


def placed_instances(findings: Findings) -> pd.DataFrame:
    """Instances begun or planned by the end of the period.

    ``territory_ids`` are the districts in which their territories lie, missing for the whole city. One whose only
    territory is a part of a district has the point of that part (degrees) in ``area_latitude`` and ``area_longitude``.
    """
    tables = findings.registry.tables
    instances, territories = tables["instances"], tables["territories"].set_index("territory_id")
    begun = instances["start_date"].isna() | (instances["start_date"] <= pd.Timestamp(findings.period.end))
    shown = instances[begun | (instances["status"] == "planned")].reset_index(drop=True)
    places = Places.read(tables, findings.city, findings.period)
    parts = [unit for unit in places.inside if unit not in places.districts]
    points = territories.loc[parts, ["latitude", "longitude"]].reindex(shown["territory_ids"]).reset_index(drop=True)
    units = places.units_of(shown["territory_ids"])
    return shown.assign(
        territory_ids=units.where(units != ""),
        area_latitude=points["latitude"],
        area_longitude=points["longitude"],
    )
