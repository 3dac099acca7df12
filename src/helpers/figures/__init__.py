"""Charts, tables and maps: pure functions of frames and texts. The only room that imports plotting libraries."""

from helpers.figures.counts import context_counts, mechanisms, votes
from helpers.figures.districts import district_bars, districts, told_apart
from helpers.figures.drawing import Drawing, Imprint, picture, save
from helpers.figures.instances import instance_map
from helpers.figures.locator import locator
from helpers.figures.map_layers import Layer
from helpers.figures.map_page import Around, participation_map
from helpers.figures.maps import choropleth
from helpers.figures.quality import field_coverage, row_accounts
from helpers.figures.scores import band_of, index_line, profile
from helpers.figures.share import SIZES, Message, share_image, share_words
from helpers.figures.tables import escape, example_table, figure, place, table, vignette
from helpers.figures.trend import trend

__all__ = [
    "Around",
    "Drawing",
    "Imprint",
    "Layer",
    "Message",
    "SIZES",
    "band_of",
    "choropleth",
    "context_counts",
    "district_bars",
    "districts",
    "escape",
    "example_table",
    "field_coverage",
    "figure",
    "index_line",
    "instance_map",
    "locator",
    "mechanisms",
    "participation_map",
    "picture",
    "place",
    "profile",
    "row_accounts",
    "save",
    "share_image",
    "share_words",
    "table",
    "told_apart",
    "trend",
    "vignette",
    "votes",
]
