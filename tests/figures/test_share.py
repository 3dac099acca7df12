"""Images to share say number, interval, n, dates and source; none is made of an invented city."""

import io

import matplotlib as mpl
import pytest
from PIL import Image

from helpers.config import MonitorError, Period
from helpers.figures import SIZES, Imprint, Message, picture, share_image

INDEX = Message("index", "Index, 0 to 100 points", "62.4", "n = 21 indicators", "registry", "95% interval: 58 to 66")
COUNT = Message("X3", "Participants (Voters)", "at least 22,000", "n = 1 instance", "a " + "very " * 40 + "long title")


@pytest.mark.parametrize("form", SIZES)
@pytest.mark.parametrize("message", [INDEX, COUNT], ids=lambda one: one.name)
def test_everything_is_said_in_the_picture_and_in_its_alternative_and_stays_inside(texts, imprint, form, message):
    drawing = share_image(message, form, texts, imprint)
    drawing.figure.draw_without_rendering()
    drawn = drawing.figure.findobj(mpl.text.Text)
    said = " ".join(" ".join(one.get_text() for one in drawn).split())
    shown = [message.number, message.what, message.n, message.source, "Rosario, 2022", "1 January 2022 to 31 December"]
    for words in [*shown, message.interval or ""]:
        assert words in said and words in drawing.alt
    for one in drawn:
        box = one.get_window_extent()
        assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= SIZES[form][0] and box.y1 <= SIZES[form][1], one.get_text()
    boxes = [one.get_window_extent() for one in drawn if one.get_text()]
    assert not any(a.overlaps(b) for place, a in enumerate(boxes) for b in boxes[place + 1 :])


def test_the_picture_has_its_size_and_the_same_bytes_again(texts, imprint):
    first, second = (picture(share_image(INDEX, "wide", texts, imprint).figure, "png") for _ in range(2))
    assert first == second and Image.open(io.BytesIO(first)).size == (1200, 630)


def test_an_invented_city_has_none(texts):
    invented = Imprint("Ciudad Modelo", Period.parse("2022"), "Generator", simulated=True)
    with pytest.raises(MonitorError, match="no images to share"):
        share_image(INDEX, "square", texts, invented)
