"""A namespace has a LimitRange."""

from collections.abc import Iterator

from k8snb.analysis.namespaces import NamespaceView
from k8snb.analysis.words import some
from k8snb.controls.model import Observation, References, seen, unknown
from k8snb.controls.network_hardening._shared import CHAPTER, PLAIN, RESOURCES
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster
from k8snb.resources.core import LimitRange

_RANGE = """\
---
apiVersion: v1
kind: LimitRange
metadata: {name: defaults, namespace: shop}
spec: {limits: [{type: Container, default: {cpu: 500m, memory: 256Mi}}]}
"""


@control(
    id="limit-range",
    chapter=CHAPTER,
    section=RESOURCES,
    severity="low",
    subject="namespace-with-pods",
    reads=["limitranges"],
    title="A LimitRange bounds single pods and containers",
    why=(
        "A LimitRange gives every container of a namespace a default and a ceiling, so that a forgotten limit "
        "does not become an unlimited container."
    ),
    fix="Add a LimitRange with default and defaultRequest for CPU and memory to the namespace.",
    caution="It applies when pods are created: pods that run keep what they have, and too low a max refuses new ones.",
    remedy="template",
    references=References(
        nist_800_53=("SC-5", "SC-6"), nist_800_190=("4.4.3",), mitre=("T1496", "T1499"), trivy=("KSV-0039",)
    ),
    passing=[PLAIN + _RANGE],
    failing=[PLAIN, PLAIN + _RANGE.replace("namespace: shop", "namespace: blog")],
)
def limit_range(namespace: NamespaceView, cluster: Cluster) -> Iterator[Observation]:
    """A LimitRange bounds single pods and containers; one without limits does not count."""
    at, expected = f"LimitRange/{namespace.name}", "at least one LimitRange with limits"
    found = sorted(one.name for one in cluster.all(LimitRange, namespace.name) if one.spec.limits)
    gap = cluster.gap("limitranges", namespace.name)
    if found:
        yield seen(True, f"{at}/{found[0]} spec.limits", found, expected, f"LimitRange {some(found)} is in force")
    elif gap:
        yield unknown(gap, "limitranges", expected)
    else:
        yield seen(False, at, None, expected, "the namespace has no LimitRange")
