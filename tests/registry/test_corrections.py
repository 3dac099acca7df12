"""Known errors mended openly, and the guard that stops once the source has mended its own."""

import pytest
import yaml

from helpers import registry
from helpers.config import load_city
from helpers.files import MonitorError

PROPOSALS = (
    "proposal_id,instance_id,title,cost,submitted_at\np1,pru-pp,Plaza,12,2022-03-01\np2,pru-pp,Luz,5,31/02/2022\n"
)


def correction(**given):
    return {
        "id": "c1",
        "table": "proposals",
        "reason": "see the minutes",
        "who": "Secretaría A",
        "when": "2022-05-03",
        **given,
    }


@pytest.fixture
def mended(build, folder):
    def _mended(*corrections, files=None, tables=None):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "corrections.yml").write_text(yaml.safe_dump({"corrections": list(corrections)}, allow_unicode=True))
        return build(files or {"p.csv": PROPOSALS}, tables or [{"table": "proposals"}])

    return _mended


def test_override_mends_even_what_could_not_be_read(mended):
    clean = mended(correction(
        action="override", where={"proposal_id": "p2"}, field="submitted_at", value="28/02/2022",
        expect={"submitted_at": "31/02/2022"},
    ))  # fmt: skip
    assert clean.blocked is None and len(clean.tables["proposals"]) == 2
    logged = clean.changes[clean.changes["rule"] == "correction c1"]
    assert logged[["field", "raw", "clean", "first_row"]].values.tolist() == [
        ["submitted_at", "31/02/2022", "28/02/2022", 3]
    ]


def test_scale_drop_and_flag(mended):
    clean = mended(
        correction(action="scale", where={"proposal_id": "p1"}, field="cost", factor=1000, expect={"cost": "12"}),
        correction(id="c2", action="drop", where={"proposal_id": "p2"}),
        correction(id="c3", action="flag", where={"proposal_id": "p1"}),
    )
    assert clean.tables["proposals"][["proposal_id", "cost"]].values.tolist() == [["p1", 12_000.0]]
    account = clean.accounts[clean.accounts["file"] == "p.csv"].iloc[0]
    assert account[["rows_in", "kept", "quarantined"]].tolist() == [2, 1, 1]
    codes = clean.problems[clean.problems["code"].isin(["dropped", "flagged"])]
    assert codes[["code", "row"]].values.tolist() == [["flagged", "2"], ["dropped", "3"]]
    assert "see the minutes" in codes["value"].iloc[0]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"where": {"proposal_id": "p1"}, "expect": {"cost": "13"}}, "it expects '13' in cost and finds '12'"),
        ({"where": {"proposal_id": "p9"}, "expect": {"cost": "12"}}, "it means 1 row and finds 0"),
    ],
)
def test_a_correction_that_no_longer_fits_stops_the_run(mended, given, said):
    with pytest.raises(MonitorError, match=f"correction c1 .override. no longer fits its source: {said}"):
        mended(correction(action="override", field="cost", value="120", **given))


def test_an_override_without_a_guard_and_an_unknown_field_are_refused(mended):
    with pytest.raises(MonitorError, match="c1: `override` needs `expect`"):
        mended(correction(action="override", field="cost", value="1", where={"proposal_id": "p1"}))
    with pytest.raises(MonitorError, match="proposals has no field 'costs'; did you mean 'cost'"):
        mended(correction(action="flag", field="costs", where={"proposal_id": "p1"}))


INSTANCES = (
    "instance_id,name,instance_type,promoter_type,promoter_name,status,start_date,territory_scope,territory_ids,"
    "reported_by,verification_status\n"
)


def instance(identifier, name, start="2022-03-01", territory="pru-d-sur"):
    return f"{identifier},{name},device,state,Municipio,running,{start},district,{territory},M,documented\n"


@pytest.fixture
def two_sources(mended):
    def _two(first, second, *corrections):
        counts = "instance_id,period,dimension,category,count,count_unit\npru-b,2022,total,total,9,voters\n"
        other = {"table": "instances", "files": "b.csv"}
        return mended(
            *corrections,
            files={"a.csv": INSTANCES + first, "b.csv": INSTANCES + second, "c.csv": counts},
            tables=[
                {"table": "instances", "files": "a.csv"},
                other,
                {"table": "participation_counts", "files": "c.csv"},
            ],
        )

    return _two


def test_merge_moves_what_refers_to_it(two_sources):
    clean = two_sources(
        instance("pru-a", "Consejo del sur"),
        instance("pru-b", "Asamblea sureña"),
        correction(table="instances", action="merge", where={"instance_id": "pru-b"}, into="pru-a"),
    )
    table = clean.tables["instances"].set_index("instance_id")
    assert "pru-b" not in table.index and table.loc["pru-a", "origin"] == "a.csv:2 + b.csv:2"
    assert clean.tables["participation_counts"]["instance_id"].tolist() == ["pru-a"]


def test_a_likely_pair_is_listed_and_the_answer_remembered(two_sources):
    pair = instance("pru-a", "Consejo Barrial del Sur"), instance("pru-b", "Consejo barrial Sur")
    listed = two_sources(*pair).problems.query("code == 'possible_duplicate'")
    assert listed["value"].tolist() == ["pru-a / pru-b"]
    answer = correction(table="instances", action="keep_apart", where={"instance_id": ["pru-a", "pru-b"]})
    assert two_sources(*pair, answer).problems.query("code == 'possible_duplicate'").empty


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (("pru-a", "Presupuesto 2021"), ("pru-b", "Presupuesto 2022")),
        (("pru-a", "Consejo barrial"), ("pru-b", "Consejo barrial", "2022-03-01", "pru-d-norte")),
        (("pru-a", "Consejo barrial"), ("pru-b", "Consejo barrial", "2019-03-01")),
    ],
)
def test_editions_places_and_dates_tell_apart(two_sources, left, right):
    clean = two_sources(instance(*left), instance(*right))
    assert len(clean.tables["instances"]) == 3 and clean.problems.query("code == 'possible_duplicate'").empty


def test_a_sure_pair_of_two_sources_merges_by_itself(build):
    source = {"id": "otra", "title": "Otra", "format": "table", "files": ["b.csv"], "tables": [{"table": "instances"}]}
    files = {
        "a.csv": INSTANCES + instance("pru-a", "Consejo del Sur"),
        "b.csv": INSTANCES + instance("pru-b", "CONSEJO DEL SUR."),
    }
    clean = build(files, [{"table": "instances"}], files=["a.csv"], sources=[source])
    table = clean.tables["instances"].set_index("instance_id")
    assert table.loc["pru-a", "origin"] == "a.csv:2 + b.csv:2" and "pru-b" not in table.index
    assert clean.accounts.set_index("file").loc["b.csv", ["rows_in", "merged"]].tolist() == [1, 1]


@pytest.fixture
def offered(place):
    """The lines that the letters of a registry offer, by the id of their correction."""

    def _offered(clean):
        lines = "\n".join(registry.letters(clean, load_city(place, "prueba"), place, "es")).splitlines()
        return {yaml.safe_load(line)[0]["id"]: line for line in lines if line.startswith("- {")}

    return _offered


def filled_in(line, **given):
    """The correction that a pasted line is, once a person has said why, who and when."""
    for name, said in {"reason": "minutes", "who": "Secretaría A", "when": "2022-05-03", **given}.items():
        line = line.replace(f"{name}: '?'", f"{name}: {said}")
    return yaml.safe_load(line)[0]


@pytest.mark.parametrize(("answer", "left"), [("same-pru-b", 2), ("two-pru-b", 3)])
def test_either_line_of_the_letter_settles_a_doubtful_pair(two_sources, offered, answer, left):
    pair = instance("pru-a", "Consejo Barrial del Sur"), instance("pru-b", "Consejo barrial Sur")
    line = offered(two_sources(*pair))[answer]
    clean = two_sources(*pair, filled_in(line))
    assert len(clean.tables["instances"]) == left
    assert clean.problems.query("code == 'possible_duplicate'").empty and not offered(clean)


def test_the_line_of_the_letter_mends_a_cell(mended, offered):
    lines = offered(mended())
    assert list(lines) == ["proposals-submitted-at-3"]
    clean = mended(filled_in(lines["proposals-submitted-at-3"], value="28/02/2022"))
    assert clean.blocked is None and not offered(clean)
    assert clean.tables["proposals"]["submitted_at"].dt.strftime("%d/%m").tolist() == ["01/03", "28/02"]


def test_the_line_mends_the_one_row_that_is_meant_where_a_row_of_the_file_becomes_several(mended, offered):
    common = {"instance_id": {"value": "pru-pp"}, "period": {"value": "2022"}, "count_unit": {"value": "voters"}}
    total = {"dimension": {"value": "total"}, "category": {"value": "total"}, "count": "Asistentes"}
    gender = {"columns": {"Mujeres": "woman", "Varones": "man"}, "to": "category", "values": "count"}
    tables = [
        {"table": "participation_counts", "columns": {**common, **total}},
        {"table": "participation_counts", "columns": {**common, "dimension": {"value": "gender"}}, "unpivot": gender},
    ]
    files = {"c.csv": "Asistentes,Mujeres,Varones\n-12,49,28\n"}
    (line,) = offered(mended(files=files, tables=tables)).values()
    clean = mended(filled_in(line, value="'77'"), files=files, tables=tables)
    assert clean.blocked is None
    assert sorted(clean.tables["participation_counts"]["count"]) == [28, 49, 77]


def test_a_line_that_nobody_filled_in_is_refused(mended, offered):
    line = offered(mended())["proposals-submitted-at-3"]
    with pytest.raises(MonitorError, match="who.*waits for an answer"):
        mended(filled_in(line, value="28/02/2022", who="'?'"))
