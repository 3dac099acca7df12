"""The structure of an index as a table: which indicator or aggregate belongs to which parent, how it counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from .errors import CompositeError, as_weights

_OTHER_TYPES = ("group", "denominator", "other")


@dataclass(frozen=True)
class Structure:
    """A checked structure. Scores are held in arrays whose columns follow `indicators`, then `nodes`.

    indicators: codes of the leaves. nodes: codes of the aggregates, children before parents.
    children: per node the columns of its children. edges: (child, parent) per row of the table, in the order in
    which `weights` holds one weight each. node_edges: per node the positions of its edges. direction, lo, hi: per
    indicator (lo and hi NaN where no goalposts are given).
    """

    indicators: tuple[str, ...]
    nodes: tuple[str, ...]
    edges: tuple[tuple[str, str], ...]
    weights: np.ndarray
    direction: np.ndarray
    lo: np.ndarray
    hi: np.ndarray
    children: tuple[np.ndarray, ...]
    node_edges: tuple[np.ndarray, ...]
    levels: Mapping[str, int]

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code, indicators first, then nodes: the columns of a full score array."""
        return self.indicators + self.nodes

    @property
    def roots(self) -> tuple[str, ...]:
        """Aggregates without a parent; usually the one index."""
        placed = {child for child, _ in self.edges}
        return tuple(node for node in self.nodes if node not in placed)

    def column(self, code: str) -> int:
        """Where a code stands among `codes`."""
        try:
            return self.codes.index(code)
        except ValueError:
            raise CompositeError(f"{code!r} is not in the structure: it has {', '.join(self.codes)}") from None

    def leaves(self, node: str) -> tuple[str, ...]:
        """Codes of the indicators below a node, in column order, each once."""
        found = {c for c, p in self.edges if p == node}
        below = {leaf for c in found if c in self.nodes for leaf in self.leaves(c)}
        return tuple(i for i in self.indicators if i in found or i in below)

    def weight_vector(self, weights: Mapping[str, float] | None) -> np.ndarray:
        """One weight per edge from {code: weight}; 'child>parent' sets one edge of a shared child alone."""
        vector = self.weights.copy()
        for code, weight in (weights or {}).items():
            chosen = self._edges_named.get(code)
            if chosen is None:
                raise CompositeError(f"a weight is given for {code!r}, which is not in the structure: correct the code")
            for position in chosen:
                vector[position] = weight
        return vector

    @cached_property
    def _edges_named(self) -> dict[str, list[int]]:
        """Positions of the edges that a key of a mapping of weights means; a root has a weight that means nothing."""
        named: dict[str, list[int]] = {root: [] for root in self.roots}
        for position, (child, parent) in enumerate(self.edges):
            named.setdefault(child, []).append(position)
            named[f"{child}>{parent}"] = [position]
        return named

    def with_weights(self, weights: Mapping[str, float]) -> "Structure":
        """The same structure with other weights for the codes given; checked like the table."""
        changed = replace(self, weights=self.weight_vector(weights))
        _check_weights(changed)
        return changed


def structure_table(table) -> Structure:
    """Structure from a table with the columns code, parent and, if wanted, direction, weight, type, lo, hi.

    table: a data frame, a mapping of columns, or rows as mappings. A row without parent is the top. Rows of type
    group, denominator or other are passed over. A level may be missing (a child hangs directly on a higher
    aggregate); a code may stand in two rows with different parents, its weight in each row being its part in each.
    Errors: duplicate rows, orphans, cycles, aggregates without children, a direction other than 1 and -1, weights
    that are negative or all zero under one parent; each names the code.
    """
    rows = [_row(record) for record in _records(table)]
    rows = [row for row in rows if row["type"] not in _OTHER_TYPES]
    _check_rows(rows)
    parents = {row["parent"] for row in rows if row["parent"]}
    first = {}
    for row in rows:
        first.setdefault(row["code"], row)
    indicators = tuple(code for code in first if code not in parents)
    nodes = _bottom_up([code for code in first if code in parents], rows)
    return _assemble(indicators, nodes, rows, first)


def _assemble(indicators, nodes, rows, first) -> Structure:
    edges = tuple((row["code"], row["parent"]) for row in rows if row["parent"])
    column = {code: position for position, code in enumerate(indicators + nodes)}
    node_edges = tuple(np.array([e for e, (_, p) in enumerate(edges) if p == node]) for node in nodes)
    structure = Structure(
        indicators=indicators,
        nodes=nodes,
        edges=edges,
        weights=np.array([row["weight"] for row in rows if row["parent"]]),
        direction=np.array([first[code]["direction"] for code in indicators]),
        lo=np.array([first[code]["lo"] for code in indicators]),
        hi=np.array([first[code]["hi"] for code in indicators]),
        children=tuple(np.array([column[edges[e][0]] for e in chosen]) for chosen in node_edges),
        node_edges=node_edges,
        levels=_levels(indicators, nodes, edges),
    )
    _check_weights(structure)
    return structure


def _records(table) -> Iterable[Mapping]:
    if hasattr(table, "to_dict"):
        return table.to_dict("records")
    if isinstance(table, Mapping):
        return [dict(zip(table, cells, strict=True)) for cells in zip(*table.values(), strict=True)]
    return table


def _row(record: Mapping) -> dict:
    def cell(name, default):
        value = record.get(name)
        missing = value is None or value == "" or value != value  # noqa: PLR0124  NaN differs from itself
        return default if missing else value

    return {
        "code": str(cell("code", "")),
        "parent": str(cell("parent", "")),
        "direction": float(cell("direction", 1)),
        "weight": float(cell("weight", 1)),
        "type": str(cell("type", "")).lower(),
        "lo": float(cell("lo", np.nan)),
        "hi": float(cell("hi", np.nan)),
    }


def _check_rows(rows: list[dict]) -> None:
    codes = {row["code"] for row in rows}
    parents = {row["parent"] for row in rows} - {""}
    seen, first = set(), {}
    for row in rows:
        code, parent = row["code"], row["parent"]
        if not code:
            raise CompositeError("a row of the structure has no code: give every row one")
        if (code, parent) in seen or (code in first and not (parent and first[code]["parent"])):
            raise CompositeError(f"the code {code!r} stands twice in the structure: delete or rename one of the rows")
        if code in first and any(_differs(row[k], first[code][k]) for k in ("direction", "type", "lo", "hi")):
            raise CompositeError(f"the two rows of {code!r} differ in more than parent and weight: make them agree")
        seen.add((code, parent))
        first.setdefault(code, row)
        if row["direction"] not in (1, -1):
            raise CompositeError(f"{code!r} has the direction {row['direction']:g}: use 1 (more is better) or -1")
        if parent and parent not in codes:
            raise CompositeError(f"{code!r} is an orphan: its parent {parent!r} has no row; add it or correct the name")
        _check_type(row, parents)


def _differs(a, b) -> bool:
    return a != b and not (a != a and b != b)  # two missing goalposts agree


def _check_type(row: dict, parents: set[str]) -> None:
    code, is_parent = row["code"], row["code"] in parents
    if row["type"] == "indicator" and is_parent:
        raise CompositeError(f"{code!r} is of type indicator but has children: make it an aggregate")
    if row["type"] == "aggregate" and not is_parent:
        raise CompositeError(f"the aggregate {code!r} has no children: delete the row or give it some")
    if not row["parent"] and not is_parent:
        raise CompositeError(f"{code!r} is an orphan: it has neither a parent nor children; name its parent")


def _bottom_up(nodes: list[str], rows: list[dict]) -> tuple[str, ...]:
    """Aggregates ordered so that children come before parents; an error names the members of a cycle."""
    waiting = {node: {r["code"] for r in rows if r["parent"] == node and r["code"] in nodes} for node in nodes}
    ordered: list[str] = []
    while waiting:
        ready = [node for node, below in waiting.items() if not below]
        if not ready:
            raise CompositeError(
                f"the structure runs in a cycle through {', '.join(sorted(waiting))}: correct one of their parents"
            )
        ordered += ready
        waiting = {node: below - set(ready) for node, below in waiting.items() if node not in ready}
    return tuple(ordered)


def _levels(indicators, nodes, edges) -> dict[str, int]:
    """Indicators are level 1; an aggregate stands one above its highest child."""
    levels = dict.fromkeys(indicators, 1)
    for node in nodes:
        levels[node] = 1 + max(levels[child] for child, parent in edges if parent == node)
    return levels


def _check_weights(structure: Structure) -> None:
    for chosen in structure.node_edges:
        as_weights(structure.weights[chosen], [structure.edges[e][0] for e in chosen])


def effective_weights(structure: Structure, weights: np.ndarray | None = None) -> np.ndarray:
    """Share of every code in the top: product of its shares within each parent on the way up, summed over paths.

    weights: (..., edges), default those of the structure. Returns (..., codes), columns as `structure.codes`.
    """
    weights = structure.weights if weights is None else np.asarray(weights, dtype=float)
    effective = np.zeros((*weights.shape[:-1], len(structure.codes)))
    for root in structure.roots:
        effective[..., structure.column(root)] = 1.0
    for position in range(len(structure.nodes) - 1, -1, -1):
        chosen = weights[..., structure.node_edges[position]]
        share = chosen / chosen.sum(axis=-1, keepdims=True)
        own = effective[..., len(structure.indicators) + position, None]
        effective[..., structure.children[position]] += own * share
    return effective
