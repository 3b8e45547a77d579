"""What a plan, its outcome and the journal say, for every place that shows them: headings, lines, and their tone."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Literal

import msgspec

from k8snb.display.words import by_urgency, known, place
from k8snb.languages import _, language

if TYPE_CHECKING:
    from k8snb.assessment.result import Finding
    from k8snb.remediation.journal import Entry
    from k8snb.remediation.plan import Plan
    from k8snb.remediation.preview import Step

Tone = Literal["", "caution", "fail", "pass", "difference", "steps", "file"]
_MOST, _MOST_FINDINGS, _MOST_CHANGED = 40, 12, 200
_VERBS = {"patch": "would be changed", "create": "would be made", "delete": "would be removed"}
_NOUNS = {"patch": "change", "create": "new object", "delete": "removal"}
_STATES = {"intended": "left open", "not-applied": "not applied", "undone": "taken back"}
_TONES: dict[str, Tone] = {"applied": "pass", "refused": "fail", "unclear": "fail"}


class Section(msgspec.Struct, frozen=True):
    """One thing that is said, in the language in use.

    Attributes:
        heading: What it is about; untrusted text, empty where it goes on with what stands before.
        lines: What is said; untrusted text, in which `backticks` mark code.
        tone: How serious it is, or that the lines are a `difference`, numbered `steps`, or those of a `file`.
    """

    heading: str
    lines: tuple[str, ...]
    tone: Tone = ""


def preview(plan: "Plan") -> Iterator[Section]:
    """Give what a plan would do; asks the server for a dry run where there was none."""
    found, difference = plan.preview(), plan.preview().difference
    own, fixed = {one.id for one in plan.findings}, {one.id for one in difference.fixed}
    still = [one for one in plan.findings if found.steps and one.id not in fixed and one.subject.differs is None]
    yield from _told("Fixes", _findings(plan.findings))
    yield from map(_change, found.steps)
    yield from _told("Reaches", _sentences(found.effects))
    yield from _told("Server warns", _sentences(found.warnings), tone="caution")
    yield from _told("Also fixes", _findings(one for one in difference.fixed if one.id not in own))
    yield from _told("Still fails", _findings(still), tone="fail")
    yield from _told("Newly fails", _findings(difference.caused), tone="fail")
    yield from _told("Chosen", _sentences(found.notes))
    yield from _told("Caution", _sentences(found.cautions), tone="caution")
    yield from _told("Checks", _sentences(found.checks))
    yield from _told("Way back", map(_upper, _sentences([found.way_back])))
    yield from _told("Cannot apply", [obstacle(plan)], tone="fail")
    for one in plan.procedures:
        yield from _told("By hand", _sentences([one.why]), tone="caution")
        yield Section("", tuple(_sentences(one.steps)), "steps")
        yield from (Section(name, tuple(text.splitlines()), "file") for name, text in one.files.items())


def obstacle(plan: "Plan") -> str:
    """Give why a plan that was previewed cannot be applied, in a sentence; empty where it can."""
    found, keeper = plan.preview(), plan.preview().manager
    if keeper:
        return _(f"{keeper.name} keeps it ({keeper.why}) and would undo the change: export the fix for its source.")
    return _upper("".join(_sentences([found.obstacle])))


def outcome(plan: "Plan") -> Iterator[Section]:
    """Give what was seen after a plan was applied; nothing where it was not verified."""
    found = plan.verified
    if found is None:
        return
    gone = {"pass", "not-applicable"}
    rows = [
        _(f"{one.subject}: {one.control}: {_(one.before)} → {_(one.after)}")
        + ("" if one.after in gone else f". {_(one.message)}")
        for one in found.findings
    ]
    back = _sentences(["Every field is as it was before"] if plan.undoes and not found.lost else ())
    rolled, held = found.rollout.state in {"none", "done"}, all(one.after in gone for one in found.findings)
    yield from _told("Rollout", _sentences([found.rollout.told]), tone="pass" if rolled else "fail")
    yield from _told("Verified", [*rows, *back], tone="pass" if held else "fail")
    yield from _told("Lost", _sentences(f"{at} is not as it was set" for at in found.lost), tone="fail")


def ended(plans: Sequence["Plan"]) -> str:
    """Give what came of plans that were applied, in a sentence."""
    if not all(one.verified for one in plans):
        return _("It was changed, and not looked at yet.")
    if not all(one.verified and one.verified.holds for one in plans):
        return _("It was changed, but it does not hold.")
    return _("Taken back and verified.") if any(one.undoes for one in plans) else _("Fixed and verified.")


def history(entries: Iterable["Entry"]) -> Iterator[Section]:
    """Give entries of the journal, each under its id, in their order."""
    for one in entries:
        who = f"{one.cluster.user or one.who} on {one.cluster.name}"
        about = ", ".join(one.controls) or _(f"takes {one.undoes} back")
        what = f"{_(_STATES.get(one.state, one.state))}: {one.target} ({_(_NOUNS[one.verb])})"
        told = filter(None, (what, f"{one.when}, {who}, {about}", _(one.told)))
        yield Section(one.id, tuple(told), _TONES.get(one.state, ""))


def conflict(lines: Sequence[str]) -> Iterator[Section]:
    """Give what somebody else changed between the preview and the request."""
    if lines:
        yield Section(_("What changed meanwhile"), _few(lines, _MOST_CHANGED), "difference")


def _told(heading: str, lines: Iterable[str], *, tone: Tone = "") -> Iterator[Section]:
    found = _few(list(dict.fromkeys(filter(None, lines))), _MOST)
    if found:
        yield Section(_(heading), found, tone)


def _few(lines: Sequence[str], most: int) -> tuple[str, ...]:
    left = len(lines) - most
    return (*lines[:most], *([_(f"… and {left} more")] if left > 0 else []))


def _sentences(texts: Iterable[str]) -> Iterator[str]:
    stop = {"zh": "。"}.get(language(), ".")
    yield from (told if told.endswith((*".!?", stop)) else f"{told}{stop}" for told in map(_, texts) if told)


def _upper(told: str) -> str:
    return told[:1].upper() + told[1:]


def _findings(found: Iterable["Finding"]) -> tuple[str, ...]:
    return _few([_finding(one) for one in by_urgency(found)], _MOST_FINDINGS)


def _finding(one: "Finding") -> str:
    control = known(one.control)
    title = f"{one.control}: {_(control.title)}" if control else one.control
    return f"{title} ({_(one.severity)}), {place(one.subject)}"


def _change(one: "Step") -> Section:
    how = "merged here, without the server's defaults and webhooks" if one.local else "as the server would store it"
    heading = f"{one.change.target} {_(_VERBS[one.change.verb])} ({_(how)})"
    return Section(heading, _few(one.diff, _MOST_CHANGED), "difference")
