"""Markdown in the language in use: paragraph by paragraph, code and formulas as they are."""

import re
from collections.abc import Iterator

from k8snb.languages import language, translate

_PARTS = re.compile(r"(^```.*?^```[ \t]*$|\n[ \t]*\n)", re.MULTILINE | re.DOTALL)
_MARKUP = re.compile(r"^(#+ )")


def paragraphs(text: str) -> Iterator[str]:
    """Give the paragraphs to translate: a table or a list is one, a heading stands without its signs."""
    for part in _PARTS.split(text):
        if _is_prose(part):
            yield _MARKUP.sub("", part.strip())


def markdown(text: str) -> str:
    """Give Markdown in the language in use; a paragraph that no translation is known of stays as it is."""
    if language() == "en":
        return text
    return "".join(_translated(part) if _is_prose(part) else part for part in _PARTS.split(text))


def _is_prose(part: str) -> bool:
    return not part.startswith("```") and not part.isspace() and bool(re.search(r"[A-Za-z]{2}", part))


def _translated(part: str) -> str:
    stripped = part.strip()
    before, after = part[: len(part) - len(part.lstrip())], part[len(part.rstrip()) :]
    heading = _MARKUP.match(stripped)
    signs = heading[0] if heading else ""
    return f"{before}{signs}{translate(stripped.removeprefix(signs))}{after}"
