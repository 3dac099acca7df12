"""A small executed notebook with every part of the notation, in three languages."""

import datetime
from pathlib import Path

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt
import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers.reporting import Link, Page

DAY = datetime.date(2022, 6, 30)

WORDS = {
    "es": {
        "title": "Informe de participación",
        "subtitle": "Cuánta participación hubo, quiénes la impulsaron y qué no se pudo medir",
        "period": "primer semestre de 2022",
        "lead": "En el primer semestre hubo **24 instancias** de participación; el índice es 61,3 "
        "y no se distingue del anterior.",
        "facts": ["índice, entre 57,0 y 65,1", "instancias de participación", "personas que participaron, como mínimo"],
        "index": "El índice y sus dimensiones",
        "index_text": "El índice resume seis dimensiones. Como muestra la @fig-index, inclusión es la más baja. "
        "La @tbl-dimensions da los valores y la @eq-mean dice cómo se juntan. La @sec-limits cuenta lo que falta.",
        "fig": "Índice por semestre, con su intervalo del 95 %.",
        "alt": "Línea del índice en ocho semestres: sube de 48 en 2018 a 61 en 2022, con intervalos de unos cuatro puntos.",
        "source": "Fuente: registros de la ciudad; n = 24 instancias; datos hasta el 30 de junio de 2022.",
        "table": "Dimensiones del índice en el primer semestre de 2022.",
        "columns": ["Dimensión", "Valor", "Intervalo", "Peso", "Cobertura", "Estado"],
        "rows": ["Inclusión", "Deliberación", "Influencia", "Transparencia", "Continuidad", "Satisfacción"],
        "unknown": "no relevado",
        "how": "Cómo se calcula",
        "equation": "el índice es la media ponderada de las dimensiones",
        "limits": "Lo que no se pudo medir",
        "callout": "La satisfacción **no fue relevada** en 2022: el índice se calcula con las otras cinco dimensiones.",
        "list": ["quiénes participaron, por género", "cuánto costó cada instancia", "qué se cumplió de lo acordado"],
        "warning": "Dos fuentes dan cifras distintas de votantes; se publica la menor.",
        "detail": "Detalle por distrito",
    },
    "en": {
        "title": "Participation report",
        "subtitle": "How much participation there was, who promoted it and what could not be measured",
        "period": "first half of 2022",
        "lead": "In the first half there were **24 instances** of participation; the index is 61.3 "
        "and cannot be told apart from the one before.",
        "facts": ["index, between 57.0 and 65.1", "instances of participation", "people who took part, at least"],
        "index": "The index and its dimensions",
        "index_text": "The index sums up six dimensions. As @fig-index shows, inclusion is the lowest. "
        "@tbl-dimensions gives the values and @eq-mean says how they are put together. @sec-limits tells what is missing.",
        "fig": "Index by half-year, with its 95% interval.",
        "alt": "Line of the index over eight half-years: it rises from 48 in 2018 to 61 in 2022, with intervals of about four points.",
        "source": "Source: the city's registries; n = 24 instances; data up to 30 June 2022.",
        "table": "Dimensions of the index in the first half of 2022.",
        "columns": ["Dimension", "Value", "Interval", "Weight", "Coverage", "Status"],
        "rows": ["Inclusion", "Deliberation", "Influence", "Transparency", "Continuity", "Satisfaction"],
        "unknown": "not collected",
        "how": "How it is computed",
        "equation": "the index is the weighted mean of the dimensions",
        "limits": "What could not be measured",
        "callout": "Satisfaction **was not collected** in 2022: the index is computed from the other five dimensions.",
        "list": ["who took part, by gender", "what each instance cost", "what was kept of what was agreed"],
        "warning": "Two sources give different numbers of voters; the lower one is published.",
        "detail": "Detail by district",
    },
    "it": {
        "title": "Rapporto sulla partecipazione",
        "subtitle": "Quanta partecipazione c'è stata, chi l'ha promossa e che cosa non si è potuto misurare",
        "period": "primo semestre del 2022",
        "lead": "Nel primo semestre ci sono state **24 istanze** di partecipazione; l'indice è 61,3 "
        "e non si distingue dal precedente.",
        "facts": ["indice, tra 57,0 e 65,1", "istanze di partecipazione", "persone che hanno partecipato, almeno"],
        "index": "L'indice e le sue dimensioni",
        "index_text": "L'indice riassume sei dimensioni. Come mostra la @fig-index, l'inclusione è la più bassa. "
        "La @tbl-dimensions dà i valori e la @eq-mean dice come si uniscono. La @sec-limits dice che cosa manca.",
        "fig": "Indice per semestre, con il suo intervallo del 95 %.",
        "alt": "Linea dell'indice in otto semestri: sale da 48 nel 2018 a 61 nel 2022, con intervalli di circa quattro punti.",
        "source": "Fonte: registri della città; n = 24 istanze; dati fino al 30 giugno 2022.",
        "table": "Dimensioni dell'indice nel primo semestre del 2022.",
        "columns": ["Dimensione", "Valore", "Intervallo", "Peso", "Copertura", "Stato"],
        "rows": ["Inclusione", "Deliberazione", "Influenza", "Trasparenza", "Continuità", "Soddisfazione"],
        "unknown": "non rilevato",
        "how": "Come si calcola",
        "equation": "l'indice è la media ponderata delle dimensioni",
        "limits": "Che cosa non si è potuto misurare",
        "callout": "La soddisfazione **non è stata rilevata** nel 2022: l'indice si calcola con le altre cinque dimensioni.",
        "list": ["chi ha partecipato, per genere", "quanto è costata ogni istanza", "che cosa si è fatto di quanto concordato"],
        "warning": "Due fonti danno numeri diversi di votanti; si pubblica il minore.",
        "detail": "Dettaglio per distretto",
    },
}  # fmt: skip
TAGS = {"es": "es-AR", "en": "en-GB", "it": "it-IT"}
VALUES = [41.8, 58.0, 63.4, 72.9, 66.1, None]


def report_cell(*texts: str):
    """A code cell as an executed report leaves it: Markdown outputs, code that nobody should see."""
    outputs = [
        new_output("display_data", {"text/markdown": text, "text/plain": "<Markdown object>"})
        for text in texts
    ]
    return new_code_cell(
        "#| output: asis\nsecret_code = display(Markdown(text))", outputs=outputs, execution_count=1
    )


def table(words: dict) -> str:
    head = "| " + " | ".join(words["columns"]) + " |\n|:---|---:|---:|---:|---:|:---|\n"
    lines = []
    for name, value in zip(words["rows"], VALUES, strict=True):
        cells = ["–", "–", "–", "0 %", words["unknown"]]
        if value is not None:
            cells = [f"{value:.1f}", f"{value - 4:.1f} – {value + 4:.1f}", "0.20", "92 %", "ok"]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return head + "\n".join(lines) + f"\n\n: {words['table']} {{#tbl-dimensions}}\n"


def cells(words: dict) -> list:
    facts = "\n".join(
        f"- **{value}** {text}" for value, text in zip(("61.3", "24", "18 240"), words["facts"], strict=True)
    )
    figure = f'![{words["fig"]}](fig/index.png){{#fig-index fig-alt="{words["alt"]}"}}'
    equation = f'$$ I = \\frac{{\\sum_d w_d\\, x_d}}{{\\sum_d w_d}} $$ {{#eq-mean alt="{words["equation"]}"}}'
    missing = "\n".join(f"- {item}" for item in words["list"])
    return [
        new_code_cell("1 + 1", outputs=[new_output("stream", name="stdout", text="never shown")], execution_count=1),
        report_cell(f"::: {{.lead}}\n{words['lead']}\n:::", f"::: {{.facts}}\n{facts}\n:::"),
        report_cell(f"## {words['index']} {{#sec-index}}\n\n{words['index_text']}", figure, f"::: {{.source}}\n{words['source']}\n:::"),
        report_cell(table(words), f"### {words['how']} {{#sec-how}}", equation, f"$x_d$: {words['detail']}, $w_d \\ge 0$."),
        report_cell(f"## {words['limits']} {{#sec-limits}}", f"::: {{.callout-note}}\n{words['callout']}\n:::", missing,
                    f"::: {{.callout-warning title=\"2022\"}}\n{words['warning']} [18 240]{{.contested}}\n:::"),
        new_markdown_cell(f"## {words['detail']} {{#sec-detail}}\n\n> {words['warning']}\n\n{words['index_text']}"),
    ]  # fmt: skip


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
