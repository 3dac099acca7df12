"""Scores over the periods, with gaps where there are no data and breaks where the method changed."""

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import date2num
from matplotlib.figure import SubFigure
from matplotlib.lines import Line2D

from helpers.config import Period
from helpers.figures.drawing import Drawing, Imprint, add_key, alt_text, canvas
from helpers.figures.scores import interval_key, tidy_scores
from helpers.figures.style import FAINT, HATCH, INK, PAPER, RULE, colour_of, in_house_style, marker_of
from helpers.figures.words import short_period
from helpers.language import Texts


@in_house_style
def trend(
    scores: pd.DataFrame,
    labels: Mapping[str, str],
    periods: Sequence[Period],
    texts: Texts,
    imprint: Imprint,
    *,
    breaks: Mapping[str, str] | None = None,
    recast: pd.DataFrame | None = None,
    level: str = "city",
    unit_id: str | None = None,
) -> Drawing:
    """One panel per node over the periods; nothing is drawn across a period without a value or across a break.

    Parameters
    ----------
    scores : contract frame `scores` of all periods.
    labels : node -> label, one panel each, in this order.
    periods : the periods that the city publishes, all of the kind of the imprint's period (others are left out).
    breaks : period label -> words: the first period of a new series (method, eligibility). A change of the MAJOR
        part of ``method_version`` is always a break.
    recast : scores of earlier periods by the method of the last one, drawn hollow and dashed beside what was published.
    """
    shown = sorted(period for period in periods if period.kind == imprint.period.kind)
    rows = _series(scores, labels, shown, level, unit_id)
    again = _recast_series(recast, rows, labels, shown, level, unit_id)
    marks = method_breaks(rows, texts) | dict(breaks or {})
    figure, area = canvas(1.75 * _depth(labels) + 0.7, imprint, texts)
    _panels(area, rows, again, labels, marks, texts)
    add_key(area, [*interval_key(rows, texts), *_recast_key(again, texts)])
    sentence = texts("figures.alt_trend", city=imprint.city, first=shown[0], last=shown[-1],
                     items=_said_all(rows, labels, labels, texts),
                     recast=_said_all(again, dict.fromkeys(again["node"]), labels, texts),
                     breaks=[f"{texts.period(mark)}: {words}" for mark, words in sorted(marks.items())])
    data = pd.concat([rows, again.dropna(subset="value")], ignore_index=True) if len(again) else rows
    return Drawing(figure, alt_text(sentence, imprint, texts), data.drop(columns="middle"))


def _columns(labels: Mapping[str, str]) -> int:
    return 1 if len(labels) == 1 else 2


def _depth(labels: Mapping[str, str]) -> int:
    """Rows of panels."""
    return -(-len(labels) // _columns(labels))


def _panels(
    area: SubFigure, rows: pd.DataFrame, again: pd.DataFrame, labels: Mapping[str, str], marks: Mapping[str, str],
    texts: Texts,
) -> None:
    """One panel per node, in the order of the labels."""
    panels = area.subplots(_depth(labels), _columns(labels), squeeze=False).flatten()
    for axes, node in zip(panels, labels, strict=False):
        _panel(axes, rows[rows["node"] == node], marks, texts)
        _dashed(axes, again[again["node"] == node])
        axes.set_title(labels[node], color=colour_of(node))
    for axes in panels[len(labels):]:
        axes.set_axis_off()
    area.supylabel(texts("figures.unit_score"), fontsize=9)


def _series(
    scores: pd.DataFrame, labels: Mapping[str, str], periods: Sequence[Period], level: str, unit_id: str | None
) -> pd.DataFrame:
    """One row per node and period, empty where there is none, with the middle day of the period (days)."""
    chosen = scores[scores["level"] == level]
    chosen = chosen if unit_id is None else chosen[chosen["unit_id"] == unit_id]
    every = pd.MultiIndex.from_product([list(labels), [str(period) for period in periods]], names=["node", "period"])
    tidy = tidy_scores(chosen, labels)
    if "method_version" in chosen:
        tidy["method_version"] = chosen["method_version"].astype("str").to_numpy()
    rows = tidy.astype({"period": "str"}).set_index(["node", "period"]).reindex(every).reset_index()
    middles = {str(p): (date2num(p.start) + date2num(p.end)) / 2 for p in periods}
    return rows.assign(
        label=[labels[node] for node in rows["node"]],
        status=rows["status"].fillna("not_collected"),
        middle=rows["period"].map(middles),
    )


def _recast_series(recast: pd.DataFrame | None, rows: pd.DataFrame, *how) -> pd.DataFrame:
    """Earlier periods by the last one's method, joined to its first published value; no rows where there are none."""
    if recast is None or recast.empty:
        return rows.iloc[:0]
    again = _series(recast, *how)
    known = again["value"].notna()
    version = again.loc[known, "method_version"].iloc[0] if known.any() else None
    joint = rows[(rows["method_version"] == version) & rows["value"].notna()].drop_duplicates("node")
    return pd.concat([again[known], joint], ignore_index=True)


def _dashed(axes: Axes, rows: pd.DataFrame) -> None:
    if len(rows) > 1:
        colour = colour_of(rows["node"].iloc[0])
        axes.plot(rows["middle"], rows["value"], color=colour, linestyle=(0, (4, 2)), linewidth=1.2, zorder=2)
        axes.plot(rows["middle"][:-1], rows["value"][:-1], linestyle="", marker="o", markersize=5,
                  markerfacecolor=PAPER, markeredgecolor=colour, zorder=3)


def _recast_key(rows: pd.DataFrame, texts: Texts) -> list[Line2D]:
    if rows.empty:
        return []
    label = texts("figures.key_recast", version=rows["method_version"].iloc[0])
    return [Line2D([], [], color=INK, linestyle=(0, (4, 2)), marker="o", markerfacecolor=PAPER, label=label)]


def method_breaks(rows: pd.DataFrame, texts: Texts) -> dict[str, str]:
    """Period -> words for each period whose MAJOR method version differs from that of the period before."""
    if "method_version" not in rows:
        return {}
    per_period = rows.dropna(subset=["method_version"]).sort_values("middle", kind="stable").drop_duplicates("period")
    major = per_period["method_version"].str.split(".").str[0]
    changed = major.ne(major.shift()) & major.shift().notna()
    return {
        row["period"]: texts("figures.break_method", version=row["method_version"])
        for row in per_period[changed].to_dict("records")
    }


def runs(rows: pd.DataFrame, starts: set[str]) -> list[pd.DataFrame]:
    """Stretches of neighbouring periods with a value; a new one begins after a gap and at each break."""
    number = (rows["value"].isna() | rows["period"].isin(starts)).cumsum()
    kept = rows[rows["value"].notna()]
    return [stretch for _, stretch in kept.groupby(number.loc[kept.index], sort=True)]


def _panel(axes: Axes, rows: pd.DataFrame, marks: Mapping[str, str], texts: Texts) -> None:
    node, colour = rows["node"].iloc[0], colour_of(rows["node"].iloc[0])
    for stretch in runs(rows, set(marks)):
        axes.plot(stretch["middle"], stretch["value"], color=colour, marker=marker_of(node), markersize=5, zorder=3)
    for row in rows.to_dict("records"):
        _point(axes, row, rows, texts)
    _mark_breaks(axes, rows, marks)
    names = [short_period(Period.parse(label), texts) for label in rows["period"]]
    every = max(1, -(-len(names) // 5))
    offset = (len(names) - 1) % every
    axes.set_xticks(rows["middle"].iloc[offset::every], names[offset::every], fontsize=8)
    axes.set_ylim(0, 100)
    axes.set_yticks([0, 40, 60, 80, 100], [texts.number(tick) for tick in (0, 40, 60, 80, 100)], fontsize=8)
    axes.grid(axis="y")
    axes.tick_params(length=0)
    half = _width(rows) / 2
    axes.set_xlim(rows["middle"].min() - half, rows["middle"].max() + half)
    axes.spines[["top", "right", "left"]].set_visible(False)


def _width(rows: pd.DataFrame) -> float:
    """Days between two neighbouring periods."""
    return float(rows["middle"].diff().median()) if len(rows) > 1 else 180.0


def _point(axes: Axes, row: Mapping, rows: pd.DataFrame, texts: Texts) -> None:
    if pd.isna(row["value"]):
        width = 0.8 * _width(rows)
        axes.bar(row["middle"], 100, width, color=PAPER, edgecolor=RULE, hatch=HATCH, linewidth=0)
        axes.text(row["middle"], 50, texts(f"figures.status_{row['status']}"), rotation=90, ha="center", va="center",
                  fontsize=7.5, bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1.5})
        return
    if pd.notna(row["ci_low"]) and pd.notna(row["ci_high"]):
        axes.vlines(row["middle"], row["ci_low"], row["ci_high"], color=INK, linewidth=1.6)
    if pd.notna(row["lower"]) and row["lower"] != row["upper"]:
        axes.vlines(row["middle"], row["lower"], row["upper"], color=INK, linewidth=0.8, linestyle=(0, (1, 2)))
    if row["period"] == rows["period"].iloc[-1]:
        axes.annotate(texts.number(row["value"], 1), (row["middle"], row["value"]), va="center", weight="bold",
                      textcoords="offset points", xytext=(8, 0), fontsize=8.5)


def _mark_breaks(axes: Axes, rows: pd.DataFrame, marks: Mapping[str, str]) -> None:
    for label, words in sorted(marks.items()):
        place = rows.loc[rows["period"] == label, "middle"]
        if len(place):
            at = place.iloc[0] - _width(rows) / 2
            axes.axvline(at, color=INK, linewidth=1.2, linestyle=(0, (5, 3)))
            axes.text(at, 2, f" {words}", fontsize=7, va="bottom", color=FAINT)


def _said_all(rows: pd.DataFrame, nodes: Iterable[str], labels: Mapping[str, str], texts: Texts) -> str:
    return " ".join(_said(rows[rows["node"] == node], labels[node], texts) for node in nodes)


def _said(rows: pd.DataFrame, label: str, texts: Texts) -> str:
    """The run of one dimension: first and last value, and the periods without one."""
    known = rows[rows["value"].notna()]
    if known.empty:
        return texts("figures.alt_trend_none", label=label)
    first, last = known.iloc[0], known.iloc[-1]
    missing = [texts.period(period) for period in rows.loc[rows["value"].isna(), "period"]]
    return texts("figures.alt_trend_run", label=label, first=first["period"], start=texts.number(first["value"], 1),
                 last=last["period"], end=texts.number(last["value"], 1), missing=missing)
