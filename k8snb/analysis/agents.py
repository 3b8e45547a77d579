"""Agents that are known by their images: what collects logs, what detects threats, what collects metrics."""

import re
from collections.abc import Callable, Iterator
from functools import cache

import msgspec

from k8snb.data import Dated, load
from k8snb.inventory.cluster import Cluster
from k8snb.inventory.workloads import Workload
from k8snb.resources.core import Node
from k8snb.resources.pod import PodSpec


class Agent(msgspec.Struct, frozen=True):
    """An agent.

    Attributes:
        name: Its name.
        image: Regular expression that its image's repository matches.
        general: Whether it does other work too, so that its image alone does not show what it is for.
    """

    name: str
    image: str
    general: bool = False

    def __post_init__(self) -> None:
        re.compile(self.image)


class Agents(Dated, frozen=True):
    """Agents that are known."""

    agents: tuple[Agent, ...]

    def of(self, workload: Workload) -> Agent | None:
        """Give the agent that a workload is, if it is one; one that does nothing else comes first."""
        every = _compiled("|".join([f"(?:{one.image})" for one in self.agents]))
        images = (repository(container.image or "") for _, container in workload.template.containers())
        names = [name for name in images if every.search(name)]
        found = [one for one in self.agents if any(_compiled(one.image).search(name) for name in names)]
        return min(found, key=lambda one: one.general, default=None)


class LogAgents(Agents, frozen=True):
    """The log agents that are known, and the host paths that hold a node's logs."""

    log_paths: tuple[str, ...]


class MetricsAgents(Agents, frozen=True):
    """What collects metrics, and a regular expression of the images that send alerts on."""

    alertmanagers: str


@cache
def log_agents() -> LogAgents:
    """Give the log agents that are known."""
    return load("log_agents", LogAgents)


@cache
def threat_detectors() -> Agents:
    """Give the agents that detect threats at run time."""
    return load("threat_detectors", Agents)


@cache
def metrics_agents() -> MetricsAgents:
    """Give the agents that collect metrics."""
    return load("metrics_agents", MetricsAgents)


def repository(image: str) -> str:
    """Give an image's repository: its name without tag and digest."""
    name = image.partition("@")[0]
    head, slash, last = name.rpartition("/")
    return f"{head}{slash}{last.partition(':')[0]}"


def log_agent_daemonsets(cluster: Cluster) -> Iterator[tuple[Workload, str]]:
    """Give the DaemonSets that collect a node's logs, each with the agent's name.

    A DaemonSet counts by the image of a known agent; one that does other work too must mount the node's logs.
    """
    return _daemonsets(cluster, log_agents(), lambda one, work: not one.general or reads_node_logs(work.spec))


def detector_daemonsets(cluster: Cluster) -> Iterator[tuple[Workload, str]]:
    """Give the DaemonSets that detect threats on their nodes, each with the agent's name."""
    return _daemonsets(cluster, threat_detectors(), lambda one, _: not one.general)


def _daemonsets(
    cluster: Cluster, known: Agents, counts: Callable[[Agent, Workload], bool]
) -> Iterator[tuple[Workload, str]]:
    for workload in cluster.all_workloads:
        agent = known.of(workload) if workload.kind == "DaemonSet" else None
        if agent and counts(agent, workload):
            yield workload, agent.name


def metrics_workloads(cluster: Cluster) -> list[tuple[Workload, Agent]]:
    """Give the workloads that collect metrics, or may, each with the agent."""
    found = ((work, metrics_agents().of(work)) for work in cluster.all_workloads)
    return [(work, agent) for work, agent in found if agent]


def alertmanagers(cluster: Cluster) -> list[Workload]:
    """Give the workloads that send alerts on."""
    pattern = _compiled(metrics_agents().alertmanagers)
    return [
        work
        for work in cluster.all_workloads
        if any(pattern.search(repository(box.image or "")) for _, box in work.template.containers())
    ]


def nodes_of(workload: Workload) -> set[str]:
    """Give the names of the nodes that its pods are on."""
    return {node for podset in workload.podsets for node in podset.nodes if node}


def schedulable(cluster: Cluster) -> list[Node]:
    """Give the nodes that take new pods, tainted ones included."""
    return [node for node in cluster.all(Node) if not node.spec.unschedulable]


def reads_node_logs(spec: PodSpec) -> bool:
    """Say whether a pod mounts a host path that holds the node's logs."""
    paths = [(volume.hostPath.path or "").rstrip("/") or "/" for volume in spec.volumes or () if volume.hostPath]
    wanted = log_agents().log_paths
    return any(path in wanted or path.startswith(("/var/log/", "/var/lib/docker/", "/run/log/")) for path in paths)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
