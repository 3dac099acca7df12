"""The participation map as a file: everything inside, nothing from outside, the same bytes."""

import base64
import hashlib
import json
import re

import geopandas as gpd
import pandas as pd
import pytest

from helpers.figures import Imprint, Layer, map_page
from helpers.figures.map_cards import accessibility
from helpers.figures.places import positions

from . import sample_map
from .conftest import NAMES
from .sample_map import VENUES, make_events, make_instances, make_page


@pytest.fixture
def invented(imprint):
    """An imprint of a simulated city on a schematic map."""
    return Imprint("Ciudad Modelo", imprint.period, "Generator", simulated=True, schematic=True)


@pytest.fixture
def page(root, territories, texts, invented):
    """The page with forty instances."""
    return make_page(root, territories, texts, invented)


def data_of(page: str) -> dict:
    """What the page's script reads."""
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.S)[1])


def test_the_policy_allows_exactly_the_scripts_and_styles_of_the_page(page):
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1].replace("&#39;", "'")
    assert policy.startswith("default-src 'none';") and "unsafe" not in policy and "http" not in policy
    inside = re.findall(r"<style>(.*?)</style>", page, re.S) + re.findall(r"<script>(.*?)</script>", page, re.S)
    digests = {base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in inside}
    assert digests == set(re.findall(r"'sha256-([^']+)'", policy))
    assert len(inside) == 5


def test_nothing_comes_from_elsewhere(page):
    markup = re.sub(r"<script>.*?</script>", "", page, flags=re.S)
    assert not re.findall(r"(?:src|srcset|xlink:href)\s*=|<link|<img|<iframe|@import", markup)
    assert "sourceMappingURL" not in page
    styles = "".join(re.findall(r"<style>(.*?)</style>", page, re.S))
    assert set(re.findall(r"url\(([^)]*)\)", styles)) == {f"#hatch-{name}" for name in ("none", 0, 1, 2, 3)}


def test_the_order_of_rows_changes_no_byte(root, territories, texts, invented, page, monkeypatch):
    again = make_page(root, territories, texts, invented)
    assert again == page
    rows = make_instances(40).sample(frac=1, random_state=3)
    monkeypatch.setattr(sample_map, "make_instances", lambda count: rows)
    assert make_page(root, territories, texts, invented) == page


def test_five_hundred_instances_weigh_less_than_three_megabytes(root, territories, texts, invented):
    assert len(make_page(root, territories, texts, invented, count=500).encode()) < 3_000_000


def test_what_is_simulated_and_schematic_is_said_before_the_title(page, root, territories, texts, imprint):
    banner, title, drawn = page.index('class="banner-word">Simulated'), page.index("<h1>"), page.index('id="map"')
    assert banner < title < page.index("SIMULATED: the city") < page.index("Schematic layout") < drawn
    real = make_page(root, territories, texts, imprint)
    assert "SIMULATED" not in real and 'class="banner' not in real and "Schematic" not in real
    assert data_of(real)["to_scale"] and not data_of(page)["to_scale"]


def test_what_people_wrote_stays_text(page):
    assert "Mesa de Diálogo «Ñandú» &lt;b&gt;" in page and "«Ñandú» <b>" not in page


def test_a_suppressed_value_is_not_in_the_page(page):
    assert "47.3" not in page
    cells = {one["id"]: one["cells"] for one in data_of(page)["districts"]}
    assert cells["t-3"]["diversity"] == {"look": "none", "words": "suppressed, too few people"}
    assert cells["t-1"]["satisfaction"] == {"look": "none", "words": "not collected"}


def test_districts_that_cannot_be_told_apart_are_hatched(page):
    looks = {one["id"]: one["cells"]["quality"]["look"] for one in data_of(page)["districts"]}
    assert looks == {
        "t-1": "band-0",
        "t-2": "band-1",
        "t-3": "band-1",
        "t-4": "band-1 blurred",
        "t-5": "band-1",
        "t-6": "band-2",
    }
    assert "54.0  (42.0 to 66.0), cannot be told apart from the other districts" in page


def test_an_instance_without_an_address_is_set_in_its_district_and_marked(territories):
    rows = pd.DataFrame(
        {
            "instance_id": ["a", "b", "c", "d"],
            "territory_ids": ["t-1", "t-1", "t-1;t-2", None],
            "latitude": pd.array([-32.96, None, None, None], "Float64"),
            "longitude": pd.array([-60.7, None, None, None], "Float64"),
        }
    )
    spots = positions(rows, territories, NAMES)
    assert spots["a"] == (-32.96, -60.7, False) and set(spots) == {"a", "b"}
    latitude, longitude, approximate = spots["b"]
    shape = territories.set_index("territory_id").geometry["t-1"]
    assert approximate and shape.contains(gpd.points_from_xy([longitude], [latitude])[0])


def test_an_instance_of_a_neighbourhood_is_set_there(territories):
    rows = pd.DataFrame(
        {
            "instance_id": ["a", "b"],
            "territory_ids": ["t-1", "t-1"],
            "area_latitude": [-32.97, -32.97],
            "area_longitude": [-60.71, -60.71],
        }
    )
    spots = positions(rows, territories, NAMES)
    assert spots["a"] == (-32.97, -60.71, True)
    assert spots["b"] != spots["a"] and abs(spots["b"][0] + 32.97) < 0.01


def test_accessibility_knows_yes_no_and_not_recorded():
    signs = accessibility(make_instances(2), make_events(), VENUES)
    assert signs["mod-000"] == {
        "step_free": True,
        "accessible_toilet": False,
        "childcare": True,
        "digital_support": True,
    }
    assert "mod-001" not in signs or signs["mod-001"] == {}


def test_the_agenda_looks_from_the_end_of_the_period_and_tells_local_time(page):
    coming, held = (
        page[page.index(f"<h3>{title}") : page.index("</details>", page.index(f"<h3>{title}"))]
        for title in ("Coming, after 31 December 2022 (1)", "Held in 2022 (1)")
    )
    assert "Encuentro futuro" in coming and "Asamblea abierta" in held
    assert "1 May 2022, 22:30" in held and "Centro Municipal" in held
    assert ">Before<" not in page


def test_a_long_agenda_says_how_much_of_it_is_shown(root, territories, texts, invented, monkeypatch):
    monkeypatch.setattr(map_page, "LIMIT", 1)
    monkeypatch.setattr(sample_map, "make_events", lambda: pd.concat([make_events()] * 2, ignore_index=True))
    page = make_page(root, territories, texts, invented)
    assert page.count("Encuentro futuro") == 1
    assert page.count("1 shown; all of them are in the open data:") == 2


def test_actors_stand_in_their_own_list_on_the_cards_and_in_a_filter(page):
    actors = page[page.index('class="actors"') : page.index("</ul>", page.index('class="actors"'))]
    assert re.findall(r'href="(#actor=[^"]*)">([^<]*)', actors) == [
        ("#actor=a-1", "Municipalidad"),
        ("#actor=a-2", "Vecinal Norte"),
    ]
    assert "2 instances" in actors
    card = page[page.index('data-id="mod-003"') : page.index('data-id="mod-004"')]
    assert "<dt>Actors</dt><dd>Municipalidad (Leads and Coordinates)</dd>" in card
    own = {one["id"]: one["facets"]["actor"] for one in data_of(page)["instances"]}
    assert own["mod-000"] == ["a-1", "a-2"] and own["mod-001"] == []


def test_what_is_contested_or_only_declared_is_marked_before_a_card_is_opened(page):
    marks = re.findall(r'data-id="(mod-\d+)">\n<summary>.*?<span class="mark (\w+)">', page)
    assert marks == [("mod-001", "contested"), ("mod-003", "declared")]
    notes = {one["id"]: one["notes"] for one in data_of(page)["instances"] if one["notes"]}
    assert notes["mod-001"][0] == "Contested" and notes["mod-003"] == ["Declared"]


def test_missing_cells_have_words_and_lists_are_not_cut_out_of_prose(page):
    card = page[page.index('data-id="mod-004"') : page.index('data-id="mod-005"')]
    assert "<dt>Level of influence</dt><dd>not applicable</dd>" in card
    assert "<dd>Residents aged 16 or more; no registration</dd>" in card
    assert "whole city" in card


def test_a_city_without_districts_or_events_still_has_a_page(root, texts, imprint, territories):
    page = make_page(root, territories.iloc[:0], texts, imprint, names={})
    assert data_of(page)["districts"] == [] and 'id="layer"' not in page


def test_a_count_per_district_is_a_layer_with_its_own_classes(root, territories, texts, imprint):
    voters = pd.DataFrame({"unit_id": ["t-1", "t-2"], "value": [3999, 4000]})
    layer = Layer("Voters", voters, edges=(0, 4000, 8000, 12000, 16000), digits=0, uncertain=False)
    page = make_page(root, territories, texts, imprint, counted=layer)
    cells = {one["id"]: one["cells"]["counted"] for one in data_of(page)["districts"]}
    assert cells["t-1"] == {"look": "band-0", "words": "3,999"} and cells["t-2"]["look"] == "band-1"
    assert cells["t-6"] == {"look": "none", "words": "not collected"}
    assert "4,000 to under 8,000" in page
