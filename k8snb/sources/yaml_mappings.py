"""Mappings of YAML 1.1: keys as Kubernetes writes them in JSON, merges, and no key twice."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from k8snb.sources.yaml_scalars import Merge, ProblemError, scalar
from k8snb.sources.yaml_text import printable

_TEXT = {str}


class DuplicateError(ProblemError):
    """A key that stands twice in one mapping."""


def mapping(children: list[Any]) -> dict[str, Any]:
    """Make a mapping.

    Args:
        children: Keys and values, in turn.

    Raises:
        ProblemError: if a key is none, stands twice, or merges something that is no mapping.
    """
    keys = children[::2]
    if not set(map(type, keys)) <= _TEXT:
        if any(type(key) is Merge for key in keys):
            return _merged(keys, children[1::2])
        keys = [_key(key) for key in keys]
    found = dict(zip(keys, children[1::2], strict=True))
    if len(found) != len(keys):
        twice = next(key for key, count in Counter(keys).items() if count > 1)
        raise DuplicateError(f"duplicate key {printable(twice, 80)}")
    return found


def _merged(keys: list[Any], values: list[Any]) -> dict[str, Any]:
    """Make a mapping that has merge keys; as in go-yaml v2, what stands later wins."""
    explicit = mapping(
        [child for key, value in zip(keys, values, strict=True) if type(key) is not Merge for child in (key, value)]
    )
    found: dict[str, Any] = {}
    for key, value in zip(keys, values, strict=True):
        if type(key) is not Merge:
            found[_key(key)] = explicit[_key(key)]
            continue
        for other in reversed(value) if isinstance(value, list) else [value]:
            if not isinstance(other, dict):
                raise ProblemError("a merge of something that is no mapping")
            found.update(other)
    return found


def _key(key: Any) -> str:
    """Give a key as Kubernetes writes it in JSON."""
    if isinstance(key, str):
        return key
    if isinstance(key, bool):
        return "true" if key else "false"
    if isinstance(key, int):
        return str(key)
    if isinstance(key, float):
        return f"{key:.8g}"
    kind = "null" if key is None else "a list or a mapping"
    raise ProblemError(f"{kind} as a key")


def find_duplicate(get: Callable[[], Any]) -> int | None:
    """Find the first duplicate key again, for its line.

    Args:
        get: Gives the events of a text.

    Returns:
        The line, from 0; None where an alias is the key.
    """
    frames: list[tuple[bool, list[int], set[str]]] = []
    while (kind := type(event := get())) is not StreamEndEvent:
        if kind is MappingEndEvent or kind is SequenceEndEvent:
            frames.pop()
        elif frames and kind in {ScalarEvent, AliasEvent, MappingStartEvent, SequenceStartEvent}:
            is_mapping, count, seen = frames[-1]
            count[0] += 1
            if is_mapping and count[0] % 2 and kind is ScalarEvent and type(key := scalar(event)) is not Merge:
                if _key(key) in seen:
                    return int(event.start_mark.line)
                seen.add(_key(key))
        if kind is MappingStartEvent or kind is SequenceStartEvent:
            frames.append((kind is MappingStartEvent, [0], set()))
    return None
