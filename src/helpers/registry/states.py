"""The three states of a cell: a value, not collected, not applicable. Neither of the last two ever becomes 0."""

import pandas as pd

from helpers.registry.folding import fold, fold_series

NOT_COLLECTED = {
    fold(text)
    for text in (
        "ND", "N/D", "S/D", "s.d.", "nd.", "-", "--", "?", "null", "nan", "#N/D", "#DIV/0!", "#REF!", "#VALUE!",
        "sin dato", "sin datos", "no disponible", "no informado", "no recolectado", "no se sabe", "desconocido",
        "not collected", "not available", "not stated", "unknown", "no data", "non estimated yet", "not estimated yet",
        "non disponibile", "non rilevato", "non raccolto", "dato non disponibile", "non indicato", "sconosciuto",
        "non indicato o dato non disponibile nelle fonti consultate", "ellos",
    )
}  # fmt: skip
"""Folded texts that mean nobody recorded a value."""

NOT_APPLICABLE = {
    fold(text)
    for text in (
        "NA", "N/A", "#N/A", "no aplica", "no corresponde", "not applicable", "does not apply", "non applicabile",
        "non previsto", "non prevista", "non prevista nel bando di riferimento",
        "non previsto nel bando di riferimento",
    )
}  # fmt: skip
"""Folded texts that mean a value cannot exist here."""


def read_states(cells: pd.Series, keep: frozenset[str] = frozenset()) -> tuple[pd.Series, pd.Series]:
    """The cells with both kinds of missing emptied, and which of them are not applicable.

    ``keep`` are folded texts that are values of this field (a category may be called "unknown" or "not stated").
    """
    folded = fold_series(cells)
    not_applicable = folded.isin(NOT_APPLICABLE - keep)
    empty = folded.isin((NOT_COLLECTED | {""}) - keep) & ~_is_mark(cells, folded)
    return cells.mask(not_applicable | empty), not_applicable


def _is_mark(cells: pd.Series, folded: pd.Series) -> pd.Series:
    """Cells of marks alone that are not dashes: folding leaves nothing of them, yet they may be meant."""
    return (folded == "") & cells.str.strip().str.contains(r"[^\s\-–—.?_]", na=False)
