"""Text from a cluster made harmless: for HTML, for terminals, and to a width."""

import html
import re
import textwrap
from bisect import bisect_right

_SEQUENCE = re.compile(r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)")
_MANY = 1000
_HOLE = "…"
_WIDE = r"\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60"
_WORD = re.compile(rf"[{_WIDE}]|[^\s{_WIDE}]+|\s+")
_CLOSING = "，。；：、）】》”！？"  # noqa: RUF001
"""Marks that never begin a line."""


def html_text(text: object, limit: int = _MANY) -> str:
    """Give text for HTML, in an element or in a quoted attribute.

    Args:
        text: Anything; untrusted.
        limit: Most characters to show; more are left out in the middle.

    Returns:
        Escaped text in which nothing is invisible: control characters, zero-width characters and the overrides of
        the writing direction stand as `\\u202e`.
    """
    return html.escape(visible(shorten(str(text), limit)), quote=True)


def plain(text: object) -> str:
    """Give text for a terminal, on one line.

    Args:
        text: Anything; untrusted.

    Returns:
        The text without its ANSI sequences (ECMA-48 CSI and OSC); every other control, zero-width or direction
        character stands as `\\u202e`, a line break as `\\n`.
    """
    found = str(text)
    return found if found.isprintable() else visible(_SEQUENCE.sub("", found))


def clip(text: object, width: int) -> str:
    """Give `plain` text of at most `width` terminal cells; what is too long loses its middle.

    Args:
        text: Anything; untrusted.
        width: Cells; a Chinese character takes two, a combining mark none.
    """
    if width < 1:
        return ""
    found = plain(shorten(str(text), 8 * max(width, 8)))
    found = shorten(found, 4 * width) if cells(found) <= width else found
    if cells(found) <= width:
        return found
    if width < 3:
        return _HOLE
    size = (width - 1) // 2
    return f"{_longest(found[: 4 * width], width - 1 - size)}{_HOLE}{_longest(found[-4 * width :], size, last=True)}"


def pad(text: object, width: int) -> str:
    """Give `clip` text filled with spaces to exactly `width` cells."""
    found = clip(text, width)
    return found + " " * (width - cells(found))


def lead(text: object, width: int) -> str:
    """Give `plain` text behind as many spaces as fill it to `width` cells; it is not cut."""
    found = plain(text)
    return " " * (width - cells(found)) + found


def wrap(text: str, width: int, first: str = "", further: str = "") -> list[str]:
    """Give the lines of a paragraph; Chinese, which has no spaces, breaks between any two characters.

    Args:
        text: From `plain`.
        width: Cells of a line.
        first: What stands before the first line.
        further: What stands before the others.
    """
    if text.isascii() and first.isascii():
        return textwrap.wrap(text, width, initial_indent=first, subsequent_indent=further, break_on_hyphens=False)
    lines, line, used = [], first, cells(first)
    for word in _WORD.findall(text):
        size = cells(word)
        if used + cells(word.rstrip()) > width and line.strip() and word[0] not in _CLOSING:
            lines.append(line.rstrip())
            line, used = further, cells(further)
        word = word.lstrip() if not line.strip() else word  # noqa: PLW2901
        line, used = line + word, used + size
    return [*lines, line.rstrip()] if line.strip() else lines


def cells(text: str) -> int:
    """Say how many terminal cells a text takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def _longest(text: str, width: int, *, last: bool = False) -> str:
    """Give the longest beginning, or end, that takes at most `width` cells."""

    def take(size: int) -> str:
        return text[len(text) - size :] if last else text[:size]

    found = take(bisect_right(range(len(text) + 1), width, key=lambda size: cells(take(size))) - 1)
    return found.lstrip("".join(one for one in set(found) if not cells(one))) if last else found


def shorten(text: str, limit: int) -> str:
    """Give text of at most `limit` characters; what is too long loses its middle."""
    if len(text) <= limit:
        return text
    tail = (limit - 1) // 2
    return f"{text[: limit - 1 - tail]}{_HOLE}{text[len(text) - tail :]}"


def visible(text: str) -> str:
    """Give text in which every character shows: what would not print stands as its escape."""
    return text if text.isprintable() else "".join(map(_visible, text))


def _visible(one: str) -> str:
    if one.isprintable():
        return one
    return " " if one.isspace() and one > "\x85" and one not in "\u2028\u2029" else ascii(one)[1:-1]
