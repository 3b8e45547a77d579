"""The control plane's nodes run nothing else."""

from collections.abc import Iterator

from k8snb.analysis.namespaces import SYSTEM
from k8snb.analysis.words import some
from k8snb.controls.model import Observation, References, seen, unknown
from k8snb.controls.network_hardening._shared import CHAPTER, CONTROL_PLANE
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster
from k8snb.resources.core import Node

ROLES = {"control-plane", "master"}
_KEEPS_OFF = {"NoSchedule", "NoExecute"}
_TAINT = "{key: node-role.kubernetes.io/control-plane, effect: NoSchedule}"


def _node(taints: str) -> str:
    return f"""\
---
apiVersion: v1
kind: Node
metadata: {{name: cp1, labels: {{node-role.kubernetes.io/control-plane: ""}}}}
spec: {{taints: [{taints}]}}
"""


def _pod(namespace: str, owner: str = "") -> str:
    owners = f", ownerReferences: [{{apiVersion: apps/v1, kind: {owner}, name: a, uid: u, controller: true}}]"
    return f"""\
---
apiVersion: v1
kind: Pod
metadata: {{name: a-1, namespace: {namespace}{owners if owner else ""}}}
spec: {{nodeName: cp1, containers: [{{name: a, image: registry.example.com/a:1}}]}}
"""


_DAEMONSET = """\
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: a, namespace: logging, uid: u}
spec: {template: {spec: {containers: [{name: a, image: registry.example.com/a:1}]}}}
"""


@control(
    id="control-plane-isolation",
    chapter=CHAPTER,
    section=CONTROL_PLANE,
    severity="high",
    subject="node",
    reads=["pods"],
    title="The control plane's nodes run nothing else",
    why=(
        "A pod that breaks out of its container on such a node stands beside etcd, the keys of the cluster's "
        "authorities and the credentials of administrators."
    ),
    fix="Taint the nodes with node-role.kubernetes.io/control-plane:NoSchedule and move other workloads away.",
    caution="Pods that run there already stay until they are deleted; make room for them on the workers first.",
    remedy="manual",
    references=References(nist_800_53=("SC-3", "SC-7(21)", "CM-7"), nist_800_190=("4.3.4",), mitre=("T1611", "T1610")),
    passing=[_node(_TAINT) + _pod("kube-system"), _node(_TAINT) + _DAEMONSET + _pod("logging", "DaemonSet")],
    failing=[_node(""), _node(_TAINT) + _pod("shop"), _node(_TAINT.replace("NoSchedule", "PreferNoSchedule"))],
)
def control_plane_isolation(node: Node, cluster: Cluster) -> Iterator[Observation]:
    """The control plane's nodes run nothing else.

    They are known by their role; a node without one is not judged. Pods of the system's namespaces are not others',
    nor are those of DaemonSets, which serve the node. Source: Kubernetes, "Well-Known Labels, Annotations and Taints".
    """
    if not ROLES & set(node.roles):
        return
    taints = [f"{one.key}:{one.effect}" for one in node.spec.taints or () if one.effect in _KEEPS_OFF]
    clause = f"it is tainted {some(taints)}" if taints else "no taint keeps other pods off"
    yield seen(bool(taints), "spec.taints", taints or None, "a NoSchedule taint", clause)
    others = sorted(
        {
            f"{work.kind}/{work.namespace}/{work.name}"
            for work in cluster.all_workloads
            if work.namespace not in SYSTEM and work.kind != "DaemonSet"
            if any(node.name in podset.nodes for podset in work.podsets)
        }
    )
    gap = cluster.gap("pods")
    expected = "only the system's pods, and those of DaemonSets"
    if others or not gap:
        clause = f"{some(others)} {'runs' if len(others) == 1 else 'run'} here" if others else "no other workload runs"
        yield seen(not others, "pods[spec.nodeName]", others[:10] or None, expected, clause)
    else:
        yield unknown(gap, "pods", expected)
