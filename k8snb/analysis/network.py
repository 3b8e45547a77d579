"""NetworkPolicies: what they select, whom they let in and out, and what they amount to together.

Source: Kubernetes, `networking.k8s.io/v1 NetworkPolicy`. A pod that no policy selects for a direction is open in that
direction; a pod that some policy selects may do what any of these policies allows: policies add up.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from typing import Literal

import msgspec

from k8snb.analysis.other_policies import doubt
from k8snb.analysis.policy_selection import Selection, asked_labels, labels_of, selection
from k8snb.inventory.cluster import Cluster
from k8snb.inventory.workloads import Workload, by_namespace
from k8snb.resources.base import LabelSelector
from k8snb.resources.network import EgressRule, IngressRule, IPBlock, NetworkPolicy, Peer, PolicyPort

Direction = Literal["Ingress", "Egress"]
DIRECTIONS: tuple[Direction, ...] = ("Ingress", "Egress")
Rule = IngressRule | EgressRule
Network = IPv4Network | IPv6Network
_LEADING_ZEROS = re.compile(r"\b0+(?=\d)")


def policies(cluster: Cluster, namespace: str, direction: Direction) -> list[NetworkPolicy]:
    """Give the policies of a namespace that govern a direction."""
    return list(selection(cluster, namespace, direction).policies)


def empty(selector: LabelSelector | None) -> bool:
    """Say whether a selector selects everything."""
    return selector is None or not (selector.matchLabels or selector.matchExpressions)


def selects_all(policy: NetworkPolicy) -> bool:
    """Say whether a policy selects every pod of its namespace, also those to come."""
    return empty(policy.spec.podSelector)


def selects(policy: NetworkPolicy, labels: Mapping[str, str]) -> bool:
    """Say whether a policy selects a pod of its namespace with these labels."""
    return selects_all(policy) or (policy.spec.podSelector is not None and policy.spec.podSelector.matches(labels))


def rules(policy: NetworkPolicy, direction: Direction) -> Sequence[Rule]:
    """Give the rules of a policy for a direction."""
    return (policy.spec.ingress if direction == "Ingress" else policy.spec.egress) or ()


def open_to_everyone(chosen: Iterable[NetworkPolicy], direction: Direction) -> bool:
    """Say whether policies, taken together, allow everything in a direction.

    They do when some rule names no peer, or every pod of every namespace, or when the address blocks of all rules
    without their exceptions cover all of IPv4 or IPv6; rules that are limited to some ports do not count.
    """
    peers: list[Peer] = []
    for policy in chosen:
        for rule in rules(policy, direction):
            if not _every_port(rule.ports):
                continue
            if not rule.peers:
                return True
            peers += rule.peers
    return any(map(_everyone, peers)) or covers([peer.ipBlock for peer in peers if peer.ipBlock])


def _every_port(ports: Sequence[PolicyPort] | None) -> bool:
    return not ports or any(
        (one.protocol or "TCP") == "TCP"
        and (one.port is None or (isinstance(one.port, int) and one.port <= 1 and (one.endPort or 0) >= 65535))
        for one in ports
    )


def _everyone(peer: Peer) -> bool:
    return (
        peer.ipBlock is None
        and peer.namespaceSelector is not None
        and empty(peer.namespaceSelector)
        and empty(peer.podSelector)
    )


def covers(blocks: Iterable[IPBlock]) -> bool:
    """Say whether blocks without their exceptions, taken together, are all of IPv4 or all of IPv6."""
    reached = [network for block in blocks for network in networks(block)]
    four = collapse_addresses([one for one in reached if isinstance(one, IPv4Network)])
    six = collapse_addresses([one for one in reached if isinstance(one, IPv6Network)])
    return any(one.prefixlen == 0 for one in four) or any(one.prefixlen == 0 for one in six)


@lru_cache(65536)
def networks(block: IPBlock) -> Sequence[Network]:
    """Give the networks of a block without its exceptions; an exception that is no address excepts nothing."""
    whole = network(block.cidr)
    left: list[Network] = [whole] if whole else []
    for excepted in map(network, block.excepted or ()):
        left = [part for one in left for part in _without(one, excepted)] if excepted else left
    return left


def network(text: str | None) -> Network | None:
    """Read an address block as Kubernetes does: an IPv4 part may begin with zeros and is decimal all the same."""
    word = text or ""
    try:
        return ip_network(word if ":" in word else _LEADING_ZEROS.sub("", word), strict=False)
    except ValueError:
        return None


def unreadable(chosen: Iterable[NetworkPolicy], direction: Direction) -> list[str]:
    """Give the names of the policies that have an address block that is none, so that it is unknown what they allow."""
    return sorted(
        policy.name
        for policy in chosen
        if any(
            peer.ipBlock and network(peer.ipBlock.cidr) is None
            for rule in rules(policy, direction)
            for peer in rule.peers or ()
        )
    )


def _without(network: Network, excepted: Network) -> list[Network]:
    if isinstance(network, IPv4Network) and isinstance(excepted, IPv4Network):
        if network.subnet_of(excepted):
            return []
        return list(network.address_exclude(excepted)) if excepted.subnet_of(network) else [network]
    if isinstance(network, IPv6Network) and isinstance(excepted, IPv6Network):
        if network.subnet_of(excepted):
            return []
        return list(network.address_exclude(excepted)) if excepted.subnet_of(network) else [network]
    return [network]


class Isolation(msgspec.Struct, frozen=True):
    """What the policies that select a workload's pods amount to in one direction.

    Attributes:
        policies: Names of the policies that select all of its pods' label sets; sorted.
        isolated: Whether every label set is selected by at least one policy.
        open: Whether they, taken together, allow everything for some label set.
        unreadable: Names of those that have an address block that is none; sorted.
    """

    policies: tuple[str, ...]
    isolated: bool
    open: bool
    unreadable: tuple[str, ...] = ()


class _Amount(msgspec.Struct, frozen=True):
    """What some policies amount to together; names are sorted."""

    names: tuple[str, ...]
    open: bool
    unreadable: tuple[str, ...]


def isolation(cluster: Cluster, workload: Workload, direction: Direction) -> Isolation:
    """Give what the policies that were read amount to for a workload's pods, with the labels that they run with."""
    known = selection(cluster, workload.namespace, direction)
    found = {id(one): one for one in (_amount(known, labels, direction) for labels in asked_labels(cluster, workload))}
    amounts = list(found.values())
    return Isolation(
        _joined([one.names for one in amounts]),
        all(one.names for one in amounts),
        any(one.open for one in amounts),
        _joined([one.unreadable for one in amounts]),
    )


def _amount(known: Selection, labels: Mapping[str, str], direction: Direction) -> _Amount:
    chosen = known.of(labels)
    key = ("amount", id(chosen))
    if key not in known.memory:
        names = tuple(sorted(one.name for one in chosen))
        known.memory[key] = _Amount(names, open_to_everyone(chosen, direction), tuple(unreadable(chosen, direction)))
    found: _Amount = known.memory[key]
    return found


def _joined(names: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    return names[0] if len(names) == 1 else tuple(sorted({name for some in names for name in some}))


def label_sets(workload: Workload) -> list[Mapping[str, str]]:
    """Give the different labels that a workload's pods carry: its template's, and those of running pods."""
    carried = (workload.labels, *(podset.labels for podset in workload.podsets))
    return list({frozenset(one.items()): one for one in carried}.values())


class PolicyRow(msgspec.Struct, frozen=True):
    """One namespace with pods, for a table or a figure.

    Attributes:
        namespace: Its name.
        ingress_denied: Whether incoming traffic is denied by default; None when it cannot be told.
        egress_denied: The same for outgoing traffic.
        workloads: How many workloads it has.
        isolated: How many of them are isolated in both directions by policies that do not allow everything.
    """

    namespace: str
    ingress_denied: bool | None
    egress_denied: bool | None
    workloads: int
    isolated: int


def denied_by_default(
    cluster: Cluster, namespace: str, direction: Direction, workloads: Sequence[Workload]
) -> bool | None:
    """Say whether a namespace denies a direction by default; None when policies that were not read could change it.

    It does when a policy selects all pods for the direction, and the policies together do not open it to everyone
    again for all of its pods.
    """
    denying = any(map(selects_all, policies(cluster, namespace, direction)))
    pods = labels_of(cluster, workloads)
    if openers(cluster, namespace, direction, workloads):
        return None if doubt(cluster, namespace, direction, pods, "denies", every=True) else False
    unknown = (
        cluster.gap("networkpolicies", namespace)
        or unreadable(policies(cluster, namespace, direction), direction)
        or doubt(cluster, namespace, direction, pods, "opens" if denying else "isolates", every=True)
    )
    return None if unknown else denying


def openers(cluster: Cluster, namespace: str, direction: Direction, workloads: Sequence[Workload]) -> list[str]:
    """Give the names of the policies that open a direction to everyone for every pod of a namespace; sorted.

    A policy that opens it only for some of the pods is their own matter (`pods-isolated`).
    """
    known = policies(cluster, namespace, direction)
    whole = [one for one in known if selects_all(one)]
    if open_to_everyone(whole, direction):
        return sorted(one.name for one in whole if rules(one, direction))
    chosen, pods = selection(cluster, namespace, direction), labels_of(cluster, workloads)
    if pods and all(_amount(chosen, labels, direction).open for labels in pods):
        found = {id(some): some for some in map(chosen.of, pods)}
        return sorted({one.name for some in found.values() for one in some if rules(one, direction)})
    return []


def policy_matrix(cluster: Cluster) -> list[PolicyRow]:
    """Give one row a namespace with pods, sorted by name."""
    return [
        PolicyRow(
            name,
            denied_by_default(cluster, name, "Ingress", found),
            denied_by_default(cluster, name, "Egress", found),
            len(found),
            sum(all(_shut(cluster, one, way) for way in DIRECTIONS) for one in found),
        )
        for name, found in sorted(by_namespace(cluster.workloads).items())
    ]


def _shut(cluster: Cluster, workload: Workload, direction: Direction) -> bool:
    one = isolation(cluster, workload, direction)
    shut = one.isolated and not one.open and not one.unreadable
    return shut and not doubt(
        cluster, workload.namespace, direction, asked_labels(cluster, workload), "opens", every=False
    )
