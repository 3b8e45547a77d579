"""What was chosen, for when the cell runs again."""

from collections.abc import Hashable
from typing import Any, TypeVar

_MOST = 64
_chosen: dict[tuple[str, Hashable], Any] = {}
S = TypeVar("S", bound=Hashable)


def recalled(name: str, start: S) -> S:
    """Give what was chosen last in a widget of that name which began like this; its beginning where nothing was.

    Args:
        name: Name of the widget; nothing is remembered of one without a name.
        start: What it begins with: other parameters of the notebook begin anew.
    """
    found: S = _chosen.get((name, start), start)
    return found


def remember(name: str, start: S, chosen: S) -> None:
    """Remember what was chosen, for this run of the kernel."""
    if name:
        _chosen.pop((name, start), None)
        _chosen[name, start] = chosen
        while len(_chosen) > _MOST:
            del _chosen[next(iter(_chosen))]
