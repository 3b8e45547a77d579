"""Roles and bindings: what they grant, to whom, and what Kubernetes ships itself."""

from typing import Any

import pytest
import yaml

import k8snb
from k8snb.assessment.result import Finding

API = "rbac.authorization.k8s.io/v1"
SHIPPED = {"kubernetes.io/bootstrapping": "rbac-defaults"}
CART = "[{kind: ServiceAccount, name: cart, namespace: shop}]"


def role(name: str, rules: str, kind: str = "ClusterRole", **further: Any) -> dict[str, Any]:
    metadata = {"name": name, "namespace": "shop" if kind == "Role" else None, "labels": further.pop("labels", None)}
    return {"apiVersion": API, "kind": kind, "metadata": metadata, "rules": yaml.safe_load(rules), **further}


def binding(
    target: str, subjects: str = CART, kind: str = "ClusterRoleBinding", name: str = "b", labels: Any = None
) -> dict[str, Any]:
    role_kind, _, role_name = target.partition("/")
    metadata = {"name": name, "namespace": "shop" if kind == "RoleBinding" else None, "labels": labels}
    return {
        "apiVersion": API,
        "kind": kind,
        "metadata": metadata,
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": role_kind, "name": role_name},
        "subjects": yaml.safe_load(subjects),
    }


def account(name: str, namespace: str = "shop", **fields: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name, "namespace": namespace}, **fields}


def judge(control: str, *objects: dict[str, Any], complete: bool = True) -> Finding:
    cluster = k8snb.connect(objects=list(objects), complete=complete)
    (finding,) = k8snb.assess(cluster, controls=[control], all=True)
    return finding


def rule(resources: str, verbs: str, group: str = "", **further: str) -> str:
    more = "".join(f", {key}: {value}" for key, value in further.items())
    return f"[{{apiGroups: ['{group}'], resources: [{resources}], verbs: [{verbs}]{more}}}]"


def group(*names: str) -> str:
    return f"[{', '.join(f'{{kind: Group, name: {name!r}}}' for name in names)}]"


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (rule("pods", "get, list"), "pass"),
        (rule("'*'", "get"), "fail"),
        (rule("pods", "'*'"), "fail"),
        (rule("'*/scale'", "get"), "fail"),
        (rule("pods", "get", "*"), "pass"),
        ("[{nonResourceURLs: ['/metrics'], verbs: ['*']}]", "fail"),
        ("[]", "pass"),
        ("null", "pass"),
    ],
)
@pytest.mark.parametrize("kind", ["Role", "ClusterRole"])
def test_wildcards(kind: str, rules: str, expected: str) -> None:
    assert judge("no-wildcard-roles", role("mine", rules, kind)).status == expected


EVERYTHING = "[{apiGroups: ['*'], resources: ['*'], verbs: ['*']}]"


@pytest.mark.parametrize(
    ("name", "rules", "expected"),
    [
        ("cluster-admin", EVERYTHING, "pass"),
        ("system:controller:namespace-controller", rule("'*'", "get, list, delete", "*"), "pass"),
        ("system:controller:namespace-controller", rule("'*'", "create", "*"), "fail"),
        ("system:kubelet-api-admin", rule("nodes/proxy, nodes/log", "'*'"), "pass"),
        ("system:aggregate-to-view", rule("pods", "get"), "pass"),
        ("system:aggregate-to-view", rule("secrets", "get, list"), "fail"),
        ("system:discovery", rule("pods/exec", "create"), "fail"),
        ("system:of-the-future", rule("'*'", "get"), "not-assessed"),
        ("mine", EVERYTHING, "fail"),
    ],
)
def test_a_default_role_is_told_apart_until_it_is_changed(name: str, rules: str, expected: str) -> None:
    finding = judge("no-wildcard-roles", role(name, rules, labels=SHIPPED))
    assert finding.status == expected
    assert judge("no-wildcard-roles", role(f"x-{name}", EVERYTHING, labels=SHIPPED)).status == "fail"


@pytest.mark.parametrize(
    ("objects", "status", "severity"),
    [
        ([binding("ClusterRole/cluster-admin")], "fail", "critical"),
        ([binding("ClusterRole/cluster-admin", kind="RoleBinding")], "fail", "high"),
        ([binding("ClusterRole/cluster-admin", group("system:masters"))], "pass", "critical"),
        ([binding("ClusterRole/cluster-admin", group("system:masters", "admins"))], "fail", "critical"),
        ([binding("ClusterRole/cluster-admin", "[]")], "pass", "critical"),
        ([binding("ClusterRole/cluster-admin", "null")], "pass", "critical"),
        ([binding("ClusterRole/view")], "pass", "critical"),
        ([binding("ClusterRole/gone")], "pass", "critical"),
        ([role("root", EVERYTHING), binding("ClusterRole/root")], "fail", "critical"),
        ([role("root", rule("'*'", "'*'")), binding("ClusterRole/root")], "pass", "critical"),
    ],
)
def test_cluster_admin_bindings(objects: list[Any], status: str, severity: str) -> None:
    cluster = k8snb.connect(objects=objects)
    (finding,) = k8snb.assess(cluster, controls=["cluster-admin-bindings"], all=True)
    assert (finding.status, finding.severity) == (status, severity)


AGGREGATED = {"clusterRoleSelectors": [{"matchLabels": {"team": "a"}}]}


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (rule("secrets", "get"), "fail"),
        (rule("secrets", "list"), "fail"),
        (rule("secrets", "watch"), "fail"),
        (rule("secrets", "'*'"), "fail"),
        (rule("'*'", "get"), "fail"),
        (rule("secrets", "get", "*"), "fail"),
        (rule("secrets", "get", "apps"), "pass"),
        (rule("secrets", "create, update, delete"), "pass"),
        (rule("secrets", "get", resourceNames="[db]"), "pass"),
        (rule("secrets", "get", resourceNames="[]"), "fail"),
        (rule("pods", "get"), "pass"),
        (rule("pods, secrets/status", "get"), "pass"),
    ],
)
@pytest.mark.parametrize("aggregated", [False, True])
def test_reading_secrets(rules: str, expected: str, aggregated: bool) -> None:
    parts = [role("part", rules, labels={"team": "a"}), role("whole", "[]", aggregationRule=AGGREGATED)]
    objects = [*parts, binding("ClusterRole/whole")] if aggregated else [parts[0], binding("ClusterRole/part")]
    assert judge("least-privilege-secrets", *objects).status == expected


@pytest.mark.parametrize(
    ("one", "whole", "part"),
    [
        (binding("ClusterRole/admin"), "fail", "fail"),
        (binding("ClusterRole/edit", kind="RoleBinding"), "fail", "fail"),
        (binding("ClusterRole/view"), "pass", "pass"),
        (binding("ClusterRole/other"), "pass", "not-assessed"),
        (binding("Role/other", kind="RoleBinding"), "pass", "not-assessed"),
        (binding("ClusterRole/edit", "[]"), "not-applicable", "not-applicable"),
        (binding("ClusterRole/edit", group("system:masters"), name="system:x", labels=SHIPPED), "fail", "fail"),
        (binding("ClusterRole/edit", group("system:nodes"), name="system:x"), "fail", "fail"),
        (binding("ClusterRole/edit", group("system:authenticated"), name="system:x", labels=SHIPPED), "fail", "fail"),
        (binding("ClusterRole/edit", CART, name="system:x", labels=SHIPPED), "fail", "fail"),
    ],
)
def test_roles_that_were_not_read(one: dict[str, Any], whole: str, part: str) -> None:
    assert judge("least-privilege-secrets", one).status == whole
    assert judge("least-privilege-secrets", one, complete=False).status == part


def test_a_role_that_feeds_view_counts_for_view() -> None:
    feeding = role("more", rule("secrets", "list"), labels={"rbac.authorization.k8s.io/aggregate-to-view": "true"})
    assert judge("least-privilege-secrets", feeding, binding("ClusterRole/view")).status == "fail"
    assert judge("least-privilege-secrets", feeding, binding("ClusterRole/edit")).status == "fail"


INFO, DISCOVERY = "system:public-info-viewer", "system:discovery"
EVERYBODY = group("system:authenticated", "system:unauthenticated")


@pytest.mark.parametrize(
    ("one", "status"),
    [
        (binding("ClusterRole/view", group("system:unauthenticated")), "fail"),
        (binding("ClusterRole/view", group("system:authenticated"), "RoleBinding"), "fail"),
        (binding("ClusterRole/view", "[{kind: User, name: 'system:anonymous'}]"), "fail"),
        (binding("ClusterRole/view", group("staff")), "pass"),
        (binding("ClusterRole/view", "null"), "pass"),
        (binding(f"ClusterRole/{INFO}", EVERYBODY, name=INFO, labels=SHIPPED), "pass"),
        (binding(f"ClusterRole/{INFO}", EVERYBODY, name=INFO), "fail"),
        (binding("ClusterRole/view", EVERYBODY, name=INFO, labels=SHIPPED), "fail"),
        (binding(f"ClusterRole/{DISCOVERY}", group("system:authenticated"), name=DISCOVERY, labels=SHIPPED), "pass"),
        (binding(f"ClusterRole/{DISCOVERY}", EVERYBODY, name=DISCOVERY, labels=SHIPPED), "fail"),
    ],
)
def test_anonymous_bindings(one: dict[str, Any], status: str) -> None:
    assert judge("no-anonymous-bindings", one).status == status


def test_a_public_role_that_was_changed_fails_its_default_binding() -> None:
    one = binding(f"ClusterRole/{INFO}", EVERYBODY, name=INFO, labels=SHIPPED)
    assert (
        judge("no-anonymous-bindings", one, role(INFO, "[{nonResourceURLs: [/livez], verbs: [get]}]")).status == "pass"
    )
    for rules in (rule("pods", "get"), "[{nonResourceURLs: ['*'], verbs: [get]}]", rule("secrets", "create")):
        assert judge("no-anonymous-bindings", one, role(INFO, rules)).status == "fail"


READER = role("reader", rule("pods", "get"))


@pytest.mark.parametrize(
    ("objects", "whole", "part"),
    [
        ([READER, binding("ClusterRole/reader"), account("cart")], "pass", "pass"),
        ([READER, binding("ClusterRole/reader")], "fail", "not-assessed"),
        ([binding("ClusterRole/reader"), account("cart")], "fail", "not-assessed"),
        ([binding("ClusterRole/view"), account("cart")], "pass", "pass"),
        ([READER, binding("ClusterRole/reader", group("team"))], "pass", "pass"),
        ([READER, binding("ClusterRole/reader", "[]")], "fail", "fail"),
        (
            [READER, binding("ClusterRole/reader", "[{kind: ServiceAccount, name: cart}]"), account("cart")],
            "fail",
            "fail",
        ),
        (
            [
                READER,
                binding("ClusterRole/reader", "[{kind: ServiceAccount, name: cart}]", "RoleBinding"),
                account("cart"),
            ],
            "pass",
            "pass",
        ),
        ([binding("Role/reader", kind="RoleBinding"), READER, account("cart")], "fail", "not-assessed"),
    ],
)
def test_dangling_bindings(objects: list[Any], whole: str, part: str) -> None:
    assert judge("dangling-bindings", *objects).status == whole
    assert judge("dangling-bindings", *objects, complete=False).status == part


def pod(**spec: Any) -> dict[str, Any]:
    metadata = {"name": "cart", "namespace": "shop"}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {"containers": [{"name": "c"}], **spec}}


def mirror() -> dict[str, Any]:
    one = pod()
    one["metadata"]["annotations"] = {"kubernetes.io/config.mirror": "a1b2"}
    one["metadata"]["ownerReferences"] = [{"apiVersion": "v1", "kind": "Node", "name": "n", "controller": True}]
    return one


DEFAULT, OFF = account("default"), account("default", automountServiceAccountToken=False)
TOKEN = [{"name": "t", "projected": {"sources": [{"serviceAccountToken": {"path": "token"}}]}}]


@pytest.mark.parametrize(
    ("objects", "status"),
    [
        ([DEFAULT], "pass"),
        ([account("cart")], "not-applicable"),
        ([DEFAULT, pod()], "fail"),
        ([DEFAULT, pod(serviceAccountName="cart")], "pass"),
        ([DEFAULT, pod(automountServiceAccountToken=False)], "pass"),
        ([OFF, pod()], "pass"),
        ([OFF, pod(automountServiceAccountToken=True)], "fail"),
        ([OFF, pod(volumes=TOKEN)], "fail"),
        ([DEFAULT, mirror()], "pass"),
        ([OFF, binding("ClusterRole/view", "[{kind: ServiceAccount, name: default, namespace: shop}]")], "fail"),
        ([OFF, binding("ClusterRole/view", "[{kind: ServiceAccount, name: default, namespace: blog}]")], "pass"),
        ([OFF, binding("ClusterRole/view", group("system:serviceaccounts:shop"))], "fail"),
    ],
)
def test_the_default_account(objects: list[Any], status: str) -> None:
    assert judge("default-service-account", *objects).status == status


def test_in_a_part_of_a_cluster_the_default_account_may_be_used_elsewhere() -> None:
    assert judge("default-service-account", DEFAULT, complete=False).status == "not-assessed"
    assert judge("default-service-account", DEFAULT, pod(), complete=False).status == "fail"


@pytest.mark.parametrize(
    ("objects", "status"),
    [
        ([pod()], "fail"),
        ([account("cart"), pod()], "fail"),
        ([pod(automountServiceAccountToken=False)], "not-assessed"),
        ([account("cart"), pod(serviceAccountName="cart")], "not-applicable"),
    ],
)
def test_manifests_need_not_hold_the_default_account_that_every_namespace_has(objects: list[Any], status: str) -> None:
    cluster = k8snb.connect(objects=objects, complete=False)
    result = k8snb.assess(cluster, controls=["default-service-account"], all=True)
    assert result["default-service-account"].result.status == status
    assert all("which was not collected" in one.message for one in result.findings(status="fail"))
