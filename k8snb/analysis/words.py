"""Telling untrusted names in a clause: cut to a length, and only some of many."""

from collections.abc import Iterable

_LONGEST, _MOST = 63, 3


def clip(text: str | None) -> str:
    """Cut a name to the length that Kubernetes allows for most."""
    word = text or "(no name)"
    return word if len(word) <= _LONGEST else f"{word[: _LONGEST - 1]}…"


def some(names: Iterable[str]) -> str:
    """Tell the first three names and how many more there are."""
    known = list(names)
    more = f" and {len(known) - _MOST} more" if len(known) > _MOST else ""
    return ", ".join(map(clip, known[:_MOST])) + more
