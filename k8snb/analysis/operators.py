"""Who operates the control plane, told from several signs."""

import re
from collections.abc import Iterator

import msgspec

from k8snb.analysis.observed import export
from k8snb.inventory.cluster import Cluster
from k8snb.resources.core import ConfigMap, Node

_MANAGED = frozenset({"EKS", "GKE", "AKS"})
_SIGNS: tuple[tuple[str, str, str], ...] = (
    ("EKS", "version", r"-eks-"),
    ("EKS", "label", r"eks\.amazonaws\.com/.*"),
    ("GKE", "version", r"-gke\."),
    ("GKE", "label", r"cloud\.google\.com/gke-.*"),
    ("AKS", "label", r"kubernetes\.azure\.com/cluster"),
    ("OpenShift", "label", r"node\.openshift\.io/.*"),
    ("OpenShift", "namespace", r"openshift-kube-apiserver"),
    ("RKE2", "version", r"\+rke2"),
    ("RKE2", "annotation", r"rke2\.io/.*"),
    ("k3s", "version", r"\+k3s"),
    ("k3s", "annotation", r"k3s\.io/.*"),
    ("Talos", "os", r"Talos"),
    ("kind", "provider ID", r"kind://"),
    ("minikube", "label", r"minikube\.k8s\.io/.*"),
    ("kubeadm", "annotation", r"kubeadm\.alpha\.kubernetes\.io/.*"),
    ("kubeadm", "configuration", r"kubeadm-config"),
    ("self-managed", "pod", r"kube-apiserver-.*"),
)


class Operator(msgspec.Struct, frozen=True):
    """Who operates the control plane.

    Attributes:
        name: `EKS`, `GKE`, `AKS`, `OpenShift`, `RKE2`, `k3s`, `Talos`, `kind`, `minikube`, `kubeadm`, `self-managed`
            or `unknown`.
        managed: Whether a provider answers for the control plane; None when that is not known.
        signs: What tells so, one clause each.
    """

    name: str
    managed: bool | None
    signs: tuple[str, ...]


def operator(cluster: Cluster) -> Operator:
    """Say who operates the control plane; the more particular sign wins (`kind` also shows signs of `kubeadm`)."""
    seen = list(dict.fromkeys(_observed(cluster)))
    signs = [
        (name, f"{where} {word[:120]}")
        for name, where, pattern in _SIGNS
        for kind, word in seen
        if kind == where and re.search(f"^{pattern}" if where not in {"version", "os"} else pattern, word)
    ]
    named = export(cluster)
    told = cluster.provider or (named.provider if named else None)
    name = told or (signs[0][0] if signs else "unknown")
    chosen = [sign for one, sign in signs if one == name]
    if told:
        chosen.insert(0, f"the source says {told[:120]}")
    managed = None if name == "unknown" else name in _MANAGED
    return Operator(name, managed, tuple(dict.fromkeys(chosen))[:5])


def _observed(cluster: Cluster) -> Iterator[tuple[str, str]]:
    if cluster.version:
        yield "version", cluster.version
    for node in cluster.all(Node):
        info = node.status.nodeInfo if node.status else None
        if info:
            yield "version", info.kubeletVersion or ""
            yield "os", info.osImage or ""
        yield "provider ID", node.spec.providerID or ""
        yield from (("label", key) for key in node.labels)
        yield from (("annotation", key) for key in node.annotations)
    yield from (("namespace", name) for name in cluster.namespace_names)
    yield from (("configuration", one.name) for one in cluster.all(ConfigMap, "kube-system"))
    yield from (("pod", one.name) for one in cluster.all_workloads if one.namespace == "kube-system")
