"""Grids of what is so and what is not: NetworkPolicies by namespace, agents by node."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from k8snb.display.figures.figure import Figure
from k8snb.display.figures.grid import Cell, Column, Grid
from k8snb.display.figures.grid_figure import grid_figure
from k8snb.display.figures.rows import Row, rows_of
from k8snb.display.words import number, observed

_STATUS: Mapping[Any, str] = {True: "pass", False: "fail", None: "not-assessed"}
_WORDS: Mapping[Any, str] = {True: "yes", False: "no", None: "not known"}


def policy_matrix(found: Sequence[Row | msgspec.Struct], title: str = "NetworkPolicies by namespace") -> Figure:
    """Draw namespaces by what their policies do.

    Args:
        found: Each with `namespace`; every other key is a column. True and False are verdicts, None is not known,
            anything else is shown as it is.
        title: The caption.
    """
    rows = rows_of(found)
    alt = f"{number(len(rows), 'namespace')} by {number(len(_keys(rows, 'namespace')), 'property', 'properties')}."
    return _figure(rows, "namespace", title, alt)


def agent_grid(found: Sequence[Row], title: str = "Agents by node") -> Figure:
    """Draw nodes by which agents run on them.

    Args:
        found: Each with `nodes`; every other key is an agent. True and False are verdicts, None is not known, and
            empty text is nothing to tell.
        title: The caption.
    """
    alt = f"{number(len(found), 'group')} of nodes by {number(len(_keys(found, 'nodes')), 'agent')}."
    return _figure(found, "nodes", title, alt)


def _figure(rows: Sequence[Row], by: str, title: str, alt: str) -> Figure:
    keys = _keys(rows, by)
    cells = [[_cell(row.get(key)) for key in keys] for row in rows]
    columns = [Column(key.replace("_", " ")) for key in keys]
    return grid_figure(title, alt, Grid(by.capitalize(), [str(row[by]) for row in rows], columns, cells))


def _keys(rows: Sequence[Row], by: str) -> list[str]:
    return list(dict.fromkeys(key for row in rows for key in row if key != by))


def _cell(value: Any) -> Cell:
    if value is None or isinstance(value, bool):
        return Cell(_STATUS[value], _WORDS[value])
    text = value if isinstance(value, str) else observed(value)
    return Cell(None, text, text)
