"""Who is in the crowds that steps of a chain lead to, and what was not read of them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar
from weakref import WeakKeyDictionary

from k8snb.analysis.escalation_hops import ANYBODY, GOAL, MANAGER, MASTERS, USERS, Hop, Node
from k8snb.analysis.rbac import of_the_system, subjects
from k8snb.analysis.tokens import holds_token
from k8snb.inventory.cluster import Cluster
from k8snb.inventory.workloads import Workload, by_namespace
from k8snb.resources.core import ServiceAccount
from k8snb.resources.rbac import Role
from k8snb.sources.stream import Gap

T = TypeVar("T")
UNREAD: Node = ("unread", "")


def members(cluster: Cluster, crowd: Node) -> Iterator[Hop]:
    """Give the steps from a crowd to whoever is in it."""
    yield from _MEMBERS[crowd[0]](cluster, crowd)


def _accounts(cluster: Cluster, crowd: Node) -> Iterator[Hop]:
    for namespace, names in _chosen(_by_namespace(cluster), crowd):
        for name, gap in names.items():
            if _named(crowd, name):
                yield Hop(crowd, ("ServiceAccount", f"{namespace}/{name}"), "among them", gap=gap)


def _chosen(by_namespace: Mapping[str, T], crowd: Node) -> Iterable[tuple[str, T]]:
    wanted = crowd[1].partition("/")[0]
    if not wanted:
        return by_namespace.items()
    return [(wanted, by_namespace[wanted])] if wanted in by_namespace else []


def _named(crowd: Node, name: str) -> bool:
    return crowd[1].partition("/")[2] in {"", name}


_known: WeakKeyDictionary[Cluster, Mapping[str, Mapping[str, Gap | None]]] = WeakKeyDictionary()


def _by_namespace(cluster: Cluster) -> Mapping[str, Mapping[str, Gap | None]]:
    """Give the ServiceAccounts by namespace and name, each with why it may not exist."""
    if cluster not in _known:
        found: dict[str, dict[str, Gap | None]] = defaultdict(dict)
        for key, bound in subjects(cluster).items():
            if key[0] == "ServiceAccount":
                namespace, _, name = key[1].partition("/")
                gap = cluster.gap("serviceaccounts", namespace)
                advance = all(of_the_system(cluster, one) for one in bound)
                if not advance or gap:
                    found[namespace][name] = gap if advance else None
        for one in cluster.all(ServiceAccount):
            found[one.namespace or "default"][one.name] = None
        for work in cluster.workloads:
            found[work.namespace][work.service_account] = None
        _known[cluster] = found
    return _known[cluster]


def _pods(cluster: Cluster, crowd: Node) -> Iterator[Hop]:
    for namespace, works in _chosen(by_namespace(cluster.workloads), crowd):
        running = (one for one in works if _runs(one, crowd) and holds_token(cluster, one))
        for name in dict.fromkeys(one.service_account for one in running):
            yield Hop(crowd, ("ServiceAccount", f"{namespace}/{name}"), "among them")
    yield from _hidden(cluster, crowd, "pods")


def _runs(work: Workload, crowd: Node) -> bool:
    return crowd[1].endswith("/") or any(_named(crowd, name) for podset in work.podsets for name in podset.names)


def _hidden(cluster: Cluster, crowd: Node, resource: str) -> Iterator[Hop]:
    """Give what may be hidden: any ServiceAccount of a namespace whose objects were not read."""
    wanted = crowd[1].partition("/")[0]
    for namespace in [wanted] if wanted else _namespaces(cluster):
        gap = cluster.gap(resource, namespace)
        if gap:
            yield Hop(crowd, ("accounts", f"{namespace}/"), f"{resource} were not read", gap=gap)


def _namespaces(cluster: Cluster) -> list[str]:
    return sorted({*cluster.namespace_names, *_by_namespace(cluster)})


def _roles(cluster: Cluster, crowd: Node) -> Iterator[Hop]:
    namespace = crowd[1].partition("/")[0]
    for one in cluster.all(Role, namespace or None):
        if _named(crowd, one.name):
            yield Hop(crowd, ("Role", f"{one.namespace or 'default'}/{one.name}"), "among them")
    yield from _hidden(cluster, crowd, "roles")


def _users(cluster: Cluster, crowd: Node) -> Iterator[Hop]:
    yield from (Hop(crowd, key, "among them") for key in subjects(cluster) if key[0] == "User")
    yield Hop(crowd, MANAGER, "among them")


def _anybody(cluster: Cluster, crowd: Node) -> Iterator[Hop]:
    yield Hop(crowd, USERS, "among them")
    yield Hop(crowd, ("accounts", "/"), "among them")
    groups = (key for key in subjects(cluster) if key[0] == "Group" and key != MASTERS)
    yield from (Hop(crowd, key, "among them") for key in groups)


def _unread(cluster: Cluster, crowd: Node) -> Iterator[Hop]:
    gap = cluster.gap("clusterrolebindings")
    if gap:
        yield Hop(crowd, GOAL, "ClusterRoleBindings were not read", gap=gap)
    yield from _hidden(cluster, crowd, "rolebindings")


_MEMBERS = {
    "accounts": _accounts,
    "pods": _pods,
    "roles": _roles,
    "users": _users,
    ANYBODY[0]: _anybody,
    "unread": _unread,
}
