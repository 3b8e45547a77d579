"""Taking changes back, field by field; refused where somebody else has changed the same since."""

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

import msgspec
from msgspec import UNSET

from k8snb.errors import UsageError
from k8snb.remediation.diff import shown, unified
from k8snb.remediation.edits import Edit, get, put, same
from k8snb.remediation.journal import Entry
from k8snb.remediation.objects import Raw, live
from k8snb.remediation.patch import Change
from k8snb.remediation.plan import Plan
from k8snb.remediation.session import Session
from k8snb.resources.credential_values import MARKER


def undo(session: Session, entry: Entry) -> Plan:
    """Plan the way back of one change; it is previewed, applied and verified like any other.

    Args:
        session: Work on the same cluster.
        entry: What was changed.

    Raises:
        UsageError: if it was not applied, it was another cluster, or somebody changed one of the fields since.
        SourceError: if the object cannot be read.
    """
    _check(session, entry)
    assert session.connection is not None  # noqa: S101 - checked above
    now = live(session.connection, entry.target)
    change = Change(entry.target, now, _restored(entry, now))
    return Plan(session, str(entry.target), (), [change], undoes=[entry.id])


def take_back(session: Session, entries: Sequence[Entry]) -> tuple[Plan, ...]:
    """Undo several changes, the last one first; stops at the first that cannot be.

    Returns:
        The plans, applied.

    Raises:
        UsageError: if one cannot be taken back.
    """
    done = []
    for one in reversed(entries):
        plan = undo(session, one)
        plan.dry_run()
        plan.apply()
        if not plan.succeeded:
            raise UsageError(f"{one.target} could not be set back: {plan.applied[-1].entry.told}.", "Plan it again.")
        session.book.finish(one, "undone")
        done.append(plan)
    return tuple(done)


def _check(session: Session, entry: Entry) -> None:
    if entry.state != "applied":
        raise UsageError(f"Entry {entry.id} is {entry.state}: there is nothing to take back.", "k8snb fix --history")
    if session.connection is None:
        raise UsageError("This source is no live cluster.", f"The entry is of {entry.cluster.name}.")
    here = session.identity
    if entry.cluster.uid and here.uid and entry.cluster.uid != here.uid:
        raise UsageError(f"Entry {entry.id} is of another cluster ({entry.cluster.name}).", f"This one is {here.name}.")


def _restored(entry: Entry, now: Raw | None) -> Raw | None:
    """Give the object as it was before, everything else as it is now; None where it was not there."""
    if entry.verb == "delete":
        if now is not None:
            raise UsageError(f"{entry.target} exists again: somebody made it since.", "Look at it, and decide.")
        return entry.before
    if now is None:
        raise UsageError(f"{entry.target} is gone: there is nothing to set back.", "Somebody deleted it since.")
    if entry.verb == "create":
        if not same(shown(now), entry.after):
            raise _ChangedError(entry, ["\n".join(unified(entry.after, now))])
        return None
    return _fields(entry, now)


def _fields(entry: Entry, now: Raw) -> Raw:
    seen, found, wrong = shown(now), deepcopy(now), []
    for edit in reversed(entry.edits):
        there = get(seen, edit.path)
        if not _ours(there, edit.after):
            wrong.append(f"{edit.at}: k8snb set {_told(edit.after)}, now it is {_told(there)}")
        elif _redacted(edit.before):
            wrong.append(f"{edit.at}: held a credential, which the journal does not keep")
        else:
            _set_back(found, edit, there)
    if wrong:
        raise _ChangedError(entry, wrong)
    return found


def _ours(there: Any, after: Any) -> bool:
    """Whether what k8snb set is still there; what others added beside it does not matter."""
    if isinstance(there, dict) and isinstance(after, dict):
        return all(_ours(there.get(key, UNSET), value) for key, value in after.items())
    return same(there, after)


def _set_back(found: Raw, edit: Edit, there: Any) -> None:
    if (
        edit.before is UNSET
        and isinstance(there, dict)
        and isinstance(edit.after, dict)
        and not same(there, edit.after)
    ):
        _only_ours(get(found, edit.path), edit.after)
    else:
        put(found, edit.path, edit.before)


def _only_ours(value: Any, after: Any) -> None:
    """Take out of a value what was set, and leave what others added."""
    for key, set_there in after.items():
        if isinstance(set_there, dict) and isinstance(value.get(key), dict) and not same(value[key], set_there):
            _only_ours(value[key], set_there)
        else:
            value.pop(key, None)


def _redacted(value: Any) -> bool:
    return value is not UNSET and MARKER.encode() in msgspec.json.encode(value)


def _told(value: Any) -> str:
    return "not set" if value is UNSET else msgspec.json.encode(value).decode()[:200]


class _ChangedError(UsageError):
    def __init__(self, entry: Entry, wrong: Sequence[str]) -> None:
        hint = "Undo it by hand, or leave it: only what nobody touched since is set back."
        super().__init__(f"{entry.target} was changed by somebody else since: {'; '.join(wrong)}.", hint)
