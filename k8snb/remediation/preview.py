"""The preview: what the server says of each change, and what that does to everybody else."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from k8snb.assessment.result import Finding
from k8snb.controls.registry import controls
from k8snb.remediation.diff import unified
from k8snb.remediation.dry_run import DryRun, dry_run
from k8snb.remediation.edits import diff
from k8snb.remediation.effects import effects
from k8snb.remediation.judged import Difference, difference, replaced
from k8snb.remediation.managed import Manager, manager
from k8snb.remediation.objects import Raw
from k8snb.remediation.patch import Change
from k8snb.remediation.rollout import ROLLING
from k8snb.remediation.session import Session
from k8snb.sources.connection import Connection

_FIXED_PODS = frozenset({"Pod", "Job"})
_LOCAL = "merged here, without the server's defaults and webhooks"
_BACK = {"patch": "the fields are set back one by one", "create": "{} is deleted", "delete": "{} is made again"}


class Step(msgspec.Struct, frozen=True):
    """One object of a preview.

    Attributes:
        change: What changes.
        tried: What the server said; None where it was not asked.
        stored: The object as it would be; None where it would be gone.
        diff: The lines of the difference.
        local: Why this is a merge of our own, and not the server's answer; empty where it is the server's.
        manager: Who else keeps the object.
        obstacle: Why it cannot be applied, whatever anybody says; empty where it can.
    """

    change: Change
    tried: DryRun | None
    stored: Raw | None
    diff: tuple[str, ...]
    local: str = ""
    manager: Manager | None = None
    obstacle: str = ""


class Preview(msgspec.Struct, frozen=True):
    """Everything that is known before anything is changed.

    Attributes:
        steps: The objects, in order.
        effects: Who else is reached, one sentence each.
        warnings: What the server warns of; untrusted text.
        difference: Findings that are fixed, and those that are caused.
        cautions: What may break, as the controls say.
        notes: Choices that were made.
        checks: What will be verified.
        way_back: How it is undone.
    """

    steps: tuple[Step, ...]
    effects: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    difference: Difference = Difference()
    cautions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    way_back: str = ""

    @property
    def obstacle(self) -> str:
        """Why it cannot be applied; empty where it can."""
        return next((one.obstacle for one in self.steps if one.obstacle), "")

    @property
    def manager(self) -> Manager | None:
        """Who else keeps one of the objects."""
        return next((one.manager for one in self.steps if one.manager), None)


def look(
    session: Session,
    changes: Sequence[Change],
    findings: Sequence[Finding],
    *,
    notes: Sequence[str],
    parameters: Mapping[str, Any],
    ours: bool,
) -> Preview:
    """Try changes, and tell what they do.

    Args:
        session: Work on one cluster.
        changes: What changes, in order.
        findings: What they are to fix.
        notes: Choices that were made.
        parameters: Values of the run's parameters.
        ours: Whether they take back what k8snb did, whoever else keeps the objects.
    """
    steps = tuple(_step(session.connection, one, ours=ours) for one in changes)
    cluster = session.cluster
    changed = replaced(cluster, {one.change.target: one.stored for one in steps}) if steps else cluster
    reached = [told for one in steps for told in effects(cluster, changed, one.change, one.stored)]
    known = controls()
    return Preview(
        steps,
        tuple(dict.fromkeys(reached)),
        tuple(text for one in steps if one.tried for text in one.tried.warnings),
        difference(cluster, changed, _place(changes), parameters) if steps else Difference(),
        tuple(dict.fromkeys(known[one.control].caution for one in findings if one.control in known)),
        tuple(notes),
        _checks(steps, findings),
        _way_back(steps),
    )


def _step(connection: Connection | None, change: Change, *, ours: bool) -> Step:
    before = change.before
    tried = dry_run(connection, change) if connection and not _immutable(change) else None
    refused = tried.refused if tried else ""
    stored = tried.stored if tried and not refused else change.wanted
    edits = list(diff(before, change.wanted)) if change.verb == "patch" else []
    return Step(
        change,
        tried,
        stored,
        tuple(unified(before, stored)),
        _LOCAL if tried is None else f"{_LOCAL}: {refused}" if refused else "",
        None if ours or change.verb == "create" else manager(before, edits),
        _obstacle(change, tried, connection),
    )


def _immutable(change: Change) -> bool:
    return change.verb == "patch" and change.target.kind in _FIXED_PODS


def _obstacle(change: Change, tried: DryRun | None, connection: Connection | None) -> str:
    if _immutable(change):
        return (
            f"the spec of a {change.target.kind} cannot be changed; delete it and make it anew from the exported file"
        )
    if connection is None:
        return "this source is no live cluster"
    if tried and tried.status == 403:
        words = f"{change.verb} on {change.target.collection.rpartition('/')[2]}"
        return f"you may not {words} here ({tried.refused})"
    return f"the server refuses it: {tried.refused}" if tried and tried.refused else ""


def _place(changes: Iterable[Change]) -> str:
    """Give the namespace in which findings may change; empty for more than one."""
    places = {one.target.name if one.target.kind == "Namespace" else one.target.namespace for one in changes}
    return places.pop() if len(places) == 1 else ""


def _checks(steps: Sequence[Step], findings: Sequence[Finding]) -> tuple[str, ...]:
    restarts = any(one.change.target.kind in ROLLING and one.change.verb == "patch" for one in steps)
    wanted = tuple(f"{control} passes" for control in dict.fromkeys(one.control for one in findings))
    return (*(("The rollout ends with every new pod ready",) if restarts else ()), *wanted) if steps else ()


def _way_back(steps: Sequence[Step]) -> str:
    words = [_BACK[one.change.verb].format(one.change.target) for one in steps]
    return f"{', '.join(dict.fromkeys(words))}, unless somebody else changes the same meanwhile" if words else ""
