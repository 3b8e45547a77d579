"""The permissions that reading a cluster needs, from the table of kinds."""

from collections.abc import Callable

import msgspec

from k8snb.access.levels import Level
from k8snb.resources.kinds import KINDS, Kind

READING = ("get", "list")
URLS = ("/version", "/apis")
EVIDENCE_URLS = ("/metrics", "/flagz", "/statusz")


class Permission(msgspec.Struct, frozen=True):
    """Something that may be read, or may not.

    Attributes:
        verb: The verb that reading it takes.
        resource: As `Kind.resource` has it; empty for a path.
        group: API group of the resource; empty for core.
        subresource: Part of the resource; mostly empty.
        url: A path that is no resource, such as `/metrics`.
        namespaced: Whether its objects live in namespaces.
    """

    verb: str
    resource: str = ""
    group: str = ""
    subresource: str = ""
    url: str = ""
    namespaced: bool = False

    @property
    def plural(self) -> str:
        """Plural name, as a review asks for it."""
        return self.resource.partition(".")[0]

    @property
    def written(self) -> str:
        """How a role writes it."""
        return f"{self.plural}/{self.subresource}" if self.subresource else self.plural

    @property
    def name(self) -> str:
        """How it is told: the path, or the resource."""
        return self.url or (f"{self.resource}/{self.subresource}" if self.subresource else self.resource)


KUBELET = Permission("get", "nodes", subresource="proxy")


def _of_kind(kind: Kind) -> Permission:
    return Permission("list", kind.resource, kind.group, namespaced=kind.namespaced)


def _of_url(url: str) -> Permission:
    return Permission("get", url=url)


def _namespace() -> tuple[Permission, ...]:
    return tuple(_of_kind(kind) for kind in KINDS if kind.namespaced)


def _cluster() -> tuple[Permission, ...]:
    return (*map(_of_kind, KINDS), *map(_of_url, URLS))


def _evidence() -> tuple[Permission, ...]:
    return (*_cluster(), *map(_of_url, EVIDENCE_URLS))


LEVELS: dict[Level, Callable[[], tuple[Permission, ...]]] = {
    "namespace": _namespace,
    "cluster": _cluster,
    "evidence": _evidence,
}


def permissions(level: Level, *, kubelet: bool = False) -> tuple[Permission, ...]:
    """Give what reading at a level takes.

    Args:
        level: `namespace` for what lives in one namespace, `cluster` for all that is assessed, `evidence` for what the
            API server tells about itself besides.
        kubelet: Whether the configuration of the kubelets is read too, through the proxy of the nodes.
    """
    return (*LEVELS[level](), *([KUBELET] if kubelet else []))
