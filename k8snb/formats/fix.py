"""Plans, outcomes and the journal as text for a terminal."""

from collections.abc import Iterable

from k8snb.display.plan import text
from k8snb.display.text import cells, clip, lead
from k8snb.display.told import Section
from k8snb.formats.screen import Screen
from k8snb.languages import _

_STYLES = {"caution": "medium", "s": "quiet"}


def told(sections: Iterable[Section], screen: Screen, head: Iterable[str] = ()) -> bytes:
    """Give what is told as UTF-8 text.

    Args:
        sections: What is told.
        screen: Where it is shown.
        head: Lines that stand before.
    """

    def style(one: str, tone: str) -> str:
        return screen.style(one, _STYLES.get(tone, tone)) if tone else one

    return screen.finish([*head, *text(sections, screen.width, style)])


def heading(title: str, screen: Screen, number: str = "") -> list[str]:
    """Give the heading of a plan.

    Args:
        title: Untrusted.
        screen: Where it is shown.
        number: Its place among several, such as `2 of 5`.
    """
    number = _(number)
    shown = clip(_(title), screen.width - cells(number) - 2)
    line = ("─" if screen.unicode else "-") * screen.width
    first = f"{screen.style(shown, 'title')}{lead(number, screen.width - cells(shown))}"
    return ["", first, screen.style(line, "quiet")]
