"""The three states of a cell: a value, not collected, not applicable. Neither of the last two ever becomes 0."""

import re

import pandas as pd

from helpers.registry.folding import fold

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


LONGEST = 70
"""No text that means missing is longer."""


def read_states(cells: pd.Series, keep: frozenset[str] = frozenset()) -> tuple[pd.Series, pd.Series]:
    """The cells with both kinds of missing emptied, and which of them are not applicable.

    ``keep`` are folded texts that are values of this field (a category may be called "unknown" or "not stated").
    """
    codes, distinct = pd.factorize(cells)
    kinds = missing_kinds(pd.Series(distinct, dtype="str"), keep)
    if kinds.isna().all():
        return cells, pd.Series(False, cells.index)
    spread = kinds.reindex(codes).set_axis(cells.index)
    return cells.mask(spread.notna()), spread == "not_applicable"


def missing_kinds(distinct: pd.Series, keep: frozenset[str]) -> pd.Series:
    """Which kind of missing each distinct text means, if any; a text with a digit is a value."""
    candidates = distinct[(distinct.str.len() <= LONGEST) & ~distinct.str.contains(r"\d", regex=True)]
    kinds = [_kind(text, keep) for text in candidates]
    return pd.Series(kinds, candidates.index, dtype="str").reindex(distinct.index)


def _kind(text: str, keep: frozenset[str]) -> str | None:
    folded = fold(text)
    if folded in keep:
        return None
    if folded in NOT_APPLICABLE:
        return "not_applicable"
    if folded in NOT_COLLECTED:
        return "not_collected"
    return "not_collected" if not folded and not _MEANT.search(text) else None


_MEANT = re.compile(r"[^\s\-–—.?_]")
"""A mark other than dashes and the like: folding leaves nothing of it, yet it may be meant."""
