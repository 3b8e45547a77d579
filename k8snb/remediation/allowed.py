"""What an identity lacks to apply changes and to take them back, before any of it is tried."""

from collections.abc import Iterable

from k8snb.errors import SourceError
from k8snb.remediation.patch import Change
from k8snb.resources.kinds import Kind
from k8snb.sources.access_review import ask
from k8snb.sources.connection import Connection

_BACK = {"patch": "patch", "create": "delete", "delete": "create"}


def lacking(connection: Connection, changes: Iterable[Change]) -> tuple[str, ...]:
    """Give the permissions that changes and their way back take and that are missing, as `patch deployments in shop`.

    Args:
        connection: Whom to ask, and as whom.
        changes: What is to be applied.

    Returns:
        In order; empty where nothing is missing, or the server does not say.
    """
    wanted: dict[tuple[str, Kind], dict[str, None]] = {}
    for one in changes:
        kind = one.target.known
        for verb in dict.fromkeys((one.verb, _BACK[one.verb])) if kind else ():
            assert kind is not None  # noqa: S101 - the loop is empty otherwise
            wanted.setdefault((verb, kind), {})[one.target.namespace if kind.namespaced else ""] = None
    try:
        return tuple(
            told for (verb, kind), places in wanted.items() for told in _denied(connection, verb, kind, places)
        )
    except SourceError:
        return ()


def _denied(connection: Connection, verb: str, kind: Kind, places: Iterable[str]) -> Iterable[str]:
    """Ask for everywhere first: who may there needs no other question."""
    if _may(connection, verb, kind, ""):
        return
    words = f"{verb} {kind.plural}"
    for place in places:
        if not place or not _may(connection, verb, kind, place):
            yield f"{words} in {place}" if place else words


def _may(connection: Connection, verb: str, kind: Kind, place: str) -> bool:
    about = {"verb": verb, "group": kind.group, "resource": kind.plural, "namespace": place}
    return ask(connection, {"resourceAttributes": about}).allowed
