"""How much of each resource was read."""

from collections.abc import Sequence
from typing import Any

from k8snb.display.coverage import coverage_rows, told
from k8snb.display.figures.canvas import STATUS_COLOURS, amounts, figure, label, names, rows_height
from k8snb.display.figures.figure import Figure
from k8snb.display.parts import code, prose, table, verdict
from k8snb.inventory.coverage import Coverage
from k8snb.languages import _

_ALL = "listed to the end"


def coverage_figure(coverage: Sequence[Coverage]) -> Figure:
    """Draw how many objects of each resource were listed, and what could not be; empty resources are left out."""
    shown = sorted(
        (one for one in coverage if one.cause or one.listed),
        key=lambda one: (one.cause is None, -one.listed, one.resource),
    )
    most = max((one.listed for one in shown), default=0)
    static = table(("Resource", "", "Listed", "Why not all"), [_row(one, most) for one in shown], numbers=[2])
    return Figure("What was read", told(coverage) + ".", static, coverage_rows(coverage), lambda: _draw(shown))


def _row(one: Coverage, most: int) -> list[str]:
    style = "width:{:.2f}%;background:var(--{})".format(
        100 * one.listed / max(most, 1), "open" if one.cause else "pass"
    )
    why = (
        f"{verdict('not-assessed', _(str(one.cause)))} {prose(one.message, 300)}"
        if one.cause
        else verdict("pass", _(_ALL))
    )
    return [
        code(one.resource),
        f'<div class="bar flat" aria-hidden="true"><i style="{style}"></i></div>',
        f"{one.listed:,}",
        why,
    ]


def _draw(rows: Sequence[Coverage]) -> Any:
    trace = {
        "type": "bar",
        "orientation": "h",
        "y": list(range(len(rows))),
        "x": [one.listed for one in rows],
        "marker": {
            "color": [STATUS_COLOURS["not-assessed" if one.cause else "pass"] for one in rows],
            "pattern": {"shape": ["/" if one.cause else "" for one in rows], "size": 6},
        },
        "text": [f"{one.listed:,} ? {label(_(str(one.cause)))}" if one.cause else f"{one.listed:,}" for one in rows],
        "textposition": "outside",
        "cliponaxis": False,
        "customdata": [
            f"{label(one.resource)}: {one.listed:,}<br>{label(_(one.message or _ALL), 160)}" for one in rows
        ],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    axis = names([one.resource for one in rows], autorange="reversed")
    return figure([trace], "What was read", rows_height(len(rows), 22), yaxis=axis, xaxis=amounts(), bargap=0.35)
