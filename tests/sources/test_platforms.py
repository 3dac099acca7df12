"""Exports of platforms and surveys: old and new layouts, languages, names left behind."""

import io
import zipfile

import pytest

from helpers.files import MonitorError
from helpers.sources import read

OLD = (
    "id;category/name/ca;category/name/es;scope/name/ca;title/ca;title/es;author/name;start_time;attendees\n"
    '1;Cultura;Cultura (es);Gràcia;Reunió;"Reunión <b>abierta</b>\n&nbsp;segunda línea";Nombre Apellido;'
    "2021-03-05 18:00:00;12\n"
)
NEW = (
    "id;taxonomies/name/en;title/en;proposal_votes_count;published_at;url\n"
    "7;Mobility;Bike lane;31;2024-01-02 10:00:00 UTC;https://x.org/p/7\n"
)


def archive(folder, files):
    path = folder / "decidim.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in files.items():
            packed.writestr(name, text)
    return path


def test_a_site_s_zip_in_the_old_and_the_new_layout(tmp_path):
    path = archive(tmp_path, {
        "www.site.org-open-data-meetings.csv": OLD,
        "www.site.org-open-data-proposals.csv": NEW,
        "www.site.org-open-data-users.csv": "id;name\n1;Nombre Apellido\n",
        "www.site.org-open-data-proposal_comments.csv": "id;author/name;body\n1;Nombre Apellido;hola\n",
        "README.md": "definitions",
    })  # fmt: skip
    tables = read("decidim", path, {"languages": ["es", "ca"]})
    assert sorted(tables) == ["meetings", "proposals"]
    meeting, proposal = tables["meetings"].iloc[0], tables["proposals"].iloc[0]
    assert meeting["title"] == "Reunión abierta segunda línea" and meeting["category"] == "Cultura (es)"
    assert meeting["start_time"] == "2021-03-05 18:00:00 UTC" and meeting["scope"] == "Gràcia"
    assert (proposal["title"], proposal["supports"], proposal["category"]) == ("Bike lane", "31", "Mobility")
    assert "Nombre" not in tables["meetings"].to_csv()
    assert meeting["_sheet"] == "www.site.org-open-data-meetings.csv" and meeting["_row"] == 2


def test_a_single_csv_and_an_identifier_is_no_language(tmp_path):
    path = tmp_path / "x-open-data-projects.csv"
    path.write_text("id;category/id;category/name/ca\n1;50;Cultura\n")
    frame = read("decidim", path)["projects"]
    assert frame["category/id"].tolist() == ["50"] and frame["category"].tolist() == ["Cultura"]


@pytest.mark.parametrize("name", ["../../../etc/open-data-proposals.csv", "/abs/open-data-proposals.csv"])
def test_names_in_a_zip_lead_nowhere(tmp_path, name):
    read("decidim", archive(tmp_path, {name: NEW}))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["decidim.zip"]


def test_a_zip_bomb_and_a_zip_of_something_else_are_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr("helpers.sources.decidim.MAX_UNPACKED", 1_000)
    with pytest.raises(MonitorError, match="unpacks to more than 1 GB"):
        read("decidim", archive(tmp_path, {"a-open-data-proposals.csv": "id\n" + "1\n" * 10_000}))
    with pytest.raises(MonitorError, match="no table of a Decidim site"):
        read("decidim", archive(tmp_path, {"photo.txt": "x"}))


def test_a_truncated_zip_is_one_sentence(tmp_path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a-open-data-proposals.csv", "id;title/es\n" + "1;x\n" * 1000)
    content = bytearray(buffer.getvalue())
    content[60:80] = b"\x00" * 20
    path = tmp_path / "broken.zip"
    path.write_bytes(bytes(content))
    with pytest.raises(MonitorError, match="cannot be read"):
        read("decidim", path)


def test_consul_leaves_trial_rows_aside_and_authors_behind(tmp_path):
    path = tmp_path / "proposals.csv"
    path.write_text(
        "id;title;author_name;cached_votes_up;created_at\n"
        "1;Más árboles;Nombre Apellido;120;03/02/2021\n"
        "2;prueba 123;Nombre Apellido;0;2021-02-04\n"
        "3;Prueba piloto de compostaje;Nombre Apellido;5;2021-02-04\n"
    )
    frame = read("consul", path)["table"]
    assert frame["_aside"].fillna("").tolist() == ["", "trial_row", ""]
    assert "author_name" not in frame.columns


def survey(tmp_path, **options):
    path = tmp_path / "survey.csv"
    path.write_text(
        "n,3.1 Me escuchan,3.2 Es confuso,4.1 Horario,4.2 Distancia\n"
        "1,Strongly agree,Muy de acuerdo,x,\n"
        "2,Strongly Agree,en desacuerdo,,1\n"
        "3,4,99,,\n"
        "4,,nose,0,no\n"
    )
    return read("survey", path, options)["table"]


def test_words_and_numbers_reversed_items_and_no_answers(tmp_path):
    frame = survey(tmp_path, items=["3.*"], reversed=["3.2*"], no_answer=[98, 99])
    assert frame["3.1 Me escuchan"].fillna("").tolist() == ["5", "5", "4", ""]
    assert frame["3.2 Es confuso"].fillna("").tolist() == ["1", "4", "", "nose"]


def test_a_question_with_a_column_per_answer(tmp_path):
    frame = survey(tmp_path, multiple={"s_barriers": {"4.1*": "time", "4.2*": "distance"}})
    assert frame["s_barriers"].fillna("").tolist() == ["time", "distance", "", ""]


def test_an_item_that_is_not_there_names_the_nearest(tmp_path):
    with pytest.raises(MonitorError, match="there is no column '4.1 Horari'; did you mean '4.1 Horario'"):
        survey(tmp_path, items=["4.1 Horari"])
