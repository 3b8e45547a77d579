"""The board as a picture: what a saved notebook keeps of it, and what stands where scripts do not run."""

from typing import TYPE_CHECKING

from k8snb.display.finding import finding_bundle, table_html, table_text
from k8snb.display.parts import interval_bar, interval_text
from k8snb.display.shown import Bundle
from k8snb.display.style import scoped
from k8snb.display.text import html_text
from k8snb.display.words import CHAPTER_TITLES, MARKS, number
from k8snb.languages import _
from k8snb_widgets.detail import detail
from k8snb_widgets.lines import Header, Plain, shown
from k8snb_widgets.state import FACETS, State

if TYPE_CHECKING:
    from k8snb_widgets.board import Board

MOST = 25
"""Findings, or groups, in the picture: it stays far below 100 KB."""
_MOST_LINES = 80


def picture(board: "Board") -> Bundle:
    """Give the board as a MIME bundle of HTML without scripts, and of text.

    Args:
        board: The board, as it stands.
    """
    told = _(f"{number(len(board.found), 'finding')} of {len(board.index.findings):,}") + chosen(board.state)
    found = board.found[:MOST]
    parts = (
        f'<p class="k8snb-picture">{html_text(told, 600)}</p>',
        _score(board),
        _groups(board) if board.state.group else table_html(found, "board.found"),
        _rest(len(board.found)) if not board.state.group else "",
        _fixed(board),
        _selected(board),
    )
    text = f"{told}\n{table_text(board.found, 'board.found')}"
    return {"text/html": scoped("".join(parts)), "text/plain": text}


def chosen(state: State) -> str:
    """Tell in words what is chosen; untrusted text."""
    told = [f"{_(facet)} {_(' or ').join(_word(facet, one) for one in getattr(state, facet))}" for facet in _set(state)]
    told += [f"{_('text')} {shown(state.text, 80)!r}"] if state.text else []
    return f": {'; '.join(told)}" if told else ""


def _set(state: State) -> list[str]:
    return [facet for facet in FACETS if getattr(state, facet)]


def _word(facet: str, value: str) -> str:
    if facet == "status" and value in MARKS:
        return _(MARKS[value].word)
    if facet in {"chapter", "severity"}:
        return _(CHAPTER_TITLES.get(value, value))
    return shown(value, 80) or _("none")


def _score(board: "Board") -> str:
    score, of = board.assessment.score, _("of 100")
    return (
        f'<div class="strip"><div class="big">{interval_text(score)} <small>{of}</small></div>'
        f'<div class="g">{interval_bar(score)}</div></div>'
    )


def _groups(board: "Board") -> str:
    heads = [one for one in board.lines if isinstance(one, Header)]
    listed = "".join(
        f"<li>{html_text(one.label, 200)} <small>{number(one.count, 'finding')}</small></li>" for one in heads[:MOST]
    )
    return f"<ul>{listed}</ul>{_rest(len(heads))}"


def _rest(size: int) -> str:
    rest = _(f"… and {size - MOST:,} more.")
    return f'<p class="s">{rest}</p>' if size > MOST else ""


def _fixed(board: "Board") -> str:
    """Tell what was applied, and what came of it."""
    done = [one for one in board.remedies.values() if one.state]
    items = "".join(
        f"<li>{html_text(f'{one.finding.subject}, {one.finding.control}: {one.state}', 400)}</li>"
        for one in done[:MOST]
    )
    return f"<p>{_('What was changed here:')}</p><ul>{items}</ul>" if done else ""


def _selected(board: "Board") -> str:
    found = board.selected
    if found is None:
        return ""
    objects: list[Plain] = detail(board.assessment, found)["manifests"]
    return str(finding_bundle(found)["text/html"]) + "".join(map(_manifest, objects))


def _manifest(one: Plain) -> str:
    lines = "\n".join(_line(line) for line in one["lines"][:_MOST_LINES])
    return f"<h4>{html_text(one['name'], 300)}</h4><pre>{lines}</pre>"


def _line(one: Plain) -> str:
    text = html_text(one["text"], 200)
    note = f"  ← {html_text(one['note'], 200)}" if one["note"] else ""
    return f"<b>{text}{note}</b>" if one["marked"] else text
