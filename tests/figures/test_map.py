"""The participation map as a file: everything inside, nothing from outside, the same bytes."""

import base64
import hashlib
import json
import re

import geopandas as gpd
import pandas as pd
import pytest

from helpers.figures import Imprint, Layer
from helpers.figures.map_data import accessibility
from helpers.figures.places import positions

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
    assert len(inside) == 4


def test_nothing_comes_from_elsewhere(page):
    markup = re.sub(r"<script>.*?</script>", "", page, flags=re.S)
    assert not re.findall(r"(?:src|srcset|xlink:href)\s*=|<link|<img|<iframe|@import", markup)
    assert "sourceMappingURL" not in page
    styles = "".join(re.findall(r"<style>(.*?)</style>", page, re.S))
    assert set(re.findall(r"url\(([^)]*)\)", styles)) == {f"#hatch-{name}" for name in ("none", 0, 1, 2, 3)}


def test_the_order_of_rows_changes_no_byte(root, territories, texts, invented, page, monkeypatch):
    from . import sample_map

    again = make_page(root, territories, texts, invented)
    assert again == page
    rows = make_instances(40).sample(frac=1, random_state=3)
    monkeypatch.setattr(sample_map, "make_instances", lambda count: rows)
    assert make_page(root, territories, texts, invented) == page


def test_five_hundred_instances_weigh_less_than_three_megabytes(root, territories, texts, invented):
    assert len(make_page(root, territories, texts, invented, count=500).encode()) < 3_000_000


def test_what_is_simulated_and_schematic_is_said_before_the_title(page, root, territories, texts, imprint):
    title = page.index("<h1>")
    assert page.index("SIMULATED") < title < page.index("Schematic layout") < page.index("<main>")
    real = make_page(root, territories, texts, imprint)
    assert "SIMULATED" not in real and "Schematic" not in real
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


def test_accessibility_knows_yes_no_and_not_recorded():
    signs = accessibility(make_instances(2), make_events(), VENUES)
    assert signs["mod-000"] == {
        "step_free": True,
        "accessible_toilet": False,
        "childcare": True,
        "digital_support": True,
    }
    assert "mod-001" not in signs or signs["mod-001"] == {}


def test_the_agenda_begins_with_the_period_and_tells_local_time(page):
    agenda = page[page.index('class="agenda"') : page.index("</ul>", page.index('class="agenda"'))]
    assert "Before" not in agenda
    assert "1 May 2022, 22:30" in agenda and "Centro Municipal" in agenda
    assert agenda.index("Asamblea abierta") < agenda.index("Encuentro futuro")


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
