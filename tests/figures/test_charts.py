"""Charts say what was measured and what was not, in every picture, table and text alternative."""

import os
import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as some
from PIL import Image

from helpers import figures
from helpers.config import MonitorError, Period
from helpers.figures import maps, style
from helpers.figures.districts import told_apart
from helpers.figures.scores import BAND_NAMES, band_index
from helpers.figures.trend import runs

from .conftest import LABELS, NAMES, score_row

UNITS = {"voters": "voters", "votes": "votes"}


def words(drawing) -> str:
    """Every word that is drawn, broken lines joined."""
    drawn = drawing.figure.findobj(mpl.text.Text)
    return " | ".join(text.get_text().replace("\n", " ") for text in drawn if text.get_visible())


def test_a_map_shows_intervals_and_hatches_districts_that_cannot_be_told_apart(territories, names, texts, imprint):
    values = dict(zip(names, (30.0, 50.0, 52.0, 54.0, 56.0, 78.0), strict=True))
    rows = pd.DataFrame([score_row(unit=unit, value=value, spread=12.0) for unit, value in values.items()])
    drawing = figures.choropleth(territories, rows, names, "Quality", texts, imprint)
    assert dict(zip(drawing.data["unit_id"], drawing.data["blurred"], strict=True)) == {
        unit: unit == "t-4" for unit in names
    }
    assert "Sur 54.0 42.0 to 66.0" in words(drawing) and "cannot be told apart" in words(drawing)
    assert "Sur 54.0 (between 42.0 and 66.0), cannot be told apart from the other districts" in drawing.alt
    counts = pd.DataFrame({"unit_id": list(names), "value": range(6), "status": "ok"})
    assert not figures.choropleth(territories, counts, names, "Voters", texts, imprint).data["blurred"].any()


def test_a_timeline_of_few_years_is_marked_in_years(texts, imprint):
    since = pd.to_datetime(["2019-09-04", "2021-03-01"])
    rows = pd.DataFrame(
        {
            "instance_id": ["a", "b"],
            "name": ["Budget", "Council"],
            "instance_type": "device",
            "start_date": since,
            "end_date": pd.NaT,
            "date_precision": "day",
            "status": "running",
        }
    )
    drawing = figures.mechanisms(rows, {"device": "Device"}, texts, imprint)
    drawing.figure.draw_without_rendering()
    marks = [mark.get_text() for mark in drawing.figure.findobj(mpl.axes.Axes)[0].get_xticklabels()]
    assert {"2020", "2021", "2022"} <= set(marks) and all(len(mark) == 4 for mark in marks)


def test_profile_draws_what_was_not_collected_as_words_and_never_as_zero(scores, labels, texts, imprint):
    drawing = figures.profile(scores, labels, texts, imprint)
    row = drawing.data.set_index("node").loc["satisfaction"]
    assert np.isnan(row["value"]) and row["status"] == "not_collected"
    assert "not collected" in words(drawing) and "no indicator of this dimension could be computed" in words(drawing)
    assert "Satisfaction: not collected" in drawing.alt
    assert "0.0" not in drawing.alt


def test_profile_shows_value_interval_n_unit_source_and_dates(scores, labels, texts, imprint):
    shown = words(figures.profile(scores, labels, texts, imprint))
    for said in (
        "62.4  (56.4 to 68.4)",
        "48.0  (44.5 to 51.2)",
        "n = 1,204",
        "80% of the weight",
        "score, 0 to 100",
        "Source: Registry of participation",
        "1 January 2022 to 31 December 2022",
        "low precision",
    ):
        assert said in shown


def test_a_dimension_without_a_row_is_not_collected(scores, labels, texts, imprint):
    drawing = figures.profile(scores[scores["node"] != "diversity"], labels, texts, imprint)
    assert list(drawing.data["node"]) == list(labels)
    assert "Diversity: not collected" in drawing.alt


def test_a_suppressed_value_reaches_neither_picture_nor_table_nor_words(labels, texts, imprint):
    rows = pd.DataFrame([score_row(value=37.7, status="suppressed", ci_low=31.1, ci_high=43.3)])
    drawing = figures.profile(rows, labels, texts, imprint)
    assert drawing.data[["value", "lower", "upper", "ci_low", "ci_high"]].isna().all().all()
    for number in ("37.7", "31.1", "43.3", "32.7", "42.7"):
        assert number not in drawing.alt + words(drawing)
    assert "suppressed, too few people" in words(drawing)


def test_scores_of_several_methods_are_refused(scores, labels, texts, imprint):
    with pytest.raises(MonitorError, match="several units or methods"):
        figures.profile(pd.concat([scores, scores]), labels, texts, imprint)


def test_what_is_simulated_is_said_first(scores, labels, texts, imprint):
    invented = figures.Imprint("Ciudad Modelo", imprint.period, "generator", simulated=True)
    for drawing in (figures.profile(scores, labels, texts, invented), figures.index_line(scores, texts, invented)):
        assert drawing.alt.startswith("SIMULATED")
        assert "SIMULATED" in words(drawing)
    assert "SIMULATED" not in words(figures.profile(scores, labels, texts, imprint))


def test_index_line_without_an_index_says_so(scores, texts, imprint):
    drawing = figures.index_line(scores, texts, imprint)
    assert "not collected" in drawing.alt and drawing.data["value"].isna().all()


def test_index_line_shows_interval_and_bands(texts, imprint):
    rows = pd.DataFrame([score_row(node="index", value=57.3, ci_low=52.0, ci_high=61.0)])
    drawing = figures.index_line(rows, texts, imprint)
    assert "57.3  (52.0 to 61.0)" in words(drawing) and "consolidated" in words(drawing)
    assert "57.3 (between 52.0 and 61.0)" in drawing.alt


@pytest.mark.parametrize(
    ("value", "low", "high", "band"),
    [
        (50.0, 45.0, 55.0, "developing"),
        (50.0, 39.9, 55.0, None),
        (40.0, 40.0, 59.9, "developing"),
        (39.99, None, None, "initial"),
        (80.0, None, None, "advanced"),
        (100.0, None, None, "advanced"),
        (58.0, 56.0, 60.0, None),
    ],
)
def test_a_band_is_named_only_where_the_interval_stays_inside(value, low, high, band):
    row = {"value": value, "ci_low": low, "ci_high": high, "lower": None, "upper": None}
    assert figures.band_of(row) == band


@given(some.floats(0, 100))
def test_classes_are_half_open_and_agree_with_the_bands(value):
    place = int(maps.classes(pd.Series([value]), style.BAND_EDGES).iloc[0])
    low, high = style.BAND_EDGES[place], style.BAND_EDGES[place + 1]
    assert low <= value and (value < high or value == high == 100)
    assert BAND_NAMES[band_index(value)] == style.BAND_NAMES[place]


def test_classes_do_not_depend_on_the_other_values():
    alone = maps.classes(pd.Series([41.0]), style.BAND_EDGES).iloc[0]
    among = maps.classes(pd.Series([41.0, 99.0, 1.0, None]), style.BAND_EDGES)
    assert among.iloc[0] == alone and pd.isna(among.iloc[3])


def test_districts_are_told_apart_only_where_intervals_do_not_overlap():
    rows = pd.DataFrame([score_row(value=value, spread=5.0) for value in (40.0, 45.0, 52.0)])
    assert told_apart(rows).tolist() == [True, False, True]
    rows.loc[2, ["ci_low", "ci_high"]] = [44.0, 60.0]
    assert told_apart(rows).tolist() == [False, False, False]
    assert not told_apart(pd.DataFrame([score_row(value=None), score_row(value=50.0)])).any()


def test_districts_keep_their_order_and_say_how_many_have_no_value(scores, labels, names, texts, imprint):
    drawing = figures.districts(scores, labels, names, texts, imprint)
    assert list(drawing.data["unit_id"].unique()) == list(names)
    assert len(drawing.data) == 24
    assert "Quality: 6 districts with values from 35.0 to 80.0." in drawing.alt
    assert "Satisfaction: no district has a value." in drawing.alt
    assert "suppressed, too few people" in words(drawing)


def test_a_trend_is_not_drawn_across_a_gap_or_a_break():
    rows = pd.DataFrame({"period": list("abcdef"), "value": [1.0, 2.0, None, 4.0, 5.0, 6.0]})
    assert [list(run["period"]) for run in runs(rows, {"f"})] == [["a", "b"], ["d", "e"], ["f"]]


def test_trend_marks_a_new_method_and_the_missing_period(labels, texts):
    periods = [Period.parse(label) for label in ("2019", "2020", "2021", "2022", "2022-S1")]
    rows = pd.DataFrame(
        [
            score_row(period="2019", value=40.0),
            score_row(period="2021", value=50.0),
            score_row(period="2022", value=55.0, method_version="2.0.0"),
            score_row(period="2022-S1", value=99.0),
        ]
    )
    imprint = figures.Imprint("Rosario", Period.parse("2022"), "registry")
    drawing = figures.trend(rows, {"quality": "Quality"}, periods, texts, imprint)
    assert "Breaks in the series: 2022: method 2.0.0." in drawing.alt
    assert "no value in 2020" in drawing.alt and "99" not in drawing.alt
    lines = [line for line in drawing.figure.findobj(mpl.lines.Line2D) if line.get_marker() == "o"]
    assert sorted(len(line.get_xdata()) for line in lines) == [1, 1, 1]


def test_trend_shows_earlier_periods_by_the_new_method_beside_what_was_published(labels, texts):
    periods = [Period.parse(label) for label in ("2020", "2021", "2022")]
    published = [score_row(period="2020", value=40.0), score_row(period="2021", value=50.0)]
    rows = pd.DataFrame([*published, score_row(period="2022", value=55.0, method_version="2.0.0")])
    earlier = {"2020": 44, "2021": 53}
    again = [score_row(period=year, value=value, method_version="2.0.0") for year, value in earlier.items()]
    imprint = figures.Imprint("Rosario", Period.parse("2022"), "registry")
    drawing = figures.trend(
        rows, {"quality": "Quality"}, periods, texts, imprint, recast=pd.DataFrame(again).astype({"value": float})
    )
    assert "By the method of the last period: Quality: 44.0 in 2020, 55.0 in 2022." in drawing.alt
    assert "recomputed by method 2.0.0" in words(drawing)
    assert drawing.data["value"].tolist() == [40, 50, 55, 44, 53, 55]


def test_units_of_count_never_share_an_axis_and_bounds_carry_their_sign(texts, imprint):
    rows = pd.DataFrame(
        {
            "period": ["2016", "2017", "2018", "2022"],
            "level": "city",
            "unit_id": "city",
            "context": "X3",
            "unit": ["voters", "votes", "voters", "voters"],
            "value": pd.array([93300, 105629, 35000, None], "Int64"),
            "bound": ["exact", "exact", "lower", "exact"],
            "status": ["ok", "ok", "ok", "not_collected"],
        }
    )
    drawing = figures.context_counts(rows, "X3", UNITS, texts, imprint)
    panels = drawing.figure.findobj(mpl.axes.Axes)
    assert [axes.get_title(loc="left") for axes in panels] == ["Unit: voters", "Unit: votes"]
    assert "≥ 35,000" in words(drawing) and "2018 at least 35,000" in drawing.alt
    assert "2022 not collected" in drawing.alt
    assert drawing.data["value"].dtype == "Int64"


def test_conflicting_sources_are_both_drawn(texts, imprint):
    rows = pd.DataFrame(
        {
            "label": "PP 2018",
            "date": pd.Timestamp("2017-11-21"),
            "unit": "votes",
            "value": [105629, 104000],
            "source": ["Municipality", "Press"],
            "bound": ["exact", "approx"],
        }
    )
    drawing = figures.votes(rows, UNITS, texts, imprint)
    for said in ("105,629 [1]", "≈ 104,000 [2]", "[1] Municipality", "[2] Press", "21 November 2017"):
        assert said in words(drawing)
    assert "21 November 2017 105,629 (Municipality)" in drawing.alt and "about 104,000 (Press)" in drawing.alt


def test_a_mechanism_without_a_known_start_is_listed_with_those_words(texts, imprint):
    rows = pd.DataFrame(
        {
            "name": ["Budget", "Council"],
            "instance_type": ["device", "space"],
            "status": "running",
            "start_date": [pd.Timestamp("2002-05-01"), pd.NaT],
            "end_date": pd.NaT,
            "date_precision": "month",
        }
    )
    drawing = figures.mechanisms(rows, {"device": "Device", "space": "Space"}, texts, imprint)
    assert "Budget: since May 2002; Council: start not collected" in drawing.alt
    assert "start not collected" in words(drawing)


def test_ballots_by_district_add_up_in_picture_and_table(names, texts, imprint):
    ballots = [16009, 13557, 11072, 10021, 8342, 7717]
    counts = pd.DataFrame({"unit_id": list(NAMES), "measure": "voters", "value": ballots})
    drawing = figures.district_bars(counts, {"voters": "Ballots"}, names, texts, imprint)
    assert drawing.data["value"].sum() == 66718
    assert all(f"{ballot:,}" in words(drawing) for ballot in ballots)


def test_a_schematic_map_says_so_on_the_map_and_in_words(territories, scores, names, texts, imprint):
    schematic = figures.Imprint("Rosario", imprint.period, "registry", schematic=True)
    values = scores[(scores["level"] == "territory") & (scores["node"] == "quality")].iloc[:5]
    drawing = figures.choropleth(territories, values, names, "Quality", texts, schematic)
    assert "Schematic layout" in words(drawing) and "Schematic layout" in drawing.alt
    assert "Sudoeste not collected" in drawing.alt
    hatched = [patch for patch in drawing.figure.findobj(mpl.collections.PatchCollection) if patch.get_hatch()]
    assert len(hatched) == 1


def test_the_map_for_paper_says_how_each_place_is_known(territories, names, texts, imprint):
    rows = pd.DataFrame(
        {
            "instance_id": list("abc"),
            "name": list("ABC"),
            "instance_type": ["space", "tool", "tool"],
            "territory_ids": ["t-1", "t-1", None],
            "latitude": pd.array([-32.97, None, None], "Float64"),
            "longitude": pd.array([-60.7, None, None], "Float64"),
        }
    )
    drawing = figures.instance_map(territories, rows, names, {"space": "Space", "tool": "Tool"}, texts, imprint)
    assert "1 instance at an address, 1 set in their district, 1 without a place" in drawing.alt
    assert drawing.data["place"].tolist() == ["address", "district", "unplaced"]
    assert "Norte (2)" in words(drawing) and "Centro (0)" in words(drawing) and "Tool (2)" in words(drawing)
    types = {"space": "Space", "tool": "Tool"}
    drawing = figures.instance_map(territories, rows, names, types, texts, imprint, incomplete=True)
    assert "Norte (2)" in words(drawing) and "Centro (not collected)" in words(drawing)


def test_rows_in_are_kept_merged_or_set_aside(texts, imprint):
    accounts = pd.DataFrame(
        [["", 2, 0, 0, 2], ["events", 7, 5, 1, 1], ["events", 5, 5, 0, 0]],
        columns=["table", "rows_in", "kept", "merged", "quarantined"],
    ).replace("", None)
    drawing = figures.row_accounts(accounts, {"events": "Events"}, texts, imprint)
    assert "12 = 10 + 1 + 1" in words(drawing) and "2 = 0 + 0 + 2" in words(drawing)
    assert list(drawing.data["label"]) == ["Events", "none: titles, totals, notes"]
    assert "14 came in, 10 were kept, 1 merged and 3 set aside" in drawing.alt


def test_coverage_leaves_out_what_does_not_apply(texts, imprint):
    rows = pd.DataFrame(
        {"label": ["Care", "Fund"], "filled": [1, 0], "not_applicable": [7, 8], "not_collected": [2, 0]}
    )
    drawing = figures.field_coverage(rows, texts, imprint)
    assert "33% (1 of 3)" in words(drawing) and "not applicable (0 of 0)" in words(drawing)
    assert "1 of 3 cells that are due have a value" in drawing.alt and "Less than half filled: Care." in drawing.alt


SAVE = """
import sys; from pathlib import Path; import pandas as pd
from helpers import figures; from helpers.config import Period; from helpers.language import Texts
rows = pd.read_json(sys.argv[2], dtype={"period": str})
texts = Texts(Path(sys.argv[1]), "es")
drawing = figures.profile(rows, {"quality": "Calidad", "satisfaction": "Satisfacción"}, texts,
                          figures.Imprint("Rosario", Period.parse("2022"), "registro"))
figures.save(drawing, Path(sys.argv[3]), "profile")
"""


def test_another_place_time_zone_and_locale_give_the_same_bytes(root, scores, tmp_path):
    scores[scores["level"] == "city"].to_json(tmp_path / "rows.json")
    for place, zone in (("one", "Asia/Tokyo"), ("two", "America/Argentina/Buenos_Aires")):
        settings = {**os.environ, "TZ": zone, "PYTHONHASHSEED": str(len(place) + len(zone)), "LC_ALL": "C"}
        subprocess.run(
            [sys.executable, "-c", SAVE, str(root), str(tmp_path / "rows.json"), str(tmp_path / place)],
            check=True,
            env=settings,
            cwd=tmp_path,
        )
    for suffix in ("png", "svg", "csv"):
        one, two = (Path(tmp_path / place / f"profile.{suffix}").read_bytes() for place in ("one", "two"))
        assert one == two, suffix


def test_saving_clears_the_figure_and_writes_no_date(scores, labels, texts, imprint, tmp_path):
    before = dict(mpl.rcParams)
    drawing = figures.profile(scores, labels, texts, imprint)
    paths = figures.save(drawing, tmp_path, "profile")
    assert Image.open(paths["png"]).info.keys() <= {"dpi"}
    svg = paths["svg"].read_text(encoding="utf-8")
    assert "<dc:date>" not in svg and "matplotlib v" not in svg.lower()
    assert not drawing.figure.axes
    assert dict(mpl.rcParams) == before
    assert len(pd.read_csv(paths["csv"])) == 4


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.1."""
    channels = np.array(mpl.colors.to_rgb(colour))
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


DEFICIENCIES = {
    # Severity 1.0 of Machado, Oliveira and Fernandes (2009), doi:10.1109/TVCG.2009.113
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


def test_dimension_colours_read_on_white_and_have_a_marker_each():
    assert all(1.05 / (luminance(colour) + 0.05) >= 4.5 for colour in style.DIMENSION_COLOURS.values())
    four = [style.DIMENSION_MARKERS[node] for node in LABELS]
    assert len(set(four)) == 4 == len(set(style.TYPE_MARKERS.values()))


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_map_classes_stay_ordered_from_light_to_dark_for_the_colour_blind(deficiency):
    matrix = np.array(DEFICIENCIES[deficiency])
    seen = [np.clip(matrix @ np.array(mpl.colors.to_rgb(fill)), 0, 1) for fill in style.BAND_FILLS]
    light = [luminance(colour) for colour in seen]
    assert all(left > 1.4 * right for left, right in zip(light, light[1:], strict=False))
