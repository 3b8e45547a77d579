"""Rows as a table that a notebook shows."""

from collections.abc import Mapping, Sequence
from typing import Any

from k8snb.display import terminal
from k8snb.display.inventory import columns_of, rows_html
from k8snb.display.parts import MOST, empty, remainder
from k8snb.display.shown import Shown
from k8snb.display.style import scoped
from k8snb.display.text import html_text
from k8snb.display.words import observed
from k8snb.languages import _

Row = Mapping[str, Any]


def rows_table(rows: Sequence[Row], *, none: str, everything: str, told: str = "") -> Shown:
    """Give rows as a table; rich in a notebook.

    Args:
        rows: One mapping a row; untrusted text.
        none: What to say where there is no row.
        everything: What gives all rows, where there are too many to show.
        told: A sentence to say before them; untrusted text.
    """
    html = rows_html(rows[:MOST]) + remainder(len(rows), everything) if rows else empty(none)
    sentence = f"<p>{html_text(_(told))}</p>" if told else ""
    return Shown({"text/html": scoped(sentence + html), "text/plain": "\n".join(_lines(rows, none, everything, told))})


def sentence(told: str) -> Shown:
    """Give one sentence; untrusted text."""
    return Shown({"text/html": scoped(f"<p>{html_text(_(told))}</p>"), "text/plain": "\n".join(terminal.wrapped(told))})


def _lines(rows: Sequence[Row], none: str, everything: str, told: str) -> list[str]:
    if not rows:
        return [*terminal.wrapped(told), _(none)]
    names = columns_of(rows)[:5]
    width = (terminal.WIDTH - 2 * len(names)) // max(len(names), 1)
    cells = [[_word(row.get(name)) for name in names] for row in rows[: terminal.MOST]]
    table = terminal.columns([[_(name.replace("_", " ")) for name in names], *cells], [width] * len(names))
    return [*terminal.wrapped(told), *table, *terminal.remainder(len(rows), everything)]


def _word(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "" if value is None else value if isinstance(value, str) else observed(value)
