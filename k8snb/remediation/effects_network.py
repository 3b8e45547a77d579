"""Which pods lose which peers: what NetworkPolicies allow before and after.

Ports are left aside: a peer counts as lost when no port to or from it is left.
"""

from collections.abc import Iterable

from k8snb.analysis.network import Direction, policies, rules, selects
from k8snb.inventory.cluster import Cluster
from k8snb.inventory.workloads import Workload
from k8snb.resources.core import Namespace
from k8snb.resources.network import Peer

_SHOWN, _MOST = 3, 2000
_OUTSIDE = "*"
_WAYS: tuple[tuple[Direction, str], ...] = (
    ("Ingress", "{subject} is no longer reached by {peers}."),
    ("Egress", "{subject} no longer reaches {peers}."),
)


class _Reach:
    """What the policies of one inventory let through."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.labels = {
            one.name: dict(one.labels) | {"kubernetes.io/metadata.name": one.name} for one in cluster.all(Namespace)
        }

    def peers(self, one: Workload, direction: Direction, others: Iterable[Workload]) -> set[str]:
        """Give the workloads that a workload may talk to, or be talked to by, as far as its own policies go."""
        chosen = [found for found in policies(self.cluster, one.namespace, direction) if selects(found, one.labels)]
        if not chosen:
            return {_told(other) for other in others} | {_OUTSIDE}
        found: set[str] = set()
        for rule in (rule for policy in chosen for rule in rules(policy, direction)):
            if not rule.peers:
                return {_told(other) for other in others} | {_OUTSIDE}
            found |= {_OUTSIDE} if any(peer.ipBlock for peer in rule.peers) else set()
            found |= {_told(other) for other in others if any(self._is(peer, one, other) for peer in rule.peers)}
        return found

    def _is(self, peer: Peer, one: Workload, other: Workload) -> bool:
        if peer.ipBlock is not None:
            return False
        if peer.namespaceSelector is None:
            if other.namespace != one.namespace:
                return False
        elif not peer.namespaceSelector.matches(
            self.labels.get(other.namespace, {"kubernetes.io/metadata.name": other.namespace})
        ):
            return False
        return peer.podSelector is None or peer.podSelector.matches(other.labels)


def cut_off(cluster: Cluster, changed: Cluster, namespace: str) -> list[str]:
    """Tell which workloads of a namespace lose which peers.

    Args:
        cluster: As it is.
        changed: As it would be.
        namespace: Where a policy changes.
    """
    everybody = list({_told(one): one for one in cluster.workloads}.values())[:_MOST]
    before, after = _Reach(cluster), _Reach(changed)
    found = []
    for one in sorted((one for one in everybody if one.namespace == namespace), key=_told):
        others = [other for other in everybody if other is not one]
        pods = "1 pod" if one.pods == 1 else f"{one.pods:,} pods"
        for direction, words in _WAYS:
            left = after.peers(one, direction, others)
            gone = before.peers(one, direction, others) - left
            if gone:
                found.append(words.format(subject=f"{one.kind} {one.name} ({pods})", peers=_lost(gone, left)))
    return found or ["No workload here loses a peer: there is none, or what it may reach stays the same."]


def _told(one: Workload) -> str:
    return f"{one.kind}/{one.namespace}/{one.name}"


def _lost(gone: set[str], left: set[str]) -> str:
    if len(gone) <= len(left):
        return _names(gone)
    if left:
        return f"any of {len(gone):,} peers, only {_names(left)}"
    return "anybody, inside or outside of the cluster" if _OUTSIDE in gone else "any other pod"


def _names(peers: set[str]) -> str:
    inside = sorted(peers - {_OUTSIDE})
    shown = inside[:_SHOWN] + ([f"{len(inside) - _SHOWN:,} more workloads"] if len(inside) > _SHOWN else [])
    shown += ["what is outside of the cluster"] if _OUTSIDE in peers else []
    return ", ".join(shown[:-1]) + (" and " if len(shown) > 1 else "") + shown[-1]
