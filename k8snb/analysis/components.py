"""The API servers and what is known of their configuration."""

from collections.abc import Mapping

import msgspec

from k8snb.analysis.flags import flags
from k8snb.inventory.cluster import Cluster
from k8snb.inventory.workloads import Workload
from k8snb.resources.pod import Container
from k8snb.sources.stream import Gap


class ApiServer(msgspec.Struct, frozen=True):
    """One API server.

    Attributes:
        name: Name of its pod, or `kube-apiserver` where no pod is visible.
        namespace: Namespace of its pod; empty where none is visible.
        at: Field path of its command line.
        flags: Its flags as given; None where they cannot be seen. A flag that is absent has its default.
        gap: Why they cannot be seen.
        version: Its version, such as `v1.35.6`, where that is known.
    """

    name: str
    namespace: str
    at: str
    flags: Mapping[str, str] | None
    gap: Gap | None
    version: str | None


def api_servers(cluster: Cluster) -> list[ApiServer]:
    """Give every API server that is visible as a pod, or one whose flags are unknown."""
    found = [
        ApiServer(
            name,
            one.namespace,
            f"{one.path}spec.{path}.command",
            flags(container),
            None,
            _tag(container) or cluster.version,
        )
        for one, path, container in component_containers(cluster, "kube-apiserver")
        for podset in one.podsets
        for name in podset.names
    ]
    return found or [ApiServer("kube-apiserver", "", "flags", None, _hidden(cluster), cluster.version)]


def component_containers(cluster: Cluster, program: str) -> list[tuple[Workload, str, Container]]:
    """Give the containers that run a program of the control plane, with their workloads and paths below `spec`."""
    return [
        (workload, path, container)
        for workload in cluster.workloads
        if workload.namespace == "kube-system"
        for path, container in workload.template.containers()
        if _runs(container, program)
    ]


def _runs(container: Container, program: str) -> bool:
    words = (*(container.command or ()), *(container.args or ()))
    return bool(words) and any(word.rpartition("/")[2] == program for word in words[:2])


def _hidden(cluster: Cluster) -> Gap:
    gap = cluster.gap("pods", "kube-system")
    if gap is None and cluster.version:
        return Gap(
            "managed-by-provider", "the API server does not run as a pod that can be seen; its flags are not visible"
        )
    return gap or Gap("not-collected", "no API server pod was collected; its flags are not visible")


def _tag(container: Container) -> str | None:
    tag = (container.image or "").partition("@")[0].rpartition("/")[2].partition(":")[2]
    return tag or None
