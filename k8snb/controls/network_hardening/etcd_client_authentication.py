"""etcd wants a certificate from every client."""

from collections.abc import Iterator

from k8snb.analysis.components import Component
from k8snb.controls._flags import component, is_set, is_switched
from k8snb.controls.model import Observation, References
from k8snb.controls.network_hardening._shared import CHAPTER, CONTROL_PLANE
from k8snb.controls.registry import control

_CA = "trusted-ca-file=/etc/kubernetes/pki/etcd/ca.crt"


@control(
    id="etcd-client-authentication",
    chapter=CHAPTER,
    section=CONTROL_PLANE,
    severity="critical",
    subject="etcd",
    reads=["pods"],
    title="etcd wants a certificate from every client",
    why=(
        "Who may speak to etcd reads and writes every object past authentication, authorization, admission "
        "and the audit log."
    ),
    fix=("Set --client-cert-auth=true with --trusted-ca-file."),
    caution=(
        "etcd restarts when its manifest changes: one member at a time, and wait until it has joined again. "
        "Backup jobs and monitoring need a client certificate from then on."
    ),
    remedy="manual",
    evidence=["flag"],
    references=References(
        cis=("2.2",),
        nist_800_53=("AC-3", "IA-3", "SC-8"),
        nist_800_190=("4.3.1",),
        mitre=("T1190", "T1552.007"),
        kubescape=("C-0154",),
        kube_bench=("2.2",),
    ),
    passing=[component("etcd", "client-cert-auth=true", _CA)],
    failing=[
        component("etcd", _CA),
        component("etcd", "client-cert-auth=false", _CA),
        component("etcd", "client-cert-auth=true"),
    ],
)
def etcd_client_authentication(one: Component) -> Iterator[Observation]:
    """etcd wants a certificate from every client."""
    yield is_switched(one, "client-cert-auth", wanted=True, default=False)
    yield is_set(one, "trusted-ca-file", "the authority that client certificates are checked against")
