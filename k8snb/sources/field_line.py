"""The line at which a field of a manifest stands, found again for a person who wants to change it."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from k8snb.sources.yaml_text import utf8_text

LARGEST, MOST, DEEPEST = 8 * 2**20, 200_000, 100
"""Bytes of a file, events of a document and its depth, beyond which nothing is looked for."""
_ORIGIN = re.compile(r"(?P<file>.+):(?P<line>\d+)(?: \(document \d+\))?", re.DOTALL)
_TOKEN = re.compile(r"\['(?P<quoted>[^']+)'\]|\[(?P<index>\d+)\]|(?P<key>[^.\[\]]+)")


class _Frame(msgspec.Struct):
    """A mapping or sequence that is open: whether the path leads through it, and where in it the parser is."""

    is_mapping: bool
    on_path: bool
    count: int = 0
    key: str = ""
    line: int = 0


def field_place(origin: str, path: str, newest: float) -> str:
    """Give `FILE:LINE` of a field, as `field_line` finds it; empty where it is not known."""
    line = field_line(origin, path, newest)
    found = _ORIGIN.fullmatch(origin) if line else None
    return f"{found['file']}:{line}" if found else ""


def field_line(origin: str, path: str, newest: float) -> int | None:
    """Give the line of a field, or of the nearest field around it that is there.

    Args:
        origin: Where its object begins: `FILE:LINE`, as findings tell it.
        path: The field, such as `spec.containers[0].image`.
        newest: When the file was read, in seconds since the epoch; a file that changed later tells nothing.

    Returns:
        The line, from 1; None where it is not known.
    """
    from yaml import YAMLError

    found = _ORIGIN.fullmatch(origin)
    tokens = [one["quoted"] or one["key"] or int(one["index"]) for one in _TOKEN.finditer(path)]
    try:
        text = _text(Path(found["file"]), newest) if found else None
        line = int(found["line"]) if found else 0
        return _line(text, line, tokens) if text and line else None
    except (OSError, ValueError, YAMLError):
        return None


def _text(file: Path, newest: float) -> bytes | None:
    told = file.stat()
    return utf8_text(file.read_bytes()) if told.st_size <= LARGEST and told.st_mtime <= newest else None


def _line(text: bytes, first: int, tokens: list[str | int]) -> int | None:
    start = 0
    for _ in range(first - 1):
        start = text.index(b"\n", start) + 1
    found = None
    for depth, line in _matches(text[start:], tokens):
        found = first + line
        if depth == len(tokens):
            break
    return found


def _matches(text: bytes, tokens: list[str | int]) -> Iterator[tuple[int, int]]:
    """Give how much of the path stands where: (how many of its parts, the line from 0), as the text has them."""
    frames: list[_Frame] = []
    for event in islice(_events(text), MOST):
        kind = type(event).__name__
        if kind == "DocumentEndEvent" or len(frames) > DEEPEST:
            return
        if kind in {"MappingEndEvent", "SequenceEndEvent"}:
            frames.pop()
        elif kind in {"ScalarEvent", "AliasEvent", "MappingStartEvent", "SequenceStartEvent"}:
            on_path = _enter(frames, event, tokens)
            if on_path and frames:
                yield len(frames), frames[-1].line
            if kind.endswith("StartEvent"):
                frames.append(_Frame(kind == "MappingStartEvent", on_path))


def _enter(frames: list[_Frame], event: Any, tokens: list[str | int]) -> bool:
    """Say whether the path leads to this node; a key of a mapping is no node, and is remembered."""
    if not frames:
        return True
    frame = frames[-1]
    frame.count += 1
    if frame.is_mapping and frame.count % 2:
        frame.key, frame.line = str(getattr(event, "value", "")), event.start_mark.line
        return False
    if not frame.is_mapping:
        frame.line = event.start_mark.line
    wanted = tokens[len(frames) - 1] if len(frames) <= len(tokens) else None
    return frame.on_path and wanted == (frame.key if frame.is_mapping else frame.count - 1)


def _events(text: bytes) -> Iterable[Any]:
    import yaml

    return yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
