"""The API server reaches etcd over mutual TLS."""

from collections.abc import Iterator

from k8snb.analysis.components import Component
from k8snb.controls._flags import component, given, is_set, judge, unseen
from k8snb.controls.model import Observation, References
from k8snb.controls.network_hardening._shared import CHAPTER, CONTROL_PLANE
from k8snb.controls.registry import control

_SERVERS, _EXPECTED = "etcd-servers", "https:// or a unix socket for each"
_LOCAL = ("unix://", "unixs://")
_SAFE = ("https://", *_LOCAL)
_WANTED = {
    "etcd-cafile": "the authority that etcd's certificate is checked against",
    "etcd-certfile": "a client certificate",
    "etcd-keyfile": "its key",
}
_ALL = [f"{name}=/etc/kubernetes/pki/etcd/{name}.pem" for name in _WANTED]


@control(
    id="api-server-etcd-tls",
    chapter=CHAPTER,
    section=CONTROL_PLANE,
    severity="high",
    subject="api-server",
    reads=["pods"],
    title="The API server reaches etcd over mutual TLS",
    why=(
        "etcd holds every object, Secrets included. Who listens in reads them all; who poses as etcd decides "
        "what the cluster is."
    ),
    fix=("Give etcd by https in --etcd-servers, and set --etcd-cafile, --etcd-certfile and --etcd-keyfile."),
    caution=("The API server restarts when its manifest changes; do one control-plane node after the other."),
    remedy="manual",
    evidence=["flag"],
    references=References(
        cis=("1.2.23", "1.2.26"),
        nist_800_53=("SC-8", "SC-23", "IA-3"),
        nist_800_190=("4.3.1",),
        mitre=("T1552.007",),
        kube_bench=("1.2.23", "1.2.26"),
    ),
    passing=[
        component("kube-apiserver", "etcd-servers=https://192.0.2.10:2379", *_ALL),
        component("kube-apiserver", "etcd-servers=unixs:///run/etcd.sock"),
    ],
    failing=[
        component("kube-apiserver", "etcd-servers=http://192.0.2.10:2379", *_ALL),
        component("kube-apiserver", "etcd-servers=https://192.0.2.10:2379"),
        component("kube-apiserver", "etcd-servers=https://192.0.2.10:2379,http://192.0.2.11:2379", *_ALL),
    ],
)
def api_server_etcd_tls(one: Component) -> Iterator[Observation]:
    """The API server reaches etcd over mutual TLS.

    Certificates count for everything but a unix socket. Source: Kubernetes, kube-apiserver reference.
    """
    hidden = unseen(one, _SERVERS, _EXPECTED)
    if hidden:
        yield hidden
        return
    servers = [server.strip() for server in (given(one, _SERVERS) or "").split(",")]
    holds = all(server.startswith(_SAFE) for server in servers)
    yield judge(one, _SERVERS, holds, _EXPECTED, "" if holds else "etcd is spoken to without TLS")
    if not all(server.startswith(_LOCAL) for server in servers):
        for name, expected in _WANTED.items():
            yield is_set(one, name, expected)
