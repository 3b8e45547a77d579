"""Every binding's role and subjects exist."""

from collections.abc import Iterator
from functools import lru_cache

from k8snb.analysis.rbac import account, granted, shipped, told
from k8snb.analysis.words import clip
from k8snb.controls.authentication_authorization import _shared as example
from k8snb.controls.model import Observation, References, seen, unknown
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster
from k8snb.resources.core import Namespace, ServiceAccount
from k8snb.resources.rbac import Binding, RBACSubject

_ROLE = example.cluster_role("reader", example.READ_PODS)
_BINDING = example.binding("reader", "ClusterRole/reader", example.CART)
_DEFAULT = "[{kind: ServiceAccount, name: default, namespace: shop}]"
_NAMESPACE = "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"


@control(
    id="dangling-bindings",
    chapter=example.CHAPTER,
    section=example.RBAC,
    severity="low",
    subject="binding",
    reads=["roles", "clusterroles", "serviceaccounts", "namespaces"],
    title="Bindings name roles and subjects that exist",
    why=(
        "A binding whose role or ServiceAccount is gone lies in wait: whoever creates one of that name gets what "
        "the binding promised, and nobody remembers why it is there."
    ),
    fix="Delete the binding, or restore what it names.",
    caution="A role may be missing for the moment only, while an operator is being upgraded.",
    remedy="manual",
    references=References(nist_800_53=("AC-2(3)", "AC-6(7)"), nist_800_190=("4.3.1",), mitre=("T1078", "T1098.006")),
    passing=[
        _ROLE + _BINDING + example.account("cart"),
        _ROLE + example.binding("team", "ClusterRole/reader", example.group("team")),
        _ROLE + example.binding("reader", "ClusterRole/reader", _DEFAULT) + _NAMESPACE,
    ],
    failing=[
        _BINDING + example.account("cart"),
        _ROLE + _BINDING,
        _ROLE + example.binding("reader", "ClusterRole/reader", "[]"),
    ],
)
def dangling_bindings(one: Binding, cluster: Cluster) -> Iterator[Observation]:
    """Bindings name roles and subjects that exist.

    Users and groups live outside of Kubernetes and count as existing. Bindings that Kubernetes ships name
    ServiceAccounts that only exist where their controller runs; these are told apart.
    """
    reference = f"{one.roleRef.kind}/{one.roleRef.name}"
    found = granted(cluster, one)
    if found.rules is not None and not (found.default and found.gap):
        yield seen(True, "roleRef", reference, "a role that exists", f"{clip(reference)} exists")
    elif found.gap:
        yield unknown(found.gap, reference, "a role that exists")
    else:
        yield seen(False, "roleRef", reference, "a role that exists", f"{clip(reference)} does not exist")
    if shipped(one):
        yield seen(True, "metadata.labels", "rbac-defaults", "as Kubernetes ships it", "Kubernetes ships this binding")
    elif not one.subjects:
        yield seen(False, "subjects", None, "at least one subject", "the binding names nobody")
    else:
        for index, subject in enumerate(one.subjects):
            yield _subject(f"subjects[{index}]", subject, one, cluster)


def _subject(at: str, subject: RBACSubject, one: Binding, cluster: Cluster) -> Observation:
    named, expected = account(subject, one), "a subject that exists"
    if named is None:
        return seen(
            True,
            at,
            told(subject),
            "a user or group, outside of Kubernetes",
            f"{clip(subject.name)} is a user or group",
        )
    namespace, name = named
    clause = f"ServiceAccount {clip(namespace)}/{clip(name)}"
    if not namespace:
        return seen(False, at, told(subject), expected, f"{clause} has no namespace and is nobody")
    if _exists(cluster, namespace, name):
        return seen(True, at, told(subject), expected, f"{clause} exists")
    gap = cluster.gap("serviceaccounts", namespace)
    return unknown(gap, at, expected) if gap else seen(False, at, told(subject), expected, f"{clause} does not exist")


def _exists(cluster: Cluster, namespace: str, name: str) -> bool:
    """Whether a ServiceAccount exists; Kubernetes makes `default` in every namespace."""
    accounts, namespaces = _known(cluster)
    return (namespace, name) in accounts or (name == "default" and namespace in namespaces)


@lru_cache(maxsize=2)
def _known(cluster: Cluster) -> tuple[frozenset[tuple[str, str]], frozenset[str]]:
    """Give the ServiceAccounts, as namespace and name, and the namespaces."""
    accounts = frozenset((one.namespace or "default", one.name) for one in cluster.all(ServiceAccount))
    return accounts, frozenset(one.name for one in cluster.all(Namespace))
