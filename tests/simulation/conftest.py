"""Simulated cities of the smallest size, made once."""

import shutil

import pytest

from helpers import registry, simulation
from helpers.config import load_city, load_dictionary


@pytest.fixture(scope="session")
def dictionary(root):
    return load_dictionary(root)


@pytest.fixture(scope="session")
def tiny(dictionary):
    """A tiny city with defects."""
    return simulation.simulate(7, dictionary, "tiny")


@pytest.fixture(scope="session")
def flawless(dictionary):
    """The same city as its files would be without defects."""
    return simulation.simulate(7, dictionary, "tiny", with_defects=False)


@pytest.fixture(scope="session")
def settings(root):
    """city.yml of the simulated city."""
    return load_city(root, simulation.CITY_ID)


@pytest.fixture(scope="session")
def cleaned(root, dictionary, settings, tmp_path_factory):
    """A function: the clean registry of a simulated city, from its files as the monitor reads them."""

    def clean(city):
        folder = tmp_path_factory.mktemp("house")
        raw = folder / "data" / "raw" / simulation.CITY_ID
        raw.mkdir(parents=True)
        shutil.copy(root / "data" / "raw" / simulation.CITY_ID / "city.yml", raw)
        for name, content in city.files.items():
            (raw / name).write_bytes(content)
        return registry.clean(settings, dictionary, folder)

    return clean


@pytest.fixture(scope="session")
def tiny_registry(cleaned, tiny):
    return cleaned(tiny)


@pytest.fixture(scope="session")
def flawless_registry(cleaned, flawless):
    return cleaned(flawless)
