"""The findings of a chapter to look through, as the notebooks show them."""

from typing import TYPE_CHECKING, Any, Union

from k8snb.display.shown import Shown
from k8snb.notebook.chapter import Chapter
from k8snb.notebook.findings import findings

if TYPE_CHECKING:
    from k8snb_widgets import Board


def board(chapter: Chapter, *, interactive: bool = False, **start: Any) -> Union["Board", Shown]:
    """Give what fails as a board with filters and details, or as a table.

    Args:
        chapter: The chapter.
        interactive: Whether to give the board; otherwise it is what `findings` gives.
        start: What the board shows at first, such as `severity="critical"`; see `k8snb_widgets.Board.choose`.

    Raises:
        UsageError: if what is to be shown at first means nothing.
    """
    if not interactive:
        return findings(chapter)
    from k8snb_widgets import Board

    return Board(chapter.result, name=f"board {chapter.name}", **start)
