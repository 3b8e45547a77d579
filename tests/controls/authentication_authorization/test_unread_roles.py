"""Aggregation in several steps, roles whose listing was refused, and what Kubernetes ships until it is changed."""

from typing import Any

import pytest
import yaml

import k8snb
from k8snb.assessment.result import Finding
from k8snb.sources.stream import Gap

API = "rbac.authorization.k8s.io/v1"
SHIPPED = {"kubernetes.io/bootstrapping": "rbac-defaults"}
PUBLIC = "system:public-info-viewer"


def role(name: str, rules: str = "[]", label: str = "", aggregates: str = "", labels: Any = None) -> dict[str, Any]:
    metadata = {"name": name, "labels": labels or {label or "none": "true"}}
    rule = {"clusterRoleSelectors": [{"matchLabels": {aggregates: "true"}}]} if aggregates else None
    return {
        "apiVersion": API,
        "kind": "ClusterRole",
        "metadata": metadata,
        "rules": yaml.safe_load(rules),
        "aggregationRule": rule,
    }


def binding(target: str, subjects: str, name: str = "b", labels: Any = None, namespace: str = "") -> dict[str, Any]:
    kind, _, role_name = target.partition("/")
    return {
        "apiVersion": API,
        "kind": "RoleBinding" if namespace else "ClusterRoleBinding",
        "metadata": {"name": name, "labels": labels, "namespace": namespace or None},
        "roleRef": {"kind": kind, "name": role_name},
        "subjects": yaml.safe_load(subjects),
    }


def judge(control: str, *objects: dict[str, Any], complete: bool = True, refused: str = "") -> Finding:
    cluster = k8snb.connect(objects=list(objects), complete=complete)
    if refused:
        cluster._collected.gaps.append(Gap("forbidden", "may not be listed", refused))
    return next(one for one in k8snb.assess(cluster, controls=[control], all=True) if one.subject.kind != "List")


ANA = "[{kind: User, name: ana}]"
EVERYTHING = "[{apiGroups: ['*'], resources: ['*'], verbs: ['*']}]"
STEPS = [
    role("outer", aggregates="mid"),
    role("mid", label="mid", aggregates="leaf"),
    binding("ClusterRole/outer", ANA),
]


@pytest.mark.parametrize("control", ["least-privilege-secrets", "cluster-admin-bindings"])
def test_aggregation_goes_on_until_nothing_changes(control: str) -> None:
    assert judge(control, *STEPS, role("leaf", EVERYTHING, "leaf")).status == "fail"
    assert judge(control, *STEPS, role("leaf", EVERYTHING, "other")).status == "pass"
    assert judge(control, *STEPS, role("leaf", EVERYTHING, "leaf", aggregates="mid")).status == "fail"


@pytest.mark.parametrize("control", ["least-privilege-secrets", "cluster-admin-bindings"])
def test_parts_of_an_aggregated_role_may_stand_elsewhere(control: str) -> None:
    finding = judge(control, *STEPS, complete=False)
    assert (finding.status, finding.cause) == ("not-assessed", "not-collected")


@pytest.mark.parametrize(
    ("control", "one", "refused"),
    [
        ("cluster-admin-bindings", binding("ClusterRole/view", ANA), "clusterroles"),
        ("least-privilege-secrets", binding("ClusterRole/view", ANA), "clusterroles"),
        ("dangling-bindings", binding("ClusterRole/view", ANA), "clusterroles"),
        (
            "least-privilege-secrets",
            binding("Role/extension-apiserver-authentication-reader", ANA, namespace="kube-system"),
            "roles",
        ),
        (
            "no-anonymous-bindings",
            binding(f"ClusterRole/{PUBLIC}", "[{kind: Group, name: 'system:unauthenticated'}]", PUBLIC, SHIPPED),
            "clusterroles",
        ),
    ],
)
def test_a_default_role_whose_listing_was_refused_may_have_been_changed(control: str, one: Any, refused: str) -> None:
    finding = judge(control, one, refused=refused)
    assert (finding.status, finding.cause) == ("not-assessed", "forbidden")


@pytest.mark.parametrize(
    ("urls", "expected"),
    [
        ("[/version, /healthz]", "pass"),
        ("['/*']", "fail"),
        ("['*']", "fail"),
        ("[/metrics]", "fail"),
        ("[/logs]", "fail"),
    ],
)
def test_what_everybody_sees_is_what_kubernetes_shows(urls: str, expected: str) -> None:
    shown = role(PUBLIC, f"[{{nonResourceURLs: {urls}, verbs: [get]}}]", labels=SHIPPED)
    bound = binding(f"ClusterRole/{PUBLIC}", "[{kind: Group, name: 'system:unauthenticated'}]", PUBLIC, SHIPPED)
    assert judge("no-anonymous-bindings", shown, bound).status == expected


MANAGER = "system:kube-controller-manager"


@pytest.mark.parametrize(
    ("target", "name", "subjects", "expected"),
    [
        (MANAGER, MANAGER, f"[{{kind: User, name: '{MANAGER}'}}]", "pass"),
        (MANAGER, MANAGER, ANA, "fail"),
        ("admin", "system:mine", "[{kind: User, name: 'system:mine'}]", "fail"),
        ("edit", MANAGER, f"[{{kind: User, name: '{MANAGER}'}}]", "fail"),
    ],
)
def test_a_label_alone_makes_no_default_binding(target: str, name: str, subjects: str, expected: str) -> None:
    bound = binding(f"ClusterRole/{target}", subjects, name, SHIPPED)
    assert judge("least-privilege-secrets", bound).status == expected


DEFAULT = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default", "namespace": "shop"}}
ITSELF, ALL = "{kind: ServiceAccount, name: default, namespace: shop}", "{kind: Group, name: 'system:authenticated'}"


@pytest.mark.parametrize(
    ("subjects", "labels", "expected"),
    [
        (f"[{ALL}]", None, "pass"),
        (f"[{ALL}, {ITSELF}]", None, "fail"),
        (f"[{ITSELF}]", SHIPPED, "fail"),
        ("[{kind: User, name: 'system:serviceaccount:shop:default'}]", None, "fail"),
        ("[{kind: User, name: shop/default}]", None, "pass"),
        ("[{kind: Group, name: 'system:serviceaccounts'}]", SHIPPED, "pass"),
        ("[{kind: Group, name: 'system:serviceaccounts'}]", None, "fail"),
    ],
)
def test_what_is_bound_to_the_default_account(subjects: str, labels: Any, expected: str) -> None:
    bound = binding("ClusterRole/system:node-proxier", subjects, "system:node-proxier", labels)
    assert judge("default-service-account", DEFAULT, bound).status == expected
