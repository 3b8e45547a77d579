"""Kubelets refuse anonymous requests."""

from collections.abc import Iterator

from k8snb.controls._kubelet import example, field
from k8snb.controls.authentication_authorization._shared import ACCOUNTS, CHAPTER
from k8snb.controls.model import Observation, References
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster
from k8snb.resources.core import Node


@control(
    id="kubelet-anonymous-auth",
    chapter=CHAPTER,
    section=ACCOUNTS,
    severity="critical",
    subject="node",
    reads=[],
    title="Kubelets refuse anonymous requests",
    why=(
        "A kubelet that lets anonymous requests in may run commands in every container of its node, if its "
        "authorization does not stop them."
    ),
    fix=("Set authentication.anonymous.enabled: false in the KubeletConfiguration."),
    caution=(
        "Restart one kubelet after the other; what asked it without credentials, such as old monitoring, stops working."
    ),
    remedy="manual",
    evidence=["probe"],
    references=References(
        cis=("4.2.1",),
        nist_800_53=("AC-3", "AC-14", "IA-2"),
        nist_800_190=("4.3.1",),
        mitre=("T1609", "T1190"),
        kubescape=("C-0069",),
        kube_bench=("4.2.1",),
    ),
    passing=[example(authentication={"anonymous": {"enabled": False}})],
    failing=[example(authentication={"anonymous": {"enabled": True}}), example()],
)
def kubelet_anonymous_auth(one: Node, cluster: Cluster) -> Iterator[Observation]:
    """Kubelets refuse anonymous requests."""
    yield from field(one, cluster, "authentication.anonymous.enabled", "false", lambda value: value is False)
