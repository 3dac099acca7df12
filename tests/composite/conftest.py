"""Reference values for the engine: where they lie, how they are read, how a case is compared."""

import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers import composite as c


def reference_folder() -> Path | None:
    named = os.environ.get("MONITOR_REFERENCE")
    mirror = os.environ.get("MONITOR_MIRROR")
    root = Path(named) if named else Path(mirror).parent / "reference" if mirror else None
    return root / "composite" if root and (root / "composite" / "manifest.json").is_file() else None


class Case:
    """One case of the manifest: its tables and its tolerance."""

    def __init__(self, folder: Path, entry: dict):
        self.folder, self.entry = folder, entry
        self.params, self.tolerance = entry["params"], entry["tolerance"]

    def table(self, name: str, kind: str = "outputs") -> pd.DataFrame:
        table = read(self.folder / self.entry[kind][name])
        joined = self.entry["key"] == "uCode" and "uCode" in table.columns
        return table.sort_values("uCode", ignore_index=True) if joined else table

    def close(self, ours, theirs, rel=None, absolute=None):
        rel = self.tolerance.get("rel") if rel is None else rel
        absolute = self.tolerance.get("abs") if absolute is None else absolute
        np.testing.assert_allclose(np.asarray(ours, float), np.asarray(theirs, float), rtol=rel, atol=absolute)


def read(path: Path) -> pd.DataFrame:
    """The reference's CSV: only the empty string is missing; NaN, not a number, is the same to numpy."""
    return pd.read_csv(path, keep_default_na=False, na_values=["", "NaN"])


class Asem:
    """A data set of the reference with its meta table, as arrays."""

    def __init__(self, folder: Path, data="asem_iData", meta="asem_iMeta"):
        self.frame = read(folder / "data" / f"{data}.csv").sort_values("uCode", ignore_index=True)
        self.meta = read(folder / "data" / f"{meta}.csv")
        rows = self.meta[self.meta["Type"].isin(["Indicator", "Aggregate"])]
        table = rows.rename(columns={"iCode": "code", "Parent": "parent", "Direction": "direction", "Weight": "weight"})
        self.structure = c.structure_table(table.assign(type=table["Type"]))
        self.codes = list(self.structure.indicators)
        self.values = self.frame[self.codes].to_numpy(float)
        self.units = self.frame["uCode"].tolist()
        self.indicator_meta = rows.set_index("iCode").loc[self.codes]

    def denominators(self) -> np.ndarray:
        named = self.indicator_meta["Denominator"]
        blank = np.full(len(self.frame), np.nan)
        return np.stack([self.frame[d].to_numpy(float) if isinstance(d, str) else blank for d in named], axis=-1)

    def periods(self) -> tuple[np.ndarray, list, np.ndarray]:
        """(periods, units, indicators), the units, the times."""
        times = np.sort(self.frame["Time"].unique())
        units = self.frame["uCode"].drop_duplicates().tolist()
        rows = self.frame.set_index(["Time", "uCode"])[self.codes]
        return np.stack([rows.loc[t].loc[units].to_numpy(float) for t in times]), units, times.astype(float)


@pytest.fixture(scope="session")
def folder() -> Path:
    found = reference_folder()
    if found is None and "mirror" in os.environ.get("MONITOR_REQUIRE", "").split(","):
        pytest.fail("MONITOR_REQUIRE asks for the mirror, but no reference/composite lies beside MONITOR_MIRROR")
    if found is None:
        pytest.skip("the reference values are not here: set MONITOR_REFERENCE or MONITOR_MIRROR")
    return found


@pytest.fixture(scope="session")
def case(folder):
    entries = {entry["id"]: entry for entry in json.loads((folder / "manifest.json").read_text())}
    return lambda name: Case(folder, entries[name])


@pytest.fixture(scope="session")
def asem(folder) -> Asem:
    return Asem(folder)


@pytest.fixture(scope="session")
def gappy(folder) -> Asem:
    return Asem(folder, "asem_iData_gappy")


@pytest.fixture(scope="session")
def unequal(folder) -> dict[str, float]:
    return read(folder / "data" / "weights_unequal.csv").set_index("iCode")["Weight"].to_dict()


@pytest.fixture(scope="session")
def pipeline(folder, asem) -> dict[str, np.ndarray]:
    """The intermediate data sets of the reference pipeline, computed by us from the raw data."""
    groups = asem.frame["EurAsia_group"].to_numpy()
    denominated = c.denominate(asem.values, asem.denominators(), names=asem.codes)
    imputed = c.impute(denominated, "mean", groups=groups).values
    treated = c.treat(imputed, names=asem.codes)
    normalised = c.normalise(treated.values, "minmax", asem.structure.direction, names=asem.codes)
    full = np.concatenate([normalised, c.aggregate(normalised, asem.structure)], axis=-1)
    return {"denominated": denominated, "imputed": imputed, "treatment": treated, "treated": treated.values,
            "normalised": normalised, "aggregated": full}  # fmt: skip
