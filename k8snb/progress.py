"""How far long work is: whoever does it tells, and it is shown where somebody wants to see it."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")
Bar = Callable[[Iterable[Any], str, str], Iterable[Any]]
"""Gives the items again, and shows how many of them are done: of what is done, and what one of them is called."""
_BAR: ContextVar[Bar | None] = ContextVar("bar", default=None)


def steps(items: Iterable[T], doing: str, unit: str) -> Iterable[T]:
    """Give the items of long work again, watched by whoever wants to.

    Args:
        items: What is worked on, one after the other.
        doing: What is being done, such as `Reading`.
        unit: What one of them is called, such as `control`.
    """
    bar = _BAR.get()
    return items if bar is None else bar(items, doing, unit)


@contextmanager
def shown(bar: Bar | None) -> Iterator[None]:
    """Show the progress of what happens inside, in this thread; None shows nothing."""
    token = _BAR.set(bar)
    try:
        yield
    finally:
        _BAR.reset(token)
