"""Every recipe on a real API server: previewed, applied, verified, taken back; the object is then as it was."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from k8snb.remediation.patch import settled
from k8snb.remediation.plans import RECIPES
from tests.remediation.conftest import Planner
from tests.remediation.server import Raw, Server

PATIENCE = 60
RBAC = "/apis/rbac.authorization.k8s.io/v1"
RULES = [{"apiGroups": [""], "resources": ["pods", "secrets"], "verbs": ["get", "list", "create"]}]


def container(**fields: Any) -> Raw:
    return {"name": "app", "image": "registry.example.com/app:1.4.2", **fields}


def secured(**context: Any) -> Raw:
    return {
        "containers": [container(securityContext=context)],
        "initContainers": [{"name": "first", "image": "registry.example.com/app:1.4.2", "securityContext": context}],
    }


TEMPLATES: dict[str, Raw] = {
    "no-privileged-containers": secured(privileged=True),
    "no-privilege-escalation": secured(allowPrivilegeEscalation=True),
    "read-only-root-filesystem": secured(readOnlyRootFilesystem=False),
    "no-added-capabilities": secured(capabilities={"add": ["SYS_ADMIN", "CHOWN"], "drop": ["KILL"]}),
    "drop-all-capabilities": secured(capabilities={"add": ["NET_BIND_SERVICE", "SYS_TIME"], "drop": ["KILL"]}),
    "no-host-ports": {
        "containers": [container(ports=[{"containerPort": 80, "hostPort": 8080}, {"containerPort": 81}])]
    },
    "no-host-probes": {"containers": [container(livenessProbe={"httpGet": {"port": 80, "host": "198.51.100.1"}})]},
    "selinux-options": secured(seLinuxOptions={"type": "spc_t", "user": "system_u", "level": "s0"}),
    "run-as-non-root": secured(runAsUser=0) | {"securityContext": {"runAsUser": 0, "fsGroup": 7}},
    "run-as-non-root-group": {
        "containers": [container()],
        "securityContext": {"supplementalGroups": [0, 5], "fsGroup": 0},
    },
    "no-host-network": {"containers": [container()], "hostNetwork": True},
    "no-host-pid": {"containers": [container()], "hostPID": True},
    "no-host-ipc": {"containers": [container()], "hostIPC": True},
    "seccomp-profile": secured(seccompProfile={"type": "Unconfined"}),
    "apparmor-profile": secured(appArmorProfile={"type": "Unconfined"}),
    "safe-sysctls": {
        "containers": [container()],
        "securityContext": {"sysctls": [{"name": "kernel.msgmax", "value": "65536"}]},
    },
    "no-windows-host-process": {
        "containers": [container()],
        "os": {"name": "windows"},
        "hostNetwork": True,
        "securityContext": {"windowsOptions": {"hostProcess": True}},
    },
    "no-service-account-token": {"containers": [container()]},
    "image-digest": {"containers": [container()], "initContainers": [container() | {"name": "first"}]},
    "pinned-image-tag": {"containers": [container() | {"image": "registry.example.com/app"}]},
    "container-resource-limits": {"containers": [container(resources={"requests": {"cpu": "0.25"}})]},
}


def deployment(server: Server, namespace: str, spec: Raw) -> str:
    collection = f"/apis/apps/v1/namespaces/{namespace}/deployments"
    labels = {"app": "cart"}
    template = {"metadata": {"labels": labels, "annotations": {"kept": "yes"}}, "spec": spec}
    body = {
        "metadata": {"name": "cart"},
        "spec": {"replicas": 2, "selector": {"matchLabels": labels}, "template": template},
    }
    server.make(collection, body)
    server.until(lambda: server.get(f"{collection}/cart").get("status", {}).get("availableReplicas") == 2)
    return f"{collection}/cart"


def account(server: Server, namespace: str) -> list[str]:
    """Make a workload without running pods: those that run keep their token."""
    path = deployment(server, namespace, {"containers": [container()]})
    server.merge(path, {"spec": {"replicas": 0}})
    server.until(lambda: not server.get(f"/api/v1/namespaces/{namespace}/pods")["items"])
    return [f"/api/v1/namespaces/{namespace}/serviceaccounts/default"]


def same_again(before: Raw | None, after: Raw | None) -> bool:
    return _comparable(before) == _comparable(after)


def _comparable(raw: Raw | None) -> Any:
    return settled(deepcopy(raw))


def there(server: Server, path: str) -> Raw | None:
    status, found = server.client.ask("GET", path)
    return found if status == 200 else None


def round_trip(server: Server, planned: Planner, control: str, paths: list[str], **where: Any) -> None:
    """Preview, apply, verify and take back the fix of a control: the objects are then as they were."""
    before = [there(server, path) for path in paths]
    plan = planned(control, **where)[0]
    preview = plan.preview()
    assert preview.steps, plan.procedures
    assert not preview.obstacle
    assert [there(server, path) for path in paths] == before, "a preview changes nothing"
    assert {one.control for one in preview.difference.fixed} >= {control}
    plan.apply()
    assert plan.succeeded
    found = plan.verify(PATIENCE)
    assert found.holds, found
    for back in plan.roll_back():
        assert back.verify(PATIENCE).holds
    after = [there(server, path) for path in paths]
    assert all(map(same_again, before, after))


@pytest.mark.parametrize("control", TEMPLATES)
def test_a_field_of_a_pod_template(server: Server, namespace: str, planned: Planner, control: str) -> None:
    path = deployment(server, namespace, TEMPLATES[control])
    round_trip(server, planned, control, [path])


def service(**spec: Any) -> Callable[[Server, str], list[str]]:
    def make(server: Server, namespace: str) -> list[str]:
        collection = f"/api/v1/namespaces/{namespace}/services"
        server.make(collection, {"metadata": {"name": "cart"}, "spec": {"ports": [{"port": 80}], **spec}})
        return [f"{collection}/cart"]

    return make


def ingress(server: Server, namespace: str) -> list[str]:
    collection = f"/apis/networking.k8s.io/v1/namespaces/{namespace}/ingresses"
    backend = {"service": {"name": "cart", "port": {"number": 80}}}
    rules = [{"host": "shop.example.com", "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": backend}]}}]
    server.make(collection, {"metadata": {"name": "shop"}, "spec": {"rules": rules}})
    return [f"{collection}/shop"]


def labelled(server: Server, namespace: str) -> list[str]:
    path = f"/api/v1/namespaces/{namespace}"
    server.merge(path, {"metadata": {"labels": {"pod-security.kubernetes.io/enforce": "privileged"}}})
    deployment(server, namespace, secured(privileged=True))
    return [path]


def with_pods(*paths: str) -> Callable[[Server, str], list[str]]:
    def make(server: Server, namespace: str) -> list[str]:
        deployment(
            server, namespace, {"containers": [container(resources={"requests": {"cpu": "50m", "memory": "64Mi"}})]}
        )
        return [path.format(namespace) for path in paths]

    return make


def role(server: Server, namespace: str) -> list[str]:
    collection = f"{RBAC}/namespaces/{namespace}/roles"
    server.make(
        collection,
        {"metadata": {"name": "wide"}, "rules": [{"apiGroups": ["apps"], "resources": ["*"], "verbs": ["*"]}]},
    )
    return [f"{collection}/wide"]


def bound(role_ref: Raw, subjects: list[Raw], rules: list[Raw] | None = None) -> Callable[[Server, str], list[str]]:
    def make(server: Server, namespace: str) -> list[str]:
        roles, collection = f"{RBAC}/namespaces/{namespace}/roles", f"{RBAC}/namespaces/{namespace}/rolebindings"
        if rules:
            server.make(roles, {"metadata": {"name": "reader"}, "rules": rules})
        reference = {"apiGroup": "rbac.authorization.k8s.io", **role_ref}
        server.make(
            collection,
            {"metadata": {"name": "given", "labels": {"team": "a"}}, "roleRef": reference, "subjects": subjects},
        )
        return [f"{collection}/given", *([f"{roles}/reader"] if rules else [])]

    return make


USER = {"kind": "User", "name": "maria", "apiGroup": "rbac.authorization.k8s.io"}
ANONYMOUS = {"kind": "Group", "name": "system:unauthenticated", "apiGroup": "rbac.authorization.k8s.io"}
READER = {"kind": "Role", "name": "reader"}
POLICIES = "/apis/networking.k8s.io/v1/namespaces/{}/networkpolicies/"
OTHERS: list[tuple[str, str, Callable[[Server, str], list[str]]]] = [
    ("no-external-ips", "", service(externalIPs=["203.0.113.7"])),
    ("no-node-ports", "NodePort", service(type="NodePort")),
    ("no-node-ports", "LoadBalancer", service(type="LoadBalancer")),
    ("ingress-tls", "", ingress),
    ("pod-security-admission", "", labelled),
    ("limit-range", "", with_pods("/api/v1/namespaces/{}/limitranges/default-limits")),
    ("resource-quota", "", with_pods("/api/v1/namespaces/{}/resourcequotas/default-quota")),
    ("default-deny-ingress", "", with_pods(POLICIES + "default-deny-ingress")),
    ("default-deny-egress", "", with_pods(POLICIES + "allow-dns", POLICIES + "default-deny-egress")),
    ("pods-isolated", "", with_pods(*(f"{POLICIES}default-deny-{one}" for one in ("ingress", "egress")))),
    ("no-wildcard-roles", "", role),
    ("cluster-admin-bindings", "the only subject", bound({"kind": "ClusterRole", "name": "cluster-admin"}, [USER])),
    ("no-anonymous-bindings", "one of two", bound(READER, [USER, ANONYMOUS], RULES[:1])),
    ("dangling-bindings", "role", bound({"kind": "Role", "name": "gone"}, [USER])),
    ("dangling-bindings", "account", bound(READER, [USER, {"kind": "ServiceAccount", "name": "gone"}], RULES)),
    ("least-privilege-secrets", "", bound(READER, [USER], RULES)),
    ("default-service-account", "", account),
]


@pytest.mark.parametrize("case", OTHERS, ids=[f"{one[0]} {one[1]}".strip() for one in OTHERS])
def test_an_object_of_another_kind(
    server: Server, namespace: str, planned: Planner, case: tuple[str, str, Callable[[Server, str], list[str]]]
) -> None:
    control, _, make = case
    round_trip(server, planned, control, make(server, namespace))


REFUSED = "default-proc-mount"
"""The server takes no object that fails it; one from before can only be in a recording."""


def test_what_no_server_takes_needs_no_way_back(server: Server, namespace: str) -> None:
    pod = {"containers": [container(securityContext={"procMount": "Unmasked"})]}
    body = {"metadata": {"name": "cart"}, "spec": pod}
    status, told = server.client.ask("POST", f"/api/v1/namespaces/{namespace}/pods", body)
    assert status == 422
    assert "procMount" in str(told)


def test_every_recipe_is_tried_here() -> None:
    assert set(RECIPES) - {REFUSED} == {*TEMPLATES, *(one[0] for one in OTHERS)}
