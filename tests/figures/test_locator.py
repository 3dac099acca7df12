"""The small map of a district sheet shows where it lies and no value, and says what it shows."""

import pytest

from helpers.figures import Imprint, locator, picture, vignette

from .conftest import NAMES


def test_one_district_is_filled_and_said(territories, texts, imprint):
    district = next(iter(NAMES))
    drawing = locator(territories, district, NAMES[district], texts, imprint)
    assert NAMES[district] in drawing.alt and imprint.city in drawing.alt
    assert drawing.data.set_index("unit_id")["filled"].to_dict() == {
        name: "yes" if name == district else "no" for name in territories["territory_id"]
    }


@pytest.mark.parametrize("mark", ["simulated", "schematic"])
def test_a_simulated_or_schematic_map_is_marked_in_picture_and_words(territories, texts, imprint, mark):
    marked = Imprint(imprint.city, imprint.period, imprint.source, **{mark: True})
    district = next(iter(NAMES))
    drawing = locator(territories, district, NAMES[district], texts, marked)
    words = texts(f"figures.{mark}")
    assert words in drawing.alt
    assert words in " ".join(" ".join(text.get_text() for text in drawing.figure.texts).split())


def test_it_is_shown_without_caption_and_with_the_same_bytes(territories, texts, imprint, tmp_path):
    district = next(iter(NAMES))
    first, second = (locator(territories, district, NAMES[district], texts, imprint) for _ in range(2))
    assert picture(first.figure, "png") == picture(second.figure, "png")
    shown = vignette(second, tmp_path, "here")
    assert shown == f'![](fig/here.png){{fig-alt="{second.alt}"}}'
    assert (tmp_path / "fig" / "here.png").is_file()
