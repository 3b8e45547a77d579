"""Nobody is bound to cluster-admin."""

from collections.abc import Iterator

from k8snb.analysis.rbac import granted, told
from k8snb.analysis.rules import everything
from k8snb.analysis.words import clip, some
from k8snb.controls.authentication_authorization._shared import (
    CART,
    CHAPTER,
    EVERYTHING,
    RBAC,
    READ_PODS,
    binding,
    cluster_role,
    group,
)
from k8snb.controls.model import Observation, References, Severity, seen, unknown
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster
from k8snb.resources.rbac import Binding, RoleBinding

_MASTERS = "system:masters"


@control(
    id="cluster-admin-bindings",
    chapter=CHAPTER,
    section=RBAC,
    severity="critical",
    subject="binding",
    reads=["roles", "clusterroles"],
    title="Nobody but `system:masters` is bound to cluster-admin",
    why=(
        "Whoever holds cluster-admin, or a role that grants as much, owns every namespace, every Secret and "
        "every node. "
        "A stolen token of such a ServiceAccount ends the game."
    ),
    fix=(
        "Bind a role that names what is needed, in the namespace where it is needed, and delete the binding. Keep a "
        "break-glass account outside of daily use."
    ),
    caution="Installers and GitOps controllers often rely on it; give them their own roles before the binding goes.",
    remedy="manual",
    references=References(
        cis=("5.1.1", "5.1.7"),
        nist_800_53=("AC-6(1)", "AC-6(5)"),
        nist_800_190=("3.3.1", "4.3.1"),
        mitre=("T1078", "T1098.006"),
        kubescape=("C-0035", "C-0185"),
        trivy=("KSV-0111",),
        kube_bench=("5.1.1",),
    ),
    passing=[
        binding("cluster-admin", "ClusterRole/cluster-admin", group(_MASTERS)),
        cluster_role("reader", READ_PODS) + binding("reader", "ClusterRole/reader", CART),
    ],
    failing=[
        binding("cart", "ClusterRole/cluster-admin", CART),
        cluster_role("root", EVERYTHING) + binding("cart", "ClusterRole/root", CART),
        binding("cart", "ClusterRole/cluster-admin", CART, kind="RoleBinding"),
    ],
)
def cluster_admin_bindings(one: Binding, cluster: Cluster) -> Iterator[Observation]:
    """Nobody but `system:masters` is bound to cluster-admin.

    A role is equal to cluster-admin when one of its rules grants every verb on every resource of every group. A
    RoleBinding grants it in one namespace; that is high rather than critical.
    """
    found = granted(cluster, one)
    expected = "no role that grants everything, but to system:masters"
    others = [subject for subject in one.subjects or () if (subject.kind, subject.name) != ("Group", _MASTERS)]
    reference = f"{one.roleRef.kind}/{one.roleRef.name}"
    if found.gap and not everything(found.rules or ()):
        yield unknown(found.gap, reference, expected)
    elif not everything(found.rules or ()):
        yield seen(True, "roleRef", reference, expected, f"{clip(reference)} does not grant everything")
    elif not others:
        yield seen(True, "subjects", _MASTERS if one.subjects else None, expected, "nobody else is bound to it")
    else:
        local = isinstance(one, RoleBinding)
        severity: Severity | None = "high" if local else None
        scope = "everything in the namespace" if local else "the whole cluster"
        names = list(map(told, others))
        yield seen(
            False, "subjects", names, expected, f"{clip(reference)} gives {some(names)} {scope}", severity=severity
        )
