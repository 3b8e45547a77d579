"""The matrix of MITRE ATT&CK for Containers: tactics as columns, techniques in their cells, verdicts in words."""

from collections.abc import Mapping, Sequence

import msgspec

from k8snb.assessment.threats import TechniqueView
from k8snb.display import terminal
from k8snb.display.parts import empty, verdict
from k8snb.display.shown import Shown
from k8snb.display.style import scoped
from k8snb.display.text import html_text
from k8snb.display.words import MARKS, number
from k8snb.languages import _


class Technique(msgspec.Struct, frozen=True):
    """A cell: number and name of a technique, its worst verdict as a word of `MARKS`, and its failing findings."""

    id: str
    name: str
    status: str
    failing: int


def technique(view: TechniqueView) -> Technique:
    """Give the cell of a technique: it fails where a finding fails that nobody accepted."""
    held = {one.status for one in view.controls}
    accepted = "waived" if "fail" in held else next((one for one in MARKS if one in held), "not-assessed")
    return Technique(view.id, view.name, "fail" if view.findings else accepted, len(view.findings))


def attack_matrix(tactics: Mapping[str, Sequence[str]], found: Sequence[TechniqueView]) -> Shown:
    """Give the techniques that controls stand against, below their tactics.

    Args:
        tactics: Numbers of the techniques of each tactic, in order.
        found: What the assessment says of techniques; what no control names is left out.
    """
    cells = {one.id: technique(one) for one in found}
    columns = {name: [cells[one] for one in numbers if one in cells] for name, numbers in tactics.items()}
    shown = {name: column for name, column in columns.items() if column}
    told = _told(list(cells.values())) if shown else "No control that names a technique was assessed."
    body = "".join(_column(name, column) for name, column in shown.items())
    html = f'<p>{html_text(_(told))}</p><div class="m">{body}</div>' if shown else empty(told)
    lines = [line for name, column in shown.items() for line in _lines(name, column)]
    return Shown({"text/html": scoped(html, "figure"), "text/plain": "\n".join([*terminal.wrapped(_(told)), *lines])})


def _told(cells: Sequence[Technique]) -> str:
    fail, unknown = (sum(one.status == status for one in cells) for status in ("fail", "not-assessed"))
    return (
        f"{number(len(cells), 'technique')} by tactic: findings fail against {fail} of them, and {unknown} "
        "could not be judged. A technique that serves several tactics stands below each."
    )


def _column(name: str, cells: Sequence[Technique]) -> str:
    return f"<section><h5>{html_text(_(name))}</h5><ul>{''.join(map(_cell, cells))}</ul></section>"


def _cell(one: Technique) -> str:
    label = verdict(one.status, _number(one))
    return (
        f'<li class="m-{MARKS[one.status].colour}"><b>{html_text(one.id)}</b>{html_text(one.name, 120)}<br>{label}</li>'
    )


def _number(one: Technique) -> str:
    return _(f"{one.failing} failing") if one.failing else _(MARKS[one.status].word)


def _lines(name: str, cells: Sequence[Technique]) -> list[str]:
    rows = [(one.id, one.name, f"{MARKS[one.status].symbol} {_number(one)}") for one in cells]
    return ["", _(name), *terminal.columns(rows, (10, 46, 20))]
