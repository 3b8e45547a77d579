"""NetworkPolicies of a namespace: deny by default, and let the names be resolved."""

from collections.abc import Iterator
from typing import Any

from k8snb.analysis.network import DIRECTIONS, Direction, isolation, openers, policies, selects_all
from k8snb.inventory.cluster import Cluster
from k8snb.remediation.objects import Raw
from k8snb.remediation.plans.model import Context, Procedure, Proposal, Proposed, Recipe
from k8snb.remediation.target import Target
from k8snb.resources.network import NetworkPolicy

_API = "networking.k8s.io/v1"
_NODE_LOCAL = "169.254.20.10/32"
_PORTS: list[dict[str, Any]] = [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}]


def policy(namespace: str, name: str, spec: Raw) -> Raw:
    """Give a NetworkPolicy."""
    return {
        "apiVersion": _API,
        "kind": "NetworkPolicy",
        "metadata": {"name": name, "namespace": namespace},
        "spec": spec,
    }


def deny(cluster: Cluster, namespace: str, direction: Direction) -> Raw:
    """Give the policy that selects every pod of a namespace for a direction, and allows nothing."""
    name = _free(cluster, namespace, f"default-deny-{direction.lower()}")
    return policy(namespace, name, {"podSelector": {}, "policyTypes": [direction]})


def allow_dns(cluster: Cluster, namespace: str) -> Raw:
    """Give the policy that lets every pod of a namespace ask the cluster's DNS, and a cache on its node.

    Source: Kubernetes documentation, "Customizing DNS Service" (`k8s-app: kube-dns`) and "Using NodeLocal DNSCache".
    """
    homes = {one.namespace for one in cluster.workloads if one.labels.get("k8s-app") == "kube-dns"} or {"kube-system"}
    peers: list[Raw] = [
        {
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": home}},
            "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
        }
        for home in sorted(homes)
    ]
    if any(one.labels.get("k8s-app") == "node-local-dns" for one in cluster.workloads):
        peers.append({"ipBlock": {"cidr": _NODE_LOCAL}})
    spec = {"podSelector": {}, "policyTypes": ["Egress"], "egress": [{"to": peers, "ports": _PORTS}]}
    return policy(namespace, _free(cluster, namespace, "allow-dns"), spec)


def _free(cluster: Cluster, namespace: str, name: str) -> str:
    taken = {one.name for one in cluster.all(NetworkPolicy, namespace)}
    return next(one for one in (name, *(f"{name}-{count}" for count in range(2, 10_000))) if one not in taken)


def _make(raw: Raw, note: str) -> Proposal:
    metadata = raw["metadata"]
    return Proposal(Target(_API, "NetworkPolicy", metadata["namespace"], metadata["name"]), make=raw, note=note)


def _denied(context: Context, namespace: str, direction: Direction) -> Iterator[Proposed]:
    cluster = context.cluster
    known = policies(cluster, namespace, direction)
    opening = openers(cluster, namespace, direction, [one for one in cluster.workloads if one.namespace == namespace])
    if opening:
        yield _opened(namespace, direction, opening)
    elif not any(map(selects_all, known)):
        if direction == "Egress":
            yield _make(allow_dns(cluster, namespace), "Names are still resolved; everything else that goes out stops.")
        note = "Every connection that no other policy allows stops at once, running ones included."
        yield _make(deny(cluster, namespace, direction), note)


def _opened(namespace: str, direction: Direction, names: list[str]) -> Procedure:
    shown = ", ".join(names)
    return Procedure(
        f"Policies add up: a further policy closes nothing that {shown} in {namespace} opens.",
        (
            f"Look at what {shown} lets {'in' if direction == 'Ingress' else 'out'}, and who needs it.",
            "Write a policy for each of these needs, with pod and namespace selectors.",
            f"Then take the rules that allow everything out of {shown}, and assess again.",
        ),
    )


def _default_deny(direction: Direction) -> Recipe:
    def recipe(context: Context) -> Iterator[Proposed]:
        yield from _denied(context, context.target.name, direction)

    return recipe


def _isolated(context: Context) -> Iterator[Proposed]:
    subject = context.finding.subject
    for one in context.cluster.workloads:
        if (one.kind, one.namespace, one.name) == (subject.kind, subject.namespace, subject.name):
            for direction in DIRECTIONS:
                found = isolation(context.cluster, one, direction)
                if found.open:
                    yield _opened(one.namespace, direction, list(found.policies))
                elif not found.isolated:
                    yield from _denied(context, one.namespace, direction)
            return


RECIPES: dict[str, Recipe] = {
    "default-deny-ingress": _default_deny("Ingress"),
    "default-deny-egress": _default_deny("Egress"),
    "pods-isolated": _isolated,
}
