"""Plans, previews, outcomes and the journal as text for a terminal."""

from collections.abc import Iterator, Sequence

from k8snb.assessment.result import Finding
from k8snb.controls.registry import controls
from k8snb.display.text import cells, clip, lead, pad, plain
from k8snb.formats.screen import ORDER, Screen, plural
from k8snb.languages import _
from k8snb.remediation.journal import Entry
from k8snb.remediation.plan import Plan
from k8snb.remediation.plans.model import Procedure
from k8snb.remediation.preview import Preview, Step
from k8snb.remediation.verify import Verified

_LABEL = 13
_LINES, _LISTED = 80, 6
_MARKS = {"+": "pass", "-": "fail", "@": "quiet"}
_VERBS = {"patch": "changed", "create": "made", "delete": "removed"}


def plan(one: Plan, preview: Preview, screen: Screen, number: str = "") -> bytes:
    """Tell what a plan would do.

    Args:
        one: The plan.
        preview: Its preview.
        screen: Where it is shown.
        number: Its place among several, such as `2 of 5`.
    """
    lines = [*_head(one.title, number, screen), *_findings("Fixes", one.findings, screen)]
    for step in preview.steps:
        lines += _step(step, screen, titled=len(preview.steps) > 1)
    lines += [""] if preview.steps else []
    lines += _told("Reaches", preview.effects, screen)
    lines += _told("Server warns", preview.warnings, screen, "medium")
    lines += _others(one, preview, screen)
    lines += _told("Chosen", preview.notes, screen)
    lines += _told("Caution", preview.cautions, screen, "medium")
    lines += _told("Checks", ["; ".join(preview.checks)] if preview.checks else (), screen)
    lines += _told("Way back", [preview.way_back] if preview.way_back else (), screen)
    lines += _obstacles(preview, screen)
    for procedure in one.procedures:
        lines += _procedure(procedure, screen)
    return screen.finish(lines)


def _head(title: str, number: str, screen: Screen) -> list[str]:
    number = _(number)
    shown = clip(_(title), screen.width - cells(number) - 2)
    line = "─" if screen.unicode else "-"
    return [
        "",
        f"{screen.style(shown, 'title')}{lead(number, screen.width - cells(shown))}",
        screen.style(line * screen.width, "quiet"),
    ]


def _label(label: str, screen: Screen, style: str = "quiet") -> str:
    return screen.style(pad(_(label), _LABEL), style)


def _findings(label: str, findings: Sequence[Finding], screen: Screen, style: str = "") -> list[str]:
    known, found = controls(), sorted(findings, key=lambda one: (ORDER[one.severity], one.control, str(one.subject)))
    lines = []
    for index, one in enumerate(found[:_LISTED]):
        title = _(known[one.control].title) if one.control in known else one.control
        first = pad(_(label), _LABEL) if index == 0 else " " * _LABEL
        severity = screen.style(pad(_(one.severity), 8), one.severity)
        indent = _LABEL + 9
        head = f"{screen.style(first, style or 'quiet')}{severity} "
        lines += screen.wrap(f"{one.control}: {title}", indent, head)
        where = str(one.subject) if len({str(other.subject) for other in found}) > 1 else ""
        where = _(f"pods such as {one.subject.differs}") if one.subject.differs else where
        if where:
            lines.append(" " * indent + screen.style(clip(where, screen.width - indent), "quiet"))
    more = len(found) - _LISTED
    return [*lines, *([" " * _LABEL + _(f"and {plural(more, 'more', 'more')}")] if more > 0 else [])]


def _step(step: Step, screen: Screen, *, titled: bool) -> Iterator[str]:
    change = step.change
    word = _(f"would be {_VERBS[change.verb]}")
    told = f"{change.target} {word}" if titled else f"{change.target.kind} {word}"
    as_stored = "merged here; the server was not asked" if step.local else "as the server would store it"
    yield ""
    yield from screen.wrap(f"{told}, {_(as_stored)}:", _LABEL, _label("Change", screen))
    yield ""
    for line in step.diff[:_LINES]:
        text = clip(line, screen.width - 2)
        yield f"  {screen.style(text, _MARKS[line[0]]) if line[:1] in _MARKS else text}"
    if len(step.diff) > _LINES:
        more = plural(len(step.diff) - _LINES, "more line", "more lines")
        yield f"  {_(f'{more}; --export DIR writes all of it')}"


def _told(label: str, texts: Sequence[str], screen: Screen, style: str = "quiet") -> Iterator[str]:
    for index, text in enumerate(texts):
        first = _label(label, screen, style) if index == 0 else " " * _LABEL
        yield from screen.wrap(_sentence(text), _LABEL, first)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _others(one: Plan, preview: Preview, screen: Screen) -> list[str]:
    own = {finding.id for finding in one.findings}
    also = [finding for finding in preview.difference.fixed if finding.id not in own]
    left = [finding for finding in one.findings if preview.steps and finding.id not in _fixed(preview)]
    return [
        *_findings("Also fixes", also, screen),
        *_findings("Still fails", [finding for finding in left if finding.subject.differs is None], screen, "high"),
        *_findings("Newly fails", preview.difference.caused, screen, "high"),
    ]


def _fixed(preview: Preview) -> set[str]:
    return {finding.id for finding in preview.difference.fixed}


def _obstacles(preview: Preview, screen: Screen) -> Iterator[str]:
    local = list(dict.fromkeys(one.local for one in preview.steps if one.local))
    yield from _told("Preview", local, screen, "not-assessed")
    keeper = preview.manager
    if keeper:
        told = f"Kept by {keeper.name} ({keeper.why}): export the fix for its source. --force-managed changes it here."
        yield from _told("Managed", [told], screen, "high")
    if preview.obstacle:
        yield from _told("Cannot apply", [preview.obstacle[:1].upper() + preview.obstacle[1:]], screen, "high")


def _procedure(procedure: Procedure, screen: Screen) -> Iterator[str]:
    yield ""
    yield from screen.wrap(procedure.why, _LABEL, _label("By hand", screen, "medium"))
    for index, step in enumerate(procedure.steps, 1):
        yield from screen.wrap(step, _LABEL, f"{f'{index}.':>{_LABEL - 1}} ")
    for name, text in procedure.files.items():
        yield ""
        yield screen.style(f"  {plain(name)}", "title")
        yield from (f"  {plain(line)}" for line in text.splitlines())


def verified(one: Plan, found: Verified, screen: Screen) -> bytes:
    """Tell what became of a plan that was applied: before and after."""
    lines: list[str] = []
    if found.rollout.told:
        style = "pass" if found.rollout.state in {"none", "done"} else "fail"
        lines += _told("Rollout", [found.rollout.told], screen, style)
    for row in found.findings:
        arrow = f"{screen.style(_(row.before), row.before)} -> {screen.style(_(row.after), row.after)}"
        lines.append(f"{_label('Verified', screen)}{plain(row.control)}: {arrow}")
        if row.after not in {"pass", "not-applicable"}:
            lines += screen.wrap(row.message, _LABEL)
    lines += _told("Lost", [f"{at} is not as it was set" for at in found.lost], screen, "fail")
    if one.undoes and not found.lost:
        lines += _told("Verified", ["every field is as it was before"], screen, "pass")
    return screen.finish(lines)


def entries(found: Sequence[Entry], screen: Screen) -> bytes:
    """List entries of the journal, the newest first."""
    lines = (
        [screen.style(_columns("ENTRY", "STATE", "CHANGE", "OBJECT"), "title")]
        if found
        else [_("The journal is empty.")]
    )
    for one in reversed(found):
        style = {"applied": "pass", "undone": "quiet", "refused": "fail", "unclear": "fail"}.get(one.state, "medium")
        room = max(screen.width - 52, 20)
        state, verb = screen.style(pad(_(one.state), 13), style), pad(_(_VERBS[one.verb]), 9)
        lines.append(f"{one.id:30}{state}{verb}{clip(str(one.target), room)}")
        who = (
            f"{one.cluster.user or one.who} on {one.cluster.name}, {', '.join(one.controls) or f'undoes {one.undoes}'}"
        )
        lines += [screen.style(line, "quiet") for line in screen.wrap(f"{one.when} {who}", 2)]
        lines += screen.wrap(one.told, 2) if one.told else []
    return screen.finish(lines)


def _columns(entry: str, state: str, change: str, thing: str) -> str:
    return f"{pad(_(entry), 30)}{pad(_(state), 13)}{pad(_(change), 9)}{_(thing)}"


def conflict(lines: Sequence[str], screen: Screen) -> bytes:
    """Show what somebody else changed between the preview and the request."""
    shown = [clip(line, screen.width - 2) for line in lines[:_LINES]]
    return screen.finish(f"  {screen.style(line, _MARKS[line[0]]) if line[:1] in _MARKS else line}" for line in shown)
