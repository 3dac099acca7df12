"""The simulated files through the registry: nothing stops the run but what was planted, and all of that is found."""

import pandas as pd
import pytest


def found(registry, row):
    problems = registry.problems
    here = (problems["file"] == row.file) & (problems["field"] == row.field)
    return problems[here & (problems["row"].isna() | (problems["row"] == str(row.row)))]


def test_every_table_is_filled(tiny_registry, dictionary):
    assert {name for name in dictionary.tables if len(tiny_registry.tables[name]) == 0} == set()


def test_only_planted_rows_are_quarantined(tiny, tiny_registry):
    planted = tiny.planted[tiny.planted["expected"] == "quarantined"]
    blocks = tiny_registry.problems[tiny_registry.problems["severity"] == "block"]
    assert set(zip(blocks["file"], blocks["row"].astype(int), strict=True)) == set(
        zip(planted["file"], planted["row"], strict=True)
    )
    assert tiny_registry.accounts["quarantined"].astype(int).sum() >= len(planted)


def test_rows_in_are_kept_merged_or_quarantined(tiny_registry):
    accounts = tiny_registry.accounts[["rows_in", "kept", "merged", "quarantined"]].astype(int)
    assert (accounts["rows_in"] == accounts[["kept", "merged", "quarantined"]].sum(axis=1)).all()
    assert accounts["merged"].sum() == 1


REPORTED = ["misspelt_category", "unknown_category", "missing_expected", "words_for_number", "unknown_evidence"]


@pytest.mark.parametrize("defect", REPORTED)
def test_what_must_be_reported_is(tiny, tiny_registry, defect):
    for row in tiny.planted[tiny.planted["defect"] == defect].itertuples():
        assert len(found(tiny_registry, row)), f"{row.file} {row.row} {row.field}"


def test_what_must_be_mended_is(tiny, tiny_registry):
    """A serial number is a day again, a formula is text, more than 50 is a lower bound."""
    planted = tiny.planted.set_index("defect")
    events, serial = tiny_registry.tables["events"], planted.loc["serial_date"]
    mended = events[events["origin"].str.endswith(f"#Agenda:{serial['row']}")]["announced_at"].iloc[0]
    assert (mended - pd.Timestamp("1899-12-30")).days == int(serial["value"])
    assert str(tiny_registry.tables["assessments"]["assessed_on"].iloc[0].date()) == "2026-03-01"
    periods = tiny_registry.tables["instance_periods"]
    bound = periods[periods["origin"].str.endswith(f":{planted.loc['lower_bound', 'row']}")].iloc[0]
    assert (bound["invitations_sent"], bound["invitations_sent_bound"]) == (50, "lower")


def test_an_unanswered_item_is_not_collected_and_never_a_number(tiny, tiny_registry):
    answers = tiny_registry.tables["survey_responses"]["s_overall"]
    assert answers.isna().sum() >= 1
    assert answers.dropna().between(1, 5).all()


def test_no_address_of_a_person_survives(tiny, tiny_registry):
    assert {"email_in_text", "name_in_text"} <= set(tiny.planted["defect"])
    text = "\n".join(frame.astype("str").to_csv() for frame in tiny_registry.tables.values())
    assert "persona.inventada" not in text and "Delia" not in text and "Contacto: […]" in text
