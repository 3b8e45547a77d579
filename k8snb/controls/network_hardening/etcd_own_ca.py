"""etcd trusts an authority of its own."""

from collections.abc import Iterator

from k8snb.analysis.components import Component, api_servers
from k8snb.controls._flags import component, given, is_set, judge, unseen
from k8snb.controls.model import Observation, References
from k8snb.controls.network_hardening._shared import CHAPTER, CONTROL_PLANE
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster

_CA, _CLIENTS = "trusted-ca-file", "client-ca-file"
_EXPECTED = "another file than the API server's --client-ca-file"
_OWN = f"{_CA}=/etc/kubernetes/pki/etcd/ca.crt"
_CLUSTER = f"{_CLIENTS}=/etc/kubernetes/pki/ca.crt"


@control(
    id="etcd-own-ca",
    chapter=CHAPTER,
    section=CONTROL_PLANE,
    severity="high",
    subject="etcd",
    reads=["pods"],
    title="etcd trusts an authority of its own",
    why=(
        "Where etcd trusts the authority that signs for the cluster, every client certificate of the cluster "
        "opens etcd: a kubelet, a former employee."
    ),
    fix=(
        "Give etcd and the API server's client certificate an authority of their own, and name it in --trusted-ca-file."
    ),
    caution=(
        "etcd restarts when its manifest changes: one member at a time, and wait until it has joined again. "
        "The API server needs its new client certificate at the same moment."
    ),
    remedy="manual",
    evidence=["flag"],
    references=References(
        cis=("2.7",),
        nist_800_53=("SC-12", "IA-5"),
        nist_800_190=("4.3.1",),
        mitre=("T1552.007",),
        kubescape=("C-0159",),
        kube_bench=("2.7",),
    ),
    passing=[component("etcd", _OWN) + component("kube-apiserver", _CLUSTER)],
    failing=[
        component("etcd", "trusted-ca-file=/etc/kubernetes/pki/ca.crt") + component("kube-apiserver", _CLUSTER),
        component("etcd") + component("kube-apiserver", _CLUSTER),
    ],
)
def etcd_own_ca(one: Component, cluster: Cluster) -> Iterator[Observation]:
    """etcd trusts an authority of its own.

    Told by the names of the files: what is in them cannot be seen here.
    """
    own = is_set(one, _CA, _EXPECTED)
    yield own
    for server in api_servers(cluster) if own.holds else ():
        hidden = unseen(server, _CLIENTS, _EXPECTED)
        yield hidden or judge(one, _CA, given(one, _CA) != given(server, _CLIENTS), _EXPECTED)
