"""Nodes and API servers run a recent patch release."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from k8snb.analysis.components import api_servers
from k8snb.analysis.observed import STATUS, status
from k8snb.analysis.releases import Version, find, knows, older_than_all, overdue, parse, releases
from k8snb.analysis.words import clip
from k8snb.controls.model import Example, Observation, References, seen, unknown
from k8snb.controls.registry import control
from k8snb.controls.upgrading._shared import CHAPTER, DAYS, SECTION, component, node, running
from k8snb.inventory.cluster import Cluster
from k8snb.resources.core import Node

_DAY = {"today": "2026-11-16"}


@control(
    id="latest-patch",
    chapter=CHAPTER,
    section=SECTION,
    severity="high",
    subject="node",
    reads=["pods"],
    data=["releases"],
    title="Nodes and API servers run a recent patch release",
    why=(
        "A patch release carries fixes and nothing else. A hole is public from the day that its fix is; those who have "
        "not updated after a month are the ones who are scanned for."
    ),
    fix="Update the API servers first, then drain and update each node, within the same minor release.",
    caution="Draining moves pods: check PodDisruptionBudgets and spare capacity.",
    remedy="manual",
    evidence=["object", "probe"],
    references=References(
        nist_800_53=("SI-2", "SI-2(2)"), nist_800_190=("3.5.3", "4.5.3"), mitre=("T1068", "T1190", "T1611")
    ),
    passing=[
        Example(node("v1.35.9"), _DAY, {"version": {"gitVersion": "v1.35.10"}}),
        Example(node("v1.37.2+k3s1") + component("kube-apiserver", "v1.37.2"), _DAY),
        Example(
            node("v1.35.9") + component("kube-apiserver", "v1.35.6", "w1"),
            _DAY,
            {"version": {"gitVersion": "v1.35.9"}, STATUS: {"startTime": "2026-10-01", "binaryVersion": "1.35.9"}},
        ),
    ],
    failing=[
        Example(node("v1.35.6"), _DAY, {"version": {"gitVersion": "v1.35.9"}}),
        Example(node("v1.35.9"), _DAY, {"version": {"gitVersion": "v1.35.6"}}),
        Example(node("v1.35.9") + component("kube-apiserver", "v1.35.6"), _DAY),
        Example(
            node("v1.35.9")
            + component("kube-apiserver", "v1.35.6", "w1")
            + component("kube-apiserver", "v1.35.9", "w2"),
            _DAY,
            {"version": {"gitVersion": "v1.35.9"}},
        ),
    ],
)
def latest_patch(one: Node, cluster: Cluster, parameters: Mapping[str, Any]) -> Iterator[Observation]:
    """Nodes and API servers run a recent patch release: none newer has been out for more than 30 days.

    Each node is judged by its kubelet. An API server is judged with the node that it runs on, by what it tells itself
    where it is the only one, else by its image; one that runs nowhere to be seen (a provider's) is judged with every
    node, as all of them answer to it.
    """
    today = parameters["today"]
    info = one.status.nodeInfo if one.status else None
    yield _judge("status.nodeInfo.kubeletVersion", "the kubelet", info.kubeletVersion if info else None, today)
    placed = list(running(cluster, "kube-apiserver"))
    only = len(placed) == 1 and not cluster.gap("pods", "kube-system")
    for on, pod, version in placed:
        if on == one.name:
            text = cluster.version if only and cluster.version else str(version or "") or None
            yield _judge(f"Pod/kube-system/{pod}", _itself(cluster) if only else "the API server", text, today)
    if not any(on for on, _, _ in placed):
        for server in api_servers(cluster):
            if server.version:
                yield _judge("version", _itself(cluster), server.version, today)
    gap = cluster.gap("pods", "kube-system")
    if gap:
        yield unknown(gap, "version", "the version of every API server")


def _itself(cluster: Cluster) -> str:
    """Name the API server that answered, with what it tells of itself."""
    told = status(cluster)
    if told is None:
        return "the API server"
    pretended = f", behaving as {clip(told.emulates)}" if told.emulates else ""
    return f"the API server (running since {clip(told.startTime)}{pretended})"


def _judge(at: str, what: str, text: str | None, today: date) -> Observation:
    made = releases().date
    version = parse(text)
    expected = f"no newer patch release older than {DAYS} days on {today} (releases as of {made})"
    if version is None:
        return unknown("not-collected", at, expected, f"the version of {what} is not known ({clip(text)})")
    minor = find(version)
    late = overdue(version, minor, today, DAYS) if minor else None
    if late:
        return seen(False, at, text, expected, f"{what} is {version}; {late[0]} has been out since {late[1]}")
    if minor and knows(minor, today, DAYS):
        return seen(True, at, text, expected, f"{what} is {version}, as recent as it should be")
    return unknown("not-collected", at, expected, f"{what} is {version}; {_why(version, made)}")


def _why(version: Version, made: str) -> str:
    if find(version):
        return f"later patch releases are not known here (data of {made})"
    age = "older" if older_than_all(version) else "newer"
    return f"its minor release is {age} than those that are known (data of {made})"
