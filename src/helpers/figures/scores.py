"""The profile of the dimensions and the index of one unit in one period."""

import textwrap
from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from helpers.config import MonitorError
from helpers.figures.drawing import Drawing, Imprint, add_key, alt_text, canvas
from helpers.figures.style import (
    BAND_EDGES,
    BAND_FILLS,
    BAND_NAMES,
    FAINT,
    HATCH,
    INK,
    PAPER,
    RULE,
    colour_of,
    in_house_style,
    marker_of,
)
from helpers.figures.words import (
    WITHHELD,
    as_floats,
    interval_of,
    label_of,
    reason_of,
    reason_words,
    said_value,
    size_words,
    status_word,
    value_with_interval,
)
from helpers.language import Texts

COLUMNS = ["period", "level", "unit_id", "node", "label", "value", "lower", "upper", "ci_low", "ci_high",
           "weight_available", "n", "status"]
BESIDE_CHARACTERS = 32
"""Characters of a line beside a bar."""
TICKS = [0, 20, 40, 60, 80, 100]


def tidy_scores(scores: pd.DataFrame, labels: Mapping[str, str]) -> pd.DataFrame:
    """The columns of `scores` that are drawn, with the label of each node, measures as floats."""
    frame = as_floats(scores)
    frame["label"] = [label_of(labels, node) for node in frame["node"]]
    if "n" in frame:
        frame["n"] = pd.to_numeric(frame["n"], errors="coerce").astype("Float64").round().astype("Int64")
    return frame[[name for name in COLUMNS if name in frame]].reset_index(drop=True)


def of_unit(scores: pd.DataFrame, period: object, level: str = "city", unit_id: str | None = None) -> pd.DataFrame:
    """Rows of one unit in one period; of a city the unit may be left out. None or several units are an error."""
    chosen = scores[(scores["period"].astype("str") == str(period)) & (scores["level"] == level)]
    if unit_id is not None:
        chosen = chosen[chosen["unit_id"] == unit_id]
    if chosen["node"].duplicated().any():
        raise MonitorError(
            f"the scores of {level} in {period} hold several units or methods", remedy="choose one before drawing"
        )
    return chosen


def complete(scores: pd.DataFrame, labels: Mapping[str, str]) -> pd.DataFrame:
    """One row per node of ``labels``, in that order; a node without a row is not collected."""
    frame = tidy_scores(scores, labels).set_index("node").reindex(list(labels))
    frame["label"] = list(labels.values())
    frame["status"] = frame["status"].fillna("not_collected")
    return frame.rename_axis("node").reset_index()


@in_house_style
def profile(
    scores: pd.DataFrame,
    labels: Mapping[str, str],
    texts: Texts,
    imprint: Imprint,
    *,
    level: str = "city",
    unit_id: str | None = None,
) -> Drawing:
    """Bars of the dimensions of one unit, with interval and bounds; what was not collected is a hatched row.

    Parameters
    ----------
    scores : contract frame `scores`, score points 0 to 100; a column ``n`` is shown where there is one.
    labels : node -> label, in the order of drawing; the index may be among them.
    """
    chosen = of_unit(scores, imprint.period, level, unit_id)
    rows = complete(chosen, labels)
    reasons = chosen.set_index("node")["reason"] if "reason" in chosen else pd.Series(dtype="str")
    figure, area = canvas(0.62 * len(rows) + 0.95, imprint, texts)
    axes = area.subplots()
    for place, row in enumerate(rows.to_dict("records")):
        row["reason"] = reasons.get(row["node"])
        if row["status"] in WITHHELD:
            hatched_row(axes, place, status_word(row["status"], texts))
            beside(axes, place, 0.0, reason_of(row, texts))
        else:
            _bar(axes, place, row, texts)
    axes.set_yticks(range(len(rows)), list(rows["label"]))
    axes.set_ylim(len(rows) - 0.45, -0.55)
    score_axis(axes, texts)
    add_key(area, interval_key(rows, texts))
    said = [f"{row['label']}: {said_value(row, texts)}" for row in rows.to_dict("records")]
    sentence = texts("figures.alt_profile", city=imprint.city, period=imprint.period, items="; ".join(said))
    return Drawing(figure, alt_text(sentence, imprint, texts), rows)


def score_axis(axes: Axes, texts: Texts, unit: bool = True) -> None:
    """The common axis of scores: 0 to 100, light grid, unit named."""
    axes.set_xlim(0, 100)
    axes.set_xticks(TICKS, [texts.number(tick) for tick in TICKS])
    axes.grid(axis="x")
    axes.tick_params(length=0)
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    if unit:
        axes.set_xlabel(texts("figures.unit_score"))


def hatched_row(axes: Axes, place: float, words: str, *, size: float = 8.5, thickness: float = 0.5) -> None:
    """A row across the whole axis that says in words that there is no value."""
    axes.barh(place, 100, thickness, color=PAPER, edgecolor=RULE, hatch=HATCH, linewidth=0.8)
    box = {"facecolor": PAPER, "edgecolor": "none", "pad": 2.0}
    axes.text(50, place, words, ha="center", va="center", fontsize=size, color=INK, bbox=box)


def _bar(axes: Axes, place: int, row: Mapping, texts: Texts) -> None:
    colour = colour_of(row["node"])
    faint = row["status"] == "low_precision"
    axes.barh(place, row["value"], 0.5, color=colour, alpha=0.35 if faint else 0.8)
    draw_interval(axes, place, row)
    axes.text(102, place - 0.16, value_with_interval(row, texts), va="center", fontsize=9.5, weight="bold")
    below = [status_word(row["status"], texts)] if faint else []
    beside(axes, place, 0.04, " · ".join([*below, *size_words(row, texts)]))


def beside(axes: Axes, place: float, shift: float, words: str) -> None:
    """Small words to the right of a row, in as many short lines as they need."""
    lines = textwrap.fill(words, BESIDE_CHARACTERS)
    axes.text(102, place + shift, lines, va="top" if shift else "center", fontsize=7.5, color=FAINT)


def draw_interval(axes: Axes, place: float, row: Mapping, *, reach: float = 0.16) -> None:
    """Sampling interval as a line; bounds from missing cells as brackets."""
    if pd.notna(row["ci_low"]) and pd.notna(row["ci_high"]):
        axes.hlines(place, row["ci_low"], row["ci_high"], color=INK, linewidth=1.8)
    for edge in ("lower", "upper"):
        if pd.notna(row[edge]) and row["lower"] != row["upper"]:
            axes.vlines(row[edge], place - reach, place + reach, color=INK, linewidth=1.2)
    if pd.notna(row["lower"]) and pd.notna(row["upper"]) and row["lower"] != row["upper"]:
        axes.hlines(place, row["lower"], row["upper"], color=INK, linewidth=0.8, linestyle=(0, (1, 2)))


def interval_key(rows: pd.DataFrame, texts: Texts) -> list:
    """Legend handles for the intervals that occur in the rows."""
    handles = []
    if rows["ci_low"].notna().any():
        handles.append(Line2D([], [], color=INK, linewidth=1.8, label=texts("figures.key_interval")))
    if (rows["lower"].notna() & (rows["lower"] != rows["upper"])).any():
        line = Line2D([], [], color=INK, linewidth=0.8, linestyle=(0, (1, 2)), marker="|", markersize=8)
        line.set_label(texts("figures.key_bounds"))
        handles.append(line)
    if rows["status"].isin(WITHHELD).any():
        label = texts("figures.key_withheld")
        handles.append(Patch(facecolor=PAPER, edgecolor=FAINT, hatch=HATCH, linewidth=0.6, label=label))
    return handles


@in_house_style
def index_line(
    scores: pd.DataFrame,
    texts: Texts,
    imprint: Imprint,
    *,
    level: str = "city",
    unit_id: str | None = None,
) -> Drawing:
    """The index of one unit on a line from 0 to 100 over the four bands, or the words why there is none."""
    chosen = of_unit(scores, imprint.period, level, unit_id)
    rows = complete(chosen[chosen["node"] == "index"], {"index": texts("figures.index")})
    row = rows.to_dict("records")[0]
    reasons = chosen.loc[chosen["node"] == "index", "reason"] if "reason" in chosen else pd.Series(dtype="str")
    row["reason"] = reasons.iloc[0] if len(reasons) else None
    figure, area = canvas(1.75, imprint, texts)
    axes = area.subplots()
    if row["status"] in WITHHELD:
        hatched_row(axes, 0, textwrap.fill(reason_words(row, texts), 60), thickness=0.8)
    else:
        _gauge(axes, row, texts)
    axes.set_ylim(0.75, -1.0)
    axes.set_yticks([])
    score_axis(axes, texts)
    axes.grid(False)
    axes.spines["left"].set_visible(False)
    add_key(area, interval_key(rows, texts))
    sentence = texts("figures.alt_index", city=imprint.city, period=imprint.period, value=said_value(row, texts))
    return Drawing(figure, alt_text(sentence, imprint, texts), rows)


def _gauge(axes: Axes, row: Mapping, texts: Texts) -> None:
    for low, high, fill, name in zip(BAND_EDGES, BAND_EDGES[1:], BAND_FILLS, BAND_NAMES, strict=False):
        axes.barh(0, high - low, 0.5, left=low, color=fill, edgecolor=PAPER, linewidth=1.5)
        axes.text((low + high) / 2, 0.46, texts(f"figures.band_{name}"), ha="center", va="center", fontsize=8)
    axes.plot(row["value"], 0, marker=marker_of("index"), markersize=10, color=INK, markeredgecolor=PAPER)
    draw_interval(axes, 0, row, reach=0.2)
    axes.text(row["value"], -0.68, value_with_interval(row, texts), ha=_side(row["value"]), va="center",
              fontsize=13, weight="bold")


def _side(value: float) -> str:
    """Where a text above the line is anchored, so that it stays inside the chart."""
    return "left" if value < 20 else "right" if value > 80 else "center"


def band_of(row: Mapping) -> str | None:
    """The band of a value, or None where its interval crosses an edge of the half-open bands."""
    limits = interval_of(row) or (row["value"], row["value"])
    bands = {band_index(limit) for limit in (*limits, row["value"])}
    return BAND_NAMES[bands.pop()] if len(bands) == 1 else None


def band_index(value: float) -> int:
    """Position of the half-open class [0,40) [40,60) [60,80) [80,100] that a score lies in."""
    return sum(value >= edge for edge in BAND_EDGES[1:-1])
