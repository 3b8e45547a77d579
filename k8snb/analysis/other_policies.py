"""Network policies that are no NetworkPolicies: what they may change of what NetworkPolicies amount to.

What their rules say is not computed. It is only told in which way they could change the answer, so that a verdict which
they cannot change stands.
"""

from collections.abc import Mapping, Sequence
from weakref import WeakKeyDictionary

import msgspec

from k8snb.analysis.other_policy_kinds import OTHERS, Change, Other, Place, every_other
from k8snb.analysis.words import some
from k8snb.inventory.cluster import Cluster
from k8snb.resources.core import Namespace
from k8snb.sources.stream import Gap

__all__ = ["OTHERS", "Change", "asked_for", "doubt"]
_CHANGES: Mapping[Change, str] = {"opens": "open it", "isolates": "close it", "denies": "deny what is allowed"}


def doubt(
    cluster: Cluster, namespace: str, direction: str, pods: Sequence[Mapping[str, str]], change: Change, *, every: bool
) -> Gap | None:
    """Say whether a policy of another kind may change what NetworkPolicies amount to; None where none does.

    Args:
        cluster: The inventory.
        namespace: Where the pods are.
        direction: `Ingress` or `Egress`.
        pods: Their labels, each different set once.
        change: Which change would matter.
        every: Whether it matters only where it may happen to every one of the pods.
    """
    around = _of(cluster, namespace)
    if around.gap and change != "denies":
        return around.gap
    able = [one for one in around.policies if (direction, change) in one.changes]
    hits = [[one.name for one in able if one.may_select(around.place, labels)] for labels in (pods if able else ())]
    if not hits or not (all(hits) if every else any(hits)):
        return None
    names = sorted({name for some_ in hits for name in some_})
    return Gap("unsupported", f"{some(names)} may {_CHANGES[change]}, and what it means is not computed")


def asked_for(cluster: Cluster, namespace: str) -> frozenset[str]:
    """Give the keys of the pods' labels that such policies ask for in a namespace."""
    return frozenset(key for one in _of(cluster, namespace).policies for key in one.keys)


class _Around(msgspec.Struct, frozen=True):
    """What such policies there are for a namespace, and what may hide further ones."""

    place: Place
    policies: Sequence[Other]
    gap: Gap | None


_known: WeakKeyDictionary[Cluster, dict[str, _Around]] = WeakKeyDictionary()
_all: WeakKeyDictionary[Cluster, list[Other]] = WeakKeyDictionary()


def _of(cluster: Cluster, namespace: str) -> _Around:
    if cluster not in _all:
        _all[cluster] = every_other(cluster)
    found = _known.setdefault(cluster, {})
    if namespace not in found:
        here = [one for one in _all[cluster] if one.namespace in {None, namespace}]
        gap = next((gap for one in OTHERS if (gap := cluster.gap(one, namespace))), None)
        found[namespace] = _Around(_place(cluster, namespace), here, gap)
    return found[namespace]


def _place(cluster: Cluster, namespace: str) -> Place:
    if cluster not in _places:
        _places[cluster] = {one.name: Place(one.name, one.labels) for one in cluster.all(Namespace)}
    return _places[cluster].get(namespace) or Place(namespace, None)


_places: WeakKeyDictionary[Cluster, dict[str, Place]] = WeakKeyDictionary()
