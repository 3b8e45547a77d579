"""Evidence files belong to one cluster: those of another are refused."""

from collections.abc import Iterator
from typing import Any

import msgspec

from k8snb.errors import UsageError
from k8snb.evidence import audit_log, kube_bench, providers
from k8snb.evidence.files import ANYWAY
from k8snb.inventory.cluster import Cluster
from k8snb.resources.core import Node
from k8snb.sources.stream import ENDPOINT, Fact

_SHOWN = 5


def refuse_others(cluster: Cluster) -> None:
    """Refuse evidence that tells, by what it says of itself, that it is of another cluster or node.

    A provider's export must name the address that the cluster was read at; a run of kube-bench the version of the
    cluster, and an address of its node where it tells one; an audit log one of its nodes. What cannot be compared is
    refused too, unless a person said that it counts.

    Raises:
        UsageError: if it is of another, or if that cannot be told.
    """
    for fact in cluster.facts:
        told = next(_doubts(cluster, fact), None)
        if told:
            raise UsageError(
                f"{fact.at}: {told}.", "Bring that of this cluster, or --any-evidence uses it all the same."
            )


def node_of(cluster: Cluster, fact: Fact) -> str | None:
    """Give the node that a run of kube-bench was on: the only one, or that which the file is named after."""
    names = [one.name for one in cluster.all(Node)]
    stem = fact.name.removeprefix(kube_bench.NAME)
    return stem if stem in names else names[0] if len(names) == 1 else None


def _doubts(cluster: Cluster, fact: Fact) -> Iterator[str]:
    value: dict[str, Any] = fact.value if isinstance(fact.value, dict) else {}
    if fact.name.startswith(kube_bench.NAME):
        if node_of(cluster, fact) is None:
            names = ", ".join(one.name for one in cluster.all(Node)[:_SHOWN]) or "none could be read"
            yield f"kube-bench does not say which node it was on: name the file after it, NODE.json (nodes: {names})"
        if not value.get(ANYWAY):
            yield from _other_node(cluster, msgspec.convert(value, kube_bench.Run), node_of(cluster, fact) or "")
    if fact.name == audit_log.NAME and not value.get(ANYWAY):
        nodes = {one.name for one in cluster.all(Node)}
        if not nodes & set(value.get("nodes") or ()):
            yield "no kubelet of this cluster is seen in it, so that it may be of another"
    if fact.name == providers.NAME and not value.get(ANYWAY):
        yield from _other_cluster(cluster, msgspec.convert(value, providers.Export))


def _other_node(cluster: Cluster, run: kube_bench.Run, node: str) -> Iterator[str]:
    minor = ".".join((cluster.version or "").removeprefix("v").split(".")[:2])
    if run.version and minor and run.version != minor:
        yield f"it is of a cluster of version {run.version}, and this one is of {minor}"
    if not (run.version and minor) and not run.addresses:
        yield "it says neither its version nor its address, so that it may be of another cluster"
    own = {
        address.address
        for one in cluster.all(Node)
        if one.name == node and one.status
        for address in one.status.addresses or ()
    }
    if run.addresses and own and not own & set(run.addresses):
        yield f"it is of the node at {run.addresses[0]}, which is not {node}"


def _other_cluster(cluster: Cluster, export: providers.Export) -> Iterator[str]:
    fact = cluster.fact(ENDPOINT)
    own = str(fact.value).lower() if fact else ""
    if not own:
        yield "the address of this cluster is not known, so that it may be of another"
    elif own not in export.endpoints:
        named = export.endpoints[0] if export.endpoints else "no address"
        yield f"it names {named}, and this cluster was read at {own}"
