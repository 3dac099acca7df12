"""No case of the reference is left out."""

import json
from pathlib import Path


def test_every_case_is_a_test(folder):
    entries = json.loads((folder / "manifest.json").read_text())
    written = "".join(path.read_text() for path in Path(__file__).parent.glob("test_reference_*.py"))
    names = {entry["id"] for entry in entries}
    named = {name for name in names if f'"{name}"' in written}
    if 'f"corr_{method}"' in written:
        named |= {"corr_pearson", "corr_spearman"}
    assert len(names) == 49
    assert names - named == set()
