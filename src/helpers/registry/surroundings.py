"""What a new city's country, outlines and file names say of its money, time, projection and periods."""

import re
from importlib.resources import files

import geopandas as gpd
import pandas as pd
import shapely
from babel.numbers import get_territory_currencies

YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def settings_text(country: str, outlines: pd.Series, years: set[int]) -> str:
    """The lines of city.yml that follow from the surroundings; a question mark stands beside what a person decides.

    outlines: GeoJSON texts in longitude and latitude; years: those that the files speak of.
    """
    periods = f"[{', '.join(map(str, sorted(years)))}]  # ?" if years else "[2022]  # ? no year was found in the files"
    settings = {
        "currency": _currency(country),
        "time_zone": _time_zone(country, outlines),
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


def _time_zone(country: str, outlines: pd.Series) -> str:
    """The time zone of the country; of several the one nearest to the outlines, the others named beside it."""
    zones = _zones(country)
    if not zones:
        return "UTC  # ? such as America/Argentina/Cordoba"
    shapes = _shapes(outlines)
    here = None if shapes.is_empty.all() else shapes.union_all().centroid
    chosen = min(zones, key=lambda name: zones[name].distance(here)) if here else next(iter(zones))
    others = [name for name in zones if name != chosen]
    return chosen + (f"  # ? or {', '.join(others)}" if others else "")


def _zones(country: str) -> dict[str, shapely.Point]:
    """The time zones of a country, the most populous first, with a place in each (``zone.tab`` of the tz database)."""
    lines = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line.startswith(f"{country.upper()}\t")]
    return {name: _place(where) for _, where, name, *_ in rows}


def _place(where: str) -> shapely.Point:
    """Longitude and latitude of ISO 6709 text such as -3253-06849 (degrees and minutes, perhaps seconds)."""
    latitude, longitude = re.findall(r"[+-]\d+", where)
    return shapely.Point(_degrees(longitude, 3), _degrees(latitude, 2))


def _degrees(text: str, digits: int) -> float:
    whole, minutes = int(text[1 : 1 + digits]), int(text[1 + digits : 3 + digits])
    return (whole + minutes / 60) * (-1 if text[0] == "-" else 1)


def _projection(outlines: pd.Series) -> str:
    """The UTM zone in which the outlines lie; without any, a projection that keeps areas true all over the world."""
    shapes = _shapes(outlines)
    if shapes.is_empty.all():
        return "EPSG:6933  # ? true areas and no true lengths: better the UTM zone of the city"
    return f"EPSG:{shapes.estimate_utm_crs().to_epsg()}  # ? the UTM zone of the outlines"


def _shapes(outlines: pd.Series) -> gpd.GeoSeries:
    return gpd.GeoSeries(shapely.from_geojson(outlines.to_numpy(dtype=object)), crs="EPSG:4326")
