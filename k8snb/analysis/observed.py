"""What an API server told of itself, and what probes of it showed, as the controls ask for it."""

from collections.abc import Mapping
from typing import Any

import msgspec

from k8snb.evidence.providers import NAME, Export
from k8snb.inventory.cluster import Cluster
from k8snb.sources.stream import Fact, Gap

METRICS, ANONYMOUS, TLS, EXPORT = "metrics/kube-apiserver", "probe/anonymous", "probe/tls", NAME
STATUS = "status/kube-apiserver"
"""Names of the facts."""
_PAGES = {METRICS: "/metrics"}


class Sample(msgspec.Struct, frozen=True):
    """One sample of a metric; its labels are untrusted text."""

    name: str
    labels: Mapping[str, str]
    value: float


class Status(msgspec.Struct, frozen=True):
    """What runs, as the API server that answered tells it; untrusted text.

    Attributes:
        binaryVersion: Its version, such as `1.37.2`.
        startTime: Since when it runs, RFC 3339.
        emulationVersion: The minor version as which it behaves, such as `1.36`; empty where it has none.
    """

    binaryVersion: str
    startTime: str
    emulationVersion: str = ""

    @property
    def emulates(self) -> str:
        """The minor version that it pretends to be; empty where that is its own."""
        return "" if self.binaryVersion.startswith(f"{self.emulationVersion}.") else self.emulationVersion


def status(cluster: Cluster) -> Status | None:
    """Give what the API server that answered tells of itself; None where it was not read."""
    fact = cluster.fact(STATUS)
    try:
        return msgspec.convert(fact.value, Status) if fact else None
    except msgspec.ValidationError:
        return None


def metric(cluster: Cluster, name: str) -> list[Sample] | None:
    """Give the samples of a metric of the API server that answered; None where its metrics were not read."""
    fact = cluster.fact(METRICS)
    try:
        found = msgspec.convert(fact.value, list[Sample]) if fact else None
    except msgspec.ValidationError:
        return None
    return None if found is None else [one for one in found if one.name == name]


def probed(cluster: Cluster, name: str) -> Mapping[str, Any]:
    """Give what a probe showed; nothing where there was none."""
    fact = cluster.fact(name)
    return fact.value if fact and isinstance(fact.value, Mapping) else {}


def place(cluster: Cluster, name: str) -> str:
    """Give where a fact was seen."""
    fact: Fact | None = cluster.fact(name)
    return fact.at if fact else name


def kubelet(cluster: Cluster, node: str) -> Mapping[str, Any] | Gap:
    """Give the assessed fields of the configuration in force of a node's kubelet, or why they are not known."""
    name = f"kubelet/{node}"
    found = probed(cluster, name)
    if found:
        return found
    gap = next((gap for gap in cluster.gaps if gap.resource in {name, "kubelet/"}), None)
    return gap or Gap("not-collected", "the configuration of the kubelet was not read; --kubelets reads it", name)


class Said(msgspec.Struct, frozen=True):
    """What a provider says of one thing: its name, the answer, and where in its export."""

    provider: str
    value: Any
    at: str


def export(cluster: Cluster) -> Export | None:
    """Give what the provider says of the cluster; None where nobody brought its export."""
    fact = cluster.fact(EXPORT)
    try:
        return msgspec.convert(fact.value, Export) if fact else None
    except msgspec.ValidationError:
        return None


def answer(cluster: Cluster, key: str) -> Said | None:
    """Give what the provider says of one thing, see `Export`; None where it says nothing."""
    told = export(cluster)
    found = told.answers.get(key) if told else None
    return Said(told.provider, found.value, f"{place(cluster, EXPORT)} {found.at}") if told and found else None


def missing(cluster: Cluster, name: str) -> Gap:
    """Say why a fact is not there."""
    page = _PAGES.get(name, name)
    found = next((gap for gap in cluster.gaps if gap.resource == page), None)
    return found or Gap("not-collected", f"{page} of the API server was not read", page)
