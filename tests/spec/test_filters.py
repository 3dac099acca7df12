"""How to read a filter of the method file, and how it answers a mistake."""

import pandas as pd
import pytest

from helpers.config import MonitorError, Period
from helpers.measures.filters import FieldInfo, check, evaluate, parse

FIELDS = {
    "answer_type": FieldInfo("category", frozenset({"accepted", "rejected_reasoned", "none"})),
    "days": FieldInfo("integer"),
    "due": FieldInfo("date"),
    "answered": FieldInfo("date"),
    "channels": FieldInfo("list", frozenset({"online", "paper", "phone"})),
    "open": FieldInfo("boolean"),
}
FRAME = pd.DataFrame(
    {
        "answer_type": pd.Series(["accepted", "none", None], dtype="str"),
        "days": pd.array([10, 70, None], dtype="Int64"),
        "due": pd.to_datetime(["2022-03-01", "2022-12-31", "2023-01-01"]).astype("datetime64[s]"),
        "answered": pd.to_datetime(["2022-03-01", "2023-01-01", None]).astype("datetime64[s]"),
        "channels": pd.Series(["online;paper", "phone", None], dtype="str"),
        "open": pd.array([True, False, None], dtype="boolean"),
        "not_applicable": pd.Series(["", "", "days"], dtype="str"),
    }
)


def read(text: str) -> str:
    """One letter per row: y holds, n does not, ? the data do not say."""
    truth = evaluate(check(text, FIELDS, "proposals"), FRAME, Period.parse("2022"))
    return "".join("y" if yes else "n" if no else "?" for yes, no in zip(truth.true, truth.false, strict=True))


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("answer_type = accepted", "yn?"),
        ("answer_type != accepted", "ny?"),
        ("answer_type in [accepted, none]", "yy?"),
        ("answer_type not in [accepted, none]", "nn?"),
        ("days <= 60", "yn?"),
        ("days > 10 and days <= 70", "ny?"),
        ("due in period", "yyn"),
        ("due <= period.end", "yyn"),
        ("answered <= due", "yn?"),
        ("due < 2022-12-31", "ynn"),
        ("channels in [paper]", "yn?"),
        ("channels in [paper, phone]", "yy?"),
        ("open = yes", "yn?"),
        ("open = no", "ny?"),
        ("days is missing", "nnn"),
        ("days is not_applicable", "nny"),
        ("days is known", "yyn"),
        ("not days <= 60", "ny?"),
        ("days <= 60 or due in period", "yy?"),
        ("days <= 60 or open is missing", "yny"),
        ("days <= 60 and answer_type = none", "nn?"),
        ("(days <= 60 or days > 60) and due in period", "yyn"),
    ],
)
def test_a_filter_holds_does_not_or_cannot_say(text, rows):
    assert read(text) == rows


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("answer_typ = accepted", "character 1: proposals has no field 'answer_typ'; did you mean 'answer_type'."),
        (
            "open = yes and answer_type = acepted",
            "character 16: answer_type is never 'acepted'; did you mean 'accepted'.",
        ),
        ("days <= due", "character 1: days cannot be compared with 'due'"),
        ("answer_type <= 3", "character 1: answer_type has no order"),
        ("days in period", "character 1: days is no date"),
        ("open = maybe", "character 1: open is yes or no"),
        ("days <=", "character 8: 'the end' cannot be compared; write a number, a date or a field."),
        ("days <= 60 days > 3", "character 12: 'days' is one word too many; join tests with `and` or `or`."),
        ("answer_type in accepted", "character 16: '[' was expected, not 'accepted'"),
        ("days = 3 or (open = yes", "character 24: ')' was expected, not 'the end'"),
        ("__import__('os')", "'(' is no comparison"),
        ("days; 3", "character 5: ';' has no meaning in a filter"),
        ("", "character 1: a field was expected"),
    ],
)
def test_a_mistake_is_named_with_its_place_and_what_was_meant(text, said):
    with pytest.raises(MonitorError) as caught:
        check(text, FIELDS, "proposals")
    assert said in str(caught.value)


def test_a_filter_is_only_ever_data():
    tree = parse("open = yes and not days > 3")
    assert "object" not in repr(tree)
    assert type(tree).__name__ == "Both"
