"""What the controls of encryption at rest share: which provider Secrets are written with."""

from collections.abc import Callable, Iterator

from k8snb.analysis.components import Component, api_servers
from k8snb.analysis.observed import METRICS, metric, missing
from k8snb.controls._flags import at, component, given, shown
from k8snb.controls.model import Observation, seen, unknown
from k8snb.inventory.cluster import Cluster

FLAG = "encryption-provider-config"
_TRANSFORMATIONS = "apiserver_storage_transformation_operations_total"
_ENCRYPTED = "k8s:enc:"
CONFIGURED = component("kube-apiserver", f"{FLAG}=/etc/kubernetes/encryption.yaml")


def counted(prefix: str) -> dict[str, object]:
    """Give an example: the fact of an API server that has written Secrets with this prefix."""
    labels = {"resource": "secrets", "transformation_type": "to_storage", "transformer_prefix": prefix}
    return {METRICS: [{"name": _TRANSFORMATIONS, "labels": labels, "value": 3.0}]}


def written_with(cluster: Cluster) -> set[str]:
    """Give the prefixes that the API server has put before Secrets in etcd; empty where it has written none.

    The first provider of the configuration writes, so these name it: `k8s:enc:aescbc:v1:`, `k8s:enc:kms:v2:`; none at
    all means that they are stored as they are. Names of keys are counted too, and left out here.

    Source: Kubernetes metrics reference, `apiserver_storage_transformation_operations_total`.
    """
    prefixes = (
        one.labels.get("transformer_prefix", "")
        for one in metric(cluster, _TRANSFORMATIONS) or ()
        if one.value > 0
        and one.labels.get("resource") == "secrets"
        and one.labels.get("transformation_type") == "to_storage"
    )
    return {prefix for prefix in prefixes if not prefix or prefix.startswith(_ENCRYPTED)}


def provider(prefix: str) -> str:
    """Give the provider that a prefix names, such as `aescbc` or `kms v2`."""
    name, _, version = prefix.removeprefix(_ENCRYPTED).strip(":").partition(":")
    if not prefix.startswith(_ENCRYPTED):
        return "identity"
    return f"kms {version.partition(':')[0]}" if name == "kms" else name


def written(cluster: Cluster, holds: Callable[[set[str]], bool], expected: str) -> Iterator[Observation]:
    """Tell what Secrets are written with.

    What an API server counted when it wrote Secrets decides for it; for others, and where none was written, the flags
    do: without a configuration, Secrets are stored as they are. One that is named, but cannot be seen at work, proves
    nothing.

    Args:
        cluster: The inventory.
        holds: Whether the providers pass that were seen at work.
        expected: What would pass.

    Source: Kubernetes, "Encrypting Confidential Data at Rest".
    """
    providers = set(map(provider, written_with(cluster)))
    told = _by_flags(cluster, expected)
    if providers:
        names = ", ".join(sorted(providers))
        where = f'/metrics {_TRANSFORMATIONS}{{resource="secrets"}}'
        yield seen(holds(providers), where, names, expected, f"Secrets are written with {names}", source="metric")
        told = (one for one in told if one.holds is False)
    yield from told


def _by_flags(cluster: Cluster, expected: str) -> Iterator[Observation]:
    for one in api_servers(cluster):
        if one.flags is None:
            yield unknown(one.gap or "not-collected", f"--{FLAG}", expected)
        elif given(one, FLAG) is None:
            yield seen(
                False,
                at(one, FLAG),
                None,
                expected,
                f"{shown(one, FLAG)}: Secrets are stored as they are",
                source="flag",
            )
        else:
            yield _configured(cluster, one, expected)


def _configured(cluster: Cluster, one: Component, expected: str) -> Observation:
    read = metric(cluster, _TRANSFORMATIONS) is not None
    why = "no Secret was written since the API server started" if read else missing(cluster, METRICS).message
    clause = f"--{FLAG} is set; what is in the file cannot be seen, and {why}"
    return unknown("not-collected", at(one, FLAG), expected, clause)
