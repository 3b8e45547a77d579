"""The board in a browser: messages both ways, and the picture beside it."""

from functools import cache
from importlib.resources import files
from typing import Any

import anywidget
import traitlets
from IPython.display import display, update_display

from k8snb.display.shown import Bundle
from k8snb.display.style import rules
from k8snb.errors import K8snbError
from k8snb_widgets.board import Board
from k8snb_widgets.labels import labels
from k8snb_widgets.picture import picture
from k8snb_widgets.requests import Look, Rows, done, parsed
from k8snb_widgets.tell import everything

VIEW = "application/vnd.jupyter.widget-view+json"


@cache
def asset(name: str) -> str:
    """Give the text of a file beside this module."""
    return files("k8snb_widgets").joinpath(name).read_text(encoding="utf-8")


def script() -> str:
    """Give the module of the board, with the panel of a fix."""
    return asset("dom.js") + asset("board.js") + asset("remedy.js")


class BoardView(anywidget.AnyWidget):
    """A view of a board. Its only trait are its labels: what is shown travels in messages, and is not saved."""

    labels = traitlets.Dict().tag(sync=True)

    def __init__(self, board: Board) -> None:
        self._esm = script()
        self._css = rules("style") + asset("widget.css") + asset("board.css")
        super().__init__(labels=labels())
        self._board = board
        self.on_msg(self._asked)
        board.on_change(self._changed)
        board.on_progress(lambda text: self.send({"tell": "progress", "text": text}))

    def _asked(self, _: Any, content: object, __: object) -> None:
        request = parsed(content)
        if request is None:
            return
        if isinstance(request, Look):
            self.send(everything(self._board))
        elif isinstance(request, Rows):
            self.send({"tell": "rows", "start": request.start, "rows": self._board.rows(request.start, request.count)})
        else:
            self._do(request)

    def _do(self, request: Any) -> None:
        try:
            done(self._board, request)
        except K8snbError as error:
            self.send({"tell": "trouble", "text": str(error)})

    def _changed(self) -> None:
        self.send(everything(self._board))
        update_display(picture(self._board), raw=True, display_id=self.model_id)  # type: ignore[no-untyped-call]


def show(board: Board) -> None:
    """Show a board in a notebook: the board itself, and its picture, which hides while the board lives."""
    beside(BoardView(board) if board.interactive else None, picture(board))


def beside(view: anywidget.AnyWidget | None, shown: Bundle) -> None:
    """Show a view with the picture that a saved notebook keeps of it; the picture alone where there is no view."""
    if view is None:
        display(shown, raw=True)  # type: ignore[no-untyped-call]
        return
    display({VIEW: {"version_major": 2, "version_minor": 0, "model_id": view.model_id}, "text/html": ""}, raw=True)  # type: ignore[no-untyped-call]
    display(shown, raw=True, display_id=view.model_id)  # type: ignore[no-untyped-call]
