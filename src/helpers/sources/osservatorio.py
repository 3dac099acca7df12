"""Record of a process in the Osservatorio Partecipazione of Emilia-Romagna: label lines, each value on the next."""

import re
from pathlib import Path

import pandas as pd

from helpers.files import MonitorError
from helpers.sources.labelled import document_lines, plain, read_values, record_frame, without_addresses

HEADINGS = (
    "Processo", "Gestione di Processo", "Territorio Interessato", "Caratteristiche", "Obiettivi e Risultati",
    "Requisiti per la Certificazione di Qualità", "Crediti", "Hai gestito, partecipato o hai info su questo processo? "
    "Integra le informazioni",
)  # fmt: skip

LABELS = (
    "Stato di avanzamento", "Logo", "Natura Processo", "Anno della certificazione", "Anno Finanziamento",
    "Importo finanziato dal Bando", "Cofinanziamento altri soggetti", "Percentuale cofinanziamento",
    "Costo complessivo del processo", "Anno di avvio", "Anno di chiusura", "Data inizio del processo",
    "Data fine del processo", "Durata (mesi)", "Richiesta e concessione della proroga",
    "Struttura responsabile del processo", "Titolari della decisione", "Tavolo di Negoziazione",
    "Comitato di garanzia locale", "Funzioni assegnate", "Mappa", "Mappa di impatto", "Indirizzo",
    "Territorio interessato dal processo", "Ambito di intervento", "Tipo di partecipazione", "Codecisione",
    "Design del processo partecipativo", "Fasi del percorso",
    "Utilizzo di piattaforme tecnologiche e strumenti digitali",
    "Strumenti digitali utilizzati", "Partecipanti", "Numero partecipanti (stimate o effettive)",
    "Presenza femminile rilevata", "Riscontro della prevalenza di genere fra i partecipanti",
    "Conciliazione tempi di vita e lavoro", "Figure Professionali", "Tecniche di Partecipazione", "Obiettivi",
    "Risultati Attesi", "Risultati conseguiti", "Documenti di proposta partecipata previsti",
    "Documenti di proposta partecipata approvati al termine del processo", "Descrizione Documenti",
    "Upload Documento finale condiviso", "Livello di partecipazione", "Indice di partecipazione",
    "Sollecitazione realtà sociali", "Modalità di inclusione",
    "Strumenti di DDDP adottati nello svolgimento del processo - Apertura",
    "Strumenti di DDDP adottati nello svolgimento del processo - Chiusura",
    "Modalità di comunicazione dei risultati del processo", "Sintesi della valutazione regionale",
    "Premialità Tecniche", "Settore", "Accordo formale preventivo", "Modalità del monitoraggio e indicatori",
    "Petizioni", "Soggetti specifici", "Tipologia di Soggetto proponente", "Allegati", "Processo segnalato da",
    "Dettagli o note sulle fonti utilizzate",
)  # fmt: skip
"""Labels of records of 2013 to 2024."""

MODIFIED = re.compile(r"data ultima modifica:?\s*(.+)", re.IGNORECASE)


def read_osservatorio(path: Path) -> dict[str, pd.DataFrame]:
    """The table ``record``: one row, a column per label that the record has, and ``Titolo``.

    A label followed by another label has no value. E-mail addresses are dropped.
    """
    lines = document_lines(path)
    labels = {plain(text): text for text in LABELS} | {plain(text): f"_{text}" for text in HEADINGS}
    values = read_values(lines, labels)
    if len(values) < 5:
        raise MonitorError(
            "this is no record of the Osservatorio Partecipazione: fewer than five of its labels occur",
            where=path,
            remedy="save the page of one process as text",
        )
    title = next(line.strip() for line in lines if line.strip())
    record = {"Titolo": title}
    for key, value in values.items():
        text = MODIFIED.sub("", value.text)
        record[key] = without_addresses(text)
    changed = next((found[1].strip() for line in lines if (found := MODIFIED.search(line))), "")
    return {"record": record_frame({**record, "Data ultima modifica": changed}, path, "")}
