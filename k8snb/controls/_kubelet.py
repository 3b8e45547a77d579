"""What the controls of kubelets share: a field of the configuration in force, and examples."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from k8snb.analysis.observed import kubelet
from k8snb.controls.model import Example, Observation, seen, unknown
from k8snb.inventory.cluster import Cluster
from k8snb.resources.core import Node
from k8snb.sources.stream import Gap

_NODE = "apiVersion: v1\nkind: Node\nmetadata: {name: w1}\n"


def example(**configuration: Any) -> Example:
    """Give an example: a node whose kubelet told this configuration."""
    return Example(_NODE, facts={"kubelet/w1": {"rotateCertificates": False} | configuration})


def field(
    node: Node,
    cluster: Cluster,
    path: str,
    expected: str,
    holds: Callable[[Any], bool],
    *,
    default: Any = None,
) -> Iterator[Observation]:
    """Tell a field of the kubelet's configuration.

    Args:
        node: The node.
        cluster: The inventory.
        path: The field, with dots.
        expected: What would pass.
        holds: Whether a value passes.
        default: What an absent field means; the kubelet leaves out what is empty, zero or false.

    Source: Kubernetes, `KubeletConfiguration` v1beta1, as `/configz` tells it with its defaults.
    """
    found = kubelet(cluster, node.name)
    if isinstance(found, Gap):
        yield unknown(found, f"configz {path}", expected)
        return
    value = _at(found, path)
    value = default if value is None else value
    told = "not set" if value in (None, "") else str(value)[:120]
    yield seen(holds(value), f"configz {path}", value, expected, f"{path} is {told}", source="probe")


def _at(found: Mapping[str, Any], path: str) -> Any:
    value: Any = found
    for key in path.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    return value
