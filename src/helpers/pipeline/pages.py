"""The site of a city and period: documents, map and open data with what stands around them."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.config import City, draft_folder, period_folder, registry_folder
from helpers.figures import Around, Imprint, Layer, participation_map
from helpers.files import write_bytes, write_text
from helpers.index import INDEX, Findings, data_status, imprint, instances_aside, load_findings, placed_instances
from helpers.index.exhibits import mapped, node_labels
from helpers.index.instance_scores import dimension_bars
from helpers.language import Texts
from helpers.publishing import SHARE_FOLDER, publish_data, publish_images
from helpers.registry.workbooks import table_workbook
from helpers.reporting import Executed, Link, Manifest, Page, footer_html, header_html, render, render_annex

MAP = "map"
"""Name of the page that is not made from a notebook."""
NOTEBOOKS = "notebooks"
"""Name of the annex with the executed notebooks, and of the folder with their files."""
FORM = "correction.xlsx"
"""The sheet in which a reader says what is wrong, beside the pages of each language."""


def make_pages(root: Path, city: str, period: str, language: str, engine: str, output: Path) -> Mapping[str, Any]:
    """Every document of a city and period in one language, and its map, in ``output``; facts for run.json."""
    findings, texts = load_findings(root, city, period), Texts(root, language)
    manifests = {}
    for name in findings.city.documents:
        draft = draft_folder(root, city, period, language, name)
        page = _page(root, findings, texts, name)
        manifests[name] = render(draft / f"{name}.ipynb", output / name, page, engine, root=root).as_dict()
        for figure in sorted((draft / "fig").glob("*.csv")):
            write_bytes(output / "fig" / f"{name}-{figure.name}", figure.read_bytes())
    manifests[NOTEBOOKS] = _annex(root, findings, texts, engine, output).as_dict()
    write_text(output / f"{MAP}.html", _map(root, findings, texts))
    publish_images(findings, texts, output / SHARE_FOLDER)
    write_bytes(output / FORM, reply_form(findings, texts))
    return {"pages": manifests}


def _annex(root: Path, findings: Findings, texts: Texts, engine: str, output: Path) -> Manifest:
    """The executed notebooks as a page, and as files to open in JupyterLab."""
    executed = list(_executed(root, findings, texts))
    for one in executed:
        write_bytes(output / NOTEBOOKS / one.path.name, one.path.read_bytes())
    page = _page(root, findings, texts, NOTEBOOKS)
    return render_annex(texts.page("notebooks/intro"), executed, output / NOTEBOOKS, page, engine, root=root)


def _executed(root: Path, findings: Findings, texts: Texts) -> Iterator[Executed]:
    """The notebooks of the computation, then that of each document."""
    city, period = findings.city, str(findings.period)
    cleaned, computed = registry_folder(root, city.id), period_folder(root, city.id, period)
    for folder, name in ((cleaned, "1_clean_registries"), (computed, "2_compute_index")):
        title, about = texts(f"notebooks.{name}"), texts.page("notebooks/computation", name=name)
        yield Executed(folder / f"{name}.ipynb", title, about)
    for name in city.documents:
        draft, title = draft_folder(root, city.id, period, texts.language, name), texts(f"{name}.title")
        yield Executed(draft / f"{name}.ipynb", title, texts.page("notebooks/document", name=name, title=title))


def make_data(root: Path, city: str, period: str, output: Path) -> None:
    """The open data of a city and period, described in the city's first language."""
    findings = load_findings(root, city, period)
    publish_data(findings, Texts(root, findings.city.languages[0]), output)


def _map(root: Path, findings: Findings, texts: Texts) -> str:
    """The participation map of a city and period."""
    page = _page(root, findings, texts, MAP)
    return participation_map(
        {**findings.registry.tables, "instances": placed_instances(findings)},
        findings.geometry,
        findings.scores,
        texts,
        Imprint(**imprint(findings, texts)),
        Around(header_html(root, page, texts), footer_html(root, (), texts), findings.city.contact, FORM),
        dictionary=findings.dictionary,
        labels={node: label for node, label in node_labels(findings, texts).items() if node != INDEX},
        counted=_counted(findings, texts),
        bars=dimension_bars(findings, texts),
        names=dict(findings.districts().itertuples(index=False)),
        root=root,
        time_zone=findings.city.time_zone,
        incomplete=instances_aside(findings.registry) > 0,
    )


def reply_form(findings: Findings, texts: Texts) -> bytes:
    """The sheet to mend a datum as a workbook: one row to fill in, with city and period filled in already."""
    names = ("city", "period", "page", "datum", "says", "should_say", "evidence", "who", "day")
    known = {"city": texts.pick(findings.city.name), "period": texts.period(findings.period)}
    row = pd.DataFrame({texts(f"reporting.form_{name}"): [known.get(name, "")] for name in names})
    return table_workbook(row, texts("reporting.form_link"))


def _counted(findings: Findings, texts: Texts) -> Layer | None:
    """What colours the districts where no dimension could be computed."""
    if findings.scores.loc[findings.scores["level"] == "territory", "value"].notna().any():
        return None
    shown = mapped(findings, texts)
    return Layer(shown.title, shown.values, shown.edges, shown.digits, uncertain=False) if shown else None


def _page(root: Path, findings: Findings, texts: Texts, document: str) -> Page:
    """What stands around a document."""
    city, method = findings.city, findings.method.version
    facts = {"city": texts.pick(city.name), "period": texts.period(findings.period)}
    return Page(
        title=texts(f"{document}.title"),
        subtitle=texts(f"{document}.subtitle", method_version=method, **facts) if document != MAP else "",
        language=texts.tag,
        date=findings.period.end,
        simulated=city.simulated,
        # other periods are listed there: a page must not change with them
        home=f"../../../index.{texts.language}.html#{city.id}",
        documents=document_links(city, texts, current=document),
        languages=tuple(
            Link(other, f"../{other}/{document}.html", other == texts.language, Texts(root, other).tag)
            for other in city.languages
        ),
        method=method,
        status=data_status(findings, texts),
        contact=city.contact or "",
        form=FORM,
        **facts,
    )


def document_links(city: City, texts: Texts, folder: str = "", current: str = "") -> tuple[Link, ...]:
    """Links to every document of a city and to its map, in ``folder`` (ends with a slash)."""
    names = [*city.documents, MAP]
    return tuple(Link(texts(f"{name}.title"), f"{folder}{name}.html", name == current) for name in names)
