"""Forms in a browser: messages both ways, and the picture beside them."""

from typing import Any, Protocol

import anywidget
from IPython.display import update_display

from k8snb.display.shown import Bundle
from k8snb.display.style import rules
from k8snb.errors import K8snbError
from k8snb.languages import _
from k8snb_widgets.labels import RESTARTED
from k8snb_widgets.lines import shown
from k8snb_widgets.live import asset, beside


class Form(Protocol):
    """What a view is of: it tells all that is shown, and does what it is asked."""

    interactive: bool

    def told(self) -> dict[str, Any]:
        """Give all that a view shows, as plain data."""

    def asked(self, content: object) -> None:
        """Do what a browser asks."""

    def picture(self) -> Bundle:
        """Give it as a MIME bundle."""

    def on_change(self, tell: Any) -> None:
        """Have something called after every change."""


class FormView(anywidget.AnyWidget):
    """A view of a form. It has no traits of its own: what is shown travels in messages, and is not saved."""

    def __init__(self, form: Form, module: str) -> None:
        self._esm = asset("dom.js") + asset("form.js") + asset(f"{module}.js")
        self._css = rules("style") + asset("widget.css") + asset("form.css")
        super().__init__()
        self._form = form
        self.on_msg(self._asked)
        form.on_change(self._changed)

    def _asked(self, _view: Any, content: object, _buffers: object) -> None:
        if content == {"ask": "look"}:
            self._tell()
            return
        try:
            self._form.asked(content)
        except K8snbError as error:
            self._tell()
            self.send({"tell": "trouble", "text": shown(error, 500)})

    def _tell(self) -> None:
        self.send({**self._form.told(), "restarted": _(RESTARTED)})

    def _changed(self) -> None:
        self._tell()
        update_display(self._form.picture(), raw=True, display_id=self.model_id)  # type: ignore[no-untyped-call]


def show(form: Form, module: str) -> None:
    """Show a form in a notebook: the form itself, and its picture, which hides while the form lives.

    Args:
        form: The form.
        module: Name of its ES module, without the extension.
    """
    beside(FormView(form, module) if form.interactive else None, form.picture())
