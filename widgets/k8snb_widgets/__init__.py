"""Interactive parts for notebooks; each has a Python side that works without a browser."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from k8snb_widgets.board import Board
    from k8snb_widgets.chooser import Chooser
    from k8snb_widgets.editor import Editor

__all__ = ["Board", "Chooser", "Editor"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module(f"k8snb_widgets.{name.lower()}"), name)
    raise AttributeError(name)
