"""Imported once by the warmed parent, so that its children find the heavy libraries in memory.

Imports only: no data is read and nothing is started here, because a fork copies one thread.
"""

import importlib
from contextlib import suppress

HEAVY = (
    "pandas",
    "geopandas",
    "matplotlib.pyplot",
    "seaborn",
    "scipy.stats",
    "helpers.pipeline.engines",
    "helpers.registry",
    "helpers.index",
    "helpers.figures",
    "helpers.reporting",
    "helpers.publishing",
)

for _name in HEAVY:
    # What cannot be imported here says so in the notebook that needs it.
    with suppress(Exception):
        importlib.import_module(_name)
