"""A small executed notebook with every part of the notation, in three languages."""

import datetime
from pathlib import Path

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt
import nbformat
import yaml
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers.reporting import Link, Page

DAY = datetime.date(2022, 6, 30)

WORDS = yaml.safe_load((Path(__file__).parent / "sample.yml").read_text(encoding="utf-8"))
TAGS = {"es": "es-AR", "en": "en-GB", "it": "it-IT"}
VALUES = [41.8, 58.0, 63.4, 72.9, 66.1, None]


def report_cell(*texts: str):
    """A code cell as an executed report leaves it: Markdown outputs, code that nobody should see."""
    outputs = [new_output("display_data", {"text/markdown": text, "text/plain": "<Markdown object>"}) for text in texts]
    return new_code_cell("#| output: asis\nsecret_code = display(Markdown(text))", outputs=outputs, execution_count=1)


def table(words: dict) -> str:
    head = "| " + " | ".join(words["columns"]) + " |\n|:---|---:|---:|---:|---:|:---|\n"
    lines = []
    for name, value in zip(words["rows"], VALUES, strict=True):
        cells = ["–", "–", "–", "0 %", words["unknown"]]
        if value is not None:
            cells = [f"{value:.1f}", f"{value - 4:.1f} – {value + 4:.1f}", "0.20", "92 %", "ok"]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return head + "\n".join(lines) + f"\n\n: {words['table']} {{#tbl-dimensions}}\n"


def block(name: str, text: str) -> str:
    return f"::: {{.{name}}}\n{text}\n:::"


def cells(words: dict) -> list:
    """Cells with lead, facts, figure, source, table, equations, callouts and cross-references in both directions."""
    values = ("61.3", "24", "18 240")
    facts = "\n".join(f"- **{value}** {text}" for value, text in zip(values, words["facts"], strict=True))
    figure = f'![{words["fig"]}](fig/index.png){{#fig-index fig-alt="{words["alt"]}"}}'
    formula = "\\frac{\\sum_d w_d\\, x_d}{\\sum_d w_d}"
    equation = f'$$ I = {formula} $$ {{#eq-mean alt="{words["equation"]}"}}'
    warning = f'::: {{.callout-warning title="2022"}}\n{words["warning"]} [18 240]{{.contested}}\n:::'
    index = f"## {words['index']} {{#sec-index}}\n\n{words['index_text']}"
    detail = f"## {words['detail']} {{#sec-detail}}\n\n> {words['warning']}\n\n{words['index_text']}"
    how = f"### {words['how']} {{#sec-how}}"
    limits = f"## {words['limits']} {{#sec-limits}}"
    hidden = new_output("stream", name="stdout", text="never shown")
    return [
        new_code_cell("1 + 1", outputs=[hidden], execution_count=1),
        report_cell(block("lead", words["lead"]), block("facts", facts)),
        report_cell(index, figure, block("source", words["source"])),
        report_cell(table(words), how, equation, f"$x_d$: {words['detail']}, $w_d \\ge 0$."),
        report_cell(limits, block("callout-note", words["callout"]), "- " + "\n- ".join(words["list"]), warning),
        new_markdown_cell(detail),
    ]


def write_figure(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    figure, axes = plt.subplots(figsize=(7.2, 3.4))
    years, values = range(2018, 2026), [48, 50, 49, 53, 55, 57, 60, 61.3]
    axes.errorbar(years, values, yerr=4, marker="o", color="#0b5568", capsize=3)
    axes.set_ylim(30, 75)
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=150, metadata={"Software": None})
    plt.close(figure)


def write_notebook(folder: Path, language: str, more: list | None = None) -> Path:
    """The executed sample in ``folder``, with its figure beside it."""
    write_figure(folder / "fig" / "index.png")
    notebook = new_notebook(cells=cells(WORDS[language]) + (more or []))
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"
    nbformat.write(notebook, folder / "sample.ipynb")
    return folder / "sample.ipynb"


def page(language: str, simulated: bool = True) -> Page:
    words = WORDS[language]
    return Page(
        title=words["title"],
        subtitle=words["subtitle"],
        language=TAGS[language],
        date=DAY,
        city="Ciudad Modelo" if simulated else "Rosario",
        period=words["period"],
        simulated=simulated,
        home="../../../index.html",
        documents=(Link(words["title"], "monitor.html", True), Link(words["how"], "methodology.html")),
        languages=(
            Link("Español", "../es/monitor.html", language == "es", "es-AR"),
            Link("English", "../en/monitor.html", language == "en", "en-GB"),
            Link("Italiano", "../it/monitor.html", language == "it", "it-IT"),
        ),
        periods=(Link("2022-S1", "monitor.html", True), Link("2021-S2", "../../2021-S2/es/monitor.html")),
        sources="registros de la ciudad, [OpenStreetMap](https://www.openstreetmap.org/copyright)",
        licence="CC BY 4.0",
        method="1.0.0",
        contact="participacion@example.org",
        form="../correct.html",
    )
