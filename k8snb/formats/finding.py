"""One finding, explained."""

import shlex
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from k8snb.access.settle import ways
from k8snb.assessment.result import Finding
from k8snb.controls.model import Control
from k8snb.display.text import clip, plain
from k8snb.formats.control import texts
from k8snb.formats.screen import Screen
from k8snb.languages import _

if TYPE_CHECKING:
    from k8snb.assessment.result import Record

_LONGEST = 400
_MOST = 10


def explain(one: Finding, control: Control | None, screen: Screen, record: "Record | None" = None) -> bytes:
    """Give what was seen, what would make it pass or settle it, why it matters and how to fix it.

    Args:
        one: The finding.
        control: Its control; None where it is not installed here.
        screen: What the terminal can show.
        record: The assessment that it is of.
    """
    lines = [*_head(one, screen), *_evidence(one, screen, record), *_passing(one, screen)]
    if control:
        lines += [*_settling(one, control, screen, record), *texts(control, screen), *_further(control, screen)]
    return screen.finish(lines)


def _head(one: Finding, screen: Screen) -> Iterator[str]:
    status = screen.style(_("waived" if one.waiver else one.status), one.status)
    yield f"{screen.style(one.control, 'title')}  {status}  {screen.style(_(one.severity), one.severity)}  {one.id}"
    yield from screen.wrap(clip(one.subject, _LONGEST))
    subject = one.subject
    facts = [
        f"stands for {subject.pods:,} running pods" if subject.pods else "",
        f"pods that differ from their template, such as {clip(subject.differs, 80)}" if subject.differs else "",
        f"not assessed: {one.cause}" if one.cause else "",
        f"from {clip(one.origin, _LONGEST)}" if one.origin else "",
        ", ".join(f"{name}: {clip(value, _LONGEST)}" for name, value in (one.waiver or {}).items()),
    ]
    for fact in filter(None, facts):
        yield from (screen.style(line, "quiet") for line in screen.wrap(fact))
    yield ""
    yield from screen.wrap(clip(_(one.message), 4 * _LONGEST))
    if one.status == "fail" and not one.waiver:
        words = f"k8snb fix SOURCE --control {one.control} --subject {shlex.quote(clip(subject, _LONGEST))}"
        yield from ("", *screen.wrap(f"{words} shows a way to fix it."))


def _evidence(one: Finding, screen: Screen, record: "Record | None") -> Iterator[str]:
    if one.evidence:
        yield from ("", screen.style(_("EVIDENCE"), "title"))
    for seen in one.evidence:
        unseen = one.status == "not-assessed" and seen.observed is None
        yield from screen.wrap(clip(seen.at, _LONGEST) + ("" if unseen else f" ({_(seen.source)})"), 2)
        unset = _("not seen" if unseen else "not set")
        observed = unset if seen.observed is None else msgspec.json.encode(seen.observed).decode()
        yield from screen.wrap(clip(observed, _LONGEST), 16, f"    {_('observed')}")
        yield from screen.wrap(clip(_(seen.expected), _LONGEST), 16, f"    {_('expected')}")
        if place := _place(one, seen.at, record):
            yield from screen.wrap(clip(place, _LONGEST), 16, f"    {_('file')}")


def _place(one: Finding, path: str, record: "Record | None") -> str:
    """Give the file and line of a field, as long as the file is as it was; empty where that is not known."""
    from k8snb.sources.field_line import field_place

    if not (one.origin and record):
        return ""
    read = datetime.fromisoformat(record.source.finished).timestamp() + 1
    return field_place(one.origin, path, read)


def _passing(one: Finding, screen: Screen) -> Iterator[str]:
    """Tell what would make a failing finding pass: what was expected, at each place that failed."""
    if one.status != "fail" or not one.evidence:
        return
    places: dict[str, list[str]] = {}
    for seen in one.evidence:
        places.setdefault(seen.expected, []).append(seen.at)
    yield from ("", screen.style(_("IT PASSES WITH"), "title"))
    for expected, found in places.items():
        yield from screen.wrap(clip(_(expected), _LONGEST), 2)
        yield from (line for at in found[:_MOST] for line in screen.wrap(f"at {clip(at, _LONGEST)}", 4))
        if len(found) > _MOST:
            yield f"    {_(f'and at {len(found) - _MOST:,} more places')}"


def _settling(one: Finding, control: Control, screen: Screen, record: "Record | None") -> Iterator[str]:
    found = ways(one, control, record.source if record else None, record.coverage if record else ())
    if found:
        yield from ("", screen.style(_("WHAT WOULD SETTLE IT, WHAT SEES FOR ITSELF FIRST"), "title"))
    for way in found:
        yield f"  {plain(way.command)}"
        yield from (screen.style(line, "quiet") for line in screen.wrap(way.what, 6))


def _further(control: Control, screen: Screen) -> Iterator[str]:
    yield ""
    yield from screen.wrap(f"k8snb controls {control.id} shows examples, and the same rule in other tools.")
