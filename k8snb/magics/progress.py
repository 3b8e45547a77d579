"""A bar for work that takes more than a moment."""

from collections.abc import Iterable, Iterator, Sized
from contextlib import ExitStack, contextmanager
from time import monotonic
from typing import Any, TypeVar

T = TypeVar("T")
MOMENT = 0.7
"""Seconds; what is done by then needs no bar, nor the time to import one."""


def bar(items: Iterable[T], doing: str, unit: str) -> Iterator[T]:
    """Give the items again, with a bar where they take longer than a moment; it goes when they are done."""
    began, total = monotonic(), len(items) if isinstance(items, Sized) else None
    seen: Any = None
    with ExitStack() as stack:
        for done, item in enumerate(items):
            if seen is not None:
                seen.update()
            elif monotonic() - began > MOMENT:
                seen = stack.enter_context(_shown(desc=doing, unit=f" {unit}s", initial=done, total=total, leave=False))
            yield item
        if seen is not None:
            seen.update()


@contextmanager
def _shown(**settings: Any) -> Iterator[Any]:
    """Show a bar; in a notebook text is left of it, and none where all went well, since no saved widget shows again."""
    from IPython.display import DisplayHandle
    from tqdm.auto import tqdm
    from tqdm.notebook import tqdm as widget

    if not issubclass(tqdm, widget):
        with tqdm(**settings) as plain:
            yield plain
        return
    made = tqdm(**settings, display=False)
    handle: Any = DisplayHandle()  # type: ignore[no-untyped-call]
    handle.display(made.container)
    left = None
    try:
        yield made
        left = ""
    finally:
        handle.update({"text/plain": str(made) if left is None else left}, raw=True)
        made.close()
