"""Sending a change: journalled first, sent once, and looked for where nobody answered."""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
from msgspec import UNSET

from k8snb.errors import SourceError
from k8snb.remediation.diff import shown, unified
from k8snb.remediation.dry_run import DryRun, send
from k8snb.remediation.edits import Edit, diff, get, same
from k8snb.remediation.journal import OPEN, Entry, Identity, Journal, State, entry
from k8snb.remediation.objects import Raw, live
from k8snb.remediation.patch import MANAGER
from k8snb.sources.connection import Connection
from k8snb.sources.connection_answer import Answer, decoded

UNDERWAY = 60.0
"""Seconds that a server may still work on a request of which the answer was lost (`--request-timeout`)."""
_OK = (200, 201)
_LOOKED = "; found by looking"


class Applied(msgspec.Struct, frozen=True):
    """What became of a change.

    Attributes:
        entry: Its entry in the journal.
        stored: The object as the server gave it back; None where it is gone or nothing came back.
        conflict: What somebody else changed meanwhile, as lines of a diff; empty where nobody did.
        stale: Whether only its version or status changed meanwhile, as it does while a rollout goes on.
    """

    entry: Entry
    stored: Raw | None = None
    conflict: tuple[str, ...] = ()
    stale: bool = False


def apply(
    connection: Connection,
    book: Journal,
    tried: DryRun,
    *,
    plan: str,
    cluster: Identity,
    controls: tuple[str, ...],
    undoes: str = "",
) -> Applied:
    """Make a change that was tried before; its entry is on disk before it is sent.

    Args:
        connection: Whom to ask.
        book: The journal.
        tried: The dry run of this very request.
        plan: Id of the plan.
        cluster: Where, and as whom.
        controls: Ids of the controls that it is to satisfy.
        undoes: Id of the entry that it takes back.

    Raises:
        UsageError: if the journal cannot be written; nothing was sent then.
    """
    begun = book.begin(entry(tried, plan, cluster, controls, undoes))
    answer = send(connection, tried.request)
    if answer.status in _OK:
        stored = None if tried.change.wanted is None else decoded(answer.body, Raw)
        return Applied(book.finish(begun, "applied", **_really(tried, stored)), stored)
    if answer.failed or answer.status >= 500:
        return Applied(settle(connection, book, msgspec.structs.replace(begun, told=answer.reason)))
    conflict = _meanwhile(connection, tried, answer)
    done = book.finish(begun, "refused", told=answer.reason)
    return Applied(done, None, conflict or (), answer.status == 409 and conflict is not None and not conflict)


def _really(tried: DryRun, stored: Raw | None) -> dict[str, object]:
    """Give what the server did, where that differs from what it said it would."""
    before, after = shown(tried.change.before), shown(stored)
    if tried.change.verb == "patch" and stored is not None:
        return {"edits": tuple(diff(before, after))}
    return {"after": after} if stored is not None else {}


def _meanwhile(connection: Connection, tried: DryRun, answer: Answer) -> tuple[str, ...] | None:
    """Tell what somebody else changed between the preview and the request; None where that is not known."""
    if answer.status != 409:
        return None
    try:
        return tuple(unified(tried.change.before, live(connection, tried.change.target)))
    except SourceError:
        return None


def settle(connection: Connection, book: Journal, open_entry: Entry) -> Entry:
    """Find out by looking what became of a change of which nobody knows, and write that down."""
    try:
        now = live(connection, open_entry.target)
    except SourceError as error:
        return book.finish(open_entry, "unclear", told=str(error))
    state = _became(open_entry, now)
    if state == "not-applied" and _age(open_entry) < UNDERWAY:
        state = "unclear"
    told = (open_entry.told or "the answer never came").removesuffix(_LOOKED)
    return book.finish(open_entry, state, told=f"{told}{_LOOKED}")


def _age(one: Entry) -> float:
    """Give the seconds since an entry was written."""
    return (datetime.now(UTC) - datetime.fromisoformat(one.when)).total_seconds()


def _became(one: Entry, now: Raw | None) -> State:
    if now is None or one.verb == "delete":
        gone: State = "applied" if one.verb == "delete" else "not-applied" if one.verb == "create" else "unclear"
        return gone if now is None else "not-applied"
    if one.version and now["metadata"].get("resourceVersion") == one.version:
        return "not-applied"
    ours = any(field.get("manager") == MANAGER for field in now["metadata"].get("managedFields") or ())
    ours = ours or (
        one.verb == "patch" and all(edit.after is UNSET for edit in one.edits)
    )  # who only removes owns nothing
    if one.verb == "create":
        return "applied" if ours else "not-applied"
    if ours and holds(one.edits, now, "after"):
        return "applied"
    return "not-applied" if holds(one.edits, now, "before") else "unclear"


def holds(edits: Sequence[Edit], now: Raw, side: str) -> bool:
    """Say whether an object has all fields as edits have them on one side."""
    seen = shown(now)
    return all(same(get(seen, edit.path), getattr(edit, side)) for edit in edits)


def reconcile(connection: Connection, book: Journal, cluster: Identity) -> list[Entry]:
    """Settle every open entry of this cluster; give those that were open."""
    known = {one.id: one for one in book.entries()}
    found = [settle(connection, book, one) for one in known.values() if one.state in OPEN and _here(one, cluster)]
    for one in found:
        if one.state == "applied" and one.undoes in known:
            book.finish(known[one.undoes], "undone")
    return found


def _here(one: Entry, cluster: Identity) -> bool:
    if one.cluster.uid and cluster.uid:
        return one.cluster.uid == cluster.uid
    return (one.cluster.name, one.cluster.server) == (cluster.name, cluster.server)
