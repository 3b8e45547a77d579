"""A grid of verdicts: a symbol and a colour in every cell."""

from collections.abc import Sequence

import msgspec

from k8snb.display.parts import verdict
from k8snb.display.text import html_text
from k8snb.display.words import MARKS
from k8snb.languages import _

FEW = 6
"""So many columns have room for titles that lie."""


class Column(msgspec.Struct, frozen=True):
    """A column of a grid.

    Attributes:
        name: Its title; untrusted text.
        severity: Its severity, where it stands for a control.
        starts: Whether a group of columns begins here.
    """

    name: str
    severity: str | None = None
    starts: bool = False


class Cell(msgspec.Struct, frozen=True):
    """A cell of a grid.

    Attributes:
        status: A word of `MARKS`; None where there is nothing to tell.
        told: What it means, in a few words; untrusted text.
        text: What stands in it instead of the symbol.
    """

    status: str | None = None
    told: str = ""
    text: str = ""


class Grid(msgspec.Struct, frozen=True):
    """Rows by columns; names of rows are untrusted."""

    heading: str
    rows: Sequence[str]
    columns: Sequence[Column]
    cells: Sequence[Sequence[Cell]]


def symbol(cell: Cell) -> str:
    """Give what stands in a cell; untrusted text."""
    return cell.text or (MARKS[cell.status].symbol if cell.status else "")


def grid_html(grid: Grid) -> str:
    """Give the grid as a table, and below it what its symbols mean."""
    body = f'<div class="w"><table class="h">{_head(grid)}<tbody>{_body(grid)}</tbody></table></div>'
    return body + _legend(grid)


def _head(grid: Grid) -> str:
    turned = '<span class="r">' if len(grid.columns) > FEW else "<span>"
    titles = "".join(
        f'<th scope="col"{_group(one)}>{turned}{html_text(_(one.name), 60)}</span></th>' for one in grid.columns
    )
    chips = "".join(_chip(one) for one in grid.columns) if any(one.severity for one in grid.columns) else ""
    below = f'<tr><td class="s k">{_("severity")}</td>{chips}</tr>' if chips else ""
    return f'<thead><tr><th scope="col">{html_text(_(grid.heading))}</th>{titles}</tr>{below}</thead>'


def _chip(column: Column) -> str:
    word = column.severity or "low"
    style = f'style="background:var(--{word})"{_group(column)}'
    return f'<td class="z {word}" title="{_(word)}" {style}>{_(word)[0].upper()}</td>'


def _group(column: Column) -> str:
    return ' data-g=""' if column.starts else ""


def _body(grid: Grid) -> str:
    return "".join(
        f'<tr><th scope="row">{html_text(name, 60)}</th>'
        f"{''.join(_cell(name, one, cell) for one, cell in zip(grid.columns, cells, strict=True))}</tr>"
        for name, cells in zip(grid.rows, grid.cells, strict=True)
    )


def _cell(row: str, column: Column, cell: Cell) -> str:
    colour = f' class="b-{MARKS[cell.status].colour}"' if cell.status else ' class="t"' if cell.text else ""
    told = f' title="{html_text(f"{row}, {_(column.name)}: {_(cell.told)}", 240)}"' if cell.told else ""
    return f"<td{colour}{told}{_group(column)}>{html_text(symbol(cell), 24)}</td>"


def _legend(grid: Grid) -> str:
    used = {cell.status for cells in grid.cells for cell in cells}
    marks = " &nbsp; ".join(verdict(status) for status in MARKS if status in used)
    return f'<p class="s">{marks}</p>'
