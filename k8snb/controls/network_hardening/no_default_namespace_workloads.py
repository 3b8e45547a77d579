"""The namespace `default` is empty."""

from collections.abc import Iterator

from k8snb.analysis.namespaces import NamespaceView
from k8snb.analysis.words import some
from k8snb.controls.model import Observation, References, seen, unknown
from k8snb.controls.network_hardening._shared import CHAPTER, NAMESPACES, pod
from k8snb.controls.registry import control
from k8snb.inventory.cluster import CONTROLLERS, Cluster
from k8snb.resources.core import Service

_RESOURCES = ("pods", *(kind.resource for kind in CONTROLLERS), "services")
_DEFAULT = """\
apiVersion: v1
kind: Namespace
metadata: {name: default}
---
apiVersion: v1
kind: Service
metadata: {name: kubernetes, namespace: default}
spec: {clusterIP: 10.96.0.1, ports: [{port: 443}]}
"""


@control(
    id="no-default-namespace-workloads",
    chapter=CHAPTER,
    section=NAMESPACES,
    severity="low",
    subject="namespace",
    reads=[*_RESOURCES],
    title="Nothing runs in the namespace `default`",
    why=(
        "What lands in `default` is what nobody gave a place. Policies, quotas and roles are made for namespaces of "
        "teams and applications, and pass it by."
    ),
    fix="Move each workload and Service to a namespace of its own, and apply manifests with an explicit namespace.",
    caution="Names of Services change with the namespace: clients that use short names must be told.",
    remedy="manual",
    references=References(
        cis=("5.6.1", "5.6.4"),
        nist_800_53=("AC-4", "SC-2", "SC-7(21)"),
        nist_800_190=("3.3.4", "4.3.4"),
        mitre=("T1613",),
        kubescape=("C-0061", "C-0212"),
        trivy=("KSV-0110",),
        kube_bench=("5.6.4",),
    ),
    passing=[_DEFAULT, _DEFAULT + "---\n" + pod("")],
    failing=[_DEFAULT.replace("name: kubernetes", "name: cart"), _DEFAULT + "---\n" + pod("", namespace="default")],
)
def no_default_namespace_workloads(namespace: NamespaceView, cluster: Cluster) -> Iterator[Observation]:
    """Nothing runs in the namespace `default` but the Service `kubernetes`."""
    if namespace.name != "default":
        return
    expected = "nothing but the Service kubernetes"
    workloads = [f"{one.kind}/{one.name}" for one in namespace.workloads if not one.variant]
    services = [f"Service/{one.name}" for one in cluster.all(Service, "default") if one.name != "kubernetes"]
    gap = next((found for resource in _RESOURCES if (found := cluster.gap(resource, "default"))), None)
    if inside := sorted({*workloads, *services}):
        clause = f"{some(inside)} {'is' if len(inside) == 1 else 'are'} in the namespace default"
        yield seen(False, "Namespace/default", inside, expected, clause)
    elif gap:
        yield unknown(gap, gap.resource or "pods", expected)
    else:
        yield seen(True, "Namespace/default", [], expected, "nothing runs in the namespace default")
