"""Tables in which every row has a bar of its shares beside the numbers."""

from collections.abc import Mapping, Sequence

import msgspec

from k8snb.display import terminal
from k8snb.display.parts import empty, table
from k8snb.display.shown import Shown
from k8snb.display.style import scoped
from k8snb.display.text import html_text
from k8snb.languages import _

MOST = 30


class Shares(msgspec.Struct, frozen=True):
    """A row: its name, untrusted text that is not translated, and its counts by column."""

    name: str
    counts: Mapping[str, int]


def shares_table(title: str, told: str, heading: str, rows: Sequence[Shares], colours: Mapping[str, str]) -> Shown:
    """Give counts as a table with bars.

    Args:
        title: The heading above it.
        told: What can be seen in it, in one sentence; also where there is nothing else.
        heading: What the rows are.
        rows: What to show; only the first ones where there are many.
        colours: Columns in their order, each with `pass`, `waived`, `medium`, `fail`, `open` or `none`.
    """
    shown = rows[:MOST]
    head = (heading, *colours, "")
    cells = [
        [html_text(row.name, 80), *(f"{row.counts.get(one, 0):,}" for one in colours), _bar(row, colours)]
        for row in shown
    ]
    more = empty(f"… and {len(rows) - MOST} more.") if len(rows) > MOST else ""
    body = table(head, cells, numbers=range(1, len(head) - 1)) + more if cells else ""
    html = f"<h4>{html_text(_(title))}</h4><p>{html_text(_(told))}</p>{body}"
    lines = [(row.name, *(f"{row.counts.get(one, 0):,}" for one in colours)) for row in shown]
    titles = [("", *(_(one) for one in colours))] if lines else []
    columns = terminal.columns([*titles, *lines], (26, *[12] * len(colours)), numbers=range(1, len(colours) + 1))
    text = "\n".join([_(title), *terminal.wrapped(_(told)), *columns])
    return Shown({"text/html": scoped(html, "figure"), "text/plain": text})


def _bar(row: Shares, colours: Mapping[str, str]) -> str:
    whole = sum(row.counts.values()) or 1
    parts = (
        f'<i class="s-{colour}" style="width:{100 * row.counts.get(name, 0) / whole:.1f}%"></i>'
        for name, colour in colours.items()
    )
    return f'<div class="share" aria-hidden="true">{"".join(parts)}</div>'
