"""No binding lets anybody read all Secrets."""

from collections.abc import Iterator

from k8snb.controls.authentication_authorization._powers import READS, judge
from k8snb.controls.authentication_authorization._shared import (
    CART,
    CHAPTER,
    EVERYTHING,
    RBAC,
    READ_PODS,
    SHIPPED,
    binding,
    cluster_role,
    group,
    role,
)
from k8snb.controls.model import Observation, References
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster
from k8snb.resources.rbac import Binding

_LIST = '[{apiGroups: [""], resources: [secrets], verbs: [list]}]'
_NAMED = '[{apiGroups: [""], resources: [secrets], resourceNames: [cart-db], verbs: [get]}]'


@control(
    id="least-privilege-secrets",
    chapter=CHAPTER,
    section=RBAC,
    severity="high",
    subject="binding",
    reads=READS,
    title="No binding lets anybody read all Secrets",
    why=(
        "Secrets hold passwords, keys and the tokens of ServiceAccounts. Who may read all of a namespace's may become "
        "everybody in it; list and watch give the contents too."
    ),
    fix="Grant get on the Secrets that are needed, by resourceNames, or mount them; drop list and watch.",
    caution="Controllers that watch Secrets (certificates, ingress, GitOps) need them: limit these to namespaces.",
    remedy="manual",
    references=References(
        cis=("5.1.2",),
        nist_800_53=("AC-3", "AC-6"),
        nist_800_190=("3.3.1", "4.3.1"),
        mitre=("T1552.007", "T1528"),
        kubescape=("C-0015", "C-0186"),
        trivy=("KSV-0041", "KSV-0113"),
        kube_bench=("5.1.2",),
    ),
    passing=[
        role("cart", _NAMED) + binding("cart", "Role/cart", CART, kind="RoleBinding"),
        cluster_role("reader", READ_PODS) + binding("reader", "ClusterRole/reader", CART),
        binding("cluster-admin", "ClusterRole/cluster-admin", group("system:masters"), SHIPPED),
    ],
    failing=[
        role("cart", _LIST) + binding("cart", "Role/cart", CART, kind="RoleBinding"),
        cluster_role("root", EVERYTHING) + binding("cart", "ClusterRole/root", CART),
        binding("team", "ClusterRole/edit", group("team"), kind="RoleBinding"),
    ],
)
def least_privilege_secrets(one: Binding, cluster: Cluster) -> Iterator[Observation]:
    """No binding lets anybody read all Secrets.

    Named Secrets do not count. Source: Kubernetes, "RBAC Good Practices", listing Secrets.
    """
    return judge(one, cluster, "least-privilege-secrets")
