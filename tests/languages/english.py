"""Finding English that is left in a Chinese page: words in a row that no name of an object or program explains."""

import html
import re
from collections.abc import Iterable, Iterator

_UNSEEN = re.compile(r"<(script|style|code|pre)\b.*?</\1>|<!--.*?-->", re.DOTALL)
_TEXT = re.compile(r'>([^<>]+)<|(?:title|aria-label|alt)="([^"]*)"')
_RIGHTS = re.compile(
    r"\b(?:get|list|watch|create|update|patch|delete|deletecollection|bind|escalate|impersonate|approve|sign|use)"
    r" [a-z][\w./*-]*"
)
"""A verb and a resource, as rules of RBAC name them."""
_WORDS = re.compile(r"[A-Za-z][a-z']*(?:,? [a-z][a-z']*){2,}")
"""Three words of which all but the first are of small letters: a sentence; names are capitalised, dotted or dashed."""


def texts(page: str) -> Iterator[str]:
    """Give the texts of a page that a reader sees, quoted code aside."""
    for one in _TEXT.finditer(_UNSEEN.sub("<i></i>", page)):
        yield html.unescape(one[1] or one[2] or "").strip()


def english(page: str, names: Iterable[str] = ()) -> list[str]:
    """Give the English sentences of a page.

    Args:
        page: HTML.
        names: What is English and a name.
    """
    found = []
    for text in dict.fromkeys(texts(page)):
        known = _RIGHTS.sub("", text)
        for name in names:
            known = known.replace(name, "")
        if _WORDS.search(known):
            found.append(text)
    return found
