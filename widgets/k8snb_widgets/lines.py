"""The lines of the board: findings, or groups that open."""

from collections.abc import Sequence
from typing import Any

import msgspec

from k8snb.assessment.result import Finding
from k8snb.display.text import shorten, visible
from k8snb.display.words import known, place, verdict_of
from k8snb.languages import _
from k8snb_widgets.index import Index
from k8snb_widgets.state import State

Plain = dict[str, Any]


class Header(msgspec.Struct, frozen=True):
    """The line of a group: its key, what it is called, how many findings it has, how many fail, whether it is open."""

    key: str
    label: str
    count: int
    failing: int
    opened: bool


Line = Header | int
"""A group, or the place of a finding."""


def lines(index: Index, found: Sequence[int], state: State) -> Sequence[Line]:
    """Give the lines for what was found; the findings of a closed group are not among them."""
    if not state.group:
        return found
    groups: dict[str, list[int]] = {}
    keys = [str(one.subject) for one in index.findings] if state.group == "subject" else index.columns[state.group]
    for at in found:
        groups.setdefault(keys[at], []).append(at)
    opened, statuses = frozenset(state.opened), index.columns["status"]
    result: list[Line] = []
    for key, members in groups.items():
        failing = sum(statuses[at] == "fail" for at in members)
        label = _(key) if state.group == "severity" else key or _("no namespace")
        result.append(Header(key, label, len(members), failing, key in opened))
        result.extend(members if key in opened else ())
    return result


def plain_line(index: Index, line: Line) -> Plain:
    """Give a line as plain data for a browser; every text in it is cut and shows what it holds."""
    if isinstance(line, Header):
        return {
            "group": line.key,
            "label": shown(line.label),
            "count": line.count,
            "failing": line.failing,
            "opened": line.opened,
        }
    return plain_finding(index.findings[line])


def plain_finding(one: Finding) -> Plain:
    """Give what a line tells of a finding."""
    control = known(one.control)
    return {
        "id": one.id,
        "verdict": verdict_of(one),
        "severity": one.severity,
        "control": shown(one.control, 80),
        "title": shown(_(control.title)) if control else "",
        "subject": shown(place(one.subject)),
        "pods": one.subject.pods,
        "message": shown(_(one.message)),
    }


def shown(text: object, limit: int = 300) -> str:
    """Give untrusted text of at most `limit` characters in which nothing is invisible; not escaped for HTML."""
    return visible(shorten(str(text), limit))
