"""What all Plotly figures share: no background, no template, colours that read on light and on dark."""

import html
from collections.abc import Mapping, Sequence
from typing import Any

from k8snb.controls.model import SEVERITIES
from k8snb.display.text import shorten, visible
from k8snb.languages import FONTS, _

INK = "#7a7f85"
SEVERITY_COLOURS: Mapping[str, str] = dict(zip(SEVERITIES, ("#a8320a", "#e0752b", "#d3ab45", "#8c9aa8"), strict=True))
STATUS_COLOURS: Mapping[str, str] = {
    "fail": "#c74512",
    "not-assessed": "#8a5fba",
    "waived": "#2f7fbd",
    "pass": "#22866a",
    "not-applicable": "rgba(128,136,144,.28)",
}
_GRID = "rgba(128,136,144,.25)"

_TITLE = {"x": 0.01, "xref": "container", "y": 1, "yref": "container", "yanchor": "top", "automargin": True}


def label(text: object, limit: int = 48) -> str:
    """Give text for Plotly, which reads a few HTML elements and entities; clipped in the middle."""
    return html.escape(visible(shorten(str(text), limit)))


def figure(traces: Sequence[Any], title: str, height: int, **layout: Any) -> Any:
    """Give a `plotly.graph_objects.Figure`.

    Args:
        traces: The traces.
        title: Shown where there is no caption around the figure.
        height: Pixels.
        layout: Further layout.
    """
    import plotly.graph_objects as go

    shared = {
        "template": "none",
        "title": {"text": label(_(title), 120), "font": {"size": 15}, **_TITLE},
        "font": {"family": FONTS, "size": 12, "color": INK},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "height": height,
        "margin": {"l": 8, "r": 16, "t": 32, "b": 40},
        "legend": {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "traceorder": "normal"},
    }
    return go.Figure(traces, {**shared, **layout})


def names(texts: Sequence[object], **more: Any) -> dict[str, Any]:
    """Give an axis with one place for each text, in their order; equal texts keep places of their own."""
    return {
        "tickvals": list(range(len(texts))),
        "ticktext": [label(one) for one in texts],
        "automargin": True,
        "ticklabeloverflow": "allow",  # the margin makes room; measuring every label again takes half of the drawing
        "zeroline": False,
        "showgrid": False,
        "ticks": "outside",
        "ticklen": 5,
        "tickcolor": "rgba(0,0,0,0)",
        **more,
    }


def amounts(**more: Any) -> dict[str, Any]:
    """Give an axis of numbers."""
    return {"gridcolor": _GRID, "zeroline": False, "rangemode": "tozero", "automargin": True, **more}


def rows_height(rows: int, each: int = 26) -> int:
    """Give the height of a figure of that many rows, pixels."""
    return 110 + each * max(rows, 2)
