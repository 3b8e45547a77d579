"""Plain text of outputs: 80 columns, no control characters."""

from collections.abc import Iterable, Sequence

from k8snb.assessment.score import Interval
from k8snb.display.text import cells, lead, pad, plain, shorten, wrap
from k8snb.languages import _

WIDTH = 80
MOST = 20
"""How many rows a list shows before it tells how many more there are."""


def columns(rows: Iterable[Sequence[object]], widths: Sequence[int], numbers: Iterable[int] = ()) -> list[str]:
    """Give lines of aligned cells, two spaces between them.

    Args:
        rows: Untrusted text.
        widths: Cells of each column.
        numbers: Columns that are aligned to the right.
    """
    right = set(numbers)
    return [
        "  ".join(_cell(*one, right) for one in zip(row, widths, range(len(widths)), strict=True)).rstrip()
        for row in rows
    ]


def _cell(value: object, width: int, column: int, right: set[int]) -> str:
    return lead(value, width) if column in right else pad(value, width)


def bar(score: Interval, width: int = 24) -> str:
    """Draw a score: `#` is shown to hold, `?` is not known, `.` fails."""
    low, high = round(score.low / 100 * width), round(score.high / 100 * width)
    return f"[{'#' * low}{'?' * (high - low)}{'.' * (width - high)}]"


def remainder(total: int, everything: str, most: int = MOST) -> list[str]:
    """Tell how many rows are not shown and what has them."""
    return [_(f"… and {total - most:,} more; {everything} has all.")] if total > most else []


def wrapped(text: object, indent: str = "") -> list[str]:
    """Give the lines of a paragraph in 80 columns; the first stands behind `indent`, the rest as far in.

    Args:
        text: Untrusted.
        indent: What stands before it.
    """
    return wrap(shorten(plain(_(str(text))), 2000), WIDTH, indent, " " * cells(indent))
