"""Small pieces of HTML that all outputs are made of. Arguments called `html` are safe already; nothing else is."""

import re
from collections.abc import Iterable, Sequence

from k8snb.assessment.score import Interval
from k8snb.display.text import html_text
from k8snb.display.words import MARKS, number
from k8snb.languages import _

MOST = 100
"""How many rows a list shows before it tells how many more there are."""
_FEW = 12
_CODE = re.compile(r"`([^`]+)`")


def verdict(status: str, word: str = "") -> str:
    """Give a verdict as shape, word and colour."""
    mark = MARKS[status]
    return f'<span class="v {mark.colour}">{mark.symbol} {word or _(mark.word)}</span>'


def tally(status: str, count: int) -> str:
    """Give a count in the colour of its verdict, quiet where there is none."""
    return f'<span class="v {MARKS[status].colour}">{count:,}</span>' if count else '<span class="s">0</span>'


def severity(word: str) -> str:
    """Give a severity as a chip."""
    return f'<span class="c {html_text(word)}" style="background:var(--{html_text(word)})">{html_text(_(word))}</span>'


def prose(text: object, limit: int = 2000) -> str:
    """Give a sentence, in the language in use, in which `backticks` mark code."""
    return marked(_(str(text)), limit)


def marked(text: str, limit: int = 2000) -> str:
    """Give a text that is translated already, in which `backticks` mark code."""
    return _CODE.sub(r"<code>\1</code>", html_text(text, limit))


def code(text: object, limit: int = 300) -> str:
    """Give text that stands in a cluster or a file."""
    return f"<code>{html_text(text, limit)}</code>"


def interval_bar(score: Interval) -> str:
    """Draw a score: what is shown to hold, what nobody knows (hatched), and what fails."""
    told = _(f"at least {score.low:.0f}, at most {score.high:.0f} of 100")
    return (
        f'<div class="bar" role="img" aria-label="{told}" title="{told}">'
        f'<i class="lo" style="width:{score.low:.1f}%"></i>'
        f'<i class="un" style="width:{score.high - score.low:.1f}%"></i></div>'
    )


def interval_text(score: Interval) -> str:
    """Give both ends of a score, or one number where they are the same; HTML."""
    return str(score).replace(" to ", f"<small> {_('to')} </small>")


def table(head: Sequence[str], rows: Iterable[Sequence[str]], numbers: Iterable[int] = ()) -> str:
    """Give a table.

    Args:
        head: Column titles, plain text.
        rows: HTML of the cells; the first of a row is its heading.
        numbers: Columns that hold numbers.
    """
    right = [' class="n"' if column in set(numbers) else "" for column in range(len(head))]
    titles = "".join(f'<th scope="col"{side}>{html_text(_(one))}</th>' for one, side in zip(head, right, strict=True))
    return (
        f'<div class="w"><table><thead><tr>{titles}</tr></thead>'
        f"<tbody>{''.join(_row(row, right) for row in rows)}</tbody></table></div>"
    )


def _row(row: Sequence[str], right: Sequence[str]) -> str:
    first = f'<th scope="row"{right[0]}>{row[0]}</th>'
    rest = (f"<td{side}>{one}</td>" for one, side in zip(row[1:], right[1:], strict=True))
    return f"<tr>{first}{''.join(rest)}</tr>"


def folded(heading: str, html: str, size: int, note: str = "") -> str:
    """Give a section that can be closed; it is open where it is short.

    Args:
        heading: Plain text.
        html: The content.
        size: How many rows it holds.
        note: Plain text after the heading, quieter.
    """
    opened = " open" if size <= _FEW else ""
    quiet = f" <small>{html_text(_(note))}</small>" if note else ""
    return f'<details class="l"{opened}><summary>{html_text(_(heading))}{quiet}</summary>{html}</details>'


def remainder(total: int, everything: str, most: int = MOST) -> str:
    """Tell how many rows are not shown and what has them; empty where all are shown."""
    if total <= most:
        return ""
    return f'<p class="s">{prose(f"… and {total - most:,} more; `{everything}` has all.")}</p>'


def empty(text: str) -> str:
    """Say that there is nothing, as a quiet line."""
    return f'<p class="s">{html_text(_(text))}</p>'


def counts_line(counts: Iterable[tuple[str, int]]) -> str:
    """Give counts by verdict on one line, those that are not zero."""
    return " &nbsp; ".join(verdict(status, f"{count:,} {_(MARKS[status].word)}") for status, count in counts if count)


def pods(count: int | None) -> str:
    """Tell how many running pods a subject stands for."""
    return "" if count is None else f' <small style="white-space:nowrap">{number(count, "pod")}</small>'
