"""Rules of roles: what each allows, whoever it is bound to.

Source: Kubernetes, `rbac.authorization.k8s.io/v1 PolicyRule` and its authorizer (`pkg/registry/rbac/validation`).
"""

from collections.abc import Iterable, Sequence

from k8snb.analysis.holdings import holdings
from k8snb.resources.rbac import ClusterRole, PolicyRule, Role

READ = ("get", "list", "watch")


def grants(rule: PolicyRule, verb: str, group: str, resource: str) -> bool:
    """Say whether a rule allows a verb on every object of a resource; rules on named objects do not.

    Args:
        rule: The rule.
        verb: Such as `list`.
        group: API group; empty for core.
        resource: Plural name, with its subresource after a slash.
    """
    return not rule.resourceNames and allows(rule, verb, group, resource)


def allows(rule: PolicyRule, verb: str, group: str, resource: str) -> bool:
    """Say whether a rule allows a verb on a resource, be it only on named objects; see `grants`."""
    return (
        bool({"*", verb} & set(rule.verbs or ()))
        and bool({"*", group} & set(rule.apiGroups or ()))
        and any(_covers(one, resource) for one in rule.resources or ())
    )


def _covers(pattern: str, resource: str) -> bool:
    subresource = resource.partition("/")[2]
    return pattern in {"*", resource} or (bool(subresource) and pattern == f"*/{subresource}")


def added(role: Role | ClusterRole, before: Sequence[PolicyRule]) -> list[tuple[int, str]]:
    """Give what a role grants of what matters beyond other rules: index of the rule, and verb and resource."""
    known = holdings(before)
    return sorted(
        (one.index, f"{permission[0]} {permission[2]}")
        for permission, given in holdings(role.rules or ()).items()
        for one in given
        if not one.names and all(other.names for other in known.get(permission, ()))
    )


def everything(rules: Iterable[PolicyRule]) -> bool:
    """Say whether rules allow everything on every resource, as `cluster-admin` does."""
    return any(
        "*" in (rule.verbs or ())
        and "*" in (rule.apiGroups or ())
        and "*" in (rule.resources or ())
        and not rule.resourceNames
        for rule in rules
    )


def reading_secrets(rules: Sequence[PolicyRule]) -> list[tuple[int, list[str]]]:
    """Give the rules that let somebody read Secrets beyond named ones: index and verbs."""
    found = [(index, [verb for verb in READ if grants(rule, verb, "", "secrets")]) for index, rule in enumerate(rules)]
    return [(index, verbs) for index, verbs in found if verbs]
