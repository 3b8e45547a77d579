"""Text before it is parsed: its encoding, its cut into documents, and untrusted text in messages."""

import re
from collections.abc import Iterator

_PREAMBLE = re.compile(rb"(?:[ \t]*(?:#[^\r\n]*)?(?:\r?\n|\Z)|%(?:YAML|TAG)[ \t][^\r\n]*(?:\r?\n|\Z))*+\Z")
_MARKER_ENDS = (b" ", b"\t", b"\r", b"\n", b"")


def utf8_text(data: bytes) -> bytes | None:
    """Give text as UTF-8 without a byte order mark, or None if it is not text.

    Args:
        data: UTF-8 with or without a byte order mark, or UTF-16 with one. UTF-8 is not validated here.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            data = data.decode("utf-16").encode()
        except UnicodeError:
            return None
    return None if b"\0" in data else data.removeprefix(b"\xef\xbb\xbf")


def printable(text: str, limit: int = 400) -> str:
    """Give untrusted text as one line: control and other unprintable characters escaped, cut at `limit` characters."""
    cut = text if len(text) <= limit else text[:limit] + "…"
    return cut if cut.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in cut)


def pieces(text: bytes) -> Iterator[tuple[int, int]]:
    """Cut before every line that starts with the marker `---`; no scalar may hold such a line.

    Args:
        text: UTF-8 YAML.

    Yields:
        Where a piece starts and ends.
    """
    start = position = 0
    while (position := text.find(b"\n---", position)) >= 0:
        position += 1
        if text[position + 3 : position + 4] in _MARKER_ENDS:
            yield start, position
            start = position
    yield start, len(text)


def is_preamble(piece: bytes) -> bool:
    """Tell whether a piece holds only what may stand before the first document: comments, directives, empty lines."""
    return _PREAMBLE.match(piece) is not None
