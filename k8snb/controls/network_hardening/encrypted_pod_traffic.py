"""Traffic between pods is encrypted."""

from collections.abc import Iterator

from k8snb.analysis.encryption import ROOT, expected_mesh, of_mesh, of_plugin
from k8snb.analysis.namespaces import NamespaceView
from k8snb.controls.model import Observation, References, seen, unknown
from k8snb.controls.network_hardening._shared import CHAPTER, ENCRYPTION, PLAIN, pod
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster
from k8snb.sources.stream import Gap

_EXPECTED = "a mesh that demands mutual TLS, or encryption by the network plugin"
_PLUGINS = ("daemonsets", "configmaps", "felixconfigurations")
_MESHED = (
    pod("")
    .rstrip()
    .replace("containers:", "initContainers:\n  - {name: istio-proxy, image: istio/proxyv2:1.28.1}\n  containers:")
)
_CALICO = """\
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: calico-node, namespace: kube-system}
spec: {template: {spec: {containers: [{name: calico-node, image: 'quay.io/calico/node:v3.31.1'}]}}}
"""
_FELIX = "---\napiVersion: crd.projectcalico.org/v1\nkind: FelixConfiguration\nmetadata: {name: default}\nspec: %s\n"


def _peers(mode: str, namespace: str = "shop") -> str:
    head = "\n---\napiVersion: security.istio.io/v1\nkind: PeerAuthentication\n"
    return f"{head}metadata: {{name: default, namespace: {namespace}}}\nspec: {{mtls: {{mode: {mode}}}}}\n"


@control(
    id="encrypted-pod-traffic",
    chapter=CHAPTER,
    section=ENCRYPTION,
    severity="low",
    subject="namespace-with-pods",
    reads=[*_PLUGINS, "peerauthentications", "pods", "nodes", "namespaces"],
    informational=True,
    title="Traffic between pods is encrypted",
    why=(
        "Pods speak to each other in plain text unless somebody encrypts it. Whoever reads the network between the "
        "nodes, or is in the node's network themselves, reads passwords and personal data."
    ),
    fix=(
        "Turn on the encryption of the network plugin (WireGuard or IPsec), or put the namespace into a service mesh "
        "that demands mutual TLS."
    ),
    caution=(
        "Encryption costs some throughput. Mutual TLS that is demanded shuts out every client without a proxy, and "
        "some probes; begin with a permissive mode and watch."
    ),
    remedy="manual",
    references=References(nist_800_53=("SC-8", "SC-8(1)"), nist_800_190=("3.3.3", "4.3.3")),
    passing=[
        _MESHED + _peers("STRICT"),
        _MESHED + _peers("STRICT", ROOT),
        PLAIN + _CALICO + _FELIX % "{wireguardEnabled: true}",
    ],
    failing=[PLAIN, _MESHED + _peers("PERMISSIVE"), PLAIN + _peers("STRICT"), PLAIN + _CALICO + _FELIX % "{}"],
)
def encrypted_pod_traffic(namespace: NamespaceView, cluster: Cluster) -> Iterator[Observation]:
    """Traffic between pods is encrypted, by the network plugin or by a service mesh."""
    plugin, mesh = of_plugin(cluster), of_mesh(cluster, namespace)
    at, waits = f"Namespace/{namespace.name}", expected_mesh(namespace)
    gap = _gap(cluster, namespace.name)
    if plugin:
        yield seen(True, plugin.at, plugin.by, _EXPECTED, plugin.told)
    elif mesh and mesh.holds and not (hidden := _hidden(cluster, namespace.name)):
        yield seen(True, mesh.at, mesh.by, _EXPECTED, mesh.told)
    elif mesh and mesh.holds and hidden:
        yield unknown(hidden, hidden.resource or at, _EXPECTED)
    elif gap:
        yield unknown(gap, gap.resource or at, _EXPECTED)
    elif not mesh and waits and not any(one.podsets for one in namespace.workloads):
        yield unknown("not-collected", at, _EXPECTED, f"no pod was seen that {waits} would put its proxy into")
    else:
        clause = mesh.told if mesh else "no encryption between pods is known here"
        yield seen(False, mesh.at if mesh else at, mesh.by if mesh else None, _EXPECTED, clause)


def _hidden(cluster: Cluster, namespace: str) -> Gap | None:
    """Say what may hide a policy that lets plain text in, or a pod without a proxy."""
    return cluster.gap("peerauthentications", namespace) or cluster.gap("pods", namespace)


def _gap(cluster: Cluster, namespace: str) -> Gap | None:
    """Say what may hide encryption."""
    found = (cluster.gap(one) for one in _PLUGINS)
    return next((one for one in found if one), None) or _hidden(cluster, namespace) or _hidden(cluster, ROOT)
