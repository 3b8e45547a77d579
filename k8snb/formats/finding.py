"""One finding, explained."""

import shlex
from collections.abc import Iterator

import msgspec

from k8snb.assessment.result import Finding
from k8snb.controls.model import Control
from k8snb.display.text import clip
from k8snb.formats.control import texts
from k8snb.formats.screen import Screen
from k8snb.languages import _

_LONGEST = 400


def explain(one: Finding, control: Control | None, screen: Screen) -> bytes:
    """Give what was seen, why it matters and how to fix it.

    Args:
        one: The finding.
        control: Its control; None where it is not installed here.
        screen: What the terminal can show.
    """
    lines = [*_head(one, screen), *_evidence(one, screen), *(texts(control, screen) if control else ())]
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


def _evidence(one: Finding, screen: Screen) -> Iterator[str]:
    if one.evidence:
        yield from ("", screen.style(_("EVIDENCE"), "title"))
    for seen in one.evidence:
        yield from screen.wrap(f"{clip(seen.at, _LONGEST)} ({_(seen.source)})", 2)
        observed = _("not set") if seen.observed is None else msgspec.json.encode(seen.observed).decode()
        yield from screen.wrap(clip(observed, _LONGEST), 16, f"    {_('observed')}")
        yield from screen.wrap(clip(_(seen.expected), _LONGEST), 16, f"    {_('expected')}")
