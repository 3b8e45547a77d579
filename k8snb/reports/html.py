"""An executed notebook as a page of the report."""

import re
from functools import cache
from typing import Any

from k8snb.languages import _
from k8snb.reports.page import page, resource

PRIORITY = ("text/html", "image/svg+xml", "image/png", "text/markdown", "text/plain")


def chapter(notebook: Any, title: str, navigation: str) -> str:
    """Give the HTML page of an executed notebook.

    Args:
        notebook: From nbformat.
        title: Title of the page.
        navigation: HTML of the links to the other pages.
    """
    from k8snb.display.figures import bootstrap, needs_plotly

    body, __ = _exporter().from_notebook_node(notebook, resources={"code_word": _("code")})
    body = re.sub(r'href="([\w-]+)\.ipynb"', r'href="\1.html"', body)
    return page(title, navigation, body, bootstrap() if needs_plotly(body) else "")


@cache
def _exporter() -> Any:
    from jinja2 import DictLoader
    from nbconvert.exporters import HTMLExporter
    from traitlets.config import Config

    shown = {"display_data_priority": list(PRIORITY)}
    return HTMLExporter(  # type: ignore[no-untyped-call]
        config=Config({"NbConvertBase": shown, "HTMLExporter": shown}),
        template_name="basic",
        template_file="chapter.html.j2",
        extra_loaders=[DictLoader({"chapter.html.j2": resource("chapter.html.j2")})],
        exclude_anchor_links=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
    )
