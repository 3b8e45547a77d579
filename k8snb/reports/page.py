"""A page of a report: one file that asks for nothing, light, dark and on paper."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from k8snb.display.style import stylesheet
from k8snb.display.text import html_text
from k8snb.languages import TAGS, _, language

POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
Link = tuple[str, str]


def page(title: str, navigation: str, body: str, script: str = "") -> str:
    """Give a whole HTML page.

    Args:
        title: Its title; untrusted text.
        navigation: HTML from `links`.
        body: HTML that is safe already.
        script: JavaScript to inline at the end; none if empty.
    """
    values = {
        "lang": TAGS[language()],
        "skip": _("Skip to the content"),
        "chapters": _("Chapters"),
        "policy": POLICY,
        "title": html_text(title),
        "style": stylesheet() + resource("page.css"),
        "navigation": navigation,
        "body": body,
        "script": f"<script>{script}</script>" if script else "",
    }
    pieces = resource("page.html").split("%%")
    return "".join(values[piece] if place % 2 else piece for place, piece in enumerate(pieces))


def links(pages: Sequence[Link], current: str = "") -> str:
    """Give the HTML of the links between pages.

    Args:
        pages: File name and text of each.
        current: File name of the page that they stand on.
    """
    return "".join(
        f'<a href="{html_text(target)}"{_CURRENT if target == current else ""}>{html_text(text)}</a>'
        for target, text in pages
    )


_CURRENT = ' aria-current="page"'


@cache
def resource(name: str) -> str:
    """Give the text of a file beside this module."""
    return files("k8snb.reports").joinpath(name).read_text(encoding="utf-8")
