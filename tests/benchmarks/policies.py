"""How long the analysis of NetworkPolicies takes: 2,000 policies and 150,000 pods.

`python -m tests.benchmarks.policies` prints a row for each way in which they may be spread. Reading is not measured,
and time is the processor's, so that a busy machine does not change it.
"""

import time
from collections.abc import Iterator
from typing import Any

import k8snb
from k8snb.analysis.network import policy_matrix
from k8snb.inventory.cluster import Cluster

CONTROLS = ("default-deny-ingress", "default-deny-egress", "pods-isolated", "metadata-service-blocked")
PODS, POLICIES, WORKLOADS, LIMIT = 150_000, 2_000, 3_000, 10.0
Object = dict[str, Any]


def _workload(number: int, namespaces: int) -> tuple[str, Object, Object, Object]:
    """Give kind, metadata, labels and spec of a workload; every third is a StatefulSet."""
    name = f"service-{number:04}"
    metadata = {"name": name, "namespace": f"team-{number % namespaces:03}", "uid": name}
    spec = {"containers": [{"name": "app", "image": f"registry.example.com/{name}:1"}]}
    labels = {"app": name, "tier": "web" if number % 2 else "data"}
    return "ReplicaSet" if number % 3 else "StatefulSet", metadata, labels, spec


def controllers(namespaces: int) -> Iterator[Object]:
    """Give the workloads."""
    for number in range(WORKLOADS):
        kind, metadata, labels, spec = _workload(number, namespaces)
        template = {"metadata": {"labels": labels}, "spec": spec}
        yield {"apiVersion": "apps/v1", "kind": kind, "metadata": metadata, "spec": {"template": template}}


def pods(namespaces: int) -> Iterator[Object]:
    """Give their pods; those of a StatefulSet have a label of their own each."""
    for number in range(PODS):
        kind, owner, labels, spec = _workload(number % WORKLOADS, namespaces)
        name = f"{owner['name']}-{number // WORKLOADS}"
        own = {"statefulset.kubernetes.io/pod-name": name} if kind == "StatefulSet" else {"pod-template-hash": "5d8f9"}
        reference = {
            "apiVersion": "apps/v1",
            "kind": kind,
            "name": owner["name"],
            "uid": owner["uid"],
            "controller": True,
        }
        metadata = {
            "name": name,
            "namespace": owner["namespace"],
            "labels": labels | own,
            "ownerReferences": [reference],
        }
        yield {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec | {"nodeName": "n"}}


def policies(namespaces: int) -> Iterator[Object]:
    """Give policies as people write them: a default denial, a way out, and one for each of some workloads."""
    for number in range(POLICIES):
        name, index = f"team-{number % namespaces:03}", number // namespaces
        metadata = {"name": f"policy-{index:04}", "namespace": name}
        yield {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "NetworkPolicy",
            "metadata": metadata,
            "spec": _spec(index, f"service-{(number % namespaces + index * namespaces) % WORKLOADS:04}"),
        }


def _spec(index: int, app: str) -> Object:
    if index == 0:
        return {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    if index == 1:
        block = {"cidr": "0.0.0.0/0", "except": ["169.254.169.254/32", "10.0.0.0/8"]}
        return {"podSelector": {}, "policyTypes": ["Egress"], "egress": [{"to": [{"ipBlock": block}]}]}
    peers = [{"podSelector": {"matchLabels": {"tier": "web"}}}, {"ipBlock": {"cidr": "192.0.2.0/24"}}]
    chosen = {"matchLabels": {"app": app}}
    if index % 4 == 0:
        chosen = {"matchExpressions": [{"key": "app", "operator": "In", "values": [app, "other"]}]}  # type: ignore[dict-item]
    return {"podSelector": chosen, "ingress": [{"from": peers, "ports": [{"port": 8080}]}]}


def measure(cluster: Cluster) -> float:
    """Give the seconds of processor time of all controls of NetworkPolicies and of the matrix of the notebook."""
    assert len(cluster.workloads) == WORKLOADS
    started = time.process_time()
    k8snb.assess(cluster, controls=list(CONTROLS))
    policy_matrix(cluster)
    return time.process_time() - started


def main() -> None:
    """Measure, and print."""
    print("| 150,000 pods of 3,000 workloads, 2,000 policies | seconds of one core |\n| --- | --- |")
    found = []
    for namespaces in (200, 1):
        cluster = k8snb.connect(objects=[*controllers(namespaces), *pods(namespaces), *policies(namespaces)])
        found.append(measure(cluster))
        print(f"| in {namespaces} namespace{'s' if namespaces > 1 else ''} | {found[-1]:.1f} |", flush=True)
    raise SystemExit(max(found) > LIMIT)


if __name__ == "__main__":
    main()
