"""Roles and bindings: what a binding grants, and to whom.

Source: Kubernetes, `rbac.authorization.k8s.io/v1` and its authorizer (`pkg/registry/rbac/validation`).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache, cached_property, lru_cache
from typing import Any

import msgspec

from k8snb.analysis.accounts import rules_of
from k8snb.analysis.holdings import Holdings, holdings, touched
from k8snb.analysis.rules import grants
from k8snb.data import Dated, load
from k8snb.inventory.cluster import Cluster
from k8snb.resources.rbac import (
    Binding,
    ClusterRole,
    ClusterRoleBinding,
    PolicyRule,
    RBACSubject,
    Role,
    RoleBinding,
)
from k8snb.sources.stream import Gap

_BOOTSTRAPPED = ("kubernetes.io/bootstrapping", "rbac-defaults")
_SHIPPED_NAMES = frozenset({"cluster-admin", "admin", "edit", "view", "extension-apiserver-authentication-reader"})
_AGGREGATED = ("view", "edit", "admin")
ANONYMOUS = frozenset({"system:anonymous", "system:unauthenticated"})
EVERYBODY = ANONYMOUS | {"system:authenticated"}


class DefaultRoles(Dated, frozen=True):
    """Rules of the roles that Kubernetes ships, shortened, and those that are bound to everybody.

    Attributes:
        cluster_roles: By name.
        roles: By `namespace/name`.
        groups_of_everybody: Names of the roles that are bound to groups of all callers.
    """

    cluster_roles: Mapping[str, tuple[PolicyRule, ...]]
    roles: Mapping[str, tuple[PolicyRule, ...]]
    groups_of_everybody: tuple[str, ...]


@cache
def default_roles() -> DefaultRoles:
    """Give what is known of the roles that Kubernetes ships."""
    return load("default_roles", DefaultRoles)


def shipped(one: Role | ClusterRole | Binding) -> bool:
    """Say whether Kubernetes itself made a role or binding: by its label and its name together.

    Source: Kubernetes documentation, "Using RBAC Authorization", default roles and role bindings.
    """
    key, value = _BOOTSTRAPPED
    return one.labels.get(key) == value and (one.name.startswith("system:") or one.name in _SHIPPED_NAMES)


class Granted(msgspec.Struct, frozen=True, dict=True):
    """What a binding's role says.

    Attributes:
        role: The role as `Kind/namespace/name` or `Kind/name`.
        rules: Its rules; None where the role could not be read or does not exist.
        gap: Why the role could not be read; None when it was, or is known not to exist.
        default: Whether the rules are those that Kubernetes ships, because the role itself was not read.
    """

    role: str
    rules: tuple[PolicyRule, ...] | None
    gap: Gap | None = None
    default: bool = False

    @cached_property
    def holdings(self) -> Holdings:
        """The permissions that matter among the rules."""
        return holdings(self.rules or ())

    @cached_property
    def remembered(self) -> dict[str, Any]:
        """What follows from it for every binding of the role, by the control that found it; empty at first."""
        return {}

    @cached_property
    def touched(self) -> tuple[frozenset[str], frozenset[str]]:
        """The powers of which the rules give any permission: by a ClusterRoleBinding, and by a RoleBinding."""
        return touched(self.holdings), touched(self.holdings, everywhere=False)


@lru_cache(maxsize=2)
def _resolved(_: Cluster) -> dict[tuple[str, str], Granted]:
    """Give the roles of a cluster, resolved once for all: by namespace (`*` for none) and name; empty at first."""
    return {}


def granted(cluster: Cluster, binding: Binding) -> Granted:
    """Resolve the role of a binding, aggregation included.

    A role that was not read but that every cluster has stands with the rules that Kubernetes ships. Where the
    parts of an aggregated role may be incomplete, the gap tells so beside the rules that are known.
    """
    reference = binding.roleRef
    return role_of(cluster, (binding.namespace or "default") if reference.kind == "Role" else "*", reference.name)


def role_of(cluster: Cluster, namespace: str, name: str) -> Granted:
    """Resolve a role, or a ClusterRole where the namespace is `*`; see `granted`."""
    known = _resolved(cluster)
    found = known.get((namespace, name))
    if found is None:
        found = _cluster_role(cluster, name) if namespace == "*" else _role(cluster, namespace, name)
        known[namespace, name] = found
    return found


def _role(cluster: Cluster, namespace: str, name: str) -> Granted:
    told = f"Role/{namespace}/{name}"
    found = next((one for one in cluster.all(Role, namespace) if one.name == name), None)
    if found:
        return Granted(told, found.rules or ())
    if (key := f"{namespace}/{name}") in default_roles().roles:
        return Granted(told, default_roles().roles[key], _lost(cluster.gap("roles", namespace)), default=True)
    return Granted(told, None, cluster.gap("roles", namespace))


def _cluster_role(cluster: Cluster, name: str) -> Granted:
    told = f"ClusterRole/{name}"
    found = _cluster_roles(cluster).get(name)
    if found:
        gap = cluster.gap("clusterroles") if found.aggregationRule and not found.rules else None
        return Granted(told, rules_of(found, _cluster_roles(cluster).values()), gap)
    if name in default_roles().cluster_roles:
        known = _cluster_roles(cluster).values()
        added = [rule for one in known if _feeds(one, name) for rule in rules_of(one, known)]
        lost = _lost(cluster.gap("clusterroles"))
        return Granted(told, (*default_roles().cluster_roles[name], *added), lost, default=True)
    return Granted(told, None, cluster.gap("clusterroles"))


def _lost(gap: Gap | None) -> Gap | None:
    """Give a gap unless it only says that more may exist elsewhere; what every cluster has is taken to be there."""
    return gap if gap and gap.cause != "not-collected" else None


def _feeds(one: ClusterRole, name: str) -> bool:
    """Whether a ClusterRole's label makes it part of `view`, `edit` or `admin`; each has all that those before have."""
    parts = _AGGREGATED[: _AGGREGATED.index(name) + 1] if name in _AGGREGATED else ()
    return any(one.labels.get(f"rbac.authorization.k8s.io/aggregate-to-{part}") == "true" for part in parts)


@lru_cache(maxsize=2)
def _cluster_roles(cluster: Cluster) -> Mapping[str, ClusterRole]:
    return {one.name: one for one in cluster.all(ClusterRole)}


def bindings(cluster: Cluster) -> Iterator[RoleBinding | ClusterRoleBinding]:
    """Give every binding: those of the cluster first, then those of namespaces."""
    yield from cluster.all(ClusterRoleBinding)
    yield from cluster.all(RoleBinding)


Key = tuple[str, str]
"""A subject as kind and name; a ServiceAccount's name is `namespace/name`."""
_ACCOUNT_USER = "system:serviceaccount:"


def bindings_of(cluster: Cluster, namespace: str, name: str) -> list[RoleBinding | ClusterRoleBinding]:
    """Give the bindings of a ServiceAccount: its own, and those of the groups that Kubernetes puts it in."""
    return bound(cluster, ("ServiceAccount", f"{namespace}/{name}"))


def bound(cluster: Cluster, subject: Key) -> list[RoleBinding | ClusterRoleBinding]:
    """Give the bindings of a subject: its own, and those of the groups that Kubernetes puts it in."""
    known = _by_subject(cluster)
    return list({id(one): one for key in identities(subject) for one in known.get(key, ())}.values())


def identities(subject: Key) -> tuple[Key, ...]:
    """Give a subject and the groups that Kubernetes puts it in. Who else is in a group, only its issuer knows."""
    kind, name = subject
    if name in ANONYMOUS:
        return ("User", "system:anonymous"), ("Group", "system:unauthenticated")
    everybody = ("Group", "system:authenticated")
    accounts = ("Group", "system:serviceaccounts")
    if kind == "ServiceAccount":
        return subject, ("Group", f"{accounts[1]}:{name.partition('/')[0]}"), accounts, everybody
    if kind == "Group" and name.startswith(f"{accounts[1]}:"):
        return subject, accounts, everybody
    return tuple(dict.fromkeys((subject, everybody)))


def names_account(binding: Binding, namespace: str, name: str) -> bool:
    """Say whether a binding names a ServiceAccount itself, and not only a group that it is in."""
    return any(
        key_of(subject, binding) == ("ServiceAccount", f"{namespace}/{name}") for subject in binding.subjects or ()
    )


def subjects(cluster: Cluster) -> Mapping[Key, list[RoleBinding | ClusterRoleBinding]]:
    """Give every subject that a binding names, with the bindings that name it.

    A ServiceAccount that a ClusterRoleBinding names without its namespace is nobody.
    """
    return _by_subject(cluster)


@lru_cache(maxsize=2)
def _by_subject(cluster: Cluster) -> Mapping[Key, list[RoleBinding | ClusterRoleBinding]]:
    found: dict[Key, list[RoleBinding | ClusterRoleBinding]] = defaultdict(list)
    for one in bindings(cluster):
        for key in dict.fromkeys(key_of(subject, one) for subject in one.subjects or ()):
            found[key].append(one)
    return {key: bound for key, bound in found.items() if not (key[0] == "ServiceAccount" and key[1].startswith("/"))}


def key_of(subject: RBACSubject, binding: Binding) -> Key:
    """Give the key of a subject; a ServiceAccount may be named as the user that it is."""
    named = account(subject, binding)
    if named:
        return subject.kind, "/".join(named)
    if subject.kind == "User" and subject.name.startswith(_ACCOUNT_USER):
        return "ServiceAccount", subject.name.removeprefix(_ACCOUNT_USER).replace(":", "/", 1)
    return subject.kind, subject.name


def account(subject: RBACSubject, binding: Binding) -> tuple[str, str] | None:
    """Give namespace and name of the ServiceAccount that a subject names; None for users and groups.

    A RoleBinding's subject without a namespace is in the binding's own; a ClusterRoleBinding's is nobody.
    """
    if subject.kind != "ServiceAccount":
        return None
    return subject.namespace or reach(binding), subject.name


def reach(binding: Binding) -> str:
    """Give the namespace in which a binding grants; empty for the whole cluster."""
    return (binding.namespace or "default") if isinstance(binding, RoleBinding) else ""


def named(binding: Binding) -> str:
    """Tell a binding as `Kind/namespace/name` or `Kind/name`."""
    return "/".join(part for part in (type(binding).__name__, binding.namespace, binding.name) if part)


def told(subject: RBACSubject) -> str:
    """Tell a subject as `Kind/namespace/name` or `Kind/name`."""
    return "/".join(part for part in (subject.kind, subject.namespace or "", subject.name) if part)


def of_the_system(cluster: Cluster, binding: Binding) -> bool:
    """Say whether Kubernetes ships a binding and its role, and all that it binds are components of Kubernetes.

    A binding that Kubernetes ships is called as its role is, or so behind `system::`.
    """
    name = binding.roleRef.name
    return (
        shipped(binding)
        and name in {binding.name, binding.name.removeprefix("system::")}
        and _ships_role(cluster, binding)
        and all(map(_component, binding.subjects or ()))
    )


def _ships_role(cluster: Cluster, binding: Binding) -> bool:
    known, name = default_roles(), binding.roleRef.name
    if binding.roleRef.kind == "Role":
        roles = cluster.all(Role, binding.namespace)
        return f"{binding.namespace}/{name}" in known.roles or any(one.name == name and shipped(one) for one in roles)
    found = _cluster_roles(cluster).get(name)
    return name in known.cluster_roles or (found is not None and shipped(found))


def _component(subject: RBACSubject) -> bool:
    if subject.kind == "ServiceAccount":
        return subject.namespace == "kube-system"
    return (
        subject.name.startswith("system:")
        and subject.name not in EVERYBODY
        and not subject.name.startswith("system:serviceaccount")
    )


class Power(msgspec.Struct, frozen=True):
    """What one binding lets a ServiceAccount do.

    Attributes:
        binding: The binding as `Kind/namespace/name` or `Kind/name`.
        namespace: Where the powers hold; empty for the whole cluster.
        granted: What its role says.
    """

    binding: str
    namespace: str
    granted: Granted


def powers(cluster: Cluster, namespace: str, name: str) -> list[Power]:
    """Give what the bindings that were read let a ServiceAccount do."""
    return [Power(named(one), reach(one), granted(cluster, one)) for one in bindings_of(cluster, namespace, name)]


def who_can(cluster: Cluster, verb: str, group: str, resource: str) -> list[tuple[str, str, str]]:
    """Give everybody whom a binding allows a verb on a resource: subject, namespace (empty: everywhere) and binding."""
    return [
        (told(subject), reach(one), one.name)
        for one in bindings(cluster)
        if any(grants(rule, verb, group, resource) for rule in granted(cluster, one).rules or ())
        for subject in one.subjects or ()
    ]
