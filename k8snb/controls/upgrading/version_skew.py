"""Components of a node are within the version-skew policy."""

from collections.abc import Iterator, Sequence

from k8snb.analysis.releases import Version, parse
from k8snb.controls.model import Observation, References, seen, unknown
from k8snb.controls.registry import control
from k8snb.controls.upgrading._shared import CHAPTER, SECTION, component, node, running, server_versions
from k8snb.inventory.cluster import Cluster
from k8snb.resources.core import Node

_OLDER = {"kube-proxy": 3, "kube-controller-manager": 1, "kube-scheduler": 1, "kube-apiserver": 1}
_KUBELET, _KUBELET_BEFORE_1_25 = 3, 2


@control(
    id="version-skew",
    chapter=CHAPTER,
    section=SECTION,
    severity="medium",
    subject="node",
    reads=["pods"],
    title="Components are within the version-skew policy",
    why=(
        "Kubernetes is tested with kubelets up to three minor releases behind the API server and never ahead of it. "
        "Beyond that, fields are dropped without a word, security settings among them."
    ),
    fix="Upgrade the nodes that lag behind; always upgrade the API servers before everything else.",
    caution="Never skip a minor release of the control plane to catch up.",
    remedy="manual",
    evidence=["object", "probe"],
    references=References(nist_800_53=("CM-2", "SI-2"), nist_800_190=("3.5.3", "4.5.3"), mitre=("T1068",)),
    passing=[
        component("kube-apiserver", "v1.37.2", "cp1") + node("v1.34.13"),
        component("kube-apiserver", "v1.35.9") + component("kube-scheduler", "v1.34.1") + node("v1.35.9"),
    ],
    failing=[
        component("kube-apiserver", "v1.35.9", "cp1") + node("v1.31.4"),
        component("kube-apiserver", "v1.35.9", "cp1") + node("v1.36.0"),
        component("kube-apiserver", "v1.35.9", "cp1") + component("kube-apiserver", "v1.36.4", "cp2") + node("v1.36.4"),
        component("kube-apiserver", "v1.35.9") + component("kube-scheduler", "v1.36.0") + node("v1.35.9"),
    ],
)
def version_skew(one: Node, cluster: Cluster) -> Iterator[Observation]:
    """Components are within the version-skew policy.

    Compared with the API servers: nothing newer than the oldest of them, no kubelet or kube-proxy more than three minor
    releases (a kubelet before 1.25: two) behind the newest, no controller manager, scheduler or other API server more
    than one. What runs as a pod is judged with its node. Source: https://kubernetes.io/releases/version-skew-policy/.
    """
    servers = server_versions(cluster)
    if not servers:
        clause = "the version of the API server is not known"
        gap = cluster.gap("pods", "kube-system")
        yield unknown(gap.cause if gap else "not-collected", "version", "within the version-skew policy", clause)
        return
    info = one.status.nodeInfo if one.status else None
    kubelet = parse(info.kubeletVersion if info else None)
    older = _KUBELET_BEFORE_1_25 if kubelet and kubelet.minor < 25 else _KUBELET
    yield _judge("status.nodeInfo.kubeletVersion", "kubelet", kubelet, servers, older)
    for program, allowed in _OLDER.items():
        for on, pod, version in running(cluster, program):
            if on == one.name:
                yield _judge(f"Pod/kube-system/{pod}", program, version, servers, allowed)
    gap = cluster.gap("pods", "kube-system")
    if gap:
        yield unknown(gap, "pods", "within the version-skew policy")


def _judge(at: str, what: str, version: Version | None, servers: Sequence[Version], older: int) -> Observation:
    oldest, newest = servers[0], servers[-1]
    expected = f"at most {older} minor releases behind the API server ({newest}), and not ahead of it"
    if version is None:
        return unknown("not-collected", at, expected, f"the version of the {what} is not known")
    ahead = what != "kube-apiserver" and (version.major, version.minor) > (oldest.major, oldest.minor)
    behind = version.major < newest.major or newest.minor - version.minor > older
    told = f"{what} {version} is {'ahead of' if ahead else 'too far behind' if behind else 'near enough to'}"
    return seen(
        not (ahead or behind), at, str(version), expected, f"{told} the API server {oldest if ahead else newest}"
    )
