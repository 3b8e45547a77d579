"""What a server serves, from its discovery documents, so that an absent kind is told from one that was not given."""

from collections.abc import Mapping

import msgspec

from k8snb.resources.kinds import Kind
from k8snb.sources.connection import JSON, Connection
from k8snb.sources.connection_answer import decoded

_AGGREGATED = ", ".join(
    [*(f"{JSON};g=apidiscovery.k8s.io;v={version};as=APIGroupDiscoveryList" for version in ("v2", "v2beta1")), JSON]
)


class _Resource(msgspec.Struct):
    resource: str = ""
    name: str = ""


class _Version(msgspec.Struct):
    version: str
    resources: list[_Resource] | None = None
    freshness: str = "Current"


class _Meta(msgspec.Struct, frozen=True):
    name: str = ""


class _Group(msgspec.Struct):
    metadata: _Meta = _Meta()
    name: str = ""
    versions: list[_Version] | None = None


class _Groups(msgspec.Struct):
    kind: str
    items: list[_Group] | None = None
    groups: list[_Group] | None = None


class _Resources(msgspec.Struct):
    kind: str
    resources: list[_Resource] | None = None


class Served(msgspec.Struct, frozen=True):
    """What a server serves.

    Attributes:
        known: Whether it told so at all.
        groups: For each group, its versions; for each version the resources, or None where it does not tell them.
    """

    known: bool = False
    groups: Mapping[str, Mapping[str, frozenset[str] | None]] = {}

    def versions(self, kind: Kind) -> tuple[str, ...] | None:
        """Give the versions in which a kind is served; None where that is not known. An empty answer is proof.

        Where only another group serves its objects, these are told as `group/version`.
        """
        if not self.known:
            return None
        found = self._in(kind.group, kind)
        if found is None or found or not kind.also:
            return found
        others = self._in(kind.also, kind)
        return others and tuple(f"{kind.also}/{name}" for name in others)

    def _in(self, group: str, kind: Kind) -> tuple[str, ...] | None:
        versions = self.groups.get(group, {})
        if None in versions.values():
            return None
        return tuple(name for name, resources in versions.items() if resources and kind.plural in resources)


def discover(connection: Connection, kinds: tuple[Kind, ...]) -> Served:
    """Ask what is served.

    Args:
        connection: How to ask.
        kinds: Which kinds matter: only their groups are looked at where the server tells each group on its own.
    """
    answer = connection.get("/apis", decode=lambda body: decoded(body, _Groups), accept=_AGGREGATED)
    if answer.value is None:
        return Served()
    if answer.value.kind == "APIGroupDiscoveryList":
        return Served(True, {one.metadata.name: _aggregated(one) for one in answer.value.items or ()})
    if answer.value.kind != "APIGroupList":
        return Served()
    wanted = {group for kind in kinds for group in (kind.group, kind.also)}
    groups = [one for one in answer.value.groups or () if one.name in wanted]
    return Served(True, {one.name: _one_by_one(connection, one) for one in groups})


def _aggregated(group: _Group) -> dict[str, frozenset[str] | None]:
    return {
        one.version: frozenset(resource.resource for resource in one.resources or ())
        if one.freshness == "Current"
        else None
        for one in group.versions or ()
    }


def _one_by_one(connection: Connection, group: _Group) -> dict[str, frozenset[str] | None]:
    found: dict[str, frozenset[str] | None] = {}
    for one in group.versions or ():
        value = connection.get(f"/apis/{group.name}/{one.version}", decode=lambda body: decoded(body, _Resources)).value
        whole = value is not None and value.kind == "APIResourceList"
        found[one.version] = frozenset(resource.name for resource in value.resources or ()) if whole else None
    return found
