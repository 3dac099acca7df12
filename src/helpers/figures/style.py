"""One visual language for every chart: colours with a fixed meaning, sizes, and a style free of local settings."""

import matplotlib as mpl
import seaborn as sns

DIMENSION_COLOURS = {
    "quality": "#0072B2",
    "diversity": "#B54A00",
    "accessibility": "#00735C",
    "satisfaction": "#8E3A85",
    "index": "#222222",
}
"""Colour of each dimension (Okabe and Ito's hues, darkened to 4.5:1 on white); it never means anything else."""

DIMENSION_MARKERS = {"quality": "o", "diversity": "s", "accessibility": "^", "satisfaction": "D", "index": "o"}
"""Each dimension's marker, so that colour is never the only sign."""

TYPE_COLOURS = {"space": "#0072B2", "table": "#B54A00", "device": "#00735C", "tool": "#8E3A85"}
TYPE_MARKERS = {"space": "o", "table": "s", "device": "^", "tool": "D"}
"""Colour and marker of each type of instance on maps and timelines."""

NEUTRAL = "#4A4A4A"
INK = "#1A1A1A"
FAINT = "#767676"
RULE = "#D9D9D9"
PAPER = "#FFFFFF"
COUNT = "#3B5B7A"
"""Bars of counts: a colour that is no dimension's."""

BAND_EDGES = (0.0, 40.0, 60.0, 80.0, 100.0)
"""Edges of the half-open classes of scores, [0,40) [40,60) [60,80) [80,100]; the same in every period."""
BAND_NAMES = ("initial", "developing", "consolidated", "advanced")
BAND_FILLS = ("#E6EEF5", "#B3CDE3", "#6A9CC6", "#2B5F8C")
"""One hue from light to dark, told apart in every kind of colour vision and in grey."""

HATCH = "////"
STAMP = {"facecolor": "#FFD84D", "edgecolor": "none", "pad": 3.0}
"""Box behind what must be read first (simulated, schematic), as on the pages."""
WIDTH_INCHES = 6.0
"""Fills a page of paper, and leaves 10-point type readable when a phone shrinks it."""

_OWN = {
    "font.family": ["DejaVu Sans"],
    "font.size": 10.0,
    "axes.labelsize": 9.0,
    "axes.titlesize": 10.0,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "xtick.labelsize": 9.0,
    "ytick.labelsize": 10.0,
    "legend.fontsize": 8.5,
    "legend.frameon": False,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "grid.color": RULE,
    "grid.linewidth": 0.8,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "text.parse_math": False,  # "$" in a text is money, never mathematics
    "hatch.color": FAINT,
    "hatch.linewidth": 0.7,
    "lines.linewidth": 1.8,
    "figure.facecolor": PAPER,
    "axes.facecolor": PAPER,
    "savefig.facecolor": PAPER,
    "figure.dpi": 170.0,  # laid out at the size it is saved in: the width of letters depends on it
    "savefig.dpi": "figure",
    "figure.constrained_layout.w_pad": 0.06,
    "svg.hashsalt": "citizen-participation-monitor",
    "svg.fonttype": "path",
}

_FAMILIES = ("axes.", "errorbar.", "figure.", "font.", "grid.", "hatch.", "legend.", "lines.", "markers.", "mathtext.",
             "patch.", "path.", "savefig.", "scatter.", "svg.", "text.", "xaxis.", "xtick.", "yaxis.", "ytick.")
_LOCAL = ("figure.max_open_warning", "figure.raise_window", "savefig.directory")


def _style() -> dict:
    """Every setting that shapes a chart, so that a user's own matplotlibrc cannot change a byte."""
    defaults = {
        key: value
        for key, value in mpl.rcParamsDefault.items()
        if key.startswith(_FAMILIES) and key not in _LOCAL
    }
    return {**defaults, **sns.axes_style("ticks"), **sns.plotting_context("paper"), **_OWN}


STYLE = _style()
in_house_style = mpl.rc_context(STYLE)
"""Decorator: the function draws in the house style and leaves matplotlib's global settings as they were."""


def colour_of(node: str) -> str:
    """The colour of a dimension; a dimension that this table does not know is drawn in grey."""
    return DIMENSION_COLOURS.get(node, NEUTRAL)


def marker_of(node: str) -> str:
    """The marker of a dimension."""
    return DIMENSION_MARKERS.get(node, "o")
