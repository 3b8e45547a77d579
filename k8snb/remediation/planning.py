"""From findings to plans: one for each object, in the order in which they are best applied."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

import msgspec

from k8snb.assessment.assessment import Assessment
from k8snb.assessment.parameters import resolve
from k8snb.assessment.result import Finding
from k8snb.controls.registry import controls as all_controls
from k8snb.controls.registry import find as find_control
from k8snb.controls.registry import suggest
from k8snb.errors import UsageError
from k8snb.remediation.discovery import discoverer
from k8snb.remediation.edits import same
from k8snb.remediation.objects import Found, Raw, find
from k8snb.remediation.patch import Change
from k8snb.remediation.plan import Plan
from k8snb.remediation.plans import proposals
from k8snb.remediation.plans.model import Context, Procedure, Proposal
from k8snb.remediation.session import Session
from k8snb.remediation.target import Target, of_subject

_ORDER = ("ServiceAccount", "LimitRange", "ResourceQuota", "NetworkPolicy", "Role", "ClusterRole")
_LAST = ("Namespace",)
_SHOWN = 5


class _Draft(msgspec.Struct):
    """What becomes one plan."""

    findings: list[Finding] = []
    proposed: list[Proposal] = []
    procedures: list[Procedure] = []


def plan(result: Assessment, *, control: str, subject: str | None = None) -> Plan:
    """Plan the fix of one object.

    Args:
        result: An assessment of a source that can still be asked.
        control: Id of the control.
        subject: What to fix, as `Kind/namespace/name` or `Kind/name`; may be left out where only one object fails.

    Raises:
        UsageError: if there is no such control or subject, it does not fail, or several do and none was named.
        SourceError: if an object cannot be read.
    """
    found = plans(result, controls=[control], subject=subject)
    if len(found) > 1 and subject is None:
        named = ", ".join(str(one.findings[0].subject) for one in found[:_SHOWN])
        raise UsageError(f"{control} fails in {len(found)} places.", f"Name one as subject, such as {named}.")
    return found[0]


def plans(
    result: Assessment, *, controls: Sequence[str], subject: str | None = None, session: Session | None = None
) -> tuple[Plan, ...]:
    """Plan the fixes of several controls; see `plan`.

    Args:
        result: An assessment of a source that can still be asked.
        controls: Ids of controls.
        subject: What to fix; everything that fails if None.
        session: Work that these plans are part of; one of their own if None.

    Returns:
        The plans, one for each object that changes; at least one.
    """
    if result.cluster is None or result.cluster.opened is None:
        raise UsageError("An assessment from a file cannot be fixed.", "Assess the source again, and plan on that.")
    session = session or Session(result.cluster)
    findings = _wanted(result, [find_control(one).id for one in controls], subject)
    given = dict(result.record.parameters)
    values = resolve(given, all_controls().values(), result.cluster.clock)
    reader = _Reader(session, [of_subject(one.subject) for one in findings])
    drafts: dict[Any, _Draft] = {}
    for one in findings:
        context = Context(
            session.cluster, one, of_subject(one.subject), values, reader.read, discoverer(session.connection)
        )
        for proposed in proposals(context):
            _draft(drafts, one, proposed)
    made = [_plan(session, draft, reader, given) for draft in drafts.values()]
    return tuple(sorted(made, key=_rank))


def _wanted(result: Assessment, ids: Sequence[str], subject: str | None) -> list[Finding]:
    failing = [one for one in result.findings(status="fail") if one.control in ids and one.waiver is None]
    found = [one for one in failing if subject is None or str(one.subject).lower() == subject.lower()]
    if not found and subject is not None and failing:
        known = list(dict.fromkeys(str(one.subject) for one in failing))
        hint = suggest(subject, known, f"Such as {', '.join(known[:_SHOWN])}.")
        raise UsageError(f"{', '.join(ids)}: nothing fails that is called {subject!r}.", hint)
    if not found:
        raise UsageError(
            f"{', '.join(ids)}: nothing fails here, so there is nothing to fix.", "k8snb assess shows what does."
        )
    return found


def _draft(drafts: dict[Any, _Draft], finding: Finding, proposed: Proposal | Procedure) -> None:
    if isinstance(proposed, Procedure):
        draft = drafts.setdefault(of_subject(finding.subject), _Draft())
        if proposed not in draft.procedures:
            draft.procedures.append(proposed)
    else:
        target = proposed.target
        key = (target.kind, target.namespace) if proposed.make is not None else target
        draft = drafts.setdefault(key, _Draft())
        if not any(_equal(one, proposed) for one in draft.proposed):
            draft.proposed.append(proposed)
    if finding not in draft.findings:
        draft.findings.append(finding)


def _equal(one: Proposal, other: Proposal) -> bool:
    both = one.edit is None and other.edit is None
    return both and one.target == other.target and same(one.make, other.make)


class _Reader:
    """Reads each object once; a recording is gone through once for all that are known beforehand."""

    def __init__(self, session: Session, wanted: Sequence[Target]) -> None:
        self._session = session
        self._known: dict[Target, Found | None] = {}
        if session.connection is None:
            self._known |= dict.fromkeys(wanted) | find(session.cluster, wanted)

    def found(self, target: Target) -> Found | None:
        if target not in self._known:
            self._known[target] = find(self._session.cluster, [target]).get(target)
        return self._known[target]

    def read(self, target: Target) -> Raw | None:
        found = self.found(target)
        return found.raw if found else None


def _plan(session: Session, draft: _Draft, reader: _Reader, parameters: Mapping[str, Any]) -> Plan:
    changes = [one for one in _changes(draft.proposed, reader) if not one.empty]
    targets = [one.target for one in changes] or [of_subject(draft.findings[0].subject)]
    title = str(targets[0]) if len(targets) == 1 else f"{targets[0].kind} of {targets[0].namespace}"
    return Plan(
        session,
        title,
        draft.findings,
        changes,
        procedures=draft.procedures or ([] if changes else [_nothing(targets[0])]),
        notes=[one.note for one in draft.proposed if one.note],
        parameters=parameters,
        origins={one: found.origin for one in targets if (found := reader.found(one)) and found.origin},
    )


def _nothing(target: Target) -> Procedure:
    return Procedure(
        f"{target} already is as the fix would make it; something else is wrong.",
        ("Look at the evidence: k8snb explain FINDING-ID.", "Assess again."),
    )


def _changes(proposed: Sequence[Proposal], reader: _Reader) -> list[Change]:
    """Put what is proposed together, one change for each object: all edits of one, one after the other."""
    found: dict[Target, Change] = {}
    for one in proposed:
        if one.make is not None:
            found[one.target] = Change(one.target, None, one.make)
            continue
        known = found.get(one.target)
        before = known.before if known else reader.read(one.target)
        if before is None or (known and known.wanted is None):
            continue
        wanted = deepcopy(known.wanted if known else before)
        if one.edit is not None and wanted is not None:
            one.edit(wanted)
        found[one.target] = Change(one.target, before, wanted if one.edit is not None else None)
    return list(found.values())


def _rank(one: Plan) -> tuple[int, str]:
    kind = one.changes[0].target.kind if one.changes else ""
    if kind in _LAST:
        return len(_ORDER) + 1, one.title
    return _ORDER.index(kind) if kind in _ORDER else len(_ORDER), one.title
