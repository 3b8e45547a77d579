"""Roles and bindings: `rbac.authorization.k8s.io/v1`."""

from k8snb.resources.base import Frozen, LabelSelector, Object


class PolicyRule(Frozen, frozen=True):
    """`rules[]` of a role."""

    apiGroups: tuple[str, ...] | None = None
    resources: tuple[str, ...] | None = None
    resourceNames: tuple[str, ...] | None = None
    verbs: tuple[str, ...] | None = None
    nonResourceURLs: tuple[str, ...] | None = None


class AggregationRule(Frozen, frozen=True):
    """`aggregationRule` of a ClusterRole."""

    clusterRoleSelectors: tuple[LabelSelector, ...] | None = None


class Role(Object, frozen=True):
    """`rbac.authorization.k8s.io/v1 Role`."""

    rules: tuple[PolicyRule, ...] | None = None


class ClusterRole(Object, frozen=True):
    """`rbac.authorization.k8s.io/v1 ClusterRole`."""

    rules: tuple[PolicyRule, ...] | None = None
    aggregationRule: AggregationRule | None = None


class RoleRef(Frozen, frozen=True):
    """`roleRef` of a binding."""

    kind: str = ""
    name: str = ""
    apiGroup: str = ""


class RBACSubject(Frozen, frozen=True):
    """`subjects[]` of a binding: a User, Group or ServiceAccount."""

    kind: str = ""
    name: str = ""
    namespace: str | None = None
    apiGroup: str | None = None


class Binding(Object, frozen=True):
    """A RoleBinding or ClusterRoleBinding."""

    roleRef: RoleRef = RoleRef()
    subjects: tuple[RBACSubject, ...] | None = None


class RoleBinding(Binding, frozen=True):
    """`rbac.authorization.k8s.io/v1 RoleBinding`."""


class ClusterRoleBinding(Binding, frozen=True):
    """`rbac.authorization.k8s.io/v1 ClusterRoleBinding`."""
