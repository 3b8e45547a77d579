"""What a page needs, once, to make its figures interactive; without it they stay static and whole."""

import re
from importlib.resources import files

_FIGURE = 'class="k8snb-plotly"'


def needs_plotly(html: str) -> bool:
    """Say whether a page holds a figure that `bootstrap` would make interactive."""
    return _FIGURE in html


def bootstrap() -> str:
    """Give the text of one `<script>` element for the end of a page: plotly.js and what draws the figures.

    It asks for nothing from anywhere. Put it only where `needs_plotly`: it has 4.5 MB.
    """
    from plotly.offline import get_plotlyjs

    upgrade = files("k8snb.display.figures").joinpath("upgrade.js").read_text(encoding="utf-8")
    return re.sub(r"<(?=/script|!--|script)", r"\\x3c", f"{get_plotlyjs()}\n{upgrade}", flags=re.IGNORECASE)
