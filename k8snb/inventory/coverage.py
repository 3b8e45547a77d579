"""What could be read, what not, and why."""

import msgspec

from k8snb.inventory.build import Collected
from k8snb.resources.kinds import KINDS
from k8snb.sources.stream import ELSEWHERE, Cause, Gap


class Coverage(msgspec.Struct, frozen=True):
    """How much of one resource was read.

    Attributes:
        resource: Plural name.
        listed: How many objects were read.
        cause: Why absence proves nothing; None when the resource was listed to the end.
        message: The same for a person; empty when all was read.
    """

    resource: str
    listed: int
    cause: Cause | None
    message: str = ""


def reaches(gap: Gap, resource: str, namespace: str | None) -> bool:
    """Say whether a gap may hide objects of a resource (in a namespace, or anywhere if None)."""
    if gap.resource not in {None, resource}:
        return False
    return namespace is None or gap.namespace in {None, ELSEWHERE, namespace}


def coverage(collected: Collected, *, complete: bool) -> tuple[Coverage, ...]:
    """Give one row for every resource that is read."""
    return tuple(_row(collected, kind.resource, complete=complete) for kind in KINDS)


def _row(collected: Collected, resource: str, *, complete: bool) -> Coverage:
    if resource == "pods":
        count = sum(len(podset.names) for podset in collected.podsets)
    else:
        count = len(collected.objects.get(resource, ()))
    gaps = [gap for gap in collected.gaps if reaches(gap, resource, None)]
    if gaps:
        more = f" (and {len(gaps) - 1} more)" if len(gaps) > 1 else ""
        return Coverage(resource, count, gaps[0].cause, gaps[0].message + more)
    if complete or any(listed.resource == resource and listed.namespaces is None for listed in collected.listed):
        return Coverage(resource, count, None)
    return Coverage(resource, count, "not-collected", "more may exist outside of this source")
