"""What encrypts the traffic between pods: the network plugin, or a service mesh.

Source: Cilium, "Transparent Encryption"; Calico, "Encrypt in-cluster pod traffic"; Istio, "Mutual TLS Migration" (the
policy of the root namespace holds for every namespace without its own, one with a selector for some of its pods);
Linkerd, "Automatic mTLS".
"""

from collections.abc import Iterator, Sequence

import msgspec

from k8snb.analysis.namespaces import NamespaceView
from k8snb.analysis.network_plugins import plugins
from k8snb.inventory.cluster import Cluster
from k8snb.resources.core import ConfigMap
from k8snb.resources.mesh import FelixConfiguration, MutualTLS, PeerAuthentication
from k8snb.resources.pod import PodTemplate

ROOT = "istio-system"
"""Istio's root namespace, unless its configuration says otherwise."""
PROXIES = {"Istio": "istio-proxy", "Linkerd": "linkerd-proxy"}
_INJECTED = {"Istio": ("istio-injection", "istio.io/rev"), "Linkerd": ("linkerd.io/inject",)}
_AMBIENT = "istio.io/dataplane-mode"


class Shield(msgspec.Struct, frozen=True):
    """Something that encrypts, or seems to.

    Attributes:
        by: What it is: `Cilium`, `Calico`, `Istio`, `Linkerd`.
        holds: Whether it is in force.
        at: Where it shows.
        told: One clause.
    """

    by: str
    holds: bool
    at: str
    told: str


def of_plugin(cluster: Cluster) -> Shield | None:
    """Give the encryption of the network plugin, if it is on; it holds for the whole cluster."""
    running = {one.name for one in plugins(cluster)}
    return next((one for one in (*_cilium(cluster), *_calico(cluster)) if one.by in running), None)


def _cilium(cluster: Cluster) -> Iterator[Shield]:
    for one in cluster.all(ConfigMap, "kube-system"):
        for key in ("enable-wireguard", "enable-ipsec"):
            if one.name == "cilium-config" and (one.settings or {}).get(key) == "true":
                told = f"Cilium encrypts traffic between nodes ({key})"
                yield Shield("Cilium", True, f"ConfigMap/kube-system/cilium-config data[{key}]", told)


def _calico(cluster: Cluster) -> Iterator[Shield]:
    for one in cluster.all(FelixConfiguration):
        for family, on in (("IPv4", one.spec.wireguardEnabled), ("IPv6", one.spec.wireguardEnabledV6)):
            if one.name == "default" and on:
                told = f"Calico encrypts {family} traffic between nodes (WireGuard)"
                yield Shield("Calico", True, "FelixConfiguration/default spec", told)


def of_mesh(cluster: Cluster, namespace: NamespaceView) -> Shield | None:
    """Give what a service mesh does for a namespace; None where none has anything to do with it."""
    pods = _pods(namespace)
    for mesh, proxy in PROXIES.items():
        without = [name for name, template in pods if not _has(template, proxy)]
        if mesh == "Istio" and namespace.labels.get(_AMBIENT) == "ambient":
            without = []
        if len(without) < len(pods):
            return _istio(cluster, namespace, without) if mesh == "Istio" else _linkerd(namespace, without)
    return None


def expected_mesh(namespace: NamespaceView) -> str:
    """Give the mesh whose proxies are put into the namespace's pods, as its labels say; empty for none."""
    around = {**namespace.labels, **(namespace.object.annotations if namespace.object else {})}
    on = {key for key, value in around.items() if value not in {"disabled", "false", ""}}
    return next((mesh for mesh, keys in _INJECTED.items() if on & set(keys)), "")


def _pods(namespace: NamespaceView) -> list[tuple[str, PodTemplate]]:
    """Give what runs, or would where nothing does, with the name of each."""
    works = namespace.workloads
    running = [(f"{one.kind}/{one.name}", podset.template) for one in works for podset in one.podsets]
    return running or [(f"{one.kind}/{one.name}", one.template) for one in works]


def _has(template: PodTemplate, proxy: str) -> bool:
    return not template.spec.hostNetwork and any(box.name == proxy for _, box in template.containers())


def _linkerd(namespace: NamespaceView, without: Sequence[str]) -> Shield:
    at = f"Namespace/{namespace.name}"
    if without:
        return Shield("Linkerd", False, at, f"{without[0]} has no proxy of Linkerd")
    return Shield("Linkerd", True, at, "Linkerd's proxy is in every pod and speaks TLS with every other one")


def _istio(cluster: Cluster, namespace: NamespaceView, without: Sequence[str]) -> Shield:
    own, root = (cluster.all(PeerAuthentication, name) for name in (namespace.name, ROOT))
    at = f"PeerAuthentication/{namespace.name}"
    if without:
        return Shield("Istio", False, at, f"{without[0]} has no proxy of Istio")
    loose = next((one for one in own if _loose(one)), None)
    if loose:
        return Shield("Istio", False, f"{at}/{loose.name} spec", f"PeerAuthentication {loose.name} lets plain text in")
    for one in (*own, *root):
        if one.spec.selector is None and _mode(one.spec.mtls) == "STRICT":
            where = f"PeerAuthentication/{one.namespace}/{one.name} spec.mtls.mode"
            return Shield("Istio", True, where, f"Istio demands mutual TLS by PeerAuthentication {one.name}")
    return Shield("Istio", False, at, "Istio lets plain text in: no PeerAuthentication is STRICT here")


def _mode(tls: MutualTLS | None) -> str:
    return (tls.mode if tls else None) or "UNSET"


def _loose(one: PeerAuthentication) -> bool:
    """Say whether a policy lets plain text in: for all, for some pods, or at some ports."""
    modes = {_mode(one.spec.mtls), *map(_mode, (one.spec.portLevelMtls or {}).values())}
    return bool(modes & {"PERMISSIVE", "DISABLE"})
