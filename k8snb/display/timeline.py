"""When the maintenance of each minor release ends, seen from one day, and what runs of it here."""

from collections.abc import Mapping, Sequence
from datetime import date

from k8snb.analysis.releases import Minor
from k8snb.display import terminal
from k8snb.display.parts import table, verdict
from k8snb.display.shown import Shown
from k8snb.display.style import scoped
from k8snb.display.text import html_text
from k8snb.display.words import number
from k8snb.languages import _

_YEAR = 365


def timeline(minors: Sequence[Minor], running: Mapping[str, Sequence[str]], today: date, told: str) -> Shown:
    """Give the minor releases with their ends of life.

    Args:
        minors: The releases, oldest first.
        running: What runs here by minor, such as `3 kubelets`; a minor that is not known stands at the end.
        today: The day to judge by.
        told: A sentence to say before it.
    """
    known = {one.minor for one in minors}
    rows = [(one.minor, one.end_of_life, list(running.get(one.minor, ()))) for one in minors]
    others = [(name, None, list(here)) for name, here in running.items() if name not in known]
    everything = [*rows, *others]
    head = ("Minor release", "Maintained until", "Seen from the day of the run", "Runs here", "")
    cells = [_row(name, end, here, today) for name, end, here in everything]
    html = f"<p>{html_text(_(told))}</p>{table(head, cells)}"
    plain = [(name, str(end or _("unknown")), _left(end, today), ", ".join(here)) for name, end, here in everything]
    lines = terminal.columns(plain, (9, 11, 24, 28))
    return Shown({"text/html": scoped(html, "figure"), "text/plain": "\n".join([*terminal.wrapped(_(told)), *lines])})


def _row(name: str, end: date | None, here: Sequence[str], today: date) -> list[str]:
    status = "not-assessed" if end is None else "pass" if end >= today else "fail"
    return [
        f'<span class="v">{html_text(name, 40)}</span>',
        f'<span class="v">{end or _("unknown")}</span>',
        verdict(status, html_text(_left(end, today))),
        f"<b>{html_text(', '.join(here), 300)}</b>",
        _bar(end, today),
    ]


def _bar(end: date | None, today: date) -> str:
    """Draw the days before the end to the right of the middle, and those after it to the left; a year at most."""
    if end is None:
        return ""
    days = max(-_YEAR, min(_YEAR, (end - today).days))
    width = 50 * abs(days) / _YEAR
    start, colour = (50.0, "pass") if days >= 0 else (50 - width, "fail")
    bar = f'<i class="s-{colour}" style="width:{width:.1f}%;margin-left:{start:.1f}%"></i>'
    return f'<div class="share" aria-hidden="true">{bar}</div>'


def _left(end: date | None, today: date) -> str:
    if end is None:
        return _("not known")
    days = (end - today).days
    return _(f"{number(days, 'day')} left") if days >= 0 else _(f"ended {number(-days, 'day')} ago")
