"""Kubelets have no read-only port."""

from collections.abc import Iterator

from k8snb.controls._kubelet import example, field
from k8snb.controls.model import Observation, References
from k8snb.controls.network_hardening._shared import CHAPTER, CONTROL_PLANE
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster
from k8snb.resources.core import Node


@control(
    id="kubelet-read-only-port",
    chapter=CHAPTER,
    section=CONTROL_PLANE,
    severity="high",
    subject="node",
    reads=[],
    title="Kubelets have no read-only port",
    why=(
        "The read-only port tells whoever reaches it, without credentials, which pods run with which images "
        "and settings."
    ),
    fix=("Set readOnlyPort: 0 in the KubeletConfiguration, or leave it out."),
    caution=("Monitoring that still reads port 10255 must move to port 10250, with a token."),
    remedy="manual",
    evidence=["probe"],
    references=References(
        cis=("4.2.4",),
        nist_800_53=("AC-3", "CM-7"),
        nist_800_190=("4.3.1",),
        mitre=("T1046",),
        kube_bench=("4.2.4",),
    ),
    passing=[example(readOnlyPort=0), example()],
    failing=[example(readOnlyPort=10255)],
)
def kubelet_read_only_port(one: Node, cluster: Cluster) -> Iterator[Observation]:
    """Kubelets have no read-only port."""
    yield from field(one, cluster, "readOnlyPort", "0", lambda value: value == 0 and value is not False, default=0)
