"""The API server and kubelets prove to each other who they are."""

from collections.abc import Iterator

from k8snb.analysis.components import Component
from k8snb.controls._flags import component, is_set
from k8snb.controls.model import Observation, References
from k8snb.controls.network_hardening._shared import CHAPTER, CONTROL_PLANE
from k8snb.controls.registry import control

_WANTED = {
    "kubelet-client-certificate": "a client certificate for kubelets",
    "kubelet-client-key": "its key",
    "kubelet-certificate-authority": "the authority that kubelet certificates are checked against",
}
_ALL = [f"{name}=/etc/kubernetes/pki/{name}.pem" for name in _WANTED]


@control(
    id="api-server-kubelet-tls",
    chapter=CHAPTER,
    section=CONTROL_PLANE,
    severity="medium",
    subject="api-server",
    reads=["pods"],
    title="The API server and kubelets prove to each other who they are",
    why=(
        "Over this connection go exec, logs and port forwarding. A kubelet that is not checked may be an "
        "impostor that reads what administrators type; an API server without a certificate forces kubelets to "
        "trust anybody."
    ),
    fix=("Set --kubelet-client-certificate, --kubelet-client-key and --kubelet-certificate-authority."),
    caution=(
        "Kubelets need serving certificates that this authority signed (serverTLSBootstrap), or logs and exec "
        "stop working."
    ),
    remedy="manual",
    evidence=["flag"],
    references=References(
        cis=("1.2.4", "1.2.5"),
        nist_800_53=("SC-8", "SC-23", "IA-3"),
        nist_800_190=("4.3.1",),
        mitre=("T1609",),
        kubescape=("C-0116", "C-0117"),
        kube_bench=("1.2.4", "1.2.5"),
    ),
    passing=[component("kube-apiserver", *_ALL)],
    failing=[component("kube-apiserver"), component("kube-apiserver", *_ALL[:2])],
)
def api_server_kubelet_tls(one: Component) -> Iterator[Observation]:
    """The API server and kubelets prove to each other who they are.

    All three flags are empty by default, and then neither side is checked. Source: Kubernetes, kube-apiserver
    reference.
    """
    for name, expected in _WANTED.items():
        yield is_set(one, name, expected)
