"""Nodes run the system of their peers, on a runtime and an operating system that get fixes."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from weakref import WeakKeyDictionary

from k8snb.analysis.end_of_life import Release, ends_of_life, runtime, system
from k8snb.analysis.words import clip
from k8snb.controls.model import Example, Observation, References, seen, unknown
from k8snb.controls.registry import control
from k8snb.controls.upgrading._shared import CHAPTER, SECTION
from k8snb.inventory.cluster import Cluster
from k8snb.resources.core import Node, NodeInfo

_DAY = {"today": "2026-04-01"}
_POOLS = (
    "eks.amazonaws.com/nodegroup",
    "cloud.google.com/gke-nodepool",
    "kubernetes.azure.com/agentpool",
    "karpenter.sh/nodepool",
    "node.kubernetes.io/instance-group",
)
_peers: WeakKeyDictionary[Cluster, Mapping[tuple[object, ...], Sequence[NodeInfo]]] = WeakKeyDictionary()


def _node(name: str, kernel: str, image: str = "Ubuntu 24.04.3 LTS", runs: str = "containerd://2.2.1") -> str:
    info = f"{{kernelVersion: {kernel}, osImage: {image}, containerRuntimeVersion: '{runs}', architecture: amd64}}"
    return f"---\napiVersion: v1\nkind: Node\nmetadata: {{name: {name}}}\nstatus: {{nodeInfo: {info}}}\n"


@control(
    id="node-patching",
    chapter=CHAPTER,
    section=SECTION,
    severity="medium",
    subject="node",
    data=["end_of_life"],
    title="Nodes are patched like their peers, and get fixes",
    why=(
        "All containers of a node share its kernel; one node that missed its updates is the way out of every pod that "
        "the scheduler puts there. After the end of life of a system or runtime its holes stay open."
    ),
    fix="Drain the node and update it as its peers were, or replace it by one made of the current image.",
    caution="Draining moves pods: check PodDisruptionBudgets. During a rollout nodes differ, and fail here.",
    remedy="manual",
    references=References(
        nist_800_53=("SI-2", "CM-2", "SA-22"), nist_800_190=("3.5.3", "4.5.1", "4.5.3"), mitre=("T1068", "T1611")
    ),
    passing=[
        Example(_node("w1", "6.8.0-87-generic") + _node("w2", "6.8.0-87-generic"), _DAY),
        Example(_node("w1", "5.15.0-160-generic", "Ubuntu 22.04.5 LTS"), _DAY),
    ],
    failing=[
        Example(_node("w1", "6.8.0-71-generic") + _node("w2", "6.8.0-87-generic"), _DAY),
        Example(
            _node("w1", "6.8.0-87-generic", "Ubuntu 24.04.2 LTS")
            + _node("w2", "6.8.0-87-generic", "Ubuntu 24.04.3 LTS"),
            _DAY,
        ),
        Example(_node("w1", "5.4.0-216-generic", "Ubuntu 20.04.6 LTS"), _DAY),
        Example(_node("w1", "6.8.0-87-generic", runs="containerd://1.6.33"), _DAY),
    ],
)
def node_patching(one: Node, cluster: Cluster, parameters: Mapping[str, Any]) -> Iterator[Observation]:
    """Nodes run the kernel and the system image of their peers, on a runtime and a system that get fixes.

    Peers are the nodes of the same roles, node pool, architecture and distribution. Of peers that differ those fail
    that are behind the newest. A vendor's paid extension of support is not counted. A system that is not known (those
    that update themselves have no end of life to compare with) leaves the node not assessed.

    Source: https://endoflife.date; https://containerd.io/releases/; CRI-O lives as long as Kubernetes of its number.
    """
    info = (one.status and one.status.nodeInfo) or NodeInfo()
    peers = _known(cluster)[_pool(one, info)]
    yield _like(peers, info.kernelVersion, "kernel", "kernelVersion", lambda other: other.kernelVersion)
    yield _like(peers, info.osImage, "system image", "osImage", lambda other: other.osImage)
    today = parameters["today"]
    yield _lives("containerRuntimeVersion", info.containerRuntimeVersion, runtime, today)
    yield _lives("osImage", info.osImage, system, today)


def _known(cluster: Cluster) -> Mapping[tuple[object, ...], Sequence[NodeInfo]]:
    if cluster not in _peers:
        groups: dict[tuple[object, ...], list[NodeInfo]] = defaultdict(list)
        for node in cluster.all(Node):
            info = (node.status and node.status.nodeInfo) or NodeInfo()
            groups[_pool(node, info)].append(info)
        _peers[cluster] = groups
    return _peers[cluster]


def _pool(one: Node, info: NodeInfo) -> tuple[object, ...]:
    pool = next((one.labels[label] for label in _POOLS if label in one.labels), "")
    return (one.roles, pool, info.architecture, (info.osImage or "").partition(" ")[0])


def _like(
    peers: Sequence[NodeInfo], own: str | None, what: str, field: str, of: Callable[[NodeInfo], str | None]
) -> Observation:
    at, expected = f"status.nodeInfo.{field}", f"the {what} of its {len(peers) - 1} peers"
    if not own:
        return unknown("not-collected", at, expected, f"the node does not tell its {what}")
    newest = max((told for peer in peers if (told := of(peer))), key=_order)
    if _order(own) < _order(newest):
        return seen(False, at, own, newest, f"its {what} {clip(own)} is behind {clip(newest)} of a peer")
    return seen(True, at, own, expected, f"its {what} is that of its peers")


def _order(version: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.findall(r"\d{1,18}|[^\d]+", version)]


def _lives(field: str, text: str | None, find: Callable[[str], Release | None], today: date) -> Observation:
    at, made = f"status.nodeInfo.{field}", ends_of_life().date
    expected = f"a release that gets fixes on {today} (ends of life as of {made})"
    found = find(text or "")
    if found is None or found.end is None:
        name = clip(found.name if found else text) if text else "what it runs on"
        return unknown("not-collected", at, expected, f"until when {name} gets fixes is not known here ({made})")
    clause = f"{found.name} {'gets' if today <= found.end else 'got'} fixes until {found.end}"
    return seen(today <= found.end, at, text, f"{expected}; {found.notice}", clause)
