"""What became of the rows that came in, and how complete the fields are."""

import textwrap
from collections.abc import Mapping

import pandas as pd
from matplotlib.patches import Patch

from helpers.figures.drawing import Drawing, Imprint, add_key, alt_text, canvas
from helpers.figures.style import FAINT, HATCH, INK, PAPER, RULE, in_house_style
from helpers.language import Texts

FATES = {"kept": "#3B5B7A", "merged": "#9DB4C8", "quarantined": "#D98A4B"}
STATES = {"filled": "#3B5B7A", "not_applicable": "#C9D3DC"}


@in_house_style
def row_accounts(
    accounts: pd.DataFrame,
    names: Mapping[str, str],
    texts: Texts,
    imprint: Imprint,
    *,
    by: str = "table",
) -> Drawing:
    """Rows in = kept + merged + quarantined, as shares of each bar with the numbers beside it.

    Parameters
    ----------
    accounts : contract frame; ``by`` is the column that gives one bar per value (table, source_id or file); rows of
        no table are the last bar.
    names : value of ``by`` -> label.
    """
    columns = ["rows_in", *FATES]
    rows = accounts.assign(**{name: pd.to_numeric(accounts[name]).astype("int64") for name in columns})
    sums = rows.fillna({by: ""}).groupby(by, sort=False)[columns].sum().reset_index()
    rows = sums.sort_values(by, key=lambda values: values == "", kind="stable", ignore_index=True)
    rows["label"] = [names.get(value, value) or texts("figures.no_table") for value in rows[by]]
    figure, area = canvas(0.42 * len(rows) + 0.9, imprint, texts)
    axes = area.subplots()
    for place, row in enumerate(rows.to_dict("records")):
        left = 0.0
        for fate, colour in FATES.items():
            share = 100 * row[fate] / max(row["rows_in"], 1)
            hatch = HATCH if fate == "quarantined" else None
            axes.barh(place, share, 0.6, left=left, color=colour, edgecolor=PAPER, hatch=hatch, linewidth=0.5)
            left += share
        said = texts("figures.account_label", **{key: int(row[key]) for key in columns})
        axes.text(102, place, said, va="center", fontsize=8)
    _share_axis(axes, list(rows["label"]), texts)
    axes.set_xlabel(texts("figures.unit_share_rows"))
    _legend(area, FATES, "figures.fate_", texts, hatched="quarantined")
    total = {key: int(rows[key].sum()) for key in columns}
    sentence = texts("figures.alt_accounts", city=imprint.city, **total)
    return Drawing(figure, alt_text(sentence, imprint, texts), rows)


@in_house_style
def field_coverage(coverage: pd.DataFrame, texts: Texts, imprint: Imprint) -> Drawing:
    """Share of cells that hold a value, are not applicable, or were not collected, one bar per field.

    Parameters
    ----------
    coverage : columns label, filled, not_applicable, not_collected (cells), in the order of drawing.
    """
    states = ["filled", "not_applicable", "not_collected"]
    rows = coverage.assign(**{name: pd.to_numeric(coverage[name]).astype("int64") for name in states})
    rows["cells"] = rows[states].sum(axis=1)
    figure, area = canvas(0.27 * len(rows) + 0.9, imprint, texts)
    axes = area.subplots()
    for place, row in enumerate(rows.to_dict("records")):
        axes.barh(place, 100, 0.62, color=PAPER, edgecolor=RULE, hatch=HATCH, linewidth=0.5)
        left = 0.0
        for state, colour in STATES.items():
            share = 100 * row[state] / max(row["cells"], 1)
            axes.barh(place, share, 0.62, left=left, color=colour)
            left += share
        due = row["filled"] + row["not_collected"]
        share = texts.percent(row["filled"] / due) if due else texts("figures.status_not_applicable")
        label = texts("figures.coverage_label", share=share, filled=int(row["filled"]), due=int(due))
        axes.text(102, place, label, va="center", fontsize=7.5, color=INK)
    _share_axis(axes, list(rows["label"]), texts, size=8)
    axes.set_xlabel(texts("figures.unit_share_cells"))
    _legend(area, {**STATES, "not_collected": PAPER}, "figures.state_", texts, hatched="not_collected")
    due = int((rows["filled"] + rows["not_collected"]).sum())
    lacking = rows.loc[rows["not_collected"] > rows["filled"], "label"]
    sentence = texts("figures.alt_coverage", city=imprint.city, fields=len(rows), filled=int(rows["filled"].sum()),
                     due=due, lacking=list(lacking))
    return Drawing(figure, alt_text(sentence, imprint, texts), rows)


def _share_axis(axes, labels: list[str], texts: Texts, size: float = 9.0) -> None:
    axes.set_yticks(range(len(labels)), [textwrap.shorten(label, 40, placeholder="…") for label in labels],
                    fontsize=size)
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.set_xlim(0, 100)
    axes.set_xticks([0, 50, 100], [texts.percent(share) for share in (0, 0.5, 1)])
    axes.tick_params(length=0)
    axes.spines[["top", "right", "bottom"]].set_visible(False)


def _legend(area, colours: Mapping[str, str], key: str, texts: Texts, hatched: str) -> None:
    handles = [
        Patch(facecolor=colour, edgecolor=FAINT, linewidth=0.5, hatch=HATCH if name == hatched else None,
              label=texts(f"{key}{name}"))
        for name, colour in colours.items()
    ]
    add_key(area, handles)
