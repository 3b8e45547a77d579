"""What may be read of a source, and which controls lose by what may not."""

from collections.abc import Collection, Iterator

import msgspec

from k8snb.access.costs import DISCOVERY, Cost, costs
from k8snb.access.levels import Level
from k8snb.access.permissions import Permission, permissions
from k8snb.access.reviews import review
from k8snb.inventory.cluster import Cluster, load
from k8snb.resources.kinds import BY_RESOURCE, KINDS
from k8snb.sources.access_review import Review
from k8snb.sources.live import Live
from k8snb.sources.live_discovery import Served, discover
from k8snb.sources.stream import Cause, Source

SCHEMA = "k8snb/preflight/v1"
_ABSENT = "not served here, so there is none"


class SourceRecord(msgspec.Struct, frozen=True):
    """What was asked; the name is untrusted text."""

    kind: str
    name: str


class Row(msgspec.Struct, frozen=True):
    """One thing that reading a cluster takes.

    Attributes:
        name: The resource or path.
        verb: The verb that it takes; empty where no server was asked.
        group: API group.
        namespace: Where it was asked; empty for everywhere.
        required: Whether the level wants it.
        readable: Whether it can be read, or is known not to exist.
        cause: Why it cannot be read.
        why: By which rule it may be read, or why it cannot; untrusted text.
        controls: Ids of the controls that lose something where this alone is missing.
    """

    name: str
    verb: str
    group: str
    namespace: str
    required: bool
    readable: bool
    cause: Cause | None
    why: str
    controls: tuple[str, ...]


class Preflight(msgspec.Struct, frozen=True):
    """The answer, `k8snb/preflight/v1`.

    Attributes:
        source: What was asked.
        level: What was wanted.
        met: Whether all that the level wants can be read.
        permissions: Every permission, or every resource of a source that is no server.
        controls: The controls that lose something, and how.
    """

    schema: str
    source: SourceRecord
    level: Level
    met: bool
    permissions: tuple[Row, ...]
    controls: tuple[Cost, ...]


def preflight(source: Source, level: Level = "cluster", namespace: str = "", *, kubelet: bool = False) -> Preflight:
    """Tell what may be read of a source, without reading it where it is a server.

    Args:
        source: What is to be assessed.
        level: What is wanted of it.
        namespace: Asks for what lives in namespaces there only; empty for everywhere.
        kubelet: Whether the configuration of the kubelets is wanted too.

    Raises:
        SourceError: if the server does not answer, or a source cannot be read.
    """
    partly: Collection[str] = ()
    if isinstance(source, Live):
        rows = tuple(_asked(source, level, namespace, kubelet))
    else:
        cluster = load(source)
        rows = tuple(_covered(cluster, level))
        partly = {one.resource for one in cluster.coverage if one.listed}
    lacking = costs([one.name for one in rows if not one.readable], partly)
    met = all(one.readable for one in rows if one.required)
    return Preflight(SCHEMA, SourceRecord(source.kind, source.name), level, met, rows, lacking)


def _asked(source: Live, level: Level, namespace: str, kubelet: bool) -> Iterator[Row]:
    wanted = permissions(level, kubelet=kubelet)
    asked = tuple(dict.fromkeys((*permissions("cluster"), *wanted)))
    reviews = [review(source.connection, one, namespace) for one in asked]
    served = discover(source.connection, KINDS)
    for one, found in zip(asked, reviews, strict=True):
        cause, why = _told(one, found, served)
        place = namespace if one.namespaced else ""
        yield Row(one.name, one.verb, one.group, place, one in wanted, cause is None, cause, why, _ids([one.name]))


def _told(one: Permission, found: Review, served: Served) -> tuple[Cause | None, str]:
    """Say why something cannot be read, if so; what is not served at all needs no permission."""
    kind = BY_RESOURCE.get(one.name)
    versions = served.versions(kind) if kind and kind.optional else None
    if kind and versions is not None and kind.version not in versions:
        told = f"served as {', '.join(versions)}, and {kind.version} is what can be read"
        return ("unsupported", told) if versions else (None, _ABSENT)
    if not found.allowed:
        return "forbidden", found.reason
    if one.name == DISCOVERY and not served.known:
        return "unreachable", "the server does not tell what it serves"
    return None, found.reason


def _covered(cluster: Cluster, level: Level) -> Iterator[Row]:
    wanted = {one.name for one in permissions(level)}
    for one in cluster.coverage:
        group, required = BY_RESOURCE[one.resource].group, one.resource in wanted
        why = one.message or f"{one.listed:,} read"
        yield Row(one.resource, "", group, "", required, one.cause is None, one.cause, why, _ids([one.resource]))


def _ids(missing: Collection[str]) -> tuple[str, ...]:
    return tuple(one.control for one in costs(missing))
