"""Kubelets renew their client certificates."""

from collections.abc import Iterator

from k8snb.controls._kubelet import example, field
from k8snb.controls.model import Observation, References
from k8snb.controls.network_hardening._shared import CHAPTER, CONTROL_PLANE
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster
from k8snb.resources.core import Node


@control(
    id="kubelet-certificate-rotation",
    chapter=CHAPTER,
    section=CONTROL_PLANE,
    severity="medium",
    subject="node",
    reads=[],
    title="Kubelets renew their client certificates",
    why=(
        "A client certificate that is not renewed expires, and the node with it; so people make it last for years, "
        "and a stolen one does too."
    ),
    fix=("Set rotateCertificates: true in the KubeletConfiguration."),
    caution=("The controller manager must sign: its approver for kubelet client certificates is on by default."),
    remedy="manual",
    evidence=["probe"],
    references=References(
        cis=("4.2.10",),
        nist_800_53=("SC-12", "SC-17"),
        nist_800_190=("4.3.1",),
        mitre=("T1078",),
        kube_bench=("4.2.10",),
    ),
    passing=[example(rotateCertificates=True)],
    failing=[example(rotateCertificates=False), example()],
)
def kubelet_certificate_rotation(one: Node, cluster: Cluster) -> Iterator[Observation]:
    """Kubelets renew their client certificates."""
    yield from field(one, cluster, "rotateCertificates", "true", lambda value: value is True)
