"""What runs in which version, component by component, as far as versions show."""

import re
from collections.abc import Iterable, Iterator
from functools import cache

import msgspec

from k8snb.analysis.agents import repository
from k8snb.analysis.architecture import known_component
from k8snb.analysis.components import component_containers
from k8snb.inventory.cluster import Cluster
from k8snb.inventory.workloads import Workload
from k8snb.resources.core import Node, NodeInfo
from k8snb.resources.pod import Container
from k8snb.sources.stream import Cause, Gap

Number = tuple[int, ...]
ALWAYS = ("kube-apiserver", "kube-controller-manager", "kube-scheduler")
"""Every cluster has these, seen or not."""
_PARTS = ("CNI", "DNS", "Ingress")
_NUMBERS = re.compile(r"(?:[a-z]+-)?v?(\d{1,9}(?:\.\d{1,9}){1,3})(?:[-+.].*)?")


class Instances(msgspec.Struct, frozen=True):
    """What of a component runs in one version.

    Attributes:
        version: As it says itself, such as `v1.35.6`; untrusted text, None when it is not known.
        where: Nodes or pods, sorted.
        windows: Whether it runs on Windows.
    """

    version: str | None
    where: tuple[str, ...]
    windows: bool = False


class Running(msgspec.Struct, frozen=True):
    """A component.

    Attributes:
        name: Such as `kubelet`, `containerd`, `CoreDNS`.
        instances: What runs of it, by version.
        gap: Why none of it can be seen.
    """

    name: str
    instances: tuple[Instances, ...]
    gap: Gap | None = None


@cache
def number(text: str | None) -> Number | None:
    """Give the numbers of a version, so that versions can be compared; what vendors append does not count.

    Args:
        text: Such as `v1.35.6+k3s1`, `1.7.24`, `controller-v1.12.1`.

    Returns:
        Such as `(1, 35, 6)`; None if it is no version.
    """
    match = _NUMBERS.fullmatch(text or "")
    return tuple(map(int, match[1].split("."))) if match else None


def running(cluster: Cluster) -> Iterator[Running]:
    """Give the control plane's components, those of nodes, and those that are known by their images."""
    gap = cluster.gap("pods", "kube-system")
    for program in (*ALWAYS, "kube-proxy"):
        found = _of_pods(component_containers(cluster, program))
        if program == "kube-apiserver":
            found = _told(found, cluster.version)
        if found:
            yield Running(program, found)
        elif program in ALWAYS:
            yield Running(program, (), gap or _unseen(cluster, program))
    yield from _of_nodes(cluster)
    images: dict[str, list[tuple[Workload, str, Container]]] = {}
    for work in cluster.workloads:
        for path, box in work.template.containers():
            known = known_component(box.image or "")
            if known and known.part in _PARTS and path.startswith("containers"):
                images.setdefault(known.name, []).append((work, path, box))
    for name, boxes in sorted(images.items()):
        yield Running(name, _of_pods(boxes))


def _unseen(cluster: Cluster, program: str) -> Gap:
    cause: Cause = "managed-by-provider" if cluster.version else "not-collected"
    return Gap(cause, f"no pod of {program} can be seen, and so not its version")


def _told(found: tuple[Instances, ...], version: str | None) -> tuple[Instances, ...]:
    """Put what the API server says itself where its image does not tell."""
    if not version:
        return found
    mended = [msgspec.structs.replace(one, version=version) if not number(one.version) else one for one in found]
    return tuple(mended) or (Instances(version, ()),)


def _of_pods(boxes: Iterable[tuple[Workload, str, Container]]) -> tuple[Instances, ...]:
    places: dict[tuple[str | None, bool], set[str]] = {}
    for work, _, box in boxes:
        image = (box.image or "").partition("@")[0]
        tag = image.removeprefix(repository(image)).lstrip(":") or None
        names = {name for podset in work.podsets for name in podset.names}
        places.setdefault((tag, work.template.windows), set()).update(names or {work.name})
    return _sorted(places)


def _of_nodes(cluster: Cluster) -> Iterator[Running]:
    infos = [(node.name, (node.status and node.status.nodeInfo) or NodeInfo()) for node in cluster.all(Node)]
    found: dict[str, dict[tuple[str | None, bool], set[str]]] = {}
    for name, info in infos:
        windows = info.operatingSystem == "windows"
        runtime, _, version = (info.containerRuntimeVersion or "").partition("://")
        for component, told in (("kubelet", info.kubeletVersion), (runtime or "container runtime", version)):
            found.setdefault(component, {}).setdefault((told or None, windows), set()).add(name)
    for component, places in sorted(found.items()):
        yield Running(component, _sorted(places))


def _sorted(places: dict[tuple[str | None, bool], set[str]]) -> tuple[Instances, ...]:
    ordered = sorted(places.items(), key=lambda one: (number(one[0][0]) or (), one[0][0] or "", one[0][1]))
    return tuple(Instances(version, tuple(sorted(names)), windows) for (version, windows), names in ordered)
