"""Kubelets serve with a certificate that somebody signed."""

from collections.abc import Iterator

from k8snb.analysis.observed import kubelet
from k8snb.controls._kubelet import example, field
from k8snb.controls.model import Observation, References
from k8snb.controls.network_hardening._shared import CHAPTER, CONTROL_PLANE
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster
from k8snb.resources.core import Node
from k8snb.sources.stream import Gap


@control(
    id="kubelet-tls",
    chapter=CHAPTER,
    section=CONTROL_PLANE,
    severity="high",
    subject="node",
    reads=[],
    title="Kubelets serve with a certificate that somebody signed",
    why=(
        "A kubelet without one signs its own, which nobody can check: logs, exec and metrics may come from an impostor."
    ),
    fix=(
        "Set serverTLSBootstrap: true in the KubeletConfiguration and approve the requests, or tlsCertFile and "
        "tlsPrivateKeyFile."
    ),
    caution=("Requests for serving certificates are not approved by Kubernetes itself: let an approver do that."),
    remedy="manual",
    evidence=["probe"],
    references=References(
        cis=("4.2.9", "4.2.11"),
        nist_800_53=("SC-8", "SC-17"),
        nist_800_190=("4.3.1",),
        mitre=("T1609",),
        kube_bench=("4.2.9", "4.2.11"),
    ),
    passing=[example(serverTLSBootstrap=True), example(tlsCertFile="/k.crt", tlsPrivateKeyFile="/k.key")],
    failing=[example(), example(tlsCertFile="/k.crt"), example(tlsPrivateKeyFile="/k.key")],
)
def kubelet_tls(one: Node, cluster: Cluster) -> Iterator[Observation]:
    """Kubelets serve with a certificate that somebody signed."""
    found = kubelet(cluster, one.name)
    if not isinstance(found, Gap) and found.get("serverTLSBootstrap") is True:
        yield from field(one, cluster, "serverTLSBootstrap", "true", lambda value: value is True)
    else:
        yield from field(one, cluster, "tlsCertFile", "a certificate, or serverTLSBootstrap: true", bool)
        yield from field(one, cluster, "tlsPrivateKeyFile", "its key", bool)
