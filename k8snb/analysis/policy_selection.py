"""Which policies select which pods, found once for labels that no policy tells apart.

Pods of a StatefulSet have a label of their own each, and large namespaces have many policies: both are cut down to the
labels that some policy asks for, and policies are looked up by the labels that they want.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from weakref import WeakKeyDictionary

from k8snb.analysis.other_policies import asked_for
from k8snb.inventory.cluster import Cluster
from k8snb.inventory.workloads import Workload
from k8snb.resources.base import LabelSelector
from k8snb.resources.network import NetworkPolicy

Labels = Mapping[str, str]
Chosen = tuple[NetworkPolicy, ...]
_Pair = tuple[str, str]


class Selection:
    """The policies of a namespace that govern a direction.

    Attributes:
        policies: All of them.
        memory: What was found out about `Chosen` before, by what it is and the identity of the policies.

    Args:
        policies: The policies of the namespace.
        direction: `Ingress` or `Egress`.
    """

    def __init__(self, policies: Iterable[NetworkPolicy], direction: str) -> None:
        self.policies: Chosen = tuple(one for one in policies if direction in one.directions)
        self.memory: dict[tuple[str, int], Any] = {}
        self._known: dict[frozenset[_Pair], Chosen] = {}
        self._same: dict[tuple[int, ...], Chosen] = {}
        self._by_label: dict[_Pair, list[int]] = {}
        self._further: list[int] = []
        for index, one in enumerate(self.policies):
            wanted = one.spec.podSelector.matchLabels if one.spec.podSelector else None
            where = self._by_label.setdefault(next(iter(wanted.items())), []) if wanted else self._further
            where.append(index)

    def of(self, labels: Labels) -> Chosen:
        """Give the policies that select a pod with these labels; the same object for the same policies."""
        key = frozenset(labels.items())
        if key not in self._known:
            near = sorted([*self._further, *(index for pair in key for index in self._by_label.get(pair, ()))])
            found = tuple(self.policies[index] for index in near if _selects(self.policies[index], labels))
            self._known[key] = self._same.setdefault(tuple(map(id, found)), found)
        return self._known[key]


def _selects(policy: NetworkPolicy, labels: Labels) -> bool:
    return (policy.spec.podSelector or LabelSelector()).matches(labels)


class _Namespace:
    """What is known of a namespace: its policies by direction, and the keys of labels that matter."""

    def __init__(self, cluster: Cluster, name: str) -> None:
        policies = cluster.all(NetworkPolicy, name)
        self.ways = {way: Selection(policies, way) for way in ("Ingress", "Egress")}
        self.keys = asked_for(cluster, name).union(*(_keys(one.spec.podSelector) for one in policies))
        self.labels: dict[int, list[Labels]] = {}


def _keys(selector: LabelSelector | None) -> set[str]:
    if selector is None:
        return set()
    return {*(selector.matchLabels or {}), *(one.key for one in selector.matchExpressions or ())}


_known: WeakKeyDictionary[Cluster, dict[str, _Namespace]] = WeakKeyDictionary()


def _namespace(cluster: Cluster, name: str) -> _Namespace:
    found = _known.setdefault(cluster, {})
    if name not in found:
        found[name] = _Namespace(cluster, name)
    return found[name]


def selection(cluster: Cluster, namespace: str, direction: str) -> Selection:
    """Give the policies of a namespace that govern a direction."""
    return _namespace(cluster, namespace).ways[direction]


def asked_labels(cluster: Cluster, workload: Workload) -> list[Labels]:
    """Give the different labels that a workload's pods carry, its template's and those of running pods.

    Only labels that some policy asks for are given: others change nothing.
    """
    around = _namespace(cluster, workload.namespace)
    if id(workload) not in around.labels:
        carried = (workload.labels, *(podset.labels for podset in workload.podsets))
        sets = {tuple((key, one[key]) for key in around.keys if key in one): None for one in carried}
        around.labels[id(workload)] = list(map(dict, sets))
    return around.labels[id(workload)]


def labels_of(cluster: Cluster, workloads: Iterable[Workload]) -> list[Labels]:
    """Give the different labels that pods of workloads carry, see `asked_labels`."""
    found = {frozenset(labels.items()): labels for one in workloads for labels in asked_labels(cluster, one)}
    return list(found.values())
