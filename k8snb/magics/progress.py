"""A bar for work that takes more than a moment."""

from collections.abc import Iterable, Iterator, Sized
from time import monotonic
from typing import Any, TypeVar

T = TypeVar("T")
MOMENT = 0.7
"""Seconds; what is done by then needs no bar, nor the time to import one."""


def bar(items: Iterable[T], doing: str, unit: str) -> Iterator[T]:
    """Give the items again, with a bar where they take longer than a moment; it goes when they are done."""
    began, total = monotonic(), len(items) if isinstance(items, Sized) else None
    seen: Any = None
    try:
        for done, item in enumerate(items):
            if seen is not None:
                seen.update()
            elif monotonic() - began > MOMENT:
                seen = _made(doing, unit, done, total)
            yield item
        if seen is not None:
            seen.update()
    finally:
        if seen is not None:
            seen.close()


def _made(doing: str, unit: str, done: int, total: int | None) -> Any:
    from tqdm.auto import tqdm

    return tqdm(desc=doing, unit=f" {unit}s", initial=done, total=total, leave=False)
