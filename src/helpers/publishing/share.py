"""The images to share of a city and period: numbers that stand alone, none without what they rest on."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.figures import SIZES, Imprint, Message, picture, share_image, share_words
from helpers.files import write_bytes, write_csv
from helpers.index import INDEX, Findings, exhibits, imprint
from helpers.language import Texts

CONTEXT = ("X3", "X7")
"""Context figures that people share: how many took part, and how many proposals they made."""


FOLDER = "share"
"""Where the images stand beside the pages."""


def publish_images(findings: Findings, texts: Texts, folder: Path) -> list[Path]:
    """Write each message in each form as PNG, and ``images.csv`` with the text alternatives; none if simulated."""
    shown, files, rows = Imprint(**imprint(findings, texts)), [], []
    for message, form in product(messages(findings, texts), SIZES):
        drawing = share_image(message, form, texts, shown)
        files.append(write_bytes(folder / _name(message, form), picture(drawing.figure, "png")))
        rows.append({"file": files[-1].name, "alt": drawing.alt})
    return [*files, write_csv(folder / "images.csv", pd.DataFrame(rows))] if rows else []


def image_links(findings: Findings, texts: Texts) -> list[dict[str, Any]]:
    """What a page says of the images: alt (the words of the image) and links (form in words, address), per message."""
    shown = Imprint(**imprint(findings, texts))
    return [
        {
            "alt": share_words(message, texts, shown),
            "links": [
                {"form": texts(f"publishing.form_{form}"), "href": f"{FOLDER}/{_name(message, form)}"} for form in SIZES
            ],
        }
        for message in messages(findings, texts)
    ]


def _name(message: Message, form: str) -> str:
    return f"{message.name}-{form}.png"


def messages(findings: Findings, texts: Texts) -> Iterator[Message]:
    """Index and dimensions that have an interval, then the context figures that have a value; none if simulated."""
    if findings.city.simulated:
        return
    scores = exhibits.dimensions(findings, texts)
    confidence = findings.method.thresholds.confidence
    for row in scores[scores["value"].notna() & scores["ci_low"].notna()].to_dict("records"):
        yield Message(
            name=row["node"],
            what=texts("publishing.image_score", name=row["name"]),
            number=texts.number(row["value"], 1),
            interval=texts("publishing.image_interval", interval=row["interval"], confidence=confidence),
            n=texts("publishing.image_indicators", count=_indicators(findings, row["node"])),
            source=imprint(findings, texts)["source"],
        )
    counts = exhibits.context(findings, texts)
    for row in counts[counts["context"].isin(CONTEXT) & (counts["value"] > 0)].to_dict("records"):
        yield Message(
            name=f"{row['context']}-{row['unit']}",
            what=texts("publishing.image_count", figure=row["figure"], unit=row["unit_name"]),
            number=row["amount"],
            n=texts("publishing.image_n", n=row["n"]),
            source=texts.list(_titles(findings, row["source_ids"])),
        )


def _indicators(findings: Findings, node: str) -> int:
    """How many indicators of the city a score was computed from."""
    scored = findings.values[(findings.values["level"] == "city") & findings.values["score"].notna()]
    own = [one.id for one in findings.method.indicators.values() if one.dimension and node in (INDEX, one.dimension)]
    return int(scored["indicator"].isin(own).sum())


def _titles(findings: Findings, ids: str) -> list[str]:
    """Titles of ";"-joined sources."""
    titles = findings.registry.tables["sources"].set_index("source_id")["title"]
    return [titles[one] for one in ids.split(";")]
