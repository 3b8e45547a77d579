"""etcd members prove to each other who they are."""

from collections.abc import Iterator

from k8snb.analysis.components import Component
from k8snb.controls._flags import component, is_set, is_switched
from k8snb.controls.model import Observation, References
from k8snb.controls.network_hardening._shared import CHAPTER, CONTROL_PLANE
from k8snb.controls.registry import control

_WANTED = {
    "peer-cert-file": "a certificate for peers",
    "peer-key-file": "its key",
    "peer-trusted-ca-file": "the authority that peers are checked against",
}
_ALL = [f"{name}=/etc/kubernetes/pki/etcd/{name}.pem" for name in _WANTED]


@control(
    id="etcd-peer-tls",
    chapter=CHAPTER,
    section=CONTROL_PLANE,
    severity="high",
    subject="etcd",
    reads=["pods"],
    title="etcd members prove to each other who they are",
    why=("A stranger that joins as a member receives a copy of everything, Secrets included."),
    fix=(
        "Set --peer-client-cert-auth=true, --peer-cert-file, --peer-key-file and --peer-trusted-ca-file, and "
        "take --peer-auto-tls away."
    ),
    caution=("etcd restarts when its manifest changes: one member at a time, and wait until it has joined again."),
    remedy="manual",
    evidence=["flag"],
    references=References(
        cis=("2.4", "2.5", "2.6"),
        nist_800_53=("SC-8", "SC-23", "IA-3"),
        nist_800_190=("4.3.1",),
        mitre=("T1552.007",),
        kubescape=("C-0156", "C-0157", "C-0158"),
        kube_bench=("2.4", "2.5", "2.6"),
    ),
    passing=[component("etcd", "peer-client-cert-auth=true", *_ALL)],
    failing=[
        component("etcd", *_ALL),
        component("etcd", "peer-client-cert-auth=true"),
        component("etcd", "peer-client-cert-auth=true", *_ALL, "peer-auto-tls=true"),
    ],
)
def etcd_peer_tls(one: Component) -> Iterator[Observation]:
    """etcd members prove to each other who they are."""
    yield is_switched(one, "peer-client-cert-auth", wanted=True, default=False)
    for name, expected in _WANTED.items():
        yield is_set(one, name, expected)
    yield is_switched(one, "peer-auto-tls", wanted=False, default=False)
