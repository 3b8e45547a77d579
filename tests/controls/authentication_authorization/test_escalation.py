"""Chains of permissions: each kind of hop, its near misses, and what was not read."""

from typing import Any

import pytest

from .rbac_objects import RBAC, account, binding, connect, judge, pod, role, rule

CONTROL = "no-escalation-paths"
CERTIFICATES = "certificates.k8s.io"
ROOT = [
    role("root", rule("* *", "*")),
    binding("ClusterRole/root", "ServiceAccount/shop/owner", "Group/admins"),
    account("shop", "owner"),
]
MAKER = role("maker", rule("create pods"), namespace="shop")
RUNNING = pod("shop", "db-0", "owner")
APPROVE = [rule("update certificatesigningrequests/approval", CERTIFICATES)]
ASK = rule("create certificatesigningrequests", CERTIFICATES)


def signer(name: str) -> dict[str, Any]:
    return rule("approve signers", CERTIFICATES, name)


def local(*rules: dict[str, Any]) -> list[dict[str, Any]]:
    return [role("r", *rules, namespace="shop"), binding("Role/r", "User/ana", namespace="shop")]


def wide(*rules: dict[str, Any]) -> list[dict[str, Any]]:
    return [role("r", *rules), binding("ClusterRole/r", "User/ana")]


@pytest.mark.parametrize(
    "objects",
    [
        local(rule("create pods")),
        local(rule("patch cronjobs", "batch")),
        wide(rule("update deployments", "apps", "cart")),
        [*local(rule("create pods/exec")), RUNNING],
        [*local(rule("get pods/attach", names="db-0")), RUNNING],
        [*local(rule("patch pods/ephemeralcontainers")), RUNNING],
        [*local(rule("patch pods")), RUNNING],
        local(rule("create serviceaccounts/token", names="owner")),
        wide(rule("create serviceaccounts/token")),
        local(rule("impersonate serviceaccounts")),
        local(rule("create,list secrets")),
        [*wide(rule("get nodes/proxy")), RUNNING],
        [*wide(rule("create persistentvolumes"), rule("create pods")), RUNNING],
        wide(rule("patch mutatingwebhookconfigurations", "admissionregistration.k8s.io")),
        wide(rule("impersonate users")),
        wide(rule("impersonate users,groups")),
        wide(rule("impersonate users", names="bob"), rule("impersonate groups", names="admins")),
        wide(*APPROVE, ASK, signer("kubernetes.io/*")),
        wide(rule("bind clusterroles", RBAC), rule("create clusterrolebindings", RBAC)),
        wide(rule("bind clusterroles", RBAC, "cluster-admin"), rule("patch clusterrolebindings", RBAC)),
        local(rule("bind clusterroles", RBAC), rule("create rolebindings", RBAC)),
        local(rule("bind clusterroles", RBAC, "edit"), rule("create rolebindings", RBAC)),
        wide(rule("escalate,update clusterroles", RBAC)),
        wide(rule("escalate,patch clusterroles", RBAC, "r")),
        local(rule("escalate,update roles", RBAC)),
        [
            *local(rule("bind roles", RBAC, "maker"), rule("create rolebindings", RBAC)),
            role("maker", rule("create pods"), namespace="shop"),
        ],
        [binding("ClusterRole/edit", "User/ana", namespace="shop")],
    ],
)
def test_hops(objects: list[Any]) -> None:
    finding = judge(CONTROL, connect(*objects, *ROOT), "User/ana")
    assert (finding.status, finding.severity) == ("fail", "critical")
    assert finding.message.startswith("User ana may ")
    assert finding.message.endswith("-> cluster-admin")


@pytest.mark.parametrize(
    "objects",
    [
        local(rule("create pods", names="x")),
        local(rule("create pods/exec")),
        [*local(rule("create pods/exec", names="web-0")), RUNNING],
        [*local(rule("create pods/exec")), pod("shop", "db-0", "owner", automountServiceAccountToken=False)],
        [*local(rule("create pods/portforward")), RUNNING],
        local(rule("create serviceaccounts/token", names="cart")),
        local(rule("get secrets", names="db")),
        local(rule("create secrets")),
        [*local(rule("get nodes/proxy")), RUNNING],
        wide(rule("impersonate groups")),
        wide(rule("impersonate users", names="bob")),
        wide(*APPROVE, ASK),
        wide(*APPROVE, signer("kubernetes.io/*")),
        wide(*APPROVE, ASK, signer("kubernetes.io/kubelet-serving")),
        wide(rule("bind clusterroles", RBAC)),
        wide(rule("create clusterrolebindings", RBAC)),
        wide(rule("bind clusterroles", RBAC, "view"), rule("create clusterrolebindings", RBAC)),
        wide(rule("bind clusterroles", RBAC), rule("patch clusterrolebindings", RBAC, "view")),
        wide(rule("escalate clusterroles", RBAC)),
        wide(rule("escalate,update clusterroles", RBAC, "other")),
        wide(rule("update clusterroles", RBAC)),
        [binding("ClusterRole/view", "User/ana", namespace="shop")],
        [binding("ClusterRole/edit", "User/ana", namespace="blog")],
    ],
)
def test_near_misses(objects: list[Any]) -> None:
    assert judge(CONTROL, connect(*objects, *ROOT), "User/ana").status == "pass"


def test_a_long_chain_names_every_hop() -> None:
    objects = [
        role("makes", rule("create pods"), namespace="blog"),
        binding("Role/makes", "ServiceAccount/web/cart", namespace="blog"),
        role("issues", rule("create serviceaccounts/token")),
        binding("ClusterRole/issues", "ServiceAccount/blog/bot", namespace="shop", name="issues"),
        account("blog", "bot"),
    ]
    finding = judge(CONTROL, connect(*objects, *ROOT), "ServiceAccount/web/cart")
    assert [one.at for one in finding.evidence] == [
        "RoleBinding/blog/makes-blog",
        "RoleBinding/shop/issues",
        "ClusterRoleBinding/root-",
    ]
    assert [one.observed for one in finding.evidence] == [
        "ServiceAccount web/cart may create or change workloads in blog -> ServiceAccount blog/bot",
        "ServiceAccount blog/bot may issue tokens in shop -> ServiceAccount shop/owner",
        "ServiceAccount shop/owner may do everything everywhere -> cluster-admin",
    ]


@pytest.mark.parametrize(
    ("subject", "expected"),
    [("Group/system:masters", "not-applicable"), ("Group/admins", "fail"), ("Group/system:serviceaccounts", "fail")],
)
def test_who_is_asked_about(subject: str, expected: str) -> None:
    assert judge(CONTROL, connect(binding("ClusterRole/cluster-admin", subject)), subject).status == expected


def test_groups_count_for_the_accounts_in_them() -> None:
    group = binding("ClusterRole/cluster-admin", "Group/system:serviceaccounts:shop")
    reader = binding("ClusterRole/view", "ServiceAccount/shop/cart", "ServiceAccount/blog/cart")
    cluster = connect(group, reader)
    assert judge(CONTROL, cluster, "ServiceAccount/shop/cart").status == "fail"
    assert judge(CONTROL, cluster, "ServiceAccount/blog/cart").status == "pass"


@pytest.mark.parametrize(
    ("group", "expected"),
    [("system:serviceaccounts", "fail"), ("system:authenticated", "fail"), ("system:serviceaccounts:blog", "pass")],
)
def test_who_is_in_a_group_of_accounts_is_in_the_wider_ones(group: str, expected: str) -> None:
    objects = [binding("ClusterRole/cluster-admin", f"Group/{group}"), binding("ClusterRole/view", "Group/x", name="x")]
    cluster = connect(*objects, binding("ClusterRole/view", "Group/system:serviceaccounts:shop"))
    assert judge(CONTROL, cluster, "Group/system:serviceaccounts:shop").status == expected


def test_an_account_without_a_namespace_is_nobody() -> None:
    nobody = binding("ClusterRole/cluster-admin", "ServiceAccount/owner")
    objects = [nobody, *local(rule("create pods"))]
    assert judge(CONTROL, connect(*objects)).status == "pass"


SHIPPED = {"kubernetes.io/bootstrapping": "rbac-defaults"}
AGGREGATOR = "system:controller:clusterrole-aggregation-controller"
CONTROLLER = "ServiceAccount/kube-system/clusterrole-aggregation-controller"


@pytest.mark.parametrize(("there", "expected"), [(True, "fail"), (False, "pass")])
def test_an_account_that_kubernetes_names_in_advance_counts_where_it_exists(there: bool, expected: str) -> None:
    objects = [
        binding(f"ClusterRole/{AGGREGATOR}", CONTROLLER, name=AGGREGATOR, labels=SHIPPED),
        role("r", rule("create pods"), namespace="kube-system"),
        binding("Role/r", "User/ana", namespace="kube-system"),
        *([account("kube-system", "clusterrole-aggregation-controller")] if there else []),
    ]
    cluster = connect(*objects)
    assert judge(CONTROL, cluster, "User/ana").status == expected
    assert judge(CONTROL, cluster, CONTROLLER).status == "not-applicable"


@pytest.mark.parametrize(
    ("unread", "ana", "bob"),
    [
        (("clusterrolebindings", None), "not-assessed", "not-assessed"),
        (("rolebindings", "shop"), "not-assessed", "not-assessed"),
        (("rolebindings", "blog"), "pass", "pass"),
        (("pods", "shop"), "not-assessed", "pass"),
        (("pods", "blog"), "pass", "pass"),
        (("roles", "shop"), "pass", "pass"),
        (("serviceaccounts", "shop"), "pass", "pass"),
    ],
)
def test_what_was_not_read_leaves_open_those_whom_it_could_make_mighty(unread: Any, ana: str, bob: str) -> None:
    objects = [*ROOT, *local(rule("create pods/exec")), binding("ClusterRole/view", "User/bob", name="bob")]
    cluster = connect(*objects, account("blog", "default"), unread=unread)
    assert judge(CONTROL, cluster, "User/ana").status == ana
    assert judge(CONTROL, cluster, "User/bob").status == bob
    assert judge(CONTROL, cluster, "Group/admins").status == "fail"


@pytest.mark.parametrize(("namespace", "expected"), [("shop", "not-assessed"), ("blog", "pass"), ("", "not-assessed")])
def test_a_role_that_was_not_read_concerns_those_whom_it_is_bound_to(namespace: str, expected: str) -> None:
    kind = "Role/gone" if namespace else "ClusterRole/gone"
    objects = [*ROOT, binding(kind, "User/ana", namespace=namespace, name="b"), binding("ClusterRole/view", "User/bob")]
    cluster = connect(*objects, unread=("roles" if namespace else "clusterroles", None))
    assert judge(CONTROL, cluster, "User/ana").status == expected


@pytest.mark.parametrize(("version", "expected"), [("v1.23.17", "fail"), ("v1.24.0", "not-assessed")])
def test_reading_secrets_gives_tokens_where_these_lie_there(version: str, expected: str) -> None:
    import yaml

    from k8snb.controls.model import Example
    from k8snb.inventory.cluster import load
    from k8snb.sources.objects import example

    objects = yaml.safe_dump_all([*ROOT, *local(rule("list secrets"))])
    cluster = load(example(Example(objects).objects, {"version": {"gitVersion": version}}))
    finding = judge(CONTROL, cluster, "User/ana")
    assert finding.status == expected
    assert "Secrets" in finding.message


def test_a_run_limited_to_a_namespace_still_sees_the_chains_through_others() -> None:
    objects = [
        *ROOT,
        role("r", rule("create pods/exec"), namespace="shop"),
        binding("Role/r", "ServiceAccount/blog/cart", namespace="shop"),
        RUNNING,
        account("blog", "cart"),
    ]
    cluster = connect(*objects).limited(["blog"])
    assert judge(CONTROL, cluster).status == "fail"
