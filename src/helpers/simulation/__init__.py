"""Cities with known truth: a seeded generator of registry files, of the defects in them and of the true indicators.

Imports no measures: the truth is computed from the latent city by code of its own.
"""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pandas as pd

from helpers.config import Dictionary
from helpers.files import write_bytes, write_csv
from helpers.simulation import activity, opinions, people, public_record, territory
from helpers.simulation.defects import COLUMNS, plant
from helpers.simulation.instances import build_instances
from helpers.simulation.latent import CITY_ID, PREFIX, PROJECTION, SIZES, Size, World
from helpers.simulation.raw import build_sheets, write_sheets
from helpers.simulation.truth import build_truth

__all__ = ["CITY_ID", "PREFIX", "PROJECTION", "SEED", "SIZES", "SimulatedCity", "Size", "simulate", "write"]

SEED = 2024
"""Seed of the city that comes with the monitor."""

BUILDERS = (
    ("territories", territory.build_territories),
    ("reference_population", territory.build_population),
    ("venues", territory.build_venues),
    ("instances", build_instances),
    ("practice", activity.build_practice),
    ("events", activity.build_events),
    ("proposals", activity.build_proposals),
    ("outputs", activity.build_outputs),
    ("instances", activity.add_final_documents),
    ("periods", people.build_periods),
    ("instances", people.add_totals),
    ("counts", people.build_counts),
    ("checks", people.build_checks),
    ("responses", opinions.build_responses),
    ("waves", opinions.build_waves),
    ("requests", opinions.build_requests),
    ("campaigns", opinions.build_campaigns),
    ("actors", public_record.build_actors),
    ("instance_actors", public_record.build_instance_actors),
    ("commitments", public_record.build_commitments),
    ("milestones", public_record.build_milestones),
    ("assessments", public_record.build_assessments),
)
"""Latent tables in the order in which each needs the ones before."""


@dataclass(frozen=True)
class SimulatedCity:
    """A city that does not exist.

    files: file name -> bytes, as a city would send them; planted: the defects in them, with file, sheet, row, field
    and what should become of each; world: the latent city.
    """

    files: dict[str, bytes] = field(repr=False)
    planted: pd.DataFrame = field(repr=False)
    world: World = field(repr=False)

    @cached_property
    def truth(self) -> pd.DataFrame:
        """Every indicator as it truly is: period, indicator, level, unit_id, value, score, parameter, n."""
        return build_truth(self.world)


def simulate(seed: int, dictionary: Dictionary, size: str | Size = "full", with_defects: bool = True) -> SimulatedCity:
    """The simulated city of a seed; the same seed, dictionary and size give the same bytes.

    ``dictionary`` gives the Spanish headings and labels; ``size`` is "full", "tiny" or a Size. Without defects the
    files say exactly what the latent city is, so that the measures must find the truth to the last digit.
    """
    world = World(seed, SIZES[size] if isinstance(size, str) else size)
    for name, build in BUILDERS:
        world.tables[name] = build(world)
    world.tables["evidence"] = pd.DataFrame(world.evidence)
    sheets = build_sheets(world, dictionary)
    planted = plant(sheets, world.stream("defects")) if with_defects else pd.DataFrame(columns=COLUMNS)
    return SimulatedCity(write_sheets(sheets, world, dictionary), planted, world)


def write(city: SimulatedCity, folder: Path) -> list[Path]:
    """The files of the city, the list of planted defects and the truth, in a folder."""
    paths = [write_bytes(folder / name, content) for name, content in city.files.items()]
    paths.append(write_csv(folder / "simulado_defectos.csv", city.planted))
    return [*paths, write_csv(folder / "simulado_verdad.csv", city.truth)]
