"""What a board tells a browser: plain data, in which every text shows what it holds."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from k8snb.assessment.score import Interval
from k8snb.controls.model import SEVERITIES
from k8snb.display.words import CHAPTER_TITLES, MARKS, number
from k8snb.languages import _
from k8snb_widgets.lines import Plain, shown
from k8snb_widgets.state import FACETS, GROUPS, Facet

if TYPE_CHECKING:
    from k8snb_widgets.board import Board

MOST_VALUES = 400
"""Values of one filter that are offered; the others can be searched for."""


def everything(board: "Board") -> Plain:
    """Give all that a view shows, but for the lines of the list, which it asks for as it needs them."""
    total, found = len(board.index.findings), len(board.answer.found)
    return {
        "tell": "state",
        "state": msgspec.to_builtins(board.state),
        "marks": {name: msgspec.to_builtins(mark) | {"word": _(mark.word)} for name, mark in MARKS.items()},
        "source": shown(board.assessment.record.source.name, 200),
        "scores": _scores(board),
        "facets": {facet: _values(board, facet) for facet in FACETS},
        "groups": list(GROUPS),
        "found": _(f"{number(found, 'finding')} of {total:,}"),
        "lines": len(board.lines),
        "at": _at(board),
        "rows": board.rows(0, 40),
        "detail": board.detail(),
    }


def _scores(board: "Board") -> list[Plain]:
    score = board.assessment.record.score
    chapters = [_score(_(CHAPTER_TITLES.get(name, shown(name))), one) for name, one in score.chapters.items()]
    return [_score(_("Score"), board.assessment.score), *(chapters if len(chapters) > 1 else [])]


def _score(name: str, one: Interval) -> Plain:
    told = _(f"at least {one.low:.0f}, at most {one.high:.0f} of 100")
    return {
        "name": name,
        "low": one.low,
        "high": one.high,
        "text": str(one).replace(" to ", f" {_('to')} "),
        "told": told,
    }


def _values(board: "Board", facet: Facet) -> list[Plain]:
    """Give the values of a filter with their counts: those that are chosen, and those that would let something through.

    Verdicts and severities keep their order, and stay where they are with none.
    """
    counts, taken = board.answer.counts[facet], getattr(board.state, facet)
    order = _ORDERS.get(facet, [])
    values = order if facet in {"status", "severity"} else [one for one in board.index.values[facet] if counts.get(one)]
    named = sorted({*values, *taken}, key=lambda one: (order.index(one) if one in order else 99, one))
    kept = {*taken, *named[:MOST_VALUES]}
    return [{"value": one, "label": _label(facet, one), "count": counts.get(one, 0)} for one in named if one in kept]


_ORDERS: Mapping[Facet, Sequence[str]] = {
    "status": list(MARKS),
    "severity": list(SEVERITIES),
    "chapter": list(CHAPTER_TITLES),
}


def _label(facet: Facet, value: str) -> str:
    if facet == "status":
        return _(MARKS[value].word)
    if facet in {"chapter", "severity"}:
        return _(CHAPTER_TITLES.get(value, value))
    return shown(value, 120) or _("no namespace")


def _at(board: "Board") -> int:
    """Give the line of the selected finding; -1 where it has none."""
    place = board.index.places.get(board.state.selected)
    return board.lines.index(place) if place is not None and place in board.lines else -1
