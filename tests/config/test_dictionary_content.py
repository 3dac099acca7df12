"""The field dictionary says what the methodology says, completely and in three languages."""

import re

import pytest

from helpers.config import load_dictionary

LANGUAGES = ("en", "es", "it")
TABLES = {
    "instances", "instance_periods", "checks", "events", "venues", "participation_counts", "proposals", "outputs",
    "actors", "instance_actors", "territories", "reference_population", "survey_waves", "survey_responses",
    "evidence", "sources", "service_requests", "campaigns", "commitments", "milestones", "assessments",
}  # fmt: skip
REQUIRED_OF_INSTANCES = {
    "instance_id", "name", "instance_type", "promoter_type", "promoter_name", "status", "start_date",
    "date_precision", "territory_scope", "reported_by", "verification_status", "source_id",
}  # fmt: skip
THEMES = {
    "urban_planning", "public_works", "environment", "mobility", "health", "education", "culture_sport",
    "safety_coexistence", "social_rights_gender", "children_youth", "economy_employment", "budget_and_transparency",
    "cross_cutting",
}  # fmt: skip


@pytest.fixture(scope="module")
def dictionary(root):
    return load_dictionary(root)


@pytest.fixture(scope="module")
def fields(dictionary):
    return [(table, field) for table in dictionary.tables.values() for field in table.fields.values()]


def described(dictionary):
    """Every labelled thing: where it stands, its labels or its help."""
    for table in dictionary.tables.values():
        yield f"{table.name} labels", table.labels
        yield f"{table.name} help", table.help
        for field in table.fields.values():
            yield f"{table.name}.{field.name} labels", field.labels
            yield f"{table.name}.{field.name} help", field.help
            if field.unit is not None:
                yield f"{table.name}.{field.name} unit", field.unit
    for name, values in dictionary.vocabularies.items():
        for value, labels in values.items():
            yield f"{name}.{value}", labels


def test_all_tables_of_the_methodology_are_there(dictionary):
    assert set(dictionary.tables) == TABLES


def test_every_text_is_given_in_three_languages(dictionary):
    for where, texts in described(dictionary):
        assert tuple(texts) == LANGUAGES, where
        assert all(text == text.strip() and text for text in texts.values()), where
        assert not any(re.search(r"TODO|TBD|xxx|\?\?", text) for text in texts.values()), where


def test_help_is_one_sentence_that_says_more_than_the_label(dictionary):
    for where, texts in described(dictionary):
        if where.endswith(" help"):
            assert all(text.endswith(".") and "\n" not in text and len(text) <= 160 for text in texts.values()), where
            assert len(set(texts.values())) == 3, where


def test_help_differs_from_label(fields):
    for table, field in fields:
        for language in LANGUAGES:
            label, text = field.labels[language], field.help[language].rstrip(".")
            assert label.casefold() != text.casefold(), f"{table.name}.{field.name} {language}"


def test_labels_are_unambiguous_so_that_headings_map_by_themselves(dictionary):
    for table in dictionary.tables.values():
        for language in LANGUAGES:
            labels = [field.labels[language].casefold() for field in table.fields.values()]
            assert len(set(labels)) == len(labels), f"{table.name} {language}"
    for name, values in dictionary.vocabularies.items():
        for language in LANGUAGES:
            labels = [texts[language].casefold() for texts in values.values()]
            assert len(set(labels)) == len(labels), f"{name} {language}"


def test_no_label_names_another_field_in_another_language(dictionary):
    for table in dictionary.tables.values():
        owner = {}
        for field in table.fields.values():
            for heading in {field.name, *(label.casefold() for label in field.labels.values())}:
                assert owner.setdefault(heading, field.name) == field.name, f"{table.name}: {heading}"


def test_every_vocabulary_is_used_and_only_by_closed_types(dictionary, fields):
    assert {field.vocabulary for _, field in fields if field.vocabulary} == set(dictionary.vocabularies)
    for table, field in fields:
        assert (field.type == "category") <= bool(field.vocabulary), f"{table.name}.{field.name}"
        assert not field.vocabulary or field.type in ("category", "list"), f"{table.name}.{field.name}"


def test_references_point_to_the_whole_key_of_a_table(dictionary, fields):
    for table, field in fields:
        if field.reference:
            target, column = field.reference.split(".")
            assert dictionary.tables[target].key == [column], f"{table.name}.{field.name}"
            assert field.type in ("id", "list"), f"{table.name}.{field.name}"


def test_numbers_have_units_and_bounds_only_where_they_make_sense(fields):
    for table, field in fields:
        numeric = field.type in ("integer", "decimal")
        where = f"{table.name}.{field.name}"
        assert numeric or (field.unit is field.minimum is field.maximum is None and not field.bound), where
        assert field.minimum is None or field.maximum is None or field.minimum < field.maximum, where
    for table, name in [
        ("instances", "participants_total"),
        ("events", "attendance"),
        ("participation_counts", "count"),
    ]:
        assert next(field for owner, field in fields if (owner.name, field.name) == (table, name)).bound


def test_requirements_follow_the_review(dictionary):
    required = {f.name for f in dictionary.tables["instances"].fields.values() if f.requirement == "required"}
    assert required == REQUIRED_OF_INSTANCES
    optional_keys = {"checks": {"coder"}, "participation_counts": {"territory_id"}}
    for table in dictionary.tables.values():
        loose = {name for name in table.key if table.fields[name].requirement != "required"}
        assert loose == optional_keys.get(table.name, set()), table.name


def test_themes_are_the_twelve_and_several_at_once(dictionary):
    assert set(dictionary.vocabularies["theme"]) == THEMES


def test_checks_hold_the_items_that_the_indicators_need(dictionary):
    items = list(dictionary.vocabularies["check_item"])
    assert sum(item.startswith("rules_") and item != "rules_published_in_time" for item in items) == 10
    groups = {item.removeprefix("effort_") for item in items if item.startswith("effort_")}
    assert groups == set(dictionary.vocabularies["target_group"])
    shared_with_standards = 6  # two rules, three guarantees and the survey are standards too
    standards_only = items[items.index("problem_and_decision_defined") :]
    assert len(standards_only) + shared_with_standards == 20


def test_categories_of_counts_cover_the_vocabularies_of_persons(dictionary):
    categories = dictionary.vocabularies["count_category"]
    for name in ("gender", "age_band", "nationality_group", "target_group"):
        for value, labels in dictionary.vocabularies[name].items():
            assert categories[value] == labels, f"{name}.{value}"


def test_fields_of_persons_are_marked_and_never_published(dictionary):
    for table in dictionary.tables.values():
        for field in table.fields.values():
            about_person = re.search(r"contact_(name|email|phone)|author|requester|free_comment", field.name)
            assert bool(about_person) == field.personal, f"{table.name}.{field.name}"
            assert not field.personal or field.requirement == "optional"
        assert not {field.name for field in table.fields.values() if field.personal} & set(table.columns)


@pytest.mark.parametrize(
    ("table", "field", "good", "bad"),
    [
        ("instances", "instance_id", ["ros-pp-2023", "ciudad-x1"], ["PP 2023", "r-1", "ros_pp"]),
        ("territories", "territory_id", ["ros", "ros-d-oeste"], ["Oeste", "d_oeste"]),
        ("instance_periods", "period", ["2022", "2022-S2", "2022-Q3", "2022-05"], ["22", "2022-S3", "2022-13"]),
        ("instances", "currency", ["EUR", "ARS"], ["eur", "€"]),
        ("instances", "sdg", ["1", "9", "10", "17"], ["0", "18", "170"]),
    ],
)
def test_patterns_admit_the_right_values(dictionary, table, field, good, bad):
    pattern = dictionary.tables[table].fields[field].pattern
    assert all(re.fullmatch(pattern, value) for value in good)
    assert not any(re.fullmatch(pattern, value) for value in bad)
