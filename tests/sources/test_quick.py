"""The quick reader of delimited text gives what the careful one gives, or leaves the file to it."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.sources.delimited import careful_cells
from helpers.sources.quick import quick_cells

PIECES = ["a", "é", "1", " ", ",", ";", "\n", '"', '""', '","', '",\n"', "ñandú", "1,5", "😀"]


@settings(max_examples=500, deadline=None)
@given(pieces=st.lists(st.sampled_from(PIECES), min_size=1, max_size=30), separator=st.sampled_from(",;"))
def test_both_readers_agree_on_what_the_quick_one_takes(pieces, separator):
    text = "".join(pieces)
    quick = quick_cells(text.encode(), separator)
    if quick is not None:
        pd.testing.assert_frame_equal(quick, careful_cells(text, separator, Path("f.csv"), 1))


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1,2\n",
        'a,b\n"1, y más","dijo ""no"""\n',
        'a,b\n"dos\nlíneas",2',
        "a,b\n,\n",
        "a\n1\n2\n",
        "a,b\n\n1,2\n\n",
    ],
)
def test_what_tables_look_like_is_taken(text):
    assert quick_cells(text.encode(), ",").equals(careful_cells(text, ",", Path("f.csv"), 1))


@pytest.mark.parametrize(
    "text", ["a,b\n1\n", "a,b\n1,2,3\n", 'a,b\n5" tubo,2\n', 'a,b\n"1"x,2\n', 'a,b\n"1,2\n', "a\0,b\n"]
)
def test_what_could_be_meant_otherwise_is_left_to_the_careful_reader(text):
    assert quick_cells(text.encode(), ",") is None
