"""Node agents that are known by their images: what collects logs."""

import re
from collections.abc import Iterator
from functools import cache

import msgspec

from k8snb.data import Dated, load
from k8snb.inventory.cluster import Cluster
from k8snb.inventory.workloads import Workload
from k8snb.resources.pod import PodSpec


class Agent(msgspec.Struct, frozen=True):
    """A log agent.

    Attributes:
        name: Its name.
        image: Regular expression that its image's repository matches.
        general: Whether it does other work too, so that only a mount of the node's logs shows what it is for.
    """

    name: str
    image: str
    general: bool = False

    def __post_init__(self) -> None:
        re.compile(self.image)


class LogAgents(Dated, frozen=True):
    """The log agents that are known, and the host paths that hold a node's logs."""

    agents: tuple[Agent, ...]
    log_paths: tuple[str, ...]


@cache
def log_agents() -> LogAgents:
    """Give the log agents that are known."""
    return load("log_agents", LogAgents)


def repository(image: str) -> str:
    """Give an image's repository: its name without tag and digest."""
    name = image.partition("@")[0]
    head, slash, last = name.rpartition("/")
    return f"{head}{slash}{last.partition(':')[0]}"


def log_agent_daemonsets(cluster: Cluster) -> Iterator[tuple[Workload, str]]:
    """Give the DaemonSets that collect a node's logs, each with the agent's name.

    A DaemonSet counts by the image of a known agent; one that does other work too must mount the node's logs.
    """
    for workload in cluster.workloads:
        if workload.kind == "DaemonSet" and (name := _log_agent(workload)):
            yield workload, name


def _log_agent(workload: Workload) -> str | None:
    mounted = reads_node_logs(workload.spec)
    for _, container in workload.template.containers():
        name = repository(container.image or "")
        for agent in log_agents().agents:
            if (mounted or not agent.general) and _compiled(agent.image).search(name):
                return agent.name
    return None


def reads_node_logs(spec: PodSpec) -> bool:
    """Say whether a pod mounts a host path that holds the node's logs."""
    paths = [(volume.hostPath.path or "").rstrip("/") or "/" for volume in spec.volumes or () if volume.hostPath]
    wanted = log_agents().log_paths
    return any(path in wanted or path.startswith(("/var/log/", "/var/lib/docker/", "/run/log/")) for path in paths)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
