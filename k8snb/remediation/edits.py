"""What differs between two forms of an object, field by field, and taking it back."""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from itertools import pairwise
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

Step = str | int | dict[str, Any]
"""A key, an index, or the key of a list item such as `{"name": "app"}`."""
Path = tuple[Step, ...]

_KEYS = {
    "containers": ("name",),
    "initContainers": ("name",),
    "ephemeralContainers": ("name",),
    "volumes": ("name",),
    "volumeMounts": ("mountPath",),
    "ports": ("containerPort", "port"),
}
"""By what the items of a list are told apart. Source: Kubernetes, `x-kubernetes-list-map-keys` and `patchMergeKey`."""


class Edit(msgspec.Struct, frozen=True):
    """One field that changes.

    Attributes:
        path: Where it stands.
        before: What was there; unset where there was nothing.
        after: What is there then; unset where nothing is.
    """

    path: Path
    before: Any | UnsetType = UNSET
    after: Any | UnsetType = UNSET

    @property
    def at(self) -> str:
        """The path as people write it."""
        return told(self.path)


def told(path: Path) -> str:
    """Give a path as people write it: `spec.containers[app].securityContext`."""
    found = ""
    for step in path:
        match step:
            case str() if not step.replace("_", "").isalnum():
                found += f"['{step}']"
            case str():
                found += f".{step}" if found else step
            case dict():
                found += f"[{next(iter(step.values()))}]"
            case _:
                found += f"[{step}]"
    return found


def diff(before: Any, after: Any, path: Path = ()) -> Iterator[Edit]:
    """Give what differs; items of a list are compared one by one where the same are there in the same order.

    Args:
        before: JSON types.
        after: JSON types.
        path: Where they stand.
    """
    if isinstance(before, dict) and isinstance(after, dict):
        for key in [*before, *(one for one in after if one not in before)]:
            yield from diff(before.get(key, UNSET), after.get(key, UNSET), (*path, key))
    elif (key := _list_key(path, before, after)) is not None:
        for index, item in enumerate(after):
            there = before[index] if index < len(before) else UNSET
            yield from diff(there, item, (*path, {key: item[key]}))
    elif not same(before, after):
        yield Edit(path, deepcopy(before), deepcopy(after))


def same(one: Any, other: Any) -> bool:
    """Say whether two values are the same JSON; `true` is not 1."""
    if one is UNSET or other is UNSET:
        return one is other
    return msgspec.json.encode(one, order="sorted") == msgspec.json.encode(other, order="sorted")


def _list_key(path: Path, before: Any, after: Any) -> str | None:
    """Give the key by which two lists can be compared: the same items first, further ones behind them."""
    if not (path and isinstance(path[-1], str) and isinstance(before, list) and isinstance(after, list)):
        return None
    for key in _KEYS.get(path[-1], ()):
        old, new = _values(before, key), _values(after, key)
        if old is not None and new is not None and new[: len(old)] == old and len(set(new)) == len(new):
            return key
    return None


def is_keyed(path: Path) -> bool:
    """Say whether the items of a list at a path are told apart by a key."""
    return bool(path) and isinstance(path[-1], str) and path[-1] in _KEYS


def _values(items: list[Any], key: str) -> list[Any] | None:
    found = [one.get(key) if isinstance(one, dict) else None for one in items]
    return None if any(one is None or isinstance(one, dict | list) for one in found) else found


def get(value: Any, path: Sequence[Step]) -> Any:
    """Give what stands at a path; unset where nothing does."""
    for step in path:
        index = place(value, step)
        if index is None:
            return UNSET
        value = value[index]
    return value


def place(value: Any, step: Step) -> Any:
    """Give the key or index that a step means in a value; None where there is none."""
    if isinstance(step, dict):
        ((key, wanted),) = step.items()
        items = value if isinstance(value, list) else []
        return next((i for i, one in enumerate(items) if isinstance(one, dict) and one.get(key) == wanted), None)
    if isinstance(value, dict):
        return step if step in value else None
    return step if isinstance(value, list) and isinstance(step, int) and step < len(value) else None


def put(value: Any, path: Sequence[Step], new: Any) -> None:
    """Set, or with an unset value remove, what stands at a path; missing parents are made.

    Args:
        value: JSON types; changed.
        path: Where.
        new: What to put there.
    """
    for step, after in pairwise(path):
        index = place(value, step)
        if index is None or (value[index] is None and new is not UNSET):
            if new is UNSET:
                return
            index = _add(value, step, [] if isinstance(after, dict | int) else {}, index)
        value = value[index]
    index = place(value, path[-1])
    if new is not UNSET:
        _add(value, path[-1], deepcopy(new), index)
    elif index is not None:
        del value[index]


def _add(value: Any, step: Step, new: Any, index: Any) -> Any:
    if isinstance(value, list) and index is None:
        value.append(new | step if isinstance(step, dict) and isinstance(new, dict) else new)
        return len(value) - 1
    value[step if index is None else index] = new
    return step if index is None else index


def pointer(value: Any, path: Sequence[Step]) -> str:
    """Give a path as JSON pointer (RFC 6901) in an object; what a list does not have yet stands at its end."""
    found = ""
    for step in path:
        index = place(value, step)
        value = None if index is None else value[index]
        word = str(step if index is None and not isinstance(step, dict) else "-" if index is None else index)
        found += "/" + word.replace("~", "~0").replace("/", "~1")
    return found
