"""Tables of any kind: encodings, separators, title rows, totals, notes, workbooks."""

import pandas as pd
import pytest
import xlsxwriter

from helpers.files import MonitorError
from helpers.sources import own_rows, read


def rows_of(frame: pd.DataFrame) -> list[list]:
    return frame.drop(columns=["_file", "_sheet"]).astype("object").where(frame.notna(), None).values.tolist()


def write(folder, text: str, encoding: str = "utf-8"):
    path = folder / "file.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encoding_and_separator_are_found(tmp_path, separator, encoding):
    lines = ["Distrito,Población", "Sudoeste – año,10", "Oeste,20", "Núñez,30"]
    path = write(tmp_path, "\r\n".join(lines).replace(",", separator), encoding)
    frame = read("table", path, {})["table"]
    assert rows_of(frame) == [["Sudoeste – año", "10", 2], ["Oeste", "20", 3], ["Núñez", "30", 4]]
    assert list(frame.columns[:2]) == ["Distrito", "Población"]


def test_polish_is_not_taken_for_western(tmp_path):
    text = "dzielnica;liczba\nŻoliborz;1\nBiałołęka;2\nŚródmieście;3\n"
    frame = read("table", write(tmp_path, text, "cp1250"), {})["table"]
    assert frame["dzielnica"].tolist() == ["Żoliborz", "Białołęka", "Śródmieście"]


def test_an_encoding_that_is_named_and_wrong_is_one_sentence(tmp_path):
    path = write(tmp_path, "año\n1\n", "cp1252")
    with pytest.raises(MonitorError, match="cannot be read as utf-8; correct `encoding`"):
        read("table", path, {"encoding": "utf-8"})


def test_decimal_commas_do_not_hide_a_semicolon(tmp_path):
    frame = read("table", write(tmp_path, "barrio;tasa;peso\nA;84,5;,38\nB;1,5;2,25\n"), {})["table"]
    assert rows_of(frame) == [["A", "84,5", ",38", 2], ["B", "1,5", "2,25", 3]]


def test_title_totals_and_notes_are_not_rows(tmp_path):
    head = "Asistencia 2022;;\n;;\nfecha;barrio;personas\n"
    text = head + "1/3/2022;Centro;12\n;;\n8/3/2022;Sur;30\nTotal;;42\n\nFuente: actas;;\n"
    frame = read("table", write(tmp_path, text), {})["table"]
    assert frame["_row"].tolist() == [1, 4, 6, 7, 9]
    assert frame["_aside"].fillna("").tolist() == ["title_row", "", "", "totals_row", "note"]
    assert frame["fecha"].iloc[0] == "Asistencia 2022" and own_rows(frame)["personas"].tolist() == ["12", "30"]


def test_nothing_above_a_header_is_lost(tmp_path):
    text = "Ciudad;;\n;Consejos barriales 2022;\n;;\nfecha;barrio;personas\n1/3/2022;Centro;12\n"
    frame = read("table", write(tmp_path, text), {})["table"]
    assert frame["fecha"].tolist() == ["Ciudad", "Consejos barriales 2022", "1/3/2022"]
    assert frame["_row"].tolist() == [1, 2, 5] and frame["_aside"].tolist()[:2] == ["title_row"] * 2
    without = read("table", write(tmp_path, "Ciudad;;\nfecha;barrio;personas\n"), {"header_row": 2})["table"]
    assert without["_aside"].tolist() == ["title_row"]


def test_a_row_longer_than_the_header_is_an_error_with_its_row(tmp_path):
    path = write(tmp_path, "a,b\n1,2\n1,2,3\n")
    with pytest.raises(MonitorError, match=r"row 3: the row has 3 cells and the header 2; put text"):
        read("table", path, {})


def test_empty_cells_beyond_the_header_do_no_harm(tmp_path):
    assert rows_of(read("table", write(tmp_path, "a,b\n1,2\n1,2,,\n"), {})["table"]) == [["1", "2", 2], ["1", "2", 3]]


def test_a_quotation_mark_never_closed_is_an_error(tmp_path):
    with pytest.raises(MonitorError, match="quotation mark is opened and never closed"):
        read("table", write(tmp_path, 'a,b\n1,2\n"x,3\n4,5\n'), {})


@pytest.mark.parametrize("content", [b"", b"  \n\n", b"\x00\x01\x02\x03", b"PK\x03\x04 broken"])
@pytest.mark.parametrize("name", ["x.csv", "x.xlsx", "x.ods"])
def test_what_is_no_table_is_one_sentence(tmp_path, content, name):
    path = tmp_path / name
    path.write_bytes(content)
    try:
        frames = read("table", path, {})
    except MonitorError as error:
        assert str(error).count("\n") == 0 and str(path) in str(error)
    else:
        assert name == "x.csv" and content.startswith(b"PK") and len(frames["table"]) == 0


def test_a_missing_file_and_an_unknown_option_are_one_sentence(tmp_path):
    with pytest.raises(MonitorError, match="the file is not there"):
        read("table", tmp_path / "no.csv", {})
    with pytest.raises(MonitorError, match="'separater'; did you mean 'separator'"):
        read("table", tmp_path / "no.csv", {"separater": ","})
    with pytest.raises(MonitorError, match="unknown format 'tabel'"):
        read("tabel", tmp_path / "no.csv", {})


def test_a_workbook_made_by_hand(tmp_path):
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Consejos")
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.merge_range("A1:C1", "Asistencia de los consejos barriales")
    sheet.write_row("A3", ["Distrito", "Fecha", "Personas"])
    sheet.merge_range("A4:A5", "Norte")
    sheet.write_datetime("B4", pd.Timestamp("2022-03-01").to_pydatetime(), day)
    sheet.write("C4", 23)
    sheet.write("B5", 44652)
    sheet.write("C5", 17.5)
    sheet.write_row("A6", ["Total", "", 40.5])
    book.add_worksheet("vacía")
    book.close()
    frames = read("table", path, {})
    assert list(frames) == ["Consejos"]
    frame = frames["Consejos"]
    rows = rows_of(frame.drop(columns="_aside"))
    assert rows[0] == ["Asistencia de los consejos barriales", None, None, 1]
    assert rows[1:3] == [["Norte", "2022-03-01", "23", 4], ["Norte", "44652", "17.5", 5]]
    assert frame["_aside"].tolist()[3] == "totals_row"
    assert frame["_sheet"].unique().tolist() == ["Consejos"]


def test_a_sheet_that_is_not_there_names_the_nearest(tmp_path):
    path = tmp_path / "book.xlsx"
    with pd.ExcelWriter(path, engine="xlsxwriter") as writer:
        pd.DataFrame({"a": [1]}).to_excel(writer, sheet_name="Datos", index=False)
    with pytest.raises(MonitorError, match="there is no sheet 'Dato'; did you mean Datos"):
        read("table", path, {"sheets": ["Dato"]})
