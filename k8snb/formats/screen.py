"""What a terminal can show, and text made for it."""

from collections.abc import Iterable
from typing import Any

import msgspec

from k8snb.controls.model import Severity
from k8snb.display.text import cells, plain
from k8snb.display.text import wrap as lines_of
from k8snb.languages import _
from k8snb.languages import plural as counted

STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True},
    "quiet": {"dim": True},
    "critical": {"fg": "magenta", "bold": True},
    "high": {"fg": "red", "bold": True},
    "medium": {"fg": "yellow"},
    "low": {"fg": "cyan"},
    "fail": {"fg": "red", "bold": True},
    "pass": {"fg": "green"},
    "not-assessed": {"fg": "blue"},
    "not-applicable": {"dim": True},
}
_ASCII = str.maketrans({"█": "#", "▒": "+", "░": ".", "…": "~", "→": "->"})


class Screen(msgspec.Struct, frozen=True):
    """What the place that an answer goes to can show.

    Attributes:
        width: Cells in a line.
        colour: Whether it knows ANSI styles.
        unicode: Whether it shows more than ASCII of our own making; names of a cluster stay as they are.
    """

    width: int = 80
    colour: bool = False
    unicode: bool = False

    def style(self, text: str, name: str) -> str:
        """Give the text in one of `STYLES`."""
        if not self.colour:
            return text
        import typer

        return typer.style(text, **STYLES[name])

    def wrap(self, text: object, indent: int = 0, first: str = "") -> list[str]:
        """Give the lines of a paragraph.

        Args:
            text: Untrusted.
            indent: Cells before each line.
            first: What stands in the indent of the first line.
        """
        margin = " " * indent
        lines = lines_of(plain(_(str(text))), max(self.width - indent, 20)) or [""]
        beside = first + " " * max(indent - cells(first), bool(first) and not first.endswith(" "))
        return [f"{beside}{lines[0]}", *(margin + line for line in lines[1:])]

    def finish(self, lines: Iterable[str]) -> bytes:
        """Give the lines as UTF-8 text."""
        text = "\n".join(line.rstrip() for line in lines) + "\n"
        return (text if self.unicode else text.translate(_ASCII)).encode("utf-8", "replace")


def cut(text: object, width: int) -> str:
    """Give `plain` text of at most `width` cells; a sentence that is too long loses its end."""
    found = plain(text)
    if cells(found) <= width:
        return found
    shorter = found[: width - 1]
    while cells(shorter) >= width:
        shorter = shorter[:-1]
    return f"{shorter.rstrip()}…"


def bar(low: float, high: float, width: int) -> str:
    """Draw an interval of percents: what is sure, what is open, what is lost."""
    sure, possible = round(low / 100 * width), round(high / 100 * width)
    return "█" * sure + "▒" * (possible - sure) + "░" * (width - possible)


def range_text(low: float, high: float) -> str:
    """Give an interval of percents in words; one number only where both ends are the same."""
    return f"{low:.0f}" if round(low) == round(high) else _(f"{low:.0f} to {high:.0f}")


def plural(count: int, one: str, many: str = "") -> str:
    """Give a count with its noun."""
    return counted(count, one, many or f"{one}s")


ORDER: dict[Severity, int] = {"critical": 0, "high": 1, "medium": 2, "low": 3}
