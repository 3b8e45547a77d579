"""Namespaces with what lives in them, also those whose object was not read."""

from collections.abc import Mapping, Sequence

import msgspec

from k8snb.inventory.cluster import Cluster
from k8snb.inventory.workloads import Workload, by_namespace
from k8snb.resources.core import Namespace

SYSTEM = frozenset({"kube-system", "kube-public", "kube-node-lease"})
"""The namespaces that Kubernetes makes for itself. Source: Kubernetes, "Namespaces"."""


class NamespaceView(msgspec.Struct, frozen=True):
    """A namespace.

    Attributes:
        name: Its name.
        object: The Namespace itself; None where only what lives in it was read.
        workloads: What runs in it.
    """

    name: str
    object: Namespace | None
    workloads: Sequence[Workload]

    @property
    def labels(self) -> Mapping[str, str]:
        """Labels of the Namespace; empty where it was not read."""
        return self.object.labels if self.object else {}


def namespaces(cluster: Cluster) -> list[NamespaceView]:
    """Give every namespace that is known, sorted by name."""
    objects = {one.name: one for one in cluster.all(Namespace)}
    groups = by_namespace(cluster.workloads)
    return [NamespaceView(name, objects.get(name), groups.get(name, [])) for name in cluster.namespace_names]
