"""A namespace has a ResourceQuota."""

from collections.abc import Iterator

from k8snb.analysis.namespaces import NamespaceView
from k8snb.analysis.words import some
from k8snb.controls.model import Observation, References, seen, unknown
from k8snb.controls.network_hardening._shared import CHAPTER, PLAIN, RESOURCES
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster
from k8snb.resources.core import ResourceQuota

_QUOTA = """\
---
apiVersion: v1
kind: ResourceQuota
metadata: {name: quota, namespace: shop}
spec: {hard: {limits.cpu: "10", limits.memory: 20Gi, pods: "50"}}
"""


@control(
    id="resource-quota",
    chapter=CHAPTER,
    section=RESOURCES,
    severity="low",
    subject="namespace-with-pods",
    reads=["resourcequotas"],
    title="A ResourceQuota bounds the namespace as a whole",
    why=(
        "Without a quota one namespace may take what all others need: by a runaway autoscaler, "
        "a loop that makes pods, or an intruder who mines."
    ),
    fix="Add a ResourceQuota for CPU, memory and the number of pods to the namespace.",
    caution="A quota on CPU or memory refuses pods that set none; add a LimitRange with defaults first.",
    remedy="template",
    references=References(
        nist_800_53=("SC-5", "SC-6"), nist_800_190=("4.4.3",), mitre=("T1496", "T1499"), trivy=("KSV-0040",)
    ),
    passing=[PLAIN + _QUOTA],
    failing=[PLAIN, PLAIN + _QUOTA.replace("namespace: shop", "namespace: blog")],
)
def resource_quota(namespace: NamespaceView, cluster: Cluster) -> Iterator[Observation]:
    """A ResourceQuota bounds the namespace as a whole; one without hard limits does not count."""
    at, expected = f"ResourceQuota/{namespace.name}", "at least one ResourceQuota with hard limits"
    found = sorted(one.name for one in cluster.all(ResourceQuota, namespace.name) if one.spec.hard)
    gap = cluster.gap("resourcequotas", namespace.name)
    if found:
        yield seen(True, f"{at}/{found[0]} spec.hard", found, expected, f"ResourceQuota {some(found)} is in force")
    elif gap:
        yield unknown(gap, "resourcequotas", expected)
    else:
        yield seen(False, at, None, expected, "the namespace has no ResourceQuota")
