"""The site of a city and period: documents, map and open data with what stands around them; the landing page."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from helpers.config import City, draft_folder, site_folder
from helpers.figures import Imprint, Layer, participation_map
from helpers.files import write_bytes, write_text
from helpers.index import INDEX, Findings, data_status, imprint, load_findings, placed_instances
from helpers.index.exhibits import mapped, node_labels
from helpers.language import Texts
from helpers.publishing import publish_data
from helpers.reporting import Card, CardPeriod, Link, Page, footer_html, header_html, render, write_landing

LANDING_LANGUAGE = "es"
MAP = "map"
"""Name of the page that is not made from a notebook."""


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
    write_text(output / f"{MAP}.html", _map(root, findings, texts))
    return {"pages": manifests}


def make_data(root: Path, city: str, period: str, output: Path) -> None:
    """The open data of a city and period, described in the city's first language."""
    findings = load_findings(root, city, period)
    publish_data(findings, Texts(root, findings.city.languages[0]), output)


def _map(root: Path, findings: Findings, texts: Texts) -> str:
    """The participation map of a city and period."""
    return participation_map(
        {**findings.registry.tables, "instances": placed_instances(findings)},
        findings.geometry,
        findings.scores,
        texts,
        Imprint(**imprint(findings, texts)),
        dictionary=findings.dictionary,
        labels={node: label for node, label in node_labels(findings, texts).items() if node != INDEX},
        counted=_counted(findings, texts),
        names=dict(findings.districts().itertuples(index=False)),
        root=root,
        header=header_html(root, _page(root, findings, texts, MAP), texts),
        footer=footer_html(root, (), texts),
        time_zone=findings.city.time_zone,
        contact=findings.city.contact,
    )


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
        home=f"../../../index.html#{city.id}",  # other periods are listed there: a page must not change with them
        documents=_documents(city, texts, document),
        languages=tuple(
            Link(other, f"../{other}/{document}.html", other == texts.language, Texts(root, other).tag)
            for other in city.languages
        ),
        method=method,
        status=data_status(findings, texts),
        contact=city.contact or "",
        **facts,
    )


def _documents(city: City, texts: Texts, current: str) -> tuple[Link, ...]:
    names = [*city.documents, MAP]
    return tuple(Link(texts(f"{name}.title"), f"{name}.html", name == current) for name in names)


def front_page(root: Path, cities: Mapping[str, City]) -> Path:
    """The landing page over the rendered cities and periods; returns its path."""
    texts = Texts(root, LANDING_LANGUAGE)
    order = sorted(cities.values(), key=lambda city: (city.simulated, texts.pick(city.name)))
    cards = [_card(root, city, texts) for city in order]
    return write_landing(site_folder(root) / "index.html", cards, texts.tag, root=root)


def _card(root: Path, city: City, texts: Texts) -> Card:
    language = LANDING_LANGUAGE if LANDING_LANGUAGE in city.languages else city.languages[0]
    own = Texts(root, language)
    rendered = [
        one
        for one in reversed(city.ordered_periods)
        if (site_folder(root) / city.id / str(one) / language / f"{city.documents[0]}.html").is_file()
    ]
    periods = tuple(
        CardPeriod(
            own.period(one),
            f"{city.id}/{one}/{language}/{city.documents[0]}.html",
            tuple(Link(own(f"{name}.title"), f"{city.id}/{one}/{language}/{name}.html") for name in city.documents),
        )
        for one in rendered
    )
    return Card(
        city=texts.pick(city.name),
        country=city.country,
        summary=texts.pick(city.notes) if city.notes else "",
        simulated=city.simulated,
        periods=periods,
    )
