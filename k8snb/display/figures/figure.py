"""A figure with three faces: interactive, static, and plain text."""

import json
from collections.abc import Callable
from typing import Any

from k8snb.display.figures.canvas import label
from k8snb.display.shown import Bundle
from k8snb.display.style import scoped
from k8snb.display.terminal import wrapped
from k8snb.display.text import html_text
from k8snb.languages import translate

PLOTLY = "application/vnd.plotly.v1+json"
_ESCAPES = str.maketrans({one: f"\\u{ord(one):04x}" for one in "<>&\u2028\u2029"})


class Figure:
    """Something drawn, with its numbers beside it.

    A notebook shows the interactive figure. Where scripts do not run, a picture of plain HTML stands with its table; a
    page that carries `bootstrap()` puts the interactive figure before it.

    Args:
        title: Its caption, plain text.
        alt: What can be seen in it, in one sentence; plain text.
        static: The picture with its table; HTML that is safe already.
        text: The same for 80 columns.
        draw: Builds the `plotly.graph_objects.Figure`.
    """

    def __init__(self, title: str, alt: str, static: str, text: str, draw: Callable[[], Any]) -> None:
        self.title = translate(title)
        self.alt = translate(alt)
        self._static = static
        self._text = text
        self._draw = draw

    def plotly(self) -> Any:
        """Give the `plotly.graph_objects.Figure`."""
        told = label(self.alt, 200)
        return self._draw().update_layout(
            title={"subtitle": {"text": told, "font": {"size": 12}}, "pad": {"t": 8, "b": 8}}
        )

    @property
    def html(self) -> str:
        """The static picture with its table, and the data of the interactive one; for a page."""
        return scoped(self._element(json.loads(self.plotly().to_json())), "figure")

    def _element(self, drawn: Any) -> str:
        return (
            f'<figure class="k8snb-figure" aria-label="{html_text(f"{self.title}. {self.alt}")}">'
            f'<figcaption>{html_text(self.title)}<br><span class="s">{html_text(self.alt)}</span></figcaption>'
            f'<div class="k8snb-static">{self._static}</div>'
            f'<script type="application/json" class="k8snb-plotly">{script_json(drawn)}</script></figure>'
        )

    def __repr__(self) -> str:
        return "\n".join([self.title, *wrapped(self.alt), self._text])

    def _repr_mimebundle_(self, **_: Any) -> Bundle:
        drawn = json.loads(self.plotly().to_json())
        return {PLOTLY: drawn, "text/html": scoped(self._element(drawn), "figure"), "text/plain": repr(self)}


def script_json(value: Any) -> str:
    """Give JSON that can stand inside a `<script>` element of any page."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
