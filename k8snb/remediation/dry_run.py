"""Asking the server what a change would do: the very request, with `dryRun=All`."""

from copy import deepcopy

import msgspec

from k8snb.remediation.edits import diff, put, same
from k8snb.remediation.objects import Raw, live
from k8snb.remediation.patch import Change, Request, request, settled
from k8snb.sources.connection import Connection
from k8snb.sources.connection_answer import Answer, decoded

TIMES = 6
"""How often the same change is tried again while only the status of an object changes."""
_OK, _CONFLICT = (200, 201), 409


class DryRun(msgspec.Struct, frozen=True):
    """What the server says of a change.

    Attributes:
        change: The change.
        request: The request that was tried, and that may be sent.
        stored: The object as it would be stored, with defaults and webhooks applied; None for a deletion.
        warnings: What the server warns of; untrusted text.
        refused: Why it would refuse; empty where it would not.
        status: HTTP status.
    """

    change: Change
    request: Request
    stored: Raw | None
    warnings: tuple[str, ...] = ()
    refused: str = ""
    status: int = 200


def dry_run(connection: Connection, change: Change) -> DryRun:
    """Try a change; nothing is stored. Where the object's version or status just moved on, it is tried on that one.

    Args:
        connection: Whom to ask.
        change: The change.

    Raises:
        SourceError: if the object cannot be read.
    """
    found = _once(connection, change)
    for _ in range(TIMES):
        newer = _renewed(connection, found.change) if found.status == _CONFLICT else None
        if newer is None:
            break
        found = _once(connection, newer)
    return found


def moved_on(connection: Connection, tried: DryRun) -> DryRun | None:
    """Try the same change on the object as it is now, where all but its version and status is as it was seen.

    Returns:
        The dry run; None where the object, or what would become of it, is another one now.

    Raises:
        SourceError: if the object cannot be read.
    """
    newer = _renewed(connection, tried.change)
    found = dry_run(connection, newer) if newer else None
    return found if found and not found.refused and same(settled(found.stored), settled(tried.stored)) else None


def _once(connection: Connection, change: Change) -> DryRun:
    asked = request(change)
    answer = send(connection, asked.tried)
    if answer.status not in _OK:
        return DryRun(change, asked, None, answer.warnings, answer.reason or "no answer", answer.status)
    stored = None if change.wanted is None else decoded(answer.body, Raw)
    return DryRun(change, asked, stored, answer.warnings, "", answer.status)


def _renewed(connection: Connection, change: Change) -> Change | None:
    """Give the same change of the object as it is now; None where more than its version and status is different."""
    now = live(connection, change.target)
    if now is None or not same(settled(now), settled(change.before)):
        return None
    wanted = None if change.wanted is None else deepcopy(now)
    for edit in diff(change.before, change.wanted) if wanted is not None else ():
        put(wanted, edit.path, edit.after)
    return Change(change.target, now, wanted)


def send(connection: Connection, asked: Request) -> Answer:
    """Send a request, once."""
    return connection.send(asked.method, asked.path, asked.query, asked.body, asked.kind)
