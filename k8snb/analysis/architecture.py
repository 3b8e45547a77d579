"""The parts of a cluster: what runs, in which version, where, and on which ports.

Source: NSA/CISA Kubernetes Hardening Guide, "Architectural overview"; Kubernetes documentation, "Ports and Protocols".
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache

import msgspec

from k8snb.analysis.agents import repository
from k8snb.analysis.components import component_containers
from k8snb.analysis.flags import flags
from k8snb.analysis.operators import Operator, operator
from k8snb.data import Dated, load
from k8snb.inventory.cluster import Cluster
from k8snb.inventory.workloads import Workload
from k8snb.resources.core import Node
from k8snb.resources.pod import Container

__all__ = ["ComponentRow", "Operator", "Port", "components", "nodes_by_role", "operator"]


class Port(msgspec.Struct, frozen=True):
    """A port of a component.

    Attributes:
        purpose: What it is for.
        guide: The port that the guide names; empty where it names none.
        port: The port in force, as far as it was seen: the flag's, else the default of today's versions.
        seen: `flag` or `default`.
    """

    purpose: str
    guide: str
    port: str
    seen: str

    @property
    def differs(self) -> bool:
        """Whether it is another port than the guide names; 0 means that it is off."""
        return bool(self.guide) and self.port != "0" and self.port not in self.guide.split(", ")


class ComponentRow(msgspec.Struct, frozen=True):
    """A part of the cluster.

    Attributes:
        component: What it is: `API server`, `CNI`.
        name: Which one: `kube-apiserver`, `Calico`; untrusted text where it is an image's.
        version: Versions that run, such as `v1.35.6`; empty when not known.
        where: Where it runs: nodes, or the workload; empty when it was not seen.
        ports: Its ports.
        seen: How it was seen: `pod`, `node`, `version`, or `not seen`.
    """

    component: str
    name: str
    version: tuple[str, ...]
    where: tuple[str, ...]
    ports: tuple[Port, ...]
    seen: str


class KnownComponent(msgspec.Struct, frozen=True):
    """A component that is known by its image."""

    part: str
    name: str
    image: str

    def __post_init__(self) -> None:
        re.compile(self.image)


class KnownComponents(Dated, frozen=True):
    """The components that are known by their images."""

    components: tuple[KnownComponent, ...]


class _Flag(msgspec.Struct, frozen=True):
    """A flag that sets a port: its purpose, its name, the guide's port, and the default of today's versions."""

    purpose: str
    flag: str
    guide: str
    default: str


_PROGRAMS: Mapping[str, tuple[str, tuple[_Flag, ...]]] = {
    "API server": (
        "kube-apiserver",
        (
            _Flag("HTTPS", "secure-port", "6443", "6443"),
            _Flag("HTTP without TLS", "insecure-port", "8080", "0"),
            _Flag("NodePorts", "service-node-port-range", "30000-32767", "30000-32767"),
        ),
    ),
    "etcd": (
        "etcd",
        (
            _Flag("clients", "listen-client-urls", "2379", "2379"),
            _Flag("peers", "listen-peer-urls", "2380", "2380"),
            _Flag("metrics", "listen-metrics-urls", "", ""),
        ),
    ),
    "Scheduler": ("kube-scheduler", (_Flag("HTTPS", "secure-port", "10251, 10259", "10259"),)),
    "Controller manager": ("kube-controller-manager", (_Flag("HTTPS", "secure-port", "10252, 10257", "10257"),)),
    "Cloud controller manager": ("cloud-controller-manager", (_Flag("HTTPS", "secure-port", "10258", "10258"),)),
    "kube-proxy": (
        "kube-proxy",
        (
            _Flag("metrics", "metrics-bind-address", "", "10249"),
            _Flag("health", "healthz-bind-address", "", "10256"),
        ),
    ),
}
_KUBELET = (Port("API", "10250", "10250", "default"), Port("read-only API", "10255", "0", "default"))
_BY_IMAGE = ("Cloud controller manager", "CNI", "CSI", "DNS", "Ingress")


@cache
def _known() -> KnownComponents:
    return load("components", KnownComponents)


@lru_cache(4096)
def known_component(image: str) -> KnownComponent | None:
    """Give the component that an image is known to be, or None."""
    name = repository(image)
    return next((one for one in _known().components if re.search(one.image, name)), None)


def components(cluster: Cluster) -> list[ComponentRow]:
    """Give the parts of the cluster in the guide's order; one that was not seen has a row that says so."""
    found = [*_programs(cluster), *_of_nodes(cluster), *_by_image(cluster)]
    order = ["API server", "etcd", "Controller manager", "Cloud controller manager", "Scheduler", "kubelet"]
    order += ["kube-proxy", "Container runtime", "CNI", "CSI", "DNS", "Ingress"]
    known = {row.component for row in found}
    missing = [ComponentRow(part, "", (), (), (), "not seen") for part in order if part not in known]
    return sorted(found + missing, key=lambda row: (order.index(row.component), row.name))


def nodes_by_role(cluster: Cluster) -> dict[str, list[str]]:
    """Give the names of nodes by role, sorted; a node with several roles is under each."""
    roles: dict[str, list[str]] = {}
    for node in cluster.all(Node):
        for role in node.roles:
            roles.setdefault(role, []).append(node.name)
    return {role: sorted(names) for role, names in sorted(roles.items())}


def _programs(cluster: Cluster) -> Iterator[ComponentRow]:
    for component, (program, ports) in _PROGRAMS.items():
        running = [(work, box) for work, _, box in component_containers(cluster, program)]
        if running:
            told = tuple(dict.fromkeys(port for _, box in running for port in _ports(box, ports)))
            versions = _sorted(_tag(box) for _, box in running)
            yield ComponentRow(component, program, versions, _places(work for work, _ in running), told, "pod")
        elif component == "API server" and cluster.version:
            yield ComponentRow(component, program, (cluster.version,), (), (), "version")


def _ports(container: Container, wanted: Sequence[_Flag]) -> Iterator[Port]:
    given = flags(container)
    for one in wanted:
        value = given.get(one.flag)
        port = one.default if value is None else _numbers(value)
        if port and not (port == "0" and value is None):
            yield Port(one.purpose, one.guide, port, "default" if value is None else "flag")


def _numbers(value: str) -> str:
    """Give the ports in a flag's value: a number, a range, an address or a list of URLs."""
    if re.fullmatch(r"\d+(-\d+)?", value):
        return value
    return ", ".join(dict.fromkeys(re.findall(r":(\d{1,5})(?=/|,|$)", value)))


def _of_nodes(cluster: Cluster) -> Iterator[ComponentRow]:
    nodes = [(node.name, node.status.nodeInfo) for node in cluster.all(Node) if node.status and node.status.nodeInfo]
    if not nodes:
        return
    names = tuple(sorted(name for name, _ in nodes))
    yield ComponentRow("kubelet", "kubelet", _sorted(i.kubeletVersion for _, i in nodes), names, _KUBELET, "node")
    runtimes = _sorted(info.containerRuntimeVersion for _, info in nodes)
    for name in _sorted(runtime.partition("://")[0] for runtime in runtimes):
        versions = tuple(one.partition("://")[2] for one in runtimes if one.startswith(f"{name}://"))
        on = sorted(node for node, info in nodes if (info.containerRuntimeVersion or "").startswith(f"{name}://"))
        yield ComponentRow("Container runtime", name, versions, tuple(on), (), "node")


def _by_image(cluster: Cluster) -> Iterator[ComponentRow]:
    rows: dict[tuple[str, str], list[tuple[Workload, Container]]] = {}
    for work in cluster.all_workloads:
        for path, box in work.template.containers():
            known = known_component(box.image or "")
            if known and path.startswith("containers"):
                told = work.name if known.part == "CSI" else known.name or repository(box.image or "")
                rows.setdefault((known.part, told), []).append((work, box))
    for (part, name), found in rows.items():
        versions = _sorted(_tag(box) for _, box in found)
        yield ComponentRow(part, name, versions, _places(work for work, _ in found), (), "pod")


def _places(works: Iterable[Workload]) -> tuple[str, ...]:
    found = list(works)
    nodes = {node for work in found for podset in work.podsets for node in podset.nodes if node}
    return tuple(sorted(nodes or {f"{work.kind}/{work.namespace}/{work.name}" for work in found}))


def _tag(container: Container) -> str:
    image = (container.image or "").partition("@")[0]
    return image.removeprefix(repository(image)).lstrip(":")


def _sorted(words: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(sorted({word for word in words if word}))
