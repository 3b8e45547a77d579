"""Definitions of the custom resources that the demo cluster holds; any content is accepted."""

from collections.abc import Iterator
from typing import Any

_CUSTOM = (
    ("aquasecurity.github.io", "v1alpha1", "VulnerabilityReport", "vulnerabilityreports"),
    ("gateway.networking.k8s.io", "v1", "Gateway", "gateways"),
)
_APPROVED = {"api-approved.kubernetes.io": "https://github.com/kubernetes-sigs/gateway-api/pull/2466"}


def definitions() -> Iterator[dict[str, Any]]:
    """Give a definition for each custom resource."""
    for group, version, kind, plural in _CUSTOM:
        schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
        served = {"name": version, "served": True, "storage": True, "schema": schema}
        yield {
            "apiVersion": "apiextensions.k8s.io/v1",
            "kind": "CustomResourceDefinition",
            "metadata": {"name": f"{plural}.{group}", "annotations": _APPROVED if group.endswith("k8s.io") else {}},
            "spec": {
                "group": group,
                "scope": "Namespaced",
                "names": {"kind": kind, "plural": plural, "singular": kind.lower()},
                "versions": [served],
            },
        }
