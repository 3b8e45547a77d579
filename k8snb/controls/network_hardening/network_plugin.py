"""The network plugin enforces NetworkPolicies."""

from collections.abc import Iterator

from k8snb.analysis.network_plugins import known_plugins, plugins
from k8snb.analysis.words import some
from k8snb.controls.model import Observation, References, seen, unknown
from k8snb.controls.network_hardening._shared import CHAPTER, POLICIES
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster

_READS = ("daemonsets", "pods", "nodes", "configmaps")


def _daemonset(name: str, image: str, args: str = "[]", namespace: str = "kube-system") -> str:
    return f"""\
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {{name: {name}, namespace: {namespace}}}
spec: {{template: {{spec: {{containers: [{{name: agent, image: '{image}', args: {args}}}]}}}}}}
"""


_VPC = "602401143452.dkr.ecr.us-west-2.amazonaws.com/amazon-k8s-cni:v1.21.1"
_OFF = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: cilium-config, namespace: kube-system}\n"
_FLANNEL = _daemonset("kube-flannel-ds", "ghcr.io/flannel-io/flannel:v0.27.4", namespace="kube-flannel")


@control(
    id="network-plugin",
    chapter=CHAPTER,
    section=POLICIES,
    severity="critical",
    subject="cluster",
    reads=_READS,
    data=["network_plugins"],
    title="The network plugin enforces NetworkPolicies",
    why=(
        "The API server stores every NetworkPolicy and enforces none: that is the network plugin's work. Where it does "
        "not do so, policies look like walls and are air."
    ),
    fix=(
        "Use a plugin that enforces NetworkPolicies, such as Calico, Cilium or Antrea, or turn on the policy engine of "
        "the one that is there."
    ),
    caution=(
        "A change of the plugin interrupts the network of every pod, and policies that nobody noticed begin to act at "
        "once: read them first."
    ),
    remedy="manual",
    references=References(
        cis=("5.3.1",),
        nist_800_53=("AC-4", "SC-7"),
        nist_800_190=("3.3.3", "4.3.3"),
        mitre=("T1046",),
        kubescape=("C-0205",),
        kube_bench=("5.3.1",),
    ),
    passing=[
        _daemonset("calico-node", "quay.io/calico/node:v3.31.1"),
        _daemonset("cilium", "registry.example.com/mirror/agent:v1.18.4"),
        _daemonset("aws-node", _VPC, "['--enable-network-policy=true']"),
        _FLANNEL + _daemonset("calico-node", "quay.io/calico/node:v3.31.1"),
    ],
    failing=[
        _FLANNEL,
        _daemonset("aws-node", _VPC, "['--enable-network-policy=false']"),
        _daemonset("cilium", "quay.io/cilium/cilium:v1.18.4") + _OFF + "data: {enable-policy: never}\n",
    ],
)
def network_plugin(cluster: Cluster) -> Iterator[Observation]:
    """The network plugin enforces NetworkPolicies.

    Plugins are known by their DaemonSets (image, name, labels) and configuration; one that is not known leaves it open.
    """
    found = plugins(cluster)
    expected = f"a network plugin that enforces NetworkPolicies (plugins known on {known_plugins().date})"
    able = [one for one in found if one.enforces]
    unsure = [one for one in found if one.enforces is None]
    gap = next((gap for one in _READS if (gap := cluster.gap(one))), None)
    signs = [sign for one in able or found for sign in one.signs]
    at = signs[0].partition(" ")[0] if signs else "daemonsets"
    if able:
        clause = f"{some(one.name for one in able)} enforces NetworkPolicies: {some(signs)}"
        yield seen(True, at, signs, expected, clause)
    elif unsure:
        one = unsure[0]
        yield unknown(one.gap or "unsupported", at, expected, f"{one.name}: {one.why}")
    elif gap:
        yield unknown(gap, gap.resource or "daemonsets", expected)
    elif found:
        why = "; ".join(one.why for one in found if one.why) or f"{some(one.name for one in found)} enforces none"
        yield seen(False, at, signs, expected, f"no NetworkPolicy is enforced: {why}")
    else:
        yield unknown("not-collected", at, expected, "no network plugin that is known was seen")
