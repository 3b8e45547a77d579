"""Chains of permissions that lead to cluster-admin: for every subject the shortest, and what may hide one.

Only permissions of RBAC are followed: what a pod may do to its node is a matter of its security context. Who is in a
group, only its issuer knows. A ServiceAccount that a binding names counts though nobody made it yet, but for those that
Kubernetes names in advance. Source: Kubernetes documentation, "Role Based Access Control Good Practices".
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from weakref import WeakKeyDictionary

import msgspec

from k8snb.analysis.escalation_crowds import UNREAD, members
from k8snb.analysis.escalation_hops import CROWDS, GOAL, MANAGER, MASTERS, Bound, Hop, Node, hops, told_place
from k8snb.analysis.holdings import EVERYWHERE
from k8snb.analysis.rbac import Granted, bound, granted, named, reach, role_of, subjects
from k8snb.analysis.releases import Version, parse
from k8snb.analysis.rules import everything
from k8snb.inventory.cluster import Cluster
from k8snb.resources.rbac import Binding

_BOUND_TOKENS = Version(1, 24, 0)
_ROLES = ("Role", "ClusterRole")
_SHIPPED = (
    Hop(MASTERS, GOAL, "is cluster-admin whatever roles say"),
    Hop(MANAGER, GOAL, "may make every ServiceAccount and issue its tokens, as Kubernetes ships it"),
)


class Chains(msgspec.Struct, frozen=True):
    """For every subject and crowd the next step on the shortest way to cluster-admin.

    Attributes:
        certain: Where what was read makes a way.
        possible: Where what was not read may make one as well.
    """

    certain: Mapping[Node, Hop]
    possible: Mapping[Node, Hop]


_known: WeakKeyDictionary[Cluster, Chains] = WeakKeyDictionary()


def chains(cluster: Cluster) -> Chains:
    """Give the shortest ways to cluster-admin, found once for a cluster."""
    if cluster not in _known:
        found = _hops(cluster.whole)
        _known[cluster] = Chains(_ways(one for one in found if one.gap is None), _ways(found))
    return _known[cluster]


def chain(ways: Mapping[Node, Hop], subject: Node) -> list[Hop]:
    """Give the steps from a subject to cluster-admin; none where there is no way."""
    steps = []
    while subject in ways:
        steps.append(ways[subject])
        subject = ways[subject].to
    return steps


def _ways(found: Iterable[Hop]) -> Mapping[Node, Hop]:
    """Search from the goal backwards, breadth first."""
    into: dict[Node, list[Hop]] = defaultdict(list)
    for one in found:
        into[one.to].append(one)
    ways: dict[Node, Hop] = {}
    queue = deque([GOAL])
    while queue:
        for one in into.get(queue.popleft(), ()):
            if one.source != GOAL and one.source not in ways:
                ways[one.source] = one
                queue.append(one.source)
    return ways


def _hops(cluster: Cluster) -> Sequence[Hop]:
    """Give every step in a cluster: those of its subjects, and those of whomever these become."""
    known = parse(cluster.version)
    legacy = known is not None and known < _BOUND_TOKENS
    found = [*_SHIPPED]
    queue: deque[Node] = deque(subjects(cluster))
    seen: set[Node] = set()
    while queue:
        node = queue.popleft()
        if node not in seen:
            seen.add(node)
            steps = list(_of(cluster, node, legacy=legacy))
            found += steps
            queue.extend(one.to for one in steps)
    return found


def _of(cluster: Cluster, node: Node, *, legacy: bool) -> Iterator[Hop]:
    if node in {GOAL, MASTERS}:
        return
    if node[0] in CROWDS:
        yield from members(cluster, node)
    elif node[0] in _ROLES:
        yield from _of_role(cluster, node, legacy=legacy)
    else:
        yield from _of_subject(cluster, node, legacy=legacy)


def _of_role(cluster: Cluster, node: Node, *, legacy: bool) -> Iterator[Hop]:
    """Give the steps of whoever binds a role to themselves, in a namespace or (`*`) everywhere."""
    kind, (scope, _, name) = node[0], node[1].partition("/")
    role = role_of(cluster, "*" if kind == "ClusterRole" else scope, name)
    yield from _of_bindings(node, [(role, None)], (), "" if scope == "*" else scope, legacy=legacy)


def _of_subject(cluster: Cluster, node: Node, *, legacy: bool) -> Iterator[Hop]:
    yield Hop(node, UNREAD, "may be bound by what was not read")
    by_place: dict[str, list[tuple[Granted, Binding | None]]] = {"": []}
    for one in bound(cluster, node):
        by_place.setdefault(reach(one), []).append((granted(cluster, one), one))
    for place, given in by_place.items():
        if any(role.holdings or role.gap for role, _ in given):
            yield from _of_bindings(node, given, by_place[""] if place else (), place, legacy=legacy)


Given = Sequence[tuple[Granted, Binding | None]]
"""Roles, each with the binding that gives it; None where a subject would bind it to itself."""


def _of_bindings(node: Node, given: Given, wide: Given, place: str, *, legacy: bool) -> Iterator[Hop]:
    """Give the steps by bindings in a place, together with those in the whole cluster."""
    to = ("accounts", f"{place}/") if place else GOAL
    for role, one in given:
        if role.gap:
            yield Hop(node, to, f"is bound to {role.role}, which was not read", _by(role, one), role.gap)
        if everything(role.rules or ()):
            yield Hop(node, to, f"may do everything {told_place(place)}", _by(role, one))
    having = _having(given, local=bool(place))
    if wide:
        for permission, held in _having(wide, local=False).items():
            having.setdefault(permission, []).extend(held)
    kind = "Role/" if place else "ClusterRole/"
    roles = (role.role.rpartition("/")[2] for role, _ in given if role.role.startswith(kind))
    yield from hops(node, having, place, roles, legacy=legacy)


def _by(role: Granted, binding: Binding | None) -> str:
    return named(binding) if binding else role.role


def _having(given: Given, *, local: bool) -> dict[tuple[str, str, str], list[Bound]]:
    having: dict[tuple[str, str, str], list[Bound]] = {}
    for role, binding in given:
        by = _by(role, binding) if role.holdings else ""
        for permission, held in role.holdings.items():
            if not (local and permission in EVERYWHERE):
                having.setdefault(permission, []).extend(Bound(one.index, one.names, by) for one in held)
    return having
