"""What providers say of a managed cluster: the JSON that their own tools print."""

from collections.abc import Callable, Mapping
from typing import Any

from k8snb.evidence.providers import aks, eks, gke
from k8snb.evidence.providers.export import NAME, Export

__all__ = ["NAME", "Export", "parse"]

_PROVIDERS: tuple[tuple[Callable[[Mapping[str, Any]], bool], Callable[[Mapping[str, Any]], Export]], ...] = (
    (eks.known, eks.read),
    (gke.known, gke.read),
    (aks.known, aks.read),
)


def parse(content: Any) -> Export | None:
    """Read the export of a provider; None where it is something else.

    Args:
        content: Decoded JSON of `aws eks describe-cluster`, `gcloud container clusters describe --format=json` or
            `az aks show`.
    """
    found = content if isinstance(content, Mapping) else {}
    inner = found.get("cluster")
    cluster: Mapping[str, Any] = inner if isinstance(inner, Mapping) else found
    return next((read(cluster) for known, read in _PROVIDERS if known(cluster)), None)
