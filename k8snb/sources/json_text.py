"""JSON text as pages: one object or list passes untouched, several objects become one list.

Several are JSON Lines, or what several `kubectl get -o json` wrote one after the other.
"""

import json
from collections.abc import Iterator
from typing import Any

import msgspec

from k8snb.sources.notes import no_manifest
from k8snb.sources.stream import Gap, Item, Origin, Page
from k8snb.sources.yaml_text import printable

_PRETTY_SEAM = b"\n}\n{"
CHECKED_BYTES = 4 << 20
"""Longer texts are dumps, which programs write: they are not looked through for keys that stand twice."""


def json_pages(data: bytes, file: str) -> Iterator[Item]:
    """Give the pages of a JSON text, not decoded: the typed decoder reports what is wrong inside.

    Args:
        data: UTF-8 JSON without a byte order mark.
        file: What to call it in messages and origins.

    Yields:
        A `Page`; or a `Gap` where there is no text or a line that is not JSON; or a `Note` where nothing in it claims
        to be a Kubernetes object.
    """
    if not data or data.isspace():
        yield Gap("malformed", f"{file}:1: an empty JSON file", origin=Origin(file))
        return
    if b'"kind"' not in data and b'"apiVersion"' not in data and is_json(data):
        yield no_manifest(file)
        return
    pieces = _pieces(data)
    if len(pieces) == 1 and (twice := duplicate(data)) is not None:
        yield _refused(twice, Origin(file))
    elif len(pieces) == 1:
        yield Page(data, (Origin(file),))
    else:
        yield from _list(pieces, file)


class _TwiceError(Exception):
    """Carries the key that stands twice in one object."""


def duplicate(data: bytes) -> str | None:
    """Give a key that stands twice in one object, which Kubernetes and others read differently; None if none does."""
    if len(data) > CHECKED_BYTES:
        return None
    try:
        json.loads(data, object_pairs_hook=_once)
    except _TwiceError as twice:
        return str(twice)
    except (ValueError, RecursionError):
        return None
    return None


def _once(pairs: list[tuple[str, Any]]) -> None:
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            raise _TwiceError(key)
        seen.add(key)


def _refused(key: str, origin: Origin) -> Gap:
    return Gap("malformed", f"{origin.file}:{origin.line}: duplicate key {printable(key, 80)}", origin=origin)


def is_json(data: bytes) -> bool:
    """Tell whether the bytes are one JSON value."""
    try:
        msgspec.json.decode(data, type=msgspec.Raw)
    except (msgspec.MsgspecError, RecursionError, UnicodeError):
        return False
    return True


def is_json_text(data: bytes) -> bool:
    """Tell whether the bytes are JSON: one object, or several one after the other that start with a whole one."""
    return data.lstrip()[:1] == b"{" and is_json(_pieces(data)[0])


def is_one_line(data: bytes) -> bool:
    """Tell whether a text is one line; by far the quickest look at a big one."""
    return data.find(b"\n", 0, -1) < 0


def _pieces(data: bytes) -> list[bytes]:
    """Cut between objects that follow each other; cheap for one object, however big."""
    if is_one_line(data):
        return [data]
    end = data.find(b"\n")
    head = data[:end].strip()
    if head[:1] == b"{" and head[-1:] == b"}" and data.find(b"{", end) >= 0 and is_json(head):
        return data.split(b"\n")
    if _PRETTY_SEAM not in data:
        return [data]
    first, *others = data.split(_PRETTY_SEAM)
    middle = [b"{" + piece + b"\n}" for piece in others]
    return [first + b"\n}", *middle[:-1], b"{" + others[-1]]


def _list(pieces: list[bytes], file: str) -> Iterator[Item]:
    good: list[bytes] = []
    origins: list[Origin] = []
    line = number = 1
    for piece in pieces:
        if piece and not piece.isspace():
            origin = Origin(file, number, line)
            number += 1
            if (twice := duplicate(piece)) is not None:
                yield _refused(twice, origin)
            elif is_json(piece):
                good.append(piece)
                origins.append(origin)
            else:
                yield Gap("malformed", f"{file}:{line}: not JSON", origin=origin)
        line += piece.count(b"\n") + 1
    if good:
        yield Page(b'{"kind":"List","items":[' + b",".join(good) + b"]}", tuple(origins))
