"""Kubelets ask the API server what a caller may do."""

from collections.abc import Iterator

from k8snb.controls._kubelet import example, field
from k8snb.controls.authentication_authorization._shared import ACCOUNTS, CHAPTER
from k8snb.controls.model import Observation, References
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster
from k8snb.resources.core import Node


@control(
    id="kubelet-authorization",
    chapter=CHAPTER,
    section=ACCOUNTS,
    severity="critical",
    subject="node",
    reads=[],
    title="Kubelets ask the API server what a caller may do",
    why=(
        "With AlwaysAllow, everybody whom a kubelet lets in may read logs and run commands in every "
        "container of its node."
    ),
    fix=("Set authorization.mode: Webhook in the KubeletConfiguration."),
    caution=("What reaches kubelets, such as monitoring, then needs a role for nodes/metrics and the like."),
    remedy="manual",
    evidence=["probe"],
    references=References(
        cis=("4.2.2",),
        nist_800_53=("AC-3", "AC-6"),
        nist_800_190=("4.3.1",),
        mitre=("T1609",),
        kube_bench=("4.2.2",),
    ),
    passing=[example(authorization={"mode": "Webhook"})],
    failing=[example(authorization={"mode": "AlwaysAllow"}), example()],
)
def kubelet_authorization(one: Node, cluster: Cluster) -> Iterator[Observation]:
    """Kubelets ask the API server what a caller may do."""
    yield from field(one, cluster, "authorization.mode", "Webhook", lambda value: value == "Webhook")
