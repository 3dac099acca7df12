"""Counts outside the index: each unit of count on its own axis, bounds drawn as bounds, conflicts side by side."""

import textwrap
from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import DateFormatter, YearLocator
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from helpers.config import Period
from helpers.figures.drawing import Drawing, Imprint, add_key, alt_text, canvas
from helpers.figures.style import COUNT, INK, PAPER, TYPE_COLOURS, in_house_style
from helpers.figures.words import as_floats, bounded, label_of, said_bounded, status_word, whole_numbers
from helpers.language import Texts

SIGNED = ("lower", "upper", "approx")


@in_house_style
def context_counts(
    context: pd.DataFrame,
    figure_id: str,
    unit_labels: Mapping[str, str],
    texts: Texts,
    imprint: Imprint,
    *,
    level: str = "city",
) -> Drawing:
    """A context figure (X1 to X11) over the periods: one panel with its own axis per unit of count.

    Parameters
    ----------
    context : contract frame `context` of one or several periods.
    unit_labels : count unit -> label; also the order of the panels. Units without rows get no panel.
    """
    chosen = context[(context["context"] == figure_id) & (context["level"] == level)]
    rows = _with_bounds(chosen)
    rows["label"] = [short_period_of(period, texts) for period in rows["period"]]
    order = {period: number for number, period in enumerate(sorted(set(rows["period"]), key=Period.parse))}
    rows = rows.sort_values("period", key=lambda column: column.map(order), kind="stable")
    figure = _panels(rows, unit_labels, texts, imprint)
    sentence = texts("figures.alt_counts", city=imprint.city, items=_said(rows, unit_labels, texts))
    columns = [name for name in ("period", "level", "unit_id", "context", "unit", "value", "bound", "n", "status",
                                 "source_ids") if name in rows]
    return Drawing(figure, alt_text(sentence, imprint, texts), whole_numbers(rows[columns], ["value"]))


@in_house_style
def votes(
    counts: pd.DataFrame,
    unit_labels: Mapping[str, str],
    texts: Texts,
    imprint: Imprint,
) -> Drawing:
    """Votes per edition by the date they were cast, one panel per unit of count, each bar with its source.

    Parameters
    ----------
    counts : columns label (edition), date (datetime64, the vote's last day), unit (count unit), value, source
        (short title), and where known bound and date_precision (day, month, year). Where two sources disagree both
        rows stand and both are drawn.
    """
    rows = _with_bounds(counts).sort_values(["date", "label", "source"], kind="stable")
    order = {unit: place for place, unit in enumerate(unit_labels)}
    rows = rows.sort_values("unit", key=lambda units: units.map(order), kind="stable")
    precision = rows["date_precision"].fillna("day") if "date_precision" in rows else pd.Series("day", rows.index)
    dates = [texts.date(day, step) for day, step in zip(rows["date"], precision, strict=True)]
    dated = pd.Series([f"{name}\n{day}" for name, day in zip(rows["label"], dates, strict=True)], rows.index)
    marks, notes = number_sources(rows["source"], texts)
    figure = _panels(rows.assign(label=dated, mark=marks), unit_labels, texts, imprint, notes)
    said = rows.assign(label=dated.str.replace("\n", ", "), note=rows["source"])
    sentence = texts("figures.alt_votes", city=imprint.city, items=_said(said, unit_labels, texts))
    columns = [name for name in ("label", "date", "date_precision", "unit", "value", "bound", "source") if name in rows]
    return Drawing(figure, alt_text(sentence, imprint, texts), whole_numbers(rows[columns], ["value"]))


def number_sources(sources: pd.Series, texts: Texts) -> tuple[list[str], list[str]]:
    """A mark per row and the notes that explain the marks; one source for all rows needs no mark."""
    titles = list(dict.fromkeys(sources.dropna()))
    if len(titles) < 2:
        return [""] * len(sources), [texts("figures.source_all", source=title) for title in titles]
    marks = {title: f"[{number}]" for number, title in enumerate(titles, 1)}
    return [marks.get(title, "") for title in sources], [f"{mark} {title}" for title, mark in marks.items()]


def short_period_of(label: object, texts: Texts) -> str:
    """The words of a period's label on an axis."""
    return texts.period(str(label))


def _with_bounds(counts: pd.DataFrame) -> pd.DataFrame:
    rows = as_floats(counts, ["value"])
    rows["bound"] = rows["bound"].astype("object").fillna("exact").astype("str") if "bound" in rows else "exact"
    return rows.astype({"unit": "str"})


def _panels(
    rows: pd.DataFrame, unit_labels: Mapping[str, str], texts: Texts, imprint: Imprint, notes: Sequence[str] = ()
) -> Figure:
    """A figure with one panel per unit of count, as tall as its bars."""
    units = [unit for unit in unit_labels if unit in set(rows["unit"])]
    units += sorted(set(rows["unit"]) - set(units))
    step = 0.4 if "mark" in rows else 0.34
    heights = [step * (rows["unit"] == unit).sum() + 0.45 for unit in units] or [1.0]
    figure, area = canvas(sum(heights) + 0.5, imprint, texts, notes=notes)
    panels = area.subplots(len(heights), 1, squeeze=False, height_ratios=heights).flatten()
    for axes, unit in zip(panels, units, strict=False):
        _bars(axes, rows[rows["unit"] == unit], texts)
        axes.set_title(texts("figures.unit_title", unit=label_of(unit_labels, unit)))
    if not units:
        panels[0].text(0.5, 0.5, status_word("not_collected", texts), ha="center", transform=panels[0].transAxes)
        panels[0].set_axis_off()
    add_key(area, _key(rows, texts))
    return figure


def _key(rows: pd.DataFrame, texts: Texts) -> list:
    """Legend of the bounds, only where one occurs."""
    if not rows["bound"].isin(SIGNED).any():
        return []
    exact = Patch(facecolor=COUNT, label=texts("figures.key_exact"))
    bound = Patch(facecolor=PAPER, edgecolor=COUNT, label=texts("figures.key_bound"))
    return [exact, bound]


def _bars(axes: Axes, rows: pd.DataFrame, texts: Texts) -> None:
    top = rows["value"].max()
    top = 1.0 if pd.isna(top) or top <= 0 else top
    for place, row in enumerate(rows.to_dict("records")):
        if pd.isna(row["value"]):
            axes.text(0, place, " " + status_word(row["status"], texts), va="center", fontsize=8.5, style="italic")
            continue
        _bar(axes, place, row, top, texts)
    axes.set_yticks(range(len(rows)), [_wrapped(label) for label in rows["label"]], fontsize=8)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(0, 1.02 * top)
    axes.set_xticks([])
    axes.tick_params(length=0)
    axes.spines[["top", "right", "bottom"]].set_visible(False)


def _wrapped(label: str) -> str:
    return "\n".join(textwrap.fill(line, 34) for line in label.split("\n"))


def _bar(axes: Axes, place: int, row: Mapping, top: float, texts: Texts) -> None:
    """A filled bar for an exact count; an open one with an arrow for a bound."""
    signed = row["bound"] in SIGNED
    axes.barh(place, row["value"], 0.56, facecolor=PAPER if signed else COUNT, edgecolor=COUNT, linewidth=1.2)
    if row["bound"] in ("lower", "upper"):
        step = 0.035 * top * (1 if row["bound"] == "lower" else -1)
        axes.annotate("", (row["value"] + step, place), (row["value"], place), annotation_clip=False,
                      arrowprops={"arrowstyle": "-|>", "color": COUNT, "linewidth": 1.4, "shrinkA": 0, "shrinkB": 0})
    label = bounded(row["value"], row["bound"], texts)
    shift = 0.055 * top if row["bound"] == "lower" else 0.02 * top
    mark = f" {row['mark']}" if row.get("mark") else ""
    axes.text(row["value"] + shift, place, label + mark, va="center", fontsize=9, weight="bold", color=INK)


def _said(rows: pd.DataFrame, unit_labels: Mapping[str, str], texts: Texts) -> str:
    """Every count in words, grouped by unit; a source is named where the rows have one."""
    parts = []
    for unit, group in rows.groupby("unit", sort=False):
        items = [_said_row(row, texts) for row in group.to_dict("records")]
        parts.append(f"{label_of(unit_labels, unit)}: {'; '.join(items)}.")
    return " ".join(parts) or status_word("not_collected", texts)


def _said_row(row: Mapping, texts: Texts) -> str:
    known = pd.notna(row["value"])
    value = said_bounded(row["value"], row["bound"], texts) if known else status_word(row["status"], texts)
    source = f" ({row['note']})" if isinstance(row.get("note"), str) else ""
    return f"{row['label']} {value}{source}"


@in_house_style
def mechanisms(
    instances: pd.DataFrame,
    type_labels: Mapping[str, str],
    texts: Texts,
    imprint: Imprint,
) -> Drawing:
    """Timeline of the mechanisms: from the first to the last day known, an arrow where one goes on.

    Parameters
    ----------
    instances : registry table; name, instance_type, start_date, end_date, date_precision, status. A mechanism whose
        start is not collected is listed with those words.
    """
    columns = ["instance_id", "name", "instance_type", "start_date", "end_date", "date_precision", "status"]
    rows = instances.sort_values(["start_date", "name"], na_position="last", kind="stable")
    rows = rows[[name for name in columns if name in rows]].reset_index(drop=True)
    figure, area = canvas(0.34 * len(rows) + 1.0, imprint, texts)
    axes = area.subplots()
    ends = pd.Timestamp(imprint.period.end)
    starts = rows["start_date"].dropna()
    first = min(starts.min(), ends - pd.Timedelta(days=365)) if len(starts) else ends - pd.Timedelta(days=365)
    for place, row in enumerate(rows.to_dict("records")):
        _life(axes, place, row, first, ends, texts)
    short = [textwrap.shorten(name, 42, placeholder="…") for name in rows["name"]]
    axes.set_yticks(range(len(rows)), short, fontsize=8)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(first - (ends - first) * 0.03, ends + (ends - first) * 0.04)
    axes.xaxis_date()
    axes.xaxis.set_major_locator(YearLocator(-(-(ends.year - first.year + 1) // 8)))
    axes.xaxis.set_major_formatter(DateFormatter("%Y"))
    axes.grid(axis="x")
    axes.tick_params(length=0)
    axes.spines[["top", "right", "left"]].set_visible(False)
    present = [kind for kind in type_labels if kind in set(rows["instance_type"])]
    handles = [Line2D([], [], color=TYPE_COLOURS.get(kind, COUNT), linewidth=5, label=type_labels[kind])
               for kind in present]
    add_key(area, handles)
    items = "; ".join(f"{row['name']}: {_said_life(row, texts)}" for row in rows.to_dict("records"))
    sentence = texts("figures.alt_mechanisms", city=imprint.city, count=len(rows), items=items)
    return Drawing(figure, alt_text(sentence, imprint, texts), rows)


def _life(axes: Axes, place: int, row: Mapping, first: pd.Timestamp, ends: pd.Timestamp, texts: Texts) -> None:
    colour = TYPE_COLOURS.get(row["instance_type"], COUNT)
    if pd.isna(row["start_date"]):
        axes.text(first, place, " " + texts("figures.start_not_collected"), va="center", fontsize=7.5, style="italic")
        return
    stop = row["end_date"] if pd.notna(row["end_date"]) else None
    open_ended = stop is None
    last = ends if open_ended else max(stop, row["start_date"] + pd.Timedelta(days=60))
    running = open_ended and row["status"] in ("running", "planned")
    dashes = "solid" if running or not open_ended else (0, (1, 1))
    axes.hlines(place, row["start_date"], last, color=colour, linewidth=5, linestyle=dashes)
    if running:
        axes.plot([last], [place], marker=">", color=colour, markersize=8, clip_on=False)
    year = texts.date(row["start_date"], "year")
    axes.annotate(year, (row["start_date"], place), textcoords="offset points", xytext=(2, 4), fontsize=6.5)


def _said_life(row: Mapping, texts: Texts) -> str:
    if pd.isna(row["start_date"]):
        return texts("figures.start_not_collected")
    step = row.get("date_precision")
    step = step if isinstance(step, str) else "day"
    start = texts.date(row["start_date"], step)
    if pd.notna(row["end_date"]):
        return texts("figures.from_to", start=start, end=texts.date(row["end_date"], step))
    return texts("figures.since", start=start)
