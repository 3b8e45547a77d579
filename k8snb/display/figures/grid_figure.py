"""A grid of verdicts as a figure."""

from collections.abc import Sequence
from typing import Any

from k8snb.display import terminal
from k8snb.display.figures.canvas import STATUS_COLOURS, figure, label, names, rows_height
from k8snb.display.figures.figure import Figure
from k8snb.display.figures.grid import FEW, Cell, Column, Grid, grid_html, symbol
from k8snb.display.parts import empty
from k8snb.display.text import clip, pad
from k8snb.display.words import MARKS
from k8snb.languages import _

_NEUTRAL = "#69727c"
_WIDE = 11


def grid_figure(title: str, alt: str, grid: Grid) -> Figure:
    """Draw a grid.

    Args:
        title: The caption.
        alt: What can be seen, in one sentence.
        grid: What to draw.
    """
    if not grid.rows or not grid.columns:
        return Figure(title, alt, empty("There is nothing to show."), _("Nothing."), lambda: figure([], title, 160))
    return Figure(title, alt, grid_html(grid), _text(grid), lambda: _draw(title, grid))


def _text(grid: Grid) -> str:
    numbered = [f"{place:>3} {clip(_(one.name), 60)}" for place, one in enumerate(grid.columns, 1)]
    rows = [(name, *(symbol(cell) or "·" for cell in cells)) for name, cells in zip(grid.rows, grid.cells, strict=True)]
    lines = _dense(rows) if len(grid.columns) > _WIDE else terminal.columns(rows, (24, *_widths(grid)))
    return "\n".join([*numbered, *lines])


def _widths(grid: Grid) -> list[int]:
    """Three letters a column; more where all columns have room for whole counts such as `12/16`."""
    most = max((len(symbol(cell)) for cells in grid.cells for cell in cells), default=3)
    return [max(3, min(most, 50 // len(grid.columns) - 2))] * len(grid.columns)


def _dense(rows: Sequence[Sequence[str]]) -> list[str]:
    return [f"{pad(name, 24)}  {''.join(clip(cell, 1) for cell in cells)[:54]}" for name, *cells in rows]


def _draw(title: str, grid: Grid) -> Any:
    colours = [*(STATUS_COLOURS[one] for one in MARKS), _NEUTRAL]
    trace = {
        "type": "heatmap",
        "z": [[_level(cell) for cell in cells] for cells in grid.cells],
        "x": list(range(len(grid.columns))),
        "y": list(range(len(grid.rows))),
        "text": [[label(symbol(cell), 16) for cell in cells] for cells in grid.cells],
        "texttemplate": "%{text}",
        "textfont": {"color": "#ffffff", "size": 13},
        "customdata": [
            [_hover(row, *pair) for pair in zip(grid.columns, cells, strict=True)]
            for row, cells in zip(grid.rows, grid.cells, strict=True)
        ],
        "hovertemplate": "%{customdata}<extra></extra>",
        "hoverongaps": False,
        "zmin": -0.5,
        "zmax": len(colours) - 0.5,
        "colorscale": [
            (place / len(colours), colour) for index, colour in enumerate(colours) for place in (index, index + 1)
        ],
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
    }
    return figure(
        [trace],
        title,
        rows_height(len(grid.rows)) + 130,
        xaxis=names([_(one.name) for one in grid.columns], side="top", tickangle=-90 if len(grid.columns) > FEW else 0),
        yaxis=names(grid.rows, autorange="reversed"),
    )


def _level(cell: Cell) -> int | None:
    if cell.status:
        return list(MARKS).index(cell.status)
    return len(MARKS) if cell.text else None


def _hover(row: str, column: Column, cell: Cell) -> str:
    severity = f" ({_(column.severity)})" if column.severity else ""
    return f"<b>{label(row)}</b><br>{label(_(column.name))}{severity}<br>{label(_(cell.told), 120)}"
