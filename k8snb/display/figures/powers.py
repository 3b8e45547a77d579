"""Subjects by what they may do that leads further."""

from collections.abc import Mapping, Sequence

from k8snb.display.figures.figure import Figure
from k8snb.display.figures.grid import Cell, Column, Grid
from k8snb.display.figures.grid_figure import grid_figure
from k8snb.display.words import number
from k8snb.languages import _

_ROWS = 30
EVERYWHERE = "everywhere"
Places = Sequence[str]


def power_map(found: Mapping[str, Mapping[str, Places]], columns: Sequence[str], title: str) -> Figure:
    """Draw subjects by powers: red where one holds in the whole cluster, else in how many namespaces.

    Args:
        found: The places where each subject holds each power, namespaces or `EVERYWHERE`; untrusted text.
        columns: The powers, in the order of the columns.
        title: The caption.
    """
    rows = sorted(found, key=lambda name: (-_weight(found[name]), name))
    cells = [[_cell(found[name].get(column, ())) for column in columns] for name in rows[:_ROWS]]
    size = f"{number(len(rows), 'subject')} by {number(len(columns), 'power')}"
    cut = f" Shown are the mightiest {_ROWS}." if len(rows) > _ROWS else ""
    alt = f"{size}. Red is the whole cluster, a number counts namespaces.{cut}"
    grid = Grid("Subject", rows[:_ROWS], [Column(one) for one in columns], cells)
    return grid_figure(title, alt, grid)


def _weight(held: Mapping[str, Places]) -> int:
    return sum(100 if EVERYWHERE in places else 1 for places in held.values())


def _cell(places: Places) -> Cell:
    if EVERYWHERE in places:
        return Cell("fail", "in the whole cluster", _("all"))
    return Cell(None, f"in {', '.join(places)}", str(len(places))) if places else Cell()
