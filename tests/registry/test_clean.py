"""Files in, clean tables out, nothing lost: planted errors, and what is said about them."""

import pandas as pd
import pytest

from helpers import registry
from helpers.files import MonitorError
from helpers.registry.letters import letters

SEX = {"M": "man", "F": "woman"}

COUNTS = "instance_id,period,dimension,category,count,count_unit\n"


def problems(clean, *columns):
    rows = clean.problems[clean.problems["severity"] != "note"]
    return rows[list(columns)].astype("object").where(rows[list(columns)].notna(), None).values.tolist()


def test_headings_in_any_language_and_labels_in_any_language(build):
    header = "Id de Instancia,PERIODO,Dimensione,Category,Cantidad,Unità di conteggio\n"
    text = header + "pru-pp,2022,Género,Mujer,más de 50,Votanti\n"
    clean = build({"c.csv": text}, [{"table": "participation_counts"}])
    row = clean.tables["participation_counts"].iloc[0]
    assert (row["dimension"], row["category"], row["count"], row["count_bound"]) == ("gender", "woman", 50, "lower")
    assert (row["count_unit"], row["source_id"], row["origin"]) == ("voters", "prueba-1", "c.csv:2")


def test_every_row_is_kept_merged_or_quarantined(build):
    text = COUNTS + (
        "pru-pp,2022,total,total,10,voters\n"
        "pru-pp,2022,total,total,10,voters\n"
        "pru-pp,2022,gender,woman,-4,voters\n"
        "pru-xx,2022,total,total,7,voters\n"
        "pru-pp,2021,total,total,7,\n"
    )
    clean = build({"c.csv": text}, [{"table": "participation_counts"}])
    account = clean.accounts[clean.accounts["file"] == "c.csv"]
    assert account[["rows_in", "kept", "merged", "quarantined"]].values.tolist() == [[5, 1, 1, 3]]
    assert problems(clean, "row", "field", "value", "code") == [
        ["4", "count", "-4", "below_minimum"],
        ["5", "instance_id", "pru-xx", "broken_reference"],
        ["6", "count_unit", None, "missing_required"],
    ]
    assert clean.tables["participation_counts"]["origin"].tolist() == ["c.csv:2 + c.csv:3"]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            "pru-pp,2022,total,total,-1,voters",
            r'c.csv, row 2 \("Presupuesto"\): "-1" in column "count" cannot be negative; correct the number',
        ),
        (
            "pru-zz,2022,total,total,1,voters",
            'c.csv, row 2: column "instance_id" names "pru-zz", which is not in the registry',
        ),
        (
            "pru-pp,anno,total,total,1,voters",
            r'row 2 \(.*"anno" in column "period" is not written in the agreed form; write it in this form: Year',
        ),
    ],
)
def test_a_row_that_cannot_stand_stops_the_run_with_one_sentence(build, tmp_path, row, said):
    clean = build({"c.csv": COUNTS + row + "\n"}, [{"table": "participation_counts"}])
    with pytest.raises(MonitorError, match=said):
        registry.save(clean, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_quarantine_that_is_accepted_lets_the_rest_through(build, tmp_path, dictionary):
    text = COUNTS + "pru-pp,2022,total,total,-1,voters\npru-pp,2022,gender,man,3,voters\n"
    clean = build({"c.csv": text}, [{"table": "participation_counts"}], options={"quarantine": "accept"})
    registry.save(clean, tmp_path / "out")
    assert registry.load(tmp_path / "out", dictionary).tables["participation_counts"]["count"].tolist() == [3]


@pytest.mark.parametrize(
    ("dates", "code"),
    [("31/02/2022", "impossible_date"), ("ayer", "unreadable_date"), ("2022-13-01", "impossible_date")],
)
def test_impossible_dates(build, dates, code):
    text = f"proposal_id,instance_id,submitted_at\np1,pru-pp,{dates}\n"
    clean = build({"p.csv": text}, [{"table": "proposals"}])
    assert problems(clean, "row", "code") == [["2", code]]
    assert (clean.blocked is not None) == (code == "impossible_date")


def test_territories_by_any_name(build):
    names = ["norte", "Distrito Norte", "NOROESTE", "Zona Sud", "pru-d-sur", "Noro.", "Prueba"]
    rows = "".join(f"p{number},pru-pp,{name}\n" for number, name in enumerate(names))
    clean = build({"p.csv": "proposal_id,instance_id,territory_id\n" + rows}, [{"table": "proposals"}])
    found = clean.tables["proposals"]["territory_id"].tolist()
    districts = ["norte", "norte", "noroeste", "sur", "sur", "noroeste"]
    assert found == [*(f"pru-d-{name}" for name in districts), "pru-city"]


@pytest.mark.parametrize("name", ["Nor.", "Oeste", "N."])
def test_a_name_that_is_none_or_could_be_two_is_no_territory(build, name):
    clean = build({"p.csv": f"proposal_id,instance_id,territory_id\np1,pru-pp,{name}\n"}, [{"table": "proposals"}])
    assert problems(clean, "row", "code") == [["2", "unknown_territory"]] and clean.blocked


def test_the_three_states_of_a_cell_stay_apart(build, tmp_path, dictionary):
    rows = "a,pru-pp,0\nb,pru-pp,\nc,pru-pp,ND\nd,pru-pp,NA\ne,pru-pp,Non prevista nel bando di riferimento\n"
    clean = build({"p.csv": "proposal_id,instance_id,supports\n" + rows}, [{"table": "proposals"}])
    registry.save(clean, tmp_path / "out")
    for table in (clean.tables["proposals"], registry.load(tmp_path / "out", dictionary).tables["proposals"]):
        assert table["supports"].astype("object").where(table["supports"].notna(), None).tolist() == [0] + [None] * 4
        assert table["not_applicable"].astype("object").where(table["not_applicable"].notna(), None).tolist() == [
            None, None, None, "supports", "supports",
        ]  # fmt: skip


def test_sources_merge_by_precedence_and_keep_both_origins(build):
    second = {
        "id": "prueba-2",
        "title": "Otra",
        "format": "table",
        "files": ["b.csv"],
        "tables": [{"table": "proposals"}],
    }
    clean = build(
        {"a.csv": "proposal_id,instance_id,title,votes\np1,pru-pp,Plaza,\n",
         "b.csv": "proposal_id,instance_id,title,votes\np1,pru-pp,Parque,12\np2,pru-pp,Luz,3\n"},
        [{"table": "proposals"}], files=["a.csv"], sources=[second],
    )  # fmt: skip
    table = clean.tables["proposals"].set_index("proposal_id")
    assert (table.loc["p1", "title"], table.loc["p1", "votes"]) == ("Plaza", 12)
    assert table.loc["p1", "origin"] == "a.csv:2 + b.csv:2"
    differ = clean.problems[clean.problems["code"] == "sources_differ"]
    assert differ[["source_id", "field", "value"]].values.tolist() == [["prueba-2", "title", "Parque"]]
    assert clean.accounts.set_index("file").loc["b.csv", ["kept", "merged"]].tolist() == [1, 1]


def test_rows_of_one_source_that_contradict_each_other_are_set_aside(build):
    text = "proposal_id,instance_id,title\np1,pru-pp,Plaza\np1,pru-pp,Parque\n"
    clean = build({"a.csv": text}, [{"table": "proposals"}])
    assert clean.tables["proposals"]["title"].tolist() == ["Plaza"]
    assert problems(clean, "row", "code", "value") == [["3", "duplicate_key", "p1"]]


def test_an_unknown_column_names_the_nearest_field(build):
    with pytest.raises(MonitorError, match="a.csv: the column 'titel' is not a field of proposals; did you mean 'ti"):
        build({"a.csv": "proposal_id,instance_id,titel\np1,pru-pp,x\n"}, [{"table": "proposals"}])
    with pytest.raises(MonitorError, match="there is no column 'Título nuev'; did you mean 'Título nuevo'"):
        build({"a.csv": "id,Título nuevo\np1,x\n"}, [{"table": "proposals", "columns": {"title": "Título nuev"}}])


def test_a_field_or_key_that_the_mapping_misspells(build):
    with pytest.raises(MonitorError, match="proposals has no field 'titel'; did you mean 'title'"):
        build({"a.csv": "a\n1\n"}, [{"table": "proposals", "columns": {"titel": "a"}}])
    with pytest.raises(MonitorError, match="proposals has no field 'Título'; did you mean 'title'"):
        build({"a.csv": "a\n1\n"}, [{"table": "proposals", "columns": {"Título": "a"}}])
    with pytest.raises(MonitorError, match="'sources.1.quarantine' is not known.*below `options`"):
        build({"a.csv": "a\n1\n"}, [{"table": "proposals"}], quarantine="accept")
    with pytest.raises(MonitorError, match="the key 'colums' is not known; did you mean 'column"):
        build({"a.csv": "a\n1\n"}, [{"table": "proposals", "colums": {"title": "a"}}])


def test_rows_that_no_entry_takes_are_listed_not_lost(build):
    text = "proposal_id,instance_id,kind\np1,pru-pp,idea\np2,pru-pp,otro\n"
    entry = {"table": "proposals", "auto": True, "ignore": ["kind"], "where": {"kind": "IDEA"}}
    clean = build({"a.csv": text}, [entry])
    accounts = clean.accounts[clean.accounts["file"] == "a.csv"]
    assert accounts[["table", "rows_in", "kept", "quarantined"]].values.tolist() == [
        ["", 1, 0, 1],
        ["proposals", 1, 1, 0],
    ]
    assert (clean.problems["code"] == "row_not_mapped").sum() == 1


def test_ballots_are_counted_by_person_and_never_stored(build):
    text = "id,edad,sexo,barrio\n1,30,F,Norte\n1,30,F,Norte\n2,110,M,Norte\n3,16,,Sur\n,40,F,Sur\n"
    entry = {
        "table": "participation_counts",
        "columns": {
            "instance_id": {"value": "pru-pp"},
            "period": {"value": 2022},
            "count_unit": {"value": "voters"},
        },
        "count": {
            "of": "id",
            "by": [
                {"dimension": "total", "category": "total"},
                {"dimension": "gender", "column": "sexo", "map": SEX, "missing_as": "not_stated"},
                {"dimension": "age_band", "column": "edad", "bands": True, "maximum": 100, "missing_as": "not_stated"},
            ],
        },
    }
    clean = build({"v.csv": text}, [entry])
    table = clean.tables["participation_counts"]
    cells = table[["dimension", "category", "count"]].itertuples(index=False, name=None)
    assert {(dimension, category): count for dimension, category, count in cells} == {
        ("total", "total"): 3,
        ("gender", "woman"): 1,
        ("gender", "man"): 1,
        ("gender", "not_stated"): 1,
        ("age_band", "30-44"): 1,
        ("age_band", "16-17"): 1,
        ("age_band", "not_stated"): 1,
    }
    account = clean.accounts.set_index("file").loc["v.csv"]
    assert account[["rows_in", "kept", "merged", "quarantined"]].tolist() == [5, 3, 1, 1]
    assert problems(clean, "code", "row") == [["missing_person", None]]
    assert (clean.problems["code"] == "implausible_age").sum() == 1


def test_population_by_five_year_bands_becomes_the_reference_bands(build):
    text = 'Distrito,Sexo,"0-4","5-9","10-14","15-19","20-24","75-79","80 o más"\nNorte,Total,10,10,10,5,7,"3,5",1\n'
    entry = {
        "table": "reference_population",
        "columns": {"territory_id": "Distrito", "dimension": {"value": "age_band"}, "census_year": {"value": 2022}},
        "unpivot": {"columns": "^[0-9]", "values": "population", "bands": True},
    }
    clean = build({"p.csv": text}, [entry])
    table = clean.tables["reference_population"].set_index("category")
    assert table["population"].to_dict() == {"0-15": 30 + 1, "16-29": 4 + 7, "75+": 3.5 + 1}
    assert table["is_estimate"].to_dict() == {"0-15": True, "16-29": True, "75+": False}


def test_same_input_same_bytes_whatever_the_folder(build, tmp_path):
    text = COUNTS + "pru-pp,2022,total,total,1.756,voters\npru-pp,2022,gender,=1+1,3,voters\n"
    clean = build({"c.csv": text}, [{"table": "participation_counts"}], options={"quarantine": "accept"})
    registry.save(clean, tmp_path / "one")
    registry.save(clean, tmp_path / "two")
    for path in sorted((tmp_path / "one").iterdir()):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
    assert "'=1+1" in (tmp_path / "one" / "problems.csv").read_text()
    assert clean.tables["participation_counts"]["count"].tolist() == [1756]


@pytest.mark.parametrize("language", ["es", "en", "it"])
def test_the_letter_says_file_row_and_remedy_in_the_language(build, place, language):
    from helpers.config import load_city

    text = "proposal_id,instance_id,submitted_at,winner\np1,pru-pp,31/02/2022,quizás\n"
    clean = build({"p.csv": text}, [{"table": "proposals"}])
    said = "\n".join(letters(clean, load_city(place, "prueba"), place, language))
    words = {"es": "es un día que no existe", "en": "is a day that does not exist", "it": "è un giorno che non esiste"}
    assert "p.csv, " in said and words[language] in said and "«quizás»" in said.replace('"quizás"', "«quizás»")


def test_a_blank_template_is_read_back_as_it_is(build, dictionary):
    for language in ("es", "en", "it"):
        blank = registry.template(dictionary, "proposals", language).decode("utf-8-sig").strip()
        assert len(blank.split(",")) == len(dictionary.tables["proposals"].published_fields)
    header = registry.template(dictionary, "actors", "it")
    cells = len(header.decode("utf-8-sig").strip().split(","))
    row = ",".join(["act-1", "Vecinal"] + [""] * (cells - 2))
    clean = build({"a.csv": header + row.encode() + b"\n"}, [{"table": "actors"}])
    assert clean.tables["actors"][["actor_id", "name"]].values.tolist() == [["act-1", "Vecinal"]]


def test_a_missing_file_is_one_sentence_unless_the_source_is_optional(build):
    with pytest.raises(MonitorError, match="no.csv: the file is not there; put it in place"):
        build({}, [{"table": "proposals"}], files=["no.csv"])
    clean = build({}, [{"table": "proposals"}], files=["no.csv"], optional=True)
    assert (clean.problems["code"] == "source_absent").sum() == 1


def test_every_clean_table_fits_its_schema(build, dictionary):
    clean = build({}, None)
    registry.validate(clean.tables, dictionary)
    assert set(clean.tables) == set(dictionary.tables)
    assert all(isinstance(table, pd.DataFrame) for table in clean.tables.values())
