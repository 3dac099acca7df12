"""What a new city's country, outlines and file names say of its money, time, projection and periods."""

import re

import geopandas as gpd
import pandas as pd
import shapely
from babel.core import get_global
from babel.numbers import get_territory_currencies

YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def settings_text(country: str, outlines: pd.Series, years: set[int]) -> str:
    """The lines of city.yml that follow from the surroundings; a question mark stands beside what a person decides.

    outlines: GeoJSON texts in longitude and latitude; years: those that the files speak of.
    """
    periods = f"[{', '.join(map(str, sorted(years)))}]  # ?" if years else "[2022]  # ? no year was found in the files"
    settings = {
        "currency": _currency(country),
        "time_zone": _time_zone(country),
        "projection": _projection(outlines),
        "periods": periods,
    }
    return "\n".join(f"{name}: {value}" for name, value in settings.items())


def years_in(texts: pd.Series) -> set[int]:
    """The years that stand in texts."""
    return {int(year) for found in texts.dropna().astype(str).map(YEAR.findall) for year in found}


def _currency(country: str) -> str:
    """The currency that is legal tender there today."""
    return next(iter(get_territory_currencies(country.upper())), "XXX  # ? three letters")


def _time_zone(country: str) -> str:
    """The time zone of the country; of several the first, the others named beside it."""
    zones = get_global("territory_zones").get(country.upper(), [])
    if not zones:
        return "UTC  # ? such as America/Argentina/Cordoba"
    return zones[0] + (f"  # ? or {', '.join(zones[1:])}" if zones[1:] else "")


def _projection(outlines: pd.Series) -> str:
    """The UTM zone in which the outlines lie; without any, a projection that keeps areas true all over the world."""
    shapes = gpd.GeoSeries(shapely.from_geojson(outlines.to_numpy(dtype=object)), crs="EPSG:4326")
    if shapes.is_empty.all():
        return "EPSG:6933  # ? true areas and no true lengths: better the UTM zone of the city"
    return f"EPSG:{shapes.estimate_utm_crs().to_epsg()}  # ? the UTM zone of the outlines"
