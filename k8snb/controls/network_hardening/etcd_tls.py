"""etcd serves its clients over TLS, with a certificate of its own."""

from collections.abc import Iterator

from k8snb.analysis.components import Component
from k8snb.controls._flags import component, is_set, is_switched
from k8snb.controls.model import Observation, References
from k8snb.controls.network_hardening._shared import CHAPTER, CONTROL_PLANE
from k8snb.controls.registry import control

_ALL = ["cert-file=/etc/kubernetes/pki/etcd/server.crt", "key-file=/etc/kubernetes/pki/etcd/server.key"]


@control(
    id="etcd-tls",
    chapter=CHAPTER,
    section=CONTROL_PLANE,
    severity="high",
    subject="etcd",
    reads=["pods"],
    title="etcd serves its clients over TLS, with a certificate of its own",
    why=(
        "Without TLS, or with a certificate that etcd signed for itself, all objects can be read and changed "
        "on their way."
    ),
    fix=("Set --cert-file and --key-file, and take --auto-tls away."),
    caution=("etcd restarts when its manifest changes: one member at a time, and wait until it has joined again."),
    remedy="manual",
    evidence=["flag"],
    references=References(
        cis=("2.1", "2.3"),
        nist_800_53=("SC-8", "SC-23"),
        nist_800_190=("4.3.1",),
        mitre=("T1552.007",),
        kubescape=("C-0153", "C-0155"),
        kube_bench=("2.1", "2.3"),
    ),
    passing=[component("etcd", *_ALL)],
    failing=[
        component("etcd"),
        component("etcd", _ALL[0]),
        component("etcd", _ALL[1]),
        component("etcd", *_ALL, "auto-tls=true"),
    ],
)
def etcd_tls(one: Component) -> Iterator[Observation]:
    """etcd serves its clients over TLS, with a certificate of its own."""
    yield is_set(one, "cert-file", "a serving certificate")
    yield is_set(one, "key-file", "its key")
    yield is_switched(one, "auto-tls", wanted=False, default=False)
