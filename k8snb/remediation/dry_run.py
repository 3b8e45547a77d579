"""Asking the server what a change would do: the very request, with `dryRun=All`."""

import msgspec

from k8snb.remediation.objects import Raw
from k8snb.remediation.patch import Change, Request, request
from k8snb.sources.connection import Connection
from k8snb.sources.connection_answer import Answer, decoded

_OK = (200, 201)


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
    """Try a change; nothing is stored.

    Args:
        connection: Whom to ask.
        change: The change.
    """
    asked = request(change)
    answer = send(connection, asked.tried)
    if answer.status not in _OK:
        return DryRun(change, asked, None, answer.warnings, answer.reason or "no answer", answer.status)
    stored = None if change.wanted is None else decoded(answer.body, Raw)
    return DryRun(change, asked, stored, answer.warnings, "", answer.status)


def send(connection: Connection, asked: Request) -> Answer:
    """Send a request, once."""
    return connection.send(asked.method, asked.path, asked.query, asked.body, asked.kind)
