"""The components of the control plane and what is known of their configuration."""

from collections.abc import Mapping

import msgspec

from k8snb.analysis.flags import flags
from k8snb.inventory.cluster import Cluster
from k8snb.inventory.workloads import Workload
from k8snb.resources.pod import Container
from k8snb.sources.stream import Gap

SHOWN = {
    "kube-apiserver": "the API server",
    "etcd": "etcd",
    "kube-scheduler": "the scheduler",
    "kube-controller-manager": "the controller manager",
}
"""The programs of the control plane, as a sentence calls them."""
FLAGZ = "/flagz"
"""Where an API server tells its flags in force."""


class Component(msgspec.Struct, frozen=True):
    """One running program of the control plane.

    Attributes:
        program: `kube-apiserver`, `etcd`, `kube-scheduler` or `kube-controller-manager`.
        name: Name of its pod, or the program's where no pod is visible.
        namespace: Namespace of its pod; empty where none is visible.
        at: Field path of its command line.
        flags: Its flags as given; None where they cannot be seen. A flag that is absent has its default.
        gap: Why they cannot be seen.
        version: Its version, such as `v1.35.6`, where that is known.
        environment: Whether it has environment variables; etcd takes flags from there too.
        manifest: Its flags as its pod gives them, where those in force are told by itself.
    """

    program: str
    name: str
    namespace: str
    at: str
    flags: Mapping[str, str] | None
    gap: Gap | None
    version: str | None
    environment: bool = False
    manifest: Mapping[str, str] = {}


def api_servers(cluster: Cluster) -> list[Component]:
    """Give every API server that is visible as a pod, and one whose flags are unknown where none or not all are."""
    return components(cluster, "kube-apiserver")


def components(cluster: Cluster, program: str) -> list[Component]:
    """Give every instance of a program that is visible as a pod, and one of unknown flags where none or not all are."""
    server = cluster.version if program == "kube-apiserver" else None
    found = [
        Component(
            program,
            name,
            one.namespace,
            f"{one.path}spec.{path}.command",
            flags(container),
            None,
            _tag(container) or server,
            bool(container.env or container.envFrom),
        )
        for one, path, container in component_containers(cluster, program)
        for podset in one.podsets
        for name in podset.names
    ]
    told = effective(cluster) if program == "kube-apiserver" else None
    if told is not None:
        found = [_told(one, told) if _answered(one, told, found) else one for one in found] or [
            Component(program, program, "", FLAGZ, told, None, server)
        ]
    hidden = None if found and not _lost(cluster) else _hidden(cluster, program)
    return [*found, Component(program, program, "", "flags", None, hidden, server)] if hidden else found


def is_probed(cluster: Cluster, one: Component) -> bool:
    """Whether probes met this API server: the only one, or the one of the address that they reached."""
    all_, fact = api_servers(cluster), cluster.fact("probe/tls")
    reached = fact.value.get("address") if fact and isinstance(fact.value, Mapping) else None
    own = (one.flags or {}).get("advertise-address")
    return len(all_) == 1 or (own is not None and own == reached)


def effective(cluster: Cluster) -> Mapping[str, str] | None:
    """Give the flags in force that the API server told itself, defaults included; None where it did not."""
    fact = cluster.fact("flags/kube-apiserver")
    if fact is None or not isinstance(fact.value, Mapping):
        return None
    return {str(name): str(value) for name, value in fact.value.items()}


def _answered(one: Component, told: Mapping[str, str], all_: list[Component]) -> bool:
    """Whether it was this instance that told its flags: the only one, or the one of that address."""
    own = (one.flags or {}).get("advertise-address")
    return len(all_) == 1 or (own is not None and own == told.get("advertise-address"))


def _told(one: Component, told: Mapping[str, str]) -> Component:
    return msgspec.structs.replace(one, at=FLAGZ, flags=told, manifest=one.flags or {})


def _lost(cluster: Cluster) -> bool:
    """Whether a list of pods broke off or was refused, so that further components may be hidden."""
    hiding = (gap for gap in cluster.gaps if gap.resource in {None, "pods"})
    return any(gap.namespace in {None, "kube-system"} for gap in hiding if gap.subject is None)


def component_containers(cluster: Cluster, program: str) -> list[tuple[Workload, str, Container]]:
    """Give the containers that run a program of the control plane, with their workloads and paths below `spec`."""
    return [
        (workload, path, container)
        for workload in cluster.all_workloads
        if workload.namespace == "kube-system"
        for path, container in workload.template.containers()
        if _runs(container, program)
    ]


def _runs(container: Container, program: str) -> bool:
    words = (*(container.command or ()), *(container.args or ()))
    return bool(words) and any(word.rpartition("/")[2] == program for word in words[:2])


def _hidden(cluster: Cluster, program: str) -> Gap:
    gap, what = cluster.gap("pods", "kube-system"), SHOWN[program]
    refused = next((one for one in cluster.gaps if one.resource == FLAGZ), None)
    if gap is None and refused and program == "kube-apiserver":
        return refused
    if gap is None and cluster.version:
        told = f"{what} does not run as a pod that can be seen; its flags are not visible"
        outside = program != "kube-apiserver" and api_servers(cluster)[0].flags is not None
        return Gap("not-collected" if outside else "managed-by-provider", told)
    return gap or Gap("not-collected", f"no pod of {what} was collected; its flags are not visible")


def _tag(container: Container) -> str | None:
    tag = (container.image or "").partition("@")[0].rpartition("/")[2].partition(":")[2]
    return tag or None
