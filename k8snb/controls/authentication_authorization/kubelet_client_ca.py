"""Kubelets check client certificates."""

from collections.abc import Iterator

from k8snb.controls._kubelet import example, field
from k8snb.controls.authentication_authorization._shared import ACCOUNTS, CHAPTER
from k8snb.controls.model import Observation, References
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster
from k8snb.resources.core import Node


@control(
    id="kubelet-client-ca",
    chapter=CHAPTER,
    section=ACCOUNTS,
    severity="high",
    subject="node",
    reads=[],
    title="Kubelets check client certificates",
    why=("Without an authority for client certificates a kubelet cannot tell the API server from anybody else."),
    fix=(
        "Set authentication.x509.clientCAFile in the KubeletConfiguration to the authority of the API "
        "server's client certificate."
    ),
    caution=(
        "Restart one kubelet after the other; what asked it without credentials, such as old monitoring, stops working."
    ),
    remedy="manual",
    evidence=["probe"],
    references=References(
        cis=("4.2.3",),
        nist_800_53=("IA-3", "SC-23"),
        nist_800_190=("4.3.1",),
        mitre=("T1609",),
        kubescape=("C-0070",),
        kube_bench=("4.2.3",),
    ),
    passing=[example(authentication={"x509": {"clientCAFile": "/etc/kubernetes/pki/ca.crt"}})],
    failing=[example(authentication={"x509": {"clientCAFile": ""}}), example()],
)
def kubelet_client_ca(one: Node, cluster: Cluster) -> Iterator[Observation]:
    """Kubelets check client certificates."""
    yield from field(one, cluster, "authentication.x509.clientCAFile", "an authority", bool)
