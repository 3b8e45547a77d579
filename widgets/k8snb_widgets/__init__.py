"""Interactive parts for notebooks; each has a Python side that works without a browser."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from k8snb_widgets.board import Board

__all__ = ["Board"]


def __getattr__(name: str) -> Any:
    if name == "Board":
        from k8snb_widgets.board import Board

        return Board
    raise AttributeError(name)
