"""The chooser of a source: its value is the word that `k8snb.connect` understands."""

from collections.abc import Callable
from typing import Annotated, Any

import msgspec

from k8snb.display.parts import empty
from k8snb.display.shown import Bundle
from k8snb.display.style import scoped
from k8snb.display.text import html_text, plain
from k8snb.errors import UsageError
from k8snb.languages import _
from k8snb_widgets.asked import Asked
from k8snb_widgets.lines import shown
from k8snb_widgets.memory import recalled, remember
from k8snb_widgets.sources import Glance, Offered, glance, offered

_SYMBOLS = {"met": ("✓", "pass"), "partly": ("?", "open"), "gone": ("✗", "fail")}


class Choose(Asked, frozen=True, tag="choose"):
    """A source of those that are offered."""

    id: Annotated[str, msgspec.Meta(max_length=40)]


class Again(Asked, frozen=True, tag="again"):
    """Another look at what there is to choose, and at what may be read of the chosen one."""


class Chooser:
    """A source to choose. All that can be clicked is a method, and works without a browser.

    Args:
        value: The source at first, a parameter of the notebook perhaps; the current kubeconfig context if empty.
        name: By this name a notebook remembers what was chosen, for when the cell runs again; not at all if empty.
        interactive: Whether a notebook shows the chooser to click on, or a line with the source.
        folder: Where to look for manifests and snapshots; the working directory if empty.

    Attributes:
        value: The chosen source.
        glance: What may be read of it, if somebody looked; see `look`.
    """

    def __init__(self, value: str = "demo", *, name: str = "", interactive: bool = True, folder: str = "") -> None:
        self.interactive = interactive
        self.glance: Glance | None = None
        self._name, self._start, self._folder = name, value, folder
        self._told: list[Callable[[], None]] = []
        self.value = recalled(name, value) if interactive else value

    @property
    def choices(self) -> list[Offered]:
        """What there is to choose now; the chosen source and the first one are always among it."""
        found = offered(self._folder)
        known = {one.word for one in found}
        own = [one for one in dict.fromkeys((self.value, self._start)) if one not in known]
        return [*(Offered(one, _what(one)) for one in own), *found]

    def choose(self, word: str) -> "Chooser":
        """Choose a source, and look at what may be read of it; give the chooser."""
        self.value, self.glance = word, None
        remember(self._name, self._start, word)
        self._tell()
        self.look()
        return self

    def look(self) -> Glance:
        """Ask what may be read of the chosen source; a server that is gone says so in one line."""
        self.glance = glance(self.value)
        self._tell()
        return self.glance

    def on_change(self, tell: Callable[[], None]) -> None:
        """Have something called after every change."""
        self._told.append(tell)

    def _tell(self) -> None:
        for tell in self._told:
            tell()

    def told(self) -> dict[str, Any]:
        """Give all that a view shows, as plain data in which every text shows what it holds."""
        chosen = next(one.id for one in self.choices if one.word == self.value)
        return {
            "tell": "state",
            "labels": {
                "title": _("What to assess"),
                "again": _("Look again"),
                "looking": _("Looking …"),
                "missing": _("What cannot be read"),
                "next": _("Run the cells below to assess it."),
            },
            "choices": [
                {"id": one.id, "word": shown(one.word, 200) or _("current context"), "what": one.what}
                for one in self.choices
            ],
            "chosen": chosen,
            "glance": self._glanced(),
            "trouble": "",
        }

    def _glanced(self) -> dict[str, Any] | None:
        if self.glance is None:
            return None
        symbol, colour = _SYMBOLS[self.glance.state]
        return {"symbol": symbol, "colour": colour, "told": self.glance.told, "missing": list(self.glance.missing)}

    def asked(self, content: object) -> None:
        """Do what a browser asks, if it may ask that.

        Raises:
            UsageError: if it names a source that is not offered.
        """
        try:
            request: Choose | Again = msgspec.convert(content, Choose | Again)
        except msgspec.ValidationError:
            return
        if isinstance(request, Again):
            self.look()
            return
        found = next((one for one in self.choices if one.id == request.id), None)
        if found is None:
            raise UsageError("That source is not there any more.", "Look again.")
        self.choose(found.word)

    def picture(self) -> Bundle:
        """Give the chosen source as a MIME bundle of HTML without scripts, and of text; others are not in it."""
        word, what = shown(self.value, 200) or _("current context"), _what(self.value)
        title, seen = _("What to assess"), self.glance.told if self.glance else ""
        told = f"{html_text(title)}: <b>{html_text(word, 300)}</b> {html_text(what)}"
        html = f'<p class="k8snb-picture">{told}</p>{empty(seen) if seen else ""}'
        return {"text/html": scoped(html), "text/plain": plain(f"{title}: {word} ({what}) {seen}".strip())}

    def __repr__(self) -> str:
        return str(self.picture()["text/plain"])

    def _repr_mimebundle_(self, **_: Any) -> Bundle:
        return self.picture()

    def _ipython_display_(self) -> None:
        from k8snb_widgets.form import show

        show(self, "chooser")


def _what(word: str) -> str:
    """Tell what a source is, by its word alone."""
    if word == "demo":
        return _("the bundled demo cluster")
    if word == "sandbox" or word.startswith("sandbox:"):
        return _("a practice cluster on this machine")
    return _("a cluster of the kubeconfig") if not word or word.startswith("context:") else _("files")
