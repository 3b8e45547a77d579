"""Nobody uses the ServiceAccount `default`."""

from collections.abc import Iterator

from k8snb.analysis.rbac import bindings_of, names_account, shipped
from k8snb.analysis.tokens import holds_token
from k8snb.analysis.words import some
from k8snb.controls.authentication_authorization import _shared as example
from k8snb.controls.model import Observation, References, seen, unknown
from k8snb.controls.registry import control
from k8snb.inventory.cluster import CONTROLLERS, Cluster
from k8snb.inventory.workloads import Workload
from k8snb.resources.core import ServiceAccount
from k8snb.resources.rbac import Binding

_PODS = ("pods", *(kind.resource for kind in CONTROLLERS))
_BINDINGS = ("rolebindings", "clusterrolebindings")


def _pod(further: str) -> str:
    head = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: cart, namespace: shop}\n"
    return f"{head}spec: {{containers: [{{name: cart, image: registry.example.com/cart:1.4.2}}], {further}}}\n"


_DEFAULT = example.account("default")
_OFF = example.account("default", "automountServiceAccountToken: false")
_BOUND = "[{kind: ServiceAccount, name: default, namespace: shop}]"


@control(
    id="default-service-account",
    chapter=example.CHAPTER,
    section=example.RBAC,
    severity="medium",
    subject="service-account",
    reads=[*_PODS, *_BINDINGS],
    title="Nobody uses the ServiceAccount `default`",
    why=(
        "Every pod that names no ServiceAccount runs as `default`. What is granted to it is granted to all of "
        "them, to those to come as well, and no log can tell them apart."
    ),
    fix=(
        "Give each application that calls the API a ServiceAccount of its own; set automountServiceAccountToken: false "
        "on `default`, and bind nothing to it."
    ),
    caution="A pod that does call the API stops doing so until it has its own account.",
    remedy="patch",
    references=References(
        cis=("5.1.5", "5.1.6"),
        nist_800_53=("AC-6", "IA-2", "IA-9"),
        nist_800_190=("3.3.1", "4.3.1"),
        mitre=("T1078", "T1528"),
        kubescape=("C-0034", "C-0189"),
        trivy=("KSV-0036",),
        kube_bench=("5.1.5",),
    ),
    passing=[_DEFAULT, _DEFAULT + _pod("serviceAccountName: cart"), _OFF + _pod("restartPolicy: Always")],
    failing=[
        _DEFAULT + _pod("restartPolicy: Always"),
        _OFF + _pod("automountServiceAccountToken: true"),
        _OFF + example.binding("oops", "ClusterRole/view", _BOUND, kind="RoleBinding"),
        _OFF + example.binding("all", "ClusterRole/view", example.group("system:serviceaccounts")),
    ],
)
def default_service_account(one: ServiceAccount, cluster: Cluster) -> Iterator[Observation]:
    """Nobody uses the ServiceAccount `default`: no pod with a token, and nothing is bound to it."""
    if one.name != "default":
        return
    yield _used(one, cluster)
    yield _bound(one, cluster)


def _used(one: ServiceAccount, cluster: Cluster) -> Observation:
    namespace, expected = one.namespace or "default", "no pod that uses the account with a token"
    users = sorted(
        {f"{work.kind}/{work.name}" for work in _workloads(cluster, namespace) if holds_token(cluster, work)}
    )
    gap = next((found for resource in _PODS if (found := cluster.gap(resource, namespace))), None)
    if users:
        clause = f"{some(users)} {'runs' if len(users) == 1 else 'run'} as `default` with a token"
        if all(known is not one for known in cluster.all(ServiceAccount, namespace)):
            clause = f"{clause}, unless the account turns it off, which was not collected"
        return seen(False, "spec.serviceAccountName", users, expected, clause)
    return unknown(gap, gap.resource or "pods", expected) if gap else seen(True, "pods", [], expected, "no pod uses it")


def _workloads(cluster: Cluster, namespace: str) -> Iterator[Workload]:
    return (work for work in cluster.workloads if work.namespace == namespace and work.service_account == "default")


def _bound(one: ServiceAccount, cluster: Cluster) -> Observation:
    namespace, expected = one.namespace or "default", "no binding of the account"
    found = [one for one in bindings_of(cluster, namespace, "default") if _counts(one, namespace)]
    names = sorted({f"{type(binding).__name__}/{binding.name}" for binding in found})
    gap = next((hidden for resource in _BINDINGS if (hidden := cluster.gap(resource))), None)
    if names:
        return seen(False, "subjects", names, expected, f"{some(names)} {'binds' if len(names) == 1 else 'bind'} it")
    return (
        unknown(gap, gap.resource or "bindings", expected)
        if gap
        else seen(True, "subjects", [], expected, "no binding")
    )


def _counts(binding: Binding, namespace: str) -> bool:
    """Whether a binding is the account's: it names it, or a group of ServiceAccounts without Kubernetes shipping it so.

    One that reaches the account only because it reaches everybody is judged by `no-anonymous-bindings`.
    """
    groups = {f"system:serviceaccounts:{namespace}", "system:serviceaccounts"}
    named = {subject.name for subject in binding.subjects or () if subject.kind == "Group"}
    return names_account(binding, namespace, "default") or (bool(groups & named) and not shipped(binding))
