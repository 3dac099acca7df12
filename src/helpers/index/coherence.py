"""Whether the indicators of a dimension go together over the instances, where there are enough of them to tell.

The statistics are those of ``helpers.composite``; this says of each dimension which can be read and which cannot.
"""

import numpy as np
import pandas as pd

from helpers import composite
from helpers.index.findings import Findings
from helpers.index.scoring import USABLE, in_scored_form
from helpers.language import Texts

FIGURES = ("alpha", "correlation")


def coherence(findings: Findings, texts: Texts) -> pd.DataFrame:
    """One row per dimension: name, indicators and units (instances with all of them), alpha, strongest, verdict.

    ``alpha`` is Cronbach's, ``strongest`` the pair with the highest absolute correlation; both are a dash, and the
    verdict says so, where there are too few units for them to mean something.
    """
    rows = [_row(name, findings, texts) for name in findings.method.dimensions]
    return pd.DataFrame(rows, columns=["name", "indicators", "units", "alpha", "strongest", "verdict"])


def _row(dimension: str, findings: Findings, texts: Texts) -> list:
    grid = _instances_by_indicator(dimension, findings)
    name = texts.pick(findings.method.dimensions[dimension].labels)
    complete = int(grid.notna().all(axis=1).sum()) if grid.shape[1] else 0
    size = [name, grid.shape[1], complete]
    if grid.shape[1] < 2 or set(composite.too_few_units(grid.to_numpy())) & set(FIGURES):
        return [*size, texts.missing, texts.missing, texts("robustness.too_few_units")]
    alpha = texts.number(composite.cronbach_alpha(grid.to_numpy()), 2)
    return [*size, alpha, _strongest(grid, texts), texts("robustness.enough_units")]


def _instances_by_indicator(dimension: str, findings: Findings) -> pd.DataFrame:
    """Scores of instances (rows) by indicator of the dimension; an indicator that is the same for all is left out."""
    members = [one.id for one in findings.method.of_dimension(dimension)]
    values = in_scored_form(findings.values, findings.method)
    wanted = (values["level"] == "instance") & values["status"].isin(USABLE) & values["indicator"].isin(members)
    grid = values[wanted].pivot(index="unit_id", columns="indicator", values="score").astype("float64")
    return grid.loc[:, grid.max() > grid.min()]


def _strongest(grid: pd.DataFrame, texts: Texts) -> str:
    correlations = np.array(composite.correlations(grid.to_numpy()).r, dtype=float)
    np.fill_diagonal(correlations, 0.0)
    row, column = np.unravel_index(np.nanargmax(np.abs(correlations)), correlations.shape)
    pair = sorted([grid.columns[row], grid.columns[column]])
    return f"{pair[0]}, {pair[1]}: {texts.number(correlations[row, column], 2)}"
