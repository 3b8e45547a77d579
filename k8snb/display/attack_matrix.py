"""The matrix of MITRE ATT&CK for Containers: a column a tactic, a cell a technique, coloured by its worst verdict."""

from collections.abc import Sequence

from k8snb.assessment.threats import TacticView, TechniqueView
from k8snb.controls.model import SEVERITIES
from k8snb.display.parts import verdict
from k8snb.display.shown import Shown
from k8snb.display.style import scoped
from k8snb.display.terminal import wrapped
from k8snb.display.text import html_text
from k8snb.display.words import MARKS, number
from k8snb.languages import _


def attack_matrix(found: Sequence[TacticView]) -> Shown:
    """Draw the matrix; it is a list of lists, which reads the same by ear and on a narrow screen.

    Args:
        found: The tactics, in the order of the matrix.
    """
    seen = {one.id: one for tactic in found for one in tactic.techniques}
    failing = sum(bool(one.findings) for one in seen.values())
    told = _(f"{number(len(seen), 'technique')}: failing findings help {failing} of them.")
    columns = "".join(map(_column, found))
    used = {one.status for one in seen.values()}
    legend = " &nbsp; ".join(verdict(status) for status in MARKS if status in used)
    html = f'<p>{html_text(told)}</p><div class="am">{columns}</div><p class="s">{legend}</p>'
    lines = [line for tactic in found for line in _lines(tactic)]
    return Shown({"text/html": scoped(html, "figure"), "text/plain": "\n".join([*wrapped(told), *lines])})


def _column(one: TacticView) -> str:
    cells = "".join(map(_cell, one.techniques))
    body = f"<ul>{cells}</ul>" if cells else f'<p class="s">{_("No control names one of its techniques.")}</p>'
    return f"<section><h4>{html_text(_(one.name))}</h4>{body}</section>"


def _cell(one: TechniqueView) -> str:
    mark = MARKS[one.status]
    head = f'<b><span aria-hidden="true">{mark.symbol}</span> {html_text(_short(one))}</b>'
    name = f"{html_text(one.name, 100)} <small>{html_text(one.id)}</small>"
    worst = _worst(one)
    look = f'class="f {worst}" style="background:var(--{worst})"' if worst else f'class="b-{mark.colour}"'
    return f'<li {look} title="{html_text(_told(one), 300)}">{head} {name}</li>'


def _worst(one: TechniqueView) -> str:
    return min((finding.severity for finding in one.findings), key=SEVERITIES.index, default="")


def _short(one: TechniqueView) -> str:
    return f"{len(one.findings):,} · {_(_worst(one))}" if one.findings else _(MARKS[one.status].word)


def _told(one: TechniqueView) -> str:
    names = ", ".join(result.id for result in one.controls)
    return f"{number(len(one.findings), 'failing finding')}; {names}" if one.findings else names


def _lines(one: TacticView) -> list[str]:
    cells = [f"  {MARKS[cell.status].symbol} {cell.id} {cell.name}: {_short(cell)}".rstrip() for cell in one.techniques]
    return [_(one.name), *(line for cell in cells for line in wrapped(cell, "    ")), ""]
