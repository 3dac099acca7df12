"""Districts side by side: dimensions as small multiples, and counts per district."""

import textwrap
from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from helpers.figures.drawing import Drawing, Imprint, add_key, alt_text, canvas
from helpers.figures.scores import draw_interval, hatched_row, interval_key, score_axis, tidy_scores
from helpers.figures.style import COUNT, FAINT, INK, PAPER, colour_of, in_house_style, marker_of
from helpers.figures.words import (
    WITHHELD,
    as_floats,
    bounded,
    said_bounded,
    status_word,
    whole_numbers,
)
from helpers.language import Texts

NAME_CHARACTERS = 18


def told_apart(rows: pd.DataFrame) -> pd.Series:
    """Which units differ from at least one other: their interval and another's do not overlap.

    Parameters
    ----------
    rows : one row per unit of one dimension, columns value, lower, upper, ci_low, ci_high (score points).
        The widest of the intervals counts; a unit without any interval cannot be told apart.

    Returns
    -------
    boolean Series on the index of ``rows``.
    """
    low = rows[["ci_low", "lower", "value"]].min(axis=1)
    high = rows[["ci_high", "upper", "value"]].max(axis=1)
    known = rows["value"].notna() & rows[["ci_low", "lower"]].notna().any(axis=1)
    low, high = low.where(known), high.where(known)
    return ((low > high.min()) | (high < low.max())).rename("told_apart")


@in_house_style
def districts(
    scores: pd.DataFrame,
    labels: Mapping[str, str],
    names: Mapping[str, str],
    texts: Texts,
    imprint: Imprint,
) -> Drawing:
    """One panel per dimension, one row per district in the order of ``names``: value, interval, bounds.

    The dashed line is the value of the whole city. Districts are never sorted by value. Dimensions
    without any value come last, each as one hatched panel.
    """
    now = scores[scores["period"].astype("str") == str(imprint.period)]
    rows = _grid(now[now["level"] == "territory"], labels, names)
    city = tidy_scores(now[now["level"] == "city"], labels).drop_duplicates("node").set_index("node")["value"]
    empty = rows.groupby("node")["value"].count() == 0
    nodes = sorted(labels, key=lambda node: bool(empty[node]))
    depth = -(-len(nodes) // 2)
    heights = [0.95 if empty[nodes[2 * line]] else 0.27 * len(names) + 0.75 for line in range(depth)]
    figure, area = canvas(sum(heights) + 0.6, imprint, texts)
    panels = area.subplots(depth, 2, squeeze=False, height_ratios=heights).flatten()
    for number, (axes, node) in enumerate(zip(panels, nodes, strict=False)):
        _panel(axes, rows[rows["node"] == node], city.get(node), texts)
        named = number % 2 == 0 and not empty[node]
        axes.set_yticks(range(len(names)), [textwrap.fill(name, NAME_CHARACTERS) if named else "" for name in
                                            names.values()])
        axes.set_ylim(len(names) - 0.4, -0.6)
        axes.set_title(labels[node], color=colour_of(node))
    for axes in panels[len(nodes):]:
        axes.set_axis_off()
    _key(area, rows, city, texts)
    sentence = texts("figures.alt_districts", city=imprint.city, period=imprint.period, count=len(names),
                     items=" ".join(_said(rows[rows["node"] == node], labels[node], texts) for node in labels))
    return Drawing(figure, alt_text(sentence, imprint, texts), rows)


def _grid(scores: pd.DataFrame, labels: Mapping[str, str], names: Mapping[str, str]) -> pd.DataFrame:
    """One row per dimension and district; one that the scores do not hold is not collected."""
    every = pd.MultiIndex.from_product([list(labels), list(names)], names=["node", "unit_id"])
    rows = tidy_scores(scores, labels).set_index(["node", "unit_id"]).reindex(every).reset_index()
    rows["label"] = [labels[node] for node in rows["node"]]
    rows["unit_name"] = [names[unit] for unit in rows["unit_id"]]
    return rows.assign(status=rows["status"].fillna("not_collected"))


def _panel(axes: Axes, rows: pd.DataFrame, city_value: float | None, texts: Texts) -> None:
    score_axis(axes, texts)
    if city_value is not None and pd.notna(city_value):
        axes.axvline(city_value, color=FAINT, linestyle="--", linewidth=1.1, zorder=1)
    statuses = set(rows["status"])
    if len(statuses) == 1 and statuses <= set(WITHHELD):
        middle = (len(rows) - 1) / 2
        hatched_row(axes, middle, status_word(statuses.pop(), texts), thickness=len(rows) - 0.3)
        return
    for place, row in enumerate(rows.to_dict("records")):
        if row["status"] in WITHHELD:
            hatched_row(axes, place, status_word(row["status"], texts), size=7.5, thickness=0.7)
            continue
        draw_interval(axes, place, row, reach=0.22)
        hollow = row["status"] == "low_precision"
        colour = colour_of(row["node"])
        axes.plot(row["value"], place, marker=marker_of(row["node"]), markersize=6, color=colour,
                  markerfacecolor=PAPER if hollow else colour, linestyle="none", zorder=4)
        axes.text(102, place, texts.number(row["value"], 1), va="center", fontsize=8, weight="bold")


def _key(area, rows: pd.DataFrame, city: pd.Series, texts: Texts) -> None:
    handles = interval_key(rows, texts)
    if city.notna().any():
        handles.append(Line2D([], [], color=FAINT, linestyle="--", linewidth=1.1, label=texts("figures.key_city")))
    add_key(area, handles)


def _said(rows: pd.DataFrame, label: str, texts: Texts) -> str:
    """One sentence on a dimension: how many districts have a value, and between which limits they lie."""
    shown = rows[~rows["status"].isin(WITHHELD)]
    if shown.empty:
        return texts("figures.alt_dimension_none", label=label)
    low, high = (texts.number(limit, 1) for limit in (shown["value"].min(), shown["value"].max()))
    return texts("figures.alt_dimension_range", label=label, low=low, high=high, shown=len(shown),
                 withheld=len(rows) - len(shown))


@in_house_style
def district_bars(
    counts: pd.DataFrame,
    measures: Mapping[str, str],
    names: Mapping[str, str],
    texts: Texts,
    imprint: Imprint,
) -> Drawing:
    """Bars of counts per district, such as ballots and population: one panel and one axis per measure.

    Parameters
    ----------
    counts : columns unit_id, measure, value, and where known bound (exact, lower, upper, approx) and status.
    measures : measure -> label with its unit, one panel each; different units never share an axis.
    """
    every = pd.MultiIndex.from_product([list(measures), list(names)], names=["measure", "unit_id"])
    rows = as_floats(counts, ["value"]).set_index(["measure", "unit_id"]).reindex(every).reset_index()
    rows["status"] = rows["status"].fillna("not_collected")
    rows["unit_name"] = [names[unit] for unit in rows["unit_id"]]
    rows["bound"] = rows["bound"].fillna("exact") if "bound" in rows else "exact"
    figure, area = canvas(0.3 * len(names) + 0.9, imprint, texts)
    panels = area.subplots(1, len(measures), squeeze=False, sharey=True).flatten()
    for axes, (measure, label) in zip(panels, measures.items(), strict=True):
        _bars(axes, rows[rows["measure"] == measure], texts)
        axes.set_title(textwrap.fill(label, 60 // len(measures)))
    panels[0].set_yticks(range(len(names)), [textwrap.fill(name, NAME_CHARACTERS) for name in names.values()])
    panels[0].set_ylim(len(names) - 0.4, -0.6)
    columns = ["measure", "unit_id", "unit_name", "value", "bound", "status"]
    items = " ".join(_said_bars(rows[rows["measure"] == measure], label, texts) for measure, label in measures.items())
    sentence = texts("figures.alt_district_bars", city=imprint.city, period=imprint.period, items=items)
    return Drawing(figure, alt_text(sentence, imprint, texts), whole_numbers(rows[columns], ["value"]))


def _bars(axes: Axes, rows: pd.DataFrame, texts: Texts) -> None:
    top = rows["value"].max()
    top = 1.0 if pd.isna(top) or top <= 0 else top
    for place, row in enumerate(rows.to_dict("records")):
        if pd.isna(row["value"]):
            axes.text(0, place, " " + status_word(row["status"], texts), va="center", fontsize=8, style="italic")
            continue
        axes.barh(place, row["value"], 0.62, color=COUNT)
        label = bounded(row["value"], row["bound"], texts)
        axes.text(row["value"] + 0.02 * top, place, label, va="center", fontsize=8, color=INK)
    axes.set_xlim(0, 1.02 * top)
    axes.set_xticks([])
    axes.tick_params(length=0)
    axes.spines[["top", "right", "bottom"]].set_visible(False)


def _said_bars(rows: pd.DataFrame, label: str, texts: Texts) -> str:
    said = [
        f"{row['unit_name']} {status_word(row['status'], texts)}"
        if pd.isna(row["value"])
        else f"{row['unit_name']} {said_bounded(row['value'], row['bound'], texts)}"
        for row in rows.to_dict("records")
    ]
    return f"{label}: {texts.list(said)}."
