"""Errors in a cell: one line of what and what to do, the rest for who asks."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from k8snb.display.text import plain, shorten
from k8snb.errors import K8snbError
from k8snb.magics.state import State

_LINE = 2000


@contextmanager
def told(state: State) -> Iterator[None]:
    """Let whatever goes wrong inside show as one line; it is raised all the same, so the cell fails."""
    try:
        yield
    except BaseException as error:
        state.traceback = "".join(traceback.format_exception(error))
        shown = [line(error)]
        error._render_traceback_ = lambda: shown  # type: ignore[attr-defined]
        raise


def line(error: BaseException) -> str:
    """Tell what went wrong, and what to do, in one line for a person."""
    match error:
        case K8snbError():
            return plain(shorten(str(error), _LINE))
        case KeyboardInterrupt():
            return "Interrupted. What was connected and assessed before still is."
        case MemoryError():
            return "Out of memory. Assess a part of the source (-n NAMESPACE), or give it more memory."
    bug = plain(shorten(f"{type(error).__name__}: {error}", _LINE))
    return f"This is a bug ({bug}). %k8s traceback shows where; please report it."
