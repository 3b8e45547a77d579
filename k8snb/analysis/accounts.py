"""What a ServiceAccount may do."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from weakref import WeakKeyDictionary

import msgspec

from k8snb.inventory.cluster import Cluster
from k8snb.resources.rbac import Binding, ClusterRole, ClusterRoleBinding, PolicyRule, RBACSubject, Role, RoleBinding
from k8snb.sources.stream import Gap

COMMON = frozenset(
    {"system:basic-user", "system:discovery", "system:public-info-viewer", "system:service-account-issuer-discovery"}
)
"""ClusterRoles that Kubernetes binds to every account; they reveal what the API serves, and no more."""
GRAVE = frozenset(
    {
        "*",
        "secrets",
        "serviceaccounts/token",
        "pods",
        "pods/exec",
        "pods/ephemeralcontainers",
        "nodes/proxy",
        "deployments",
        "daemonsets",
        "statefulsets",
        "jobs",
        "cronjobs",
        "roles",
        "clusterroles",
        "rolebindings",
        "clusterrolebindings",
    }
)
"""Resources through which an account may gain more than it has; they are told first."""
_RESOURCES = ("clusterrolebindings", "rolebindings", "clusterroles", "roles")
_SHOWN = 3
_Key = tuple[str, str, str]


class Grant(msgspec.Struct, frozen=True):
    """Rules that a binding gives.

    Attributes:
        role: `ClusterRole edit` or `Role reader`; untrusted text.
        namespace: Where the rules hold; None for the whole cluster.
        rules: The rules; None where the role does not exist or was not read.
    """

    role: str
    namespace: str | None
    rules: tuple[PolicyRule, ...] | None


_known: WeakKeyDictionary[Cluster, Mapping[_Key, Sequence[Grant]]] = WeakKeyDictionary()


def grants(cluster: Cluster, namespace: str, name: str) -> list[Grant]:
    """Give what a ServiceAccount is granted, by itself and through its groups, beyond what every account is.

    Args:
        cluster: The inventory.
        namespace: Namespace of the ServiceAccount.
        name: Its name.

    Source: Kubernetes, RBAC; groups `system:serviceaccounts`, `system:serviceaccounts:<namespace>` and
    `system:authenticated`.
    """
    if cluster not in _known:
        _known[cluster] = _index(cluster)
    index = _known[cluster]
    return [grant for key in _identities(namespace, name) for grant in index.get(key, ())]


def gap(cluster: Cluster) -> Gap | None:
    """Say why there may be grants that cannot be seen; None when all were read."""
    return next((found for resource in _RESOURCES if (found := cluster.gap(resource))), None)


def summary(cluster: Cluster, namespace: str, name: str) -> str:
    """Tell in one clause what a ServiceAccount could do; the words of roles in it are untrusted text."""
    hidden, known = gap(cluster), _granted(cluster, namespace, name)
    if hidden is None:
        return known
    return f"{known}; perhaps more, for {hidden.message}"


def _granted(cluster: Cluster, namespace: str, name: str) -> str:
    told = list(dict.fromkeys(map(_tell, grants(cluster, namespace, name))))
    more = f" and {len(told) - _SHOWN} more grants" if len(told) > _SHOWN else ""
    may = f"may {'; '.join(told[:_SHOWN])}{more}" if told else "is granted nothing of its own"
    return f"ServiceAccount {_clip(name)} {may}"


def _identities(namespace: str, name: str) -> tuple[_Key, ...]:
    return (
        ("ServiceAccount", namespace, name),
        ("User", "", f"system:serviceaccount:{namespace}:{name}"),
        ("Group", "", f"system:serviceaccounts:{namespace}"),
        ("Group", "", "system:serviceaccounts"),
        ("Group", "", "system:authenticated"),
    )


def _index(cluster: Cluster) -> Mapping[_Key, Sequence[Grant]]:
    cluster_roles = {one.name: one for one in cluster.all(ClusterRole)}
    roles = {(one.namespace or "default", one.name): one for one in cluster.all(Role)}
    index: dict[_Key, list[Grant]] = {}
    for binding, scope in _bindings(cluster):
        if binding.roleRef.kind == "ClusterRole" and binding.roleRef.name in COMMON:
            continue
        grant = Grant(_role(binding), scope, _rules(binding, scope, cluster_roles, roles))
        for subject in binding.subjects or ():
            index.setdefault(_key(subject, scope), []).append(grant)
    return index


def _bindings(cluster: Cluster) -> Iterator[tuple[Binding, str | None]]:
    for binding in cluster.all(ClusterRoleBinding):
        yield binding, None
    for one in cluster.all(RoleBinding):
        yield one, one.namespace or "default"


def _key(subject: RBACSubject, scope: str | None) -> _Key:
    namespace = (subject.namespace or scope or "") if subject.kind == "ServiceAccount" else ""
    return subject.kind, namespace, subject.name


def _role(binding: Binding) -> str:
    return f"{_clip(binding.roleRef.kind)} {_clip(binding.roleRef.name)}"


def _rules(
    binding: Binding,
    scope: str | None,
    cluster_roles: Mapping[str, ClusterRole],
    roles: Mapping[tuple[str, str], Role],
) -> tuple[PolicyRule, ...] | None:
    if binding.roleRef.kind == "ClusterRole":
        role = cluster_roles.get(binding.roleRef.name)
        return rules_of(role, cluster_roles.values()) if role else None
    found = roles.get((scope or "", binding.roleRef.name))
    return (found.rules or ()) if found else None


def rules_of(role: ClusterRole, others: Iterable[ClusterRole]) -> tuple[PolicyRule, ...]:
    """Give the rules of a ClusterRole with those that it aggregates, and those that these aggregate in turn.

    Args:
        role: The ClusterRole.
        others: Every ClusterRole.

    Source: Kubernetes, ClusterRole aggregation controller; it goes on until nothing changes.
    """
    if not role.aggregationRule:
        return role.rules or ()
    left, chosen = [one for one in others if one is not role], [role]
    for one in chosen:
        selectors = (one.aggregationRule and one.aggregationRule.clusterRoleSelectors) or ()
        taken = [other for other in left if any(selector.matches(other.labels) for selector in selectors)]
        left = [other for other in left if not any(other is it for it in taken)] if taken else left
        chosen += taken
    return tuple(dict.fromkeys(rule for one in chosen for rule in one.rules or ()))


def _tell(grant: Grant) -> str:
    where = "in the whole cluster" if grant.namespace is None else f"in {_clip(grant.namespace)}"
    if grant.rules is None:
        return f"do what {grant.role} allows {where} (the role was not found)"
    told = list(dict.fromkeys(map(_rule, sorted(grant.rules, key=_harmless))))
    more = f" and {len(told) - _SHOWN} more" if len(told) > _SHOWN else ""
    return f"{', '.join(told[:_SHOWN]) or 'do nothing'}{more} {where} ({grant.role})"


def _harmless(rule: PolicyRule) -> bool:
    """Put the rules first that lead to more: everything, credentials, pods and what makes them, permissions."""
    return not GRAVE.intersection(rule.resources or ()) and "*" not in (rule.verbs or ())


def _rule(rule: PolicyRule) -> str:
    verbs, targets = rule.verbs or (), (*(rule.resources or ()), *(rule.nonResourceURLs or ()))
    if "*" in verbs and "*" in targets:
        return "do everything"
    named = " by name" if rule.resourceNames else ""
    return f"{'do anything with' if '*' in verbs else _some(verbs)} {_some(targets)}{named}"


def _some(words: Sequence[str]) -> str:
    shown = "/".join(_clip("all" if word == "*" else word) for word in words[:4])
    return shown + ("/…" if len(words) > 4 else "")


def _clip(text: str) -> str:
    return text if len(text) <= 63 else f"{text[:62]}…"
