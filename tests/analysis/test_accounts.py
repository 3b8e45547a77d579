"""What a ServiceAccount may do is found through itself and its groups, and what is hidden is told."""

from typing import Any

import pytest
import yaml

import k8snb
from k8snb.analysis.accounts import gap, grants, summary

ROLES = """
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: cluster-admin}
rules: [{apiGroups: ['*'], resources: ['*'], verbs: ['*']}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: shop}
rules: [{apiGroups: [''], resources: [secrets], verbs: [get, list]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: monitoring}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {part: monitoring}}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: part, labels: {part: monitoring}}
rules: [{apiGroups: [''], resources: [pods], verbs: [list]}]
"""
ACCOUNT = {"kind": "ServiceAccount", "name": "app", "namespace": "shop"}


def binding(role: str, name: str, subject: dict[str, Any]) -> dict[str, Any]:
    kind = "RoleBinding" if role == "Role" else "ClusterRoleBinding"
    metadata = {"name": "b", **({"namespace": "shop"} if kind == "RoleBinding" else {})}
    ref = {"kind": role, "name": name, "apiGroup": "rbac.authorization.k8s.io"}
    api = "rbac.authorization.k8s.io/v1"
    return {"apiVersion": api, "kind": kind, "metadata": metadata, "roleRef": ref, "subjects": [subject]}


def told(*bindings: dict[str, Any], complete: bool = True) -> str:
    objects = [*yaml.safe_load_all(ROLES), *bindings]
    return summary(k8snb.connect(objects=objects, complete=complete), "shop", "app")


@pytest.mark.parametrize(
    ("role", "name", "subject", "expected"),
    [
        ("ClusterRole", "cluster-admin", ACCOUNT, "do everything in the whole cluster (ClusterRole cluster-admin)"),
        ("Role", "reader", ACCOUNT, "get/list secrets in shop (Role reader)"),
        ("Role", "reader", {"kind": "ServiceAccount", "name": "app"}, "get/list secrets in shop (Role reader)"),
        ("ClusterRole", "monitoring", ACCOUNT, "list pods in the whole cluster"),
        ("ClusterRole", "gone", ACCOUNT, "the role was not found"),
        ("Role", "reader", {"kind": "Group", "name": "system:serviceaccounts"}, "get/list secrets"),
        ("Role", "reader", {"kind": "Group", "name": "system:serviceaccounts:shop"}, "get/list secrets"),
        ("Role", "reader", {"kind": "Group", "name": "system:authenticated"}, "get/list secrets"),
        ("Role", "reader", {"kind": "User", "name": "system:serviceaccount:shop:app"}, "get/list secrets"),
        ("Role", "reader", {"kind": "ServiceAccount", "name": "app", "namespace": "other"}, "granted nothing"),
        ("Role", "reader", {"kind": "Group", "name": "system:serviceaccounts:other"}, "granted nothing"),
        ("ClusterRole", "system:discovery", {"kind": "Group", "name": "system:authenticated"}, "granted nothing"),
    ],
)
def test_a_grant_is_told(role: str, name: str, subject: dict[str, Any], expected: str) -> None:
    assert expected in told(binding(role, name, subject))


def test_what_may_be_hidden_is_told() -> None:
    assert "perhaps more" in told(complete=False)


def test_of_a_whole_cluster_nothing_is_hidden() -> None:
    cluster = k8snb.connect(objects=[])
    assert (gap(cluster), grants(cluster, "shop", "app")) == (None, [])
